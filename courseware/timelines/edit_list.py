"""An edit list (剪辑表) of another program, as clips of a lesson, and what of it a lesson cannot say.

Pure values: readers of formats (edl.py, otio.py, jianying.py) make them, `clip_tables` writes them as lesson.toml has
clips. A path of such a file is never followed: of a source only its name is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import PurePath
from typing import Literal

from courseware.errors import Problem, Text, text
from courseware.lessons.clipping.clip_file import SHORTEST_MS
from courseware.lessons.clips import said
from courseware.lessons.lesson_files import is_footage
from courseware.subtitles.cue import Cue

SLOWEST, FASTEST = Fraction(1, 4), Fraction(4)
LONGEST_FADE = Fraction(5)
SOFTEST_DB, LOUDEST_DB = -40.0, 20.0
_MOST_NAMED = 4
_FOLDERS = re.compile(r"[/\\]")

What = Literal[
    "gap",
    "generator",
    "effect",
    "nested",
    "off",
    "transition",
    "long fade",
    "still",
    "backwards",
    "speed",
    "curve",
    "track",
    "sound",
    "place",
    "gain",
    "unclear",
    "sequence",
    "cue",
]


@dataclass(frozen=True, slots=True)
class EditedClip:
    """A stretch of a source; all times are seconds.

    Attributes:
        source: the name of its file, without folders.
        start, end: in the source's own time.
        rotate: degrees clockwise.
        fade: for so long the clip before goes over into it; the stretches of both hold it.
        still: a picture that stands from `start` (0) to `end`.
    """

    source: str
    start: Fraction
    end: Fraction
    speed: Fraction = Fraction(1)
    gain_db: float = 0
    rotate: int = 0
    fade: Fraction = Fraction(0)
    still: bool = False


@dataclass(frozen=True, slots=True)
class EditList:
    """What another program's file says.

    Attributes:
        title: "" when it has none.
        cues: subtitles, in the time that a lesson's subtitles have (docs/formats.md).
        remarks: what was left out or changed, as sentences.
    """

    title: str
    clips: tuple[EditedClip, ...]
    cues: tuple[Cue, ...] = ()
    remarks: tuple[Text, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """The names of all files that are shown, each once."""
        return tuple(dict.fromkeys(clip.source for clip in self.clips))


@dataclass(slots=True)
class LeftOut:
    """Gathers what a lesson cannot say, by kind, so that each kind is told once."""

    items: dict[What, list[str]] = field(default_factory=dict)

    def add(self, what: What, item: str) -> None:
        """One thing that is left out or changed; `item` names it as the other program does."""
        self.items.setdefault(what, []).append(item)

    def remarks(self) -> tuple[Text, ...]:
        """A sentence for each kind, the first few things named."""
        return tuple(Text(_SAID[what].pattern, {"items": _listed(items)}) for what, items in self.items.items())


def _listed(items: Iterable[str]) -> str:
    names = list(dict.fromkeys(items))
    return "、".join(names[:_MOST_NAMED]) + (f" … ({len(names)})" if len(names) > _MOST_NAMED else "")


_SAID: Mapping[What, Text] = {
    "gap": text("A lesson's clips follow each other: the empty stretches were left out ({items})."),
    "generator": text("Titles, colours and black pictures made by the other program were left out: {items}."),
    "effect": text("Effects were left out, the picture is as it was filmed: {items}."),
    "nested": text("An edit inside of the edit was left out; export it as a video of its own: {items}."),
    "off": text("What is switched off there was left out: {items}."),
    "transition": text("Of the transitions only cross-fades are known here; these became cuts: {items}."),
    "long fade": text("A cross-fade lasts 5 seconds at most here; these were longer: {items}."),
    "still": text("A picture that stands still inside of a video is not known here; the video plays on: {items}."),
    "backwards": text("Nothing plays backwards here; these play forwards: {items}."),
    "speed": text("Videos play at 0.25 to 4 times their speed here; these were slower or faster: {items}."),
    "curve": text("A speed that changes on the way became the same speed throughout: {items}."),
    "track": text("Only the lowest track of pictures was taken; left out: {items}."),
    "sound": text("Sound of its own was left out; name music as “music”, speech as “narration”: {items}."),
    "place": text(
        "Pictures fill the screen here; size, place, mirroring and turns by less than 90° were left out: {items}."
    ),
    "gain": text("Sound can be changed by −40 to 20 dB here; these were changed more: {items}."),
    "unclear": text("These could not be understood and were left out: {items}."),
    "sequence": text('Sequences of pictures were left out; write source = "name-%04d.png" for each: {items}.'),
    "cue": text("Subtitles where nothing is shown any more were left out: {items}."),
}


def plain_name(path: str) -> str:
    """The name of a file without its folders, however the system writes them; "" for none."""
    name = _FOLDERS.split(path.strip())[-1]
    return "" if name in {".", ".."} else name


def fitting_speed(speed: Fraction, label: str, told: LeftOut) -> Fraction:
    """A speed that lesson.toml can hold; what is changed is told."""
    if speed == 0:
        told.add("still", label)
        return Fraction(1)
    if speed < 0:
        told.add("backwards", label)
        speed = -speed
    fitting = min(max(speed, SLOWEST), FASTEST)
    if fitting != speed:
        told.add("speed", label)
    return fitting


def fitting_gain(gain_db: float, label: str, told: LeftOut) -> float:
    """A gain that lesson.toml can hold; what is changed is told, unless it is silence."""
    fitting = min(max(gain_db, SOFTEST_DB), LOUDEST_DB)
    if fitting < gain_db:
        told.add("gain", label)
    return round(fitting, 1)


def fitting_fade(fade: Fraction, label: str, told: LeftOut) -> Fraction:
    """A cross-fade that lesson.toml can hold; what is changed is told."""
    if fade > LONGEST_FADE:
        told.add("long fade", label)
    return min(fade, LONGEST_FADE)


def clip_tables(clips: Iterable[EditedClip]) -> list[dict[str, object]]:
    """The clips as [[clip]] of lesson.toml has them; what is as usual is not written."""
    return [_table(clip) for clip in clips]


def too_short(clip: EditedClip) -> bool:
    """Whether it would be on the screen for so short a time that lesson.toml refuses it."""
    return _ms(clip.end) - _ms(clip.start) < SHORTEST_MS * clip.speed


def _table(clip: EditedClip) -> dict[str, object]:
    table: dict[str, object] = {"source": clip.source}
    if clip.still or is_footage(PurePath(clip.source)):
        table |= {"seconds": _number((clip.end - clip.start) / clip.speed)}
        changed = {"rotate": clip.rotate or None, "fade": _number(clip.fade) or None}
    else:
        table |= {"from": said(_ms(clip.start)), "to": said(_ms(clip.end))}
        changed = {
            "speed": _number(clip.speed) if clip.speed != 1 else None,
            "gain": clip.gain_db or None,
            "rotate": clip.rotate or None,
            "fade": _number(clip.fade) or None,
        }
    return table | {key: value for key, value in changed.items() if value is not None}


def _ms(seconds: Fraction) -> int:
    return round(seconds * 1000)


def _number(value: Fraction) -> int | float:
    """As a person would write it: whole where it is whole."""
    rounded = round(float(value), 3)
    return int(rounded) if rounded == int(rounded) else rounded


def no_clips(name: str) -> Problem:
    """That a file says nothing that a lesson could show."""
    return Problem(name, text("no clips of videos were found in it"))
