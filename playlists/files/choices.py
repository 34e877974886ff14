"""Which lessons a block, a filler or an insert asks for, and whether a lesson is one of them on a certain day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict, model_validator

from courseware.lessons.lesson import Lesson
from playlists.almanac.farming import suits

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
        requests: only lessons that were asked for (点菜).
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
