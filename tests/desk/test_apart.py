"""What is computed beside the pages: a page never waits long for it, and a process that was killed is begun again."""

from __future__ import annotations

import os
import threading
from concurrent.futures import BrokenExecutor
from pathlib import Path

import pytest

from courseware.errors import InputError, Problem, text
from courseware.lessons.workspace import Workspace, open_workspace
from desk.apart import Apart, in_process
from desk.county.foresight import Foresight
from desk.county.weekly import schedule_there, weeks_of_venues
from playlists.weeks.making import county_to_plan, plan_county
from tests.playlists.factories import write_workspace

WEEK = "2026-W48"


@pytest.fixture
def county(tmp_path: Path) -> Workspace:
    return open_workspace(write_workspace(tmp_path))


def test_a_page_is_told_that_it_is_not_known_yet_and_later_what_was_found(county: Workspace) -> None:
    known = threading.Event()

    def find(_workspace: Workspace, key: str) -> str:
        known.wait(20)
        return key.upper()

    foresight, apart = Foresight[str](find, lambda _workspace, _key: "as now"), Apart()
    assert foresight.look(apart, county, "week") is None
    known.set()
    while (seen := foresight.look(apart, county, "week")) is None:
        pass
    assert (seen.mark, seen.found) == ("as now", "WEEK")


def test_why_nothing_could_be_found_is_told(county: Workspace) -> None:
    def fail(_workspace: Workspace, _key: str) -> str:
        raise InputError(Problem("venues.csv", text("has no venues; add a row for each")))

    seen = Foresight[str](fail, lambda _workspace, _key: "").look(Apart(), county, "week")
    assert seen is not None
    assert [problem.where for problem in seen.problems] == ["venues.csv"]


def test_work_goes_on_in_another_process_when_one_was_killed() -> None:
    apart = Apart(in_process)
    try:
        with pytest.raises(BrokenExecutor):
            apart.submit(os.abort).result(60)
        assert apart.submit(os.getpid).result(60) != os.getpid()
    finally:
        apart.close()


def test_a_week_in_numbers_says_what_the_whole_week_says(county: Workspace) -> None:
    files = county_to_plan(county)
    plan_county(county, files, files.venues, WEEK)
    (county.schedules_dir / WEEK / "station-01.json").write_text("{", encoding="utf-8")
    square, station = weeks_of_venues(county, WEEK)
    whole = schedule_there(county, "square-01", WEEK)
    assert whole is not None
    assert square.counts is not None
    assert square.counts.showings == sum(len(day.slots) for day in whole.days) > 0
    assert square.counts.empty_s == sum(gap.seconds for gap in whole.gaps)
    assert len(square.counts.relaxed) == len(whole.relaxed)
    assert station.counts is None
