"""lecturers.csv, travel.csv, lectures.csv: who gives lectures (宣讲), about what, when, and how long the ways take.

Who goes where is decided in playlists/people.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from courseware.dates import parse_date
from courseware.errors import Problem, text
from courseware.validate import Complaint, not_one_of
from playlists.almanac.days import DayRule, parse_clock, parse_day_rule
from playlists.files.naming import no_venue
from playlists.files.registers import load_register
from playlists.files.rows import WrittenDate, WrittenInt
from playlists.files.venues import Venue
from playlists.schedules.schedule import Slot
from templates.type.printed import Printed

FILE_NAME = "lecturers.csv"
TRAVEL_NAME = "travel.csv"
LECTURES_NAME = "lectures.csv"
# 五讲, in the order in which a venue hears them.
TOPICS = ("讲政策", "讲技术", "讲新风", "讲法治", "讲经验")
_FORMER_TOPICS = {"讲法制": "讲法治"}
RELAYED = "同步转播"
USUAL_PER_WEEK = 3
SAME_TOWN_MIN = 15
OTHER_TOWN_MIN = 60
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "name": ("姓名", "宣讲员", "讲师"),
    "topics": ("宣讲内容", "主题", "五讲"),
    "unit": ("单位", "所在单位", "工作单位"),
    "post": ("职务", "职称", "职务职称"),
    "town": ("镇", "乡镇", "镇办", "所在镇"),
    "free": ("可讲日", "空闲日", "可宣讲日"),
    "away": ("请假", "外出"),
    "max_per_week": ("每周最多", "每周场次"),
    "prefers": ("意向场所", "意向", "联系场所"),
    "contact": ("联系方式", "电话"),
}
LECTURE_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "venue": ("场所", "场所编号"),
    "date": ("日期",),
    "at": ("时间",),
    "name": ("宣讲员", "姓名"),
    "topic": ("宣讲内容", "主题", "五讲"),
    "title": ("名称", "题目"),
}
_OPTIONAL = ("title",)
_WAYS: Mapping[str, tuple[str, ...]] = {
    "start": ("起点", "从", "from"),
    "end": ("终点", "到", "to"),
    "minutes": ("分钟", "时间"),
}
_EVERY_DAY = DayRule(weekdays=tuple(range(1, 8)))
_ANYWHERE = "*"
_SPEAKER = re.compile(r"主讲：([^；]+)")
_NAMED = re.compile(r"(.+?)(?:（(.+)）)?")
# A dash may part two dates or stand inside of one, so the first to the last year is looked for.
_RANGE = re.compile(r"(\d{4}.*?)(?:[-—–~～至到]+(\d{4}.*))?")
_TO = re.compile(r"\s*([~～至到])\s*")


class Lecturer(BaseModel):
    """A person who gives lectures.

    Attributes:
        name: as printed; no two bear the same.
        topics: of 五讲, in the words of the sheet; all five when the cell is empty.
        unit, post: printed before the name.
        town: where the way to a lecture begins; "" when not known.
        free: days on which lectures are possible, in the words of the sheet (周一至周五, 逢六); every day when empty.
        away: first and last day of each absence.
        max_per_week: lectures in an ISO week.
        prefers: venue ids or towns.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Printed = Field(min_length=1, max_length=20)
    topics: tuple[str, ...] = TOPICS
    unit: Printed = Field(default="", max_length=30)
    post: Printed = Field(default="", max_length=20)
    town: Printed = ""
    free: str = ""
    away: tuple[tuple[date, date], ...] = ()
    max_per_week: WrittenInt = Field(default=USUAL_PER_WEEK, ge=1, le=50)
    prefers: tuple[str, ...] = ()
    contact: Printed = ""

    @field_validator("name")
    @classmethod
    def _name(cls, value: str) -> str:
        if re.search(r"[；、（）]", value):
            raise Complaint(text("“{value}” is not one name; write each person in a row of their own", value=value))
        return value

    @field_validator("topics", mode="before")
    @classmethod
    def _topics(cls, value: object) -> object:
        names = _split(value) if isinstance(value, str) else value
        if not isinstance(names, Sequence):
            return names
        topics = tuple(name if str(name).startswith("讲") else f"讲{name}" for name in names)
        for name, topic in zip(names, topics, strict=True):
            if topic_of(topic) not in TOPICS:
                raise Complaint(not_one_of(str(name), TOPICS))
        return topics

    @field_validator("free")
    @classmethod
    def _free(cls, value: str) -> str:
        if value:
            parse_day_rule(value)
        return value

    @field_validator("away", mode="before")
    @classmethod
    def _away(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(_absence(part) for part in _split(_TO.sub(r"\1", value)))

    @field_validator("prefers", mode="before")
    @classmethod
    def _prefers(cls, value: object) -> object:
        return _split(value) if isinstance(value, str) else value

    @property
    def gives(self) -> tuple[str, ...]:
        """The topics, as TOPICS names them."""
        return tuple(map(topic_of, self.topics))

    @property
    def printed(self) -> str:
        """单位＋职务 姓名, what is known of it."""
        return f"{self.unit}{self.post} {self.name}".strip()

    def printed_topic(self, topic: str) -> str:
        """One of TOPICS in the words of the sheet."""
        return next((said for said in self.topics if topic_of(said) == topic), topic)

    def is_free(self, day: date) -> bool:
        """Whether a lecture is possible on that day."""
        rule = parse_day_rule(self.free) if self.free else _EVERY_DAY
        return rule.picks(day) and not any(first <= day <= last for first, last in self.away)

    def likes(self, venue: Venue) -> bool:
        """Whether the venue or its town is among the preferences; all are where none is given."""
        return not self.prefers or venue.id in self.prefers or (venue.town != "" and venue.town in self.prefers)


@dataclass(frozen=True, slots=True)
class Travel:
    """Minutes on the way.

    Attributes:
        minutes: (town, town) in either order → minutes; ("*", "*") for towns that are not listed.
    """

    minutes: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def towns(self, start: str, end: str) -> int:
        """Minutes from somewhere in a town to somewhere in another, or in the same."""
        for pair in ((start, end), (end, start)):
            if pair in self.minutes:
                return self.minutes[pair]
        if start == end and start:
            return SAME_TOWN_MIN
        return self.minutes.get((_ANYWHERE, _ANYWHERE), OTHER_TOWN_MIN)

    @property
    def longest(self) -> int:
        """Minutes of the longest way there is."""
        return max((*self.minutes.values(), SAME_TOWN_MIN, OTHER_TOWN_MIN))

    def between(self, one: Venue, other: Venue) -> int:
        """Minutes from one venue to another; none within the same."""
        return 0 if one.id == other.id else self.towns(one.town, other.town)


class Lecture(BaseModel):
    """A row of lectures.csv: who gave or gives the lecture that begins then, and about what.

    Attributes:
        name, topic: "" while nobody gives it.
        title: what it is called in calendar.toml; where that leaves its time open, the row says when it is held.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    venue: str = Field(min_length=1)
    date: WrittenDate
    at: str
    name: Printed = Field(default="", max_length=20)
    topic: Printed = ""
    title: Printed = ""

    @field_validator("at")
    @classmethod
    def _at(cls, value: str) -> str:
        minutes = parse_clock(value)
        return f"{minutes // 60:02}:{minutes % 60:02}"

    @field_validator("topic")
    @classmethod
    def _topic(cls, value: str, given: ValidationInfo) -> str:
        topic = topic_of(value)
        if topic not in TOPICS and (value or given.data.get("name")):
            raise Complaint(not_one_of(value, TOPICS))
        return topic


class _TravelRow(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    start: str = Field(min_length=1)
    end: str = Field(min_length=1)
    minutes: WrittenInt = Field(ge=0, le=1440)


def topic_of(said: str) -> str:
    """One of TOPICS by the name it had before, too; what is none stays as it is."""
    return _FORMER_TOPICS.get(said, said)


def load_lecturers(path: Path) -> tuple[tuple[Lecturer, ...], tuple[Problem, ...]]:
    """Read lecturers.csv; a workspace without one has no list of lecturers, and nothing is wrong with that.

    Returns:
        The lecturers that are right, in the order of the sheet, and everything that is wrong with the file.
    """
    rows, problems = load_register(path, Lecturer, HEADINGS, ("name",))
    kept: dict[str, Lecturer] = {}
    twins = []
    for place, one in rows:
        if one.name in kept:
            what = text("{name} stands here twice; tell them apart, like 王芳-东镇", name=one.name)
            twins.append(Problem(place, what))
        else:
            kept[one.name] = one
    return tuple(kept.values()), (*problems, *twins)


def load_travel(path: Path) -> tuple[Travel, tuple[Problem, ...]]:
    """Read travel.csv (起点,终点,分钟); without one the usual minutes hold: 15 within a town, 60 between towns."""
    rows, problems = load_register(path, _TravelRow, _WAYS, tuple(_WAYS))
    return Travel({(way.start, way.end): way.minutes for _, way in rows}), problems


def load_lectures(path: Path) -> tuple[tuple[Lecture, ...], tuple[Problem, ...]]:
    """Read lectures.csv of a week; there is none before lecturers were first assigned."""
    required = [key for key in LECTURE_HEADINGS if key not in _OPTIONAL]
    rows, problems = load_register(path, Lecture, LECTURE_HEADINGS, required)
    return tuple(one for _, one in rows), problems


def check_lecturers(lecturers: Iterable[Lecturer], travel: Travel, venues: Sequence[Venue]) -> tuple[Problem, ...]:
    """Every venue or town that lecturers or ways name and no venue bears."""
    towns = {venue.town for venue in venues if venue.town}
    known = (*(venue.id for venue in venues), *sorted(towns))
    problems = [
        Problem(f"{FILE_NAME}: {lecturer.name}", no_venue(name, venues, sorted(towns)))
        for lecturer in lecturers
        for name in lecturer.prefers
        if name not in known
    ]
    homes = {one.town for one in lecturers}
    strange = dict.fromkeys(town for pair in travel.minutes for town in pair)
    problems += [
        Problem(TRAVEL_NAME, not_one_of(town, sorted(towns)))
        for town in strange
        if town not in towns | homes | {_ANYWHERE}
    ]
    return tuple(problems)


def is_relayed(slot: Slot) -> bool:
    """Whether the event is shown live at several venues and held at one of them."""
    return slot.kind != "lesson" and RELAYED in slot.note.split("；")


def speakers_in(slot: Slot) -> tuple[tuple[str, str], ...]:
    """Name and topic ("" when not said) of everybody who speaks in this showing, from its note."""
    said = _SPEAKER.search(slot.note) if slot.kind != "lesson" else None
    if said is None:
        return ()
    named = (_NAMED.fullmatch(part.strip()) for part in said[1].split("、"))
    return tuple((one[1], topic_of(one[2] or "")) for one in named if one)


def speaker_note(note: str, name: str, topic: str) -> str:
    """The note of a lecture with its lecturer written in, in the place of any other."""
    rest = [part for part in note.split("；") if part and not part.startswith("主讲：")]
    return "；".join((f"主讲：{name}（{topic}）", *rest))


def keep_speakers(events: Iterable[Slot], before: Iterable[Slot]) -> tuple[Slot, ...]:
    """Events of a new plan with the lecturers that stood in the old one, where they name nobody themselves."""
    stood = {(slot.kind, slot.title, slot.start): slot for slot in before if speakers_in(slot)}
    kept = []
    for event in events:
        old = stood.get((event.kind, event.title, event.start))
        ((name, topic),) = speakers_in(old)[:1] if old and not speakers_in(event) else (("", ""),)
        kept.append(event.model_copy(update={"note": speaker_note(event.note, name, topic)}) if topic else event)
    return tuple(kept)


def _split(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in re.split(r"[、,，;；\s]+", value) if part))


def _absence(part: str) -> tuple[date, date]:
    found = _RANGE.fullmatch(part)
    try:
        if found:
            first, last = parse_date(found[1]), parse_date(found[2] or found[1])
            if first <= last:
                return first, last
    except Complaint:
        pass
    raise Complaint(text("“{given}” is no absence; write 2026-11-25 or 2026-12-01至2026-12-05", given=part))
