from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from courseware.lessons.workspace import open_workspace
from playlists.almanac import clock
from playlists.schedules.schedule import load_schedule
from playlists.weeks.impossible import impossible_showings
from playlists.weeks.making import county_to_plan, plan_county
from tests.playlists.factories import write_workspace

WEEK = "2026-W48"


@pytest.fixture
def edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A planned county of which somebody pulled a showing of Tuesday half a minute forward, over the one before."""
    monkeypatch.setattr(clock, "today", lambda _workspace: date(2026, 11, 23))
    workspace = open_workspace(write_workspace(tmp_path))
    plan_county(workspace, county_to_plan(workspace), county_to_plan(workspace).venues, WEEK)
    path = tmp_path / "schedules" / WEEK / "square-01.json"
    raw = json.loads(path.read_text(encoding="utf-8"))
    slots = raw["days"][1]["slots"]
    slots[3]["start"] = slots[2]["start"]
    path.write_text(json.dumps(raw), encoding="utf-8")
    return tmp_path


def test_a_showing_over_another_is_told_and_planned_anew(edited: Path) -> None:
    workspace = open_workspace(edited)
    county = county_to_plan(workspace)
    planned = plan_county(workspace, county, county.venues, WEEK)
    (note,) = [one for one in planned.notes if "planned again" in str(one.what)]
    assert note.where.startswith("square-01 2026-11-24 19:0")
    assert "stood over “" in str(note.what)
    days = load_schedule(edited / "schedules" / WEEK / "square-01.json").days
    for day in days:
        ends = [slot.end for slot in day.slots]
        assert all(slot.start >= end for slot, end in zip(day.slots[1:], ends, strict=False))
    assert plan_county(workspace, county, county.venues, WEEK).notes == ()


def test_a_showing_outside_the_windows_is_told_and_one_that_is_past_is_not(edited: Path) -> None:
    week = load_schedule(edited / "schedules" / WEEK / "station-01.json")
    (thursday,) = [day for day in week.days if day.slots]
    late = thursday.slots[-1].model_copy(update={"start": thursday.slots[-1].start + timedelta(seconds=1)})
    days = tuple(
        day.model_copy(update={"slots": (*day.slots[:-1], late)}) if day == thursday else day for day in week.days
    )
    moved, today = week.model_copy(update={"days": days}), date(2026, 11, 23)
    (told,) = impossible_showings(moved, today, thursday.windows[0].start)
    assert "did not lie within an opening window" in str(told.what)
    assert impossible_showings(moved, today, late.end) == ()
    assert impossible_showings(moved, thursday.date + timedelta(days=1), thursday.windows[0].start) == ()
    assert impossible_showings(week, today, thursday.windows[0].start) == ()
