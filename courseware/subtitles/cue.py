"""One subtitle. Knows no file format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from courseware.times import Span

Place = Literal["bottom", "top"]


class SungFrom(NamedTuple):
    """From when on a part of a lyric is sung: so many letters (without blanks) of the cue come before it."""

    letters: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class Cue:
    """Plain text shown during span; lines are separated by a newline, never blank.

    Attributes:
        speaker: who says it, when the file tells; not part of the text.
        sung: from when on its words are sung, in order; empty when only the whole is timed.
        second: how many of its last lines are in a second language, from a file of its own.
        place: "top" where the file asks for it, e.g. because the picture has writing of its own below.
    """

    span: Span
    text: str
    speaker: str = ""
    place: Place = "bottom"
    sung: tuple[SungFrom, ...] = ()
    second: int = 0

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError("a cue must have text")


def letters_in(said: str) -> int:
    """How many letters and marks, blanks and line breaks not counted: these come and go with the screen."""
    return len("".join(said.split()))


def labels(cues: Sequence[Cue], least: int = 1) -> tuple[str, ...]:
    """What stands before each cue's text, e.g. "老王：": the speaker, where another one begins to speak.

    Args:
        least: with fewer speakers none is named.
    """
    named = len({cue.speaker for cue in cues if cue.speaker}) >= least
    said, before = [], ""
    for cue in cues:
        label = f"{cue.speaker}：" if named and cue.speaker and cue.speaker != before else ""
        said.append("" if label and cue.text.replace(":", "：").startswith(label) else label)
        before = cue.speaker
    return tuple(said)
