"""Planned weeks as the models of the pages that tell of them, in Chinese. Pure.

What plays is never decided here, and what the planner could not fill is not printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from courseware.lessons.series import Series
from courseware.lessons.settings import Office
from playlists.publishing.condense import LineRules, PlacedLine, Title, groups_of, lines_of, named_event, quoted
from playlists.publishing.wording import date_label, hours, length, span, to_the_second, week_label, weekday, weekdays
from playlists.schedules.schedule import Day, Schedule, Slot
from templates.pages.week import (
    CountyPage,
    DayCell,
    DayPage,
    EventNote,
    Imprint,
    Listed,
    Page,
    PrintedShowing,
    SeriesShelf,
    Tag,
    Totals,
    VenuePage,
    VenueSummary,
)

COUNTY_SLUG = "county"
_KINDS = {"square": "广场", "station": "站点", "centre": "培训中心"}
_CLOSED = {"square": "休息", "station": "休息", "centre": "闭馆"}
_NO_SERIES = "#6B5D52"
# For everybody's eyes, in place of a week that may not be shown.
_ADJUSTING = "节目正在调整"


def plan_pages(schedules: Sequence[Schedule], office: Office, series: Sequence[Series]) -> tuple[Page, ...]:
    """Everything that will be printed: a page per venue, squares first, then the county's."""
    imprint = Imprint(office.name, office.county, office.phone, office.url)
    tags = {one.name: Tag(one.shown, one.colour) for one in series}
    order = list(_KINDS)
    ordered = sorted(schedules, key=lambda schedule: order.index(schedule.kind))
    venues = tuple(plan_venue(schedule, imprint, tags) for schedule in ordered)
    return (*venues, plan_county(ordered, venues, imprint))


def plan_venue(schedule: Schedule, imprint: Imprint, tags: dict[str, Tag]) -> VenuePage:
    """A venue's week in words.

    Args:
        tags: of the known series, in the order in which they are printed; others are grey.
    """
    slots = [slot for day in schedule.days for slot in day.slots if _is_film(slot)]
    lengths = {(slot.series, slot.title): slot.seconds for slot in slots}
    names = dict.fromkeys((*tags, *sorted({series for series, _ in lengths if series})))
    known = {name: tags.get(name) or Tag(name, _NO_SERIES) for name in names}
    rules = LineRules(known, frozenset(lengths))
    lines = lines_of(schedule.days, rules)
    closed = _CLOSED[schedule.kind]
    days = tuple(_day_page(*found, closed, rules) for found in zip(schedule.days, lines, strict=True))
    return VenuePage(
        slug=schedule.venue,
        name=schedule.venue_name,
        kind=_KINDS[schedule.kind],
        place=_place(schedule),
        week=week_label(schedule.week),
        opening=tuple(_summary(days)),
        days=days,
        groups=groups_of([(day.opening, day.empty, found) for day, found in zip(days, lines, strict=True)]),
        events=tuple(event for _, event in _event_slots(schedule)),
        shelves=tuple(_shelves(lengths, rules)),
        totals=_totals(schedule.days),
        imprint=imprint,
    )


def plan_county(schedules: Sequence[Schedule], venues: Sequence[VenuePage], imprint: Imprint) -> CountyPage:
    """The overview of all venues; `venues` are the schedules' pages in the same order."""
    days = schedules[0].days
    found = [(slot.start, event) for schedule in schedules for slot, event in _event_slots(schedule)]
    events = sorted(found, key=lambda pair: (pair[0], pair[1].venue))
    return CountyPage(
        slug=COUNTY_SLUG,
        county=imprint.county,
        week=week_label(schedules[0].week),
        heads=tuple((date_label(day.date), weekday(day.date)) for day in days),
        rows=tuple(_row(schedule, page) for schedule, page in zip(schedules, venues, strict=True)),
        events=tuple(event for _, event in events),
        totals=_totals([day for schedule in schedules for day in schedule.days]),
        imprint=imprint,
    )


def adjusting(schedule: Schedule) -> Schedule:
    """The week of a venue as it is published while it may not be: when it is open, and that the programme changes."""
    days = (
        day.model_copy(update={"slots": (), "closed": _ADJUSTING}) if day.windows or day.slots else day
        for day in schedule.days
    )
    return schedule.model_copy(update={"days": tuple(days), "gaps": (), "relaxed": ()})


def _day_page(day: Day, lines: Sequence[PlacedLine], closed: str, rules: LineRules) -> DayPage:
    return DayPage(
        date=date_label(day.date),
        weekday=weekday(day.date),
        opening=tuple(span(window.start, window.end, day.date) for window in day.windows),
        empty=_empty(day, closed),
        entries=tuple(line.entry for line in lines),
        showings=tuple(_showing(slot, day.date, rules) for slot in day.slots),
    )


def _empty(day: Day, closed: str) -> str:
    """What is said of a day on which nothing is on, and why where the calendar says why."""
    if day.slots:
        return ""
    if day.closed == _ADJUSTING:
        return _ADJUSTING
    if day.windows:
        return "暂无节目"
    return closed if day.closed in ("", *_CLOSED.values()) else f"{closed}（{day.closed}）"


def _showing(slot: Slot, day: date, rules: LineRules) -> PrintedShowing:
    time = to_the_second(slot.start, day)
    if slot.kind == "lesson":
        title = slot.title if slot.is_bare else quoted(slot.title)
        return PrintedShowing("lessons", time, title, rules.tags.get(slot.series))
    return PrintedShowing(slot.kind, time, slot.title, None)


def _is_film(slot: Slot) -> bool:
    """Whether people would look for it; not an event, and nothing that is made of words alone."""
    return slot.kind == "lesson" and not slot.is_bare


def _shelves(lengths: dict[Title, int], rules: LineRules) -> Iterator[SeriesShelf]:
    """The lessons of the week by series, in the order of the tags; what has no series comes last."""
    for series in (*rules.tags, ""):
        found = sorted((title, seconds) for (of, title), seconds in lengths.items() if of == series)
        if found:
            yield SeriesShelf(
                rules.tags.get(series), tuple(Listed(quoted(title), length(one)) for title, one in found)
            )


def _event_slots(schedule: Schedule) -> Iterator[tuple[Slot, EventNote]]:
    for day in schedule.days:
        for slot in day.slots:
            if slot.kind != "lesson":
                yield slot, _event(slot, day.date, schedule.venue_name)


def _event(slot: Slot, day: date, venue: str) -> EventNote:
    kind, label, title = named_event(slot)
    time = span(slot.start, slot.end, day)
    return EventNote(kind, label, date_label(day), weekday(day), time, title, slot.note, venue)


def _totals(days: Sequence[Day]) -> Totals:
    slots = [slot for day in days for slot in day.slots]
    lessons = [slot for slot in slots if _is_film(slot)]
    return Totals(
        days=sum(bool(day.windows or day.slots) for day in days),
        hours=hours(sum(window.seconds for day in days for window in day.windows)),
        showings=len(lessons),
        titles=len({(slot.lesson, slot.title) for slot in lessons}),
        lectures=sum(slot.kind == "lecture" for slot in slots),
        activities=sum(slot.kind == "activity" and not slot.is_training for slot in slots),
        trainings=sum(slot.is_training for slot in slots),
    )


def _row(schedule: Schedule, page: VenuePage) -> VenueSummary:
    return VenueSummary(
        slug=schedule.venue,
        name=schedule.venue_name,
        kind=page.kind,
        town=schedule.town,
        summary=tuple(_summary(page.days)) or (_CLOSED[schedule.kind],),
        cells=tuple(_cell(day, found, page.name) for day, found in zip(schedule.days, page.days, strict=True)),
        totals=page.totals,
    )


def _cell(day: Day, page: DayPage, venue: str) -> DayCell:
    events = tuple(_event(slot, day.date, venue) for slot in day.slots if slot.kind != "lesson")
    return DayCell(page.opening, sum(map(_is_film, day.slots)), events, page.empty)


def _summary(days: Sequence[DayPage]) -> Iterator[str]:
    """One line for each pattern of opening windows, like "周一至周五 18:30–20:30"."""
    patterns = dict.fromkeys(day.opening for day in days if day.opening)
    for opening in patterns:
        numbers = [number for number, day in enumerate(days) if day.opening == opening]
        yield f"{weekdays(numbers)} {'、'.join(opening)}"


def _place(schedule: Schedule) -> str:
    # Venue sheets may give the town with or without its county.
    if schedule.town.startswith(schedule.county):
        return schedule.town
    return f"{schedule.county}{schedule.town}"
