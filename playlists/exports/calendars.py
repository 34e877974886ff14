"""Calendars (RFC 5545) of what was published: for each venue, for each lecturer. Pure.

An entry keeps its UID from edition to edition, its SEQUENCE grows when an edition changes it, and what an edition no
longer has stays in the calendar as CANCELLED: so a phone that has the old one takes it away.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from playlists.files.lecturers import speakers_in
from playlists.lists.lists import rundowns_of
from playlists.lists.rundown import Sitting, day_at, one_line
from playlists.lists.wording import labelled
from playlists.schedules.schedule import Schedule, Slot

if TYPE_CHECKING:
    from icalendar import Event

_MAKER = "-//yuanjiao//published//ZH"
_SHOW = "放映"


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """What is on, from when until when."""

    uid: str
    start: datetime
    end: datetime
    label: str
    summary: str
    description: str
    location: str


@dataclass(frozen=True, slots=True)
class DatedEntry:
    """An entry through all editions.

    Attributes:
        sequence: how often it was changed.
        at: when it was changed last.
        cancelled: the last edition does not have it; the entry is as it was before.
    """

    entry: CalendarEntry
    sequence: int
    at: datetime
    cancelled: bool = False


Entries = Mapping[str, CalendarEntry]


def entries_of_venue(schedule: Schedule) -> dict[str, CalendarEntry]:
    """The windows and the events of a venue's week, by UID.

    Args:
        schedule: as printed.
    """
    (whole,) = rundowns_of(schedule, schedule.days, schedule.week)["week"]
    place, name = one_line(f"{schedule.town} {schedule.venue_name}"), one_line(schedule.venue_name)
    found: dict[str, CalendarEntry] = {}
    counted = Counter[str]()
    for sitting in whole.sittings():
        event = sitting.event
        label = labelled(event.kind) if event else _SHOW
        summary = f"{label}：{one_line(event.title)}" if event else f"{name} {label}"
        said = one_line(event.note) if event else _titles(sitting)
        stem = _stem(schedule.venue, sitting.start, event.kind if event else "show", event.title if event else "")
        counted[stem] += 1
        uid = f"{stem}-{counted[stem]}@yuanjiao"
        found[uid] = CalendarEntry(uid, sitting.start, sitting.end, label, summary, said, place)
    return found


def entries_of_lecturers(schedule: Schedule, printed: Schedule) -> Iterator[tuple[str, CalendarEntry]]:
    """Each lecture of a venue's week, with the name of each who speaks there.

    Args:
        printed: the same with lecturers as people read them.
    """
    place = one_line(f"{schedule.town} {schedule.venue_name}")
    counted = Counter[str]()
    for slot, said in zip(_events(schedule), _events(printed), strict=True):
        stem = _stem(schedule.venue, slot.start, slot.kind, slot.title)
        counted[stem] += 1
        for name, topic in speakers_in(slot):
            uid = f"{stem}-{counted[stem]}-{_mark(name)}@yuanjiao"
            label = labelled("lecture" if slot.kind == "lecture" else "activity")
            note = "；".join(filter(None, (f"主题：{topic}" if topic else "", one_line(said.note))))
            summary = f"{label}：{one_line(slot.title)}（{one_line(schedule.venue_name)}）"
            yield name, CalendarEntry(uid, slot.start, slot.end, label, summary, note, place)


def _events(schedule: Schedule) -> list[Slot]:
    return [slot for day in schedule.days for slot in day.slots if slot.kind != "lesson"]


def through_editions(editions: Iterable[tuple[datetime, Entries]]) -> tuple[DatedEntry, ...]:
    """What became of each entry, in order of time.

    Args:
        editions: when each was published and what it has, the first first.
    """
    known: dict[str, DatedEntry] = {}
    for at, entries in editions:
        for uid, entry in entries.items():
            old = known.get(uid)
            if old is None:
                known[uid] = DatedEntry(entry, 0, at)
            elif old.cancelled or old.entry != entry:
                known[uid] = DatedEntry(entry, old.sequence + 1, at)
        for uid in known.keys() - entries.keys():
            if not known[uid].cancelled:
                known[uid] = replace(known[uid], sequence=known[uid].sequence + 1, at=at, cancelled=True)
    return tuple(sorted(known.values(), key=lambda one: (one.entry.start, one.entry.uid)))


def dump_calendar(name: str, entries: Sequence[DatedEntry]) -> bytes:
    """The calendar; equal entries make equal bytes.

    Args:
        name: as calendars show it.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", _MAKER)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", one_line(name))
    for entry in entries:
        calendar.add_component(_component(entry))
    content: bytes = calendar.to_ical()
    return content


def _component(dated: DatedEntry) -> Event:
    from icalendar import Event

    entry, made = dated.entry, Event()
    made.add("uid", entry.uid)
    made.add("sequence", dated.sequence)
    made.add("dtstamp", dated.at.astimezone(UTC))
    made.add("last-modified", dated.at.astimezone(UTC))
    made.add("dtstart", entry.start.astimezone(UTC))
    made.add("dtend", entry.end.astimezone(UTC))
    made.add("status", "CANCELLED" if dated.cancelled else "CONFIRMED")
    made.add("summary", f"（取消）{entry.summary}" if dated.cancelled else entry.summary)
    made.add("description", entry.description)
    made.add("location", entry.location)
    made.add("categories", [entry.label])
    return made


def _titles(sitting: Sitting) -> str:
    return "\n".join(dict.fromkeys(one_line(airing.title) for airing in sitting.airings if airing.is_told))


def _stem(venue: str, start: datetime, kind: str, title: str) -> str:
    """What stays when an entry is moved within its day: the day, what it is and what it is called."""
    return f"{day_at(start):%Y%m%d}-{kind}{f'-{_mark(title)}' if title else ''}-{venue}"


def _mark(said: str) -> str:
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:8]
