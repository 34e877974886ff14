"""Lecturers on posters: with unit and post where lecturers.csv tells them, topics in the words of the office."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from playlists.county.speakers import as_printed
from playlists.files.lecturers import Lecturer, speakers_in
from playlists.schedules.schedule import Day, Schedule, Slot

EVENING = datetime(2026, 11, 25, 19, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
LI = Lecturer(name="李建国", unit="县农技站", post="农艺师", topics=("技术", "法制"))


def lecture(note: str) -> Slot:
    return Slot(start=EVENING, seconds=1800, kind="lecture", title="农家夜话", note=note)


def note_printed(note: str) -> str:
    monday = date(2026, 11, 23)
    days = [Day(date=monday + timedelta(days=number), windows=(), slots=()) for number in range(7)]
    days[2] = Day(date=days[2].date, windows=(), slots=(lecture(note),))
    places = {"venue": "square-01", "venue_name": "文化广场", "kind": "square", "town": "", "county": ""}
    week = Schedule.model_validate({**places, "week": "2026-W48", "profile": "led-512x320", "days": tuple(days)})
    return as_printed(week, (LI,)).days[2].slots[0].note


def test_unit_and_post_stand_before_the_name_of_a_lecturer_of_the_list() -> None:
    assert note_printed("主讲：李建国（讲技术）；同步转播") == "主讲：县农技站农艺师 李建国（讲技术）；同步转播"
    assert note_printed("主讲：王芳、李建国") == "主讲：王芳、县农技站农艺师 李建国"


def test_the_topic_of_the_law_is_printed_as_the_office_writes_it_and_known_by_either_name() -> None:
    assert LI.gives == ("讲技术", "讲法治")
    assert speakers_in(lecture("主讲：李建国（讲法制）")) == speakers_in(lecture("主讲：李建国（讲法治）"))
    assert note_printed("主讲：李建国（讲法治）") == "主讲：县农技站农艺师 李建国（讲法制）"


def test_what_names_nobody_of_the_list_stays_as_it_is() -> None:
    for note in ("", "主讲：镇文化站", "请带小板凳"):
        assert note_printed(note) == note
