"""The lessons that a kind of screen can show, prepared once for all venues and days that share it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from courseware.lessons.lesson import Lesson
from courseware.lessons.rendition import Rendition
from playlists.files.blocks import LessonChoice, Moment
from playlists.files.programmes import Programme
from playlists.files.rules import Rules
from playlists.planning.fill import Candidate
from playlists.planning.layout import Pool
from playlists.planning.slots import slot_of
from playlists.schedules.schedule import IDENT, NOTICE, SLOGAN, Slot

_SHARE_UNIT = 10**7
# Different days and programmes that are remembered; a shelf lives as long as a planning run.
_MOST_POOLS = 512


@dataclass(slots=True)
class Shelf:
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
    _on: dict[date, tuple[dict[str, Lesson], frozenset[str]]] = field(default_factory=dict)
    _asking: dict[str, tuple[bool, bool, bool]] = field(default_factory=dict)
    _films: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _patterns: dict[str, Slot] = field(default_factory=dict)
    _pools: dict[object, Pool] = field(default_factory=dict)
    _weights: dict[object, dict[str, int]] = field(default_factory=dict)

    @staticmethod
    def of(renditions: Mapping[str, Rendition], lessons: Iterable[Lesson], refused: Sequence[str] = ()) -> Shelf:
        """A shelf of the lessons that are rendered."""
        known = tuple(lessons)
        usable = sorted((one for one in known if one.id in renditions), key=lambda one: one.id)
        return Shelf(tuple(usable), renditions, tuple(refused), not known)

    def lessons_on(self, day: date) -> Mapping[str, Lesson]:
        """Those valid on the day."""
        return self._valid(day)[0]

    def _valid(self, day: date) -> tuple[Mapping[str, Lesson], frozenset[str]]:
        """The lessons valid on the day by their ids, and the ids."""
        if day not in self._on:
            if len(self._on) > _MOST_POOLS:
                self._on.clear()
            lessons = {one.id: one for one in self.lessons if one.is_valid_on(day)}
            self._on[day] = lessons, frozenset(lessons)
        return self._on[day]

    def always(self, days: Iterable[date]) -> frozenset[str]:
        """Those valid on each of these days."""
        valid = {self._valid(day)[1] for day in days}
        return frozenset.intersection(*valid)

    @property
    def films(self) -> Mapping[str, tuple[str, ...]]:
        """Series → its lessons in order; not what is made without a video, which comes wherever there is a hole."""
        if not self._films:
            films = [one for one in self.lessons if not one.is_bare]
            for series in dict.fromkeys(one.series for one in films):
                self._films[series] = tuple(one.id for one in films if one.series == series)
        return self._films

    def pattern(self, lesson: str) -> Slot:
        """A slot of that lesson to copy."""
        if not self._patterns:
            self._patterns.update((one.id, slot_of(self.renditions[one.id], _bare_kind(one))) for one in self.lessons)
        return self._patterns[lesson]

    def pool(self, programme: Programme, moment: Moment, forbidden: frozenset[str]) -> Pool:
        """What the venue's day may be filled from."""
        valid, names = self._valid(moment.day)
        mark = programme.mark
        if mark not in self._asking:
            self._asking[mark] = _what_matters(programme)
        season, requests, premiere = self._asking[mark]
        matters = (
            moment.day if season else None,
            moment.requested if requests else None,
            moment.unseen if premiere else None,
        )
        key = (mark, names, forbidden, matters)
        if key not in self._pools:
            if len(self._pools) > _MOST_POOLS:
                self._pools.clear()
            lessons = {name: one for name, one in valid.items() if name not in forbidden}
            candidates = tuple(
                Candidate(name, "" if one.is_bare else one.series, self.renditions[name].seconds)
                for name, one in lessons.items()
            )
            self._pools[key] = Pool(lessons, candidates, programme, moment)
        return self._pools[key]

    def shares(self, rules: Rules, day: date) -> Mapping[str, int]:
        """Film → how often it should come so that the series have their shares; empty when none are wished."""
        if not rules.share or "share" not in rules.soft:
            return {}
        valid, names = self._valid(day)
        key = (tuple(sorted(rules.share.items())), names)
        if key not in self._weights:
            lasting: dict[str, int] = {}
            films = [one for one in valid.values() if not one.is_bare]
            for one in films:
                lasting[one.series] = lasting.get(one.series, 0) + self.renditions[one.id].seconds
            self._weights[key] = {
                one.id: max(1, rules.share.get(one.series, 1) * _SHARE_UNIT // lasting[one.series]) for one in films
            }
        return self._weights[key]


def _bare_kind(lesson: Lesson) -> str:
    """What a lesson is called that is made without a video; "" for a film."""
    return SLOGAN if lesson.slogan else NOTICE if lesson.notice else IDENT if lesson.ident else ""


def _what_matters(programme: Programme) -> tuple[bool, bool, bool]:
    """What some block asks of the moment: the season, what is requested, what is unseen."""
    choices: list[LessonChoice] = [*programme.block, *programme.filler, programme.insert]
    return (
        any(one.season for one in choices),
        any(one.requests for one in choices),
        any(one.premiere for one in choices),
    )
