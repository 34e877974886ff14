from __future__ import annotations

from datetime import date

import pytest

from courseware.dates import parse_date
from courseware.validate import Complaint


@pytest.mark.parametrize(
    "said",
    [
        "2026-12-02",
        "2026-12-2",
        "2026/12/2",
        "2026.12.2",
        "2026年12月2日",
        "2026 年 12 月 2 号",
        "２０２６／１２／２",
        "2026—12—02",
        "20261202",
        "2026/12/2 0:00:00",
        "2026-12-02T00:00:00",
        "2026年12月2日 星期三",
        "2026-12-02（周三）",
        "46358",
        "４６３５８",
        "46358.0",
    ],
)
def test_dates_are_read_as_offices_and_spreadsheets_write_them(said: str) -> None:
    assert parse_date(said) == date(2026, 12, 2)


@pytest.mark.parametrize(
    "said",
    ["", "1", "soon", "下周", "26-5-1", "2026-13-01", "2026-02-30", "2026/12", "12/32", "2026-12-02 19:30:00"],
)
def test_what_is_no_date_is_refused(said: str) -> None:
    with pytest.raises(Complaint, match="is not a date"):
        parse_date(said)


@pytest.mark.parametrize("said", ["12月2日", "12.2", "12/2", "2月29日"])
def test_a_date_in_a_file_needs_its_year(said: str) -> None:
    with pytest.raises(Complaint, match="lacks the year"):
        parse_date(said)


@pytest.mark.parametrize(
    ("said", "near", "found"),
    [
        ("12月2日", date(2026, 11, 28), date(2026, 12, 2)),
        ("1.4", date(2026, 12, 28), date(2027, 1, 4)),
        ("12/30", date(2027, 1, 2), date(2026, 12, 30)),
        ("2月29日", date(2027, 3, 1), date(2028, 2, 29)),
        ("2025-12-02", date(2026, 11, 28), date(2025, 12, 2)),
    ],
)
def test_a_date_typed_without_its_year_is_the_nearest(said: str, near: date, found: date) -> None:
    assert parse_date(said, near) == found
