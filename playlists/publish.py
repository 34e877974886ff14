"""Publish a week: turn schedules into page models, in Chinese, and write each page as HTML, PDF and PNG.

What plays is never decided here, and what the planner could not fill is kept in the model but not printed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import chain, groupby
from pathlib import Path

from courseware.errors import InputError, Problem, text
from courseware.files import replacing, write_text
from courseware.series import BUILT_IN_SERIES, Series
from courseware.settings import Office
from playlists.schedule import Day, Schedule, Slot, Window
from playlists.wording import date_label, hours, span, to_the_second, week_label, weekday, weekdays
from templates import pages
from templates.pages import (
    Cell,
    CountyPage,
    DayPage,
    Entry,
    EntryKind,
    Event,
    Imprint,
    Page,
    Part,
    Showing,
    Tag,
    Totals,
    VenuePage,
    VenueRow,
)

COUNTY_SLUG = "county"
# Names the county's own files have.
_TAKEN = {"index", COUNTY_SLUG}
_KINDS = {"square": "广场", "station": "站点", "centre": "培训中心"}
_CLOSED = {"square": "休息", "station": "休息", "centre": "闭馆"}
_EVENTS = {"lecture": "宣讲", "activity": "活动"}
_NO_SERIES = "#6B5D52"

# A day is listed showing by showing while that stays readable on a wall; beyond it, block by block.
_MOST_ROWS = 12
_SHORTEST_ROW_S = 60
# So many titles stand in one line of the table; the others are in the list to the second.
_MOST_TITLES = 12
# More stretches than this in one window mean that blocks take turns.
_MOST_STRETCHES = 6
# Shorter pauses do not split a block.
_PAUSE = timedelta(minutes=5)


def publish_week(
    schedules: Sequence[Schedule],
    office: Office,
    target: Path,
    progress: Callable[[str], None] | None = None,
    series: Sequence[Series] = BUILT_IN_SERIES,
) -> tuple[Path, ...]:
    """Write <venue>.html, .pdf, .png for each schedule, and index.html, county.pdf, county.png.

    Args:
        schedules: of one week, one per venue.
        office: printed at the foot.
        target: folder of the week; made when missing. Other files in it are left alone.
        progress: told the name of each file just written.
        series: for the colours of the tags.

    Returns:
        The files, three per page, venues first.

    Raises:
        InputError: no schedule at all, or a venue whose name the county's own pages have.
        ToolError: a page cannot be typeset.
    """
    _refuse(schedules)
    written: list[Path] = []
    for page in plan_pages(schedules, office, series):
        for path, content in _outputs(page, target):
            _write(path, content())
            written.append(path)
            if progress:
                progress(path.name)
    return tuple(written)


def plan_pages(schedules: Sequence[Schedule], office: Office, series: Sequence[Series]) -> tuple[Page, ...]:
    """Everything that will be printed: a page per venue, squares first, then the county's."""
    imprint = Imprint(office.name, office.county, office.phone, office.url)
    colours = {one.name: one.colour for one in series}
    order = list(_KINDS)
    ordered = sorted(schedules, key=lambda schedule: order.index(schedule.kind))
    venues = tuple(plan_venue(schedule, imprint, colours) for schedule in ordered)
    return (*venues, plan_county(ordered, venues, imprint))


def plan_venue(schedule: Schedule, imprint: Imprint, colours: dict[str, str]) -> VenuePage:
    """A venue's week in words.

    Args:
        colours: series name → "#RRGGBB"; others are grey.
    """
    days = tuple(_day_page(day, _CLOSED[schedule.kind], colours) for day in schedule.days)
    slots = [slot for day in schedule.days for slot in day.slots]
    tags = (_tag(slot.series, colours) for slot in slots)
    return VenuePage(
        slug=schedule.venue,
        name=schedule.venue_name,
        kind=_KINDS[schedule.kind],
        place=_place(schedule),
        week=week_label(schedule.week),
        days=days,
        alike=_alike(days),
        events=tuple(event for _, event in _event_slots(schedule)),
        tags=tuple(dict.fromkeys(tag for tag in tags if tag)),
        totals=_totals(schedule.days),
        imprint=imprint,
        gaps=tuple(f"{gap.start:%Y-%m-%d %H:%M:%S} {gap.seconds}s {gap.reason}" for gap in schedule.gaps),
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


def unfilled(schedules: Iterable[Schedule]) -> tuple[Problem, ...]:
    """What the planner could not fill, for the office's eyes: the pages do not show it."""
    return tuple(
        Problem(
            f"{schedule.venue} {gap.start:%Y-%m-%d %H:%M:%S}",
            text("{seconds} seconds stay empty: {reason}", seconds=gap.seconds, reason=gap.reason),
        )
        for schedule in schedules
        for gap in schedule.gaps
    )


def _refuse(schedules: Sequence[Schedule]) -> None:
    if not schedules:
        raise InputError(Problem("schedules", text("there is no schedule to publish; plan the week first")))
    if len({schedule.week for schedule in schedules}) > 1:
        raise ValueError("schedules of more than one week")
    problems = [
        Problem(schedule.venue, text("a venue may not have this id, the county's pages use it; choose another"))
        for schedule in schedules
        if schedule.venue.casefold() in _TAKEN
    ]
    if problems:
        raise InputError(*problems)


def _outputs(page: Page, target: Path) -> Iterator[tuple[Path, Callable[[], str | bytes]]]:
    html = "index" if isinstance(page, CountyPage) else page.slug
    yield target / f"{html}.html", lambda: pages.dump_html(page)
    yield target / f"{page.slug}.pdf", lambda: pages.make_pdf(page)
    yield target / f"{page.slug}.png", lambda: pages.make_png(page)


def _write(path: Path, content: str | bytes) -> None:
    if isinstance(content, str):
        write_text(path, content)
        return
    with replacing(path) as scratch:
        scratch.write_bytes(content)


def _day_page(day: Day, closed: str, colours: dict[str, str]) -> DayPage:
    empty = "" if day.slots else ("暂无节目" if day.windows else closed)
    return DayPage(
        date=date_label(day.date),
        weekday=weekday(day.date),
        opening=tuple(span(window.start, window.end, day.date) for window in day.windows),
        empty=empty,
        entries=tuple(_entries(day, colours)),
        showings=tuple(_showing(slot, day.date, colours) for slot in day.slots),
    )


def _alike(days: Sequence[DayPage]) -> tuple[tuple[int, ...], ...]:
    groups: dict[tuple[object, ...], list[int]] = {}
    for number, day in enumerate(days):
        groups.setdefault((bool(day.empty), day.empty, day.opening, day.entries), []).append(number)
    # Closed days come last: what plays is what people look for.
    ordered = sorted(groups.items(), key=lambda group: group[0][0] is True)
    return tuple(tuple(numbers) for _, numbers in ordered)


def _entries(day: Day, colours: dict[str, str]) -> Iterator[Entry]:
    stretches = list(_stretches(day))
    rows = sum(len(stretch) for stretch in stretches if _is_short(stretch))
    for stretch in stretches:
        if stretch[0].kind != "lesson":
            yield _event_entry(stretch[0], day.date)
        elif rows <= _MOST_ROWS and _is_short(stretch):
            yield from (_lessons_entry([one], day.date, colours, labelled=one is stretch[0]) for one in stretch)
        else:
            yield _lessons_entry(stretch, day.date, colours, labelled=True)


def _is_short(stretch: Sequence[Slot]) -> bool:
    """Whether its lessons can be listed one by one."""
    if stretch[0].kind != "lesson":
        return False
    return len(stretch) <= _MOST_ROWS and all(slot.seconds >= _SHORTEST_ROW_S for slot in stretch)


def _stretches(day: Day) -> Iterator[list[Slot]]:
    """The day's slots in order, cut at events, windows, pauses and blocks."""
    for run in _runs(day):
        stretches = [list(found) for _, found in groupby(_named(run), key=lambda named: named[0])]
        if len(stretches) > _MOST_STRETCHES:
            stretches = _merged_turns(stretches)
        yield from ([slot for _, slot in stretch] for stretch in stretches)


def _runs(day: Day) -> Iterator[list[Slot]]:
    run: list[Slot] = []
    for slot in day.slots:
        if run and _cuts(run[-1], slot, day.windows):
            yield run
            run = []
        run.append(slot)
    if run:
        yield run


def _cuts(before: Slot, after: Slot, windows: Sequence[Window]) -> bool:
    between = any(before.end <= window.start <= after.start for window in windows)
    events = before.kind != "lesson" or after.kind != "lesson"
    return between or events or after.start - before.end >= _PAUSE


def _named(run: Sequence[Slot]) -> Iterator[tuple[str, Slot]]:
    """Each slot with its block; one without a block belongs to the block before it."""
    block = ""
    for slot in run:
        block = slot.block or block
        yield block, slot


def _merged_turns(stretches: list[list[tuple[str, Slot]]]) -> list[list[tuple[str, Slot]]]:
    """Make one stretch of everything from a block's first showing to its last."""
    merged: list[list[tuple[str, Slot]]] = []
    for stretch in stretches:
        merged.append(stretch)
        for index, earlier in enumerate(merged[:-1]):
            if any(block == stretch[0][0] for block, _ in earlier):
                merged[index:] = [list(chain.from_iterable(merged[index:]))]
                break
    return merged


def _event_entry(slot: Slot, day: date) -> Entry:
    part = Part(None, (slot.title,))
    kind: EntryKind = "lecture" if slot.kind == "lecture" else "activity"
    return Entry(kind, span(slot.start, slot.end, day), _EVENTS[kind], (part,), note=slot.note)


def _lessons_entry(slots: Sequence[Slot], day: date, colours: dict[str, str], *, labelled: bool) -> Entry:
    titles = list(dict.fromkeys((slot.series, slot.title) for slot in slots))
    looped = len(slots) > len(titles)
    shown = _of_loop(titles, colours) if looped else titles[:_MOST_TITLES]
    blocks = "、".join(dict.fromkeys(slot.block for slot in slots if slot.block))
    # A block that is called like its only series would be printed twice.
    named = labelled and {series for series, _ in shown} != {blocks}
    return Entry(
        kind="lessons",
        time=span(slots[0].start, slots[-1].end, day),
        label=blocks if named else "",
        parts=_parts(shown, colours),
        showings=len(slots),
        looped=looped,
        titles=len(titles),
        more=len(titles) > len(shown),
    )


def _parts(titles: Sequence[tuple[str, str]], colours: dict[str, str]) -> tuple[Part, ...]:
    by_series: dict[str, list[str]] = {}
    for series, title in titles:
        by_series.setdefault(series, []).append(_quoted(title))
    return tuple(Part(_tag(series, colours), tuple(found)) for series, found in by_series.items())


def _of_loop(titles: Sequence[tuple[str, str]], colours: dict[str, str]) -> list[tuple[str, str]]:
    """What is printed of a loop: as many of each series as there is room for, in a fixed order.

    Where a loop begins tells nobody anything; in a fixed order, days that are alike look alike.
    """
    known = list(colours)
    ordered = sorted(titles, key=lambda found: (known.index(found[0]) if found[0] in known else len(known), found))
    turns: Counter[str] = Counter()
    ranked = []
    for place, found in enumerate(ordered):
        ranked.append((turns[found[0]], place))
        turns[found[0]] += 1
    return [ordered[place] for _, place in sorted(sorted(ranked)[:_MOST_TITLES], key=lambda pair: pair[1])]


def _showing(slot: Slot, day: date, colours: dict[str, str]) -> Showing:
    time = to_the_second(slot.start, day)
    if slot.kind == "lesson":
        return Showing("lessons", time, _quoted(slot.title), _tag(slot.series, colours))
    return Showing(slot.kind, time, slot.title, None)


def _event_slots(schedule: Schedule) -> Iterator[tuple[Slot, Event]]:
    for day in schedule.days:
        for slot in day.slots:
            if slot.kind != "lesson":
                yield slot, _event(slot, day.date, schedule.venue_name)


def _event(slot: Slot, day: date, venue: str) -> Event:
    kind: EntryKind = "lecture" if slot.kind == "lecture" else "activity"
    time = span(slot.start, slot.end, day)
    return Event(kind, _EVENTS[kind], date_label(day), weekday(day), time, slot.title, slot.note, venue)


def _totals(days: Sequence[Day]) -> Totals:
    slots = [slot for day in days for slot in day.slots]
    lessons = [slot for slot in slots if slot.kind == "lesson"]
    return Totals(
        days=sum(bool(day.windows or day.slots) for day in days),
        hours=hours(sum(window.seconds for day in days for window in day.windows)),
        showings=len(lessons),
        titles=len({(slot.lesson, slot.title) for slot in lessons}),
        lectures=sum(slot.kind == "lecture" for slot in slots),
        activities=sum(slot.kind == "activity" for slot in slots),
    )


def _row(schedule: Schedule, page: VenuePage) -> VenueRow:
    return VenueRow(
        slug=schedule.venue,
        name=schedule.venue_name,
        kind=page.kind,
        town=schedule.town,
        summary=tuple(_summary(page.days)) or (_CLOSED[schedule.kind],),
        cells=tuple(_cell(day, found, page.name) for day, found in zip(schedule.days, page.days, strict=True)),
        totals=page.totals,
    )


def _cell(day: Day, page: DayPage, venue: str) -> Cell:
    events = tuple(_event(slot, day.date, venue) for slot in day.slots if slot.kind != "lesson")
    return Cell(page.opening, len(day.slots) - len(events), events, page.empty)


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


def _tag(name: str, colours: dict[str, str]) -> Tag | None:
    return Tag(name, colours.get(name, _NO_SERIES)) if name else None


def _quoted(title: str) -> str:
    return title if title.startswith("《") and title.endswith("》") else f"《{title}》"
