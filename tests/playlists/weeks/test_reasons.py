"""Why a slot is there: counted by the month, and told of the block as it chose on that day."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from courseware.lessons.lesson import Lesson
from playlists.files.programmes import Programme
from playlists.files.requests import Request
from playlists.planning.shelf import LessonShelf
from playlists.schedules.causes import cause
from playlists.schedules.history import Past
from playlists.schedules.schedule import Relaxed, Schedule, Slot
from playlists.weeks.reasons import reasons
from tests.playlists.clean_weeks import BLOCK, clean_week, make_facts, turning
from tests.playlists.factories import catalogue, venue

ZONE = ZoneInfo("Asia/Shanghai")
LENGTHS = (60, 60, 60)
WEEK = "2026-W49"  # its Tuesday is 1 December
SQUARE = venue(windows="每天 19:00-19:03")


def week() -> Schedule:
    return clean_week(make_facts(lengths=LENGTHS), SQUARE, WEEK)


def why(
    schedule: Schedule, number: int, by: Programme, past: Past, requests: tuple[Request, ...] = ()
) -> list[tuple[Slot, str]]:
    lessons, made = catalogue(LENGTHS)
    lessons = tuple(one.model_copy(update={"form": "微视频"}) for one in lessons)
    shelf = LessonShelf.of(made, (*lessons[:1], _winter(lessons[1]), *lessons[2:]), ())
    told = reasons(schedule, schedule.days[number], by, shelf, past, ZONE, requests)
    return [(slot, "; ".join(map(str, some))) for slot, some in told]


def _winter(lesson: Lesson) -> Lesson:
    return lesson.model_copy(update={"season": ("12月",)})


def test_showings_are_counted_from_the_first_of_the_month() -> None:
    past = Past(uses={f"lesson-{n:03}": 9 for n in range(3)}, last={f"lesson-{n:03}": 1 for n in range(3)})
    on = {number: why(week(), number, turning(), past)[0][1] for number in (0, 1, 2)}
    assert "showing 10 of this month" in on[0]
    assert "showing 1 of this month" in on[1]
    assert "showing 2 of this month" in on[2]


def test_what_does_not_suit_the_day_is_called_borrowed() -> None:
    season = turning(block=[{"name": BLOCK, "season": True}])
    told = {slot.lesson: said for slot, said in why(week(), 3, season, Past())}
    assert told["lesson-001"].startswith(f"belongs to “{BLOCK}”")
    assert told["lesson-002"].startswith("borrowed")


def test_what_nobody_asked_for_or_everybody_has_seen_is_called_borrowed() -> None:
    asked = (Request(venue="square-01", lesson="lesson-002", on=date(2026, 11, 30)),)
    wanted = turning(block=[{"name": BLOCK, "requests": True}])
    monday = {slot.lesson: said for slot, said in why(week(), 0, wanted, Past(), asked)}
    assert (monday["lesson-002"].split()[0], monday["lesson-001"].split(",")[0]) == ("belongs", "borrowed")
    new = turning(block=[{"name": BLOCK, "premiere": True}])
    known = Past(last={"lesson-002": 1})
    first = {slot.lesson: said for slot, said in why(week(), 0, new, known)}
    assert (first["lesson-001"].split()[0], first["lesson-002"].split(",")[0]) == ("belongs", "borrowed")


def test_a_pin_that_was_met_is_not_blamed_for_another_that_was_not() -> None:
    schedule = week()
    start = schedule.days[0].slots[0].start
    refused = Relaxed(rule="pin", start=start, lesson="lesson-009", reason=cause("taken"))
    told = why(schedule.model_copy(update={"relaxed": (refused,)}), 0, turning(), Past())
    assert not any("is not kept" in said for _, said in told)
    own = refused.model_copy(update={"lesson": schedule.days[0].slots[0].lesson})
    told = why(schedule.model_copy(update={"relaxed": (own,)}), 0, turning(), Past())
    assert ["is not kept" in said for _, said in told] == [True, False, False]
