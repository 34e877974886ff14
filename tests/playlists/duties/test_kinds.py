"""What obligations may count: one file and one line for each kind, and data alone for which lessons count."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli import main
from courseware.errors import InputError
from courseware.lessons.lesson import Lesson
from courseware.lessons.workspace import open_workspace
from playlists.duties.keeping import Books, DutyFinding, judge, looked_at
from playlists.duties.kinds import KINDS
from playlists.duties.kinds.kind import DayCount, DutyKind, count_day
from playlists.duties.obligations import Obligation, load_duties
from playlists.schedules.schedule import Slot, Window
from tests.playlists.clean_weeks import WEEK, clean_week, make_facts
from tests.playlists.factories import days, lesson, save_schedule, venue, write_workspace

QUARTER = days("2026-10-01", "2026-12-31")
RED = (
    '[[obligation]]\nname = "每季度一次红色电影"\nperiod = "季度"\ncount = "播放"\nforms = "微电影"\ntags = "红色"\n'
)


def shown_on(day: date, shown: Lesson) -> DayCount:
    window = Window.model_validate({"start": f"{day}T19:00:00+08:00", "end": f"{day}T20:00:00+08:00"})
    slot = Slot(
        start=window.start,
        seconds=600,
        kind="lesson",
        title=shown.title,
        lesson=shown.id,
        series=shown.series,
        form=shown.form,
    )
    return count_day([window], [slot])


def judged(
    obligation: Obligation, planned: Mapping[date, DayCount], lessons: Mapping[str, Lesson]
) -> list[DutyFinding]:
    books = Books(planned, {}, lambda _day: None, lambda _day: True, QUARTER[-1], lessons)
    return list(judge([obligation], venue(), books, QUARTER[:7]))


def test_a_red_film_each_quarter_is_asked_for_by_data_alone(tmp_path: Path) -> None:
    path = tmp_path / "obligations.toml"
    path.write_text(RED, encoding="utf-8")
    (asked,) = load_duties(path).obligation
    film = lesson(1, form="微电影", tags=("红色",))
    other, advert = lesson(2, form="微电影"), lesson(3, form="公益广告", tags=("红色",))
    lessons = {one.id: one for one in (film, other, advert)}
    planned = {day: shown_on(day, other if day.day % 2 else advert) for day in QUARTER}
    (missing,) = judged(asked, planned, lessons)
    assert (missing.first, missing.last, missing.verdict) == (QUARTER[0], QUARTER[-1], "fail")
    planned[date(2026, 12, 30)] = shown_on(date(2026, 12, 30), film)
    (kept,) = judged(asked, planned, lessons)
    assert (kept.verdict, str(kept.evidence)) == ("pass", "1 of 1: 2026-12-30")


def test_all_that_is_planned_in_a_quarter_is_looked_at_for_a_quarter() -> None:
    monday = [date(2026, 11, 23)]
    assert looked_at([Obligation(name="x")], monday) == (date(2026, 11, 1), date(2026, 11, 30))
    assert looked_at([Obligation(name="x", period="quarter")], monday) == (QUARTER[0], QUARTER[-1])
    people = Obligation(name="x", period="year", count="attendances")
    assert looked_at([people], monday) == (date(2026, 11, 1), date(2026, 11, 30))


def test_people_at_trainings_are_of_no_series() -> None:
    with pytest.raises(ValueError, match="series, forms and tags"):
        Obligation(name="x", count="attendances", period="year", series=("x",))


def test_a_new_kind_is_one_line_and_works_through_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before_half_past = DutyKind("早播", lambda day, _least_s: sum(slot.start.minute < 30 for slot in day.slots))
    monkeypatch.setattr("playlists.duties.obligations.KINDS", {**KINDS, "early": before_half_past})
    root = write_workspace(tmp_path)
    wanted = '[[obligation]]\nname = "每周早播一千次"\ncount = "早播"\nminimum = 1000\nkind = "广场"\n'
    (root / "obligations.toml").write_text(wanted, encoding="utf-8")
    workspace = open_workspace(root)
    save_schedule(clean_week(make_facts(), venue(), WEEK), workspace.schedules_dir)
    command = ["--lang", "en", "schedule", "check", "--week", WEEK, "--workspace", str(root), "--json"]
    found = json.loads(CliRunner().invoke(main, command).stdout)
    assert ("每周早播一千次", "fail") in {(one["name"], one["verdict"]) for one in found["obligations"]}
    (root / "obligations.toml").write_text(wanted.replace('早播"\n', '晚播"\n'), encoding="utf-8")
    with pytest.raises(InputError, match="晚播"):
        load_duties(root / "obligations.toml")
