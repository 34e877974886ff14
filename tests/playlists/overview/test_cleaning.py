"""What is left of lessons and venues that are gone can be removed, and nothing else is."""

from __future__ import annotations

import json
import os
import shutil
import time
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

import cli
from courseware.errors import InputError
from courseware.lessons.workspace import open_workspace
from playlists.county.weeks import planned_weeks
from playlists.overview.cleaning import find_leftovers, remove
from playlists.schedules.revisions import keep_revision
from tests.playlists.factories import VENUES, write_workspace

WEEK = "2026-W48"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Lesson 0 is gone, and one venue of a published week."""
    write_workspace(tmp_path)
    shutil.rmtree(tmp_path / "courseware" / "lesson-000")
    made = tmp_path / "renditions" / "led-512x320"
    (made / "family.mp4").write_bytes(b"somebody's own")
    (made / "notes.json").write_text('{"mine": true}')

    return tmp_path


def everything(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_renditions_of_lessons_that_are_gone_are_listed_and_only_they_are_removed(root: Path) -> None:
    before = everything(root)
    found = find_leftovers(open_workspace(root))
    assert [one.name for one in found.found] == ["renditions/led-512x320/lesson-000"]
    assert everything(root) == before
    remove(found)
    gone = before.keys() - everything(root).keys()
    assert gone == {f"renditions/led-512x320/lesson-000.{suffix}" for suffix in ("mp4", "json")}
    assert find_leftovers(open_workspace(root)).found == ()


def test_a_lesson_that_cannot_be_read_is_there_all_the_same(root: Path) -> None:
    (root / "courseware" / "lesson-001" / "lesson.toml").write_text("title = ")
    assert len(find_leftovers(open_workspace(root)).found) == 1


def test_without_any_lesson_nothing_is_called_left_over(root: Path) -> None:
    (root / "courseware").rename(root / "elsewhere")
    with pytest.raises(InputError, match="holds no lesson"):
        find_leftovers(open_workspace(root))


def test_what_leads_out_of_the_workspace_is_left_alone(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "led"
    (root / "renditions" / "led-512x320").rename(outside)
    (root / "renditions" / "led-512x320").symlink_to(outside, target_is_directory=True)
    found = find_leftovers(open_workspace(root))
    assert found.found == ()
    assert [one.what.pattern for one in found.problems] == ["leads out of the workspace, and is left alone"]
    assert (outside / "lesson-000.mp4").is_file()


def test_pages_of_venues_that_are_gone_are_removed_unless_venues_cannot_be_read(root: Path) -> None:
    for week in ("schedules", "published"):
        (root / week / WEEK).mkdir(parents=True, exist_ok=True)
    run("schedule", "plan", "--week", WEEK, root=root)
    workspace = open_workspace(root)
    at = datetime(2026, 11, 20, tzinfo=workspace.settings.zone)
    keep_revision(root / "schedules", planned_weeks(workspace, WEEK)[0], at)
    pages = [
        root / "published" / WEEK / name for name in ("square-01.html", "square-01.pdf", "county.html", "own.pdf")
    ]
    for page in pages:
        page.write_text("page")
    rows = VENUES.splitlines(keepends=True)
    (root / "venues.csv").write_text(rows[0] + rows[2].replace("站点,测", "点,测"), encoding="utf-8")
    assert "published/2026-W48/square-01" not in run("clean", root=root)
    (root / "venues.csv").write_text(rows[0] + rows[2], encoding="utf-8")
    document = json.loads(run("clean", "--yes", "--json", root=root))
    assert document["left_over"] == ["renditions/led-512x320/lesson-000", "published/2026-W48/square-01"]
    assert [page.is_file() for page in pages] == [False, False, True, True]


def run(*arguments: str, root: Path) -> str:
    return CliRunner().invoke(cli.main, ["--lang", "en", *arguments, "--workspace", str(root)]).stdout


def test_copies_for_the_browser_are_left_over_after_a_month(root: Path) -> None:
    copies = open_workspace(root).copies_dir
    copies.mkdir(parents=True)
    month_ago = time.time() - 31 * 86400
    for name, at in (("old.mp4", month_ago), ("new.mp4", time.time()), ("old.txt", month_ago)):
        (copies / name).write_bytes(b"x")
        os.utime(copies / name, (at, at))
    found = find_leftovers(open_workspace(root))
    remove(found)
    assert ".yuanjiao/desk/copies/old.mp4" in [one.name for one in found.found]
    assert sorted(path.name for path in copies.iterdir()) == ["new.mp4", "old.txt"]
