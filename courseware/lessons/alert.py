"""An emergency notice (紧急通知) as its writer gives it; what it may say. Knows neither venues nor videos."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from courseware.errors import InputError, Problem, Text, text
from courseware.validate import Complaint, one_line

TITLE = "紧急通知"
LONGEST_TITLE, LONGEST_CONTENT = 20, 500  # characters; more nobody reads standing
VIDEO_MAKER = "yuanjiao.alert-videos"
"""Where in click's `meta` cli.py hands over what makes the videos of an alert; see make_alert_videos there."""


@dataclass(frozen=True, slots=True)
class Alert:
    """What is shown and heard.

    Attributes:
        title: on the band above the words.
        content: paragraphs, divided by line feeds.
        signature: who says it, “　”, and when.
        voice: a recording in which it is read out; None for a chime alone.
    """

    title: str
    content: str
    signature: str
    voice: Path | None = None


def checked_words(title: str, content: str) -> tuple[str, str]:
    """Title and paragraphs without blanks around them, fit to be printed.

    Raises:
        InputError: empty, too long, or with characters that no line may hold; all problems at once.
    """
    problems: list[Problem] = []
    lines = re.split(r"\r\n?|\n", content.expandtabs(2))
    heading = _printed([title], LONGEST_TITLE, "--title", problems)
    words = _printed(lines, LONGEST_CONTENT, "TEXT", problems)
    if problems:
        raise InputError(*problems)
    return heading, words


def _printed(lines: Sequence[str], most: int, where: str, problems: list[Problem]) -> str:
    """The lines that are not blank."""
    try:
        said = "\n".join(filter(None, map(one_line, lines)))
    except Complaint:
        problems.append(Problem(where, text("must not hold control characters")))
        return ""
    if what := _wrong_length(said, most):
        problems.append(Problem(where, what))
    return said


def _wrong_length(said: str, most: int) -> Text | None:
    if not any(ch.isprintable() and not ch.isspace() for ch in said):
        return text("must not be empty")
    if len(said) > most:
        return text("has {count} characters; write at most {most}", count=len(said), most=most)
    return None
