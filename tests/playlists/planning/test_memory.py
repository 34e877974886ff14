"""What is remembered for venues that share it must not be seen in any answer."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from playlists.files.calendar import Calendar
from playlists.files.requests import Request
from playlists.files.rules import Rules
from playlists.files.venues import Venue
from playlists.opening.windows import quiet_on
from playlists.planning.memory import CircleStart, Memo, frame_of
from playlists.planning.planner import Given, plan_from
from playlists.planning.shelf import LessonShelf
from playlists.schedules.history import Past, advance
from playlists.schedules.schedule import Schedule, dump_schedule
from tests.playlists.clean_weeks import faults, make_facts
from tests.playlists.factories import SERIES, catalogue, programme, venue

CHINA = ZoneInfo("Asia/Shanghai")
LENGTHS = random.Random(9).choices(range(180, 900), k=30)
BY = programme(
    block=[{"name": "技术", "series": [SERIES[2]], "minutes": 30}, {"name": "轮播"}], repeat_gap_minutes=30
)
CALENDAR = Calendar.model_validate(
    {
        "lecture": [{"title": "夜话", "venues": "square-3", "weekday": "周三", "at": "19:30", "minutes": 30}],
        "closed": [{"venues": ["示范"], "from": "2026-11-24", "to": "2026-11-24"}],
    }
)
WEEKS = ("2026-W48", "2026-W49")


def shelf_of() -> LessonShelf:
    lessons, renditions = catalogue(LENGTHS)
    return LessonShelf.of(renditions, lessons)


def squares() -> list[Venue]:
    some = [venue(id=f"square-{n}", windows=f"每天 {18 + n // 20}:30-20:30") for n in range(30)]
    return [*some, venue(id="square-30", groups="示范"), venue(id="square-31", market_day="逢五")]


def planned(*, shared: bool) -> dict[str, list[str]]:
    together = shelf_of()
    past = {one.id: Past() for one in squares()}
    said: dict[str, list[str]] = {one.id: [] for one in squares()}
    for week in WEEKS:
        for one in squares():
            shelf = together if shared else shelf_of()
            requests = (Request(venue="square-7", lesson="lesson-011", on=date(2026, 11, 22)),)
            made = plan_from(shelf, one, BY, CALENDAR, week, CHINA, 0, Given(past=past[one.id], requests=requests))
            past[one.id] = advance(past[one.id], made, CHINA)
            said[one.id].append(dump_schedule(made))
    return said


def test_a_county_is_planned_the_same_whether_or_not_venues_share_the_work() -> None:
    assert planned(shared=True) == planned(shared=False)


def test_venues_that_begin_alike_are_planned_once_and_each_bears_its_own_name() -> None:
    shelf = shelf_of()
    made = [plan_from(shelf, one, BY, CALENDAR, WEEKS[0], CHINA) for one in squares()[:20]]
    assert [one.venue for one in made] == [one.id for one in squares()[:20]]
    assert len({id(one.days) for one in made}) < len(made)
    assert len({one.days for one in made}) == len({id(one.days) for one in made})


@pytest.mark.parametrize("lessons", [0, 1, 2, 25])
def test_a_venue_begins_at_one_of_the_lessons_that_there_are(lessons: int) -> None:
    week = [date(2026, 11, 23 + number) for number in range(7)]
    begun = {CircleStart.of(one, 3).turn(day, lessons) for one in squares() for day in week}
    assert begun == {*range(max(1, lessons))}


def test_another_seed_begins_so_many_lessons_further_on() -> None:
    day = date(2026, 11, 23)
    usual, moved = (CircleStart.of(venue(), seed).turn(day, 25) for seed in (0, 4))
    assert moved == (usual + 4) % 25


def planned_again(*, shared: bool) -> list[Schedule]:
    """Weeks that stood alike or otherwise, planned again with a Tuesday closed: ahead of it, and when it is past."""
    together, now = shelf_of(), datetime(2026, 11, 25, 19, 10, tzinfo=CHINA)
    closed = Calendar.model_validate({"closed": [{"from": "2026-11-24", "to": "2026-11-24", "reason": "检修"}]})
    found = []
    for number, one in enumerate(squares()):
        stood = plan_from(shelf_of(), one, BY, Calendar(), WEEKS[0], CHINA, seed=number % 3)
        for today, at in ((None, None), (now.date(), now)):
            given, shelf = Given(before=stood, today=today, now=at), together if shared else shelf_of()
            found.append(plan_from(shelf, one, BY, closed, WEEKS[0], CHINA, 0, given))
    return found


def test_weeks_that_stood_alike_are_planned_again_once_and_as_each_by_itself() -> None:
    shared = planned_again(shared=True)
    assert [*map(dump_schedule, shared)] == [*map(dump_schedule, planned_again(shared=False))]
    assert len({id(one.days) for one in shared}) < len(shared)


def test_a_moment_that_stood_there_in_other_words_is_not_written_in_a_neighbours() -> None:
    shelf, now = shelf_of(), datetime(2026, 11, 29, tzinfo=CHINA)
    stood = plan_from(shelf, venue(), BY, Calendar(), WEEKS[0], CHINA)
    slots = [slot.model_copy(update={"start": slot.start.astimezone(UTC)}) for slot in stood.days[0].slots]
    first = stood.days[0].model_copy(update={"slots": tuple(slots)})
    other = stood.model_copy(update={"days": (first, *stood.days[1:])})
    made = [
        plan_from(shelf, venue(), BY, Calendar(), WEEKS[0], CHINA, 0, Given(before=before, today=now.date(), now=now))
        for before in (stood, other)
    ]
    assert [*map(dump_schedule, made)] == [dump_schedule(stood), dump_schedule(other)]


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        ({"name": "别处"}, False),
        ({"id": "square-3"}, True),
        ({"groups": "示范"}, True),
        ({"market_day": "逢五"}, True),
    ],
)
def test_a_day_is_worked_out_anew_where_the_calendar_may_tell_venues_apart(
    change: dict[str, str], *, differs: bool
) -> None:
    shelf = shelf_of()
    day = date(2026, 11, 25)
    memory = shelf.memory(CALENDAR, BY, day)
    first = memory.frame(venue(), day, CHINA)
    other = memory.frame(venue(**change), day, CHINA)
    assert (first is not other) == differs
    assert other == frame_of(CALENDAR, BY, venue(**change), day, CHINA)


def test_another_calendar_is_not_answered_from_the_first() -> None:
    shelf = shelf_of()
    closed = Calendar.model_validate({"closed": [{"from": "2026-11-23", "to": "2026-11-23", "reason": "检修"}]})
    first = plan_from(shelf, venue(), BY, Calendar(), WEEKS[0], CHINA)
    second = plan_from(shelf, venue(), BY, closed, WEEKS[0], CHINA)
    assert (first.days[0].closed, second.days[0].closed) == ("", "检修")
    assert second.days[0].slots == ()


NIGHTS = [
    ("每天 22:30-00:30", {"from": "2026-11-26", "to": "2026-11-26", "reason": "哀悼日"}),
    ("每天 22:30-00:30", {"from": "2026-11-26", "to": "2026-11-27", "hours": "00:00-06:00"}),
    ("每天 22:30-00:30", {"from": "2026-11-23", "to": "2026-11-23", "reason": "检修"}),
    ("每天 0:00-2:00；集日 22:00-1:00", {"from": "2026-11-25", "to": "2026-11-25", "hours": "23:00-0:30"}),
    ("每天 18:30-20:30", {"from": "2026-11-25", "to": "2026-11-25", "hours": "19:00-20:00", "reason": "中考"}),
]


@pytest.mark.parametrize(("windows", "closed"), NIGHTS)
def test_nothing_of_a_planned_week_lies_in_quiet_time_and_the_checker_agrees(
    windows: str, closed: dict[str, str]
) -> None:
    lecture = {"title": "夜话", "weekday": "周三", "at": "19:30", "minutes": 30}
    calendar = Calendar.model_validate({"lecture": [lecture], "closed": [closed]})
    facts = make_facts(calendar, LENGTHS)
    of, lessons = venue(windows=windows, market_day="逢五"), tuple(facts.lessons.values())
    shelf = LessonShelf.of(facts.renditions["led-512x320"], lessons)
    made = plan_from(shelf, of, programme(), calendar, WEEKS[0], CHINA)
    hushed = [one for day in made.days for one in quiet_on(calendar, of, day.date, CHINA)]
    slots = [slot for day in made.days for slot in day.slots]
    assert hushed
    assert len(slots) > len(made.days)
    assert not any(one.start < slot.end and slot.start < one.end for one in hushed for slot in slots)
    assert [one for one in faults(made.model_dump(mode="json"), facts, of) if one.hard] == []


def test_a_day_that_quiet_hours_take_wholly_is_closed_for_their_reason() -> None:
    closed = {"from": "2026-11-24", "to": "2026-11-24", "hours": "12:00-22:00", "reason": "中考"}
    frame = frame_of(Calendar.model_validate({"closed": [closed]}), programme(), venue(), date(2026, 11, 24), CHINA)
    assert (frame.windows, frame.closed) == ((), "中考")


@pytest.mark.parametrize(
    "other",
    [
        Given(requests=(Request(venue="*", lesson="lesson-029", on=date(2026, 11, 22)),)),
        Given(past=Past({}, {f"lesson-{n:03}": 1_700_000_000 + n * 86400 for n in range(0, 30, 2)}, ())),
        Given(past=Past({f"lesson-{n:03}": 9 for n in range(15)}, {}, ())),
    ],
    ids=["asked for", "shown last", "shown often"],
)
def test_what_people_asked_for_and_saw_tells_weeks_apart_that_are_remembered(other: Given) -> None:
    one, alone, together = venue(), shelf_of(), shelf_of()
    asked = dump_schedule(plan_from(alone, one, BY, CALENDAR, WEEKS[0], CHINA, 0, other))
    plain = dump_schedule(plan_from(together, one, BY, CALENDAR, WEEKS[0], CHINA, 0, Given()))
    assert asked != plain
    assert dump_schedule(plan_from(together, one, BY, CALENDAR, WEEKS[0], CHINA, 0, other)) == asked


def test_the_oldest_answer_is_forgotten_where_there_would_be_too_many() -> None:
    memo = Memo[str, int](2)
    for key, answer in (("a", 1), ("b", 2), ("c", 3)):
        assert memo.keep(key, answer) == answer
    assert [memo.get(key) for key in "abc"] == [None, 2, 3]


def test_equal_calendars_and_programmes_share_what_is_remembered_and_others_do_not() -> None:
    shelf, monday = shelf_of(), date(2026, 11, 23)
    first = shelf.memory(CALENDAR, BY, monday)
    assert shelf.memory(CALENDAR.model_copy(), BY.model_copy(), monday) is first
    other_rules = BY.model_copy(update={"rules": Rules(separation_minutes=30)})
    assert other_rules.mark == BY.mark
    assert shelf.memory(CALENDAR, other_rules, monday) is not first
    assert shelf.memory(Calendar(), BY, monday).calendar == Calendar()


def test_a_week_that_stood_before_is_kept_though_a_venue_like_it_was_just_planned() -> None:
    shelf, square = shelf_of(), venue()
    fresh = plan_from(shelf, square, BY, Calendar(), "2026-W48", CHINA)
    before = plan_from(shelf, square, BY, Calendar(), "2026-W48", CHINA, 5)
    again = plan_from(shelf, square, BY, Calendar(), "2026-W48", CHINA, 0, Given(before=before))
    assert again.days == before.days != fresh.days


def test_what_comes_after_the_week_counts_where_lessons_must_keep_apart_from_it() -> None:
    shelf, square, by = shelf_of(), venue(windows="周日 22:30-24:00"), programme(rules={"separation_minutes": 20})
    fresh = plan_from(shelf, square, by, Calendar(), "2026-W48", CHINA)
    last = fresh.days[-1].slots[-1]
    after = {last.lesson: int(last.end.timestamp())}
    again = plan_from(shelf, square, by, Calendar(), "2026-W48", CHINA, 0, Given(after=after))
    shown = [slot for slot in again.days[-1].slots if slot.lesson == last.lesson]
    assert all(after[last.lesson] - slot.start.timestamp() >= 20 * 60 for slot in shown)
