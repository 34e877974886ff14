"""Subtitle files (SRT, WebVTT, ASS, SSA, TTML, BCC, LRC, timed text, transcripts) as cues, and cues as files.

What is damaged is repaired or left out, and said; only a file without any usable cue is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from courseware.encodings import LARGEST_FILE, decoded, encoded, read_bytes
from courseware.errors import InputError, Problem, Text, text
from courseware.files import replacing
from courseware.subtitles.cue import Cue
from courseware.subtitles.entry import FileCue
from courseware.subtitles.formats import FORMATS, format_named, format_of
from courseware.subtitles.repair import Placed, in_turn, placed_cues
from courseware.subtitles.telemetry import no_reader
from courseware.text_bytes import mended, odd_lines, told_lines

__all__ = [
    "LARGEST_FILE",
    "NoSubtitlesError",
    "Placed",
    "Subtitles",
    "load_cues",
    "load_shown",
    "load_subtitles",
    "why_not_shown",
    "write_cues",
]


_BEGINNING = 50_000  # bytes, some hundred texts


class NoSubtitlesError(InputError):
    """A file with times and texts that no person is to read, e.g. a drone's telemetry."""


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


def load_shown(path: Path) -> tuple[tuple[Cue, ...], tuple[Problem, ...]]:
    """The cues of a lesson, as `load_cues` reads them; of what is for no reader there are none, and one problem.

    Raises:
        InputError: missing, unreadable, too large, not subtitles, or none of them usable.
    """
    try:
        return load_cues(path)
    except NoSubtitlesError as error:
        return (), error.problems


def why_not_shown(path: Path) -> tuple[Problem, ...]:
    """Why this is for no reader, e.g. a drone's telemetry; nothing for subtitles and for what cannot be read.

    Its beginning tells: half an hour of a flight is larger than any subtitle file.
    """
    try:
        with path.open("rb") as stream:
            content, _ = decoded(stream.read(_BEGINNING), path.name)
    except (OSError, InputError):
        return ()
    name = format_of(content, path.name)
    entries = FORMATS[name].parse(content) if name else ()
    useless = no_reader([one for one in entries if isinstance(one, FileCue) and one.text])
    return (Problem(path.name, useless),) if useless else ()


def load_subtitles(path: Path, *, mend: bool = False) -> Subtitles:
    """Read a subtitle file as it is: cues that overlap stay so.

    Args:
        mend: lines in another encoding than the rest are read by theirs, which is a problem, no error.

    Raises:
        NoSubtitlesError: they are for no reader.
        InputError: missing, unreadable, too large, not subtitles, or none of them usable.
    """
    useless = why_not_shown(path)
    if useless:
        raise NoSubtitlesError(*useless)
    data, mixed = _in_one_encoding(read_bytes(path), path.name, mend=mend)
    content, encoding = decoded(data, path.name)
    name = format_of(content, path.name)
    if name is None:
        what = text("no subtitle times were found; choose an SRT, ASS or VTT file")
        raise InputError(Problem(path.name, what))
    problems: list[Text] = []
    placed = tuple(placed_cues(FORMATS[name].parse(content), problems))
    named = (*mixed, *(Problem(path.name, what) for what in problems))
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


def _in_one_encoding(data: bytes, name: str, *, mend: bool) -> tuple[bytes, tuple[Problem, ...]]:
    odd = odd_lines(data)
    if not odd:
        return data, ()
    if mend:
        what = text("GBK in line {lines}, UTF-8 in the others; each was read as it is written", lines=told_lines(odd))
        return mended(data), (Problem(name, what),)
    what = text(
        "GBK in line {lines}, UTF-8 in the others; “yuanjiao subtitle check {name} --fix” mends it",
        lines=told_lines(odd),
        name=name,
    )
    raise InputError(Problem(name, what))
