"""What the pages of a published week show, already in words. Knows nothing of schedules and of how pages look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

EntryKind = Literal["lessons", "lecture", "activity"]


@dataclass(frozen=True, slots=True)
class Imprint:
    """Who publishes, at the foot of every page; phone and url may be empty."""

    office: str
    county: str
    phone: str
    url: str


@dataclass(frozen=True, slots=True)
class Edition:
    """Which edition of a page this is, from 1, and when it was made: "2027年2月8日 15:30"."""

    number: int
    at: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A series, the colour ("#RRGGBB") of its mark, and its class in style sheets."""

    name: str
    colour: str
    style: str = "s"


@dataclass(frozen=True, slots=True)
class DayName:
    """How a day is called: "2027-02-04", "2月4日", "星期四", "腊月廿八"; the solar term that begins on it, or ""."""

    iso: str
    label: str
    weekday: str
    lunar: str = ""
    term: str = ""


@dataclass(frozen=True, slots=True)
class SeriesTitles:
    """Titles of one series inside an entry, as printed; tag is None for what has no series."""

    tag: Tag | None
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PrintedShowing:
    """One slot; `time` is "18:30:00" in a list to the second, "18:30" in a line of the table."""

    kind: EntryKind
    time: str
    title: str
    tag: Tag | None


@dataclass(frozen=True, slots=True)
class DayLine:
    """One line of a day's table.

    Attributes:
        time: "18:30–19:10"; "18:30–约19:10" where an end floats by minutes.
        label: the block, or 宣讲 or 活动; may be empty.
        parts: every title once, by series; what is looped is in a fixed order, the rest in order of first showing.
            Empty where `singles` or `whole` says it.
        note: for events, e.g. who speaks.
        showings: how many showings the line stands for; two lines that differ in nothing else read the same.
        looped: whether titles are shown more than once.
        titles: how many different titles there are.
        more: whether they are too many to be named here; `parts` then has the series without titles.
        singles: each showing, where they are few and long enough to be waited for.
        whole: whether it loops all lessons of the week.
        begin, end: minutes from the day's midnight, for the reader's clock.
    """

    kind: EntryKind
    time: str
    label: str
    parts: tuple[SeriesTitles, ...]
    note: str = ""
    showings: int = field(default=1, compare=False)
    looped: bool = False
    titles: int = field(default=1, compare=False)
    more: bool = False
    singles: tuple[PrintedShowing, ...] = ()
    whole: bool = False
    begin: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Listed:
    """A lesson in the list of the week; `length` is "5分30秒"."""

    title: str
    length: str


@dataclass(frozen=True, slots=True)
class SeriesShelf:
    """The week's lessons of one series; tag is None for those that have none."""

    tag: Tag | None
    lessons: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class NewLesson:
    """A lesson that was not on before this week.

    Attributes:
        times: when it is on, the first of each day: "星期一 18:40"; empty where venues differ.
        more: how many showings there are besides.
        places: at how many venues; 1 on a venue's own page.
    """

    title: str
    tag: Tag | None
    times: tuple[str, ...] = ()
    more: int = 0
    places: int = 1


@dataclass(frozen=True, slots=True)
class DayPage:
    """A day of a venue.

    Attributes:
        opening: "18:30–20:30", one per window.
        empty: what is printed instead of entries (不播放, 无课, 暂无节目); empty when there are entries.
        entries: the table, condensed.
        showings: every slot.
        changed: whether it differs from the edition before.
    """

    name: DayName
    opening: tuple[str, ...]
    empty: str
    entries: tuple[DayLine, ...]
    showings: tuple[PrintedShowing, ...]
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Days (Monday is 0) with the same table or none, shown together as `label` says (每天); else as DayPage."""

    days: tuple[int, ...]
    label: str
    opening: tuple[str, ...]
    empty: str
    entries: tuple[DayLine, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A venue that an event is held at; `note` is who speaks there, where venues differ."""

    slug: str
    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class EventNote:
    """A lecture, activity or training, at one venue or at many at the same time.

    Attributes:
        label: 宣讲, 活动 or 培训.
        note: who speaks; "" where venues differ.
        place: the venue's name, or how many: 100个广场.
        places: all of them.
        begin, end: minutes from the day's midnight.
    """

    kind: EntryKind
    label: str
    day: DayName
    time: str
    title: str
    note: str
    place: str
    places: tuple[Place, ...] = ()
    begin: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class WeekHead:
    """What the top and the foot of every page of a week say.

    Attributes:
        week: "2027-W06".
        dates: "2月8日—2月14日（2027年第6周）".
        changes: what is different from the edition before, for this page; empty for a first edition.
        draft, grey: nobody has approved it, which stands on it; it has no colour, as on days of mourning.
    """

    week: str
    dates: str
    imprint: Imprint
    edition: Edition
    changes: tuple[str, ...] = ()
    draft: bool = False
    grey: bool = False


@dataclass(frozen=True, slots=True)
class VenuePage:
    """A venue's week.

    Attributes:
        slug: names the files.
        kind: 广场, 站点 or 培训中心.
        place: county and town.
        town: names the town's page; "" without one.
        opening: in few words, one line per pattern of days: "周一至周五 18:30–20:30".
        groups: every day once; closed days come last.
        brief: the same with one line for each opening window and each event.
        news: the lessons that are new there.
        shelves: the lessons of the week, and how many they are.
    """

    slug: str
    name: str
    kind: str
    place: str
    town: str
    head: WeekHead
    opening: tuple[str, ...]
    days: tuple[DayPage, ...]
    groups: tuple[Group, ...]
    brief: tuple[Group, ...]
    events: tuple[EventNote, ...]
    news: tuple[NewLesson, ...]
    shelves: tuple[SeriesShelf, ...]
    titles: int


@dataclass(frozen=True, slots=True)
class HoursLine:
    """The hours that so many venues of a kind share: "每天 18:30–20:30", of "广场"."""

    kind: str
    hours: str
    venues: int


@dataclass(frozen=True, slots=True)
class VenueLine:
    """A venue in the list of a town; `number` is its place in the search index."""

    slug: str
    name: str
    kind: str
    hours: tuple[str, ...]
    number: int
    changed: bool = False


@dataclass(frozen=True, slots=True)
class TownPage:
    """A town's week; `slug` names its files, `off` has a line for each stretch of days on which nothing is on."""

    slug: str
    name: str
    head: WeekHead
    days: tuple[DayName, ...]
    hours: tuple[HoursLine, ...]
    off: tuple[str, ...]
    events: tuple[EventNote, ...]
    news: tuple[NewLesson, ...]
    venues: tuple[VenueLine, ...]


@dataclass(frozen=True, slots=True)
class CountyPage:
    """The county's week: its towns first, then what all of them share."""

    slug: str
    county: str
    head: WeekHead
    days: tuple[DayName, ...]
    hours: tuple[HoursLine, ...]
    off: tuple[str, ...]
    events: tuple[EventNote, ...]
    news: tuple[NewLesson, ...]
    towns: tuple[TownPage, ...]
    venues: int


@dataclass(frozen=True, slots=True)
class DayPicture:
    """A day of the county or of a town, as a picture for a group of phones."""

    name: str
    head: WeekHead
    day: DayName
    hours: tuple[HoursLine, ...]
    off: tuple[str, ...]
    events: tuple[EventNote, ...]
    news: tuple[NewLesson, ...]
    venues: int


@dataclass(frozen=True, slots=True)
class CorrectionPage:
    """What an edition changed: by place, sentences."""

    head: WeekHead
    county: str
    changes: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class PublishedWeek:
    """A week in the list of all weeks; `first` and `last` are its days, like "2027-02-08"."""

    week: str
    dates: str
    first: str
    last: str
    edition: Edition
    corrected: bool


@dataclass(frozen=True, slots=True)
class HubPage:
    """The page at the address that stays: all published weeks, the newest first; columns, each with its address."""

    county: str
    imprint: Imprint
    weeks: tuple[PublishedWeek, ...]
    columns: Mapping[str, str] = field(default_factory=dict)
