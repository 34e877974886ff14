"""The files of a published week: what each is called, what it is made of, and how. Writes nothing."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Literal

from courseware.lessons.series import Series
from courseware.lessons.settings import Office
from playlists.publishing.areas import (
    COUNTY_SLUG,
    Area,
    place_of,
    plan_county,
    plan_day,
    plan_town,
    search_index,
    towns_of,
)
from playlists.publishing.editions import Announced, EditionBook, merged_changes
from playlists.publishing.messages.corrections import correction_message
from playlists.publishing.messages.towns import town_message
from playlists.publishing.pages import PageRules, page_rules, plan_venue
from templates.pages.looks import (
    INDEX,
    SCRIPT,
    STYLE,
    as_json,
    dump_html,
    picture_of,
    poster_of,
    script,
    style_sheet,
)
from templates.pages.typeset import Sheet, tools_key
from templates.pages.week import CorrectionPage, CountyPage, TownPage, VenuePage, WeekHead

OutputKind = Literal["pages", "posters", "images"]
KINDS_OF_OUTPUT: tuple[OutputKind, ...] = ("pages", "posters", "images")
TOWNS, DAYS = "towns", "days"


@dataclass(frozen=True, slots=True)
class WeekFile:
    """A file of the week.

    Attributes:
        name: seen from the folder of the week, with "/".
        source: the key of all that it is made of.
        make: its text, or what is to be typeset.
        venue: whose it is; "" for those of towns and of the county.
    """

    name: str
    kind: OutputKind
    source: str
    make: Callable[[], str | Sheet]
    venue: str = ""


@dataclass(frozen=True)
class PublishedCounty:
    """A county's week with everything that its files are made of."""

    venues: tuple[Announced, ...]
    book: EditionBook
    rules: PageRules
    series: tuple[Series, ...]

    @cached_property
    def county(self) -> Area:
        """All venues."""
        return Area("", self.rules.imprint.county, tuple(one.digest for one in self.venues))

    @cached_property
    def towns(self) -> tuple[Area, ...]:
        """The venues by town."""
        return towns_of(self.county.venues)

    @cached_property
    def base(self) -> str:
        """The key of what all files share: templates, fonts, tools, office, series."""
        return _key(tools_key(), repr(self.rules), repr(self.series))

    def members(self, area: Area) -> tuple[Announced, ...]:
        """The venues of an area."""
        own = {one.venue for one in area.venues}
        return tuple(one for one in self.venues if one.digest.venue in own)

    def key(self, area: Area) -> str:
        """The key of what is said of an area."""
        said = (f"{one.digest.venue} {one.key} {one.latest}" for one in self.members(area))
        return _key(self.base, area.name, str(self._number(area)), *said)

    def head(self, area: Area) -> WeekHead:
        """The edition of an area's pages, and what it changed."""
        members = self.members(area)
        told = tuple(merged_changes(members)) if self.book.last.number > 1 else ()
        grey = any(venue.grey for venue in area.venues)
        return self.rules.head(self.book.edition(self._number(area)), tuple(_summed_up(told)), grey=grey)

    def _number(self, area: Area) -> int:
        return max(one.edition.number for one in self.members(area)) if area.slug else self.book.last.number

    @cached_property
    def town_pages(self) -> tuple[TownPage, ...]:
        """A page for each town."""
        numbers = {one.venue: number for number, one in enumerate(v for town in self.towns for v in town.venues)}
        return tuple(plan_town(area, self.head(area), self.rules, numbers) for area in self.towns)

    @cached_property
    def county_page(self) -> CountyPage:
        """The page of all towns."""
        return plan_county(self.county, self.town_pages, self.head(self.county), self.rules)

    @cached_property
    def correction(self) -> CorrectionPage:
        """The notice of what the last edition changed."""
        told = tuple((place_of(venues), changes) for changes, venues in merged_changes(self.venues))
        return CorrectionPage(self.head(self.county), self.rules.imprint.county, told)


def gather_county(
    venues: Sequence[Announced], book: EditionBook, office: Office, series: Sequence[Series], *, draft: bool = False
) -> PublishedCounty:
    """All that the files of a week are made of."""
    return PublishedCounty(tuple(venues), book, page_rules(book.week, office, series, draft=draft), tuple(series))


def outputs_of(county: PublishedCounty) -> Iterator[WeekFile]:
    """The files of the week: of venues, towns, days, of the county, and what the pages share."""
    for one in county.venues:
        yield from _of_venue(county, one)
    for number, area in enumerate(county.towns):
        yield from _of_town(county, area, number)
    yield from _of_days(county)
    yield from _of_county(county)
    if county.book.last.number > 1 and any(merged_changes(county.venues)):
        yield from _of_correction(county)
    yield from _shared(county)


def _of_venue(county: PublishedCounty, one: Announced) -> Iterator[WeekFile]:
    venue = one.digest.venue
    source = _key(county.base, one.key, one.edition.at)
    made: list[VenuePage] = []

    def page() -> VenuePage:
        if not made:
            made.append(plan_venue(one.load(), one.edition, county.rules, one.digest))
        return made[0]

    yield WeekFile(f"{venue}.html", "pages", source, lambda: dump_html(page()), venue)
    yield WeekFile(f"{venue}.pdf", "posters", source, lambda: poster_of(page()), venue)
    yield WeekFile(f"{venue}.png", "images", source, lambda: picture_of(page()), venue)


def _of_town(county: PublishedCounty, area: Area, number: int) -> Iterator[WeekFile]:
    source = county.key(area)
    name = f"{TOWNS}/{area.slug}"
    yield WeekFile(f"{name}.html", "pages", source, lambda: dump_html(county.town_pages[number], home="../"))
    yield WeekFile(f"{name}.txt", "pages", source, lambda: town_message(county.town_pages[number]))
    yield WeekFile(f"{name}.pdf", "posters", source, lambda: poster_of(county.town_pages[number]))


def _of_days(county: PublishedCounty) -> Iterator[WeekFile]:
    for area in (county.county, *county.towns):
        source, end = county.key(area), f"-{area.slug}" if area.slug else ""
        for number, day in enumerate(county.county.venues[0].days):
            make = partial(_picture_of_day, county, area, number)
            yield WeekFile(f"{DAYS}/{day.date}{end}.png", "images", source, make)


def _picture_of_day(county: PublishedCounty, area: Area, number: int) -> Sheet:
    """A picture that was sent around stays what it is, and says so, until its own day changes."""
    last = max(one.day_number(number) for one in county.members(area))
    head = replace(county.head(area), edition=county.book.edition(last))
    return picture_of(plan_day(area, number, head, county.rules))


def _of_county(county: PublishedCounty) -> Iterator[WeekFile]:
    source = county.key(county.county)
    yield WeekFile("index.html", "pages", source, lambda: dump_html(county.county_page))
    yield WeekFile(f"{COUNTY_SLUG}.pdf", "posters", source, lambda: poster_of(county.county_page))
    yield WeekFile(f"{COUNTY_SLUG}.png", "images", source, lambda: picture_of(county.county_page))


def _of_correction(county: PublishedCounty) -> Iterator[WeekFile]:
    source = county.key(county.county)
    yield WeekFile("correction.html", "pages", source, lambda: dump_html(county.correction))
    yield WeekFile("correction.txt", "pages", source, lambda: correction_message(county.correction))
    yield WeekFile("correction.pdf", "posters", source, lambda: poster_of(county.correction))
    yield WeekFile("correction.png", "images", source, lambda: picture_of(county.correction))


def _shared(county: PublishedCounty) -> Iterator[WeekFile]:
    yield WeekFile(STYLE, "pages", county.base, lambda: style_sheet(county.series))
    yield WeekFile(SCRIPT, "pages", county.base, script)
    # Reading aloud what may be sought takes longer than all else of it.
    unread = search_index(county.towns, county.rules, read=str)
    yield WeekFile(INDEX, "pages", _key(county.base, as_json(unread)), lambda: _index(county))


def _index(county: PublishedCounty) -> str:
    return f"window.yuanjiao={as_json(search_index(county.towns, county.rules))};\n"


def _summed_up(told: Sequence[tuple[tuple[str, ...], Sequence[object]]]) -> Iterator[str]:
    """Each change once, what most venues have first, and how many they are."""
    counted: Counter[str] = Counter()
    for changes, venues in told:
        for change in changes:
            counted[change] += len(venues)
    for change, count in counted.most_common():
        yield f"{change}（{count}个场所）" if count > 1 else change


def _key(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
