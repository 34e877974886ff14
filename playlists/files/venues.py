"""venues.csv: the squares, stations and centres of a county. One bad row becomes problems and hides no other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from math import hypot
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from courseware.errors import InputError, Problem, text
from courseware.files import is_safe_id
from courseware.lessons.profile import canvas_of
from courseware.lessons.profiles import PROFILES
from courseware.validate import Complaint, not_one_of, parse
from playlists.almanac.days import DayRule, parse_day_rule, plain
from playlists.files.hours import Hours, parse_hours
from playlists.files.rows import named, read_table, strange_headings
from templates.type.printed import Printed

FILE_NAME = "venues.csv"
Kind = Literal["square", "station", "centre"]
KIND_NAMES: Mapping[Kind, str] = {"square": "广场", "station": "站点", "centre": "培训中心"}
# Where venues are named, these words mean all of a kind; in the column of the kind, others may be written too.
KIND_WORDS: Mapping[str, Kind] = {
    **{kind: kind for kind in KIND_NAMES},
    **{name: kind for kind, name in KIND_NAMES.items()},
    "center": "centre",
    "站": "station",
    "中心": "centre",
}
KINDS: Mapping[str, Kind] = {**KIND_WORDS, "文化广场": "square"}
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "id": ("编号",),
    "name": ("名称", "场所名称"),
    "kind": ("类型", "类别"),
    "county": ("县区", "县"),
    "town": ("镇", "乡镇", "镇办"),
    "screen": ("屏幕", "分辨率", "屏幕分辨率"),
    "profile": ("屏幕规格", "规格", "版本"),
    "pitch_mm": ("点间距",),
    "distance_m": ("观看距离",),
    "area_m2": ("面积", "屏幕面积"),
    "inches": ("屏幕尺寸", "尺寸", "英寸", "寸"),
    "ground_m2": ("场地面积", "广场面积"),
    "facilities": ("配套", "设施", "配套设施", "standards"),
    "windows": ("开放时段", "开放时间", "播放时段"),
    "market_day": ("赶集日", "集日", "逢集"),
    "groups": ("分组", "组", "片区"),
    "study_day": ("固定学习日", "学习日"),
    "idle": ("待机画面", "闭馆画面"),
    "contact": ("联系人",),
    "note": ("备注",),
}
REQUIRED = ("id", "name", "kind", "screen", "windows")
_IDLE = {"卡片": "card", "card": "card", "黑屏": "black", "black": "black"}
# What the county's own pages are called where a venue's are published, and a folder beside them.
RESERVED_IDS = frozenset({"correction", "county", "fonts", "index"})
_UNIT = re.compile(r"(平方米|毫米|厘米|英寸|米|寸|m2|㎡|mm|cm|m|吋|′′|\")$")
_MM_PER_INCH = 25.4
_POWER = re.compile(r"\d(?:\.\d+)?E\+\d+", re.IGNORECASE)
_SCREEN = re.compile(r"(\d{1,5})[x*](\d{1,5})")


class Venue(BaseModel):
    """A place with a screen.

    Attributes:
        id: names its files.
        screen: width and height in pixels.
        profile: which renditions it plays.
        pitch_mm, area_m2, inches: of the screen; None when not known.
        distance_m, ground_m2: how far away its public stands, and on how large a place.
        facilities: what else it has, in the county's words: 有电脑、通宽带; the standards ask for some.
        windows: when it is open, in the words of the sheet; `hours` is what they mean.
        market_day: 逢三六九, 农历逢五、十; `market` is what it means.
        groups: names that programmes and the calendar may use for several venues at once.
        idle: what its screen shows while it is closed: a card with the clock (卡片), or nothing (黑屏).
        study_day: the days to which a station keeps, in the words of the sheet; `study` is what they mean.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: Printed = Field(min_length=1, max_length=40)
    kind: Kind
    county: Printed = ""
    town: Printed = ""
    screen: tuple[int, int]
    profile: str = ""
    pitch_mm: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    distance_m: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    area_m2: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    inches: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    ground_m2: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    facilities: tuple[str, ...] = ()
    windows: str
    market_day: str = ""
    groups: tuple[str, ...] = ()
    study_day: str = ""
    idle: Literal["card", "black"] = "card"
    contact: Printed = ""
    note: str = ""

    @field_validator("id")
    @classmethod
    def _id(cls, value: str) -> str:
        if is_safe_id(f"{value}-0") and not is_safe_id(value):
            what = text("“{value}” is a name that Windows keeps for itself; choose another id", value=value)
            raise Complaint(what)
        if _POWER.fullmatch(value):
            what = text("Excel made “{value}” of a number; write the id again, in a column of text", value=value)
            raise Complaint(what)
        if not is_safe_id(value):
            what = text("“{value}” cannot name files; use letters, digits, “-” and “_”", value=value)
            raise Complaint(what)
        if value.casefold() in RESERVED_IDS:
            what = text("“{value}” is what pages of the county are called; choose another id", value=value)
            raise Complaint(what)
        return value

    @field_validator("kind", mode="before")
    @classmethod
    def _kind(cls, value: object) -> object:
        return kind_of(str(value))

    @field_validator("screen", mode="before")
    @classmethod
    def _screen(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        size = _SCREEN.fullmatch("".join(unicodedata.normalize("NFKC", value).lower().replace("×", "x").split()))
        if size is None:
            raise Complaint(text("“{value}” is not a screen; write width and height, like 512x320", value=value))
        # An LED canvas is the strictest; what it allows every screen may have.
        _check_profile(f"led-{int(size[1])}x{int(size[2])}")
        return int(size[1]), int(size[2])

    @field_validator("windows")
    @classmethod
    def _windows(cls, value: str) -> str:
        parse_hours(value)
        return value

    @field_validator("pitch_mm", "distance_m", "area_m2", "inches", "ground_m2", mode="before")
    @classmethod
    def _number(cls, value: object) -> object:
        return _UNIT.sub("", re.sub(r"(?<=\d),(?=\d{3})", "", plain(value))) if isinstance(value, str) else value

    @field_validator("groups", "facilities", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return tuple(part for part in re.split(r"[、,，;；\s]+", value) if part) if isinstance(value, str) else value

    @field_validator("idle", mode="before")
    @classmethod
    def _idle(cls, value: object) -> object:
        if value and str(value) not in _IDLE:
            raise Complaint(not_one_of(str(value), ("卡片", "黑屏")))
        return _IDLE.get(str(value), "card")

    @field_validator("study_day", "market_day")
    @classmethod
    def _day_rule(cls, value: str) -> str:
        if value:
            parse_day_rule(value)
        return value

    @field_validator("study_day")
    @classmethod
    def _study_fits(cls, value: str, info: ValidationInfo) -> str:
        # Not for the model as a whole: so it is told together with whatever else is wrong in the row.
        if value and info.data.get("kind") == "square":
            raise Complaint(text("a square plays every day it is open; leave the study day empty"))
        if value and "windows" in info.data:
            _refuse_closed_days(value, info.data["windows"])
        return value

    @field_validator("profile")
    @classmethod
    def _profile(cls, value: str) -> str:
        if value:
            _check_profile(value)
        return value

    @model_validator(mode="before")
    @classmethod
    def _default_profile(cls, values: dict[str, object]) -> dict[str, object]:
        if values.get("profile"):
            return values
        try:
            kind, screen = kind_of(str(values.get("kind", ""))), cls._screen(values.get("screen", ""))
        except Complaint:
            # Reported under its own key.
            return values
        return {**values, "profile": _profile_for(kind, screen)}

    @property
    def screen_m2(self) -> float | None:
        """Area of the screen: as the sheet says, else by its pixels and their pitch."""
        if self.area_m2 or not self.pitch_mm:
            return self.area_m2
        return self.screen[0] * self.screen[1] * self.pitch_mm**2 / 1_000_000

    @property
    def screen_inches(self) -> float | None:
        """Diagonal of the screen: as the sheet says, else by its pixels and their pitch."""
        if self.inches or not self.pitch_mm:
            return self.inches
        return hypot(*self.screen) * self.pitch_mm / _MM_PER_INCH

    @property
    def hours(self) -> tuple[Hours, ...]:
        """When it is open, study days aside."""
        return _parsed_hours(self.windows)

    @property
    def study(self) -> DayRule | None:
        """The fixed study days; None when every day with a window is one."""
        return _parsed_rule(self.study_day) if self.study_day else None

    @property
    def market(self) -> DayRule | None:
        """The market days; None when the place has none."""
        return _parsed_rule(self.market_day) if self.market_day else None


@lru_cache(maxsize=4096)
def _parsed_hours(windows: str) -> tuple[Hours, ...]:
    return parse_hours(windows)


@lru_cache(maxsize=4096)
def _parsed_rule(days: str) -> DayRule:
    return parse_day_rule(days)


def _refuse_closed_days(study_day: str, windows: str) -> None:
    study = _parsed_rule(study_day)
    open_on = {weekday for hours in _parsed_hours(windows) for weekday in hours.weekdays}
    if study == DayRule(weekdays=study.weekdays) and not open_on & set(study.weekdays):
        what = text("the study day {day} lies outside the opening windows {windows}", day=study_day, windows=windows)
        raise Complaint(what)


def kind_of(name: str) -> Kind:
    """The kind a word stands for, in Chinese or English.

    Raises:
        Complaint: no such kind.
    """
    found = KINDS.get(name.strip().lower())
    if found is None:
        raise Complaint(not_one_of(name, (*KIND_NAMES.values(), *KIND_NAMES)))
    return found


def load_venues(path: Path) -> tuple[tuple[Venue, ...], tuple[Problem, ...]]:
    """Read venues.csv: UTF-8 with or without BOM, or GB18030; headings in Chinese or English.

    Returns:
        The venues that are right, in the order of the sheet, and everything that is wrong with the file.
    """
    try:
        return _read_sheet(path, path.read_bytes())
    except OSError:
        return _read_sheet(path, b"")


@lru_cache(maxsize=4)
def _read_sheet(path: Path, _content: bytes) -> tuple[tuple[Venue, ...], tuple[Problem, ...]]:
    """Read once while the file's content is the same: a command asks for a county's venues several times."""
    try:
        table = read_table(path, HEADINGS, REQUIRED)
    except InputError as error:
        return (), error.problems
    read = [_read_row(cells, table.columns, place) for place, cells in table.rows]
    _mark_twins(read)
    problems = [*strange_headings(table, HEADINGS), *(problem for one in read for problem in one.faults)]
    return tuple(one.venue for one in read if one.venue and not one.faults), tuple(problems)


def _profile_for(kind: Kind, screen: object) -> str:
    width, height = screen if isinstance(screen, tuple) else (0, 0)
    usual = (name for name, one in PROFILES.items() if one.usual and (one.width, one.height) == (width, height))
    sized = f"led-{width}x{height}"
    return sized if kind == "square" else next(usual, sized)


def _check_profile(name: str) -> None:
    try:
        canvas_of(name)
    except InputError as error:
        raise Complaint(error.problems[0].what) from None


class _VenueRow(NamedTuple):
    """A row of the sheet: the id it gives, the venue when it is right, and all that is wrong with it."""

    place: str
    id: str
    venue: Venue | None
    faults: list[Problem]


def _read_row(cells: Mapping[str, str], columns: Mapping[str, tuple[int, str]], place: str) -> _VenueRow:
    try:
        return _VenueRow(place, cells.get("id", ""), parse(Venue, cells, place), [])
    except InputError as error:
        return _VenueRow(place, cells.get("id", ""), None, list(named(error, columns, place)))


def _mark_twins(read: Iterable[_VenueRow]) -> None:
    """Of the rows with one id the first that is right stands; the others get a fault more."""
    first: dict[str, str] = {}
    for row in sorted(read, key=lambda one: bool(one.faults)):
        if row.id.casefold() not in first:
            first[row.id.casefold()] = row.id
            continue
        other = first[row.id.casefold()]
        if other == row.id:
            what = text("the id {id} is used twice; every venue needs its own", id=row.id)
        else:
            # Their files would overwrite each other on Windows and on a stick.
            what = text(
                "the ids {id} and {other} differ only in capital letters; Windows cannot tell their files apart",
                id=row.id,
                other=other,
            )
        if row.id:
            row.faults.append(Problem(row.place, what))
