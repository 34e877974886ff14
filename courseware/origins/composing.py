"""Passages of a text become clips: cards of a few short lines, pictures with captions; and a script. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from courseware.errors import Problem, text
from courseware.lessons.clipping.clip_file import MOST_CLIPS, as_sentence
from courseware.origins.passages import Passage

# What is read in one look: a card is calm with so many lines, a line with so many characters.
MOST_LINES, MOST_ON_CARD, _LONG_LINE, _LONGEST_LINE = 5, 90, 30, 56
_SENTENCE = re.compile(r"[^。！？!?；;]*[。！？!?；;]+[”’」』）)》]*|[^。！？!?；;]+$")
_UNCUT = re.compile(r"[\w.%°/-]", re.ASCII)  # letters, figures and what stands within a word or a number
_CLAUSE = re.compile(r"[^，,：:]*[，,：:]+|[^，,：:]+$")

ClipValues = dict[str, Any]


def compose(passages: Sequence[Passage], title: str) -> list[ClipValues]:
    """The clips of a text, as lesson.toml has them; what stands before the first heading is headed by the title."""
    clips: list[ClipValues] = []
    for heading, group in groupby(passages, key=lambda passage: passage.heading):
        clips += _section(heading or title, list(group))
    return clips


def too_many(clips: Sequence[ClipValues], where: str) -> Iterator[Problem]:
    """Why so long a text is no lesson."""
    if len(clips) > MOST_CLIPS:
        what = text(
            "would become {count} clips; at most {limit}: make several lessons of it",
            count=len(clips),
            limit=MOST_CLIPS,
        )
        yield Problem(where, what)
    if not clips:
        yield Problem(where, text("there are no words in it and no pictures; write what the lesson says"))


def script_of(passages: Sequence[Passage], title: str) -> str:
    """The text as a script, for the leaflet and for whoever times it to a recording."""
    parts = [f"# {title}"]
    for heading, group in groupby(passages, key=lambda passage: passage.heading):
        parts += [f"## {heading}"] if heading else []
        words = [passage for passage in group if passage.text and not passage.alone]
        for numbered, points in groupby(words, key=lambda passage: bool(passage.label)):
            lines = [f"{passage.label} {passage.text}".strip() for passage in points]
            parts.append("\n".join(lines) if numbered else "\n\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _section(heading: str, passages: Sequence[Passage]) -> Iterator[ClipValues]:
    """Words on cards, figures between them where they stand."""
    words: list[Passage] = []
    for passage in passages:
        if passage.alone or (passage.picture and any(one.text for one in words)):
            yield from _cards(heading, words)
            words = []
        if passage.alone:
            yield _figure(passage)
        else:
            words.append(passage)
    yield from _cards(heading, words)


def _figure(passage: Passage) -> ClipValues:
    """A picture that fills the screen; of a long caption only the beginning is printed, and all of it said."""
    clip: ClipValues = {"source": passage.picture}
    if passage.text:
        caption = next(_joined(_pieces(passage.text), _LONGEST_LINE))
        clip |= {"caption": caption, "says": as_sentence(passage.text)}
    return clip


def _cards(heading: str, passages: Sequence[Passage]) -> Iterator[ClipValues]:
    """One card, or several of about the same length under one heading."""
    if not passages:
        return
    picture = next((passage.picture for passage in passages if passage.picture), "")
    lines = [line for passage in passages if passage.text for line in _lines(passage)]
    for part in _evenly(lines) or [[]]:
        card: ClipValues = {"card": heading}
        if part:
            card["lines"] = part
        if picture:
            card["picture"] = picture
        yield card


def _lines(passage: Passage) -> Iterator[str]:
    """A passage in lines that are read at a glance, cut at the ends of sentences, else of clauses."""
    label = f"{passage.label} " if passage.label else ""
    for line in _joined(_pieces(passage.text), _LONG_LINE):
        yield label + line
        label = ""


def _pieces(words: str) -> Iterator[str]:
    """Sentences; of long ones the clauses, of long clauses what fits in a line."""
    for sentence in _SENTENCE.findall(words):
        clauses = _CLAUSE.findall(sentence) if len(sentence) > _LONGEST_LINE else (sentence,)
        for clause in clauses:
            yield from _shares(clause)


def _shares(clause: str) -> Iterator[str]:
    """What fits in a line, and the rest; a Latin word or a number is not cut that begins in the second half."""
    while len(clause) > _LONGEST_LINE:
        end = _LONGEST_LINE
        while end > _LONGEST_LINE // 2 and _UNCUT.match(clause[end - 1]) and _UNCUT.match(clause[end]):
            end -= 1
        end = end if end > _LONGEST_LINE // 2 else _LONGEST_LINE
        yield clause[:end]
        clause = clause[end:]
    yield clause


def _joined(pieces: Iterable[str], most: int) -> Iterator[str]:
    """Pieces put together as long as they stay within so many characters."""
    line = ""
    for piece in filter(str.strip, pieces):
        if line and len(line) + len(piece) > most:
            yield line.strip()
            line = ""
        line += piece
    if line.strip():
        yield line.strip()


def _evenly(lines: Sequence[str]) -> list[list[str]]:
    """The lines in groups that each fit on a card, as even as whole lines allow."""
    cards = max(-(-sum(map(len, lines)) // MOST_ON_CARD), -(-len(lines) // MOST_LINES))
    share = sum(map(len, lines)) / max(1, cards)
    groups: list[list[str]] = []
    for line in lines:
        held = sum(map(len, groups[-1])) if groups else 0
        full = not groups or len(groups[-1]) == MOST_LINES or held + len(line) / 2 > share
        if full or held + len(line) > MOST_ON_CARD:
            groups.append([])
        groups[-1].append(line)
    return groups
