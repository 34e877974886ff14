"""A venue's week in short: what the pages of its town and county say of it. Made once, and kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby

from pydantic import BaseModel, ConfigDict

from playlists.files.by_hand.takeovers import BLOCK
from playlists.publishing.condense import named_event, quoted
from playlists.publishing.wording import span, starts_at, weekday, weekdays
from playlists.schedules.schedule import Day, Gap, Schedule, Slot
from templates.pages.week import EntryKind

_FROZEN = ConfigDict(frozen=True, extra="forbid")
KINDS = {"square": "广场", "station": "站点", "centre": "培训中心"}
CLOSED = {"square": "不播放", "station": "不安排播放", "centre": "无课"}
# For everybody's eyes, in place of a week that may not be shown.
ADJUSTING = "节目正在调整"
# What plans say of a closed day when the calendar does not say why.
_NO_REASON = ("", "休息", "闭馆", ADJUSTING)
# So many times of a new lesson are told; of each day the first.
_MOST_TIMES = 3


class DigestDay(BaseModel):
    """A day: its windows in words and in minutes from midnight, what is said when nothing is on, why it is shut."""

    model_config = _FROZEN

    date: date
    opening: tuple[str, ...]
    minutes: tuple[tuple[int, int], ...]
    empty: str
    reason: str


class DigestEvent(BaseModel):
    """Something held on a day; `begin` and `end` in minutes from its midnight."""

    model_config = _FROZEN

    date: date
    kind: EntryKind
    label: str
    title: str
    note: str
    time: str
    begin: int
    end: int


class DigestLesson(BaseModel):
    """A lesson of the week.

    Attributes:
        fresh: whether the venue never had it before.
        times: of a fresh one, when it is on: "星期一 18:40".
        more: how many showings there are besides.
    """

    model_config = _FROZEN

    lesson: str
    title: str
    series: str
    fresh: bool = False
    times: tuple[str, ...] = ()
    more: int = 0


class VenueDigest(BaseModel):
    """A venue's week.

    Attributes:
        hours: in few words, one line per pattern of days: "每天 18:30–20:30".
        changes: what is different from the edition before.
        day_numbers: for each day, the edition that changed it last; empty for a week that is withheld.
        gaps: what the planner could not fill, for the office's eyes.
        grey: whether a day of mourning lies in it, so that its pages have no colour.
    """

    model_config = _FROZEN

    venue: str
    name: str
    kind: str
    town: str
    county: str
    hours: tuple[str, ...]
    days: tuple[DigestDay, ...]
    events: tuple[DigestEvent, ...]
    lessons: tuple[DigestLesson, ...]
    changes: tuple[str, ...] = ()
    changed_days: tuple[date, ...] = ()
    day_numbers: tuple[int, ...] = ()
    gaps: tuple[Gap, ...] = ()
    grey: bool = False


def digest_week(schedule: Schedule, known: frozenset[str] | None) -> VenueDigest:
    """What is said of a week.

    Args:
        known: the lessons that the venue had before it, by id or by content; None when that is not known.
    """
    days = tuple(_day(day, schedule.kind) for day in schedule.days)
    return VenueDigest(
        venue=schedule.venue,
        name=schedule.venue_name,
        kind=KINDS[schedule.kind],
        town=schedule.town,
        county=schedule.county,
        hours=tuple(hours_of(days)) or (CLOSED[schedule.kind],),
        days=days,
        events=tuple(event for day in schedule.days for event in _events(day)),
        lessons=tuple(_lessons(schedule, known)),
        gaps=schedule.gaps,
        grey=any(day.mourns for day in schedule.days),
    )


def hours_of(days: Sequence[DigestDay]) -> Iterator[str]:
    """One line for each pattern of opening windows, like "星期一至星期五 18:30–20:30"."""
    for opening in dict.fromkeys(day.opening for day in days if day.opening):
        numbers = [number for number, day in enumerate(days) if day.opening == opening]
        yield f"{weekdays(numbers)} {'、'.join(opening)}"


def said_of_empty(day: Day, kind: str) -> str:
    """What is said of a day on which nothing is on, and why where the calendar says why."""
    if day.slots:
        return ""
    if day.closed == ADJUSTING:
        return ADJUSTING
    if day.windows:
        return "暂无节目"
    return CLOSED[kind] if day.closed in _NO_REASON else f"{CLOSED[kind]}（{day.closed}）"


def is_film(slot: Slot) -> bool:
    """Whether people would look for it; not an event, and nothing that is made of words alone."""
    return slot.kind == "lesson" and not slot.is_bare


def minutes_of(moment: datetime, day: date) -> int:
    """From the day's midnight on the clock."""
    return int((moment.replace(tzinfo=None) - datetime.combine(day, time())) / timedelta(minutes=1))


def _day(day: Day, kind: str) -> DigestDay:
    return DigestDay(
        date=day.date,
        opening=tuple(span(window.start, window.end, day.date) for window in day.windows),
        minutes=tuple((minutes_of(one.start, day.date), minutes_of(one.end, day.date)) for one in day.windows),
        empty=said_of_empty(day, kind),
        reason="" if day.windows or day.closed in _NO_REASON else day.closed,
    )


def _events(day: Day) -> Iterator[DigestEvent]:
    """What is held on a day, and the times in which one lesson takes the programme over."""
    for taken, slots in groupby(day.slots, key=lambda slot: slot.kind == "lesson" and slot.block == BLOCK):
        if taken:
            yield _takeover(tuple(slots), day.date)
        else:
            yield from (_event(slot, day.date) for slot in slots if slot.kind != "lesson")


def _takeover(slots: Sequence[Slot], day: date) -> DigestEvent:
    titles = "".join(map(quoted, dict.fromkeys(slot.title for slot in slots)))
    begin, end = slots[0].start, slots[-1].end
    return DigestEvent(
        date=day,
        kind="activity",
        label=BLOCK,
        title=titles,
        note="",
        time=span(begin, end, day),
        begin=minutes_of(begin, day),
        end=minutes_of(end, day),
    )


def _event(slot: Slot, day: date) -> DigestEvent:
    kind, label, title = named_event(slot)
    return DigestEvent(
        date=day,
        kind=kind,
        label=label,
        title=title,
        note=slot.note,
        time=span(slot.start, slot.end, day),
        begin=minutes_of(slot.start, day),
        end=minutes_of(slot.end, day),
    )


def _lessons(schedule: Schedule, known: frozenset[str] | None) -> Iterator[DigestLesson]:
    shown: dict[str, list[tuple[date, Slot]]] = {}
    for day in schedule.days:
        for slot in day.slots:
            if is_film(slot):
                shown.setdefault(slot.lesson or slot.title, []).append((day.date, slot))
    for lesson, found in shown.items():
        _, first = found[0]
        plain = {"lesson": lesson, "title": first.title, "series": first.series}
        if known is None or {lesson, first.sha256} & known:
            yield DigestLesson(**plain)
        else:
            times = tuple(_first_times(found))[:_MOST_TIMES]
            yield DigestLesson(**plain, fresh=True, times=times, more=len(found) - len(times))


def _first_times(found: Sequence[tuple[date, Slot]]) -> Iterator[str]:
    firsts: Mapping[date, Slot] = dict(reversed(found))
    for day in sorted(firsts):
        yield f"{weekday(day)} {starts_at(firsts[day].start, day)}"
