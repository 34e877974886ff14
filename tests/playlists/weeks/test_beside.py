"""A week planned while others write: they need not wait, and what they change is not written over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from courseware.lessons.workspace import Workspace, lock_at, open_workspace
from courseware.storage.locks import lock_workspace
from playlists.weeks import beside
from playlists.weeks.beside import plan_beside
from playlists.weeks.drafting import WeekDrafts
from playlists.weeks.making import county_to_plan, draft_weeks, plan_county
from tests.playlists.factories import write_workspace

WEEK = "2026-W49"
NEVER = '[[never]]\nvenues = ["*"]\nlesson = "{lesson}"\n'


@pytest.fixture
def county(tmp_path: Path) -> Workspace:
    return open_workspace(write_workspace(tmp_path))


def meanwhile(monkeypatch: pytest.MonkeyPatch, *acts: Callable[[], object]) -> list[int]:
    """Do each of these while a draft is made, one a draft; says how many drafts were made."""
    drafts: list[int] = []
    waiting = list(acts)

    def draft(*given: Any) -> WeekDrafts:
        made = draft_weeks(*given)
        drafts.append(len(made.schedules))
        if waiting:
            waiting.pop(0)()
        return made

    monkeypatch.setattr(beside, "draft_weeks", draft)
    return drafts


def planned(workspace: Workspace) -> dict[str, bytes]:
    files = county_to_plan(workspace)
    done = plan_beside(workspace.root, files, files.venues, WEEK)
    return {path.name: path.read_bytes() for path in done.paths}


def planned_alone(folder: Path, edits: str = "") -> dict[str, bytes]:
    """What planning under the lock makes of the same county."""
    folder.mkdir()
    alone = open_workspace(write_workspace(folder))
    (alone.root / "edits.toml").write_text(edits, encoding="utf-8")
    files = county_to_plan(alone)
    done = plan_county(alone, files, files.venues, WEEK)
    return {path.name: path.read_bytes() for path in done.paths}


def test_it_plans_what_planning_under_the_lock_plans(county: Workspace, tmp_path: Path) -> None:
    assert planned(county) == planned_alone(tmp_path / "alone")


def test_the_lock_is_free_while_the_weeks_are_planned(county: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def write() -> None:
        with lock_workspace(county.cache_dir, 0):
            path = county.lessons_dir / "lesson-001" / "lesson.toml"
            path.write_text(path.read_text(encoding="utf-8") + 'presenter = "王芳"\n', encoding="utf-8")

    drafts = meanwhile(monkeypatch, write)
    assert planned(county)
    assert len(drafts) == 1, "what is changed of a lesson counts as changed after the plan"


def test_what_was_changed_meanwhile_is_planned_for(
    county: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def forbid() -> None:
        (county.root / "edits.toml").write_text(NEVER.format(lesson="lesson-000"), encoding="utf-8")

    drafts = meanwhile(monkeypatch, forbid)
    assert planned(county) == planned_alone(tmp_path / "alone", NEVER.format(lesson="lesson-000"))
    assert len(drafts) == 2


def test_a_week_that_somebody_changed_meanwhile_is_not_written_over(
    county: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def plan_too() -> None:
        with lock_at(county.root):
            files = county_to_plan(county)
            plan_county(county, files, files.venues[:1], WEEK, seed=7)

    drafts = meanwhile(monkeypatch, plan_too)
    first = planned(county)["square-01.json"]
    assert len(drafts) == 2
    monkeypatch.undo()
    assert planned(county)["square-01.json"] == first


def test_who_is_disturbed_again_and_again_plans_under_the_lock_at_last(
    county: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def forbid(number: int) -> None:
        words = NEVER.format(lesson=f"lesson-{number:03}")
        (county.root / "edits.toml").write_text(words, encoding="utf-8")

    drafts = meanwhile(monkeypatch, lambda: forbid(0), lambda: forbid(1))
    assert planned(county) == planned_alone(tmp_path / "alone", NEVER.format(lesson="lesson-001"))
    assert len(drafts) == 2
