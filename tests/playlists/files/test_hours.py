from __future__ import annotations

from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courseware.validate import Complaint
from playlists.files.hours import Hours, parse_hours
from playlists.opening.usual import windows_on

EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("每天 18:30-20:30", (Hours(EVERY_DAY, 1110, 1230),)),
        ("每日１８：３０～２０：３０", (Hours(EVERY_DAY, 1110, 1230),)),
        ("18:30 — 20:30", (Hours(EVERY_DAY, 1110, 1230),)),
        ("每天18点30分至20点", (Hours(EVERY_DAY, 1110, 1200),)),
        ("周四 14:30-16:30", (Hours((4,), 870, 990),)),
        ("周1 9:00-10:00", (Hours((1,), 540, 600),)),
        (
            "周一至周五 19:00-20:30；周六 09:00-11:00, 18:30-20:30",
            (Hours((1, 2, 3, 4, 5), 1140, 1230), Hours((6,), 540, 660), Hours((6,), 1110, 1230)),
        ),
        ("周六、周日 09:00-10:30、19:00-20:30", (Hours((6, 7), 540, 630), Hours((6, 7), 1140, 1230))),
        ("Mon-Fri 19:00-20:30; Sat 09:00-11:00", (Hours((1, 2, 3, 4, 5), 1140, 1230), Hours((6,), 540, 660))),
        ("every day 18:30 to 20:30", (Hours(EVERY_DAY, 1110, 1230),)),
        ("每天 20:00-24:00", (Hours(EVERY_DAY, 1200, 1440),)),
        ("周五 22:00-02:00", (Hours((5,), 1320, 1560),)),
        ("周五 22:00-次日2:00", (Hours((5,), 1320, 1560),)),
        ("0:00-24:00", (Hours(EVERY_DAY, 0, 1440),)),
        ("每天 18:30:00-20:30:00", (Hours(EVERY_DAY, 1110, 1230),)),
        ("周六 9:00-10:00，每天 19:00-20:00", (Hours((6,), 540, 600), Hours(EVERY_DAY, 1140, 1200))),
    ],
)
def test_opening_windows_are_read_as_people_write_them(said: str, meant: tuple[Hours, ...]) -> None:
    assert parse_hours(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        "",
        "每天",
        "晚上",
        "18:30",
        "每天 18:30-20:30 左右",
        "每天 25:00-26:00",
        "18:30-17:00",
        "8:00-8:00",
        "周八 8:00-9:00",
    ],
)
def test_what_is_not_understood_is_refused(said: str) -> None:
    with pytest.raises(Complaint):
        parse_hours(said)


@pytest.mark.parametrize(
    "said", ["每天 18:00-20:00；周六 19:00-21:00", "周日 22:00-01:00；周一 0:30-2:00", "9:00-10:00, 9:30-11:00"]
)
def test_windows_that_overlap_are_refused_even_over_the_end_of_the_week(said: str) -> None:
    with pytest.raises(Complaint, match="overlap"):
        parse_hours(said)


def test_a_window_over_midnight_belongs_to_the_day_on_which_it_opens() -> None:
    hours = parse_hours("周四 23:00-01:00")
    (window,) = windows_on(hours, date(2026, 12, 31), ZoneInfo("Asia/Shanghai"))
    assert window.end.isoformat() == "2027-01-01T01:00:00+08:00"
    assert not windows_on(hours, date(2027, 1, 1), ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("day", "seconds"), [(date(2026, 3, 28), 4 * 3600), (date(2026, 3, 29), 3 * 3600), (date(2026, 10, 25), 5 * 3600)]
)
def test_a_window_over_a_clock_change_is_as_long_as_it_really_is(day: date, seconds: int) -> None:
    (window,) = windows_on(parse_hours("每天 0:00-4:00"), day, BERLIN)
    assert window.seconds == seconds


def test_a_window_that_clocks_jump_over_does_not_exist() -> None:
    assert windows_on(parse_hours("2:00-3:00"), date(2026, 3, 29), BERLIN) == ()


@given(
    day=st.dates(date(2020, 1, 1), date(2037, 12, 31)),
    opens=st.lists(st.integers(0, 287), min_size=2, max_size=6, unique=True),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Shanghai"]),
)
def test_windows_of_a_day_come_in_order_and_never_overlap(day: date, opens: list[int], zone: str) -> None:
    times = [5 * one for one in sorted(opens)]
    hours = [Hours(EVERY_DAY, start, end) for start, end in pairwise(times)]
    windows = windows_on(hours, day, ZoneInfo(zone))
    assert all(window.seconds > 0 for window in windows)
    instants = [(window.start.timestamp(), window.end.timestamp()) for window in windows]
    assert all(before[1] <= after[0] for before, after in pairwise(instants))
