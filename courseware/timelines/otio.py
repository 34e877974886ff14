"""OpenTimelineIO (.otio), which Resolve, Kdenlive, Premiere, Hiero and others write: read by its own library.

Of the timeline the lowest track with pictures is taken. The library is imported at once, so this module is imported
where it is used; there is no wheel of it for Python 3.14 yet.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import opentimelineio as otio

from courseware.errors import InputError, Problem, text
from courseware.timelines.edit_list import (
    EditedClip,
    EditList,
    LeftOut,
    What,
    fitting_fade,
    fitting_speed,
    no_clips,
    plain_name,
    too_short,
)

_LATEST_S = 360_000  # a hundred hours
_SLOWEST = 0.01  # pictures a second
_NEAR = 0.005  # as rates are rounded when they are written
_UNKNOWN: dict[type[object], What] = {
    otio.schema.GeneratorReference: "generator",
    otio.schema.ImageSequenceReference: "sequence",
}


def parse_otio(content: str, name: str) -> EditList:
    """The edit of an .otio file.

    Args:
        name: of the file, for messages.

    Raises:
        InputError: no timeline, or nothing in it that a lesson could show.
    """
    timeline = _timeline(content, name)
    told = LeftOut()
    tracks = [track for track in timeline.tracks if isinstance(track, otio.schema.Track)]
    for beside in timeline.tracks:
        if beside not in tracks:
            told.add("nested", beside.name)
    filled = [track for track in tracks if track.kind == otio.schema.TrackKind.Video and _sources(track)]
    shown = [track for track in filled if track.enabled]
    clips = _clips(shown[0], told) if shown else []
    for track in filled:
        if track not in shown[:1]:
            told.add("track" if track.enabled else "off", track.name or "、".join(_sources(track)[:2]))
    sounds = (source for track in tracks if track not in filled for source in _sources(track))
    for source in sounds:
        if source not in {clip.source for clip in clips}:
            told.add("sound", source)
    if not clips:
        raise InputError(no_clips(name))
    return EditList(timeline.name, tuple(clips), remarks=told.remarks())


def real_rate(rate: float) -> Fraction:
    """Pictures a second exactly: 29.97 is 30000/1001; positive."""
    usual = (Fraction(round(rate)), Fraction(round(rate * 1.001) * 1000, 1001))
    near = min(usual, key=lambda exactly: abs(rate - exactly))
    return near if near and abs(rate - near) < _NEAR else Fraction(rate).limit_denominator(1001)


def _timeline(content: str, name: str) -> otio.schema.Timeline:
    try:
        # The library ends the whole process where a file is nested too deep; Python's reader says no before that.
        json.loads(content)
        read = otio.adapters.read_from_string(content, "otio_json")
    except (ValueError, KeyError, RecursionError, otio.exceptions.OTIOError):
        raise InputError(Problem(name, text("this is not a file of OpenTimelineIO; export it again"))) from None
    if isinstance(read, otio.schema.SerializableCollection):
        read = next((child for child in read if isinstance(child, otio.schema.Timeline)), None)
    if not isinstance(read, otio.schema.Timeline):
        raise InputError(Problem(name, text("holds no timeline; export the timeline itself")))
    return read


def _sources(items: Iterable[object]) -> list[str]:
    named = (_source(item) for item in items if isinstance(item, otio.schema.Clip))
    return [source for source in named if source]


def _source(clip: otio.schema.Clip) -> str:
    """The file's name; where the file is not named, the clip's name may be one."""
    reference = clip.media_reference
    if isinstance(reference, otio.schema.ExternalReference):
        url = reference.target_url or ""
        # What has no "//" is a path: "C:\\films\\a.mov" has no scheme.
        return plain_name(unquote(urlsplit(url).path if "://" in url else url)) or plain_name(clip.name)
    return plain_name(clip.name) if isinstance(reference, otio.schema.MissingReference) else ""


class _FadeOffsets(NamedTuple):
    """How long a cross-fade lasts before and after the cut, in seconds."""

    before: Fraction
    after: Fraction


def _clips(track: Iterable[object], told: LeftOut) -> list[EditedClip]:
    """The clips of a track, as far as a lesson can show them."""
    clips: list[EditedClip] = []
    meeting: _FadeOffsets | None = None
    for item in track:
        if isinstance(item, otio.schema.Transition):
            meeting = _meeting(item, told)
            continue
        clip = _clip(item, told)
        if clip and meeting and clips:
            clips[-1], clip = _faded(clips[-1], clip, meeting, told)
        meeting = None
        clips += [clip] if clip else []
    return clips


def _meeting(transition: otio.schema.Transition, told: LeftOut) -> _FadeOffsets | None:
    """None, and told, for what is no cross-fade."""
    before, after = _seconds(transition.in_offset), _seconds(transition.out_offset)
    if transition.transition_type != otio.schema.TransitionTypes.SMPTE_Dissolve or before is None or after is None:
        told.add("transition", transition.name or transition.transition_type)
        return None
    return _FadeOffsets(before, after)


def _faded(
    before: EditedClip, after: EditedClip, meeting: _FadeOffsets, told: LeftOut
) -> tuple[EditedClip, EditedClip]:
    """Two clips that go over into each other: both are shown for all of the cross-fade."""
    start = max(after.start - meeting.before * after.speed, Fraction(0))
    fade = fitting_fade(meeting.after + (after.start - start) / after.speed, after.source, told)
    longer = replace(before, end=before.end + meeting.after * before.speed)
    return longer, replace(after, start=start, fade=fade)


def _clip(item: object, told: LeftOut) -> EditedClip | None:
    """A clip as it is shown; None, and told, where a lesson cannot show it."""
    if isinstance(item, otio.schema.Gap):
        lasts = _seconds(item.duration())
        told.add("gap", f"{float(lasts or 0):g} s")
        return None
    if not isinstance(item, otio.schema.Clip):
        told.add("nested", getattr(item, "name", ""))
        return None
    what = "off" if not item.enabled else _UNKNOWN.get(type(item.media_reference))
    stretch, source = _stretch(item), _source(item)
    if what or stretch is None or not source:
        told.add(what or "unclear", item.name or source)
        return None
    start, lasts = stretch
    speed = fitting_speed(_speed(item, told), item.name or source, told)
    clip = EditedClip(source, start, start + lasts * speed, speed)
    if too_short(clip):
        told.add("unclear", item.name or source)
        return None
    return clip


def _speed(clip: otio.schema.Clip, told: LeftOut) -> Fraction:
    """Of all effects of time together; others are told."""
    speed = Fraction(1)
    for effect in clip.effects:
        if isinstance(effect, otio.schema.LinearTimeWarp) and math.isfinite(effect.time_scalar):
            speed *= Fraction(effect.time_scalar).limit_denominator(1000)
        else:
            told.add("effect", f"{clip.name}: {effect.effect_name or effect.name or type(effect).__name__}")
    return speed


def _stretch(clip: otio.schema.Clip) -> tuple[Fraction, Fraction] | None:
    """Where in its file it begins, and how long it is on the screen; None when that is not said."""
    available = clip.media_reference.available_range if clip.media_reference else None
    given = clip.source_range or available
    if given is None:
        return None
    start, lasts = _seconds(given.start_time), _seconds(given.duration)
    # Time codes count from what the file begins with.
    first = _seconds(available.start_time) if available else Fraction(0)
    if start is None or lasts is None or first is None or lasts <= 0:
        return None
    return max(start - first if start >= first else start, Fraction(0)), lasts


def _seconds(at: otio.opentime.RationalTime) -> Fraction | None:
    if not (math.isfinite(at.rate) and math.isfinite(at.value)) or at.rate < _SLOWEST:
        return None
    seconds = Fraction(at.value) / real_rate(at.rate)
    return seconds if abs(seconds) < _LATEST_S else None
