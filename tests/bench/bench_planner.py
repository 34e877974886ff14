"""How exactly and how fast windows are filled: python -m tests.bench.bench_planner.

Seeded, so that two runs differ in nothing but time.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from itertools import pairwise
from statistics import mean, median
from time import perf_counter
from zoneinfo import ZoneInfo

from playlists.calendar import Calendar
from playlists.fill import Candidate, Filled, History, Task, fill, most_fillable
from playlists.planner import plan_week
from tests.playlists.factories import SERIES, catalogue, programme, venue

SEED = 20261123
WINDOWS = 1000
VENUES = 100
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


def main() -> None:
    """Print a line per library, first of single windows, then of whole weeks."""
    for bench in (bench_windows, bench_weeks):
        for name, library in LIBRARIES.items():
            sys.stdout.write(bench(name, *library) + "\n")


if __name__ == "__main__":
    main()
