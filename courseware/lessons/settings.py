"""yuanjiao.toml: the office, its time zone and language, its profiles, its own series and forms."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from courseware.errors import InputError, Problem, Text, text
from courseware.lessons.column import BUILT_IN_COLUMN, Column
from courseware.lessons.profile import canvas_of
from courseware.lessons.series import BUILT_IN_FORMS, BUILT_IN_SERIES, Series
from courseware.unchanged import while_unchanged
from courseware.validate import Complaint, find_wrong, not_one_of, one_line, parse, read_toml, web_link

FILE_NAME = "yuanjiao.toml"
ALL_SCREENS = "all"
Line = Annotated[str, AfterValidator(one_line)]


def _profile(name: str) -> str:
    try:
        canvas_of(name)
    except InputError as error:
        raise Complaint(error.problems[0].what) from None
    return name


def _screen_name(name: str) -> str:
    if name in ScreenSettings.model_fields:
        raise Complaint(text("belongs to a screen; write it below [render.screens.all]"))
    return name if name == ALL_SCREENS else _profile(name)


class Office(BaseModel):
    """Who publishes.

    Attributes:
        name: the office, as printed on pages and cards.
        county: the county or district, as printed in titles.
        phone: printed on pages when given.
        url: where lessons can be found; becomes the QR code of end cards when given.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Line = Field(min_length=1, max_length=40)
    county: Line = Field(min_length=1, max_length=20)
    phone: Line = Field(default="", max_length=40)
    url: Annotated[str, AfterValidator(web_link)] = Field(default="", max_length=300)

    @field_validator("name", "county")
    @classmethod
    def _not_blank(cls, value: str) -> str:
        if not value:
            raise Complaint(text("must not be empty"))
        return value


class ScreenSettings(BaseModel):
    """What a place asks of its screen.

    Attributes:
        distance_m, pitch_mm: from where the farthest people look, and from one pixel to the next; both or none.
        logo: a picture in the workspace; "" for none.
        logo_place: the corner of the logo or the watermark.
        logo_opacity: 1 hides what is behind it.
        logo_height: share of the picture's height.
        watermark: words in the place of a logo.
        clear_top, clear_bottom: pixels that a clock or a ticker of the player's covers.
        caption_look: how subtitles are drawn, by the name that templates/captions gives it; "" for the usual one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    distance_m: float | None = Field(default=None, gt=0, le=500)
    pitch_mm: float | None = Field(default=None, gt=0, le=100)
    logo: str = ""
    logo_place: Literal["top-left", "top-right", "bottom-left", "bottom-right"] = "top-right"
    logo_opacity: float = Field(default=0.8, ge=0.1, le=1)
    logo_height: float = Field(default=0.08, ge=0.03, le=0.25)
    watermark: Line = Field(default="", max_length=12)
    clear_top: int = Field(default=0, ge=0)
    clear_bottom: int = Field(default=0, ge=0)
    caption_look: str = ""

    @model_validator(mode="after")
    def _together(self) -> ScreenSettings:
        if (self.distance_m is None) != (self.pitch_mm is None):
            raise Complaint(text("distance_m and pitch_mm go together; write both or neither"))
        if self.logo and self.watermark:
            raise Complaint(text("logo and watermark stand in the same corner; keep one of the two"))
        return self


class RenderSettings(BaseModel):
    """What `yuanjiao render` makes when no profile is named, and what the places of its screens ask for.

    Attributes:
        screens: by profile, or ALL_SCREENS for every one.
        voice_model: folder of a voice model in the place of that of the extra; relative to the workspace.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    profiles: tuple[Annotated[str, AfterValidator(_profile)], ...] = ("station-tv",)
    screens: dict[Annotated[str, AfterValidator(_screen_name)], ScreenSettings] = {}
    voice_model: str = ""

    @field_validator("profiles")
    @classmethod
    def _each_once(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise Complaint(text("must not be empty"))
        return tuple(dict.fromkeys(value))

    def screen(self, profile: str) -> ScreenSettings:
        """What is said of a profile: what its own table says, and what the table of all says beside that."""
        general, own = (
            screen.model_dump(exclude_unset=True) if (screen := self.screens.get(name)) else {}
            for name in (ALL_SCREENS, profile)
        )
        for key, other in (("logo", "watermark"), ("watermark", "logo")):
            # Words of a screen's own stand in the place of everybody's logo.
            if own.get(key):
                general.pop(other, None)
        return ScreenSettings(**general | own)


class ReviewStep(BaseModel):
    """A step of a review.

    Attributes:
        by: who may take it; anybody when empty.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Line = Field(min_length=1, max_length=12)
    by: tuple[Annotated[Line, Field(min_length=1, max_length=60)], ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _named_alone(cls, value: object) -> object:
        return {"name": value} if isinstance(value, str) else value


_USUAL_STEPS = tuple(ReviewStep(name=name) for name in ("初审", "复审", "终审"))


class ReviewSettings(BaseModel):
    """Whether what is shown must be approved first, and in which steps.

    Attributes:
        required: only renditions approved with `yuanjiao review approve` are planned, listed and published.
        weeks: a week is published, and put on sticks, only when it was approved, too.
        columns: an issue of a column is published only when it was approved.
        steps: in order; the usual ones where approval is required and none are named.
        one_person_one_step: nobody takes two steps of one video.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    required: bool = False
    weeks: bool = False
    columns: bool = True
    steps: tuple[ReviewStep, ...] = ()
    one_person_one_step: bool = True

    @property
    def taken_in(self) -> tuple[ReviewStep, ...]:
        """The steps that an approval takes; none where one approval without a name is all of it."""
        return self.steps or (_USUAL_STEPS if self.required or self.weeks else ())

    @model_validator(mode="after")
    def _can_be_taken(self) -> ReviewSettings:
        names = [one.name for one in self.steps]
        for name in names:
            if names.count(name) > 1:
                raise Complaint(text("“{value}” is used twice", value=name))
        alone = [one.by[0] for one in self.steps if len(set(one.by)) == 1]
        for person in alone if self.one_person_one_step else ():
            if alone.count(person) > 1:
                what = text(
                    "{person} alone may take two steps, which one person must not; name somebody else for one,"
                    " or write one_person_one_step = false",
                    person=person,
                )
                raise Complaint(what)
        return self


class QualitySettings(BaseModel):
    """What is shown although the quality check would have it made again.

    Attributes:
        accept: ids of lessons.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    accept: tuple[str, ...] = ()


class Settings(BaseModel):
    """All of yuanjiao.toml. `series` and `forms` are the built-in ones and the workspace's own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    office: Office
    time_zone: str = "Asia/Shanghai"
    language: Literal["", "zh", "en"] = ""
    render: RenderSettings = RenderSettings()
    review: ReviewSettings = ReviewSettings()
    quality: QualitySettings = QualitySettings()
    series: tuple[Series, ...] = ()
    columns: tuple[Column, ...] = (BUILT_IN_COLUMN,)
    forms: tuple[Annotated[Line, Field(min_length=1, max_length=20)], ...] = ()

    @field_validator("time_zone")
    @classmethod
    def _time_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise Complaint(not_one_of(value, sorted(available_timezones())))
        return value

    @field_validator("series", mode="before")
    @classmethod
    def _beside_built_in(cls, value: object) -> object:
        """What is said of a built-in series changes that of it, and nothing else."""
        if not isinstance(value, list):
            return value
        built_in = {one.name: one.model_dump() for one in BUILT_IN_SERIES}
        return [{**built_in.get(str(one.get("name")), {}), **one} if isinstance(one, dict) else one for one in value]

    @property
    def zone(self) -> ZoneInfo:
        """The time zone all wall-clock times of the workspace are in."""
        return ZoneInfo(self.time_zone)

    @property
    def all_series(self) -> tuple[Series, ...]:
        """Built-in series first, as the workspace changes them, then its own; none that is off."""
        own = {one.name: one for one in self.series}
        built_in = tuple(own.pop(one.name, one) for one in BUILT_IN_SERIES)
        return tuple(one for one in built_in + tuple(own.values()) if not one.off)

    @property
    def all_forms(self) -> tuple[str, ...]:
        """Built-in forms and the workspace's own, each once."""
        return tuple(dict.fromkeys(BUILT_IN_FORMS + self.forms))

    def unknown_series(self, name: str) -> Text | None:
        """What is wrong with the name of a series: that it is off, or that there is none; None when it is right."""
        known = [one.name for one in self.all_series]
        if name in known:
            return None
        if any(one.name == name for one in self.series):
            return text(
                "the series “{value}” is off in yuanjiao.toml; choose another, or remove “off” there", value=name
            )
        return not_one_of(name, known)

    def unknown_form(self, name: str) -> Text | None:
        """That there is no form of that name; None when there is."""
        return None if name in self.all_forms else not_one_of(name, self.all_forms)

    def series_shown(self, name: str) -> str:
        """What people read for a series; for one that there is not, the name itself."""
        return next((one.shown for one in self.all_series if one.name == name), name)

    def series_named(self, name: str) -> Series:
        """The series of that name.

        Raises:
            KeyError: there is none; a loaded lesson never has such a name.
        """
        return next(one for one in self.all_series if one.name == name)


_NOBODY = {"name": "—", "county": "—"}


def built_in_settings() -> Settings:
    """What holds where nobody has said anything."""
    return Settings.model_validate({"office": _NOBODY})


@while_unchanged(lambda path: (path,), most=4)
def load_settings(path: Path) -> Settings:
    """Read yuanjiao.toml.

    Raises:
        InputError: missing, not TOML, or any key wrong; all problems at once.
    """
    settings = parse(Settings, read_toml(path), path.name)
    problems = _not_together(settings, path.name)
    if problems:
        raise InputError(*problems)
    return settings


def salvage_settings(path: Path) -> tuple[Settings, tuple[Problem, ...]]:
    """What is right in yuanjiao.toml, with the built-in values for the rest, and all that is wrong with it.

    For checking the files beside it when it is broken itself; nothing is made or published with such settings.
    """
    try:
        return load_settings(path), ()
    except InputError as error:
        problems = error.problems
    values: dict[str, Any] = {"office": _NOBODY}
    try:
        given = read_toml(path)
    except InputError:
        given = {}
    for key, value in given.items():
        if not find_wrong(Settings, values | {key: value}):
            values[key] = value
    return Settings.model_validate(values), problems


def _not_together(settings: Settings, name: str) -> list[Problem]:
    """What each may say alone."""
    if not settings.all_series:
        return [Problem(f"{name}: series", text("every series is off; remove “off” from one, or add a series"))]
    return _twice(settings, name)


def _twice(settings: Settings, name: str) -> list[Problem]:
    series = [one.slug for one in settings.all_series], [one.name for one in settings.series]
    columns = [one.slug for one in settings.columns], [one.name for one in settings.columns]
    return [
        Problem(f"{name}: {key}", text("“{value}” is used twice", value=value))
        for key, (slugs, names) in {"series": series, "columns": columns}.items()
        for value in dict.fromkeys(slugs + names)
        if slugs.count(value) > 1 or names.count(value) > 1
    ]
