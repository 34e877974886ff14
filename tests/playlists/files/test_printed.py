"""Every word that is printed can be: wherever a file gives one, it is looked at."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel

from courseware.validate import Complaint, find_wrong
from playlists.duties.obligations import Obligation
from playlists.duties.standards import Standard
from playlists.files.blocks import Block
from playlists.files.calendar import Closed, Event
from playlists.files.centres import Course, Room, Training
from playlists.files.edits import Never, Pin
from playlists.files.lecturers import Lecture, Lecturer
from playlists.files.programmes import Programme
from playlists.files.requests import Request
from playlists.files.venues import Venue, load_venues
from templates.type.fonts import missing_glyphs
from templates.type.printed import printable, unprintable

PRINTED: tuple[tuple[type[BaseModel], str], ...] = (
    (Venue, "name"),
    (Venue, "county"),
    (Venue, "town"),
    (Venue, "contact"),
    (Event, "title"),
    (Event, "topic"),
    (Event, "speaker"),
    (Closed, "reason"),
    (Block, "name"),
    (Programme, "name"),
    (Request, "by"),
    (Lecturer, "name"),
    (Lecturer, "town"),
    (Lecturer, "contact"),
    (Lecture, "name"),
    (Lecture, "topic"),
    (Course, "title"),
    (Room, "room"),
    (Training, "room"),
    (Pin, "reason"),
    (Never, "reason"),
    (Obligation, "name"),
    (Standard, "name"),
)
WRONG = {
    "名\u202e字": "one line without",
    "\u061c名": "one line without",
    "李🌾": "no font can print 🌾",
    "𡒄上": "no font",
}


@pytest.mark.parametrize(("model", "key"), PRINTED)
@pytest.mark.parametrize("given", WRONG)
def test_no_printed_word_turns_its_line_or_becomes_a_box(model: type[BaseModel], key: str, given: str) -> None:
    said = [str(one.what) for one in find_wrong(model, {key: given}) if one.key == key]
    assert [what for what in said if WRONG[given] in what]


@pytest.mark.parametrize("given", ["江北文化广场", "A区·2号（新）", "CO₂", "圫", " 空格 "])
def test_what_the_fonts_have_is_printed(given: str) -> None:
    assert printable(given) == given.strip()


def test_whatever_is_in_gb2312_the_fonts_have() -> None:
    cells = (bytes((row, cell)) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    every = "".join(cell.decode("gb2312", errors="ignore") for cell in cells)
    assert len(every) > 7000
    assert missing_glyphs(every) == ()
    assert unprintable(every) == ()


def test_a_line_break_is_no_printed_word() -> None:
    with pytest.raises(Complaint):
        printable("一\n二")


def test_a_venue_that_cannot_be_printed_is_told_with_its_row_and_column(tmp_path: Path) -> None:
    rows = "编号,名称,类型,镇,屏幕,开放时段\na,𡒄上村广场,广场,江北镇,512x320,每天 19:00-19:30\n"
    (tmp_path / "venues.csv").write_text(
        rows + "b,大塆\u202e圫广场,广场,江北镇,512x320,每天 19:00-19:30\n", encoding="utf-8"
    )
    venues, problems = load_venues(tmp_path / "venues.csv")
    assert venues == ()
    assert [one.where for one in problems] == ["venues.csv:2, 名称", "venues.csv:3, 名称"]
