"""Slogans and notices in a schedule: marked as what they are, exact to the second, and not on the poster."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from courseware.lessons.series import BUILT_IN_SERIES
from courseware.lessons.settings import Office
from playlists.files.calendar import Calendar
from playlists.planning.planner import plan_week
from playlists.publishing.pages import page_rules, plan_venue
from playlists.schedules.schedule import Schedule
from templates.pages.week import Edition, VenuePage
from tests.playlists.factories import lesson, programme, rendition, venue

FILMS = [lesson(n) for n in range(8)]
SLOGANS = [lesson(20 + n, title=f"标语{n}", slogan=f"标语{n}", source_path=None) for n in range(2)]
OFFICE = Office(name="测试县远教办", county="测试县")


@pytest.fixture(scope="module")
def week() -> Schedule:
    made = {one.id: rendition(one, 300) for one in FILMS} | {one.id: rendition(one, 15) for one in SLOGANS}
    square = venue(windows="每天 19:00-19:41")
    return plan_week(square, programme(), Calendar(), made, [*FILMS, *SLOGANS], "2026-W48", ZoneInfo("Asia/Shanghai"))


def page(week: Schedule) -> VenuePage:
    return plan_venue(week, Edition(1, ""), page_rules(week.week, OFFICE, BUILT_IN_SERIES))


def test_a_slogan_is_marked_in_the_schedule_and_a_film_is_not(week: Schedule) -> None:
    marks = {slot.lesson: slot.note for day in week.days for slot in day.slots}
    assert marks == {one.id: "" for one in FILMS} | {one.id: "标语" for one in SLOGANS}


def test_the_poster_names_the_films_and_keeps_the_times_of_the_block(week: Schedule) -> None:
    poster = page(week)
    printed = str((poster.groups, poster.days[0].entries, poster.shelves))
    assert "标语" not in printed
    assert "《课件1》" in printed
    (entry,) = poster.days[0].entries
    assert entry.time == "19:00–19:41"


def test_counts_are_of_films(week: Schedule) -> None:
    assert page(week).titles == len(FILMS)


def test_the_list_to_the_second_holds_everything(week: Schedule) -> None:
    poster = page(week)
    assert len(poster.days[0].showings) == len(week.days[0].slots)
    assert any(one.title in {"标语0", "标语1"} for one in poster.days[0].showings)
