"""The hard rule and the ranked ones, in whole weeks."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from playlists.files.calendar import Calendar
from playlists.files.requests import Request
from playlists.files.rules import SOFT_NAMES, Rules
from playlists.planning.planner import Given, plan_week
from playlists.schedules.history import Past, advance
from playlists.schedules.schedule import Schedule, Slot
from tests.playlists.factories import SERIES, catalogue, lesson, programme, rendition, venue

CHINA = ZoneInfo("Asia/Shanghai")
LENGTHS = random.Random(3).choices(range(180, 900), k=60)


def plan(lengths: list[int] = LENGTHS, week: str = "2026-W48", past: Past | None = None, **by: Any) -> Schedule:
    lessons, renditions = catalogue(lengths)
    requests = by.pop("requests", ())
    at = by.pop("at", venue())
    inputs = Given(past=past or Past(), requests=requests)
    return plan_week(at, programme(**by), Calendar(), renditions, lessons, week, CHINA, 0, inputs)


def slots(schedule: Schedule) -> list[Slot]:
    return [slot for day in schedule.days for slot in day.slots if slot.lesson]


def gave_way(schedule: Schedule) -> set[str]:
    return {one.rule for one in schedule.relaxed}


def starts(schedule: Schedule) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for slot in slots(schedule):
        found.setdefault(slot.lesson, []).append(int(slot.start.timestamp()))
    return found


def test_each_rule_weighs_twice_as_much_as_the_next_and_unasked_ones_nothing() -> None:
    rules = Rules.model_validate({"soft": ["天天不同", "series_in_a_row", "fresh"]})
    weights = [rules.weight(one) for one in ("days_alike", "series_in_a_row", "fresh", "requests")]
    assert weights == [4, 2, 1, 0]


@pytest.mark.parametrize(
    "wrong", [{"soft": ["fressh"]}, {"share": {"A": 0}}, {"best_hours": "evening"}, {"separation_minutes": -1}]
)
def test_rules_that_mean_nothing_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Rules.model_validate(wrong)


@given(
    lengths=st.lists(st.integers(30, 600), min_size=1, max_size=25),
    minutes=st.sampled_from([1, 5, 30, 120]),
)
@settings(max_examples=15, deadline=None)
def test_the_least_separation_is_never_broken_whatever_stays_empty(lengths: list[int], minutes: int) -> None:
    made = plan(lengths, rules={"separation_minutes": minutes})
    for times in starts(made).values():
        assert all(later - sooner >= 60 * minutes for sooner, later in pairwise(times))
    for day in made.days:
        empty = sum(gap.seconds for gap in made.gaps if gap.start.date() == day.date)
        assert sum(slot.seconds for slot in day.slots) + empty == 7200


def test_with_enough_lessons_separation_costs_no_second() -> None:
    made = plan(rules={"separation_minutes": 90})
    assert made.gaps == ()


def test_time_lost_to_separation_says_so() -> None:
    made = plan([60, 70], rules={"separation_minutes": 30})
    assert {(gap.reason.code, gap.reason.values["minutes"]) for gap in made.gaps} == {("too_soon", 30)}


def test_series_take_the_share_that_is_wished() -> None:
    share = {SERIES[2]: 3, SERIES[0]: 1, SERIES[1]: 1, SERIES[3]: 1}
    made = plan(rules={"share": share})
    seconds: Counter[str] = Counter()
    for slot in slots(made):
        seconds[slot.series] += slot.seconds
    assert 0.42 <= seconds[SERIES[2]] / seconds.total() <= 0.58
    assert SOFT_NAMES["share"] not in gave_way(made)


def test_a_share_that_the_blocks_do_not_allow_is_recorded() -> None:
    block = [{"name": "故事", "series": [SERIES[0]]}]
    made = plan(block=block, rules={"share": {SERIES[0]: 1, SERIES[2]: 9}})
    assert SOFT_NAMES["share"] in gave_way(made)
    reason = next(one.reason for one in made.relaxed if one.rule == SOFT_NAMES["share"])
    assert "%" in str(reason.said)


def test_within_a_series_a_month_shows_every_lesson_about_equally_often() -> None:
    past, counts = Past(), Counter[str]()
    for number in (45, 46, 47, 48):
        week = plan(week=f"2026-W{number}", past=past)
        past = advance(past, week, CHINA)
        counts.update(slot.lesson for slot in slots(week))
    for n in range(4):
        own = [counts[f"lesson-{i:03}"] for i in range(60) if i % 4 == n]
        assert max(own) - min(own) <= 1


@pytest.mark.parametrize("square", ["square-01", "square-02", "square-03"])
def test_even_a_few_lessons_come_equally_often_in_a_month(square: str) -> None:
    lengths = random.Random(24).choices(range(180, 900), k=24)
    past, counts = Past(), Counter[str]()
    for number in (49, 50, 51, 52, 53):
        block = [{"name": "技术", "series": [SERIES[2]], "minutes": 30}, {"name": "轮播"}]
        week = plan(lengths, f"2026-W{number}", past, block=block, repeat_gap_minutes=30, at=venue(id=square))
        past = advance(past, week, CHINA)
        counts.update(slot.lesson for slot in slots(week) if slot.start.month == 12)
        assert week.gaps == ()
    for n in range(4):
        own = [counts[f"lesson-{i:03}"] for i in range(24) if i % 4 == n]
        assert max(own) - min(own) <= 1


def test_a_request_is_met_and_one_that_cannot_be_is_recorded() -> None:
    past = Past(last={f"lesson-{n:03}": 1_795_000_000 for n in range(60)})
    asked = (
        Request(lesson="lesson-033", on=date(2026, 11, 19)),
        Request(lesson="lesson-099", on=date(2026, 11, 19)),
    )
    made = plan(past=past, requests=asked)
    (met,) = [slot for slot in slots(made) if slot.why == "request"]
    assert (met.lesson, met.start.date()) == ("lesson-033", date(2026, 11, 23))
    (missed,) = [one for one in made.relaxed if one.rule == SOFT_NAMES["requests"]]
    assert missed.lesson == "lesson-099"
    assert missed.reason.values == {"due": "2026-11-26"}


def test_a_new_lesson_has_its_premiere_in_the_best_hours() -> None:
    past = Past(last={f"lesson-{n:03}": 1_795_000_000 - n for n in range(58)})
    made = plan(past=past, rules={"best_hours": "19:30-20:30"})
    for name in ("lesson-058", "lesson-059"):
        first = next(slot for slot in slots(made) if slot.lesson == name)
        late = [one for one in made.relaxed if one.rule == SOFT_NAMES["premieres"]]
        assert first.start.hour * 60 + first.start.minute >= 19 * 60 + 30 or late


def test_where_only_one_series_is_left_the_reason_is_told() -> None:
    lessons = [lesson(n, series=SERIES[0]) for n in range(8)]
    renditions = {one.id: rendition(one, 300) for one in lessons}
    two = programme(block=[{"name": "前半", "minutes": 60}, {"name": "后半"}])
    made = plan_week(venue(), two, Calendar(), renditions, lessons, "2026-W48", CHINA)
    reasons = {one.reason.code for one in made.relaxed if one.rule == SOFT_NAMES["series_in_a_row"]}
    assert reasons == {"one_series"}
    # One block of one series asks for it; then nothing gave way.
    asked = programme(block=[{"name": "故事", "series": [SERIES[0]]}])
    made = plan_week(venue(), asked, Calendar(), renditions, lessons, "2026-W48", CHINA)
    assert SOFT_NAMES["series_in_a_row"] not in gave_way(made)


def test_a_rule_that_is_not_asked_for_is_not_missed() -> None:
    made = plan([31, 37, 29], repeat_gap_minutes=30, rules={"soft": ["days_alike"]})
    assert gave_way(made) <= {SOFT_NAMES["days_alike"]}


def test_what_gave_way_names_a_showing_of_the_plan() -> None:
    made = plan([310, 370, 290, 410], repeat_gap_minutes=60)
    broken = [one for one in made.relaxed if one.rule == SOFT_NAMES["repeat_gap"]]
    assert broken
    shown = {(slot.start, slot.lesson) for slot in slots(made)}
    assert all((one.start, one.lesson) in shown and one.reason.code == "too_few" for one in broken)
    assert all(one.start - made.days[0].slots[0].start < timedelta(days=7) for one in broken)
