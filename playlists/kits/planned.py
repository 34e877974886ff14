"""A kit's plan made of a venue's planned weeks: pure, equal weeks and files make equal plans."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from courseware.lessons.profile import canvas_of
from courseware.lessons.rendition import Rendition
from playlists.almanac.days import clock_at, moment
from playlists.files.lecturers import speakers_in
from playlists.kits.plan import (
    SHORT,
    Fallback,
    KitFile,
    KitPlan,
    Opening,
    PlanSlot,
    PlanVenue,
    Validity,
    media_path,
    name_in_kits,
    seconds_of,
)
from playlists.schedules.schedule import IDENT, NOTICE, SLOGAN, Day, Schedule, Slot, monday_of
from playlists.schedules.slot_ids import with_ids

_WEEK = timedelta(days=7)
_BARE: Mapping[str, Literal["slogan", "notice", "ident"]] = {SLOGAN: "slogan", NOTICE: "notice", IDENT: "ident"}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the office or the venue wants of the player.

    Attributes:
        idle: what stands on the screen outside the windows.
        volumes: block → per cent; 100 for all others.
    """

    idle: Literal["card", "black"] = "card"
    volumes: Mapping[str, int] = field(default_factory=dict)


def plan_kit(
    schedules: Sequence[Schedule],
    made: Mapping[str, Rendition],
    fallback: Fallback,
    *,
    revision: int,
    built: datetime,
    zone: ZoneInfo,
    wishes: Wishes = Wishes(),
    night: Schedule | None = None,
) -> KitPlan:
    """The plan of a venue's weeks.

    Args:
        schedules: of one venue, one week after the other.
        made: sha256 → the rendition of these bytes, for every slot that plays one.
        night: what of the week before goes on after its last midnight, as rest_of_night gives it.

    Raises:
        ValueError: slots overlap.
    """
    first = schedules[0]
    played = (night, *schedules) if night else schedules
    named = with_ids(slot for one in played for slot in _slots(one))
    slots = tuple(_plan_slot(name, slot, wishes, zone) for name, slot in named)
    windows = tuple(_opening(played, zone))
    return KitPlan(
        kit=f"{name_in_kits(first.venue)}_{first.week}_r{revision}",
        revision=revision,
        built=built,
        venue=_venue(first),
        zone=str(zone),
        valid=_validity(schedules, windows, slots, zone),
        idle=wishes.idle,
        windows=windows,
        files=_files(slots_of(played), made),
        substitutes=_substitutes(slots),
        fallback=fallback,
        slots=slots,
    )


def rest_of_night(schedule: Schedule, zone: ZoneInfo) -> Schedule | None:
    """The week cut down to what goes on after its last midnight; None where nothing does.

    The kit of the week after carries it too: whoever has only that one at ten past midnight sees the evening's end.
    """
    midnight = seconds_of(moment(monday_of(schedule.week) + _WEEK, 0, zone))

    def late(day: Day) -> Day:
        slots = tuple(one for one in day.slots if seconds_of(one.end) > midnight)
        windows = tuple(one for one in day.windows if seconds_of(one.end) > midnight)
        return day.model_copy(update={"slots": slots, "windows": windows})

    days = tuple(map(late, schedule.days))
    goes_on = any(day.slots or day.windows for day in days)
    return schedule.model_copy(update={"days": days}) if goes_on else None


def slots_of(schedules: Iterable[Schedule]) -> Iterator[Slot]:
    """All slots that play a file."""
    return (slot for one in schedules for slot in _slots(one) if slot.sha256)


def _slots(schedule: Schedule) -> Iterator[Slot]:
    return (slot for day in schedule.days for slot in day.slots)


def _venue(schedule: Schedule) -> PlanVenue:
    width, height = canvas_of(schedule.profile)
    return PlanVenue(
        id=schedule.venue,
        name=schedule.venue_name,
        kind=schedule.kind,
        town=schedule.town,
        county=schedule.county,
        width=width,
        height=height,
    )


def _opening(schedules: Iterable[Schedule], zone: ZoneInfo) -> Iterator[Opening]:
    for window in (window for one in schedules for day in one.days for window in day.windows):
        start, end = seconds_of(window.start), seconds_of(window.end)
        yield Opening(start=clock_at(start, zone), start_s=start, end=clock_at(end, zone), end_s=end)


def _validity(
    schedules: Sequence[Schedule], windows: Sequence[Opening], slots: Sequence[PlanSlot], zone: ZoneInfo
) -> Validity:
    """The weeks, and the evening of the last Sunday to its end, also after midnight."""
    start = moment(monday_of(schedules[0].week), 0, zone)
    end = moment(monday_of(schedules[-1].week) + _WEEK, 0, zone)
    lasts = max([seconds_of(end), *(one.end_s for one in windows), *(one.end_s for one in slots)])
    return Validity(start=start, start_s=seconds_of(start), end=clock_at(lasts, zone), end_s=lasts)


def _plan_slot(name: str, slot: Slot, wishes: Wishes, zone: ZoneInfo) -> PlanSlot:
    return PlanSlot(
        id=name,
        # With the offset then valid: a zone's own times of a doubled hour compare as equal.
        start=clock_at(seconds_of(slot.start), zone),
        start_s=seconds_of(slot.start),
        seconds=slot.seconds,
        kind=_kind(slot),
        block=slot.block or None,
        lesson=slot.lesson or None,
        series=slot.series or None,
        title=slot.title,
        who="、".join(name for name, _ in speakers_in(slot)) or None,
        file=slot.sha256[:SHORT] or None,
        volume=wishes.volumes.get(slot.block, 100) if slot.sha256 else 0,
    )


def _kind(slot: Slot) -> Literal["lesson", "ident", "slogan", "notice", "lecture", "activity", "training"]:
    if slot.is_bare:
        return _BARE[slot.note]
    return "training" if slot.is_training else slot.kind


def _files(slots: Iterable[Slot], made: Mapping[str, Rendition]) -> dict[str, KitFile]:
    found = {slot.sha256: made[slot.sha256] for slot in slots}
    return {
        sha256[:SHORT]: KitFile(path=media_path(sha256), size=one.size, sha256=sha256, seconds=one.seconds)
        for sha256, one in found.items()
    }


def _substitutes(slots: Iterable[PlanSlot]) -> dict[str, tuple[str, ...]]:
    """The videos of each series, in the order of their first showing."""
    found: dict[str, dict[str, None]] = {}
    for slot in slots:
        if slot.file and slot.series and slot.kind == "lesson":
            found.setdefault(slot.series, {})[slot.file] = None
    return {series: tuple(files) for series, files in found.items()}
