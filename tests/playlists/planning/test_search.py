"""Short days, compared with every order there is."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise, permutations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playlists.files.blocks import Moment
from playlists.files.calendar import Calendar
from playlists.files.rules import Rules
from playlists.planning.judge import judge_of
from playlists.planning.planner import Given, plan_week
from playlists.planning.search import best_of_few
from playlists.planning.shelf import LessonShelf
from playlists.planning.showings import FreeStretch, History, PlannedShowing
from playlists.schedules.history import Past
from playlists.schedules.schedule import Slot, monday_of
from tests.playlists.factories import SERIES, catalogue, lesson, programme, rendition, venue

CHINA = ZoneInfo("Asia/Shanghai")
RULES = Rules(soft=("repeat_gap", "series_in_a_row"))
NOBODY = frozenset[str]()


def cost(order: tuple[tuple[str, str, int], ...], gap: int) -> int:
    rows = sum(one[1] == other[1] for one, other in pairwise(order))
    close, last, now = 0, dict[str, int](), 0
    for name, _, seconds in order:
        close += name in last and now - last[name] < gap
        last[name] = now
        now += seconds
    return rows + 2 * close


@given(lengths=st.lists(st.integers(2, 12), min_size=3, max_size=6), data=st.data())
@settings(max_examples=40, deadline=None)
def test_no_order_of_all_lessons_is_better_than_the_one_that_is_found(
    lengths: list[int], data: st.DataObject
) -> None:
    lessons = [lesson(number, series=SERIES[number % 2]) for number in range(len(lengths))]
    renditions = {one.id: rendition(one, 60 * length) for one, length in zip(lessons, lengths, strict=True)}
    by = programme(repeat_gap_minutes=2, rules=RULES)
    pool = LessonShelf.of(renditions, lessons).pool(by, Moment(monday_of("2026-W48")), NOBODY)
    order = data.draw(st.permutations(pool.candidates))
    now, planned = 0, list[PlannedShowing]()
    for one in order:
        planned.append(PlannedShowing(now, one, "滚动播出"))
        now += one.seconds
    judge = judge_of(pool, {}, None, NOBODY, ["滚动播出"])
    free = (FreeStretch(0, now),)
    found = best_of_few(planned, free, pool, judge, History(), NOBODY, frozenset())
    least = min(cost(one, 120) for one in permutations(pool.candidates))
    if found is None:
        assert least >= judge.cost(planned)
        return
    assert sum(one.candidate.seconds for one in found) == now
    assert [one.start for one in found] == [0, *(one.end for one in found[:-1])]
    assert judge.cost(found) == cost(tuple(one.candidate for one in found), 120) <= least
    assert judge.cost(found) < judge.cost(planned)


def day(lengths: list[int], hours: str, gap: int) -> tuple[Slot, ...]:
    lessons, renditions = catalogue(lengths)
    by = programme(repeat_gap_minutes=gap, rules=RULES)
    made = plan_week(venue(windows=f"周一 {hours}"), by, Calendar(), renditions, lessons, "2026-W48", CHINA)
    assert made.gaps == ()
    return made.days[0].slots


@pytest.mark.parametrize(
    ("lengths", "hours", "least"),
    # What OR-tools CP-SAT proved to be the least.
    [([250, 280, 540, 380, 270, 410], "18:00-18:30", 2)],
)
def test_a_small_day_costs_what_was_proved_to_be_the_least(lengths: list[int], hours: str, least: int) -> None:
    slots = day(lengths, hours, 25)
    assert cost(tuple((slot.lesson, slot.series, slot.seconds) for slot in slots), 1500) == least


def test_a_wish_outweighs_the_order_of_series() -> None:
    lessons, renditions = catalogue([600, 600, 600, 600, 600])
    by = programme(rules=Rules(soft=("requests", "series_in_a_row")))
    pool = LessonShelf.of(renditions, lessons).pool(by, Moment(monday_of("2026-W48")), NOBODY)
    order = [pool.candidates[number] for number in (0, 4, 1)]
    planned = [PlannedShowing(600 * place, one, "滚动播出") for place, one in enumerate(order)]
    judge = judge_of(pool, {}, None, NOBODY, ["滚动播出"])
    wanted = frozenset(["lesson-004"])
    found = best_of_few(planned, (FreeStretch(0, 1800),), pool, judge, History(), wanted, frozenset())
    assert found is not None
    assert next(one.why for one in found if one.candidate.lesson == "lesson-004") == "request"
    assert [one.why for one in found].count("request") == 1
    assert all(one.candidate.series != other.candidate.series for one, other in pairwise(found))


def test_what_was_shown_on_an_earlier_day_is_not_repeated_in_the_same_order() -> None:
    lessons, renditions = catalogue([600, 600])
    by = programme(rules=RULES)
    pool = LessonShelf.of(renditions, lessons).pool(by, Moment(monday_of("2026-W48")), NOBODY)
    one, other = pool.candidates
    planned = [PlannedShowing(0, one, "滚动播出"), PlannedShowing(600, one, "滚动播出")]
    judge = judge_of(pool, {}, None, NOBODY, ["滚动播出"])
    seen = frozenset([(one.lesson, other.lesson)])
    found = best_of_few(planned, (FreeStretch(0, 1200),), pool, judge, History(), NOBODY, seen)
    assert found is not None
    assert [each.candidate for each in found] == [other, one]


def test_fairness_within_a_series_goes_before_the_order_of_series() -> None:
    lessons, renditions = catalogue([300, 300, 300, 300, 300, 300, 300, 300])
    by = programme(rules=Rules(soft=("fresh", "series_in_a_row")))
    past = Past(
        uses={one.id: 3 if n < 4 else 2 for n, one in enumerate(lessons)}, last={one.id: 1 for one in lessons}
    )
    made = plan_week(
        venue(windows="周二 18:00-18:20"),
        by,
        Calendar(),
        renditions,
        lessons,
        "2026-W48",
        CHINA,
        0,
        Given(past=past),
    )
    assert Counter(slot.lesson for slot in made.days[1].slots) == {f"lesson-{n:03}": 1 for n in range(4, 8)}
