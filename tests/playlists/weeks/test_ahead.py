"""A month, a quarter, a year of plans, and several weeks planned at once."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from courseware.errors import InputError
from courseware.lessons.workspace import open_workspace
from playlists.weeks.ahead import look_ahead, stretch_typed
from tests.playlists.factories import write_workspace
from tests.playlists.test_commands import document, run

TODAY = date(2027, 2, 10)


@pytest.mark.parametrize(
    ("typed", "label", "first", "last"),
    [
        (("2027-02", "", ""), "2027年2月", "2027-02-01", "2027-02-28"),
        (("本月", "", ""), "2027年2月", "2027-02-01", "2027-02-28"),
        (("", "2026-Q4", ""), "2026年第四季度", "2026-10-01", "2026-12-31"),
        (("", "2027年第二季度", ""), "2027年第二季度", "2027-04-01", "2027-06-30"),
        (("", "第3季度", ""), "2027年第三季度", "2027-07-01", "2027-09-30"),
        (("", "本季度", ""), "2027年第一季度", "2027-01-01", "2027-03-31"),
        (("", "", "2026"), "2026年", "2026-01-01", "2026-12-31"),
        (("", "", "今年"), "2027年", "2027-01-01", "2027-12-31"),
    ],
)
def test_a_period_is_named_as_people_do(typed: tuple[str, str, str], label: str, first: str, last: str) -> None:
    found = stretch_typed(*typed, TODAY)
    assert (found.label, str(found.days[0]), str(found.days[-1])) == (label, first, last)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("2027-13", "", ""), "not a month"),
        (("", "2027-Q5", ""), "not a quarter"),
        (("", "春天", ""), "not a quarter"),
        (("", "", "27"), "not a year"),
        (("2027-02", "", "2027"), "name one of"),
    ],
)
def test_what_is_no_period_is_refused(typed: tuple[str, str, str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        stretch_typed(*typed, TODAY)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """December of 2026, of which the weeks 49 and 50 are planned."""
    root = write_workspace(tmp_path, (131, 97, 89, 141, 173, 56, 60, 64, 77, 83, 101, 119))
    result = run(root, "schedule", "plan", "--week", "2026-W49", "--weeks", "2", "--json")
    assert result.exit_code == 0, result.stderr
    assert [one["week"] for one in json.loads(result.stdout)["weeks"]] == ["2026-W49", "2026-W50"]
    return root


def test_several_weeks_are_planned_one_after_the_other(workspace: Path) -> None:
    """Each knows what the one before shows."""
    weeks = [json.loads((workspace / f"schedules/2026-W{n}/square-01.json").read_text("utf-8")) for n in (49, 50)]
    sunday, monday = weeks[0]["days"][-1]["slots"], weeks[1]["days"][0]["slots"]
    assert [one["lesson"] for one in sunday] != [one["lesson"] for one in monday]
    assert not (workspace / "schedules" / "2026-W51").exists()


def test_a_month_shows_its_weeks_and_how_far_the_obligations_are_kept(workspace: Path) -> None:
    found = look_ahead(open_workspace(workspace), stretch_typed("2026-12", "", "", TODAY))
    weeks = {one.week: one for one in found.weeks}
    assert list(weeks) == [f"2026-W{number}" for number in range(49, 54)]
    # Of week 49 only 1 to 6 December lie in the month; the lecture is on Wednesday the 2nd.
    assert (weeks["2026-W49"].planned, weeks["2026-W49"].edition, weeks["2026-W49"].lectures) == (2, 0, 1)
    assert weeks["2026-W49"].seconds == 6 * 1200 + 600
    assert weeks["2026-W51"].planned == 0
    (duty,) = [one for one in found.duties if one.name == "周有宣讲"]
    assert duty.verdicts == {"pass": 2, "unknown": 3}


def test_the_command_says_it_as_table_document_page_and_poster(workspace: Path, tmp_path: Path) -> None:
    shown = run(workspace, "schedule", "show", "--month", "2026-12", "--output", str(tmp_path / "out"))
    assert shown.exit_code == 0, shown.stderr
    assert "week 49 of 2026" in shown.stdout
    told = document(run(workspace, "schedule", "show", "--quarter", "2026-Q4", "--json"))
    assert (told["first"], told["last"]) == ("2026-10-01", "2026-12-31")
    assert {"obligation": "周有宣讲", "pass": 2, "fail": 0, "unknown": 12} in told["obligations"]
    page = (tmp_path / "out" / "测试县2026年12月播放计划.html").read_text(encoding="utf-8")
    assert "要求完成进度" in page
    assert (tmp_path / "out" / "测试县2026年12月播放计划.pdf").read_bytes().startswith(b"%PDF")
    assert run(workspace, "schedule", "show", "square-01", "--month", "2026-12").exit_code == 2
