"""How exactly, fairly and fast a county is planned: python -m tests.bench.bench_planner.

Named parts only, when named: windows weeks months year country rules.

Seeded, so that two runs differ in nothing but time.
"""

from __future__ import annotations

import random
import resource
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import mean, median
from time import perf_counter, process_time
from zoneinfo import ZoneInfo

from courseware.lessons.lesson import Lesson
from courseware.lessons.rendition import Rendition
from playlists.almanac.days import moment
from playlists.files.calendar import Calendar
from playlists.files.programmes import Programme
from playlists.files.requests import Request
from playlists.files.rules import Rules, Soft
from playlists.files.venues import Venue
from playlists.planning.fill import Filled, fill
from playlists.planning.planner import Given, plan_from, plan_week
from playlists.planning.shelf import LessonShelf
from playlists.planning.showings import Candidate, FillTask, History
from playlists.planning.sums import most_fillable
from playlists.schedules.history import Past, advance
from playlists.schedules.schedule import Schedule, Slot, dump_schedule, monday_of
from tests.bench.optimum import SmallDay, least_cost
from tests.playlists.factories import SERIES, catalogue, programme, venue

SEED = 20261123
WINDOWS = 1000
VENUES = 100
INSTANCES = 50
COUNTRY = (5000, 10_000, 20_000)
YEAR = (100, 200, 400)
# As many as show how it grows; where nothing is shared, each takes as long as the one before.
YEAR_UNSHARED = (10, 20, 40)
ZONE = ZoneInfo("Asia/Shanghai")
# A county has a few kinds of opening hours.
HOURS = (
    "每天 18:30-20:30",
    "夏季 每天 19:30-21:30；冬季 每天 18:30-20:30",
    "周一至周五 19:00-20:30；周末 14:30-17:30",
)
_OF_A_DAY: tuple[Soft, ...] = ("requests", "premieres", "repeat_gap", "series_in_a_row")
_FOR_ALL = {"windows", "weeks"}
_LONG_RUNS = {"24 lessons of 3-15 min", "120 lessons of 3-15 min"}
# They hold all of December 2026.
_MONTH = ("2026-W49", "2026-W50", "2026-W51", "2026-W52", "2026-W53")
# Number of lessons, shortest and longest in seconds.
LIBRARIES = {
    "6 lessons of 25-45 s": (6, 25, 45),
    "16 lessons of 3-15 min": (16, 180, 900),
    "24 lessons of 3-15 min": (24, 180, 900),
    "120 lessons of 3-15 min": (120, 180, 900),
    "200 lessons of 25-45 s": (200, 25, 45),
}


def bench_windows(name: str, size: int, shortest: int, longest: int) -> str:
    """Fill WINDOWS windows of 20 min to 4 h, each from a library of its own."""
    dice = random.Random(f"{SEED} {name}")
    filled: list[tuple[FillTask, Filled]] = []
    elapsed = 0.0
    for _ in range(WINDOWS):
        some = tuple(Candidate(f"{n:03}", dice.choice(SERIES), dice.randint(shortest, longest)) for n in range(size))
        task = FillTask(0, dice.randrange(1200, 14401), (some,), rotation=dice.randrange(size))
        began = perf_counter()
        found = fill(task, History())
        elapsed += perf_counter() - began
        filled.append((task, found))
    return f"{name:<24} {_remainders(filled)}  {_order(filled)}  {1000 * elapsed / WINDOWS:6.2f} ms"


def _remainders(filled: list[tuple[FillTask, Filled]]) -> str:
    missing = [found.missing for _, found in filled]
    best = [task.seconds - most_fillable(task.seconds, (one.seconds for one in task.tiers[0])) for task, _ in filled]
    exact = sum(not seconds for seconds in missing)
    optimal = sum(one == other for one, other in zip(missing, best, strict=True))
    return (
        f"exact {exact:4} of {WINDOWS}, as exact as possible {optimal:4},"
        f" left over mean {mean(missing):5.2f} s, median {median(missing):3.0f} s, most {max(missing):3} s"
    )


def _order(filled: list[tuple[FillTask, Filled]]) -> str:
    pairs = [pair for _, found in filled for pair in pairwise(found.showings)]
    twice = sum(one == other for one, other in pairs)
    series = sum(one.series == other.series for one, other in pairs) / max(1, len(pairs))
    spreads = [_spread(task, found) for task, found in filled]
    return f"twice in a row {twice:4}, series after itself {series:6.2%}, spread of uses {mean(spreads):4.1f}"


def _spread(task: FillTask, found: Filled) -> int:
    counts = Counter(one.lesson for one in found.showings)
    return max(counts.values()) - min(counts[one.lesson] for one in task.tiers[0]) if counts else 0


def bench_weeks(name: str, size: int, shortest: int, longest: int) -> str:
    """Plan the week of VENUES squares, each open two hours every evening."""
    dice = random.Random(f"{SEED} {name}")
    lessons, renditions = catalogue([dice.randint(shortest, longest) for _ in range(size)])
    blocks = [{"name": "技术", "series": [SERIES[2]], "minutes": 30}, {"name": "轮播"}]
    by = programme(block=blocks, repeat_gap_minutes=30)
    began = perf_counter()
    weeks = [
        plan_week(venue(id=f"square-{n}"), by, Calendar(), renditions, lessons, "2026-W48", ZONE)
        for n in range(VENUES)
    ]
    elapsed = perf_counter() - began
    gaps = sum(gap.seconds for week in weeks for gap in week.gaps)
    return f"{name:<24} {VENUES / elapsed:6.1f} venue-weeks a second, {gaps} s empty in {VENUES * 14} h"


def bench_month(name: str, size: int, shortest: int, longest: int) -> str:
    """Plan 100 squares for the 31 days of a month, week after week, each knowing what was before."""
    shelf, by = _shelf(name, size, shortest, longest)
    said, days = [], 31 / (7 * len(_MONTH))
    counts, missing = Counter[tuple[str, str]](), 0
    squares = _squares(VENUES)
    for some in (squares, _squares(VENUES, own=True)):
        spent = 0.0
        for seconds, made in _county(shelf, by, some, _MONTH):
            spent += seconds
            missing += sum(gap.seconds for gap in made.gaps)
            if some is squares:
                lessons = (slot.lesson for day in made.days if day.date.month == 12 for slot in day.slots)
                counts.update((made.venue, lesson) for lesson in lessons)
        said.append(f"{spent * days:.2f} s")
    spreads = Counter[int]()
    for square in squares:
        for series in SERIES:
            own = [counts[square.id, one.id] for one in shelf.lessons if one.series == series]
            spreads[max(own) - min(own)] += 1
    fair = (spreads[0] + spreads[1]) / spreads.total()
    return (
        f"{name:<24} {VENUES} squares x 31 days in {' (nothing shared: '.join(said)}) of one core, {missing} s empty;"
        f" showings within a series differ by at most 1 in {fair:.1%}, spreads {dict(sorted(spreads.items()))}"
    )


def bench_year(name: str, size: int, shortest: int, longest: int) -> str:
    """Plan squares for 53 weeks, to see growth and memory: with a few kinds of hours, and each with its own."""
    shelf, by = _shelf(name, size, shortest, longest)
    weeks = [f"2026-W{week:02}" for week in range(1, 54)]
    said = []
    for own, counts in ((False, YEAR), (True, YEAR_UNSHARED)):
        for count in counts:
            spent = (seconds for seconds, _ in _county(shelf, by, _squares(count, own=own), weeks))
            said.append(_timed(count, 371, YEAR[-1], spent) + (", nothing shared" if own else ""))
    return f"{name:<24} 53 weeks: {'; '.join(said)}"


def bench_country(name: str, size: int, shortest: int, longest: int) -> str:
    """Plan one week of very many squares and write each as JSON: first without a history, then each with its own.

    The files are not kept: what a disk takes for 490,000 of them says nothing of the planner.
    """
    shelf, by = _shelf(name, size, shortest, longest)
    said = [
        _timed(count, 7, 490_000, _written(shelf, by, count, own=own))
        + (", each with hours and a history of its own" if own else "")
        for own in (False, True)
        for count in COUNTRY
    ]
    return f"{name:<24} one week: {'; '.join(said)}"


def planned_weeks(name: str, size: int, shortest: int, longest: int, numbers: Iterable[int]) -> Iterator[str]:
    """The weeks of squares as JSON, each with hours and a history of its own."""
    shelf, by = _shelf(name, size, shortest, longest)
    for number in numbers:
        past = _own_past(shelf, random.Random(f"{SEED} {number}"))
        square = _square(number, own=True)
        yield dump_schedule(plan_from(shelf, square, by, Calendar(), "2026-W48", ZONE, 0, Given(past=past)))


def _own_past(shelf: LessonShelf, dice: random.Random) -> Past:
    monday = int(moment(monday_of("2026-W48"), 0, ZONE).timestamp())
    return Past(
        {one.id: dice.randrange(9, 11) for one in shelf.lessons},
        {one.id: monday - dice.randrange(1, 7) * 86400 - dice.randrange(7200) for one in shelf.lessons},
    )


def _written(shelf: LessonShelf, by: Programme, count: int, *, own: bool) -> Iterator[float]:
    """The seconds that each square's week takes."""
    dice, calendar = random.Random(f"{SEED} country"), Calendar()
    for number in range(count):
        square, past = _square(number, own=own), _own_past(shelf, dice) if own else Past()
        began = process_time()
        dump_schedule(plan_from(shelf, square, by, calendar, "2026-W48", ZONE, 0, Given(past=past)))
        yield process_time() - began


def _timed(count: int, days: int, many: int, spent: Iterable[float]) -> str:
    """How long so many squares took, a day of one, and `many` if it goes on like this."""
    elapsed = sum(spent)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return (
        f"{count} in {elapsed:.1f} s ({1e3 * elapsed / count / days:.3f} ms a day, {memory} MB,"
        f" {many} in {many * elapsed / count / 60:.1f} min)"
    )


def _county(
    shelf: LessonShelf, by: Programme, squares: Sequence[Venue], weeks: Sequence[str]
) -> Iterator[tuple[float, Schedule]]:
    """Every week of every square, a week after the other, as offices plan, with the seconds that each takes.

    From the second week on each knows what planning made of the weeks before.
    """
    past, calendar = {square.id: Past() for square in squares}, Calendar()
    for week in weeks:
        for square in squares:
            began = process_time()
            made = plan_from(shelf, square, by, calendar, week, ZONE, 0, Given(past=past[square.id]))
            past[square.id] = advance(past[square.id], made, ZONE)
            yield process_time() - began, made


def _squares(count: int, *, own: bool = False) -> tuple[Venue, ...]:
    return tuple(_square(number, own=own) for number in range(count))


def _square(number: int, *, own: bool) -> Venue:
    """A square with one of the county's kinds of hours, or with hours that hardly another one has."""
    opens, lasts = 17 * 60 + 30 + 7 * number % 90, 90 + 13 * number % 61
    hours = f"每天 {_clock(opens)}-{_clock(opens + lasts)}" if own else HOURS[number % len(HOURS)]
    return venue(id=f"square-{number}", windows=hours)


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


def bench_rules() -> str:
    """Compare days of a few lessons with what CP-SAT proves to be best: four ranked rules at once."""
    dice = random.Random(f"{SEED} rules")
    rules = Rules(soft=_OF_A_DAY, best_hours="18:15-18:40")
    worst = value = best = 0.0
    compared = proved = equal = 0
    while compared < INSTANCES:
        size = dice.randrange(6, 11)
        lengths = [10 * dice.randint(18, 60) for _ in range(size)]
        seconds = 60 * dice.randrange(30, 61, 5)
        unseen, wanted = dice.sample([f"lesson-{n:03}" for n in range(size)], 2), f"lesson-{dice.randrange(size):03}"
        lessons, renditions = catalogue(lengths)
        some = tuple(Candidate(one.id, one.series, renditions[one.id].seconds) for one in lessons)
        day = SmallDay(seconds, some, 1500, (900, 2400), frozenset(unseen), frozenset([wanted]))
        found = least_cost(day, {rule: rules.weight(rule) for rule in _OF_A_DAY})
        if found is None:
            continue
        cost, most = _planned_cost(day, rules, lessons, renditions)
        compared += 1
        proved += found[1]
        equal += cost <= found[0]
        value, best = value + most - cost, best + most - found[0]
        worst = max(worst, (cost - found[0]) / most)
    return (
        f"{compared} small days: {proved} proved by CP-SAT, {equal} as good; value {value / best:.2%} of the best,"
        f" worst single day {worst:.1%} behind"
    )


def _planned_cost(
    day: SmallDay, rules: Rules, lessons: Sequence[Lesson], renditions: Mapping[str, Rendition]
) -> tuple[int, int]:
    """What the planner's day costs, and what a day could cost at most."""
    closes = f"{18 + day.seconds // 3600}:{day.seconds % 3600 // 60:02}"
    before = int(moment(monday_of("2026-W40"), 0, ZONE).timestamp())
    made = plan_week(
        venue(windows=f"周一 18:00-{closes}"),
        programme(repeat_gap_minutes=day.gap // 60, rules=rules),
        Calendar(),
        renditions,
        lessons,
        "2026-W48",
        ZONE,
        0,
        Given(
            past=Past(last={one.id: before for one in lessons if one.id not in day.unseen}),
            requests=tuple(Request(lesson=one, on=monday_of("2026-W48")) for one in day.wanted),
        ),
    )
    slots = made.days[0].slots
    most = len(slots) * sum(rules.weight(rule) for rule in _OF_A_DAY[2:])
    most += len(day.unseen) * rules.weight("premieres") + len(day.wanted) * rules.weight("requests")
    return _cost(slots, day, rules), most


def _cost(slots: Sequence[Slot], day: SmallDay, rules: Rules) -> int:
    """Written again from the rules' words, not with the planner's own judge."""
    rows = sum(one.series == other.series for one, other in pairwise(slots))
    close = late = 0
    for number, one in enumerate(slots):
        again = next((other for other in slots[number + 1 :] if other.lesson == one.lesson), None)
        close += again is not None and (again.start - one.start).total_seconds() < day.gap
        first = all(other.lesson != one.lesson for other in slots[:number])
        since = (one.start - slots[0].start).total_seconds()
        late += first and one.lesson in day.unseen and not day.best[0] <= since < day.best[1]
    missed = len(day.wanted - {one.lesson for one in slots})
    counts: dict[Soft, int] = {
        "requests": missed,
        "premieres": late,
        "repeat_gap": close,
        "series_in_a_row": rows,
    }
    return sum(number * rules.weight(rule) for rule, number in counts.items())


def _shelf(name: str, size: int, shortest: int, longest: int) -> tuple[LessonShelf, Programme]:
    dice = random.Random(f"{SEED} {name}")
    lessons, renditions = catalogue([dice.randint(shortest, longest) for _ in range(size)])
    blocks = [{"name": "技术", "series": [SERIES[2]], "minutes": 30}, {"name": "轮播"}]
    return LessonShelf.of(renditions, lessons), programme(block=blocks, repeat_gap_minutes=30)


def main(wanted: Sequence[str]) -> None:
    """Print a line per library and question."""
    benches = {
        "windows": bench_windows,
        "weeks": bench_weeks,
        "months": bench_month,
        "year": bench_year,
        "country": bench_country,
    }
    for key, bench in benches.items():
        for name, library in LIBRARIES.items():
            # A year of half-minute lessons says nothing that a week of them does not.
            if (not wanted or key in wanted) and (name in _LONG_RUNS or key in _FOR_ALL):
                sys.stdout.write(bench(name, *library) + "\n")
                sys.stdout.flush()
    if not wanted or "rules" in wanted:
        sys.stdout.write(bench_rules() + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
