"""Blocks, the parts of a day: which lessons a block, a filler or an insert asks for, and when a block is on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from courseware.errors import text
from courseware.lessons.lesson import Lesson
from courseware.validate import Complaint
from playlists.almanac.days import DAY_MINUTES, parse_clock
from playlists.almanac.farming import suits
from playlists.almanac.occasions import When, parse_when
from templates.type.printed import Printed

_FROZEN = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class Moment:
    """What the choice of lessons may depend on, besides the lessons: the day, and what people want or have not seen.

    Attributes:
        requested: lessons that somebody asked for and has not got yet.
        unseen: lessons never shown at the venue.
    """

    day: date
    requested: frozenset[str] = frozenset()
    unseen: frozenset[str] = frozenset()


class LessonChoice(BaseModel):
    """Which lessons: one must be among each that is given; none given admits every lesson.

    Attributes:
        series, forms, tags, lessons: names and ids.
        lists: names of [lists]; their lessons.
        season: only lessons whose 农时 (months or solar terms) suits the day.
        requests: only lessons that were asked for (点播).
        premiere: only lessons that the venue has never shown.
        slogans, notices, idents: only slogans (标语), only notices (通知), only idents (片头). What is made without a
            video is shown nowhere else, unless it is named by its id or a tag.
    """

    model_config = _FROZEN

    series: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    lessons: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    season: bool = False
    requests: bool = False
    premiere: bool = False
    slogans: bool = False
    notices: bool = False
    idents: bool = False

    @property
    def is_bare(self) -> bool:
        """Whether it asks for what is made without a video."""
        return self.slogans or self.notices or self.idents


class Filler(LessonChoice):
    """What may close the seconds that a block's own lessons leave, before any other lesson does."""

    forms: tuple[str, ...] = ("公益广告",)

    @model_validator(mode="before")
    @classmethod
    def _words_have_any_form(cls, values: object) -> object:
        if isinstance(values, dict) and any(values.get(key) for key in ("slogans", "notices", "idents")):
            return {"forms": (), **values}
        return values


def admits(choice: LessonChoice, lesson: Lesson, moment: Moment | None = None) -> bool:
    """Whether the lesson is among all that the block or filler asks for; without a moment, at any time."""
    return (
        (not choice.series or lesson.series in choice.series)
        and (not choice.forms or lesson.form in choice.forms)
        and (not choice.tags or not set(choice.tags).isdisjoint(lesson.tags))
        and (not choice.lessons or lesson.id in choice.lessons)
        and _admits_words(choice, lesson)
        and (moment is None or _admits_now(choice, lesson, moment))
    )


def _admits_words(choice: LessonChoice, lesson: Lesson) -> bool:
    """A film does not stand for a slogan, nor a slogan for a film."""
    if not lesson.is_bare:
        return not choice.is_bare
    kinds = ((choice.slogans, lesson.slogan), (choice.notices, lesson.notice), (choice.idents, lesson.ident))
    return any(asked and is_one for asked, is_one in kinds) or bool(choice.lessons or choice.tags)


def _admits_now(choice: LessonChoice, lesson: Lesson, moment: Moment) -> bool:
    return (
        (not choice.season or suits(lesson.season, moment.day))
        and (not choice.requests or lesson.id in moment.requested)
        and (not choice.premiere or lesson.id in moment.unseen)
    )


class Block(LessonChoice):
    """A part of the day.

    Attributes:
        name: as printed.
        minutes: fixed length, or None.
        share: weight in what the fixed blocks leave, or None; a block with neither has share 1.
        at: clock times at which it begins, 19:30; empty: it follows the block before.
        replay: at the later of its clock times it shows what it showed at the first.
        use: instead of all else, the blocks of that [[playlist]].
        volume: per cent, at which a player plays it.
    """

    name: Printed = Field(default="", max_length=20)
    minutes: int | None = Field(default=None, ge=1, le=DAY_MINUTES)
    share: int | None = Field(default=None, ge=1, le=1000)
    at: tuple[str, ...] = ()
    replay: bool = False
    use: str = ""
    volume: int = Field(default=100, ge=0, le=100)

    @field_validator("at", mode="before")
    @classmethod
    def _at(cls, value: object) -> object:
        times = (value,) if isinstance(value, str) else value
        if isinstance(times, list | tuple):
            for one in times:
                parse_clock(str(one))
        return times

    @model_validator(mode="after")
    def _consistent(self) -> Block:
        if not self.name and not self.use:
            raise Complaint(text("needs a name, or “use” with the id of a [[playlist]]"))
        if self.minutes and self.share:
            raise Complaint(text("give minutes or share, not both"))
        if self.at and not self.minutes:
            raise Complaint(text("a block with a clock time needs minutes"))
        return self

    @property
    def weight(self) -> int:
        """Share of the elastic time; 0 for a fixed block."""
        return 0 if self.minutes else self.share or 1

    @property
    def times(self) -> tuple[int, ...]:
        """Its clock times in minutes after midnight."""
        return tuple(sorted(parse_clock(one) for one in self.at))


def need_some(value: tuple[Block, ...]) -> tuple[Block, ...]:
    """A validator: at least one block."""
    if not value:
        raise Complaint(text("must not be empty"))
    return value


class Variant(BaseModel):
    """What a programme shows instead on certain days.

    Attributes:
        when: 周末 · 节假日 · 冬季 · 集日 · 11月至3月 · 逢六, or several of them, all of which must hold.
    """

    model_config = _FROZEN

    when: str = Field(min_length=1)
    name: Printed = Field(default="", max_length=40)
    block: tuple[Block, ...] = (Block(name="滚动播出"),)

    _some = field_validator("block")(need_some)

    @field_validator("when")
    @classmethod
    def _when(cls, value: str) -> str:
        parse_when(value)
        return value

    @property
    def condition(self) -> When:
        """What is asked of the day."""
        return parse_when(self.when)


class Playlist(BaseModel):
    """Blocks that several programmes use."""

    model_config = _FROZEN

    id: str = Field(min_length=1, max_length=40)
    block: tuple[Block, ...]

    @field_validator("block")
    @classmethod
    def _flat(cls, value: tuple[Block, ...]) -> tuple[Block, ...]:
        if any(one.use for one in value):
            raise Complaint(text("a [[playlist]] cannot use another"))
        return need_some(value)
