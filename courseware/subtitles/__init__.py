"""Subtitle files (SRT, WebVTT, ASS, SSA, TTML, LRC, timed text) as cues, and cues as files.

What is damaged is repaired or left out, and said; only a file without any usable cue is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from courseware.cue import Cue
from courseware.errors import InputError, Problem, Text, text
from courseware.files import replacing
from courseware.subtitles.encodings import LARGEST_FILE, decoded, encoded, read_bytes
from courseware.subtitles.formats import FORMATS, format_named, format_of
from courseware.subtitles.repair import Placed, in_turn, placed_cues

__all__ = ["LARGEST_FILE", "Placed", "Subtitles", "load_cues", "load_subtitles", "write_cues"]


@dataclass(frozen=True, slots=True)
class Subtitles:
    """A file as it was read.

    Attributes:
        format: a name in FORMATS.
        encoding: as Python calls it.
        placed: the cues in order of time; they may overlap.
        problems: one for each place that was repaired or left out.
    """

    format: str
    encoding: str
    placed: tuple[Placed, ...]
    problems: tuple[Problem, ...]

    @property
    def cues(self) -> tuple[Cue, ...]:
        """Without their places in the file."""
        return tuple(one.cue for one in self.placed)


def load_cues(path: Path) -> tuple[tuple[Cue, ...], tuple[Problem, ...]]:
    """Read a subtitle file, as cues in order of time, never two at once. What it holds decides its format.

    The encoding is found by BOM, then UTF-8, GB18030, Big5. Cues that share a span become one with the Chinese above.

    Returns:
        The cues, and one problem for each that was repaired or left out.

    Raises:
        InputError: missing, unreadable, too large, not subtitles, or none of them usable.
    """
    read = load_subtitles(path)
    overlaps: list[Text] = []
    cues = tuple(in_turn(read.placed, overlaps))
    return cues, (*read.problems, *(Problem(path.name, what) for what in overlaps))


def load_subtitles(path: Path) -> Subtitles:
    """Read a subtitle file as it is: cues that overlap stay so.

    Raises:
        InputError: missing, unreadable, too large, not subtitles, or none of them usable.
    """
    content, encoding = decoded(read_bytes(path), path.name)
    name = format_of(content, path.name)
    if name is None:
        what = text("no subtitle times were found; choose an SRT, ASS or VTT file")
        raise InputError(Problem(path.name, what))
    problems: list[Text] = []
    placed = tuple(placed_cues(FORMATS[name].parse(content), problems))
    named = tuple(Problem(path.name, what) for what in problems)
    if not placed:
        raise InputError(*named, Problem(path.name, text("there is no usable subtitle in this file")))
    return Subtitles(name, encoding, placed, named)


def write_cues(cues: Sequence[Cue], target: Path, encoding: str = "utf-8", format_name: str = "") -> None:
    """Write a subtitle file, all or nothing.

    Args:
        cues: in order of time.
        encoding: as Python calls it.
        format_name: in FORMATS; else the suffix decides.

    Raises:
        InputError: no format has the suffix, or the encoding lacks a character.
    """
    data = encoded(FORMATS[format_name or format_named(target)].dump(cues), encoding, target.name)
    with replacing(target) as scratch:
        scratch.write_bytes(data)
