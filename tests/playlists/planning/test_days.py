"""A plan that is made again: what may change, and what must not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from playlists.files.calendar import Calendar, Event
from playlists.files.lecturers import speaker_note
from playlists.files.requests import Request
from playlists.planning.days import Carried, DayTask, WeekTask, plan_day
from playlists.planning.memory import CircleStart, Given, frame_of
from playlists.planning.planner import plan_week
from playlists.planning.shelf import LessonShelf
from playlists.planning.showings import History
from playlists.schedules.history import Past
from playlists.schedules.schedule import Schedule, Slot, day_of, dump_schedule
from tests.playlists.factories import catalogue, lesson, programme, rendition, venue
from tests.playlists.planning.again import BLOCKS, CHINA, LENGTHS, MANY, NIGHT, full, plan, slots


def test_planning_again_changes_nothing() -> None:
    first = plan()
    assert dump_schedule(plan(first)) == dump_schedule(first)


def test_a_withdrawn_lesson_leaves_everything_else_where_it_was() -> None:
    first = plan()
    counts = Counter(slot.lesson for slot in slots(first))
    victim = min(counts, key=lambda lesson: (counts[lesson], lesson))
    again = plan(first, without=victim)
    assert victim not in {slot.lesson for slot in slots(again)}
    assert full(again)
    shown = {(slot.start, slot.lesson) for slot in slots(again)}
    hit = [day.date for day in first.days if victim in {slot.lesson for slot in day.slots}]
    lost = [slot for slot in slots(first) if (slot.start, slot.lesson) not in shown and slot.lesson != victim]
    assert {slot.start.date() for slot in lost} <= set(hit)
    # A few neighbours may have to go so that the seconds come out even.
    assert len(lost) <= 4 * len(hit)
    untouched = [(one, other) for one, other in zip(first.days, again.days, strict=True) if one.date not in hit]
    assert untouched
    assert all(one == other for one, other in untouched)


def test_a_day_that_is_closed_takes_no_other_day_with_it() -> None:
    first = plan()
    closed = Calendar.model_validate({"closed": [{"from": "2026-11-25", "to": "2026-11-25"}]})
    again = plan(first, calendar=closed)
    assert again.days[2].slots == ()
    assert [day for day in again.days if day.date != date(2026, 11, 25)] == [
        day for day in first.days if day.date != date(2026, 11, 25)
    ]


def test_a_new_lecture_moves_only_what_it_meets() -> None:
    first = plan()
    lecture = {"title": "夜话", "weekday": "周三", "at": "19:30", "minutes": 20}
    again = plan(first, calendar=Calendar.model_validate({"lecture": [lecture]}))
    wednesday = again.days[2]
    assert sum(slot.seconds for slot in wednesday.slots) == 7200
    kept = {(slot.start, slot.lesson) for slot in wednesday.slots}
    stayed = [slot for slot in first.days[2].slots if (slot.start, slot.lesson) in kept]
    assert len(stayed) >= len(first.days[2].slots) // 2
    assert [day.slots for day in again.days[3:]] == [day.slots for day in first.days[3:]]


def test_days_that_are_past_are_frozen_whatever_is_withdrawn() -> None:
    first = plan()
    victim = first.days[0].slots[0].lesson
    again = plan(first, without=victim, today=date(2026, 11, 25))
    assert again.days[:2] == first.days[:2]
    assert victim not in {slot.lesson for day in again.days[2:] for slot in day.slots}


def test_what_is_on_already_stays_to_the_minute_and_the_rest_of_the_day_is_planned() -> None:
    first = plan()
    tuesday = first.days[1]
    now = tuesday.slots[4].start + timedelta(seconds=30)
    victim, later = tuesday.slots[2].lesson, tuesday.slots[6].lesson
    for without in (victim, later):
        again = plan(first, without=without, today=date(2026, 11, 24), now=now)
        assert again.days[1].slots[:5] == tuesday.slots[:5]
        assert without not in {slot.lesson for slot in again.days[1].slots[5:]}
        assert full(again)
        assert again.days[0] == first.days[0]
    assert again.days[1].slots != tuesday.slots


def test_a_lecture_that_is_called_off_after_it_began_is_not_planned_over() -> None:
    lecture = {"title": "夜话", "weekday": "周二", "at": "19:30", "minutes": 20}
    first = plan(calendar=Calendar.model_validate({"lecture": [lecture]}))
    held = next(slot for slot in first.days[1].slots if slot.kind == "lecture")
    again = plan(first, today=date(2026, 11, 24), now=held.start + timedelta(minutes=5))
    assert held in again.days[1].slots
    earlier = plan(first, today=date(2026, 11, 24), now=held.start - timedelta(minutes=5))
    assert held not in earlier.days[1].slots
    assert full(again)
    assert full(earlier)


def test_what_the_week_could_not_keep_is_not_told_twice_when_its_monday_is_past() -> None:
    by = programme(
        block=[{"name": "故事", "series": ["我的扶贫故事"]}], rules={"share": {"扶贫实用技术": 9, "我的扶贫故事": 1}}
    )
    first = plan(by=by)
    whole_week = [one for one in first.relaxed if one.rule == "系列比例"]
    assert whole_week
    again = plan(first, by=by, today=date(2026, 11, 25))
    assert [one for one in again.relaxed if one.rule == "系列比例"] == whole_week


def test_a_request_that_comes_later_is_met_without_planning_all_anew() -> None:
    first = plan(lengths=MANY)
    shown = {slot.lesson for slot in slots(first)}
    wanted = next(f"lesson-{n:03}" for n in range(len(MANY)) if f"lesson-{n:03}" not in shown)
    asked = (Request(venue="square-01", lesson=wanted, on=date(2026, 11, 23)),)
    again = plan(first, lengths=MANY, requests=asked, today=date(2026, 11, 24))
    (met,) = [slot for slot in slots(again) if slot.lesson == wanted]
    assert met.why == "request"
    assert full(again)
    assert sum(one != other for one, other in zip(first.days, again.days, strict=True)) == 1


def test_a_request_is_met_on_the_first_day_and_not_again_and_again() -> None:
    past = Past(last={"lesson-030": 1})
    asked = (Request(lesson="lesson-030", on=date(2026, 11, 20)),)
    made = plan(requests=asked, past=past)
    when = [slot.start.date() for slot in slots(made) if slot.lesson == "lesson-030"]
    assert when[0] == date(2026, 11, 23)
    assert [slot.why for slot in slots(made) if slot.lesson == "lesson-030"].count("request") == 1


def test_a_changed_programme_keeps_what_still_belongs_in_it() -> None:
    first = plan()
    changed = programme(
        block=[{"name": "故事", "series": ["我的扶贫故事"], "minutes": 20}, {"name": "轮播"}], repeat_gap_minutes=30
    )
    again = plan(first, by=changed)
    assert full(again)
    assert {slot.block for slot in slots(again)} <= {"故事", "轮播"}


def test_the_same_inputs_give_the_same_bytes_whatever_the_hash_seed() -> None:
    code = (
        "import hashlib\nfrom playlists.schedules.schedule import dump_schedule\n"
        "from tests.playlists.planning.again import *\n"
        "first = plan()\n"
        "again = plan(first, without=slots(first)[3].lesson)\n"
        "print(hashlib.sha256((dump_schedule(first) + dump_schedule(again)).encode()).hexdigest())\n"
    )
    said = set()
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=Path(__file__).parents[3],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        said.add(done.stdout)
    assert len(said) == 1


def test_planning_again_keeps_the_lecturer_who_was_assigned() -> None:
    evening = Event(title="农家夜话", at="19:30", minutes=30, weekday="周三")
    calendar = Calendar(lecture=(evening,))
    before = plan(calendar=calendar)
    wednesday = before.days[2]
    noted = tuple(
        slot.model_copy(update={"note": speaker_note(slot.note, "李老师", "讲技术")})
        if slot.kind == "lecture"
        else slot
        for slot in wednesday.slots
    )
    days = (*before.days[:2], wednesday.model_copy(update={"slots": noted}), *before.days[3:])
    again = plan(before.model_copy(update={"days": days}), calendar=calendar)
    assert [slot.note for slot in again.days[2].slots if slot.kind == "lecture"] == ["主讲：李老师（讲技术）"]


def test_what_stays_empty_after_midnight_is_still_told_when_its_day_is_past() -> None:
    first = plan(lengths=[707, 650, 611], windows="每天 23:30-00:17")
    assert {gap.start.date() - timedelta(days=1) for gap in first.gaps} == {day.date for day in first.days}
    again = plan(first, lengths=[707, 650, 611], windows="每天 23:30-00:17", today=date(2026, 11, 26))
    assert dump_schedule(again) == dump_schedule(first)


def test_a_lesson_withdrawn_after_midnight_is_replaced_in_the_same_night() -> None:
    first = plan(windows=NIGHT)
    tuesday = first.days[1]
    victim = tuesday.slots[-1]
    assert victim.start.date() > tuesday.date
    now = victim.start - timedelta(minutes=1)
    again = plan(first, without=victim.lesson, windows=NIGHT, today=now.date(), now=now)
    began = [slot for slot in tuesday.slots if slot.start < now]
    assert list(again.days[1].slots[: len(began)]) == began
    assert victim.lesson not in {slot.lesson for slot in again.days[1].slots[len(began) :]}
    assert full(again)
    assert again.days[0] == first.days[0]
    over = plan(first, without=victim.lesson, windows=NIGHT, today=now.date(), now=now + timedelta(hours=2))
    assert over.days[1] == tuesday


def too_close(schedule: Schedule, minutes: int) -> list[Slot]:
    """Showings that begin too soon after the one before of the same lesson."""
    last, found = dict[str, datetime](), list[Slot]()
    for slot in slots(schedule):
        if slot.lesson in last and slot.start - last[slot.lesson] < timedelta(minutes=minutes):
            found.append(slot)
        last[slot.lesson] = slot.start
    return found


@pytest.mark.parametrize("minutes", [20, 90, 1440])
def test_lessons_stay_apart_when_one_is_withdrawn(minutes: int) -> None:
    lengths = [*LENGTHS] * (3 if minutes == 1440 else 1)
    news = {"name": "要闻", "at": ["18:45", "19:15", "20:00"], "minutes": 15}
    by = programme(block=[news, *BLOCKS], rules={"separation_minutes": minutes})
    first = plan(lengths=lengths, by=by)
    assert not too_close(first, minutes)
    for victim in sorted({slot.lesson for slot in slots(first)})[::5]:
        again = plan(first, without=victim, lengths=lengths, by=by)
        assert victim not in {slot.lesson for slot in slots(again)}
        assert not too_close(again, minutes)
        stayed = {(slot.start, slot.lesson) for slot in slots(again)}
        assert sum((slot.start, slot.lesson) in stayed for slot in slots(first)) > len(slots(first)) // 2


def test_lessons_stay_apart_around_a_lecture_in_the_middle_of_the_evening() -> None:
    lecture = Calendar.model_validate(
        {"lecture": [{"title": "夜话", "weekday": "周三", "at": "19:15", "minutes": 20}]}
    )
    by = programme(rules={"separation_minutes": 60})
    first = plan(by=by, calendar=lecture)
    for victim in sorted({slot.lesson for slot in first.days[2].slots if slot.lesson}):
        assert not too_close(plan(first, without=victim, by=by, calendar=lecture), 60)


def test_what_the_plan_kept_is_given_up_where_a_longer_separation_forbids_it() -> None:
    first = plan(lengths=LENGTHS[:20], by=programme())
    by = programme(rules={"separation_minutes": 90})
    assert too_close(first, 90)
    again = plan(first, lengths=LENGTHS[:20], by=by)
    assert not too_close(again, 90)


def test_lessons_stay_apart_from_a_week_after_that_is_planned_already() -> None:
    by = programme(rules={"separation_minutes": 1440})
    lengths = [*LENGTHS] * 3
    free = plan(lengths=lengths, by=by)
    sunday = free.days[6].slots
    begins = int(sunday[0].start.timestamp()) + 86400
    after = {slot.lesson: begins - 3600 for slot in sunday[:6]}
    made = plan(lengths=lengths, by=by, after=after)
    assert not after.keys() & {slot.lesson for slot in made.days[6].slots}
    assert full(made)


def test_a_day_is_planned_from_what_is_carried_to_it_and_carries_its_own_on() -> None:
    lessons, renditions = catalogue(LENGTHS)
    by, square, calendar = programme(block=BLOCKS), venue(windows="每天 18:30-20:30"), Calendar()
    shelf, monday = LessonShelf.of(renditions, lessons), date(2026, 11, 30)
    week = WeekTask(shelf, square, CHINA, CircleStart.of(square, 0), Given(), (), {})
    eve, frame, after = (frame_of(calendar, by, square, monday + timedelta(days=n), CHINA) for n in (-1, 0, 1))
    shown_before = History({lessons[0].id: 3}, {lessons[0].id: 1_700_000_000})
    first, carried = plan_day(DayTask(week, eve, frame, None, Carried(shown_before, frozenset(), ())))
    order = tuple(slot.lesson for slot in first.day.slots)
    assert carried.orders == {order}
    assert carried.history.uses[lessons[0].id] == 3 + order.count(lessons[0].id)
    assert set(order) <= carried.history.last.keys()
    # The first of a month counts showings anew, and no day is like one that is carried.
    second, later = plan_day(DayTask(week, frame, after, None, carried))
    assert sum(later.history.uses.values()) == len(second.day.slots)
    assert len(later.orders) == 2


def test_in_a_day_too_long_to_be_searched_what_gives_way_is_told_all_the_same() -> None:
    series = ("扶贫实用技术", "扶贫实用技术", "扶贫实用技术", "我的脱贫之路")
    lessons = tuple(lesson(number, series=series[number % 4]) for number in range(40))
    made = {one.id: rendition(one, 291 + number) for number, one in enumerate(lessons)}
    whole = venue(windows="每天 08:00-12:00")
    week = plan_week(whole, programme(), Calendar(), made, lessons, "2026-W48", CHINA)
    shown = [slot for slot in week.days[0].slots if slot.lesson]
    assert len(shown) > 30
    assert ("同系列不连播", "half_series") in {
        (one.rule, one.reason.code) for one in week.relaxed if day_of(one.start, week.days) == week.days[0].date
    }
