"""Drafts of 剪映 up to 5.9 and of CapCut (draft_content.json, draft_info.json), which are written in the open.

Of its tracks of pictures the first, the main one, is taken; texts become subtitles. Later versions encrypt their
drafts, which is told. All its times are microseconds.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, TypeGuard

from courseware.errors import InputError, Problem, Text, text
from courseware.subtitles.cue import Cue
from courseware.subtitles.formats import jianying
from courseware.timelines.edit_list import (
    EditedClip,
    EditList,
    LeftOut,
    fitting_fade,
    fitting_gain,
    fitting_speed,
    no_clips,
    plain_name,
    too_short,
)
from courseware.times import Span

Json = dict[str, Any]
_SECOND = 1_000_000
_LATEST = 360_000 * _SECOND
_LARGEST = 10**15
_SHORTEST_CUE_MS = 300
_PICTURES = {"photo", "gif", "image"}
_DISSOLVES = {"叠化", "Dissolve", "Mix", "Cross Dissolve"}
_DISSOLVE_IDS = {"6724845717472416269", "322577"}  # of the same, whatever it is called in the program's language
_EFFECTS = ("video_effects", "effects", "masks", "common_mask", "chromas", "material_animations")
_USUAL_CROP = {"upper_left_x": 0, "upper_left_y": 0, "lower_right_x": 1, "lower_right_y": 1}
_ENCRYPTED = re.compile(r"[A-Za-z0-9+/=\s_-]{64,}|.*[^\t\r\n -\U0010ffff]", re.DOTALL)
_NEAR = 0.01


def parse_jianying(content: str, name: str) -> EditList:
    """The edit of a draft.

    Args:
        name: of the file, for messages.

    Raises:
        InputError: no draft, an encrypted one, or nothing in it that a lesson could show.
    """
    draft = jianying.read_draft(content)
    if draft is None:
        raise InputError(Problem(name, _why_not(content)))
    told = LeftOut()
    reading = _DraftReading(draft, _by_id(draft), told)
    tracks = [
        track
        for track in jianying.tables_of(draft, "tracks")
        if track.get("type") == "video" and jianying.tables_of(track, "segments")
    ]
    if tracks:
        reading.read(tracks[0])
    for track in tracks[1:]:
        told.add("track", "、".join(reading.name(segment) for segment in jianying.tables_of(track, "segments")[:2]))
    for track in jianying.tables_of(draft, "tracks"):
        what = {"audio": "sound", "text": None, "video": None}.get(str(track.get("type")), "effect")
        for segment in jianying.tables_of(track, "segments") if what else ():
            told.add("sound" if what == "sound" else "effect", reading.name(segment))
    if not reading.placed:
        raise InputError(no_clips(name))
    clips = tuple(place.clip for place in reading.placed)
    cues = _cues(content, reading.placed, told)
    return EditList(_text(draft, "name"), clips, cues, told.remarks())


def _why_not(content: str) -> Text:
    if content.strip() and _ENCRYPTED.match(content[:4096]):
        return text(
            "this draft is encrypted, as 剪映 6 and later write them; export the video there,"
            " or save the draft with 剪映 5.9"
        )
    return text("this is not a draft of 剪映 or CapCut; take the file draft_content.json of its folder")


@dataclass(frozen=True, slots=True)
class _Placed:
    """Where a clip stands in the draft.

    Attributes:
        at, until: in the draft's whole, seconds.
        first: of the source's time, what is shown at `at`.
    """

    clip: EditedClip
    at: Fraction
    until: Fraction
    first: Fraction


class _DraftReading:
    """The main track, read segment by segment."""

    def __init__(self, draft: Json, materials: dict[str, Json], told: LeftOut) -> None:
        self.muted = bool(_table(draft, "config").get("video_mute"))
        self.kinds = {
            str(one.get("id")): kind
            for kind in (*_EFFECTS, "transitions", "speeds", "drafts")
            for one in jianying.tables_of(_table(draft, "materials"), kind)
        }
        self.materials = materials
        self.told = told
        self.placed: list[_Placed] = []

    def read(self, track: Json) -> None:
        """All segments of a track, in order of time."""
        muted = self.muted or track.get("attribute") == 1
        segments = sorted(
            jianying.tables_of(track, "segments"), key=lambda one: _stretch(one, "target_timerange") or (0, 0)
        )
        into: Fraction | None = None
        for segment in segments:
            place = self._place(segment, muted=muted)
            if place is None:
                into = None
                continue
            before = self.placed[-1] if self.placed else None
            if before and place.at > before.until + Fraction(1, 20):
                self.told.add("gap", f"{float(place.at - before.until):g} s")
            self.placed.append(place)
            if before and (into or place.at < before.until):
                self._fade(before, place, into)
            into = self._transition(segment)

    def name(self, segment: Json) -> str:
        """The file's name, else what the program calls it."""
        material = self.materials.get(_text(segment, "material_id"), {})
        return (
            plain_name(_text(material, "path")) or _text(material, "material_name") or _text(material, "name") or "?"
        )

    def _place(self, segment: Json, *, muted: bool) -> _Placed | None:
        name, shown = self.name(segment), _stretch(segment, "target_timerange")
        material = self.materials.get(_text(segment, "material_id"), {})
        if segment.get("visible") is False:
            self.told.add("off", name)
            return None
        if any(self._extras(segment, "drafts")):
            self.told.add("nested", name)
            return None
        if shown is None or not plain_name(_text(material, "path")):
            self.told.add("unclear", name)
            return None
        at, lasts = shown
        if material.get("type") in _PICTURES:
            clip = EditedClip(name, Fraction(0), lasts, still=True)
        else:
            first, length = _stretch(segment, "source_timerange") or (Fraction(0), lasts)
            speed = fitting_speed(self._speed(segment, length / lasts), name, self.told)
            gain = self._gain(segment, muted=muted)
            clip = EditedClip(name, first, first + lasts * speed, speed, gain)
        clip = replace(clip, rotate=self._turn(segment, material, name))
        self._tell_effects(segment, name)
        if too_short(clip):
            self.told.add("unclear", name)
            return None
        return _Placed(clip, at, at + lasts, clip.start)

    def _speed(self, segment: Json, measured: Fraction) -> Fraction:
        name = self.name(segment)
        for change in self._extras(segment, "speeds"):
            if change.get("curve_speed"):
                self.told.add("curve", name)
        said = segment.get("speed")
        exact = Fraction(said).limit_denominator(1000) if _is_number(said) else measured
        speed = exact if abs(exact - measured) < _NEAR * measured else measured
        return -speed if segment.get("reverse") is True else speed

    def _gain(self, segment: Json, *, muted: bool) -> float:
        volume = segment.get("volume")
        loud = 0.0 if muted else float(volume) if _is_number(volume) else 1.0
        return fitting_gain(20 * math.log10(loud) if loud > 0 else -math.inf, self.name(segment), self.told)

    def _turn(self, segment: Json, material: Json, name: str) -> int:
        """Degrees; whatever else was done to the picture's place is told."""
        clip = _table(segment, "clip")
        turned = clip.get("rotation")
        degrees = round(turned) % 360 if _is_number(turned) else 0
        scale, moved, flip = (_table(clip, key) for key in ("scale", "transform", "flip"))
        crop = _table(material, "crop")
        usual = (
            degrees % 90 == 0
            and all(scale.get(key, 1) == 1 for key in "xy")
            and all(moved.get(key, 0) == 0 for key in "xy")
            and not any(flip.values())
            and clip.get("alpha", 1) == 1
            and all(crop.get(key, value) == value for key, value in _USUAL_CROP.items())
        )
        if not usual:
            self.told.add("place", name)
        return degrees if degrees % 90 == 0 else 0

    def _tell_effects(self, segment: Json, name: str) -> None:
        for kind in _EFFECTS:
            for effect in self._extras(segment, kind):
                if kind != "material_animations" or effect.get("animations"):
                    self.told.add("effect", f"{name}: {_text(effect, 'name') or kind}")
        if any(len(jianying.tables_of(one, "keyframe_list")) > 1 for one in _keyframes(segment)):
            self.told.add("effect", f"{name}: keyframes")

    def _transition(self, segment: Json) -> Fraction | None:
        """How long the cross-fade into the next segment lasts; None for a cut."""
        for transition in self._extras(segment, "transitions"):
            length = transition.get("duration")
            known = {_text(transition, key) for key in ("name", "effect_id", "resource_id")}
            if known & (_DISSOLVES | _DISSOLVE_IDS) and _is_number(length) and 0 < length < _LATEST:
                return Fraction(length) / _SECOND
            self.told.add("transition", _text(transition, "name") or "?")
        return None

    def _fade(self, before: _Placed, after: _Placed, asked: Fraction | None) -> None:
        """A cross-fade; where the two do not overlap, it takes what was filmed before and after the cut."""
        overlap = max(before.until - after.at, Fraction(0))
        if overlap or asked is None:
            fade, earlier, later = overlap, Fraction(0), Fraction(0)
        else:
            later = min(asked / 2, self._spare(before.clip))
            earlier = asked / 2 if after.clip.still else min(asked / 2, after.clip.start / after.clip.speed)
            fade = earlier + later
        fade = fitting_fade(fade, after.clip.source, self.told)
        longer = replace(before.clip, end=before.clip.end + later * before.clip.speed)
        clip = replace(after.clip, start=after.clip.start - earlier * after.clip.speed, fade=fade)
        if clip.still:
            clip = replace(clip, start=Fraction(0), end=clip.end + earlier)
        self.placed[-2:] = [replace(before, clip=longer), replace(after, clip=clip)]

    def _spare(self, clip: EditedClip) -> Fraction:
        """How much longer a clip could be shown."""
        lengths = [
            one.get("duration") for one in self.materials.values() if plain_name(_text(one, "path")) == clip.source
        ]
        known = [Fraction(length) / _SECOND for length in lengths if _is_number(length)]
        return Fraction(60) if clip.still or not known else max(max(known) - clip.end, Fraction(0)) / clip.speed

    def _extras(self, segment: Json, kind: str) -> Iterator[Json]:
        for key in ("extra_material_refs", "extra_material_ids"):
            held = segment.get(key)
            for reference in held if isinstance(held, list) else ():
                if self.kinds.get(str(reference)) == kind:
                    yield self.materials.get(str(reference), {})


def _keyframes(segment: Json) -> list[Json]:
    """What changes on the way, such as a picture that grows."""
    return jianying.tables_of(segment, "common_keyframes")


def _cues(content: str, placed: Sequence[_Placed], told: LeftOut) -> tuple[Cue, ...]:
    """The texts in the time of the lesson's subtitles: that of its one video, else that of all clips together."""
    one_video = len({place.clip.source for place in placed}) == 1 and not placed[0].clip.still
    cues = []
    for entry in jianying.parse(content):
        if entry.start_ms is None or entry.end_ms is None or not entry.text.strip() or entry.end_ms <= entry.start_ms:
            continue
        span = Span(max(entry.start_ms, 0), entry.end_ms) if entry.end_ms > 0 else None
        moved = _moved(span, placed, one_video=one_video) if span else None
        if moved is None:
            told.add("cue", entry.text[:12])
        else:
            cues.append(Cue(moved, entry.text))
    return tuple(sorted(cues, key=lambda cue: cue.span))


def _moved(span: Span, placed: Sequence[_Placed], *, one_video: bool) -> Span | None:
    """A stretch of the draft's time in the lesson's; None where nothing of it is shown."""
    begin = Fraction(0)
    found: list[tuple[Fraction, Span]] = []
    for place in placed:
        clip = place.clip
        begin -= clip.fade
        start, end = (min(max(Fraction(ms, 1000), place.at), place.until) for ms in (span.start_ms, span.end_ms))
        if one_video:
            first, speed = place.first, clip.speed
        else:
            first, speed = begin + (place.first - clip.start) / clip.speed, Fraction(1)
        if end > start:
            moved = [round((first + (at - place.at) * speed) * 1000) for at in (start, end)]
            found += [(end - start, Span(*moved))] if moved[1] - moved[0] >= _SHORTEST_CUE_MS else []
        begin += (clip.end - clip.start) / clip.speed
    if not found:
        return None
    if one_video:
        _, longest = max(found, key=lambda part: part[0])
        return longest
    _, first_part = found[0]
    _, last_part = found[-1]
    return Span(first_part.start_ms, last_part.end_ms)


def _by_id(draft: Json) -> dict[str, Json]:
    groups = _table(draft, "materials")
    return {str(one.get("id")): one for key in groups for one in jianying.tables_of(groups, key)}


def _stretch(segment: Json, key: str) -> tuple[Fraction, Fraction] | None:
    """Start and length in seconds; None when it is none."""
    held = _table(segment, key)
    start, length = held.get("start"), held.get("duration")
    if not (_is_number(start) and _is_number(length)) or not (0 <= start < _LATEST and 0 < length < _LATEST):
        return None
    return Fraction(start) / _SECOND, Fraction(length) / _SECOND


def _is_number(value: object) -> TypeGuard[int | float]:
    # What is no number is not smaller either; a whole one may be too large for a float.
    return isinstance(value, int | float) and not isinstance(value, bool) and -_LARGEST < value < _LARGEST


def _table(holder: Json, key: str) -> Json:
    value = holder.get(key)
    return value if isinstance(value, dict) else {}


def _text(holder: Json, key: str) -> str:
    value = holder.get(key)
    return value if isinstance(value, str) else ""
