from __future__ import annotations

from datetime import date
from pathlib import Path

from playlists.files.requests import load_requests, resolve
from tests.playlists.factories import lesson, venue

SHEET = "场所,课件,日期,点菜人\nsquare-01,课件1,2026年11月20日,王大妈\n*,lesson-002,2026/11/21,\n"


def test_requests_name_lessons_by_title_or_id(tmp_path: Path) -> None:
    (tmp_path / "requests.csv").write_text(SHEET, encoding="utf-8")
    read, problems = load_requests(tmp_path / "requests.csv")
    assert problems == ()
    good, unknown = resolve(read, [lesson(1), lesson(2)], [venue(id="square-01")])
    assert unknown == ()
    assert [(one.venue, one.lesson, one.on, one.by) for one in good] == [
        ("square-01", "lesson-001", date(2026, 11, 20), "王大妈"),
        ("*", "lesson-002", date(2026, 11, 21), ""),
    ]
    assert good[0].due(7) == date(2026, 11, 27)


def test_without_a_file_nobody_asked(tmp_path: Path) -> None:
    assert load_requests(tmp_path / "requests.csv") == ((), ())


def test_a_bad_row_is_named_and_hides_no_other(tmp_path: Path) -> None:
    (tmp_path / "requests.csv").write_text(SHEET + "square-01,课件1,下周,\n", encoding="utf-8")
    read, problems = load_requests(tmp_path / "requests.csv")
    assert len(read) == 2
    assert [one.where for one in problems] == ["requests.csv:4, 日期"]


def test_a_request_for_nothing_or_from_nowhere_is_told(tmp_path: Path) -> None:
    (tmp_path / "requests.csv").write_text(SHEET, encoding="utf-8")
    read, _ = load_requests(tmp_path / "requests.csv")
    good, unknown = resolve(read, [lesson(1)], [venue(id="square-02")])
    assert good == ()
    assert [one.where for one in unknown] == ["requests.csv:2, 场所", "requests.csv:3, 课件"]


def test_what_may_be_asked_for_is_listed_in_the_order_of_the_catalogue(tmp_path: Path) -> None:
    (tmp_path / "requests.csv").write_text("课件,日期\n全无,２０２６年１２月２日\n", encoding="utf-8")
    read, _ = load_requests(tmp_path / "requests.csv")
    assert read[0].on == date(2026, 12, 2)
    (problem,) = resolve(read, [lesson(number) for number in (3, 1, 2)], [])[1]
    assert str(problem.what).endswith("lesson-003、lesson-001、lesson-002、课件3、课件1、课件2")


def test_requests_name_venues_as_people_call_them_and_days_as_spreadsheets_count(tmp_path: Path) -> None:
    rows = ("场所,课件,日期", "文化广场,课件1,2026-12-14", "江北镇文化广场,课件1,46370", "sq,课件1,12月14日")
    (tmp_path / "requests.csv").write_text("\n".join(rows), encoding="utf-8")
    read, problems = load_requests(tmp_path / "requests.csv")
    good, unknown = resolve(read, [lesson(1)], [venue(id="sq", town="江北镇")])
    assert (unknown, {(one.venue, one.on) for one in good}) == ((), {("sq", date(2026, 12, 14))})
    assert [one.render(str) for one in problems] == [
        "requests.csv:4, 日期: “12月14日” lacks the year; write it like 2026-11-23"
    ]
