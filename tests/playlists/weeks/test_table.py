from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from playlists.files.calendar import Calendar
from playlists.planning.planner import plan_week
from playlists.schedules.schedule import Schedule
from playlists.weeks import table
from tests.playlists.factories import catalogue, programme, venue


def week(lengths: list[int]) -> Schedule:
    lessons, renditions = catalogue(lengths)
    calendar = Calendar.model_validate(
        {
            "lecture": [{"title": "夜话", "speaker": "李老师", "weekday": "周三", "at": "19:05", "minutes": 10}],
            "closed": [{"from": date(2026, 11, 29), "to": date(2026, 11, 29), "reason": "检修"}],
        }
    )
    square = venue(windows="每天 19:00-19:20")
    return plan_week(square, programme(), calendar, renditions, lessons, "2026-W48", ZoneInfo("Asia/Shanghai"))


def test_a_day_lists_every_showing_with_time_title_series_and_length() -> None:
    rows = table.day_rows(week([60, 75]).days[2])
    assert [len(row) for row in rows] == [len(table.DAY_HEADINGS)] * len(rows)
    assert rows[0][0] == "19:00:00"
    assert rows[0][4] in {"1:00", "1:15"}
    assert ("19:05:00", "Lecture: 夜话", "主讲：李老师", "", "10:00") in [tuple(map(str, row)) for row in rows]


def test_a_week_has_a_row_for_each_window_and_each_closed_day() -> None:
    rows = table.week_rows(week([60, 75]))
    assert len(rows) == 7
    said = [tuple(map(str, row)) for row in rows]
    assert said[0][:2] == ("11-23 Mon", "19:00-19:20")
    assert said[0][4] == "20:00"
    assert said[2][4:] == ("10:00", "19:05 Lecture: 夜话")
    assert said[6][:2] == ("11-29 Sun", "检修")


def test_what_begins_after_midnight_says_so() -> None:
    lessons, renditions = catalogue([600])
    night = venue(windows="每天 23:50-00:10")
    planned = plan_week(night, programme(), Calendar(), renditions, lessons, "2026-W48", ZoneInfo("Asia/Shanghai"))
    assert [str(row[0]) for row in table.day_rows(planned.days[0])] == ["23:50:00", "next day 00:00:00"]


def test_a_summary_counts_days_showings_events_and_empty_seconds() -> None:
    schedule = week([70])
    facts = table.summary(schedule)
    assert (facts["days"], facts["events"], facts["lessons"]) == (6, 1, 1)
    assert facts["missing_seconds"] == sum(gap.seconds for gap in schedule.gaps) > 0
    assert facts["seconds"] + facts["missing_seconds"] == 6 * 1200 - 600
    assert len(table.summary_row(schedule)) == len(table.SUMMARY_HEADINGS)


def test_many_venues_with_like_weeks_share_a_row_and_few_have_their_own() -> None:
    one, other = week([60]), week([70])
    many = [*[one] * 6, *[other] * 5]
    together = list(table.summary_rows(many, together=True))
    assert len(together) == 6
    assert str(together[0][1]) == f"{one.venue_name} and 5 more"
    assert together[0][2:] == table.summary_row(one)[2:]
    apart = [one.model_copy(update={"venue": f"square-{number}"}) for number in range(6)]
    assert len(list(table.summary_rows(apart, together=False))) == 6


def test_empty_stretches_are_named_one_by_one_or_in_one_line() -> None:
    schedule = week([70])
    assert len(table.gap_lines(schedule)) == len(schedule.gaps)
    assert len(table.gap_lines(schedule, schedule.days[0])) == 1
    assert table.gap_lines(schedule, schedule.days[6]) == ()
    (line,) = table.gap_summary(schedule)
    assert "no lessons fill it exactly" in str(line.what)
    assert table.gap_summary(week([60])) == ()
