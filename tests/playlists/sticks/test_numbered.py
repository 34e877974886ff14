"""Numbered folders for televisions."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest

from courseware.errors import InputError, StorageError
from courseware.files import copy_file
from courseware.lessons.settings import Office
from playlists.kits.writing import Video
from playlists.schedules.schedule import Day, Window
from playlists.sticks.numbered import file_sheet, plan_folders, write_folders
from templates.pages.sheet import sheet_pdf
from tests.playlists.kits.weeks import content_of, slot, week

OFFICE = Office(name="测试县远教办", county="测试县")


@pytest.fixture
def videos(tmp_path: Path) -> dict[str, Video]:
    found = {}
    for number in range(3):
        path, content = tmp_path / f"lesson{number}.mp4", content_of(number)
        path.write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        found[digest] = Video(path, len(content), digest)
    return found


def test_each_window_has_a_folder_with_its_showings_in_order_and_events_have_no_file() -> None:
    (folder,) = plan_folders(week().days)
    assert folder.name == "2026-11-30_1830"
    assert [(one.name, one.slot.title) for one in folder.slots] == [
        ("01.mp4", "课件0"),
        ("02.mp4", "课件1"),
        ("03.mp4", "课件2"),
        ("", "农家夜话：玉米怎么收"),
        ("04.mp4", "课件0"),
    ]


def test_numbers_of_a_long_evening_sort_as_names_too() -> None:
    day = week().days[0]
    start = day.windows[0].start
    slots = tuple(slot(start + timedelta(seconds=31 * number), 0) for number in range(120))
    (folder,) = plan_folders((Day(date=day.date, windows=day.windows, slots=slots),))
    names = [one.name for one in folder.slots]
    assert names == sorted(names)
    assert (names[0], names[-1]) == ("001.mp4", "120.mp4")


def test_a_window_in_which_only_people_speak_has_no_folder() -> None:
    day = week().days[0]
    talk = day.slots[3]
    window = Window(start=talk.start, end=talk.start + timedelta(minutes=10))
    assert plan_folders((Day(date=day.date, windows=(window,), slots=(talk,)),)) == ()


def test_files_are_written_in_the_order_of_their_numbers_under_their_own_names(
    tmp_path: Path, videos: dict[str, Video], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def remember(source: Path, target: Path) -> None:
        made.append(target.name)
        copy_file(source, target)

    monkeypatch.setattr("playlists.lists.copying.copy_file", remember)
    target = tmp_path / "stick" / "TV"
    write_folders(target, plan_folders(week().days), videos, b"sheet")
    assert made == ["01.mp4", "02.mp4", "03.mp4", "04.mp4"]
    folder = target / "2026-11-30_1830"
    assert (folder / "04.mp4").read_bytes() == (folder / "01.mp4").read_bytes() == content_of(0)
    assert (target / "时段—文件.pdf").read_bytes() == b"sheet"


def test_it_is_made_anew_and_other_peoples_files_are_not_replaced(tmp_path: Path, videos: dict[str, Video]) -> None:
    target = tmp_path / "TV"
    for _ in range(2):
        write_folders(target, plan_folders(week().days), videos, b"sheet")
    (target / "照片").mkdir()
    with pytest.raises(StorageError, match="照片"):
        write_folders(target, plan_folders(week().days), videos, b"sheet")
    assert (target / "照片").is_dir()


def test_a_file_too_large_for_fat32_is_told_before_anything_is_written(
    tmp_path: Path, videos: dict[str, Video]
) -> None:
    large = {digest: Video(one.source, 2**32, digest) for digest, one in videos.items()}
    with pytest.raises(InputError, match="4 GiB"):
        write_folders(tmp_path / "TV", plan_folders(week().days), large, b"sheet")
    assert not (tmp_path / "TV").exists()


def test_the_sheet_says_which_file_is_meant_for_which_second() -> None:
    schedule = week()
    sheet = file_sheet(schedule, plan_folders(schedule.days), OFFICE)
    (window,) = sheet.windows
    assert window.label == "11月30日 星期一 18:30–20:30"
    assert [(row.time, row.file) for row in window.rows][1:4] == [
        ("18:30:31", "02"),
        ("18:31:08", "03"),
        ("19:00:00", ""),
    ]
    assert sheet_pdf(sheet).startswith(b"%PDF")
