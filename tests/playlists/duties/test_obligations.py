import re
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from courseware.errors import InputError
from courseware.lessons.settings import load_settings
from playlists.checking.wanted import closed_reason, wanted_windows
from playlists.duties.keeping import Books, DutyFinding, judge, period_of
from playlists.duties.kinds.kind import DayCount, count_day
from playlists.duties.obligations import BUILT_IN, Duties, Obligation, check_duties, load_duties
from playlists.files.calendar import Calendar
from playlists.files.venues import Venue
from templates.start.skeleton import SKELETON_DIR
from tests.playlists.clean_weeks import ZONE, clean_week, make_facts
from tests.playlists.factories import days, venue

MONTH = days("2026-11-01", "2026-11-30")
FULL = DayCount(lessons=5, lectures=0, activities=0, windows=((7200, 7200),), seconds=7200)


def station(**more: Any) -> Venue:
    return venue(id="station-01", kind="站点", windows="每天 14:00-19:00", **more)


def books(
    of: Venue,
    planned: Mapping[date, DayCount],
    calendar: Calendar | None = None,
    people: Mapping[date, int] | None = None,
) -> Books:
    county = calendar or Calendar()
    return Books(
        planned,
        people or {},
        lambda day: closed_reason(county, of, day),
        lambda day: bool(wanted_windows(of, county, day, ZONE)),
        max(planned, default=MONTH[-1]),
    )


def findings(one: Obligation, of: Venue, planned: Mapping[date, DayCount], **more: Any) -> list[DutyFinding]:
    return list(judge([one], of, books(of, planned, **more), MONTH))


def built_in(name: str) -> Obligation:
    return next(one for one in BUILT_IN if one.name == name)


def changed(count: DayCount, **by: Any) -> DayCount:
    values = {key: getattr(count, key) for key in ("lessons", "lectures", "activities", "windows", "seconds")}
    return DayCount(**{**values, **by})


def verdicts(found: list[DutyFinding]) -> list[str]:
    return [one.verdict for one in found]


def test_a_lesson_every_day_the_square_is_open() -> None:
    planned = dict.fromkeys(MONTH, FULL)
    planned[MONTH[3]] = changed(FULL, lessons=0)
    found = findings(built_in("日有播放"), venue(), planned)
    assert verdicts(found) == ["pass"] * 3 + ["fail"] + ["pass"] * 26
    assert found[3].first == found[3].last == MONTH[3]
    assert str(found[3].evidence) == "only 0 of 1: —"
    assert str(found[4].evidence) == "5 of 1: 2026-11-05"


def test_a_closed_day_owes_nothing() -> None:
    shut = Calendar.model_validate({"closed": [{"from": MONTH[3], "to": MONTH[5]}]})
    planned = {day: FULL for day in MONTH if not MONTH[3] <= day <= MONTH[5]}
    assert len(findings(built_in("日有播放"), venue(), planned, calendar=shut)) == 27
    weekdays = venue(windows="周一至周五 19:00-20:00")
    assert len(findings(built_in("日有播放"), weekdays, dict.fromkeys(MONTH, FULL))) == 21


def test_a_lecture_every_week() -> None:
    planned = dict.fromkeys(days("2026-10-26", "2026-12-06"), FULL)
    for day in (date(2026, 10, 28), date(2026, 11, 4), date(2026, 11, 25)):
        planned[day] = changed(FULL, lectures=1)
    found = findings(built_in("周有宣讲"), venue(), planned)
    assert [(one.first.day, one.verdict) for one in found] == [
        (26, "pass"),
        (2, "pass"),
        (9, "fail"),
        (16, "fail"),
        (23, "pass"),
        (30, "fail"),
    ]
    assert str(found[0].evidence) == "1 of 1: 2026-10-28"


def test_what_is_not_planned_cannot_yet_be_known() -> None:
    planned = dict.fromkeys(MONTH[:15], FULL)
    (found,) = findings(built_in("月有活动"), venue(), planned)
    assert (found.verdict, str(found.evidence)) == ("unknown", "0 of 1 so far; 15 days are not planned yet")
    planned[MONTH[0]] = changed(FULL, activities=1)
    assert verdicts(findings(built_in("月有活动"), venue(), planned)) == ["pass"]
    assert verdicts(findings(built_in("月有活动"), venue(), dict.fromkeys(MONTH, FULL))) == ["fail"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("周四", [5, 12, 19, 26]),
        ("逢六", [6, 16, 26]),
        ("每月5日", [5]),
        ("农历初一、十五", [9, 23]),
    ],
)
def test_study_days_are_kept_however_they_are_picked(said: str, expected: list[int]) -> None:
    of = station(study_day=said)
    planned = dict.fromkeys(MONTH, FULL)
    found = findings(built_in("固定学习日"), of, planned)
    assert [(one.first.day, one.verdict) for one in found] == [(day, "pass") for day in expected]
    planned[date(2026, 11, expected[-1])] = changed(FULL, windows=((7200, 0),))
    assert verdicts(findings(built_in("固定学习日"), of, planned))[-1] == "fail"


def test_a_study_day_without_a_window_is_not_kept() -> None:
    of = venue(kind="站点", windows="周一至周五 14:00-16:00", study_day="每月1日")
    (found,) = findings(built_in("固定学习日"), of, dict.fromkeys(MONTH, FULL))
    assert (found.verdict, str(found.evidence)) == (
        "fail",
        "2026-11-01 is a study day, but has no opening window",
    )


def test_a_station_without_study_days_owes_none() -> None:
    assert findings(built_in("固定学习日"), station(), dict.fromkeys(MONTH, FULL)) == []


def test_sessions_openings_and_hours_of_a_month_are_counted() -> None:
    of = station(study_day="周四")
    long = changed(FULL, windows=((18000, 18000),), seconds=18000)
    short = changed(FULL, windows=((17940, 17940),), seconds=17940)
    empty = DayCount(0, 0, 0, (), 0)
    planned = {day: long if day.isoweekday() == 4 else empty for day in MONTH}
    names = ("每月学习不少于2次", "每月开放不少于4次、每次不少于5小时", "每月学习不少于20小时")
    assert [verdicts(findings(built_in(name), of, planned)) for name in names] == [["pass"]] * 3
    planned[date(2026, 11, 5)] = short
    assert [verdicts(findings(built_in(name), of, planned)) for name in names] == [["pass"], ["fail"], ["fail"]]
    (hours,) = findings(built_in("每月学习不少于20小时"), of, planned)
    assert (hours.amount, str(hours.evidence).startswith("only 19.9 of 20: 2026-11-05、")) == (71940, True)


def test_attendances_of_a_year_are_counted() -> None:
    centre = venue(id="centre-01", kind="培训中心")
    people = {date(2026, 3, 1): 600, date(2026, 11, 1): 399, date(2027, 1, 1): 500}
    one = built_in("每年培训不少于1000人次")
    assert verdicts(findings(one, centre, dict.fromkeys(MONTH, FULL), people=people)) == ["unknown"]
    late = books(centre, {date(2026, 12, 31): FULL}, None, people)
    assert [found.verdict for found in judge([one], centre, late, [date(2026, 12, 31)])] == ["fail"]
    nothing = list(judge([one], centre, books(centre, {date(2026, 12, 31): FULL}), [date(2026, 12, 31)]))
    assert [(found.verdict, "trainings.csv" in str(found.evidence)) for found in nothing] == [("unknown", True)]
    enough = {**people, date(2026, 5, 1): 1}
    assert verdicts(findings(one, centre, dict.fromkeys(MONTH, FULL), people=enough)) == ["pass"]


def test_obligations_bind_kinds_groups_and_venues() -> None:
    assert [one.name for one in BUILT_IN if one.binds(venue())] == ["日有播放", "周有宣讲", "月有活动"]
    mine = Obligation.model_validate({"name": "x", "groups": "示范", "venues": ["square-02"]})
    assert not mine.binds(venue())
    assert mine.binds(venue(id="square-02"))
    assert mine.binds(venue(groups="示范、一期"))
    assert Obligation(name="x").binds(station())


def test_a_county_adds_replaces_and_removes_obligations(tmp_path: Path) -> None:
    path = tmp_path / "obligations.toml"
    path.write_text(
        "reviewed = true\n"
        '[[obligation]]\nname = "周有宣讲"\nperiod = "周"\ncount = "宣讲"\nminimum = 2\nkind = "广场"\n'
        '[[obligation]]\nname = "日有播放"\noff = true\n'
        '[[obligation]]\nname = "逢六播放"\nperiod = "日"\ncount = "学习"\ndays = "逢六"\nkind = "站点"\n',
        encoding="utf-8",
    )
    duties = load_duties(path)
    assert duties.reviewed
    names = [one.name for one in duties.all]
    assert names[0] == "周有宣讲"
    assert duties.all[0].minimum == 2
    assert "日有播放" not in names
    assert names[-1] == "逢六播放"
    found = list(judge([duties.all[-1]], station(), books(station(), dict.fromkeys(MONTH, FULL)), MONTH))
    assert [one.first.day for one in found] == [6, 16, 26]


def test_no_file_means_the_built_in_obligations(tmp_path: Path) -> None:
    assert load_duties(tmp_path / "obligations.toml") == Duties()
    assert Duties().all == BUILT_IN


@pytest.mark.parametrize(
    "content",
    [
        'name = "x"',
        '[[obligation]]\nperiod = "日"',
        '[[obligation]]\nname = "x"\nperiod = "旬"',
        '[[obligation]]\nname = "x"\ncount = "跳舞"',
        '[[obligation]]\nname = "x"\nminimum = 0',
        '[[obligation]]\nname = "x"\nkind = "礼堂"',
        '[[obligation]]\nname = "x"\ndays = "逢百"',
        '[[obligation]]\nname = "x"\ncount = "人次"\nperiod = "日"',
        '[[obligation]]\nname = "x"\n[[obligation]]\nname = "x"',
    ],
)
def test_a_wrong_obligation_is_told(tmp_path: Path, content: str) -> None:
    path = tmp_path / "obligations.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as error:
        load_duties(path)
    assert error.value.problems[0].where.startswith("obligations.toml")


def test_venues_and_groups_that_do_not_exist_are_told() -> None:
    duties = Duties(obligation=(Obligation(name="x", venues=("squar-01",), groups=("示范",), series=("红色电影",)),))
    assert [one.where for one in check_duties(duties, [venue()], load_settings(SKELETON_DIR / "yuanjiao.toml"))] == [
        "obligations.toml: obligation.1.venues",
        "obligations.toml: obligation.1.groups",
        "obligations.toml: obligation.1.series",
    ]


def test_periods_end_where_calendars_say() -> None:
    assert period_of("week", date(2027, 1, 1)) == (date(2026, 12, 28), date(2027, 1, 3))
    assert period_of("month", date(2028, 2, 3)) == (date(2028, 2, 1), date(2028, 2, 29))
    assert period_of("quarter", date(2026, 5, 31)) == (date(2026, 4, 1), date(2026, 6, 30))
    assert period_of("quarter", date(2026, 12, 1)) == (date(2026, 10, 1), date(2026, 12, 31))
    assert period_of("year", date(2026, 7, 1)) == (date(2026, 1, 1), date(2026, 12, 31))
    assert period_of("day", date(2026, 7, 1)) == (date(2026, 7, 1), date(2026, 7, 1))


def test_a_planned_day_is_counted_as_it_stands() -> None:
    week = clean_week(make_facts(), venue())
    wednesday = week.days[2]
    counted = count_day(wednesday.windows, wednesday.slots)
    assert (counted.lectures, counted.activities) == (1, 0)
    assert counted.lessons == len(wednesday.slots) - 1
    assert counted.windows == ((7200, 7200),)
    assert counted.seconds == 7200
    assert timedelta(seconds=counted.seconds) == wednesday.windows[0].end - wednesday.windows[0].start


def test_the_examples_of_a_new_workspace_can_be_used(tmp_path: Path) -> None:
    lines = (SKELETON_DIR / "obligations.toml").read_text(encoding="utf-8").splitlines()
    path = tmp_path / "obligations.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert load_duties(path) == Duties()
    used = [re.sub(r"^# (?=\[\[|[a-z_]+ +=)", "", line) for line in lines]
    path.write_text("\n".join(used), encoding="utf-8")
    duties = load_duties(path)
    assert duties.reviewed
    assert [one.name for one in duties.obligation] == ["周有宣讲", "逢六播放", "每月开放不少于4次、每次不少于5小时"]


def test_unknown_words_are_answered_with_the_words_of_the_county(tmp_path: Path) -> None:
    path = tmp_path / "obligations.toml"
    path.write_text('[[obligation]]\nname = "x"\nperiod = "旬"\ncount = "放映"\n', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_duties(path)
    assert [str(one.what).split("; ")[1] for one in caught.value.problems] == [
        "write one of: 日、天、周、月、季度、年",
        "did you mean 播放?",
    ]
    path.write_text('[[obligation]]\nname = "x"\nperiod = "month"\ncount = "小时"\n', encoding="utf-8")
    (one,) = load_duties(path).obligation
    assert (one.period, one.count) == ("month", "hours")
