"""Days, times and events are sentences until they are printed, so that each language says them in its own way."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from courseware.errors import Text, text
from playlists.schedules.schedule import Slot
from playlists.schedules.words import clock_label, day_label, joined, title_label, week_label, whole_day

ZONE = ZoneInfo("Asia/Shanghai")
CHINESE = {
    "{first} to {last}, week {number} of {year}": "{first}—{last}（{year}年第{number}周）",
    "{month:02}-{day:02}": "{month}月{day}日",
    "Tue": "周二",
    "Lecture: {title}": "【宣讲】{title}",
    "next day {time}": "次日 {time}",
}


def said(cell: str | Text) -> str:
    return cell if isinstance(cell, str) else cell.render(lambda pattern: CHINESE.get(pattern, pattern))


def test_a_day_bears_its_weekday_in_the_language_of_the_reader() -> None:
    assert str(day_label(date(2026, 11, 24))) == "11-24 Tue"
    assert said(day_label(date(2026, 11, 24))) == "11-24 周二"
    assert said(whole_day(date(2026, 11, 24))) == "2026-11-24 周二"


def test_a_week_is_told_by_its_days_before_its_number() -> None:
    assert str(week_label("2026-W53")) == "12-28 to 01-03, week 53 of 2026"
    assert said(week_label("2026-W49")) == "11月30日—12月6日（2026年第49周）"


def test_a_notice_is_told_from_a_lecture_of_the_same_name() -> None:
    start = datetime(2026, 11, 24, 19, 30, tzinfo=ZONE)
    lecture = Slot(start=start, seconds=60, kind="lecture", title="农家夜话")
    notice = Slot(start=start, seconds=60, kind="lesson", title="农家夜话", lesson="n", note="通知")
    assert [str(title_label(one)) for one in (lecture, notice)] == ["Lecture: 农家夜话", "Notice: 农家夜话"]


def test_a_time_after_midnight_is_one_of_the_next_day() -> None:
    assert said(clock_label(datetime(2026, 11, 24, 23, 59, tzinfo=ZONE), date(2026, 11, 24))) == "23:59:00"
    assert said(clock_label(datetime(2026, 11, 25, 0, 2, 5, tzinfo=ZONE), date(2026, 11, 24))) == "次日 00:02:05"


@pytest.mark.parametrize(
    ("kind", "shown"), [("lecture", "【宣讲】夜话"), ("activity", "Activity: 夜话"), ("lesson", "夜话")]
)
def test_an_event_is_called_what_it_is(kind: str, shown: str) -> None:
    slot = Slot.model_validate({"start": "2026-11-24T19:00:00+08:00", "seconds": 60, "kind": kind, "title": "夜话"})
    assert said(title_label(slot)) == shown


def test_several_events_share_a_cell() -> None:
    assert said(joined([])) == ""
    assert said(joined([text("one"), text("two"), text("three")])) == "one; two; three"
