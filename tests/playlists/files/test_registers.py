"""What spreadsheets make of dates, times and numbers is read alike in every sheet."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from playlists.files.centres import load_centres
from playlists.files.lecturers import load_lecturers, load_lectures

DATES = ["2026-12-02", "2026/12/2", "2026年12月2日", "2026.12.2", "２０２６／１２／２"]
DAY = date(2026, 12, 2)


def write(folder: Path, name: str, *rows: str) -> Path:
    path = folder / name
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("said", DATES)
def test_lectures_and_trainings_keep_their_day_when_a_spreadsheet_saved_them(tmp_path: Path, said: str) -> None:
    sheet = write(tmp_path, "lectures.csv", "场所,日期,时间,宣讲员,宣讲内容", f"sq1,{said},19:30:00,王芳,讲技术")
    (lecture,), problems = load_lectures(sheet)
    assert (lecture.date, lecture.at, problems) == (DAY, "19:30", ())
    write(
        tmp_path,
        "trainings.csv",
        "课程,批次,中心,教室,日期,时间,分钟,人数",
        f"c,１,ct1,大,{said},9:00:00,１８０,６０人",
    )
    write(tmp_path, "courses.csv", "编号,名称,人数,起,止,天数", f'c,果树,"1,200",{said},{said},1.0')
    write(tmp_path, "rooms.csv", "中心,教室,座位数", "ct1,大,６０")
    centres, problems = load_centres(tmp_path)
    assert problems == ()
    (training,), (course,), (room,) = centres.trainings, centres.courses, centres.rooms
    assert (training.date, training.starts, training.minutes, training.people) == (DAY, 540, 180, 60)
    assert (course.first, course.people, room.seats) == (DAY, 1200, 60)


@pytest.mark.parametrize(
    "away",
    [
        *DATES,
        "2026-12-02至2026-12-05",
        "2026/12/2～2026/12/5",
        "2026年12月2日 至 2026年12月5日",
        "2026-12-02-2026-12-05",
        "2026.11.1、2026.12.2—2026.12.5",
    ],
)
def test_absences_are_read_in_any_of_these_ways(tmp_path: Path, away: str) -> None:
    (one,), problems = load_lecturers(write(tmp_path, "lecturers.csv", "姓名,请假,每周最多", f"王芳,{away},３场"))
    assert (problems, one.max_per_week) == ((), 3)
    assert (one.is_free(DAY), one.is_free(date(2026, 12, 1)), one.is_free(date(2026, 12, 6))) == (False, True, True)
    assert one.is_free(date(2026, 12, 4)) == (away in DATES)


def test_what_is_no_date_or_number_is_told_in_its_row_and_column(tmp_path: Path) -> None:
    rows = ("姓名,请假,每周最多", "王芳,下周,三场", "李明,2026-12-05至2026-12-02,1")
    read, problems = load_lecturers(write(tmp_path, "lecturers.csv", *rows))
    assert read == ()
    assert [one.where for one in problems] == [
        "lecturers.csv:2, 请假",
        "lecturers.csv:2, 每周最多",
        "lecturers.csv:3, 请假",
    ]
