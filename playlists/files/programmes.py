"""programmes.toml: what a venue's day is made of. Names blocks and what may fill them, never the showings."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from courseware.errors import InputError, Problem, Text, text
from courseware.lessons.lesson import Lesson
from courseware.lessons.settings import Settings
from courseware.validate import Complaint, not_one_of, parse, read_toml
from playlists.almanac.days import DAY_MINUTES
from playlists.almanac.occasions import Occasion
from playlists.files.blocks import Block, Filler, LessonChoice, Playlist, Variant, need_some
from playlists.files.naming import no_venue
from playlists.files.rules import Rules
from playlists.files.scope import Kinds, Names
from playlists.files.venues import KIND_NAMES, Venue
from templates.type.printed import Printed

FILE_NAME = "programmes.toml"
SLOGANS, IDENTS = Filler(slogans=True), Filler(idents=True)
_FROZEN = ConfigDict(frozen=True, extra="forbid")


def _several(value: object) -> object:
    """A single [programme.filler] is a cascade of one."""
    return (value,) if isinstance(value, dict | Filler) else value


class Programme(BaseModel):
    """The template of a day, for kinds or groups of venues or for certain venues.

    Attributes:
        kind: 广场, 站点, 培训中心 (or square, station, centre), one or a list.
        groups: names of groups, as in venues.csv.
        venues: ids; a programme that names a venue goes before one for its group, and that before one for its kind.
        repeat_gap_minutes: least time from the start of a showing to the next start of the same lesson, kept
            wherever the lessons at hand allow.
        block: in the order of the day; one block of everything when none is given.
        variant: the first whose day it is goes before `block`.
        filler: in the order in which they are tried: 公益广告, then slogans, then idents; these two come last, also
            when not named.
        insert_every: after so many showings comes one of `insert`; 0 for none.
        rules: those of the file, where the programme has none of its own.
    """

    model_config = _FROZEN

    id: str = Field(min_length=1, max_length=40)
    name: Printed = Field(default="", max_length=40)
    kind: Kinds = ()
    groups: Names = ()
    venues: Names = ()
    repeat_gap_minutes: int = Field(default=0, ge=0, le=DAY_MINUTES)
    block: tuple[Block, ...] = (Block(name="滚动播出"),)
    variant: tuple[Variant, ...] = ()
    filler: tuple[Filler, ...] = (Filler(), SLOGANS, IDENTS)
    insert_every: int = Field(default=0, ge=0, le=100)
    insert: Filler = Filler()
    rules: Rules = Rules()

    _several = field_validator("filler", mode="before")(_several)
    _some = field_validator("block")(need_some)

    @model_validator(mode="after")
    def _for_whom(self) -> Programme:
        if not self.kind and not self.venues and not self.groups:
            raise Complaint(text('names neither kind nor venues; write kind = "广场" or venues = ["square-01"]'))
        return self

    def on(self, occasion: Occasion) -> Programme:
        """The programme with the blocks of that day."""
        for variant in self.variant:
            if variant.condition.holds(occasion):
                name = variant.name or variant.when
                return Programme.model_construct(
                    **{**self._values(), "block": variant.block, "name": name, "variant": ()}
                )
        return self

    def _values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in Programme.model_fields}

    @cached_property
    def terms(self) -> tuple[str, str]:
        """Its mark and its rules: the same for programmes by which days are filled alike."""
        return self.mark, self.rules.model_dump_json()

    @cached_property
    def mark(self) -> str:
        """Its id, and a sign that changes when its blocks do, or what comes between their lessons; not for its rules.

        What was planned stays where it is when rules change, as far as they allow.
        """
        # Without defaults, so that a key that is added some day changes no mark.
        said = self.model_dump_json(
            exclude=dict.fromkeys(("kind", "groups", "venues", "rules", "variant"), True)
            | {"block": {"__all__": {"volume"}}},
            exclude_defaults=True,
        )
        return f"{self.id}#{zlib.crc32(said.encode()):08x}"


class _ProgrammesFile(BaseModel):
    model_config = _FROZEN

    rules: Rules = Rules()
    lists: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    playlist: tuple[Playlist, ...] = ()
    programme: tuple[Programme, ...] = ()


def load_programmes(path: Path) -> tuple[Programme, ...]:
    """Read programmes.toml.

    Returns:
        The programmes, complete: with the file's rules where they have none, playlists and lists put in their place.

    Raises:
        InputError: missing, not TOML, any key wrong, two programmes for the same, or two blocks at one time; all
            problems at once.
    """
    values = read_toml(path)
    file = parse(_ProgrammesFile, values, path.name)
    if not file.programme:
        raise InputError(Problem(path.name, text("holds no [[programme]]; write one for each kind of venue")))
    problems = [*_claimed_twice(file.programme, path.name), *_unknown_parts(file, path.name)]
    if problems:
        raise InputError(*problems)
    complete = tuple(_complete(one, file) for one in file.programme)
    if clashes := tuple(_clashes(complete, path.name)):
        raise InputError(*clashes)
    return complete


def _clashes(programmes: Sequence[Programme], name: str) -> Iterable[Problem]:
    """Blocks that want the same minute of a day; those of a shared [[playlist]] have taken their places already."""
    for number, one in enumerate(programmes, 1):
        lists = {"block": one.block, **{f"variant.{n}.block": each.block for n, each in enumerate(one.variant, 1)}}
        for key, blocks in lists.items():
            pinned = sorted((at, at + (each.minutes or 0), each.name) for each in blocks for at in each.times)
            for (_, ends, first), (at, _, second) in pairwise(pinned):
                if at < ends:
                    what = text(
                        "“{second}” begins at {at}, before “{first}” ends at {ends}; change a time or the minutes",
                        second=second,
                        at=_clock(at),
                        first=first,
                        ends=_clock(ends),
                    )
                    yield Problem(f"{name}: programme.{number}.{key}", what)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _claimed_twice(programmes: Sequence[Programme], name: str) -> list[Problem]:
    claims = [
        *(("id", one.id) for one in programmes),
        *(("kind", KIND_NAMES[kind]) for one in programmes for kind in one.kind),
        *(("groups", group) for one in programmes for group in one.groups),
        *(("venues", venue) for one in programmes for venue in one.venues),
    ]
    return [
        Problem(f"{name}: {key}", text("“{value}” is used twice", value=value))
        for key, value in dict.fromkeys(claims)
        if claims.count((key, value)) > 1
    ]


def _choices_of(programme: Programme, where: str) -> Iterable[tuple[str, LessonChoice]]:
    """Every block, filler and insert, with the key it stands under."""
    for index, block in enumerate(programme.block, 1):
        yield f"{where}.block.{index}", block
    for number, variant in enumerate(programme.variant, 1):
        for index, block in enumerate(variant.block, 1):
            yield f"{where}.variant.{number}.block.{index}", block
    for index, filler in enumerate(programme.filler, 1):
        yield f"{where}.filler" if len(programme.filler) == 1 else f"{where}.filler.{index}", filler
    yield f"{where}.insert", programme.insert


def _unknown_parts(file: _ProgrammesFile, name: str) -> Iterable[Problem]:
    playlists = [one.id for one in file.playlist]
    choices = [
        *(pair for number, one in enumerate(file.programme, 1) for pair in _choices_of(one, f"programme.{number}")),
        *(
            (f"playlist.{number}.block.{index}", block)
            for number, one in enumerate(file.playlist, 1)
            for index, block in enumerate(one.block, 1)
        ),
    ]
    for where, choice in choices:
        yield from _unknown(choice.lists, list(file.lists), f"{name}: {where}.lists")
        if isinstance(choice, Block) and choice.use:
            yield from _unknown((choice.use,), playlists, f"{name}: {where}.use")


def _complete(programme: Programme, file: _ProgrammesFile) -> Programme:
    parts = {one.id: one.block for one in file.playlist}

    def whole(blocks: Iterable[Block]) -> tuple[Block, ...]:
        used = (one for block in blocks for one in (parts[block.use] if block.use else (block,)))
        return tuple(_listed(one, file.lists) for one in used)

    own_rules = "rules" in programme.model_fields_set
    return programme.model_copy(
        update={
            "block": whole(programme.block),
            "variant": tuple(one.model_copy(update={"block": whole(one.block)}) for one in programme.variant),
            "filler": _with_bare(_listed(one, file.lists) for one in programme.filler),
            "insert": _listed(programme.insert, file.lists),
            "rules": programme.rules if own_rules else file.rules,
        }
    )


def _with_bare(cascade: Iterable[Filler]) -> tuple[Filler, ...]:
    """Slogans and idents are made to fill: whatever else the office names, they come behind it."""
    given = tuple(cascade)
    slogans = () if any(one.slogans for one in given) else (SLOGANS,)
    return (*given, *slogans, *(() if any(one.idents for one in given) else (IDENTS,)))


def _listed(choice: Any, lists: Mapping[str, tuple[str, ...]]) -> Any:  # noqa: ANN401  (a block stays a block)
    """The same with the lessons of its lists named one by one."""
    if not choice.lists:
        return choice
    named = [lesson for name in choice.lists for lesson in lists[name]]
    return choice.model_copy(update={"lessons": (*choice.lessons, *named), "lists": ()})


def programme_for(venue: Venue, programmes: Iterable[Programme]) -> Programme:
    """The programme that names the venue, or else one of its groups, or else the one for its kind.

    Raises:
        InputError: there is none.
    """
    some = tuple(programmes)
    for programme in some:
        if venue.id in programme.venues:
            return programme
    for programme in some:
        if not set(venue.groups).isdisjoint(programme.groups):
            return programme
    for programme in some:
        if venue.kind in programme.kind:
            return programme
    what = text("has no programme; add one with kind = “{kind}” to programmes.toml", kind=KIND_NAMES[venue.kind])
    raise InputError(Problem(venue.id, what))


def check_programmes(
    programmes: Sequence[Programme], settings: Settings, venues: Sequence[Venue], lessons: Sequence[Lesson]
) -> tuple[Problem, ...]:
    """Every name in the programmes that nothing bears, and every venue without a programme.

    Tags are free words: one that no lesson bears yet is no mistake.
    """
    ids_of_lessons = [lesson.id for lesson in lessons]
    known: _Known = {
        "series": settings.unknown_series,
        "forms": settings.unknown_form,
        "lessons": lambda name: None if name in ids_of_lessons else not_one_of(name, ids_of_lessons),
    }
    ids = {venue.id for venue in venues}
    problems = []
    for number, programme in enumerate(programmes, 1):
        where = f"{FILE_NAME}: programme.{number}"
        strange = (name for name in programme.venues if name not in ids)
        problems += [Problem(f"{where}.venues", no_venue(name, venues)) for name in strange]
        groups = list(dict.fromkeys(group for venue in venues for group in venue.groups))
        problems += _unknown(programme.groups, groups, f"{where}.groups")
        problems += _wrong(programme.rules.share, known["series"], f"{where}.rules.share")
        for key, choice in _choices_of(programme, where):
            problems += _unknown_names(choice, known, key)
    return (*problems, *_without_programme(venues, programmes))


_Known = Mapping[str, Callable[[str], Text | None]]
"""By kind of name: what is wrong with one, or None."""


def _unknown_names(choice: LessonChoice, known: _Known, where: str) -> list[Problem]:
    return [
        problem
        for key, unknown in known.items()
        for problem in _wrong(getattr(choice, key), unknown, f"{where}.{key}")
    ]


def _wrong(given: Iterable[str], unknown: Callable[[str], Text | None], where: str) -> list[Problem]:
    return [Problem(where, what) for name in given if (what := unknown(name)) is not None]


def _unknown(given: Iterable[str], names: Sequence[str], where: str) -> list[Problem]:
    return [Problem(where, not_one_of(name, names)) for name in given if name not in names]


def _without_programme(venues: Iterable[Venue], programmes: Sequence[Programme]) -> Iterable[Problem]:
    for venue in venues:
        try:
            programme_for(venue, programmes)
        except InputError as error:
            yield from error.problems
