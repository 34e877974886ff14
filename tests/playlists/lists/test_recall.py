"""What may not be shown any more leaves the lists and the USB folders that were built before."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from courseware.lessons.workspace import open_workspace
from playlists.lists.recall import refused_problems, withdraw_lists
from tests.playlists.factories import lesson, write_workspace
from tests.playlists.test_commands import run

TITLE = lesson(2).title


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lists and a USB folder of a week, of which a lesson was rejected after they had been built."""
    root = write_workspace(tmp_path_factory.mktemp("county"))
    with (root / "yuanjiao.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[review]\nrequired = true\nsteps = ["终审"]\n')
    for command in (
        "review submit --by 王芳",
        "review approve --all --by 李主任",
        "schedule plan --week 2026-W48",
        "playlist build square-01 --week 2026-W48",
        "playlist build square-01 --week 2026-W48 --usb --format m3u8 --format xlsx",
    ):
        done = run(root, *command.split())
        assert done.exit_code == 0, done.output
    return root


def stick_of(root: Path) -> Path:
    return next((root / "playlists").glob("**/USB_*"))


def rejected(county: Path, root: Path) -> tuple[Path, str]:
    """A copy in which a lesson was rejected, and what that printed."""
    shutil.copytree(county, root)
    return root, run(root, "review", "reject", "lesson-002", "--by", "李主任", "--reason", "旧政策").output


def holding(root: Path) -> list[str]:
    """The lists for players that name the lesson."""
    found = (path for path in (root / "playlists").glob("**/*.m3u8") if TITLE in path.read_text(encoding="utf-8"))
    return sorted(path.relative_to(root).as_posix() for path in found)


def test_a_rejection_names_the_lists_and_the_usb_folder_that_hold_the_lesson(county: Path, tmp_path: Path) -> None:
    root, told = rejected(county, tmp_path / "a")
    assert {path.split("/")[1] for path in holding(root)} == {"square-01", stick_of(root).name}
    for path in holding(root):
        assert f"lesson-002: {path}: is in it; build it again" in told


def test_the_check_names_them_until_they_are_built_again(county: Path, tmp_path: Path) -> None:
    assert list(refused_problems(open_workspace(county))) == []
    root, _ = rejected(county, tmp_path / "a")
    told = run(root, "check", "--all").output
    for path in holding(root):
        assert f"{path}: holds what may no longer be shown ({TITLE}); build it again" in told
    for command in ("schedule plan", "playlist build square-01", "playlist build square-01 --usb"):
        done = run(root, *command.split(), "--week", "2026-W48")
        assert done.exit_code == 0, done.output
    assert "may no longer be shown" not in run(root, "check", "--all").output
    assert not [path for path in stick_of(root).iterdir() if TITLE in path.name]


def test_publishing_takes_it_out_of_a_usb_folder_so_that_no_television_plays_it(county: Path, tmp_path: Path) -> None:
    root, _ = rejected(county, tmp_path / "a")
    stick = stick_of(root)
    before = {path.name for path in stick.glob("*.mp4")}
    gone = withdraw_lists(open_workspace(root))
    (video,) = before - {path.name for path in stick.glob("*.mp4")}
    assert TITLE in video
    assert stick / video in gone
    assert holding(root) == []
    assert withdraw_lists(open_workspace(root)) == ()
