import errno
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from courseware.files import (
    copy_file,
    is_plain,
    is_safe_id,
    leads_out,
    making_folder,
    replacing,
    safe_name,
    sha256,
    sweep,
    together,
    write_text,
)

LONG = "很长的课件名字" * 11 + "结尾.mp4"


def test_a_file_appears_only_when_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "new" / "a.txt"
    with replacing(target) as scratch:
        scratch.write_text("half")
        assert not target.exists()
        assert scratch.suffix == ".txt"
    assert target.read_text() == "half"
    assert [path.name for path in target.parent.iterdir()] == ["a.txt"]


def test_a_failure_keeps_the_old_file_and_leaves_no_scratch(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")

    def fail() -> None:
        with replacing(target) as scratch:
            scratch.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_name_as_long_as_the_disk_allows_can_be_replaced(tmp_path: Path) -> None:
    target = tmp_path / LONG
    with replacing(target) as scratch:
        assert scratch.suffix == ".mp4"
        assert "结尾" not in scratch.name
        scratch.write_text("whole")
    assert target.read_text() == "whole"


@pytest.mark.parametrize(("too_long", "stays"), [(0, True), (1, False)])
def test_a_scratch_file_keeps_the_name_as_long_as_the_disk_allows_it(
    tmp_path: Path, too_long: int, *, stays: bool
) -> None:
    room = 255 - len(f".part-{os.getpid()}-01234567-")
    target = tmp_path / ("a" * (room + too_long - 4) + ".mp4")
    with replacing(target) as scratch:
        scratch.write_text("whole")
        assert (target.stem in scratch.name) is stays
        assert len(scratch.name.encode()) <= 255


def test_text_is_written_with_line_feeds_and_without_bom(tmp_path: Path) -> None:
    write_text(tmp_path / "a.txt", "一\n二\n")
    assert (tmp_path / "a.txt").read_bytes() == "一\n二\n".encode()


def test_a_hash_is_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert sha256(tmp_path / "a") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("水稻：育秧", "水稻：育秧"),
        ('a/b\\c:d*e?"f<g>h|i', "a／b＼c：d＊e？＂f＜g＞h｜i"),
        ("增产 20%#1", "增产 20％＃1"),
        ("-o -x", "－o -x"),
        ("~a~", "～a~"),
        ("𠮷家😀", "_家_"),
        ("e\u0301", "é"),
        ("a\x85\x9bb", "ab"),
        ("CONIN$", "_CONIN$"),
        ("con", "_con"),
        ("COM1.txt", "_COM1.txt"),
        ("com¹", "_com¹"),
        ("con .mp4", "_con .mp4"),
        (" . 名字 . ", "名字"),
        ("", "_"),
        ("a\u202eb\u200bc", "abc"),
        ("一\n二", "一_二"),
    ],
)
def test_a_name_becomes_one_that_every_stick_takes(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text(max_size=300))
def test_a_safe_name_is_never_empty_nor_too_long_and_stays_itself(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe.encode()) <= 231
    assert not set('<>:"/\\|?*#%\0\n') & set(safe)
    assert safe.isascii() or max(safe) <= "\uffff"
    assert safe_name(safe) == safe


@pytest.mark.parametrize("name", ["AK001", "水稻育秧", "a-b_c", "1"])
def test_letters_of_any_script_may_name_a_lesson(name: str) -> None:
    assert is_safe_id(name)


@pytest.mark.parametrize("name", ["", "-a", "a b", "a/b", "..", ".hidden", "NUL", "a.b", "a\n", "好" * 65, "𠮷" * 64])
def test_what_no_folder_may_be_called_names_no_lesson(name: str) -> None:
    assert not is_safe_id(name)


def test_an_error_names_the_file_that_was_to_be_written(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    with pytest.raises(OSError, match="No space left") as caught, replacing(target):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert caught.value.filename == str(target)


def test_a_disk_that_takes_nothing_names_the_file_and_not_its_scratch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, *_: object, **_options: object) -> None:
        raise OSError(errno.EROFS, "read-only", str(path))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(OSError, match="read-only") as caught, replacing(tmp_path / "a.wav") as scratch:
        scratch.write_bytes(b"")
    assert caught.value.filename == str(tmp_path / "a.wav")


@pytest.fixture
def ended() -> int:
    """The number of a process that is no more."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
        return process.pid


def test_what_a_killed_process_left_is_swept_and_nothing_else(tmp_path: Path, ended: int) -> None:
    began = psutil.Process().create_time()
    (tmp_path / f".part-{ended}-x").mkdir()
    (tmp_path / f".part-{ended}-x" / "deep").write_text("")
    (tmp_path / f".part-{ended}-a.mp4").write_text("")
    (tmp_path / f".old-{ended}-USB").mkdir()
    (tmp_path / f".part-{os.getpid()}-b.mp4").write_text("by a process of that number, before this one began")
    os.utime(tmp_path / f".part-{os.getpid()}-b.mp4", (began - 60, began - 60))
    ours = [f".part-{os.getppid()}-c.mp4", f".part-{os.getpid()}-another-thread"]
    kept = [*ours, ".part-", ".part-x-y", f"part-{ended}-d.mp4", f".other-{ended}-e"]
    for name in kept:
        (tmp_path / name).write_text("")
    sweep(tmp_path, tmp_path / "not there")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(kept)


@pytest.mark.parametrize(("hours", "stays"), [(23, True), (25, False)])
def test_what_nobody_touched_for_a_day_is_swept_whoever_has_its_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hours: int, *, stays: bool
) -> None:
    monkeypatch.setattr("psutil.Process", lambda _number: SimpleNamespace(create_time=lambda: 0))
    old = tmp_path / f".part-{os.getppid()}-a.mp4"
    old.write_text("")
    touched = time.time() - hours * 3600
    os.utime(old, (touched, touched))
    sweep(tmp_path)
    assert old.exists() is stays


class Traced:
    """Notes what is flushed and renamed, in order."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
        self.events: list[str] = []
        replace, fsync = Path.replace, os.fsync

        def note_rename(path: Path, target: Path) -> Path:
            self.events.append(f"{target.name} has its name")
            return replace(path, target)

        def note_flush(number: int) -> None:
            status = os.fstat(number)
            names = {path.stat().st_ino: path.name for path in (home, *home.iterdir())}
            name = "folder" if names[status.st_ino] == home.name else names[status.st_ino].rpartition("-")[2]
            self.events.append(f"{name} is on the disk")
            fsync(number)

        monkeypatch.setattr(Path, "replace", note_rename)
        monkeypatch.setattr(os, "fsync", note_flush)
        monkeypatch.setattr(os, "sync", lambda: self.events.append("all is on the disk"))


@pytest.mark.skipif(os.name == "nt", reason="there, folders are not flushed")
def test_the_bytes_are_on_the_disk_before_the_name_is_and_the_name_when_it_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    traced = Traced(monkeypatch, tmp_path)
    write_text(tmp_path / "a.txt", "whole")
    assert traced.events == ["a.txt is on the disk", "a.txt has its name", "folder is on the disk"]


@pytest.mark.skipif(not hasattr(os, "sync"), reason="there, each is flushed by itself")
def test_many_files_are_flushed_together_and_what_comes_after_them_by_itself_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    traced = Traced(monkeypatch, tmp_path)
    with together():
        write_text(tmp_path / "a.txt", "1")
        write_text(tmp_path / "b.txt", "2")
    assert traced.events == ["a.txt has its name", "b.txt has its name", "all is on the disk"]
    write_text(tmp_path / "c.txt", "3")
    assert traced.events[3:] == ["c.txt is on the disk", "c.txt has its name", "folder is on the disk"]


def test_where_nothing_flushes_everything_each_of_many_files_is_flushed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    traced = Traced(monkeypatch, tmp_path)
    monkeypatch.delattr(os, "sync")
    with together():
        write_text(tmp_path / "a.txt", "1")
        write_text(tmp_path / "b.txt", "2")
    assert traced.events[2:] == ["a.txt is on the disk", "b.txt is on the disk"]


def test_what_is_found_out_again_in_a_moment_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    traced = Traced(monkeypatch, tmp_path)
    write_text(tmp_path / "a.txt", "1", lasting=False)
    assert traced.events == ["a.txt has its name"]


def test_threads_of_one_process_never_share_a_scratch_file(tmp_path: Path) -> None:
    target, threads = tmp_path / "a.txt", 4
    begun = threading.Barrier(threads)

    def write(content: str) -> None:
        with replacing(target) as scratch:
            begun.wait(30)
            assert not scratch.exists()
            scratch.write_text(content)
            begun.wait(30)
            assert scratch.read_text() == content

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(write, "abcd"))
    assert target.read_text() in set("abcd")
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("over", [True, False])
def test_a_folder_appears_only_when_it_is_whole(tmp_path: Path, *, over: bool) -> None:
    target = tmp_path / "new" / "lesson"
    with making_folder(target, over=over) as scratch:
        write_text(scratch / "a.txt", "whole")
        assert not target.exists()
    assert (target / "a.txt").read_text() == "whole"
    assert [path.name for path in target.parent.iterdir()] == ["lesson"]


def test_a_folder_takes_the_place_of_another_only_when_it_is_to(tmp_path: Path) -> None:
    target = tmp_path / "USB"
    write_text(target / "old.txt", "old")
    with pytest.raises(OSError, match=r"."), making_folder(target) as scratch:
        write_text(scratch / "a.txt", "new")
    assert [path.name for path in target.iterdir()] == ["old.txt"]
    with making_folder(target, over=True) as scratch:
        write_text(scratch / "a.txt", "new")
    assert [path.name for path in target.iterdir()] == ["a.txt"]
    assert [path.name for path in tmp_path.iterdir()] == ["USB"]


@pytest.mark.parametrize("shares", [True, False])
def test_a_copy_is_a_file_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, shares: bool) -> None:
    def share(target: int, request: int, source: int) -> int:
        assert request == 0x40049409
        if not shares:
            raise OSError(95, "Operation not supported")
        return os.write(target, os.read(source, 100))

    monkeypatch.setattr("fcntl.ioctl", share)
    (tmp_path / "a").write_bytes(b"video")
    copy_file(tmp_path / "a", tmp_path / "b")
    (tmp_path / "b").write_bytes(b"edited on the stick")
    assert (tmp_path / "a").read_bytes() == b"video"
    assert (tmp_path / "a").stat().st_nlink == 1


def test_names_are_cut_where_players_and_sticks_end_them() -> None:
    assert safe_name("a" * 100) == "a" * 80
    # A number before it and a suffix behind it make at most 255 bytes.
    assert safe_name("剪" * 100, limit=100) == "剪" * 76
    assert safe_name("果\uffee") == "果\uffee"


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a\\b", "c:a", "a\0"])
def test_what_leads_elsewhere_is_no_plain_name(name: str) -> None:
    assert is_plain(name) is False
    assert is_plain("冬剪.mp4") is True


def test_a_way_out_is_seen_through_links(tmp_path: Path) -> None:
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    for folder in (home, elsewhere):
        folder.mkdir()
    (home / "link").symlink_to(elsewhere)
    assert [leads_out(home / name, home) for name in ("a.mp4", "b/../a.mp4", "../elsewhere/a.mp4", "link/a.mp4")] == [
        False,
        False,
        True,
        True,
    ]
