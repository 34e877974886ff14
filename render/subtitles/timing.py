"""Writes subtitle files with other times: moved, stretched, several made one, one divided."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from courseware.errors import InputError, Problem, text
from courseware.storage.outputs import refuse_clashes, refuse_existing
from courseware.subtitles import load_subtitles, write_cues
from courseware.subtitles.cue import Cue
from courseware.subtitles.formats import format_named
from courseware.subtitles.moving import TimeMap, divided_at, joined_at, moved, through_points
from courseware.times import clock, parse_shift
from render.subtitles.convert import Converted, losses


def shift(source: Path, target: Path, by_ms: int, *, force: bool) -> Converted:
    """Write subtitles that come `by_ms` later, or earlier when it is negative; what is before the start is left out.

    Raises:
        InputError: the source cannot be read, nothing would be left, the suffix is unknown, or the target exists and
            `force` is not given.
    """
    return retime(source, target, TimeMap(offset_ms=Fraction(by_ms)), force=force)


def retime(source: Path, target: Path, by: TimeMap, *, force: bool) -> Converted:
    """Write subtitles with their times mapped; what is before the start is left out.

    Raises:
        InputError: as shift.
    """
    _refuse([target], [source], force=force)
    read = load_subtitles(source)
    cues = moved(read.cues, by)
    if not cues:
        what = text("all subtitles would be before the start; write a shorter time after --by")
        raise InputError(Problem(source.name, what))
    return _written(cues, target, read.problems, left_out=len(read.cues) - len(cues))


def merge(sources: Sequence[tuple[Path, int]], target: Path, *, force: bool) -> Converted:
    """Write several files as one.

    Args:
        sources: each with the moment at which its time 0 is in the whole, in milliseconds.

    Raises:
        InputError: as shift.
    """
    _refuse([target], [path for path, _ in sources], force=force)
    read = [(at_ms, load_subtitles(path)) for path, at_ms in sources]
    cues = joined_at([(at_ms, one.cues) for at_ms, one in read])
    problems = tuple(problem for _, one in read for problem in one.problems)
    return _written(cues, target, problems, left_out=sum(len(one.cues) for _, one in read) - len(cues))


def split(source: Path, borders_ms: Sequence[int], targets: Sequence[Path], *, force: bool) -> tuple[Converted, ...]:
    """Write a file as several, each counted from its own beginning.

    Args:
        borders_ms: one fewer than targets.

    Raises:
        InputError: as shift; or the borders do not rise, a part would be empty, or they do not fit the targets.
    """
    if len(targets) != len(borders_ms) + 1:
        counts = {"borders": len(borders_ms), "parts": len(borders_ms) + 1, "files": len(targets)}
        what = text(
            "{borders} × --at makes {parts} parts, but {files} × --output are given; name one for each", **counts
        )
        raise InputError(Problem("--output", what))
    if any(later <= earlier for earlier, later in zip((0, *borders_ms), borders_ms, strict=False)):
        raise InputError(Problem("--at", text("give the moments in rising order, each after 0:00")))
    _refuse(targets, [source], force=force)
    read = load_subtitles(source)
    parts = divided_at(read.cues, borders_ms)
    empty = [number for number, part in enumerate(parts, 1) if not part]
    if empty:
        after = clock((0, *borders_ms)[empty[0] - 1] // 1000)
        raise InputError(Problem("--at", text("the part from {moment} on would have no subtitle", moment=after)))
    return tuple(_written(part, target, read.problems) for part, target in zip(parts, targets, strict=True))


def pair_typed(said: str, where: str) -> tuple[int, int]:
    """Two moments of "0:05=0:06.2": in the file, and where the same is heard in the video.

    Raises:
        InputError: it is no such pair.
    """
    was, found, then = said.partition("=")
    moments = (parse_shift(was), parse_shift(then)) if found else (None, None)
    if moments[0] is None or moments[1] is None or min(moments[0], moments[1]) < 0:
        what = text(
            "“{given}” is no pair; write the time in the file and the one in the video, 0:05=0:06.2", given=said
        )
        raise InputError(Problem(where, what))
    return moments[0], moments[1]


def map_of(first: str, last: str) -> TimeMap:
    """The map of two pairs as they are typed.

    Raises:
        InputError: a pair is none, or the two do not make a line that goes forwards.
    """
    points = pair_typed(first, "--first"), pair_typed(last, "--last")
    try:
        return through_points(*points)
    except ValueError:
        what = text("the two pairs must lie apart and in the same order in the file and in the video")
        raise InputError(Problem("--last", what)) from None


def rate_map(said: str) -> TimeMap:
    """The map of subtitles made for another frame rate, "25/23.976": made for, shown at.

    Raises:
        InputError: these are no two rates.
    """
    made, found, shown = said.partition("/")
    try:
        rate = Fraction(made) / Fraction(shown) if found else Fraction(0)
    except (ValueError, ZeroDivisionError):
        rate = Fraction(0)
    if not Fraction(1, 4) <= rate <= 4:  # noqa: PLR2004  (no two rates of films lie farther apart)
        what = text(
            "“{given}” are no two frame rates; write the one it was made for and that of the video, 25/23.976",
            given=said,
        )
        raise InputError(Problem("--rate", what))
    return TimeMap(rate)


def _written(cues: Sequence[Cue], target: Path, problems: tuple[Problem, ...], left_out: int = 0) -> Converted:
    name = format_named(target)
    write_cues(cues, target)
    told = list(losses(cues, name))
    if left_out:
        told.insert(0, text("{count} subtitles before the start were left out", count=left_out))
    return Converted(name, len(cues), problems, tuple(told))


def _refuse(targets: Sequence[Path], sources: Sequence[Path], *, force: bool) -> None:
    """Nothing is begun that cannot be ended."""
    for target in targets:
        format_named(target)
    refuse_clashes(targets, sources)
    if not force:
        refuse_existing(targets)
