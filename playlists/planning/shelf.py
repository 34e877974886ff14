"""The lessons that a kind of screen can show, and what of them a day may be filled from. Chooses none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from courseware.lessons.lesson import Lesson
from courseware.lessons.rendition import Rendition
from playlists.almanac.days import clock_at
from playlists.files.blocks import LessonChoice, Moment, admits
from playlists.files.calendar import Calendar
from playlists.files.programmes import Programme
from playlists.files.rules import Rules, Soft
from playlists.planning.memory import CountyMemory, Memo
from playlists.planning.showings import (
    LONGEST_STRIDE,
    BlockPart,
    Candidate,
    Members,
    PlannedShowing,
    members_of,
    seconds_of,
)
from playlists.schedules.schedule import IDENT, NOTICE, SLOGAN, Slot

_SHARE_UNIT = 10**7
# A record is frozen for all others.
_set = object.__setattr__
_SOMETIME = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, eq=False)
class Pool:
    """What a day may be filled from; what it remembers changes no answer.

    Attributes:
        lessons: by id, valid on the day and rendered for the screen.
        programme: names the blocks.
        moment: what the choice of some blocks depends on; where none does, that of another day of the same lessons.
        laid: lengths of a day's stretches → the blocks laid over them, where none has a clock time.
    """

    lessons: Mapping[str, Lesson]
    candidates: tuple[Candidate, ...]
    programme: Programme
    moment: Moment
    laid: Memo[tuple[int, ...], tuple[tuple[BlockPart, ...], ...]] = field(default_factory=Memo)
    _chosen: Memo[LessonChoice, tuple[Candidate, ...]] = field(default_factory=Memo)
    _own: Memo[str, frozenset[str]] = field(default_factory=Memo)
    _aside: Memo[str, frozenset[str]] = field(default_factory=Memo)

    def of(self, choice: LessonChoice) -> tuple[Candidate, ...]:
        """What a block, filler or insert admits."""
        found = self._chosen.get(choice)
        if found is None:
            admitted = (
                candidate
                for candidate in self.candidates
                if admits(choice, self.lessons[candidate.lesson], self.moment)
            )
            found = self._chosen.keep(choice, tuple(admitted))
        return found

    @cached_property
    def lengths(self) -> frozenset[int]:
        """The lengths that its lessons have, in seconds."""
        return frozenset(map(seconds_of, self.candidates))

    @cached_property
    def members(self) -> Members:
        """Its lessons by series."""
        return members_of(self.candidates)

    @cached_property
    def weights(self) -> Mapping[Soft, int]:
        """What one breach of each rule counts that is asked for."""
        return {rule: self.programme.rules.weight(rule) for rule in self.programme.rules.soft}

    @cached_property
    def fillers(self) -> tuple[tuple[Candidate, ...], ...]:
        """What closes the seconds a block leaves, in the order in which it is tried."""
        return tuple(map(self.of, self.programme.filler))

    @cached_property
    def inserts(self) -> tuple[Candidate, ...]:
        """What comes after every so many showings."""
        return self.of(self.programme.insert) if self.programme.insert_every else ()

    def own(self, block: str) -> frozenset[str]:
        """The lessons that the blocks of that name ask for, and the fillers."""
        found = self._own.get(block)
        if found is None:
            fillers = (candidate.lesson for tier in self.fillers for candidate in tier)
            found = self._own.keep(block, self._asked(block).union(fillers))
        return found

    def _asked(self, block: str) -> frozenset[str]:
        """The lessons that the blocks of that name ask for; all where there is no such block."""
        blocks = [each for each in self.programme.block if each.name == block]
        return frozenset([name for each in blocks for name, _, _ in self.of(each)] if blocks else self.lessons)

    def aside(self, block: str) -> frozenset[str]:
        """Fillers that the block of that name does not ask for: there they fill time, as lessons of no series."""
        found = self._aside.get(block)
        return self._aside.keep(block, self.own(block) - self._asked(block)) if found is None else found

    @cached_property
    def single(self) -> frozenset[str]:
        """The blocks that ask for lessons of one series only."""
        series = ((block.name, {series for _, series, _ in self.of(block)} - {""}) for block in self.programme.block)
        return frozenset(name for name, asked in series if len(asked) == 1)


class _OnDay(NamedTuple):
    """The lessons valid on a day by their ids, and the ids."""

    lessons: Mapping[str, Lesson]
    names: frozenset[str]


class _Matters(NamedTuple):
    """What some block of a programme asks of the moment."""

    season: bool
    requests: bool
    premiere: bool


class _PoolKey(NamedTuple):
    """All that a pool depends on; of the moment only what some block asks for."""

    terms: tuple[str, str]
    names: frozenset[str]
    forbidden: frozenset[str]
    day: date | None
    requested: frozenset[str] | None
    unseen: frozenset[str] | None


@dataclass(frozen=True, eq=False)
class LessonShelf:
    """Renditions and their lessons; what it remembers changes no answer.

    Attributes:
        lessons: rendered ones, by id in order.
        renditions: by lesson id.
        refused: lessons with a finished video that nobody approved.
        is_empty: whether there is no lesson at all, rendered or not.
    """

    lessons: tuple[Lesson, ...]
    renditions: Mapping[str, Rendition]
    refused: tuple[str, ...] = ()
    is_empty: bool = False
    _on: Memo[date, _OnDay] = field(default_factory=Memo)
    _matters: Memo[str, _Matters] = field(default_factory=Memo)
    _pools: Memo[_PoolKey, Pool] = field(default_factory=Memo)
    _strides: Memo[tuple[frozenset[tuple[str, int]], frozenset[str]], Mapping[str, int]] = field(default_factory=Memo)
    _memories: Memo[tuple[str, frozenset[str]], CountyMemory] = field(default_factory=Memo)

    @staticmethod
    def of(
        renditions: Mapping[str, Rendition], lessons: Iterable[Lesson], refused: Sequence[str] = ()
    ) -> LessonShelf:
        """A shelf of the lessons that are rendered."""
        known = tuple(lessons)
        usable = sorted((lesson for lesson in known if lesson.id in renditions), key=lambda lesson: lesson.id)
        return LessonShelf(tuple(usable), renditions, tuple(refused), not known)

    def lessons_on(self, day: date) -> Mapping[str, Lesson]:
        """Those valid on the day."""
        return self._valid(day).lessons

    def _valid(self, day: date) -> _OnDay:
        found = self._on.get(day)
        if found is None:
            lessons = {lesson.id: lesson for lesson in self.lessons if lesson.is_valid_on(day)}
            found = self._on.keep(day, _OnDay(lessons, frozenset(lessons)))
        return found

    def always(self, days: Iterable[date]) -> frozenset[str]:
        """Those valid on each of these days."""
        return frozenset.intersection(*{self._valid(day).names for day in days})

    @cached_property
    def films(self) -> Mapping[str, tuple[str, ...]]:
        """Series → its lessons in order; not what is made without a video, which comes wherever there is a hole."""
        found: dict[str, tuple[str, ...]] = {}
        for lesson in self.lessons:
            if not lesson.is_bare:
                found[lesson.series] = (*found.get(lesson.series, ()), lesson.id)
        return found

    @cached_property
    def patterns(self) -> Mapping[str, Slot]:
        """Lesson → a slot of it to copy."""
        return {lesson.id: slot_of(self.renditions[lesson.id], _bare_kind(lesson)) for lesson in self.lessons}

    def pool(self, programme: Programme, moment: Moment, forbidden: frozenset[str]) -> Pool:
        """What the venue's day may be filled from."""
        valid, names = self._valid(moment.day)
        matters = self._matters.get(programme.mark)
        if matters is None:
            matters = self._matters.keep(programme.mark, _what_matters(programme))
        key = _PoolKey(
            programme.terms,
            names,
            forbidden,
            moment.day if matters.season else None,
            moment.requested if matters.requests else None,
            moment.unseen if matters.premiere else None,
        )
        found = self._pools.get(key)
        if found is None:
            lessons = {name: lesson for name, lesson in valid.items() if name not in forbidden}
            candidates = tuple(map(self._candidate, lessons.values()))
            found = self._pools.keep(key, Pool(lessons, candidates, programme, moment))
        return found

    def _candidate(self, lesson: Lesson) -> Candidate:
        return Candidate(lesson.id, "" if lesson.is_bare else lesson.series, self.renditions[lesson.id].seconds)

    def strides(self, rules: Rules, day: date) -> Mapping[str, int]:
        """Film → how far a showing takes it on, so that the series have their shares; empty when none are wished."""
        if not rules.share or "share" not in rules.soft:
            return {}
        valid, names = self._valid(day)
        key = (frozenset(rules.share.items()), names)
        found = self._strides.get(key)
        if found is None:
            films = [lesson for lesson in valid.values() if not lesson.is_bare]
            found = self._strides.keep(key, self._weighed(rules, films))
        return found

    def _weighed(self, rules: Rules, films: Sequence[Lesson]) -> Mapping[str, int]:
        """Film → the longer, the less is its series' wished share over the seconds that the series lasts."""
        lasting = Counter[str]()
        for film in films:
            lasting[film.series] += self.renditions[film.id].seconds
        shares = {
            name: max(1, rules.share.get(name, 1) * _SHARE_UNIT // seconds) for name, seconds in lasting.items()
        }
        return {film.id: LONGEST_STRIDE // shares[film.series] for film in films}

    def memory(self, calendar: Calendar, programme: Programme, day: date) -> CountyMemory:
        """What was planned from the lessons of that day; begun anew where calendar or programme is another one."""
        key = (programme.mark, self._valid(day).names)
        found = self._memories.get(key)
        if found is None or not found.is_of(calendar, programme):
            found = self._memories.keep(key, CountyMemory.of(calendar, programme))
        return found


def _bare_kind(lesson: Lesson) -> str:
    """What a lesson is called that is made without a video; "" for a film."""
    return SLOGAN if lesson.slogan else NOTICE if lesson.notice else IDENT if lesson.ident else ""


def _what_matters(programme: Programme) -> _Matters:
    """What some block, filler or insert asks of the moment."""
    choices: list[LessonChoice] = [*programme.block, *programme.filler, programme.insert]
    return _Matters(
        any(choice.season for choice in choices),
        any(choice.requests for choice in choices),
        any(choice.premiere for choice in choices),
    )


def slot_of(made: Rendition, note: str = "") -> Slot:
    """A slot of the lesson, at no particular time: the pattern of all its slots."""
    return Slot(
        start=_SOMETIME,
        seconds=made.seconds,
        kind="lesson",
        title=made.title,
        lesson=made.lesson,
        series=made.series,
        form=made.form,
        file=f"renditions/{made.profile}/{made.file}",
        sha256=made.sha256,
        note=note,
        block="",
        why="",
    )


def lesson_slot(showing: PlannedShowing, pattern: Slot, zone: ZoneInfo) -> Slot:
    """The slot of a showing, by the pattern of its lesson."""
    start, _, block, why = showing
    slot = Slot.__new__(Slot)
    # Neither validated nor copied by pydantic: for a county's million slots that took a tenth of all planning.
    _set(slot, "__dict__", {**pattern.__dict__, "start": clock_at(start, zone), "block": block, "why": why})
    _set(slot, "__pydantic_fields_set__", pattern.__pydantic_fields_set__)
    _set(slot, "__pydantic_extra__", None)
    _set(slot, "__pydantic_private__", None)
    return slot
