"""A county's weeks drafted by two processes: the same weeks, whatever becomes of the other one."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Sequence
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any, cast

import pytest

from courseware.lessons.workspace import Workspace, open_workspace
from playlists.files.venues import Venue
from playlists.schedules.history import open_ledger
from playlists.weeks import second
from playlists.weeks.beside import plan_beside
from playlists.weeks.drafting import Drafting, VenueDraft
from playlists.weeks.making import county_to_plan, make_ready, plan_county
from playlists.weeks.second import SecondDrafter, lines_of, second_drafter, taken_from
from tests.playlists.factories import write_workspace

WEEK = "2026-W49"


@pytest.fixture
def county(tmp_path: Path) -> Workspace:
    return open_workspace(write_workspace(tmp_path))


class DeadPipe:
    """To a process that takes what it is told, and dies of it."""

    def send(self, told: object) -> None:
        del told

    def recv(self) -> object:
        raise EOFError


DEAD = SecondDrafter(cast("Any", DeadPipe()))


def drafting_of(workspace: Workspace) -> Drafting:
    return Drafting.of(workspace, make_ready(workspace, county_to_plan(workspace), WEEK, anew=False), 0)


def test_what_the_other_process_drafts_is_what_is_drafted_here(
    county: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second, "usable_cores", lambda: 2)
    drafting, found = drafting_of(county), dict[str, VenueDraft]()
    venues = drafting.ready.county.venues

    def take(some: Sequence[Venue], drafts: Sequence[VenueDraft]) -> None:
        found.update(zip((venue.id for venue in some), drafts, strict=True))

    with second_drafter(100) as helper:
        assert helper is not None
        with helper.helping(drafting, deque(drafting.alike(venues)), take):
            pass
    with open_ledger(county.cache_dir) as ledger:
        here = [*drafting.drafted(venues, ledger)]
    assert [found[venue.id] for venue in venues] == here
    assert all(draft.schedule for draft in here)


def test_what_a_process_that_died_was_to_draft_waits_again(county: Workspace) -> None:
    drafting = drafting_of(county)
    waiting = deque(drafting.alike(drafting.ready.county.venues))
    before = {group[0].id for group in waiting}
    with DEAD.helping(drafting, waiting, lambda _venues, _drafts: pytest.fail("it is dead")):
        pass
    assert {group[0].id for group in waiting} == before


def test_a_county_is_planned_although_the_other_process_dies(county: Workspace, tmp_path: Path) -> None:
    files = county_to_plan(county)
    made = plan_beside(county.root, files, files.venues, WEEK, second=DEAD)
    (tmp_path / "alone").mkdir()
    alone = open_workspace(write_workspace(tmp_path / "alone"))
    expected = plan_county(alone, files, files.venues, WEEK)
    assert (made.schedules, made.problems, made.notes) == (expected.schedules, expected.problems, expected.notes)
    assert len(made.schedules) == len(files.venues)


@pytest.mark.parametrize(("venues", "cores"), [(39, 2), (413, 1)])
def test_no_process_is_started_that_gains_nothing(venues: int, cores: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second, "usable_cores", lambda: cores)
    with second_drafter(venues) as found:
        assert found is None


def test_the_other_process_is_begun_where_ctrl_c_is_ignored_and_this_one_hears_it_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = list[object]()
    monkeypatch.setattr(second, "usable_cores", lambda: 2)
    monkeypatch.setattr(SpawnProcess, "start", lambda _process: seen.append(signal.getsignal(signal.SIGINT)))
    monkeypatch.setattr(SpawnProcess, "terminate", lambda _process: None)
    monkeypatch.setattr(SpawnProcess, "join", lambda _process: None)
    usual = signal.getsignal(signal.SIGINT)
    with second_drafter(100):
        assert seen == [signal.SIG_IGN]
        assert signal.getsignal(signal.SIGINT) == usual


def test_a_process_that_cannot_be_started_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_process: SpawnProcess) -> None:
        raise BlockingIOError

    monkeypatch.setattr(second, "usable_cores", lambda: 2)
    monkeypatch.setattr(SpawnProcess, "start", fail)
    with second_drafter(100) as found:
        assert found is None


def test_how_many_venues_a_sheet_has_is_told_by_its_lines(tmp_path: Path) -> None:
    assert lines_of(tmp_path / "venues.csv") == 0
    (tmp_path / "venues.csv").write_text("编号\n甲\n乙\n", encoding="utf-8")
    assert lines_of(tmp_path / "venues.csv") == 3


def test_who_comes_too_late_to_a_group_gets_none() -> None:
    assert taken_from(deque().pop) == ()
