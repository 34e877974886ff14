"""programmes.toml: what a venue's day is made of. Names blocks and what may fill them, never when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from courseware.errors import InputError, Problem, text
from courseware.lesson import Lesson
from courseware.settings import Settings
from courseware.validate import Complaint, not_one_of, parse, read_toml
from playlists.venues import KIND_NAMES, Kind, Venue, kind_of

FILE_NAME = "programmes.toml"
_FROZEN = ConfigDict(frozen=True, extra="forbid")


class Filler(BaseModel):
    """What may close the seconds that a block's own lessons leave, before any other lesson does.

    Attributes:
        series, forms, tags, lessons: as in a block.
    """

    model_config = _FROZEN

    series: tuple[str, ...] = ()
    forms: tuple[str, ...] = ("公益广告",)
    tags: tuple[str, ...] = ()
    lessons: tuple[str, ...] = ()


class Block(BaseModel):
    """A part of the day.

    Attributes:
        name: as printed.
        series, forms, tags, lessons: a lesson must be among each that is given; none given admits every lesson.
        minutes: fixed length, or None.
        share: weight in what the fixed blocks leave, or None; a block with neither has share 1.
    """

    model_config = _FROZEN

    name: str = Field(min_length=1, max_length=20)
    series: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    lessons: tuple[str, ...] = ()
    minutes: int | None = Field(default=None, ge=1, le=1440)
    share: int | None = Field(default=None, ge=1, le=1000)

    @model_validator(mode="after")
    def _one_length(self) -> Block:
        if self.minutes and self.share:
            raise Complaint(text("give minutes or share, not both"))
        return self

    @property
    def weight(self) -> int:
        """Share of the elastic time; 0 for a fixed block."""
        return 0 if self.minutes else self.share or 1


class Programme(BaseModel):
    """The template of a day, for kinds of venues or for certain venues.

    Attributes:
        kind: 广场, 站点, 培训中心 (or square, station, centre), one or a list.
        venues: ids; a programme that names a venue goes before one for its kind.
        repeat_gap_minutes: least time from the start of a showing to the next start of the same lesson, kept
            wherever the lessons at hand allow.
        block: in the order of the day; one block of everything when none is given.
    """

    model_config = _FROZEN

    id: str = Field(min_length=1, max_length=40)
    name: str = Field(default="", max_length=40)
    kind: tuple[Kind, ...] = ()
    venues: tuple[str, ...] = ()
    repeat_gap_minutes: int = Field(default=0, ge=0, le=1440)
    block: tuple[Block, ...] = (Block(name="滚动播出"),)
    filler: Filler = Filler()

    @field_validator("kind", mode="before")
    @classmethod
    def _kind(cls, value: object) -> object:
        if isinstance(value, (list, tuple)):
            return tuple(kind_of(str(one)) for one in value)
        return (kind_of(value),) if isinstance(value, str) else value

    @field_validator("block")
    @classmethod
    def _some_block(cls, value: tuple[Block, ...]) -> tuple[Block, ...]:
        if not value:
            raise Complaint(text("must not be empty"))
        return value

    @model_validator(mode="after")
    def _for_whom(self) -> Programme:
        if not self.kind and not self.venues:
            raise Complaint(text('names neither kind nor venues; write kind = "广场" or venues = ["square-01"]'))
        return self


class _ProgrammesFile(BaseModel):
    model_config = _FROZEN

    programme: tuple[Programme, ...] = ()


def load_programmes(path: Path) -> tuple[Programme, ...]:
    """Read programmes.toml.

    Raises:
        InputError: missing, not TOML, any key wrong, or two programmes for the same; all problems at once.
    """
    programmes = parse(_ProgrammesFile, read_toml(path), path.name).programme
    if not programmes:
        raise InputError(Problem(path.name, text("holds no [[programme]]; write one for each kind of venue")))
    claims = [
        *(("id", one.id) for one in programmes),
        *(("kind", KIND_NAMES[kind]) for one in programmes for kind in one.kind),
        *(("venues", venue) for one in programmes for venue in one.venues),
    ]
    problems = [
        Problem(f"{path.name}: {key}", text("“{value}” is used twice", value=value))
        for key, value in dict.fromkeys(claims)
        if claims.count((key, value)) > 1
    ]
    if problems:
        raise InputError(*problems)
    return programmes


def programme_for(venue: Venue, programmes: Iterable[Programme]) -> Programme:
    """The programme that names the venue, or else the one for its kind.

    Raises:
        InputError: there is none.
    """
    ranked = sorted(programmes, key=lambda one: venue.id not in one.venues)
    for programme in ranked:
        if venue.id in programme.venues or venue.kind in programme.kind:
            return programme
    what = text("has no programme; add one with kind = “{kind}” to programmes.toml", kind=KIND_NAMES[venue.kind])
    raise InputError(Problem(venue.id, what))


def admits(choice: Block | Filler, lesson: Lesson) -> bool:
    """Whether the lesson is among all that the block or filler asks for."""
    return (
        (not choice.series or lesson.series in choice.series)
        and (not choice.forms or lesson.form in choice.forms)
        and (not choice.tags or not set(choice.tags).isdisjoint(lesson.tags))
        and (not choice.lessons or lesson.id in choice.lessons)
    )


def check_programmes(
    programmes: Sequence[Programme], settings: Settings, venues: Sequence[Venue], lessons: Sequence[Lesson]
) -> tuple[Problem, ...]:
    """Every name in the programmes that nothing bears, and every venue without a programme.

    Tags are free words: one that no lesson bears yet is no mistake.
    """
    known = {
        "series": [series.name for series in settings.all_series],
        "forms": list(settings.all_forms),
        "lessons": [lesson.id for lesson in lessons],
    }
    problems = []
    for number, programme in enumerate(programmes, 1):
        where = f"{FILE_NAME}: programme.{number}"
        problems += _unknown(programme.venues, [venue.id for venue in venues], f"{where}.venues")
        for index, block in enumerate(programme.block, 1):
            problems += _unknown_names(block, known, f"{where}.block.{index}")
        problems += _unknown_names(programme.filler, known, f"{where}.filler")
    return (*problems, *_without_programme(venues, programmes))


def _unknown_names(choice: Block | Filler, known: dict[str, list[str]], where: str) -> list[Problem]:
    return [
        problem for key, names in known.items() for problem in _unknown(getattr(choice, key), names, f"{where}.{key}")
    ]


def _unknown(given: Iterable[str], names: Sequence[str], where: str) -> list[Problem]:
    return [Problem(where, not_one_of(name, names)) for name in given if name not in names]


def _without_programme(venues: Iterable[Venue], programmes: Sequence[Programme]) -> Iterable[Problem]:
    for venue in venues:
        try:
            programme_for(venue, programmes)
        except InputError as error:
            yield from error.problems
