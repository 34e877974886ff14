"""CMX 3600 edit decision lists (.edl), as Premiere, Resolve, Final Cut and old edit suites write them.

Events that cannot be understood are told by their number and the others kept. A list names no frame rate: `filmed`
says what is known of a source; else 25 pictures a second are taken (30 where pictures are counted beyond 25).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction

from courseware.errors import InputError
from courseware.media.filmed import CLOCK, Filmed, counted
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

_CLOCK = f"({CLOCK})"
_EVENT = re.compile(
    r"(?P<number>\d{1,6})\s+(?P<reel>\S.*?)\s+(?P<channel>[ABV][\w/]{0,7}|NONE)\s+(?P<kind>C|D|W\d*|KB?|KO)"
    rf"(?:\s+(?P<length>\d{{1,4}}))?\s+{_CLOCK}\s+{_CLOCK}\s+{_CLOCK}\s+{_CLOCK}",
    re.IGNORECASE,
)
_SPEED = re.compile(rf"M2\s+\S.*?\s+(-?\d+(?:\.\d*)?)\s+{_CLOCK}", re.IGNORECASE)
_FIRST_NAME = re.compile(
    r"\*\s*(?:FROM\s+CLIP(?:\s+NAME)?|FROM\s+FILE|CLIP\s+NAME)\s*(?:IS)?\s*:\s*(.+)", re.IGNORECASE
)
_SECOND_NAME = re.compile(r"\*\s*TO\s+(?:CLIP(?:\s+NAME)?|FILE)\s*(?:IS)?\s*:\s*(.+)", re.IGNORECASE)
_FILE = re.compile(r"\*\s*SOURCE\s+FILE\s*:\s*(.+)", re.IGNORECASE)
_LEVEL = re.compile(r"\*\s*AUDIO\s+LEVEL\s+AT\s+\S+\s+IS\s+(-?\d+(?:\.\d+)?)\s*DB", re.IGNORECASE)
_EFFECT = re.compile(r"\*\s*EFFECTS?\s+NAME\s*(?:IS)?\s*:\s*(.+)", re.IGNORECASE)
_TITLE = re.compile(r"\s*TITLE\s*:\s*(.*)", re.IGNORECASE)
_LONGEST_LINE = 300  # characters; the rest is a comment's
_USUAL_RATE = 25
_DISSOLVES = ("CROSS DISSOLVE", "DISSOLVE", "CROSS FADE")
_BLACK = {"BL", "BLACK"}


@dataclass(frozen=True, slots=True)
class _Edit:
    """An event as its lines have it; `notes` are the lines below it."""

    found: re.Match[str]
    notes: list[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        return self.found["number"]

    @property
    def pictures(self) -> bool:
        return not self.found["channel"].upper().startswith(("A", "N")) or "/V" in self.found["channel"].upper()

    def first(self, pattern: re.Pattern[str]) -> str:
        return next((found[1].strip() for line in self.notes if (found := pattern.match(line))), "")

    @property
    def name(self) -> str:
        """Of the file that it goes to: an export of Resolve names file and clip, the first is the exact one."""
        into = self.first(_SECOND_NAME) if self.found["kind"].upper() != "C" else ""
        return plain_name(into or self.first(_FILE) or self.first(_FIRST_NAME) or self.found["reel"])


def parse_edl(content: str, name: str, filmed: Callable[[str], Filmed | None] = lambda _: None) -> EditList:
    """The list of an .edl file.

    Args:
        name: of the file, for messages.
        filmed: what is known of the source of that name.

    Raises:
        InputError: no event in it shows anything.
    """
    lines = [line[:_LONGEST_LINE].strip().lstrip("\ufeff") for line in content.splitlines()]
    told = LeftOut()
    events = tuple(_events(lines, told))
    counted = max((int(re.split("[:;.]", at)[-1]) for event in events for at in event.found.groups()[-4:]), default=0)
    drops = any(";" in event.found[0] for event in events) or _drops(lines)
    nominal = next(rate for rate in ((30, 60, 1000) if drops else (_USUAL_RATE, 30, 50, 60, 1000)) if counted < rate)
    clips = _clips([event for event in events if event.pictures], _Clock(nominal, drops, filmed), told)
    for heard in [event.name for event in events if not event.pictures]:
        if heard not in {clip.source for clip in clips}:
            told.add("sound", heard)
    if not clips:
        raise InputError(no_clips(name))
    title = next((found[1].strip() for line in lines if (found := _TITLE.match(line))), "")
    return EditList(title, tuple(clips), remarks=told.remarks())


def _events(lines: list[str], told: LeftOut) -> Iterator[_Edit]:
    """Each event with the notes below it; a line that begins as one and is none is told."""
    event: _Edit | None = None
    for line in lines:
        found = _EVENT.match(line)
        if found or (line[:3].isdigit() and len(line.split()) > 4):  # noqa: PLR2004  (a line of an event, not a note)
            if event:
                yield event
            event = _Edit(found) if found else None
            if not found:
                told.add("unclear", line[:40])
        elif event:
            event.notes.append(line)
    if event:
        yield event


def _drops(lines: list[str]) -> bool:
    return any(re.match(r"FCM:\s*DROP", line, re.IGNORECASE) for line in lines)


@dataclass(frozen=True, slots=True)
class _Clock:
    """Reads time codes of a list.

    Attributes:
        nominal: pictures that a second of the time code counts.
        drops: numbers are left out, so that 29.97 pictures a second keep to the clock.
    """

    nominal: int
    drops: bool
    filmed: Callable[[str], Filmed | None]

    def pictures(self, code: str) -> int:
        return counted(code, self.nominal, drops=self.drops)

    def rate(self, source: str) -> Fraction:
        """Real pictures a second: those of the file where it fits the count."""
        known = self.filmed(source)
        if known and round(known.rate) == self.nominal:
            return known.rate
        return Fraction(self.nominal * 1000, 1001) if self.drops else Fraction(self.nominal)

    def moment(self, code: str, source: str) -> Fraction:
        """Seconds from the first picture of the source; the code's own where it lies before that."""
        known = self.filmed(source)
        start = known.first_picture if known and round(known.rate) == self.nominal else 0
        at = self.pictures(code)
        return Fraction(at - start if at >= start else at) / self.rate(source)


def _clips(events: list[_Edit], clock: _Clock, told: LeftOut) -> list[EditedClip]:
    clips: list[EditedClip] = []
    last_end = -1
    for event in events:
        starts, ends = (clock.pictures(code) for code in event.found.groups()[-2:])
        if event.found["kind"].upper() == "C" and ends <= starts:
            continue  # the picture that a cross-fade comes from
        if 0 <= last_end < starts:
            told.add("gap", event.label)
        elif starts < last_end:
            told.add("track", f"{event.label} {event.name}")
            continue
        last_end = ends
        _append(event, Fraction(ends - starts), clock, clips, told)
    return clips


def _append(event: _Edit, pictures: Fraction, clock: _Clock, clips: list[EditedClip], told: LeftOut) -> None:
    """One event more; a cross-fade lengthens the clip before it."""
    name, kind = event.name, event.found["kind"].upper()
    if event.found["reel"].upper() in _BLACK:
        told.add("generator", f"{event.label} {event.found['reel']}")
        return
    for effect in [event.first(_EFFECT)] if event.first(_EFFECT) else []:
        if effect.upper() not in _DISSOLVES:
            told.add("effect", f"{event.label} {effect}")
    rate = clock.rate(name)
    start, end = (clock.moment(code, name) for code in event.found.groups()[-4:-2])
    lasts = pictures / (Fraction(clock.nominal * 1000, 1001) if clock.drops else rate)
    speed = fitting_speed(_speed(event, start, end, lasts, clock.nominal), f"{event.label} {name}", told)
    level = event.first(_LEVEL)
    gain = fitting_gain(float(level), f"{event.label} {name}", told) if level else 0.0
    clip = EditedClip(name, start, start + lasts * speed, speed, gain)
    if too_short(clip):
        told.add("unclear", f"{event.label} {name}")
        return
    fade = Fraction(0)
    if kind.startswith(("W", "K")):
        told.add("transition", f"{event.label} {kind}")
    elif kind == "D" and clips:
        fade = fitting_fade(Fraction(int(event.found["length"] or 0)) / rate, event.label, told)
        clips[-1] = replace(clips[-1], end=clips[-1].end + fade * clips[-1].speed)
    clips.append(replace(clip, fade=fade))


def _speed(event: _Edit, start: Fraction, end: Fraction, lasts: Fraction, nominal: int) -> Fraction:
    """As M2 says it, in pictures a second; else by the two lengths."""
    told = event.first(_SPEED)
    if told:
        return Fraction(told) / nominal
    return (end - start) / lasts if end > start else Fraction(1)
