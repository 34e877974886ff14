from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courseware.errors import InputError
from playlists.files.calendar import Calendar
from playlists.files.edits import Edits
from playlists.files.programmes import Programme
from playlists.files.venues import Venue
from playlists.planning.planner import Given, plan_from, plan_week
from playlists.planning.shelf import LessonShelf
from playlists.schedules.causes import Cause, cause
from playlists.schedules.history import Past
from playlists.schedules.schedule import Schedule, Slot, dump_schedule
from tests.playlists.factories import catalogue, lesson, programme, rendition, venue

GOLDEN = Path(__file__).parent / "golden" / "square-01.json"
CHINA = ZoneInfo("Asia/Shanghai")
LECTURE = {"title": "农家夜话", "speaker": "李老师", "weekday": "周三", "at": "19:30", "minutes": 30}
ACTIVITY = {"title": "电影夜", "monthly": "第四个周六", "at": "19:00", "minutes": 60}
BLOCKS = [
    {"name": "技术", "series": ["扶贫实用技术"], "minutes": 20},
    {"name": "故事", "series": ["我的扶贫故事", "我的脱贫之路"], "share": 2},
    {"name": "轮播", "share": 1},
]


def plan(
    lengths: list[int],
    at: Venue | None = None,
    by: Programme | None = None,
    calendar: Calendar | None = None,
    week: str = "2026-W48",
    zone: ZoneInfo = CHINA,
    seed: int = 0,
) -> Schedule:
    lessons, renditions = catalogue(lengths)
    return plan_week(at or venue(), by or programme(), calendar or Calendar(), renditions, lessons, week, zone, seed)


def calendar(**parts: Any) -> Calendar:
    return Calendar.model_validate(parts)


def shown(schedule: Schedule) -> Iterator[Slot]:
    return (slot for day in schedule.days for slot in day.slots if slot.kind == "lesson")


def seconds_left(schedule: Schedule) -> list[int]:
    """Of each window: its length without slots and gaps; fails when slots overlap or a lesson leaves its window."""
    left = []
    for day in schedule.days:
        assert all(before.end <= after.start for before, after in pairwise(day.slots))
        lessons = [slot for slot in day.slots if slot.kind == "lesson"]
        assert all(any(one.start <= slot.start and slot.end <= one.end for one in day.windows) for slot in lessons)
        for window in day.windows:
            inside = [slot for slot in day.slots if slot.start < window.end and window.start < slot.end]
            edges = [(max(slot.start, window.start), min(slot.end, window.end)) for slot in inside]
            used = sum(int((end - start).total_seconds()) for start, end in edges)
            gaps = sum(gap.seconds for gap in schedule.gaps if window.start <= gap.start < window.end)
            left.append(window.seconds - used - gaps)
    return left


def county(size: int, shortest: int, longest: int) -> list[int]:
    return random.Random(size).choices(range(shortest, longest), k=size)


@pytest.mark.parametrize("lengths", [county(6, 25, 45), county(60, 120, 600), county(200, 30, 60)])
def test_every_window_of_a_square_is_filled_to_the_second(lengths: list[int]) -> None:
    events = calendar(lecture=[LECTURE], activity=[ACTIVITY])
    schedule = plan(lengths, by=programme(block=BLOCKS, repeat_gap_minutes=10), calendar=events)
    assert schedule.gaps == ()
    assert seconds_left(schedule) == [0] * 7
    assert all(any(slot.kind == "lesson" for slot in day.slots) for day in schedule.days)


@given(
    lengths=st.lists(st.integers(20, 500), max_size=30),
    opens=st.integers(0, 1300),
    minutes=st.integers(5, 300),
    zone=st.sampled_from(["Europe/Berlin", "Asia/Shanghai", "America/New_York"]),
    week=st.sampled_from(["2026-W13", "2026-W43", "2026-W44", "2026-W53", "2026-W01", "2026-W11"]),
    blocks=st.sampled_from([BLOCKS, BLOCKS[:1], BLOCKS[1:]]),
)
@settings(max_examples=60, deadline=None)
def test_slots_and_named_gaps_make_up_every_window_in_any_zone(
    lengths: list[int], opens: int, minutes: int, zone: str, week: str, blocks: list[dict[str, Any]]
) -> None:
    closes = min(opens + minutes, 1440)
    hours = f"{opens // 60}:{opens % 60:02}-{closes // 60}:{closes % 60:02}"
    made = plan(
        lengths,
        at=venue(windows=hours),
        by=programme(block=blocks),
        calendar=calendar(lecture=[{**LECTURE, "weekday": "周日", "at": "2:30"}]),
        week=week,
        zone=ZoneInfo(zone),
    )
    assert set(seconds_left(made)) <= {0}
    assert all(str(gap.reason.said) for gap in made.gaps)
    assert len({slot.start for slot in shown(made)}) == len(list(shown(made)))


def test_no_two_days_are_alike() -> None:
    schedule = plan(county(6, 25, 45))
    orders = {tuple(slot.lesson for slot in day.slots) for day in schedule.days}
    assert len(orders) == 7
    assert len({day.slots[0].lesson for day in schedule.days}) >= 4


def test_no_lesson_follows_itself_and_all_are_shown_about_equally_often() -> None:
    schedule = plan(county(6, 25, 45))
    assert all(one.lesson != other.lesson for day in schedule.days for one, other in pairwise(day.slots))
    counts = [sum(slot.lesson == f"lesson-{n:03}" for slot in shown(schedule)) for n in range(6)]
    assert max(counts) - min(counts) <= 8


def test_many_lessons_are_all_shown_before_any_comes_again() -> None:
    schedule = plan(county(60, 600, 900))
    lessons = [slot.lesson for slot in shown(schedule)]
    assert len(lessons) > 60
    assert len(set(lessons[:45])) == 45
    assert len(set(lessons)) >= 59


def test_the_same_input_gives_the_same_bytes_and_another_seed_another_order() -> None:
    once, again, other = plan([31, 37, 29]), plan([31, 37, 29]), plan([31, 37, 29], seed=1)
    assert dump_schedule(once) == dump_schedule(again) != dump_schedule(other)


def test_who_names_no_seed_plans_by_the_first() -> None:
    lessons, renditions = catalogue([31, 37, 29])
    task = venue(windows="周一 19:00-19:20"), programme(), Calendar()
    first = dump_schedule(plan([31, 37, 29], at=task[0]))
    assert dump_schedule(plan_week(*task, renditions, lessons, "2026-W48", CHINA)) == first
    assert dump_schedule(plan_from(LessonShelf.of(renditions, lessons), *task, "2026-W48", CHINA)) == first


def test_what_only_a_whole_week_can_break_is_told_of_its_monday_at_midnight() -> None:
    by = programme(rules={"share": {"扶贫实用技术": 9, "我的扶贫故事": 1}})
    told = [one for one in plan([600, 500], by=by).relaxed if one.rule == "系列比例"]
    assert {one.start.isoformat() for one in told} == {"2026-11-23T00:00:00+08:00"}


def test_a_takeover_reaches_from_the_first_evening_of_the_week_to_the_last() -> None:
    lessons, renditions = catalogue([300, 400, 500])
    taken = {"venues": "*", "lesson": "lesson-001", "from": "2026-11-23T00:00:00", "until": "2026-11-30T00:00:00"}
    given = Given(edits=Edits.model_validate({"takeover": [taken]}))
    task = venue(windows="每天 19:00-19:20"), programme(), Calendar(), renditions, lessons, "2026-W48", CHINA
    days = plan_week(*task, 0, given).days
    assert [[slot.lesson for slot in day.slots] for day in days] == [["lesson-001"] * 3] * 7


def test_neighbouring_squares_do_not_show_the_same_at_the_same_time() -> None:
    one, other = plan(county(30, 60, 300)), plan(county(30, 60, 300), at=venue(id="square-02"))
    assert [slot.lesson for slot in shown(one)] != [slot.lesson for slot in shown(other)]


def test_a_lecture_a_week_and_an_activity_a_month_are_held_at_their_time() -> None:
    schedule = plan(county(6, 25, 45), calendar=calendar(lecture=[LECTURE], activity=[ACTIVITY]))
    events = [slot for day in schedule.days for slot in day.slots if slot.kind != "lesson"]
    assert [(slot.kind, slot.start.isoformat(), slot.title, slot.note) for slot in events] == [
        ("lecture", "2026-11-25T19:30:00+08:00", "农家夜话", "主讲：李老师"),
        ("activity", "2026-11-28T19:00:00+08:00", "电影夜", ""),
    ]


def test_an_event_that_makes_way_says_so() -> None:
    both = calendar(lecture=[LECTURE], activity=[{**ACTIVITY, "monthly": "25日"}])
    notes = [slot.note for day in plan([31, 37], calendar=both).days for slot in day.slots if slot.kind == "lecture"]
    assert notes == ["主讲：李老师；时间顺延"]


def test_an_event_outside_the_windows_is_held_and_takes_nothing_from_them() -> None:
    schedule = plan(county(6, 25, 45), calendar=calendar(lecture=[{**LECTURE, "at": "15:00"}]))
    assert schedule.days[2].slots[0].kind == "lecture"
    assert seconds_left(schedule) == [0] * 7


def test_no_lesson_is_shown_while_the_event_of_the_evening_before_goes_on() -> None:
    late = {**ACTIVITY, "monthly": "22日", "at": "23:30", "minutes": 120}
    tomorrow = {**late, "monthly": "24日"}
    schedule = plan(
        county(40, 60, 300), at=venue(windows="00:00-02:00"), calendar=calendar(activity=[late, tomorrow])
    )
    for day in (schedule.days[0], schedule.days[2]):
        lessons = [slot for slot in day.slots if slot.kind == "lesson"]
        assert f"{lessons[0].start:%H:%M:%S}" == "01:30:00"
        assert sum(slot.seconds for slot in lessons) == 1800
    assert schedule.gaps == ()


def test_blocks_come_in_order_with_their_own_lessons() -> None:
    schedule = plan(county(80, 60, 300), by=programme(block=BLOCKS))
    for day in schedule.days:
        blocks = [slot.block for slot in day.slots]
        assert list(dict.fromkeys(blocks)) == ["技术", "故事", "轮播"]
        assert blocks == sorted(blocks, key=["技术", "故事", "轮播"].index)
        own = [slot.series == "扶贫实用技术" or slot.form == "公益广告" for slot in day.slots if slot.block == "技术"]
        assert all(own)


def test_a_fixed_block_lasts_its_minutes_and_shares_divide_the_rest() -> None:
    schedule = plan(county(80, 20, 60), by=programme(block=BLOCKS))
    for day in schedule.days:
        lasting = {
            name: sum(slot.seconds for slot in day.slots if slot.block == name) for name in ("技术", "故事", "轮播")
        }
        assert lasting == {"技术": 1200, "故事": 3960, "轮播": 2040}


def test_time_after_the_fixed_blocks_is_filled_with_everything() -> None:
    schedule = plan(county(40, 30, 90), by=programme(block=BLOCKS[:1]))
    assert {slot.block for slot in shown(schedule)} == {"技术", "滚动播出"}
    assert schedule.gaps == ()


def test_the_time_of_a_block_without_lessons_goes_to_the_others() -> None:
    blocks = [{"name": "无", "tags": ["没有这个标签"]}, {"name": "有"}]
    schedule = plan(county(6, 25, 45), by=programme(block=blocks))
    assert {slot.block for slot in shown(schedule)} == {"有"}
    assert schedule.gaps == ()


def test_lessons_out_of_season_or_not_rendered_are_not_shown() -> None:
    lessons = [lesson(0), lesson(1, valid_from="2026-11-26"), lesson(2, valid_until="2026-11-24"), lesson(3)]
    renditions = {one.id: rendition(one, 30 + number) for number, one in enumerate(lessons[:3])}
    schedule = plan_week(venue(), programme(), Calendar(), renditions, lessons, "2026-W48", CHINA)
    by_day = [{slot.lesson[-1] for slot in day.slots} for day in schedule.days]
    assert by_day == [{"0", "2"}, {"0", "2"}, {"0"}, {"0", "1"}, {"0", "1"}, {"0", "1"}, {"0", "1"}]


def test_a_slot_names_the_file_relative_to_the_workspace() -> None:
    slot = next(shown(plan([31, 37])))
    assert slot.file == f"renditions/led-512x320/{slot.lesson}.mp4"


@pytest.mark.parametrize(
    ("lengths", "reason"),
    [([], cause("no_lesson")), ([7201, 7205], cause("all_longer", shortest="2:00:01", seconds=7200))],
)
def test_a_window_that_cannot_be_filled_is_a_gap_with_its_reason(lengths: list[int], reason: Cause) -> None:
    schedule = plan(lengths)
    assert [(gap.seconds, gap.reason) for gap in schedule.gaps] == [(7200, reason)] * 7


def test_a_few_missing_seconds_are_named_exactly() -> None:
    assert {gap.seconds for gap in plan([70, 140]).gaps} == {7200 % 70}


def test_a_window_for_which_nothing_is_made_or_allowed_says_so() -> None:
    one = lesson(0)
    schedule = plan_week(venue(), programme(), Calendar(), {}, [one], "2026-W48", CHINA)
    assert [gap.reason for gap in schedule.gaps] == [cause("none_made", profile="led-512x320")] * 7
    never = Given(edits=Edits.model_validate({"never": [{"lesson": one.id}]}))
    made = {one.id: rendition(one, 60)}
    schedule = plan_week(venue(), programme(), Calendar(), made, [one], "2026-W48", CHINA, 0, never)
    assert [gap.reason.code for gap in schedule.gaps] == ["all_forbidden"] * 7


def test_a_rest_that_is_shorter_than_any_lesson_is_no_time_that_is_too_short() -> None:
    assert {gap.reason.code for gap in plan([4000, 4001]).gaps} == {"no_sum"}


def test_the_seconds_that_are_left_for_the_sake_of_variety_are_named() -> None:
    schedule = plan([*range(300, 356, 7)])
    assert [gap.reason for gap in schedule.gaps] == [cause("variety", seconds=gap.seconds) for gap in schedule.gaps]
    assert len(schedule.gaps) == 7
    assert all(one.lesson != other.lesson for day in schedule.days for one, other in pairwise(day.slots))


def test_a_day_without_valid_lessons_says_so() -> None:
    one = lesson(0, valid_until="2026-11-28")
    schedule = plan_week(venue(), programme(), Calendar(), {one.id: rendition(one, 60)}, [one], "2026-W48", CHINA)
    assert [gap.reason.code for gap in schedule.gaps] == ["none_valid"]


def test_a_quiet_day_is_closed_with_its_reason_and_has_no_events() -> None:
    quiet = calendar(lecture=[LECTURE], closed=[{"from": "2026-11-25", "to": "2026-11-25", "reason": "停电检修"}])
    day = plan([31, 37], calendar=quiet).days[2]
    assert (day.windows, day.slots, day.closed) == ((), (), "停电检修")


def test_a_station_plays_only_on_its_study_day() -> None:
    schedule = plan(
        county(6, 25, 45),
        at=venue(kind="站点", study_day="周四", windows="每天 14:30-16:30"),
        by=programme(kind="站点"),
    )
    assert [bool(day.slots) for day in schedule.days] == [False, False, False, True, False, False, False]
    assert schedule.days[0].closed == ""


def test_a_week_over_the_end_of_the_year_is_planned_as_one() -> None:
    schedule = plan(county(6, 25, 45), week="2026-W53")
    assert [day.date for day in schedule.days] == [date(2026, 12, 28) + timedelta(days=n) for n in range(7)]
    assert seconds_left(schedule) == [0] * 7


@pytest.mark.parametrize(("week", "hours"), [("2026-W13", [4] * 6 + [3]), ("2026-W43", [4] * 6 + [5])])
def test_the_night_of_a_clock_change_is_filled_for_as_long_as_it_lasts(week: str, hours: list[int]) -> None:
    schedule = plan(county(30, 60, 300), at=venue(windows="0:00-4:00"), week=week, zone=ZoneInfo("Europe/Berlin"))
    assert [sum(slot.seconds for slot in day.slots) for day in schedule.days] == [3600 * one for one in hours]
    assert seconds_left(schedule) == [0] * 7


@pytest.mark.parametrize("week", ["2025-W53", "2026-W54", "2026-W00", "2026-48", "2026-W8", "", "W48"])
def test_what_is_no_week_is_refused(week: str) -> None:
    with pytest.raises(InputError):
        plan([30], week=week)


def test_a_small_week_is_planned_as_it_always_was() -> None:
    events = calendar(
        lecture=[{**LECTURE, "at": "19:05", "minutes": 10}],
        closed=[{"from": "2026-11-29", "to": "2026-11-30", "reason": "检修"}],
    )
    square = venue(county="测试县", town="江北镇", windows="每天 19:00-19:20")
    blocks = [{**BLOCKS[0], "minutes": 5}, *BLOCKS[1:]]
    schedule = plan([131, 97, 89, 141, 173, 56, 200, 64], at=square, by=programme(block=blocks), calendar=events)
    assert dump_schedule(schedule).encode() == GOLDEN.read_bytes()


def test_showings_are_counted_anew_from_the_first_day_of_the_month() -> None:
    lessons, renditions = catalogue(random.Random(5).choices(range(120, 400), k=60))
    november = {one.id: 9 for one in lessons[:30]}
    # 2026-12-01 is the first day on which the square is open.
    weeks = [
        plan_week(
            venue(windows="周二至周四 18:30-20:30"),
            programme(),
            Calendar(),
            renditions,
            lessons,
            "2026-W49",
            CHINA,
            0,
            Given(past=Past(uses, {}, ())),
        )
        for uses in (november, {})
    ]
    assert dump_schedule(weeks[0]) == dump_schedule(weeks[1])
    # And what the first day showed counts on the second.
    first, second = ({slot.lesson for slot in day.slots} for day in weeks[0].days[1:3])
    assert not first & second
