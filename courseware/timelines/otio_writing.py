"""A lesson's clips as a timeline of OpenTimelineIO, for those who go on in another program. Pure.

Cuts, cross-fades and speeds are written; sources are named by their way from the written file. What a timeline does
not hold (loudness, turns, cards, what is said) is told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import opentimelineio as otio

from courseware.errors import Problem, Text, text
from courseware.lessons.clips import Clip
from courseware.media.filmed import Filmed

USUAL = Filmed(Fraction(25))


@dataclass(frozen=True, slots=True)
class ShownSource:
    """What a timeline wants to know of a source.

    Attributes:
        url: how the timeline names it.
        length_ms: of a video; how long a picture stays.
    """

    url: str
    length_ms: int
    filmed: Filmed = USUAL


def dump_otio(
    title: str, clips: Sequence[Clip], source_of: Callable[[Clip], ShownSource]
) -> tuple[str, tuple[Problem, ...]]:
    """The timeline's text, and what of the clips it does not hold.

    Args:
        clips: at least one.
    """
    timeline = otio.schema.Timeline(title)
    track = otio.schema.Track("V1", kind=otio.schema.TrackKind.Video)
    timeline.tracks.append(track)
    fades = [*(_halves(clip.fade_ms) for clip in clips), _halves(0)]
    for clip, (into, out) in zip(clips, pairwise(fades), strict=True):
        if into.before or into.after:
            dissolve = otio.schema.TransitionTypes.SMPTE_Dissolve
            offsets = (otio.opentime.RationalTime(half, float(USUAL.rate)) for half in into)
            track.append(otio.schema.Transition("", dissolve, *offsets))
        track.append(_clip(clip, source_of(clip), into.before / USUAL.rate, out.after / USUAL.rate))
    told = [Problem(clip.key, what) for clip in clips for what in _not_held(clip)]
    return str(otio.adapters.write_to_string(timeline, "otio_json")) + "\n", tuple(told)


class _Halves(NamedTuple):
    """Pictures of a cross-fade before and after the cut."""

    before: int
    after: int


def _halves(fade_ms: int) -> _Halves:
    pictures = round(Fraction(fade_ms, 1000) * USUAL.rate)
    return _Halves(pictures // 2, pictures - pictures // 2)


def _clip(clip: Clip, source: ShownSource, into: Fraction, out: Fraction) -> otio.schema.Clip:
    """Of a cross-fade one half belongs to each side of the cut."""
    rate, before = source.filmed.rate, source.filmed.first_picture
    end_ms = source.length_ms if clip.to_ms is None else clip.to_ms
    start = Fraction(clip.from_ms, 1000) + into * clip.speed
    lasts = Fraction(end_ms - clip.from_ms, 1000) / clip.speed - into - out
    shown = otio.schema.Clip(
        clip.path.name or clip.card,
        source_range=_range(before + round(start * rate), round(lasts * rate), rate),
    )
    if clip.path.name and not clip.card:
        known = _range(before, round(Fraction(max(source.length_ms, end_ms), 1000) * rate), rate)
        shown.media_reference = otio.schema.ExternalReference(source.url, known)
    if clip.speed != 1:
        shown.effects.append(otio.schema.LinearTimeWarp(time_scalar=float(clip.speed)))
    return shown


def _range(start: int, length: int, rate: Fraction) -> otio.opentime.TimeRange:
    first, lasts = (otio.opentime.RationalTime(count, float(rate)) for count in (start, length))
    return otio.opentime.TimeRange(first, lasts)


def _not_held(clip: Clip) -> Sequence[Text]:
    what = []
    if clip.card:
        what.append(text("a card is no file; its place in the timeline is empty"))
    if clip.gain_db or clip.rotate or clip.fit != "pad":
        what.append(text("gain, rotate and fit are not in the timeline; set them anew there"))
    if clip.says or clip.caption:
        what.append(text("what is said and the caption are not in the timeline"))
    return what
