"""Who gives which lecture about what: an assignment solved to proven optimality (HiGHS, through scipy). Pure.

Never broken: free on the day, one place at a time with the way between, no more than a week's lectures, a topic of
their own. In order of weight: what stands already is kept, topics take turns at each venue (五讲), loads are even,
preferences are met, ways are short. A lecture that nobody can give is returned without a lecturer.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from zlib import crc32

from playlists.almanac.days import week_of
from playlists.files.lecturers import (
    TOPICS,
    Lecturer,
    Travel,
)
from playlists.people.lectures import PastLectures, Session, Visit
from playlists.people.program import Program

_CHANGED = 1000
_OUT_OF_TURN = 40
_UNEVEN = 10
_UNLIKED = 8
_WAY_MIN = 15  # so many minutes from home count one
_TIE = 10_000  # lots that decide among equals are less than one of the above, all together


class _LectureOption(NamedTuple):
    """Lecturer number `who` gives session number `session` about a topic."""

    session: int
    who: int
    topic: str


def plan_roster(
    sessions: Sequence[Session], lecturers: Sequence[Lecturer], travel: Travel, past: PastLectures | None = None
) -> tuple[Visit, ...]:
    """Assign a lecturer and a topic to every session that names nobody: as many as can be, then as well as can be."""
    every = sorted((one for one in sessions if not one.name), key=lambda one: (one.start, one.venue.id))
    open_ones, fixed = _told_once(every), _told_once(one for one in sessions if one.name)
    options = [
        _LectureOption(number, who, topic)
        for number, one in enumerate(open_ones)
        for who, lecturer in enumerate(lecturers)
        if lecturer.is_free(one.day) and not _clashes(one, lecturer, fixed, travel)
        for topic in lecturer.topics
        if one.topic in ("", topic)
    ]
    chosen = {
        one.session: one for one in _solve(open_ones, lecturers, options, fixed, travel, past or PastLectures())
    }
    found = {
        _talk(one): (lecturers[chosen[number].who].name, chosen[number].topic) if number in chosen else ("", "")
        for number, one in enumerate(open_ones)
    }
    return tuple(Visit(one, *found[_talk(one)]) for one in every)


def clash(one: Session, other: Session, travel: Travel) -> bool:
    """Whether nobody can be at both: they overlap, or the way between is too long."""
    first, second = sorted((one, other), key=lambda session: session.start)
    return (second.start - first.end).total_seconds() < travel.between(first.venue, second.venue) * 60


def _talk(session: Session) -> tuple[str, str, datetime]:
    """The same for all venues that one lecture is relayed to."""
    return "" if session.relay else session.venue.id, session.relay + session.name, session.start


def _told_once(sessions: Iterable[Session]) -> list[Session]:
    """Without the further venues of a lecture that is relayed: its lecturer is at one of them."""
    first: dict[tuple[str, str, datetime], Session] = {}
    for one in sessions:
        first.setdefault(_talk(one), one)
    return list(first.values())


def _clashes(session: Session, lecturer: Lecturer, fixed: Iterable[Session], travel: Travel) -> bool:
    return any(other.name == lecturer.name and clash(session, other, travel) for other in fixed)


def _solve(
    sessions: Sequence[Session],
    lecturers: Sequence[Lecturer],
    options: Sequence[_LectureOption],
    fixed: Sequence[Session],
    travel: Travel,
    past: PastLectures,
) -> tuple[_LectureOption, ...]:
    """The best choice of options; all sessions served when that is possible, else as many as can be."""
    if not options:
        return ()
    costs = list(_costs(sessions, lecturers, options, _turns(sessions, past), travel, past))
    options, costs = _worth_a_look(sessions, options, costs)
    problem = Program()
    by_session, by_person = defaultdict[int, list[int]](list), defaultdict[tuple[int, int], list[int]](list)
    for one, cost in zip(options, costs, strict=True):
        column = problem.add_column(cost)
        by_session[one.session].append(column)
        by_person[one.session, one.who].append(column)
    spare = [problem.add_column(0) for _ in sessions]
    for number, column in enumerate(spare):
        problem.add_row([*by_session[number], column], 1, 1)
    _add_places(problem, sessions, by_person, len(lecturers), travel)
    _add_turns(problem, sessions, options)
    _add_loads(problem, sessions, lecturers, by_person, fixed, past)
    served = problem.solve(spare)
    return tuple(one for one, value in zip(options, served, strict=False) if value)


def _worth_a_look(
    sessions: Sequence[Session], options: Sequence[_LectureOption], costs: Sequence[float]
) -> tuple[list[_LectureOption], list[float]]:
    """Without the topics that are dearer at a venue with one lecture: nothing else depends on its topic."""
    lectures = Counter(one.venue.id for one in sessions)
    best: dict[tuple[int, int, str], tuple[float, _LectureOption]] = {}
    for one, cost in zip(options, costs, strict=True):
        alone = lectures[sessions[one.session].venue.id] == 1
        key = (one.session, one.who, "" if alone else one.topic)
        best[key] = min(best.get(key, (cost, one)), (cost, one))
    return [one for _, one in best.values()], [cost for cost, _ in best.values()]


def _costs(
    sessions: Sequence[Session],
    lecturers: Sequence[Lecturer],
    options: Sequence[_LectureOption],
    ranks: Sequence[Mapping[str, int]],
    travel: Travel,
    past: PastLectures,
) -> Iterator[float]:
    lots = max(1, _TIE // len(sessions))
    for option in options:
        session, lecturer = sessions[option.session], lecturers[option.who]
        stands = past.present.get(session.key)
        cost = _CHANGED if stands and stands != (lecturer.name, option.topic) else 0
        cost += 0 if session.topic else _OUT_OF_TURN * ranks[option.session][option.topic]
        cost += 0 if lecturer.likes(session.venue) else _UNLIKED
        cost += travel.towns(lecturer.town, session.venue.town) // _WAY_MIN if lecturer.town else 0
        lot = crc32(f"{session.venue.id} {session.start.timestamp()} {lecturer.name} {option.topic}".encode()) % lots
        yield cost + lot / _TIE


def _turns(sessions: Sequence[Session], past: PastLectures) -> list[dict[str, int]]:
    """For each session, how far each topic is from being the venue's next: 0 is the one not heard for longest."""
    seen: dict[str, int] = defaultdict(int)
    found = []
    for session in sessions:
        heard = past.topics.get(session.venue.id, ())
        # Venues begin at different topics, so that all five are wanted at any time.
        first = crc32(session.venue.id.encode()) % len(TOPICS)
        circle = TOPICS[first:] + TOPICS[:first]
        last = {topic: place for place, topic in enumerate(heard)}
        order = sorted(circle, key=lambda topic: last.get(topic, -1))
        found.append({topic: abs(place - seen[session.venue.id] % len(TOPICS)) for place, topic in enumerate(order)})
        seen[session.venue.id] += 1
    return found


def _add_places(
    problem: Program,
    sessions: Sequence[Session],
    by_person: Mapping[tuple[int, int], list[int]],
    people: int,
    travel: Travel,
) -> None:
    """One place at a time, with the way between."""
    at_once = defaultdict[tuple[datetime, datetime], list[int]](list)
    for number, one in enumerate(sessions):
        at_once[one.start, one.end].append(number)
    cliques = [numbers for numbers in at_once.values() if len(numbers) > 1]
    for number, one in enumerate(sessions):
        for times, others in at_once.items():
            # Those of one time exclude each other, so all of them and this one are a clique, too.
            if times > (one.start, one.end):
                near = [other for other in others if clash(one, sessions[other], travel)]
                cliques += [[number, *near]] if near else []
    for numbers in cliques:
        for who in range(people):
            columns = [column for number in numbers for column in by_person.get((number, who), ())]
            if len(columns) > 1:
                problem.add_row(columns, 0, 1)


def _add_turns(problem: Program, sessions: Sequence[Session], options: Sequence[_LectureOption]) -> None:
    """A venue hears all five topics before it hears one again."""
    free = [one for one in range(len(sessions)) if not sessions[one].topic]
    per_venue = defaultdict[str, int](int)
    for number in free:
        per_venue[sessions[number].venue.id] += 1
    columns = defaultdict[tuple[str, str], list[int]](list)
    for column, one in enumerate(options):
        if not sessions[one.session].topic:
            columns[sessions[one.session].venue.id, one.topic].append(column)
    for (venue, _), some in columns.items():
        if per_venue[venue] > 1:
            problem.add_soft_row(some, -(-per_venue[venue] // len(TOPICS)), _OUT_OF_TURN * len(TOPICS))


def _add_loads(
    problem: Program,
    sessions: Sequence[Session],
    lecturers: Sequence[Lecturer],
    by_person: Mapping[tuple[int, int], list[int]],
    fixed: Sequence[Session],
    past: PastLectures,
) -> None:
    """No more than a week's lectures; and each further one of a person costs more than the one before."""
    own_choice = Counter(one.name for one in fixed)
    given = {one.name: past.loads.get(one.name, 0) + own_choice[one.name] for one in lecturers}
    least = min(given.values())
    weeks = sorted({week_of(one.day) for one in sessions})
    for who, lecturer in enumerate(lecturers):
        own: list[int] = []
        for week in weeks:
            numbers = [n for n, one in enumerate(sessions) if week_of(one.day) == week]
            columns = [column for number in numbers for column in by_person.get((number, who), ())]
            taken = sum(one.name == lecturer.name and week_of(one.day) == week for one in fixed)
            problem.add_row(columns, 0, max(0, lecturer.max_per_week - taken))
            own += columns
        most = min(lecturer.max_per_week * len(weeks), len(own))
        steps = [problem.add_column(_UNEVEN * (2 * (given[lecturer.name] - least + n) + 1)) for n in range(most)]
        problem.add_balance(own, steps)
