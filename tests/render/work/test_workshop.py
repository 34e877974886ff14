from __future__ import annotations

import os
import re
import shutil
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from courseware.errors import StorageError, ToolError
from courseware.lessons.profile import Canvas
from render.plan.ass import dump_ass
from render.plan.captions import caption_style
from render.work import workshop as module
from render.work.ffmpeg import Ffmpeg
from render.work.workshop import Workshop, check_room, lay, open_workshop, storage_errors

TOOL = Ffmpeg("ffmpeg", "embedded", "n9")


def test_the_fonts_lie_where_a_plain_relative_path_leads(tmp_path: Path) -> None:
    shop = open_workshop(TOOL, tmp_path / "缓存 [1]")
    with shop.work_folder() as work:
        fonts = list((work / ".." / "fonts").iterdir())
        assert fonts
        assert all(font.name.isascii() and font.stat().st_size for font in fonts)


def test_only_what_subtitles_are_burned_in_with_is_laid_for_ffmpeg_to_read(tmp_path: Path) -> None:
    fonts = open_workshop(TOOL, tmp_path).work_dir / "fonts"
    (fonts / "NotoSansSC-Regular.ttf").write_bytes(b"laid by an earlier version")
    open_workshop(TOOL, tmp_path)
    bold = re.search(r"^Style: Cue,.*,-1,", dump_ass((), caption_style(Canvas(96, 64), led=True)), re.MULTILINE)
    assert bold
    assert sorted(path.name for path in fonts.iterdir()) == ["NotoSans-Bold.ttf", "NotoSansSC-Bold.ttf"]


def test_a_work_folder_is_private_and_gone_whatever_happens(tmp_path: Path) -> None:
    shop = open_workshop(TOOL, tmp_path)
    with shop.work_folder() as one, shop.work_folder() as other:
        assert one != other
        (one / "o.mp4").write_bytes(b"half")
    with pytest.raises(ValueError, match="broken"), shop.work_folder() as third:
        raise ValueError("broken")
    assert not any(folder.exists() for folder in (one, other, third))


def test_opening_twice_changes_nothing(tmp_path: Path) -> None:
    def stamps() -> dict[str, int]:
        return {str(path): path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.suffix in {".ttf", ".otf"}}

    open_workshop(TOOL, tmp_path)
    before = stamps()
    assert before
    open_workshop(TOOL, tmp_path)
    assert stamps() == before


def test_what_a_killed_run_left_is_cleared_away_and_what_runs_is_not(tmp_path: Path) -> None:
    dead = tmp_path / "work" / ".part-999999999-x"
    alive = tmp_path / "work" / f".part-{os.getppid()}-y"
    for folder in (dead, alive):
        folder.mkdir(parents=True)
    open_workshop(TOOL, tmp_path)
    assert (dead.exists(), alive.exists()) == (False, True)


def test_a_cache_that_cannot_be_written_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file is in the way", encoding="utf-8")
    with pytest.raises(StorageError, match="cannot be written to"):
        open_workshop(TOOL, tmp_path / "cache")


def test_a_missing_font_is_told_before_anything_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "font_files", lambda: (tmp_path / "gone.otf",))
    with pytest.raises(ToolError, match=r"gone\.otf"):
        open_workshop(TOOL, tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


def test_a_disk_with_too_little_room_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=5_000_000))
    check_room(tmp_path, 5_000_000)
    with pytest.raises(StorageError, match="5 MB left, up to 60 MB are needed"):
        check_room(tmp_path, 60_000_000)


def test_the_refusals_of_the_disk_name_the_folder(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as raised, storage_errors(tmp_path):
        raise OSError(28, "No space left on device")
    assert raised.value.problems[0].where == str(tmp_path)


def test_a_file_is_laid_once_and_a_half_one_laid_anew(tmp_path: Path) -> None:
    source, target = tmp_path / "a", tmp_path / "b"
    source.write_bytes(b"whole")
    lay(source, target)
    before = target.stat().st_mtime_ns
    lay(source, target)
    assert (target.read_bytes(), target.stat().st_mtime_ns) == (b"whole", before)
    target.unlink()
    target.write_bytes(b"ha")
    lay(source, target)
    assert target.read_bytes() == b"whole"


def test_what_is_laid_is_a_file_of_its_own_and_damage_to_it_is_mended(tmp_path: Path) -> None:
    source, target = tmp_path / "a", tmp_path / "b"
    source.write_bytes(b"whole")
    lay(source, target)
    target.write_bytes(b"WHOLE")
    assert source.read_bytes() == b"whole"
    lay(source, target)
    assert target.read_bytes() == b"whole"


def test_a_name_always_has_the_same_lock_and_other_names_another(tmp_path: Path) -> None:
    shop = Workshop(TOOL, tmp_path)
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(shop.locks["a"])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(lock) for lock in found}) == 1
    assert shop.locks["b"] is not shop.locks["a"]
