"""What is computed beside the pages: a page never waits long for it, and a process that was killed is begun again."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor
from multiprocessing.connection import Connection
from pathlib import Path

import psutil
import pytest

from cli import make_console
from courseware.errors import InputError, Problem, text
from courseware.lessons.workspace import Workspace, open_workspace
from desk.apart import Apart, carried_out_apart, in_process
from desk.county.foresight import Foresight
from desk.county.weekly import schedule_there, weeks_of_venues
from desk.work import TaskConsole, WorkBoard
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


def begin_and_wait(pid: Connection) -> None:
    """A desk, of which nothing is known but its helper's number."""
    pid.send(Apart(in_process).submit(os.getpid).result(60))
    threading.Event().wait(60)


def test_the_process_ends_with_a_desk_that_is_killed() -> None:
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    desk = multiprocessing.get_context("spawn").Process(target=begin_and_wait, args=(theirs,))
    desk.start()
    helper = psutil.Process(ours.recv())
    desk.kill()
    desk.join()
    assert psutil.wait_procs([helper], timeout=60)[1] == []


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


@pytest.fixture
def board() -> Iterator[WorkBoard]:
    opened = WorkBoard(carried_out_apart)
    yield opened
    opened.close()


def say(console: TaskConsole, _stop: threading.Event) -> None:
    console.say(str(os.getpid()))
    console.document(("lesson", "failed"))
    raise InputError(Problem("venues.csv", text("has no venues; add a row for each")))


def wait(console: TaskConsole, stop: threading.Event) -> None:
    console.say("begun")
    stop.wait(60)


def die(_console: TaskConsole, _stop: threading.Event) -> None:
    os.abort()


def test_a_task_of_the_queue_runs_in_a_process_of_its_own_and_tells_all_that_it_would_tell_here(
    board: WorkBoard,
) -> None:
    known: list[object] = []
    console = make_console("en")
    told = board.add(text("Tasks"), say, console, then=known.extend)
    killed = board.add(text("Tasks"), die, console)
    stopped = board.add(text("Tasks"), wait, console)
    odd = board.add(text("Tasks"), lambda _console, _stop: None, console)
    while not stopped.console.lines:
        time.sleep(0.01)
    board.cancel(stopped.number)
    while not odd.is_over:
        time.sleep(0.01)
    assert [task.state for task in board.tasks()] == ["failed", "failed", "cancelled", "failed"]
    assert told.console.lines[0] != str(os.getpid())
    assert [problem.where for problem in told.problems] == ["venues.csv"]
    assert known == [("lesson", "failed")]
    assert "ended from outside" in str(killed.problems[0].what)
