from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from courseware.errors import InputError, StorageError
from courseware.files import sha256
from playlists.lists.copying import LARGEST_BYTES
from playlists.lists.lists import Bundle
from playlists.lists.rundown import Airing, Rundown
from playlists.lists.usb import Item, number_items, write_folder
from playlists.lists.writing import write_lists


def item(folder: Path, name: str, title: str = "课件", content: bytes = b"video") -> Item:
    source = folder / f"{name}.mp4"
    source.write_bytes(content)
    return Item(name, title, 30, source, len(content), sha256(source))


def rundown(name: str, title: str) -> Rundown:
    return Rundown(name, title, (Airing("课件", 30, lesson="a"),))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_each_lesson_is_numbered_once_by_its_first_showing(tmp_path: Path) -> None:
    one, other = item(tmp_path, "a", "如何配制: 波尔多液?"), item(tmp_path, "b", "防溺水")
    numbered = number_items([other, one, other, one, one])
    assert [name for name, _ in numbered] == ["001_防溺水.mp4", "002_如何配制： 波尔多液？.mp4"]


def test_names_fit_fat32_however_long_the_title(tmp_path: Path) -> None:
    some = [item(tmp_path, f"n{number}", "🌾" * 60) for number in range(2)]
    assert all(len(name.encode("utf-16-le")) // 2 <= 255 for name, _ in number_items(some))


def test_a_thousand_lessons_still_sort_by_name(tmp_path: Path) -> None:
    one = item(tmp_path, "a")
    numbered = [name for name, _ in number_items([one._replace(lesson=f"l{n}") for n in range(1001)])]
    assert numbered == sorted(numbered)


def test_a_file_too_large_for_fat32_is_refused(tmp_path: Path) -> None:
    large = item(tmp_path, "a")._replace(size=LARGEST_BYTES + 1)
    with pytest.raises(InputError, match="4 GiB"):
        number_items([large])


def test_the_folder_holds_the_videos_and_the_lists(tmp_path: Path) -> None:
    files = number_items([item(tmp_path, "a"), item(tmp_path, "b", content=b"other")])
    told: list[int] = []
    write_folder(tmp_path / "out" / "USB", files, {"x.m3u8": b"#EXTM3U\n"}, told.append)
    assert names(tmp_path / "out") == ["USB"]
    assert names(tmp_path / "out" / "USB") == ["001_课件.mp4", "002_课件.mp4", "x.m3u8"]
    assert told == [5, 5]


def test_what_is_done_to_the_stick_is_not_done_to_the_rendition(tmp_path: Path) -> None:
    write_folder(tmp_path / "USB", number_items([item(tmp_path, "a")]), {})
    with (tmp_path / "USB" / "001_课件.mp4").open("r+b") as stream:
        stream.write(b"trimmed")
    assert (tmp_path / "a.mp4").read_bytes() == b"video"


def test_a_damaged_file_leaves_the_earlier_folder_as_it_was(tmp_path: Path) -> None:
    good, target = item(tmp_path, "a"), tmp_path / "USB"
    write_folder(target, number_items([good]), {})
    with pytest.raises(StorageError, match="not as it was made"):
        write_folder(target, number_items([good, item(tmp_path, "b")._replace(sha256="0" * 64)]), {})
    assert names(target) == ["001_课件.mp4"]
    assert names(tmp_path) == ["USB", "a.mp4", "b.mp4"]


def test_a_rebuild_replaces_the_folder_as_a_whole(tmp_path: Path) -> None:
    target = tmp_path / "USB"
    write_folder(
        target, number_items([item(tmp_path, "a", "旧"), item(tmp_path, "b", "也旧")]), {"old.m3u8": b"#EXTM3U\n"}
    )
    write_folder(target, number_items([item(tmp_path, "c", "新")]), {})
    assert names(target) == ["001_新.mp4"]
    assert names(tmp_path) == ["USB", "a.mp4", "b.mp4", "c.mp4"]


def test_what_systems_leave_in_the_folder_does_not_stop_a_rebuild(tmp_path: Path) -> None:
    target = tmp_path / "USB"
    write_folder(target, number_items([item(tmp_path, "a", "旧")]), {})
    for name in ("._001_旧.mp4", ".DS_Store", "Thumbs.db", "desktop.ini"):
        (target / name).write_text("")
    for name in ("System Volume Information", "$RECYCLE.BIN", ".Spotlight-V100", ".Trashes", ".fseventsd"):
        (target / name).mkdir()
        (target / name / "x").write_text("")
    write_folder(target, number_items([item(tmp_path, "b", "新")]), {})
    assert names(target) == ["001_新.mp4"]


def test_when_the_last_rename_fails_the_old_folder_is_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "USB"
    write_folder(target, number_items([item(tmp_path, "a", "旧")]), {})
    rename = Path.rename

    def fail(self: Path, to: Path) -> Path:
        if self.name.startswith(".part-"):
            raise PermissionError(13, "in use")
        return rename(self, to)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(PermissionError):
        write_folder(target, number_items([item(tmp_path, "b", "新")]), {})
    assert names(target) == ["001_旧.mp4"]
    assert names(tmp_path) == ["USB", "a.mp4", "b.mp4"]


def test_a_folder_with_anything_of_a_person_in_it_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "USB").mkdir()
    (tmp_path / "USB" / "工作总结.docx").write_bytes(b"x")
    with pytest.raises(StorageError, match="工作总结"):
        write_folder(tmp_path / "USB", number_items([item(tmp_path, "a")]), {})
    assert names(tmp_path / "USB") == ["工作总结.docx"]


def test_a_stick_with_too_little_room_is_refused_before_copying(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=10**6))
    with pytest.raises(StorageError, match="MB are needed"):
        write_folder(tmp_path / "USB", number_items([item(tmp_path, "a")]), {})
    assert names(tmp_path) == ["a.mp4"]


def test_a_list_is_never_written_over_a_video(tmp_path: Path) -> None:
    one = item(tmp_path, "a")
    listed = tmp_path / "week.m3u8"
    listed.hardlink_to(one.source)
    with pytest.raises(InputError, match="would be written over"):
        write_lists(Bundle("week", {"window": (rundown("week", "周"),)}, {"a": one}), tmp_path, tmp_path)
    assert listed.read_bytes() == b"video"


def test_a_list_that_a_person_changed_is_kept_beside_and_never_removed(tmp_path: Path) -> None:
    one, out = item(tmp_path, "a"), tmp_path / "out"
    dates = [date(2026, 11, 23 + number) for number in range(4)]
    every = tuple(rundown(str(day), f"文化广场 {day} 周一 19:00") for day in dates)
    bundle = Bundle("week", {"window": every}, {"a": one}, folder="square", days=frozenset(dates))
    (monday, tuesday, wednesday, thursday), kept = write_lists(bundle, out, tmp_path)
    assert kept == ()
    for path in (monday, wednesday):
        path.write_text(path.read_text(encoding="utf-8") + "# by hand\n", encoding="utf-8")
    edited = monday.read_text(encoding="utf-8")
    (told,) = write_lists(replace(bundle, rundowns={"window": every[:2]}), out, tmp_path)[1]
    assert told.render(str).startswith("out/square/2026-11-23.m3u8: was changed by hand; what stood in it is kept as")
    assert monday.with_name(f"{monday.name}.bak").read_text(encoding="utf-8") == edited
    assert [path.is_file() for path in (monday, tuesday, wednesday, thursday)] == [True, True, True, False]
