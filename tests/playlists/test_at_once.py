"""Several people, or a timer and a person, who publish, plan and edit one workspace at the same moment."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from cli import main
from courseware.lessons.workspace import lock_at, open_workspace
from playlists.county.weeks import planned_weeks
from playlists.files.edits import load_edits
from playlists.schedules.revisions import keep_revision, published, revisions
from playlists.schedules.schedule import Schedule, load_schedule
from tests.playlists.factories import announce, write_workspace
from tests.playlists.test_commands import run
from tests.rush import rush

WEEK = "2026-W48"
PEOPLE = 2
SECONDS = (131, 97, 89, 141, 173, 56, 60, 64, 77, 83, 101, 119)


def planned(folder: Path) -> Path:
    root = write_workspace(folder, SECONDS)
    assert run(root, "schedule", "plan", "--week", WEEK).exit_code == 0
    return root


def named(schedule: Schedule, process: int, turn: int) -> Schedule:
    return schedule.model_copy(update={"venue_name": f"{process}-{turn}"})


def publish(process: int, turn: int, root: Path) -> None:
    """What the command does, without an hour of typesetting."""
    with lock_at(root):
        workspace = open_workspace(root)
        schedules, _ = planned_weeks(workspace, WEEK)
        announce(workspace, [named(one, process, turn) for one in schedules])


def keep_without_a_lock(process: int, turn: int, folder: Path, schedule: Path) -> None:
    now = datetime.fromisoformat("2026-11-20T12:00:00+08:00")
    assert keep_revision(folder, [named(load_schedule(schedule), process, turn)], now)


def names_published(folder: Path) -> list[str]:
    """Of the first square, in every publication."""
    found = [published(folder, one, "square-01") for one in revisions(folder, WEEK)]
    return [one.venue_name for one in found if one]


def check_publications(folder: Path, people: int, rounds: int) -> None:
    root = planned(folder)
    rush(people, rounds, publish, root)
    kept = revisions(root / "schedules", WEEK)
    assert [one.number for one in kept] == list(range(1, people * rounds + 1))
    everything = {f"{process}-{turn}" for process in range(people) for turn in range(rounds)}
    assert sorted(names_published(root / "schedules")) == sorted(everything)


@pytest.mark.long
def test_of_publications_at_the_same_moment_each_has_its_number_and_none_is_lost(tmp_path: Path) -> None:
    check_publications(tmp_path, PEOPLE, rounds=4)


@pytest.mark.long
def test_even_where_a_disk_knows_no_locks_no_publication_takes_the_place_of_another(tmp_path: Path) -> None:
    root = planned(tmp_path)
    schedule = root / "schedules" / WEEK / "square-01.json"
    rush(PEOPLE, 10, keep_without_a_lock, tmp_path / "other", schedule)
    everything = {f"{process}-{turn}" for process in range(PEOPLE) for turn in range(10)}
    assert set(names_published(tmp_path / "other")) == everything


def pin(process: int, turn: int, root: Path) -> None:
    at = f"2026-11-24T19:{turn:02}:{process:02}"
    main(["schedule", "edit", "pin", "square-01", at, "lesson-001", "--workspace", str(root)], standalone_mode=False)


def check_pins(folder: Path, people: int, rounds: int) -> None:
    root = write_workspace(folder, SECONDS)
    rush(people, rounds, pin, root)
    assert len(load_edits(root / "edits.toml").pin) == people * rounds


@pytest.mark.long
def test_of_pins_at_the_same_moment_none_is_lost(tmp_path: Path) -> None:
    check_pins(tmp_path, PEOPLE, rounds=3)
