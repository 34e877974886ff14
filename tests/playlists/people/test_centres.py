from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playlists.checking.checker import check_rooms
from playlists.checking.facts import Facts
from playlists.checking.rules import CENTRE_RULES
from playlists.files.calendar import Calendar
from playlists.files.centres import (
    Centres,
    Course,
    Room,
    Training,
    check_centres,
    dump_trainings,
    load_centres,
    people_at,
    training_events,
)
from playlists.files.venues import Venue
from playlists.opening.events import asked_on, events_of
from playlists.people.rooms import plan_trainings
from tests.playlists.clean_weeks import ZONE
from tests.playlists.factories import venue

CENTRE = venue(id="centre-01", kind="培训中心", windows="每天 08:00-18:00")
ROOMS = (Room(centre="centre-01", room="大教室", seats=60), Room(centre="centre-01", room="小教室", seats=30))


def course(**changes: Any) -> Course:
    values = {"id": "C1", "title": "核桃修剪", "people": 120, "first": "2026-12-01", "last": "2026-12-04"}
    return Course.model_validate({**values, **changes})


def training(**changes: Any) -> Training:
    values = {"course": "C1", "batch": 1, "centre": "centre-01", "room": "大教室", "date": "2026-12-01"}
    return Training.model_validate({**values, "at": "09:00", "minutes": 180, "people": 50, **changes})


def breaches(
    *trainings: Training,
    calendar: Calendar | None = None,
    rooms: tuple[Room, ...] = ROOMS,
    centre: Venue = CENTRE,
) -> list[str]:
    facts = Facts(ZONE, calendar or Calendar(), {}, {})
    centres = Centres(rooms, (course(),), trainings)
    found = check_rooms(centres, {"centre-01": centre, "square-01": venue()}, facts)
    return [f"{one.rule} {one.problem.where}" for one in found]


def test_people_are_taught_in_even_batches_of_fifty() -> None:
    assert course().sizes == (40, 40, 40)
    assert course(people=101).sizes == (34, 34, 33)
    assert course(people=50).sizes == (50,)
    assert course(people=100, batch=30).sizes == (25, 25, 25, 25)


def test_every_batch_gets_a_room_as_early_as_can_be() -> None:
    made, problems = plan_trainings([course()], ROOMS)
    assert problems == ()
    assert [(one.date.day, one.room, one.people) for one in made] == [
        (1, "大教室", 40),
        (2, "大教室", 40),
        (3, "大教室", 40),
    ]


def test_small_batches_take_the_small_room() -> None:
    made, problems = plan_trainings([course(people=60, batch=30)], ROOMS)
    assert problems == ()
    assert sorted((one.date.day, one.room) for one in made) == [(1, "大教室"), (1, "小教室")]
    (one,), _ = plan_trainings([course(people=20)], ROOMS)
    assert one.room == "小教室"


def test_a_course_of_several_days_keeps_its_room() -> None:
    made, problems = plan_trainings([course(people=100, days=2)], ROOMS)
    assert problems == ()
    assert [(one.batch, one.date.day) for one in made] in (
        [[(1, 1), (1, 2), (2, 3), (2, 4)], [(2, 1), (2, 2), (1, 3), (1, 4)]]
    )


def test_what_finds_no_room_is_told_and_the_rest_is_placed() -> None:
    made, problems = plan_trainings([course(people=250)], ROOMS)
    assert len(made) == 4
    assert [one.where for one in problems] == ["courses.csv: C1"]
    nowhere, problems = plan_trainings([course(people=61, batch=70)], ROOMS)
    assert (nowhere, len(problems)) == ((), 1)


def test_what_stands_is_kept_and_closed_days_are_avoided() -> None:
    stands = training(batch=2, date="2026-12-02")
    made, problems = plan_trainings([course()], ROOMS, [stands], lambda _centre, day, _at: day.day != 1)
    assert problems == ()
    assert [(one.batch, one.date.day) for one in made] in ([[(1, 3), (3, 4)], [(3, 3), (1, 4)]])


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"people": 61, "batch": 61}, "batch 1 finds no room: none has 61 seats"),
        ({"at": "16:30"}, "no centre is open at 16:30"),
        ({"days": 2, "people": 50}, "no centre is open at 09:00"),
        ({}, "batch 2 finds no room"),
    ],
)
def test_a_batch_without_a_room_is_told_why(changes: dict[str, Any], why: str) -> None:
    _, problems = plan_trainings([course(**changes)], ROOMS, (), lambda _centre, day, at: (day.day, at) == (2, 540))
    assert why in " ".join(str(one.what) for one in problems)


@settings(max_examples=25, deadline=None)
@given(
    courses=st.lists(
        st.builds(
            course,
            id=st.uuids().map(str),
            people=st.integers(1, 200),
            at=st.sampled_from(["09:00", "10:30", "14:00"]),
            days=st.integers(1, 3),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_no_room_is_ever_used_twice_at_a_time(courses: list[Course]) -> None:
    made, problems = plan_trainings(courses, ROOMS)
    for one, other in combinations(made, 2):
        same = (one.room, one.date) == (other.room, other.date)
        assert not same or one.ends <= other.starts or other.ends <= one.starts
    placed = {(one.course, one.batch) for one in made}
    assert len(placed) + len(problems) == sum(len(one.sizes) for one in courses)
    facts = Facts(ZONE, Calendar(), {}, {})
    assert check_rooms(Centres(ROOMS, tuple(courses), made), {"centre-01": CENTRE}, facts) == ()


def test_the_plan_can_be_written_edited_and_read_again(tmp_path: Path) -> None:
    made, _ = plan_trainings([course()], ROOMS)
    (tmp_path / "trainings.csv").write_text(dump_trainings(made), encoding="utf-8")
    (tmp_path / "rooms.csv").write_text(
        "中心,教室,座位数\ncentre-01,大教室,60\ncentre-01,小教室,30\n", encoding="utf-8"
    )
    (tmp_path / "courses.csv").write_text(
        "编号,名称,人数,起,止\nC1,核桃修剪,120,2026-12-01,2026-12-04\n", encoding="utf-8"
    )
    centres, problems = load_centres(tmp_path)
    assert problems == ()
    assert centres == Centres(ROOMS, (course(),), made)
    assert load_centres(tmp_path / "nowhere") == (Centres((), (), ()), ())


def test_mistakes_in_the_three_sheets_are_told(tmp_path: Path) -> None:
    (tmp_path / "rooms.csv").write_text("中心,教室,座位数\nx,大教室,60\nx,大教室,0\nx,大教室,5\n", encoding="utf-8")
    (tmp_path / "courses.csv").write_text(
        "编号,名称,人数,起,止,天数\nC1,修剪,120,2026-12-01,2026-12-02,3\n", encoding="utf-8"
    )
    (tmp_path / "trainings.csv").write_text("课程,批次\nC1,1\n", encoding="utf-8")
    centres, problems = load_centres(tmp_path)
    assert [one.where for one in problems] == [
        "rooms.csv:3, 座位数",
        "courses.csv:2, 止",
        "trainings.csv:1",
        "rooms.csv",
    ]
    assert [one.where for one in check_centres(centres, [CENTRE])] == ["rooms.csv", "rooms.csv"]


def test_attendances_are_counted_by_day() -> None:
    some = (training(), training(batch=2, room="小教室", people=30), training(centre="centre-02"))
    assert people_at("centre-01", some) == {date(2026, 12, 1): 80}


def test_trainings_are_events_of_their_centre() -> None:
    some = (training(), training(batch=2, room="小教室", at="10:00"), training(batch=3, at="14:00"))
    events = training_events(some, [course()])
    calendar = Calendar(activity=events)
    held = events_of(asked_on(calendar, CENTRE, date(2026, 12, 1)))
    assert [(one.event.printed, one.starts, one.event.minutes, one.moved) for one in held] == [
        ("培训：核桃修剪：大教室、小教室", 540, 240, False),
        ("培训：核桃修剪：大教室", 840, 180, False),
    ]
    assert events_of(asked_on(calendar, venue(), date(2026, 12, 1))) == ()


PLACE = "centre-01 2026-12-01 09:00:00"


@pytest.mark.parametrize(
    ("trainings", "expected"),
    [
        ((training(), training(batch=2, at="12:00")), []),
        ((training(), training(batch=2, at="11:00")), ["room-twice centre-01 2026-12-01 11:00:00"]),
        ((training(), training(at="10:00", room="小教室", people=30)), ["room-twice centre-01 2026-12-01 10:00:00"]),
        ((training(room="小教室"),), [f"room-small {PLACE}"]),
        ((training(people=51),), [f"room-small {PLACE}"]),
        ((training(room="操场"),), [f"room-unknown {PLACE}"]),
        ((training(course="C9"),), [f"room-unknown {PLACE}"]),
    ],
)
def test_a_booking_that_cannot_be_is_found(trainings: tuple[Training, ...], expected: list[str]) -> None:
    assert breaches(*trainings) == expected


def test_a_closed_centre_and_one_that_is_none_are_found() -> None:
    shut = Calendar.model_validate({"closed": [{"from": date(2026, 12, 1), "to": date(2026, 12, 1)}]})
    assert breaches(training(), calendar=shut) == [f"centre-shut {PLACE}"]
    wednesdays = CENTRE.model_copy(update={"windows": "周三 09:00-11:00"})
    assert breaches(training(), centre=wednesdays) == [f"centre-shut {PLACE}"]
    assert breaches(training(date="2026-12-02"), centre=wednesdays) == []
    assert breaches(training(date="2026-12-02", at="16:30"), centre=wednesdays) == [
        "centre-shut centre-01 2026-12-02 16:30:00"
    ]
    square = (Room(centre="square-01", room="大教室", seats=60),)
    assert breaches(training(centre="square-01"), rooms=square) == ["centre-shut square-01 2026-12-01 09:00:00"]
    assert len(CENTRE_RULES) == 4


def test_batches_are_numbered_by_the_day_on_which_they_begin() -> None:
    taken = (training(batch=2, date="2026-12-03", room="大教室"),)
    made, _ = plan_trainings([course(people=100, batch=25)], ROOMS, taken)
    assert [one.batch for one in made] == [1, 3, 4]
