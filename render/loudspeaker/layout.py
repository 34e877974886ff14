"""Where everything in a broadcast lies, in samples. Pure: knows neither files nor sound.

Times are whole samples, so a broadcast of fifteen minutes lasts fifteen minutes to the sample.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from courseware.errors import InputError, Problem, Text, text
from render.sound.levelled import RATE, Sized

Kind = Literal["chime", "item", "pause", "filler"]
_LEAST_PAUSE = RATE  # shorter, the next item interrupts
_MOST_PAUSE = 5 * RATE  # longer, people think it is over
_LEAST_FILLER = 10 * RATE  # less music is a fragment
_MOST_TUNE = 180 * RATE  # nobody bears the chimes' own tune for longer


@dataclass(frozen=True, slots=True)
class Chimes:
    """The three chimes of a broadcast, and the music for what is left: the user's own, or the chimes' tune."""

    opening: Sized
    between: Sized
    closing: Sized
    filler: Sized
    own_music: bool = False


@dataclass(frozen=True, slots=True)
class BroadcastPart:
    """A stretch of a broadcast.

    Attributes:
        start, samples: where it lies.
        file: "" for silence.
    """

    kind: Kind
    name: str
    start: int
    samples: int
    file: str = ""


def plan_lesson(
    chimes: Chimes, spoken: Sized, *, repeat: int = 1, pause: int = 2 * RATE
) -> tuple[BroadcastPart, ...]:
    """A lesson for the loudspeaker: chime, lesson as often as wanted, chime; silence to a whole second.

    Args:
        pause: samples between one time and the next.
    """
    lead = RATE * 6 // 10
    rows: list[tuple[Kind, Sized | int]] = [("chime", chimes.opening), ("pause", lead)]
    for time in range(repeat):
        if time:
            rows.append(("pause", pause))
        rows.append(("item", spoken))
    rows += [("pause", lead), ("chime", chimes.closing)]
    total = sum(_length(what) for _, what in rows)
    return _placed([*rows, ("pause", -total % RATE)])


def plan_bulletin(
    chimes: Chimes, items: Sequence[Sized], length: int, *, repeat: int = 1
) -> tuple[BroadcastPart, ...]:
    """A broadcast of exactly `length` samples: pauses are stretched, then music fills what is left.

    Raises:
        InputError: the items are too long, or so short that what is left cannot be filled; with what would fit.
    """
    every = [one for _ in range(repeat) for one in items]
    gaps = 2 * len(every)
    heard = _sum(every) + chimes.opening.samples + chimes.closing.samples + chimes.between.samples * (len(every) - 1)
    free = length - heard
    if free < gaps * _LEAST_PAUSE:
        raise InputError(_too_long(gaps * _LEAST_PAUSE - free, items, chimes, repeat))
    music = 0
    if free > gaps * _MOST_PAUSE:
        music = max(_LEAST_FILLER, free - (gaps + 1) * 2 * RATE)
        if free - music < (gaps + 1) * _LEAST_PAUSE:
            music = free - (gaps + 1) * _LEAST_PAUSE
    if music > _MOST_TUNE and not chimes.own_music:
        raise InputError(_too_short(music, length))
    return _placed(_rows(chimes, every, free - music, music))


def clock(samples: int) -> str:
    """A length for people: "1:20", "1:02:03"; begun seconds count."""
    seconds = -(-samples // RATE)
    hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _rows(chimes: Chimes, every: Sequence[Sized], pauses: int, music: int) -> list[tuple[Kind, Sized | int]]:
    shares = _shares(pauses, 2 * len(every) + bool(music))
    rows: list[tuple[Kind, Sized | int]] = [("chime", chimes.opening), ("pause", next(shares))]
    for place, one in enumerate(every):
        if place:
            rows += [("chime", chimes.between), ("pause", next(shares))]
        rows += [("item", one), ("pause", next(shares))]
    if music:
        rows += [("filler", Sized(chimes.filler.name, music, chimes.filler.file)), ("pause", next(shares))]
    return [*rows, ("chime", chimes.closing)]


def _shares(samples: int, parts: int) -> Iterator[int]:
    """Whole numbers that differ by at most one and add up."""
    for index in range(parts):
        yield samples * (index + 1) // parts - samples * index // parts


def _placed(rows: Sequence[tuple[Kind, Sized | int]]) -> tuple[BroadcastPart, ...]:
    parts, start = [], 0
    for kind, what in rows:
        samples = _length(what)
        if not samples:
            continue
        name, file = (what.name, what.file) if isinstance(what, Sized) else ("", "")
        parts.append(BroadcastPart(kind, name, start, samples, file))
        start += samples
    return tuple(parts)


def _length(what: Sized | int) -> int:
    return what.samples if isinstance(what, Sized) else what


def _sum(items: Sequence[Sized]) -> int:
    return sum(one.samples for one in items)


def _too_long(over: int, items: Sequence[Sized], chimes: Chimes, repeat: int) -> Problem:
    """By how much, and the least that would have to go."""
    # With an item go its two pauses and its chime, each time.
    gain = {one: repeat * (one.samples + chimes.between.samples + 2 * _LEAST_PAUSE) for one in items}
    enough = [one for one in items if gain[one] >= over]
    remedy: Text
    if repeat > 1 and (_sum(items) + 2 * len(items) * _LEAST_PAUSE) >= over:
        remedy = text("repeat once less")
    elif len(items) == 1:
        remedy = text("shorten {name}", name=items[0].name)
    elif enough:
        remedy = text("leave out {name}", name=min(enough, key=lambda one: one.samples).name)
    else:
        remedy = text("leave out several items")
    return Problem(
        "", text("too long by {over}: {remedy}, or make the broadcast longer", over=clock(over), remedy=remedy)
    )


def _too_short(missing: int, length: int) -> Problem:
    what = text(
        "{missing} would be left over: add items, repeat them (--repeat), name music that fills it (--music), or make"
        " the broadcast at most {most} long",
        missing=clock(missing),
        most=clock((length - missing + _MOST_TUNE) // RATE * RATE),
    )
    return Problem("", what)
