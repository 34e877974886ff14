import csv
import errno
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from click.testing import CliRunner

from courseware.errors import InputError, StorageError
from courseware.lessons.lesson import load_lesson
from courseware.lessons.settings import load_settings
from courseware.lessons.workspace import load_catalogue, open_workspace
from courseware.storage.locks import lock_workspace
from courseware.terminal.console import Console
from playlists.overview.commands import init
from templates.start import skeleton
from templates.start.skeleton import FILES, PLACEHOLDER, SKELETON_DIR, make_workspace, plan_skeleton
from tests.rush import rush


def snapshot(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_new_workspace_is_valid_and_empty(tmp_path: Path) -> None:
    written = make_workspace(tmp_path / "新" / "汉阴", "汉阴县")
    assert {path.as_posix() for path in written} == set(FILES.values())
    workspace = open_workspace(tmp_path / "新" / "汉阴")
    assert workspace.settings.office.county == "汉阴县"
    assert workspace.settings.office.name == "汉阴县远程教育办公室"
    catalogue = load_catalogue(workspace)
    assert (catalogue.lessons, catalogue.problems) == ((), ())


def test_every_file_of_the_skeleton_is_written_and_no_other() -> None:
    assert set(FILES) == {
        path.relative_to(SKELETON_DIR).as_posix() for path in SKELETON_DIR.rglob("*") if path.is_file()
    }


def test_names_in_the_package_are_ascii_and_visible() -> None:
    assert all(name.isascii() and not name.startswith(".") for name in FILES)


def test_without_a_name_the_placeholder_stays_for_check_to_find() -> None:
    assert PLACEHOLDER in plan_skeleton()["yuanjiao.toml"].decode()
    assert PLACEHOLDER not in plan_skeleton("汉阴县")["yuanjiao.toml"].decode()


@pytest.mark.parametrize("name", ['"', "'; [office]", "{x}\\", "%s"])
def test_a_hostile_name_stays_text(tmp_path: Path, name: str) -> None:
    make_workspace(tmp_path / "a", name)
    assert load_settings(tmp_path / "a" / "yuanjiao.toml").office.county == name


@pytest.mark.parametrize("name", ["县" * 21, "a\nb", "a\x07"])
def test_a_name_that_cannot_be_printed_makes_nothing(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="--name"):
        make_workspace(tmp_path / "a", name)
    assert not (tmp_path / "a").exists()


def test_tables_open_in_excel_on_windows_with_their_chinese(tmp_path: Path) -> None:
    make_workspace(tmp_path)
    for name in ("venues.csv", "venues-示例.csv"):
        assert (tmp_path / name).read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader((tmp_path / "venues-示例.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert (tmp_path / "venues.csv").read_text(encoding="utf-8-sig").strip() == ",".join(rows[0])


def test_the_example_lesson_is_a_lesson_once_a_video_is_there(tmp_path: Path) -> None:
    make_workspace(tmp_path, "汉阴县")
    folder = (tmp_path / "courseware" / "_示例").rename(tmp_path / "courseware" / "A1")
    (folder / "a.mp4").write_bytes(b"x")
    settings = load_settings(tmp_path / "yuanjiao.toml")
    assert load_lesson(folder / "lesson.toml", settings).title == "水稻旱育秧技术"


@pytest.mark.parametrize("name", ["yuanjiao.toml", "courseware/_示例/lesson.toml"])
def test_what_is_commented_out_is_right_when_it_is_put_in(tmp_path: Path, name: str) -> None:
    content = plan_skeleton("汉阴县")[name].decode()
    commented = re.compile(r"^# (?=[a-z_]+ += |\[)", re.MULTILINE)
    assert commented.search(content)
    everything = commented.sub("", content)
    folder = tmp_path / "A1"
    folder.mkdir()
    for file in ("水稻旱育秧.mp4", "水稻旱育秧.srt", "果园.jpg", "背景音乐.mp3"):
        (folder / file).write_bytes(b"x")
    (tmp_path / "yuanjiao.toml").write_bytes(plan_skeleton("汉阴县")["yuanjiao.toml"])
    (folder / Path(name).name).write_text(everything, encoding="utf-8")
    if name == "yuanjiao.toml":
        settings = load_settings(folder / "yuanjiao.toml")
        assert settings.series[0].name == "本县好风光"
        assert settings.forms == ("访谈",)
        assert settings.render.screen("led-512x320").watermark == "某某远教"
    else:
        lesson = load_lesson(folder / "lesson.toml", load_settings(tmp_path / "yuanjiao.toml"))
        assert lesson.valid_until is not None
        assert lesson.picture_path == folder / "果园.jpg"


def test_a_workspace_is_never_made_twice(tmp_path: Path) -> None:
    make_workspace(tmp_path)
    (tmp_path / "venues.csv").write_text("mine")
    before = snapshot(tmp_path)
    with pytest.raises(InputError, match="is a workspace already; nothing was changed"):
        make_workspace(tmp_path)
    assert snapshot(tmp_path) == before


def make(process: int, turn: int, folder: Path) -> None:
    with suppress(InputError):
        make_workspace(folder / str(turn), f"第{process}县")


def test_of_two_workspaces_made_at_one_place_at_the_same_moment_one_is_made_whole(tmp_path: Path) -> None:
    rush(2, 3, make, tmp_path)
    alone = {*plan_skeleton()}
    for turn in range(3):
        assert {name for name in snapshot(tmp_path / str(turn)) if not name.startswith(".yuanjiao")} == alone


def test_who_waited_while_a_workspace_was_made_there_is_told_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def after_the_other(cache: Path) -> Iterator[None]:
        monkeypatch.setattr(skeleton, "lock_workspace", lock_workspace)
        make_workspace(cache.parent, "甲县")
        yield

    monkeypatch.setattr(skeleton, "lock_workspace", after_the_other)
    with pytest.raises(InputError, match="is a workspace already; nothing was changed"):
        make_workspace(tmp_path, "乙县")
    assert load_settings(tmp_path / "yuanjiao.toml").office.county == "甲县"


def test_files_in_the_way_are_named_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "venues.csv").write_text("mine")
    (tmp_path / "courseware").mkdir()
    with pytest.raises(InputError, match=r"already holds venues\.csv、courseware"):
        make_workspace(tmp_path)
    assert snapshot(tmp_path) == {"venues.csv": b"mine"}


def test_files_that_are_not_in_the_way_stay(tmp_path: Path) -> None:
    (tmp_path / "课件目录.xlsx").write_text("mine")
    (tmp_path / ".gitignore").write_text("mine")
    make_workspace(tmp_path)
    assert (tmp_path / "课件目录.xlsx").read_text() == "mine"
    assert (tmp_path / ".gitignore").read_text() == "mine"


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    with pytest.raises(InputError, match="is a file; name a folder"):
        make_workspace(tmp_path / "a")


@pytest.mark.parametrize("was_there", [True, False])
def test_a_disk_that_fails_half_way_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, was_there: bool
) -> None:
    target = tmp_path / "a"
    if was_there:
        target.mkdir()
        (target / "own.txt").write_text("mine")
    rename = Path.rename

    def fail_at_programmes(self: Path, new: Path) -> Path:
        if new.name == "programmes.toml":
            raise OSError(errno.ENOSPC, "the disk is full on device")
        return rename(self, new)

    monkeypatch.setattr(Path, "rename", fail_at_programmes)
    with pytest.raises(StorageError, match="the disk is full"):
        make_workspace(target)
    assert target.exists() is was_there
    assert snapshot(tmp_path) == ({"a/own.txt": b"mine"} if was_there else {})


def test_the_command_says_what_it_made(tmp_path: Path) -> None:
    console = Console("en", str)
    result = CliRunner().invoke(init, [str(tmp_path / "a"), "--name", "汉阴县"], obj=console)
    assert result.exit_code == 0
    assert "venues-示例.csv" in result.stdout
    assert "yuanjiao check" in result.stderr
    document = json.loads(CliRunner().invoke(init, [str(tmp_path / "b"), "--json"], obj=console).stdout)
    assert document["workspace"] == str((tmp_path / "b").resolve())
    assert "yuanjiao.toml" in document["files"]
