"""On days of mourning nothing on the screen has a colour."""

from __future__ import annotations

from datetime import date, timedelta

from courseware.lessons.series import BUILT_IN_SERIES
from playlists.schedules.schedule import Day, Schedule
from playlists.sticks.building import look_of_weeks
from templates.cards.looks import GREY, look_of


def week(closed: str) -> Schedule:
    days = [Day(date=date(2026, 11, 23) + timedelta(days=number), windows=(), slots=()) for number in range(7)]
    days[3] = days[3].model_copy(update={"closed": closed})
    place = {"venue": "square-01", "venue_name": "文化广场", "kind": "square", "town": "", "county": ""}
    return Schedule.model_validate({**place, "week": "2026-W48", "profile": "led-512x320", "days": tuple(days)})


def test_the_still_pictures_of_a_kit_are_grey_where_a_day_of_mourning_closes_the_venue() -> None:
    series = BUILT_IN_SERIES[0]
    assert look_of_weeks((week(""), week("全国哀悼日")), series) == GREY
    assert look_of_weeks((week("高考期间停播"),), series) == look_of(series)
    red, green, blue = (GREY.colour[at : at + 2] for at in (1, 3, 5))
    assert red == green == blue
