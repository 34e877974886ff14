import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courseware.files import is_safe_id, replacing, safe_name, sha256, sweep, write_text

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
        scratch.write_text("whole")
    assert target.read_text() == "whole"


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


@pytest.fixture
def ended() -> int:
    """The number of a process that is no more."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
        return process.pid


@pytest.mark.skipif(os.name == "nt", reason="there, age alone tells")
def test_what_a_killed_process_left_is_swept_and_nothing_else(tmp_path: Path, ended: int) -> None:
    (tmp_path / f".part-{ended}-x").mkdir()
    (tmp_path / f".part-{ended}-x" / "deep").write_text("")
    (tmp_path / f".part-{ended}-a.mp4").write_text("")
    (tmp_path / f".old-{ended}-USB").mkdir()
    (tmp_path / f".part-{os.getpid()}-b.mp4").write_text("")
    kept = [f".part-{os.getppid()}-c.mp4", ".part-", ".part-x-y", f"part-{ended}-d.mp4", f".other-{ended}-e"]
    for name in kept:
        (tmp_path / name).write_text("")
    sweep(tmp_path, tmp_path / "not there")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(kept)


def test_what_nobody_touched_for_days_is_swept_whoever_has_its_number(tmp_path: Path) -> None:
    old = tmp_path / f".part-{os.getppid()}-a.mp4"
    old.write_text("")
    os.utime(old, (0, 0))
    sweep(tmp_path)
    assert not old.exists()
