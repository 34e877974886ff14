"""Who gives which lecture, about what and when: an assignment solved to optimality (HiGHS, through scipy). Pure.

Never broken: free on the day, one place at a time with the way between, no more than a week's lectures, a topic of
their own. As many lectures as can be are given; those that are not are held when the fewest further lecturers could
give them. Then in order of weight: what stands already is kept, topics take turns at each venue (五讲), loads are
even, preferences are met, ways are short.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import zip_longest

from playlists.almanac.days import week_of
from playlists.files.lecturers import Lecturer, Travel
from playlists.people.kinds import LectureKind, add_missing, add_venues, columns_by_stop
from playlists.people.lectures import PastLectures, Roster, Session, Visit, clash
from playlists.people.prices import (
    LectureOption,
    add_loads,
    add_turns,
    costs_of,
    room_of,
    turns_of,
    worth_a_look,
)
from playlists.people.program import Program
from playlists.people.tours import Stop, add_tours, stops_of, ways_between

_NOBODY = -1  # stands for the further lecturers
Times = tuple[Session, ...]
"""One lecture at each time at which it may be held."""


def plan_roster(
    sessions: Sequence[Session],
    lecturers: Sequence[Lecturer],
    travel: Travel,
    past: PastLectures | None = None,
    choices: Sequence[Times] = (),
) -> Roster:
    """Assign a lecturer and a topic to every session that names nobody: as many as can be, then as well as can be.

    Args:
        choices: lectures whose time is chosen with the lecturer.
    """
    every = sorted((one for one in sessions if not one.name), key=lambda one: (one.start, one.venue.id))
    fixed = _told_once(one for one in sessions if one.name)
    ordered = [tuple(sorted(times, key=lambda one: one.start)) for times in choices]
    lectures = sorted(
        [*((one,) for one in _told_once(every)), *ordered], key=lambda times: (times[0].start, times[0].venue.id)
    )
    if not lectures:
        return Roster(())
    solved = _Assignment(lectures, lecturers, fixed, travel, past or PastLectures()).solve()
    found = {_talk(one.session): one for one in solved.visits}
    told = {id(times[0]) for times in ordered}
    relayed = (found[_talk(one)]._replace(session=one) for one in every)
    chosen = (one for times, one in zip(lectures, solved.visits, strict=True) if id(times[0]) in told)
    visits = sorted((*relayed, *chosen), key=lambda one: (one.session.start, one.session.venue.id))
    return solved._replace(visits=tuple(visits))


class _Assignment:
    """The lectures of a week, who may give each, and when."""

    def __init__(
        self,
        lectures: Sequence[Times],
        lecturers: Sequence[Lecturer],
        fixed: Sequence[Session],
        travel: Travel,
        past: PastLectures,
    ) -> None:
        self.lectures, self.lecturers, self.fixed, self.travel, self.past = lectures, lecturers, fixed, travel, past
        self.first = [times[0] for times in lectures]
        self.stops = stops_of(lectures, fixed)
        self.ways = ways_between((stop for stops in self.stops for stop in stops), travel)
        pairs = (pair for both in zip(self.stops, lectures, strict=True) for pair in zip(*both, strict=True))
        self.held_at: dict[Stop, Session] = dict(pairs)

    def solve(self) -> Roster:
        """The best roster: the fewest lectures without a lecturer, then the lowest costs."""
        fewest = self._fewest()
        problem = Program()
        options = self._options()
        kinds = self._kinds([_worth(number, own, self.stops[number]) for number, own in enumerate(options)])
        columns = {
            kind: [(problem.add_column(cost, len(numbers)), one) for one, cost in options[numbers[0]]]
            for kind, numbers in kinds.items()
        }
        sizes = {kind: len(numbers) for kind, numbers in kinds.items()}
        wanting = {kind: problem.add_column(0, size) for kind, size in sizes.items()}
        for kind, some in columns.items():
            problem.add_row([*(column for column, _ in some), wanting[kind]], sizes[kind], sizes[kind])
        when = self._add_people(problem, columns)
        missing, at_all = add_missing(problem, wanting, sizes, self.ways)
        when |= {(kind, _NOBODY): at for kind, at in at_all.items()}
        add_venues(problem, when)
        every = [pair for some in columns.values() for pair in some]
        add_turns(problem, self.first, every)
        add_loads(problem, self.first, self.lecturers, every, self.fixed, self.past)
        scarce = (tuple(wanting.values()), (missing,))
        taken = problem.within(list(zip(scarce, fewest, strict=True))) or problem.solve(*scarce)
        left = {key: [stop for stop, one in at.items() for _ in range(taken[one])] for key, at in when.items()}
        visits = dict[int, Visit]()
        for kind, numbers in kinds.items():
            given = [place for place, (column, _) in enumerate(columns[kind]) for _ in range(taken[column])]
            for number, place in zip_longest(numbers, given):
                one = options[number][place][0] if place is not None else None
                visits[number] = self._visit(number, one, left[kind, one.who if one else _NOBODY].pop(0))
        return Roster(tuple(visits[number] for number in sorted(visits)), taken[missing], problem.gap)

    def _fewest(self) -> tuple[int, int]:
        """How many lectures nobody can give, and how many more lecturers that takes.

        People who are alike are looked at as one, so that this is known at once; it may be somewhat too hopeful.
        """
        problem = Program()
        sizes = {kind: len(numbers) for kind, numbers in self._kinds([()] * len(self.lectures)).items()}
        people = range(len(self.lecturers))
        crews = Counter((tuple(self._can(who, kind) for kind in sizes), self._room(who)) for who in people)
        when = dict[tuple[LectureKind, int], dict[Stop, int]]()
        for crew, ((can, room), heads) in enumerate(crews.items()):
            own = {
                kind: {stop: problem.add_column(0, size) for stop in stops}
                for (kind, size), stops in zip(sizes.items(), can, strict=True)
            }
            add_tours(problem, columns_by_stop(own), self.ways, heads)
            problem.add_row((column for at in own.values() for column in at.values()), 0, room * heads)
            when |= {(kind, crew): at for kind, at in own.items()}
        wanting = {kind: problem.add_column(0, size) for kind, size in sizes.items()}
        for kind, size in sizes.items():
            given = (column for crew in range(len(crews)) for column in when[kind, crew].values())
            problem.add_row([*given, wanting[kind]], size, size)
        missing, at_all = add_missing(problem, wanting, sizes, self.ways)
        when |= {(kind, _NOBODY): at for kind, at in at_all.items()}
        add_venues(problem, when)
        taken = problem.solve(tuple(wanting.values()), (missing,))
        return sum(taken[column] for column in wanting.values()), taken[missing]

    def _kinds(self, worth: Sequence[Hashable]) -> dict[LectureKind, list[int]]:
        """The numbers of the lectures that are alike."""
        kinds = defaultdict[LectureKind, list[int]](list)
        for number, (stops, one) in enumerate(zip(self.stops, self.first, strict=True)):
            kinds[LectureKind(stops, one.topic, worth[number])].append(number)
        return dict(kinds)

    def _can(self, who: int, kind: LectureKind) -> tuple[Stop, ...]:
        """When somebody may give lectures of that kind."""
        lecturer = self.lecturers[who]
        if kind.topic not in ("", *lecturer.gives):
            return ()
        own = [other for other in self.fixed if other.name == lecturer.name]
        return tuple(
            stop
            for stop in kind.stops
            if lecturer.is_free(stop.day) and not any(clash(self.held_at[stop], other, self.travel) for other in own)
        )

    def _room(self, who: int) -> int:
        """How many lectures somebody may give in the weeks at hand."""
        weeks = {week_of(one.day) for one in self.first}
        return sum(room_of(self.lecturers[who], week, self.fixed) for week in weeks)

    def _options(self) -> list[list[tuple[LectureOption, int]]]:
        """For each lecture who may give it about what, at one of its times or another, and the costs."""
        options = [
            LectureOption(number, who, topic)
            for number, (one, stops) in enumerate(zip(self.first, self.stops, strict=True))
            for who, lecturer in enumerate(self.lecturers)
            if self._can(who, LectureKind(stops, one.topic))
            for topic in lecturer.gives
            if one.topic in ("", topic)
        ]
        ranks = turns_of(self.first, self.past)
        costs = list(costs_of(self.first, self.lecturers, options, ranks, self.travel, self.past))
        return worth_a_look(self.first, options, costs)

    def _add_people(
        self, problem: Program, columns: Mapping[LectureKind, Sequence[tuple[int, LectureOption]]]
    ) -> dict[tuple[LectureKind, int], dict[Stop, int]]:
        """When each gives lectures: of each kind as many as are given, with the ways between."""
        when = dict[tuple[LectureKind, int], dict[Stop, int]]()
        for who in range(len(self.lecturers)):
            own = {kind: {stop: problem.add_column(0) for stop in self._can(who, kind)} for kind in columns}
            for kind, at in own.items():
                problem.add_balance((column for column, one in columns[kind] if one.who == who), at.values())
            add_tours(problem, columns_by_stop(own), self.ways)
            when |= {(kind, who): at for kind, at in own.items()}
        return when

    def _visit(self, number: int, one: LectureOption | None, stop: Stop) -> Visit:
        session = self.lectures[number][self.stops[number].index(stop)]
        return Visit(session, self.lecturers[one.who].name, one.topic) if one else Visit(session, "", "")


def _worth(number: int, own: Sequence[tuple[LectureOption, int]], stops: Sequence[Stop]) -> Hashable:
    """What a lecture is told apart by: where a venue has several, each by itself, since topics take turns there."""
    return number if stops[0].venue else tuple((one.who, cost) for one, cost in own)


def _talk(session: Session) -> tuple[str, str, datetime]:
    """The same for all venues that one lecture is relayed to."""
    return "" if session.relay else session.venue.id, session.relay + session.name, session.start


def _told_once(sessions: Iterable[Session]) -> list[Session]:
    """Without the further venues of a lecture that is relayed: its lecturer is at one of them."""
    first: dict[tuple[str, str, datetime], Session] = {}
    for one in sessions:
        first.setdefault(_talk(one), one)
    return list(first.values())
