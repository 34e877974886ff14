"""The lessons that a kind of screen can show, prepared once for all venues and days that share it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from courseware.lesson import Lesson
from courseware.rendition import Rendition
from playlists.files.programmes import Choice, Moment, Programme
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
    """

    lessons: tuple[Lesson, ...]
    renditions: Mapping[str, Rendition]
    refused: tuple[str, ...] = ()
    _on: dict[date, dict[str, Lesson]] = field(default_factory=dict)
    _patterns: dict[str, Slot] = field(default_factory=dict)
    _pools: dict[object, Pool] = field(default_factory=dict)
    _weights: dict[object, dict[str, int]] = field(default_factory=dict)

    @staticmethod
    def of(renditions: Mapping[str, Rendition], lessons: Iterable[Lesson], refused: Sequence[str] = ()) -> Shelf:
        """A shelf of the lessons that are rendered."""
        usable = sorted((one for one in lessons if one.id in renditions), key=lambda one: one.id)
        return Shelf(tuple(usable), renditions, tuple(refused))

    def lessons_on(self, day: date) -> Mapping[str, Lesson]:
        """Those valid on the day."""
        if day not in self._on:
            if len(self._on) > _MOST_POOLS:
                self._on.clear()
            self._on[day] = {
                one.id: one
                for one in self.lessons
                if (one.valid_from is None or one.valid_from <= day)
                and (one.valid_until is None or day <= one.valid_until)
            }
        return self._on[day]

    def pattern(self, lesson: str) -> Slot:
        """A slot of that lesson to copy."""
        if not self._patterns:
            self._patterns.update((one.id, slot_of(self.renditions[one.id], _bare_kind(one))) for one in self.lessons)
        return self._patterns[lesson]

    def pool(self, programme: Programme, moment: Moment, forbidden: frozenset[str]) -> Pool:
        """What the venue's day may be filled from."""
        valid = self.lessons_on(moment.day)
        key = (programme.mark, frozenset(valid), forbidden, _what_matters(programme, moment))
        if key not in self._pools:
            if len(self._pools) > _MOST_POOLS:
                self._pools.clear()
            lessons = {name: one for name, one in valid.items() if name not in forbidden}
            candidates = tuple(
                Candidate(name, one.series, self.renditions[name].seconds) for name, one in lessons.items()
            )
            self._pools[key] = Pool(lessons, candidates, programme, moment)
        return self._pools[key]

    def shares(self, rules: Rules, day: date) -> Mapping[str, int]:
        """Film → how often it should come so that the series have their shares; empty when none are wished."""
        if not rules.share or "share" not in rules.soft:
            return {}
        valid = self.lessons_on(day)
        key = (tuple(sorted(rules.share.items())), frozenset(valid))
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


def _what_matters(programme: Programme, moment: Moment) -> object:
    """Of the moment, only what some block asks for."""
    choices: list[Choice] = [*programme.block, *programme.filler, programme.insert]
    return (
        moment.day if any(one.season for one in choices) else None,
        moment.requested if any(one.requests for one in choices) else None,
        moment.unseen if any(one.premiere for one in choices) else None,
    )
