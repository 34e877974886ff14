import errno
import os
import shutil
import sys
from collections import namedtuple
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from courseware.errors import InputError, StorageError
from playlists.kits import room, writing
from playlists.kits.delta import Since, dump_since
from playlists.kits.keys import OfficeKey
from playlists.kits.writing import Contents, write_kit
from tests.playlists.kits.sticks import contents, new_plan, office, old_plan, verified
from tests.playlists.kits.weeks import content_of

Usage = namedtuple("Usage", "total used free")  # noqa: PYI024  (what shutil returns)
KILLED = 77


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes are killed here, not computers: what was written need not be waited for."""
    monkeypatch.setattr(os, "fsync", lambda _handle: None)


@pytest.fixture
def key(tmp_path: Path) -> OfficeKey:
    return office(tmp_path)


@pytest.fixture
def old(tmp_path: Path, key: OfficeKey) -> Contents:
    return contents(old_plan(), tmp_path / "videos", key)


@pytest.fixture
def new(tmp_path: Path, key: OfficeKey) -> Contents:
    return contents(new_plan(), tmp_path / "videos", key)


@pytest.fixture
def stick(tmp_path: Path, key: OfficeKey, old: Contents) -> Path:
    """A stick with revision 3."""
    write_kit(tmp_path / "stick" / "远教", old, key)
    return tmp_path / "stick"


def names(stick: Path) -> set[str]:
    return {path.relative_to(stick / "远教").as_posix() for path in (stick / "远教").rglob("*") if path.is_file()}


def revision(stick: Path, key: OfficeKey) -> int | None:
    """Of the kit there, if a player may take it."""
    found = verified(stick, key)
    return found.plan.revision if found.is_good and found.plan else None


def test_a_kit_is_written_whole_and_signed(stick: Path, key: OfficeKey, old: Contents) -> None:
    found = verified(stick, key)
    assert found.is_good
    assert found.signer == key.public
    assert names(stick) == {*old.sums, "SHA256SUMS", "SHA256SUMS.sig", "SHA256SUMS.p256"}
    assert found.files == len(old.sums)
    assert (stick / "远教" / "asrun").is_dir()


def test_a_newer_kit_takes_the_place_of_the_older_and_copies_only_what_is_new(
    stick: Path, key: OfficeKey, new: Contents
) -> None:
    (stick / "远教" / "asrun" / "square-01_pc_1.jsonl").write_text("{}\n")
    written = write_kit(stick / "远教", new, key)
    assert written.copied_bytes == len(content_of(2))
    assert revision(stick, key) == 4
    assert "asrun/square-01_pc_1.jsonl" in names(stick)
    assert names(stick) - {"asrun/square-01_pc_1.jsonl"} == {
        *new.sums,
        "SHA256SUMS",
        "SHA256SUMS.sig",
        "SHA256SUMS.p256",
    }


def test_building_twice_writes_nothing_anew(stick: Path, key: OfficeKey, old: Contents) -> None:
    before = {path: path.stat().st_ino for path in (stick / "远教").rglob("*") if path.name not in _seals()}
    write_kit(stick / "远教", old, key)
    assert {path: path.stat().st_ino for path in before} == before


def _seals() -> set[str]:
    return {"SHA256SUMS", "SHA256SUMS.sig", "SHA256SUMS.p256"}


def test_a_damaged_video_on_the_stick_is_copied_again(stick: Path, key: OfficeKey, old: Contents) -> None:
    video = next((stick / "远教" / "media").iterdir())
    video.write_bytes(b"x" + video.read_bytes()[1:])
    assert not verified(stick, key).is_good
    write_kit(stick / "远教", old, key)
    assert verified(stick, key).is_good


def test_files_of_others_stay_and_are_named(stick: Path, key: OfficeKey, new: Contents) -> None:
    (stick / "照片.jpg").write_bytes(b"mine")
    (stick / "远教" / "我的.doc").write_bytes(b"mine")
    assert write_kit(stick / "远教", new, key).foreign == ("我的.doc",)
    assert (stick / "照片.jpg").is_file()
    assert [one.where for one in verified(stick, key).problems] == ["我的.doc"]


def test_what_systems_leave_on_sticks_is_no_fault(stick: Path, key: OfficeKey) -> None:
    for name in ("._plan.json", ".DS_Store", "Thumbs.db"):
        (stick / "远教" / name).write_bytes(b"x")
    assert verified(stick, key).is_good


@pytest.mark.long
@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are killed by a fork's end")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
@pytest.mark.parametrize(("full", "tight"), [(True, False), (True, True), (False, False)])
def test_whenever_it_is_killed_the_stick_never_verifies_as_good_and_is_not(
    tmp_path: Path, stick: Path, key: OfficeKey, new: Contents, *, full: bool, tight: bool
) -> None:
    found, moment, killed = set[int | None](), 0, True
    while killed:
        moment += 1
        copy = tmp_path / "copy"
        shutil.copytree(stick if full else stick.parent / "keys", copy)
        killed = _killed_at(moment, copy, key, new, tight=tight)
        found.add(revision(copy, key))
        write_kit(copy / "远教", new, key)
        assert revision(copy, key) == 4
        shutil.rmtree(copy)
    assert found == ({3, None, 4} if full else {None, 4})
    assert moment > 30


def _killed_at(moment: int, stick: Path, key: OfficeKey, new: Contents, *, tight: bool) -> bool:
    """Write a kit in a process that dies at its nth change of the disk; False when it was done before."""
    child = os.fork()
    if child == 0:
        left = moment

        def count(event: str, given: tuple[Any, ...]) -> None:
            nonlocal left
            changes = event in {"os.rename", "os.remove", "os.mkdir"}
            if changes or (event == "open" and int(given[2] or 0) & (os.O_WRONLY | os.O_RDWR)):
                left -= 1
                if not left:
                    os._exit(KILLED)

        sys.addaudithook(count)
        with pytest.MonkeyPatch.context() as patch:
            # Where there is no room, the old kit's own videos go first.
            patch.setattr(writing, "refuse_full", lambda *_asked: tight)
            write_kit(stick / "远教", new, key)
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == KILLED


@pytest.mark.parametrize(
    ("number", "full"), [(errno.ENOSPC, True), (errno.EROFS, True), (errno.EIO, True), (errno.ENOSPC, False)]
)
def test_a_stick_that_fills_up_or_fails_leaves_the_old_kit_or_none(
    number: int, stick: Path, key: OfficeKey, new: Contents, *, full: bool
) -> None:
    moments = 0
    while True:
        copy = stick.parent / f"copy{moments}"
        shutil.copytree(stick if full else stick.parent / "keys", copy)
        if not _failed_at(moments, number, copy, key, new):
            break
        assert revision(copy, key) in {3, 4, None}
        write_kit(copy / "远教", new, key)
        assert revision(copy, key) == 4
        moments += 1
    assert moments > 12


def _failed_at(moment: int, number: int, stick: Path, key: OfficeKey, new: Contents) -> bool:
    """Write a kit whose nth flush fails; False when it was done before."""
    fsync, left = os.fsync, moment

    def fail(handle: int) -> None:
        nonlocal left
        left -= 1
        if left == -1:
            raise OSError(number, os.strerror(number))
        fsync(handle)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        # A folder that cannot be flushed is passed over: some systems cannot do that.
        with suppress(OSError):
            write_kit(stick / "远教", new, key)
    return left < 0


def test_a_read_only_stick_is_told(
    stick: Path, key: OfficeKey, new: Contents, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, *_given: Any, **_more: Any) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(OSError, match="Read-only"):
        write_kit(stick / "远教", new, key)
    monkeypatch.undo()
    assert revision(stick, key) == 3


def test_a_stick_too_small_is_told_before_anything_is_written(
    tmp_path: Path, stick: Path, key: OfficeKey, new: Contents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room.shutil, "disk_usage", lambda _path: Usage(10, 10, 1_000_000))  # type: ignore[attr-defined]
    with pytest.raises(StorageError, match="3 MB are needed and 1 MB are free"):
        write_kit(stick / "远教", new, key)
    assert revision(stick, key) == 3
    with pytest.raises(StorageError):
        write_kit(tmp_path / "empty" / "远教", new, key)
    assert not (tmp_path / "empty").exists()


def test_only_what_is_lacking_needs_room(
    stick: Path, key: OfficeKey, old: Contents, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr("playlists.kits.writing.refuse_full", lambda _target, needed, _useless: asked.append(needed))
    write_kit(stick / "远教", old, key)
    write_kit(stick.parent / "other" / "远教", old, key)
    assert asked[1] - asked[0] == sum(one.size for one in old.videos.values())


def test_a_video_of_four_gibibytes_is_told(tmp_path: Path, key: OfficeKey, old: Contents) -> None:
    path, video = next(iter(old.videos.items()))
    large = Contents({path: type(video)(video.source, 2**32, video.sha256)}, old.papers)
    with pytest.raises(InputError, match="4 GiB"):
        write_kit(tmp_path / "stick" / "远教", large, key)


def test_a_file_in_the_kits_place_is_told(tmp_path: Path, key: OfficeKey, old: Contents) -> None:
    (tmp_path / "远教").write_bytes(b"mine")
    with pytest.raises(StorageError, match="something else lies here"):
        write_kit(tmp_path / "远教", old, key)


def test_a_rendition_that_changed_meanwhile_is_not_taken(tmp_path: Path, key: OfficeKey, old: Contents) -> None:
    next(iter(old.videos.values())).source.write_bytes(b"another")
    with pytest.raises(StorageError, match="not as it was made"):
        write_kit(tmp_path / "stick" / "远教", old, key)
    assert not verified(tmp_path / "stick", key).is_good


def test_nothing_on_the_stick_is_a_link_to_the_workspace(stick: Path) -> None:
    assert {path.stat().st_nlink for path in (stick / "远教").rglob("*") if path.is_file()} == {1}


def test_a_delta_leaves_out_what_the_venue_has_and_says_so(tmp_path: Path, key: OfficeKey, new: Contents) -> None:
    there = min(new.videos)
    since = Since(kit="square-01_2026-W49_r3", media=(Path(there).stem,))
    delta = Contents(new.videos, {**new.papers, "since.json": dump_since(since)}, frozenset({there}))
    write_kit(tmp_path / "stick" / "远教", delta, key)
    found = verified(tmp_path / "stick", key)
    assert found.is_good
    assert "holds only what is new since square-01_2026-W49_r3" in str(found.notes[1].what)
    assert there not in names(tmp_path / "stick")
    assert {path.name for path in (tmp_path / "stick" / "远教" / "media").iterdir()} == {
        Path(path).name for path in new.videos if path != there
    }
