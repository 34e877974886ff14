"""How exactly, fairly and fast a county is planned: python -m tests.bench.bench_planner.

Named parts only, when named: windows weeks months year rules.

Seeded, so that two runs differ in nothing but time.
"""

from __future__ import annotations

import random
import resource
import sys
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import mean, median
from time import perf_counter, process_time
from zoneinfo import ZoneInfo

from playlists.calendar import Calendar
from playlists.fill import Candidate, Filled, History, Task, fill, most_fillable
from playlists.history import Past, advance
from playlists.planner import Given, plan_from, plan_week
from playlists.programmes import Programme
from playlists.rules import Rules
from playlists.schedule import Slot
from playlists.shelf import Shelf
from tests.bench.optimum import least_cost
from tests.playlists.factories import SERIES, catalogue, programme, venue

SEED = 20261123
WINDOWS = 1000
VENUES = 100
INSTANCES = 50
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
    dice = random.Random(f"{SEED} {name}")  # noqa: S311  (the same windows every time)
    filled: list[tuple[Task, Filled]] = []
    elapsed = 0.0
    for _ in range(WINDOWS):
        some = tuple(Candidate(f"{n:03}", dice.choice(SERIES), dice.randint(shortest, longest)) for n in range(size))
        task = Task(0, dice.randrange(1200, 14401), (some,), rotation=dice.randrange(size))
        began = perf_counter()
        found = fill(task, History())
        elapsed += perf_counter() - began
        filled.append((task, found))
    return f"{name:<24} {_remainders(filled)}  {_order(filled)}  {1000 * elapsed / WINDOWS:6.2f} ms"


def _remainders(filled: list[tuple[Task, Filled]]) -> str:
    missing = [found.missing for _, found in filled]
    best = [task.seconds - most_fillable(task.seconds, (one.seconds for one in task.tiers[0])) for task, _ in filled]
    exact = sum(not seconds for seconds in missing)
    optimal = sum(one == other for one, other in zip(missing, best, strict=True))
    return (
        f"exact {exact:4} of {WINDOWS}, as exact as possible {optimal:4},"
        f" left over mean {mean(missing):5.2f} s, median {median(missing):3.0f} s, most {max(missing):3} s"
    )


def _order(filled: list[tuple[Task, Filled]]) -> str:
    pairs = [pair for _, found in filled for pair in pairwise(found.showings)]
    twice = sum(one == other for one, other in pairs)
    series = sum(one.series == other.series for one, other in pairs) / max(1, len(pairs))
    spreads = [_spread(task, found) for task, found in filled]
    return f"twice in a row {twice:4}, series after itself {series:6.2%}, spread of uses {mean(spreads):4.1f}"


def _spread(task: Task, found: Filled) -> int:
    counts = Counter(one.lesson for one in found.showings)
    return max(counts.values()) - min(counts[one.lesson] for one in task.tiers[0]) if counts else 0


def bench_weeks(name: str, size: int, shortest: int, longest: int) -> str:
    """Plan the week of VENUES squares, each open two hours every evening."""
    dice = random.Random(f"{SEED} {name}")  # noqa: S311  (the same windows every time)
    lessons, renditions = catalogue([dice.randint(shortest, longest) for _ in range(size)])
    blocks = [{"name": "技术", "series": [SERIES[2]], "minutes": 30}, {"name": "轮播"}]
    by = programme(block=blocks, repeat_gap_minutes=30)
    zone = ZoneInfo("Asia/Shanghai")
    began = perf_counter()
    weeks = [
        plan_week(venue(id=f"square-{n}"), by, Calendar(), renditions, lessons, "2026-W48", zone)
        for n in range(VENUES)
    ]
    elapsed = perf_counter() - began
    gaps = sum(gap.seconds for week in weeks for gap in week.gaps)
    return f"{name:<24} {VENUES / elapsed:6.1f} venue-weeks a second, {gaps} s empty in {VENUES * 14} h"


def bench_month(name: str, size: int, shortest: int, longest: int) -> str:
    """Plan 100 squares for the 31 days of a month, week after week, each knowing what was before."""
    shelf, by, zone = _shelf(name, size, shortest, longest)
    began, spreads, missing = process_time(), Counter[int](), 0
    for number in range(VENUES):
        counts, past = Counter[str](), Past()
        for week in _MONTH:
            made = plan_from(shelf, venue(id=f"square-{number}"), by, Calendar(), week, zone, 0, Given(past=past))
            past = advance(past, made, zone)
            missing += sum(gap.seconds for gap in made.gaps)
            counts.update(slot.lesson for day in made.days if day.date.month == 12 for slot in day.slots)
        for series in SERIES:
            own = [counts[one.id] for one in shelf.lessons if one.series == series]
            spreads[max(own) - min(own)] += 1
    elapsed = (process_time() - began) * 31 / (7 * len(_MONTH))
    fair = (spreads[0] + spreads[1]) / spreads.total()
    return (
        f"{name:<24} {VENUES} squares x 31 days in {elapsed:5.2f} s of one core, {missing} s empty;"
        f" showings within a series differ by at most 1 in {fair:.1%}, spreads {dict(sorted(spreads.items()))}"
    )


def bench_year(name: str, size: int, shortest: int, longest: int) -> str:
    """Plan some venues for 53 weeks, in two sizes, to see growth and memory."""
    shelf, by, zone = _shelf(name, size, shortest, longest)
    said = []
    for venues in (5, 10, 20):
        began = process_time()
        for number in range(venues):
            past = Past()
            for week in range(1, 54):
                made = plan_from(
                    shelf, venue(id=f"v{number}"), by, Calendar(), f"2026-W{week:02}", zone, 0, Given(past=past)
                )
                past = advance(past, made, zone)
        elapsed = process_time() - began
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        said.append(f"{venues} venues {elapsed:5.1f} s ({1e3 * elapsed / venues / 371:.2f} ms a day, {memory} MB)")
    return f"{name:<24} 53 weeks: {', '.join(said)}; 400 venues would take {400 / venues * elapsed:.0f} s of one core"


def bench_rules() -> str:
    """Compare days of a few lessons with what CP-SAT proves to be best."""
    dice = random.Random(f"{SEED} rules")  # noqa: S311  (the same instances every time)
    rules = Rules(soft=("repeat_gap", "series_in_a_row"))
    by = programme(repeat_gap_minutes=25, rules=rules)
    worst = value = best = 0.0
    compared = proved = equal = 0
    while compared < INSTANCES:
        size = dice.randrange(6, 11)
        lengths = [10 * dice.randint(18, 60) for _ in range(size)]
        seconds = 60 * dice.randrange(30, 61, 5)
        lessons, renditions = catalogue(lengths)
        some = tuple(Candidate(one.id, one.series, renditions[one.id].seconds) for one in lessons)
        found = least_cost(seconds, some, 1500, rules.weight("repeat_gap"), rules.weight("series_in_a_row"))
        if found is None:
            continue
        closes = f"{18 + seconds // 3600}:{seconds % 3600 // 60:02}"
        made = plan_week(
            venue(windows=f"周一 18:00-{closes}"),
            by,
            Calendar(),
            renditions,
            lessons,
            "2026-W48",
            ZoneInfo("Asia/Shanghai"),
        )
        slots = made.days[0].slots
        cost = _cost(slots, 1500, rules)
        most = len(slots) * sum(rules.weight(one) for one in rules.soft)
        compared += 1
        proved += found[1]
        equal += cost == found[0]
        value, best = value + most - cost, best + most - found[0]
        worst = max(worst, (cost - found[0]) / most)
    return (
        f"{compared} small days: {proved} proved by CP-SAT, {equal} as good; value {value / best:.2%} of the best,"
        f" worst single day {worst:.1%} behind"
    )


def _cost(slots: Sequence[Slot], gap: int, rules: Rules) -> int:
    """Written again from the rules' words, not with the planner's own judge."""
    rows = sum(one.series == other.series for one, other in pairwise(slots))
    close = 0
    for number, one in enumerate(slots):
        again = next((other for other in slots[number + 1 :] if other.lesson == one.lesson), None)
        close += again is not None and (again.start - one.start).total_seconds() < gap
    return rows * rules.weight("series_in_a_row") + close * rules.weight("repeat_gap")


def _shelf(name: str, size: int, shortest: int, longest: int) -> tuple[Shelf, Programme, ZoneInfo]:
    dice = random.Random(f"{SEED} {name}")  # noqa: S311  (the same windows every time)
    lessons, renditions = catalogue([dice.randint(shortest, longest) for _ in range(size)])
    blocks = [{"name": "技术", "series": [SERIES[2]], "minutes": 30}, {"name": "轮播"}]
    return Shelf.of(renditions, lessons), programme(block=blocks, repeat_gap_minutes=30), ZoneInfo("Asia/Shanghai")


def main(wanted: Sequence[str]) -> None:
    """Print a line per library and question."""
    benches = {"windows": bench_windows, "weeks": bench_weeks, "months": bench_month, "year": bench_year}
    for key, bench in benches.items():
        for name, library in LIBRARIES.items():
            # A year of half-minute lessons says nothing that a week of them does not.
            if (not wanted or key in wanted) and (library[2] > 60 or key in {"windows", "weeks"}):
                sys.stdout.write(bench(name, *library) + "\n")
                sys.stdout.flush()
    if not wanted or "rules" in wanted:
        sys.stdout.write(bench_rules() + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
