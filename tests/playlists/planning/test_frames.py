"""What is remembered for venues that share it must not be seen in any answer."""

from __future__ import annotations

import random
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from playlists.files.calendar import Calendar
from playlists.files.programmes import Moment
from playlists.files.requests import Request
from playlists.files.venues import Venue
from playlists.planning.frames import frame_of, memory_of
from playlists.planning.planner import Given, plan_from
from playlists.planning.shelf import Shelf
from playlists.schedules.history import Past, advance
from playlists.schedules.schedule import dump_schedule
from tests.playlists.factories import SERIES, catalogue, programme, venue

CHINA = ZoneInfo("Asia/Shanghai")
LENGTHS = random.Random(9).choices(range(180, 900), k=30)  # noqa: S311
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


def shelf_of() -> Shelf:
    lessons, renditions = catalogue(LENGTHS)
    return Shelf.of(renditions, lessons)


def squares() -> list[Venue]:
    some = [venue(id=f"square-{n}", windows=f"每天 {18 + n // 20}:30-20:30") for n in range(30)]
    return [*some, venue(id="square-30", groups="示范"), venue(id="square-31", market_day="逢五")]


def planned(*, shared: bool) -> dict[str, list[str]]:
    shelf = shelf_of()
    past = {one.id: Past() for one in squares()}
    said: dict[str, list[str]] = {one.id: [] for one in squares()}
    for week in WEEKS:
        for one in squares():
            calendar = CALENDAR if shared else CALENDAR.model_copy()
            requests = (Request(venue="square-7", lesson="lesson-011", on=date(2026, 11, 22)),)
            made = plan_from(shelf, one, BY, calendar, week, CHINA, 0, Given(past=past[one.id], requests=requests))
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
    memory = memory_of(shelf.pool(BY, Moment(day), frozenset()))
    first = memory.frame(CALENDAR, BY, venue(), day, CHINA)
    other = memory.frame(CALENDAR, BY, venue(**change), day, CHINA)
    assert (first is not other) == differs
    assert other == frame_of(CALENDAR, BY, venue(**change), day, CHINA)


def test_another_calendar_is_not_answered_from_the_first() -> None:
    shelf = shelf_of()
    closed = Calendar.model_validate({"closed": [{"from": "2026-11-23", "to": "2026-11-23", "reason": "检修"}]})
    first = plan_from(shelf, venue(), BY, Calendar(), WEEKS[0], CHINA)
    second = plan_from(shelf, venue(), BY, closed, WEEKS[0], CHINA)
    assert (first.days[0].closed, second.days[0].closed) == ("", "检修")
    assert second.days[0].slots == ()
