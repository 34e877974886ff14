"""Subtitles in two languages, from a file each: by their times, the second under the first. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from courseware.subtitles.cue import Cue
from courseware.times import Span

_NEAR_MS = 600  # two translators begin and end so far apart
_COVERED = 0.5  # of a subtitle by one of the other language, which then belongs to it, too
SHORTEST_MS = 700  # of a subtitle that stands alone between two of the other language


def side_by_side(first: Sequence[Cue], second: Sequence[Cue]) -> tuple[Cue, ...]:
    """The cues of the first language with the text of the second on a line below.

    What the first does not have is shown alone where nothing else stands; nothing is moved.

    Args:
        first, second: in order of time, none over another of its own language.
    """
    below: dict[int, list[str]] = {}
    alone: list[Cue] = []
    for cue in second:
        places = list(_places(cue, first))
        for place in places:
            below.setdefault(place, []).append(_one_line(cue.text))
        if not places:
            alone.append(replace(cue, second=len(cue.text.split("\n"))))
    joined = [
        replace(cue, text="\n".join((_one_line(cue.text), " ".join(below[place]))), second=1)
        if place in below
        else cue
        for place, cue in enumerate(first)
    ]
    free = (kept for cue in alone if (kept := _between(cue, first)))
    return tuple(sorted((*joined, *free), key=lambda cue: cue.span))


def _places(cue: Cue, first: Sequence[Cue]) -> Iterator[int]:
    """Which cues of the first language it translates: those that it covers mostly, else the one it is nearest to."""
    shared = {place: _shared_ms(cue.span, other.span) for place, other in enumerate(first)}
    covered = [place for place, ms in shared.items() if ms > _COVERED * first[place].span.duration_ms]
    if covered:
        yield from covered
        return
    best = max(shared, key=lambda place: shared[place], default=None)
    if best is not None and (shared[best] > _COVERED * cue.span.duration_ms or _begins_with(cue, first[best])):
        yield best


def _begins_with(cue: Cue, other: Cue) -> bool:
    return abs(cue.span.start_ms - other.span.start_ms) <= _NEAR_MS


def _shared_ms(one: Span, other: Span) -> int:
    return max(0, min(one.end_ms, other.end_ms) - max(one.start_ms, other.start_ms))


def _between(cue: Cue, first: Sequence[Cue]) -> Cue | None:
    """The cue as long as no cue of the first language stands there; None when too little of it is left."""
    start = max((one.span.end_ms for one in first if one.span.start_ms <= cue.span.start_ms), default=0)
    start = max(start, cue.span.start_ms)
    end = min((one.span.start_ms for one in first if one.span.start_ms >= start), default=cue.span.end_ms)
    end = min(end, cue.span.end_ms)
    return replace(cue, span=Span(start, end)) if end - start >= SHORTEST_MS else None


def _one_line(said: str) -> str:
    """Lines that were broken for another screen, as one: with a blank only where Latin words meet."""
    lines = said.split("\n")
    whole = lines[0]
    for line in lines[1:]:
        whole += (" " if whole[-1:].isascii() and line[:1].isascii() else "") + line
    return whole
