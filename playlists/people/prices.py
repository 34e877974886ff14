"""What makes one roster better than another: prices of columns and rows of a program. Chooses nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple
from zlib import crc32

from playlists.almanac.days import week_of
from playlists.files.lecturers import TOPICS, Lecturer, Travel
from playlists.people.lectures import PastLectures, Session
from playlists.people.program import Program

_KEPT = 1000
_OUT_OF_TURN = 40
_UNEVEN = 10
_UNLIKED = 8
_WAY_MIN = 15  # so many minutes from home count one


class LectureOption(NamedTuple):
    """Lecturer number `who` gives session number `session` about a topic."""

    session: int
    who: int
    topic: str


def worth_a_look(
    sessions: Sequence[Session], options: Sequence[LectureOption], costs: Sequence[int]
) -> list[list[tuple[LectureOption, int]]]:
    """For each session its options with their costs, without the topics that are dearer at a venue with one lecture.

    Nothing else depends on the topic there.
    """
    lectures = Counter(one.venue.id for one in sessions)
    best: dict[tuple[int, int, str], tuple[int, LectureOption]] = {}
    for one, cost in zip(options, costs, strict=True):
        alone = lectures[sessions[one.session].venue.id] == 1
        key = (one.session, one.who, "" if alone else one.topic)
        best[key] = min(best.get(key, (cost, one)), (cost, one))
    found: list[list[tuple[LectureOption, int]]] = [[] for _ in sessions]
    for cost, one in best.values():
        found[one.session].append((one, cost))
    return found


def costs_of(
    sessions: Sequence[Session],
    lecturers: Sequence[Lecturer],
    options: Sequence[LectureOption],
    ranks: Sequence[Mapping[str, int]],
    travel: Travel,
    past: PastLectures,
) -> Iterator[int]:
    """What each option costs, given how far each topic is from its turn."""
    for option in options:
        session, lecturer = sessions[option.session], lecturers[option.who]
        # What stands saves so much; without a lecturer it would be changed, too.
        cost = -_KEPT if past.present.get(session.key) == (lecturer.name, option.topic) else 0
        cost += 0 if session.topic else _OUT_OF_TURN * ranks[option.session][option.topic]
        cost += 0 if lecturer.likes(session.venue) else _UNLIKED
        cost += travel.towns(lecturer.town, session.venue.town) // _WAY_MIN if lecturer.town else 0
        yield cost


def turns_of(sessions: Sequence[Session], past: PastLectures) -> list[dict[str, int]]:
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


def add_turns(problem: Program, sessions: Sequence[Session], columns: Iterable[tuple[int, LectureOption]]) -> None:
    """A venue hears all five topics before it hears one again.

    Args:
        columns: those of the options, each for one session where a venue has several.
    """
    per_venue = Counter(one.venue.id for one in sessions if not one.topic)
    heard = defaultdict[tuple[str, str], list[int]](list)
    for column, one in columns:
        if not sessions[one.session].topic:
            heard[sessions[one.session].venue.id, one.topic].append(column)
    for (venue, _), some in heard.items():
        if per_venue[venue] > 1:
            problem.add_soft_row(some, -(-per_venue[venue] // len(TOPICS)), _OUT_OF_TURN * len(TOPICS))


def add_loads(
    problem: Program,
    sessions: Sequence[Session],
    lecturers: Sequence[Lecturer],
    columns: Iterable[tuple[int, LectureOption]],
    fixed: Sequence[Session],
    past: PastLectures,
) -> None:
    """No more than a week's lectures; and each further one of a person costs more than the one before."""
    own_choice = Counter(one.name for one in fixed)
    given = {one.name: past.loads.get(one.name, 0) + own_choice[one.name] for one in lecturers}
    least = min(given.values(), default=0)
    own = defaultdict[int, dict[str, list[int]]](lambda: defaultdict(list))
    for column, one in columns:
        own[one.who][week_of(sessions[one.session].day)].append(column)
    for who, lecturer in enumerate(lecturers):
        for week, some in own[who].items():
            problem.add_row(some, 0, room_of(lecturer, week, fixed))
        most = min(lecturer.max_per_week * len(own[who]), len(sessions))
        steps = [problem.add_column(_UNEVEN * (2 * (given[lecturer.name] - least + n) + 1)) for n in range(most)]
        problem.add_balance((column for some in own[who].values() for column in some), steps)


def room_of(lecturer: Lecturer, week: str, fixed: Iterable[Session]) -> int:
    """How many more lectures somebody may give in a week."""
    taken = sum(one.name == lecturer.name and week_of(one.day) == week for one in fixed)
    return max(0, lecturer.max_per_week - taken)
