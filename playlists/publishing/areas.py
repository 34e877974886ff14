"""The pages of a town, of the county and of a day, out of what is said of each venue in short. Pure.

What is the same at many venues is told once: hours, days without programme, events.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from playlists.publishing.condense import quoted
from playlists.publishing.digest import KINDS, DigestEvent, DigestLesson, VenueDigest
from playlists.publishing.pages import PageRules, event_note, new_lesson
from playlists.publishing.wording import date_label, day_name, weekdays
from playlists.schedules.schedule import monday_of
from templates.pages.week import (
    CountyPage,
    DayName,
    DayPicture,
    EventNote,
    HoursLine,
    NewLesson,
    Place,
    TownPage,
    VenueLine,
    WeekHead,
)

COUNTY_SLUG = "county"
# For venues of no town; not a name that a town has.
NO_TOWN = "未分乡镇"
_NO_SLUG = "other"


@dataclass(frozen=True, slots=True)
class Area:
    """A town, or the whole county: its venues, in the order of venues.csv.

    Attributes:
        slug: names its files; "" for the county.
    """

    slug: str
    name: str
    venues: tuple[VenueDigest, ...]


def towns_of(venues: Sequence[VenueDigest]) -> tuple[Area, ...]:
    """The towns in the order in which they first appear; venues without a town come last."""
    found: dict[str, list[VenueDigest]] = {}
    for one in venues:
        found.setdefault(one.town, []).append(one)
    homeless = found.pop("", [])
    towns = [Area(town_slug(name), name, tuple(own)) for name, own in found.items()]
    return (*towns, *([Area(_NO_SLUG, NO_TOWN, tuple(homeless))] if homeless else ()))


def town_slug(name: str) -> str:
    """What the files of a town are called: the town, as far as it may name a file."""
    from courseware.files import safe_name

    return safe_name(name) if name else _NO_SLUG


def plan_town(area: Area, head: WeekHead, rules: PageRules, numbers: Mapping[str, int]) -> TownPage:
    """The week of a town.

    Args:
        numbers: venue → its place in the search index.
    """
    return TownPage(
        slug=area.slug,
        name=area.name,
        head=head,
        days=_days(rules),
        hours=tuple(_hours(area.venues)),
        off=tuple(_off(area.venues, monday_of(rules.week))),
        events=tuple(merged_events(area.venues)),
        news=tuple(_news(area.venues, rules)),
        venues=tuple(
            VenueLine(one.venue, one.name, one.kind, one.hours, numbers[one.venue], bool(one.changes))
            for one in area.venues
        ),
    )


def plan_county(area: Area, towns: Sequence[TownPage], head: WeekHead, rules: PageRules) -> CountyPage:
    """The week of the county, its towns first."""
    return CountyPage(
        slug=COUNTY_SLUG,
        county=area.name,
        head=head,
        days=_days(rules),
        hours=tuple(_hours(area.venues)),
        off=tuple(_off(area.venues, monday_of(rules.week))),
        events=tuple(merged_events(area.venues)),
        news=tuple(_news(area.venues, rules)),
        towns=tuple(towns),
        venues=len(area.venues),
    )


def plan_day(area: Area, number: int, head: WeekHead, rules: PageRules) -> DayPicture:
    """A day (Monday is 0) of a town or of the county."""
    day = _days(rules)[number]
    own = [replace_days(one, number) for one in area.venues]
    return DayPicture(
        name=area.name,
        head=replace(head, changes=()),
        day=day,
        hours=tuple(_day_hours(area.venues, number)),
        off=tuple(_off(own, monday_of(rules.week) + timedelta(days=number))),
        events=tuple(one for one in merged_events(area.venues) if one.day.iso == day.iso),
        news=tuple(_news_of_day(area.venues, rules, day)),
        venues=len(area.venues),
    )


def replace_days(venue: VenueDigest, number: int) -> VenueDigest:
    """The venue with that day alone."""
    return venue.model_copy(update={"days": (venue.days[number],)})


def merged_events(venues: Iterable[VenueDigest]) -> Iterator[EventNote]:
    """What is held, in order of time; the same thing at the same time is told once, with all its places."""
    found: dict[tuple[date, int, str, str, str], list[tuple[VenueDigest, DigestEvent]]] = {}
    for venue in venues:
        for event in venue.events:
            key = (event.date, event.begin, event.label, event.title, event.time)
            found.setdefault(key, []).append((venue, event))
    for _, held in sorted(found.items(), key=lambda item: item[0]):
        yield _merged(held)


def _merged(held: Sequence[tuple[VenueDigest, DigestEvent]]) -> EventNote:
    _, first = held[0]
    notes = {event.note for _, event in held}
    together = event_note(first, place_of([venue for venue, _ in held]))
    places = tuple(Place(venue.venue, venue.name, event.note if len(notes) > 1 else "") for venue, event in held)
    return replace(together, note=first.note if len(notes) == 1 else "", places=places)


def place_of(venues: Sequence[VenueDigest]) -> str:
    """In a few words: "人民广场", or "100个广场、3个站点"."""
    if len(venues) <= 2:  # noqa: PLR2004  (two names are as short as a number)
        return "、".join(one.name for one in venues)
    counted = Counter(one.kind for one in venues)
    return "、".join(f"{counted[kind]}个{kind}" for kind in KINDS.values() if kind in counted)


def _days(rules: PageRules) -> tuple[DayName, ...]:
    monday = monday_of(rules.week)
    return tuple(day_name(monday + timedelta(days=number)) for number in range(7))


def _hours(venues: Iterable[VenueDigest]) -> Iterator[HoursLine]:
    """How many venues of each kind are open when; what most share comes first."""
    counted = Counter((one.kind, "；".join(one.hours)) for one in venues if any(day.opening for day in one.days))
    yield from (HoursLine(kind, hours, count) for (kind, hours), count in counted.most_common())


def _day_hours(venues: Iterable[VenueDigest], number: int) -> Iterator[HoursLine]:
    counted = Counter((one.kind, "、".join(one.days[number].opening)) for one in venues if one.days[number].opening)
    yield from (HoursLine(kind, hours, count) for (kind, hours), count in counted.most_common())


def _off(venues: Sequence[VenueDigest], first: date) -> Iterator[str]:
    """Days that the calendar closes, one line for each reason and stretch: "2月16日—17日考试：206个站点不播放"."""
    shut: dict[tuple[str, str], Counter[date]] = {}
    for venue in venues:
        for day in venue.days:
            if day.reason:
                shut.setdefault((day.reason, venue.kind), Counter())[day.date] += 1
    for (reason, kind), counted in shut.items():
        days = sorted(counted.items())
        for count, stretch in groupby(days, key=lambda pair: pair[1]):
            numbers = [(day - first).days for day, _ in stretch]
            dates = "、".join(date_label(first + timedelta(days=number)) for number in numbers)
            names = f"（{weekdays([(first.weekday() + number) % 7 for number in numbers])}）"
            yield f"{dates}{names}{reason}：{count}个{kind}不播放"


def _news(venues: Iterable[VenueDigest], rules: PageRules) -> Iterator[NewLesson]:
    """The lessons that none of the venues had before; with times where these are the same everywhere."""
    found: dict[str, list[DigestLesson]] = {}
    for venue in venues:
        for one in venue.lessons:
            found.setdefault(one.lesson, []).append(one)
    fresh = [same for same in found.values() if all(one.fresh for one in same)]
    for same in sorted(fresh, key=lambda same: (-len(same), same[0].title)):
        alike = all(one.times == same[0].times for one in same)
        yield replace(new_lesson(same[0], rules), times=same[0].times if alike else (), more=0, places=len(same))


def _news_of_day(venues: Iterable[VenueDigest], rules: PageRules, day: DayName) -> Iterator[NewLesson]:
    for lesson in _news(venues, rules):
        times = tuple(time for time in lesson.times if time.startswith(day.weekday))
        if times:
            yield replace(lesson, times=times)


def spelled(name: str) -> str:
    """The pinyin of a name without tones, and its initials: "renminguangchang rmgc"."""
    from pypinyin import lazy_pinyin

    syllables = [part.lower() for part in lazy_pinyin(name) if part.isascii()]
    return f"{''.join(syllables)} {''.join(part[0] for part in syllables if part)}"


def search_index(areas: Sequence[Area], rules: PageRules, read: Callable[[str], str] = spelled) -> dict[str, object]:
    """What the search of the county's page knows, as its script reads it.

    venues: [id, name, town, pinyin, kind, hours]; towns: [slug, name, pinyin]; hours: for each of the seven days
    windows in minutes; lessons: [title, series, pinyin, bits of the venues, in hexadecimal]. A pinyin is
    "full initials".

    Args:
        read: how a name is read.
    """
    patterns: dict[tuple[tuple[tuple[int, int], ...], ...], int] = {}
    venues: list[list[object]] = []
    shown: dict[str, tuple[str, str, int]] = {}
    for town, area in enumerate(areas):
        for venue in area.venues:
            hours = patterns.setdefault(tuple(day.minutes for day in venue.days), len(patterns))
            for lesson in venue.lessons:
                tag = rules.tag(lesson.series)
                title, series, bits = shown.get(lesson.lesson, (lesson.title, tag.name if tag else "", 0))
                shown[lesson.lesson] = (title, series, bits | 1 << len(venues))
            venues.append([venue.venue, venue.name, town, read(venue.name), venue.kind, hours])
    return {
        "monday": monday_of(rules.week).isoformat(),
        "towns": [[area.slug, area.name, read(area.name)] for area in areas],
        "venues": venues,
        "hours": [list(pattern) for pattern in patterns],
        "lessons": [
            [quoted(title), series, read(f"{title}{series}"), f"{bits:x}"] for title, series, bits in shown.values()
        ],
    }
