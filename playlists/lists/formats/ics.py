"""iCalendar (RFC 5545) for phones and computers: an entry for each window and each live event.

Times are in UTC, so that no calendar needs to know our zone. Equal weeks make equal bytes, also of their stamps.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from courseware.errors import text
from playlists.lists.exporter import Exporter
from playlists.lists.rundown import Airing, Rundown, Sitting, one_line
from playlists.lists.wording import kind_of, labelled

if TYPE_CHECKING:
    from icalendar import Event

_MAKER = "-//yuanjiao//playlist//ZH"
_SHOW = "放映"


def dump(rundown: Rundown) -> bytes:
    """The calendar; what a window shows stands in its entry, each title once."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", _MAKER)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", one_line(rundown.title))
    for sitting in rundown.sittings():
        calendar.add_component(_entry(rundown, sitting))
    content: bytes = calendar.to_ical()
    return content


def parse(content: bytes) -> Rundown:
    """Read a calendar that `dump` wrote: its entries, and the titles that windows name, without lengths."""
    from icalendar import Calendar

    calendar = Calendar.from_ical(content)
    if calendar.get("prodid") != _MAKER:
        raise ValueError("another program's calendar")
    airings = tuple(airing for event in calendar.events for airing in _airings(event))
    return Rundown("", str(calendar.get("x-wr-calname", "")), airings)


def _entry(rundown: Rundown, sitting: Sitting) -> Event:
    from icalendar import Event

    start, end = sitting.start.astimezone(UTC), sitting.end.astimezone(UTC)
    entry = Event()
    entry.add("uid", f"{start:%Y%m%dT%H%M%SZ}-{rundown.venue}@yuanjiao")
    entry.add("dtstamp", start)
    entry.add("dtstart", start)
    entry.add("dtend", end)
    entry.add("location", one_line(f"{rundown.town} {rundown.venue_name}"))
    event = sitting.event
    label = labelled(event.kind) if event else _SHOW
    entry.add("categories", [label])
    if event:
        entry.add("summary", f"{label}：{one_line(event.title)}")
        entry.add("description", one_line(event.note))
    else:
        titles = dict.fromkeys(one_line(airing.title) for airing in sitting.airings if airing.is_told)
        entry.add("summary", f"{one_line(rundown.venue_name)} {label}")
        entry.add("description", "\n".join(titles))
    return entry


def _airings(entry: Event) -> Iterator[Airing]:
    start, end = entry.start, entry.end
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        raise ValueError(entry.uid)  # noqa: TRY004  (a day in place of a time: another program's calendar)
    seconds = round((end - start).total_seconds())
    label, said = entry.categories[0], str(entry.get("description", ""))
    title = str(entry.get("summary", "")).removeprefix(f"{label}：")
    if label == _SHOW:
        yield Airing(title, seconds, start=start)
        yield from (Airing(line, 0) for line in said.splitlines())
    else:
        yield Airing(title, seconds, start=start, kind=kind_of(label), note=said)


EXPORTER = Exporter(".ics", "week", text("calendars of phones and computers"), dump, parse, paths="none")
