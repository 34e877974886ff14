"""A venue's planned week as the model of the page that tells of it, in Chinese. Pure.

What plays is never decided here, and what the planner could not fill is not printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from courseware.lessons.series import Series
from courseware.lessons.settings import Office
from playlists.publishing.condense import LineRules, PlacedLine, Title, brief_lines, groups_of, lines_of, quoted
from playlists.publishing.digest import (
    ADJUSTING,
    KINDS,
    DigestEvent,
    DigestLesson,
    VenueDigest,
    digest_week,
    is_film,
)
from playlists.publishing.wording import day_name, length, to_the_second, week_label
from playlists.schedules.schedule import Day, Schedule, Slot
from templates.pages.week import (
    DayName,
    DayPage,
    Edition,
    EventNote,
    Imprint,
    Listed,
    NewLesson,
    PrintedShowing,
    SeriesShelf,
    Tag,
    VenuePage,
    WeekHead,
)
from templates.tokens import colour


@dataclass(frozen=True, slots=True)
class PageRules:
    """What all pages of a week are made with.

    Attributes:
        tags: of the known series, in the order in which they are printed; others are grey.
        draft: whether 草稿 stands on every page.
    """

    week: str
    imprint: Imprint
    tags: Mapping[str, Tag]
    draft: bool = False

    def tag(self, series: str) -> Tag | None:
        """The mark of a series; None for what has none."""
        return (self.tags.get(series) or Tag(series, colour("grey"))) if series else None

    def head(self, edition: Edition, changes: Sequence[str] = (), *, grey: bool = False) -> WeekHead:
        """Top and foot of a page of that edition."""
        dates = week_label(self.week)
        return WeekHead(self.week, dates, self.imprint, edition, tuple(changes), self.draft, grey)


def page_rules(week: str, office: Office, series: Sequence[Series], *, draft: bool = False) -> PageRules:
    """The rules for pages of that week."""
    imprint = Imprint(office.name, office.county, office.phone, office.url)
    tags = {one.name: Tag(one.shown, one.colour, f"s{number}") for number, one in enumerate(series)}
    return PageRules(week, imprint, tags, draft)


def plan_venue(
    schedule: Schedule, edition: Edition, rules: PageRules, digest: VenueDigest | None = None
) -> VenuePage:
    """A venue's week in words.

    Args:
        digest: of that week; made when not given, and then nothing is known to be new or changed.
    """
    digest = digest or digest_week(schedule, None)
    slots = [slot for day in schedule.days for slot in day.slots if is_film(slot)]
    lengths = {(slot.series, slot.title): slot.seconds for slot in slots}
    names = dict.fromkeys((*rules.tags, *sorted({series for series, _ in lengths if series})))
    known = LineRules({name: tag for name in names if (tag := rules.tag(name))}, frozenset(lengths))
    lines = lines_of(schedule.days, known)
    days = tuple(
        _day_page(day, found, digest, number, known)
        for number, (day, found) in enumerate(zip(schedule.days, lines, strict=True))
    )
    return VenuePage(
        slug=schedule.venue,
        name=schedule.venue_name,
        kind=KINDS[schedule.kind],
        place=_place(schedule),
        town=schedule.town,
        head=rules.head(edition, digest.changes, grey=digest.grey),
        opening=digest.hours if any(day.opening for day in days) else (),
        days=days,
        groups=groups_of([(day.opening, day.empty, found) for day, found in zip(days, lines, strict=True)]),
        brief=groups_of(
            [
                (page.opening, page.empty, brief_lines(day, found))
                for page, day, found in zip(days, schedule.days, lines, strict=True)
            ]
        ),
        events=tuple(event_note(one, schedule.venue_name) for one in digest.events),
        news=tuple(new_lesson(one, rules) for one in digest.lessons if one.fresh),
        shelves=tuple(_shelves(lengths, known)),
        titles=len({(slot.lesson, slot.title) for slot in slots}),
    )


def adjusting(schedule: Schedule) -> Schedule:
    """The week of a venue as it is published while it may not be: when it is open, and that the programme changes."""
    days = (
        day.model_copy(update={"slots": (), "closed": ADJUSTING}) if day.windows or day.slots else day
        for day in schedule.days
    )
    return schedule.model_copy(update={"days": tuple(days), "gaps": (), "relaxed": ()})


def event_note(event: DigestEvent, place: str, name: DayName | None = None) -> EventNote:
    """An event at one place."""
    return EventNote(
        event.kind,
        event.label,
        name or day_name(event.date),
        event.time,
        event.title,
        event.note,
        place,
        begin=event.begin,
        end=event.end,
    )


def new_lesson(one: DigestLesson, rules: PageRules) -> NewLesson:
    """A lesson that is new at a venue, with its times."""
    return NewLesson(quoted(one.title), rules.tag(one.series), one.times, one.more)


def _day_page(day: Day, lines: Sequence[PlacedLine], digest: VenueDigest, number: int, rules: LineRules) -> DayPage:
    told = digest.days[number]
    return DayPage(
        name=day_name(day.date),
        opening=told.opening,
        empty=told.empty,
        entries=tuple(line.entry for line in lines),
        showings=tuple(_showing(slot, day, rules) for slot in day.slots),
        changed=day.date in digest.changed_days,
    )


def _showing(slot: Slot, day: Day, rules: LineRules) -> PrintedShowing:
    time = to_the_second(slot.start, day.date)
    if slot.kind == "lesson":
        title = slot.title if slot.is_bare else quoted(slot.title)
        return PrintedShowing("lessons", time, title, rules.tags.get(slot.series))
    return PrintedShowing(slot.kind, time, slot.title, None)


def _shelves(lengths: dict[Title, int], rules: LineRules) -> Iterator[SeriesShelf]:
    """The lessons of the week by series, in the order of the tags; what has no series comes last."""
    for series in (*rules.tags, ""):
        found = sorted((title, seconds) for (of, title), seconds in lengths.items() if of == series)
        if found:
            yield SeriesShelf(
                rules.tags.get(series), tuple(Listed(quoted(title), length(one)) for title, one in found)
            )


def _place(schedule: Schedule) -> str:
    # Venue sheets may give the town with or without its county.
    if schedule.town.startswith(schedule.county):
        return schedule.town
    return f"{schedule.county}{schedule.town}"
