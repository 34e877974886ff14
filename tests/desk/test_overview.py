"""The county at a glance: who is silent, whose kit ends, what is in danger, what waits."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from courseware.errors import StorageError
from courseware.lessons.workspace import Workspace, open_workspace
from desk.apart import Apart
from desk.county import glance as glance_module
from desk.county.glance import Glance, Lookout, look_over, week_gaps
from desk.county.places import county_there, venues_there
from desk.session.state import Desk
from playlists.almanac import clock
from playlists.asrun.importing import import_logs
from playlists.asrun.plans import PlanBook
from playlists.asrun.store import last_days
from tests.desk.conftest import browser_of, desk_on
from tests.desk.test_venues import EVENING, WEEK, planned
from tests.playlists.asrun.screens import Player

__all__ = ["planned"]
NEXT = "2026-W49"


@pytest.fixture
def county(planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A county whose present week is planned, on a Wednesday evening."""
    root = tmp_path / "county"
    shutil.copytree(planned, root)
    monkeypatch.setattr(clock, "now", lambda _workspace: EVENING)
    return open_workspace(root)


@pytest.fixture
def place(county: Workspace, tmp_path: Path) -> Iterator[Desk]:
    opened = desk_on(county.root, tmp_path / "new")
    yield opened
    opened.work.close()


def issue(county: Workspace, venue: str, end: str) -> None:
    path = county.kits_dir / venue / "issued" / "0001.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"valid": {"to": end}}), encoding="utf-8")


def ids(some: tuple[object, ...]) -> list[str]:
    return [getattr(one, "id", "") for one in some]


def settled(lookout: Lookout, county: Workspace) -> Glance:
    """What the lookout knows once it has looked."""
    apart = Apart()
    lookout.glance(apart, county)
    while lookout.is_looking:
        time.sleep(0.01)
    found = lookout.glance(apart, county)
    assert found
    return found


def test_whoever_has_reported_this_week_is_not_silent_and_whoever_never_did_stands_first(county: Workspace) -> None:
    assert [(one.id, last) for one, last in look_over(county).silent] == [("square-01", None), ("station-01", None)]
    slots = PlanBook(county).of_days("square-01", [date(2026, 11, 23)]).slots
    log = county.root.parent / "log.jsonl"
    log.write_bytes(Player(start=slots[0][1].start, kit=f"square-01_{WEEK}_r1").evening(slots[:2]).content)
    import_logs(county, [log], EVENING)
    assert [one.id for one, _ in look_over(county).silent] == ["station-01"]
    heard = partial(last_days, county.cache_dir, county.settings.zone)
    assert heard() == heard(["square-01"]) == {"square-01": date(2026, 11, 23)}
    assert heard(["station-01"]) == {}


@pytest.mark.parametrize(("days", "silent"), [(7, False), (8, True)])
def test_a_venue_is_silent_after_more_than_seven_days(
    county: Workspace, monkeypatch: pytest.MonkeyPatch, days: int, silent: bool
) -> None:
    heard = {"square-01": EVENING.date() - timedelta(days=days)}
    monkeypatch.setattr(glance_module, "last_days", lambda *_: heard)
    assert ("square-01" in {one.id for one, _ in look_over(county).silent}) is silent


def test_a_kit_that_ends_on_sunday_is_named_and_one_that_goes_on_is_not(county: Workspace) -> None:
    issue(county, "square-01", "2026-11-30T00:00:00+08:00")
    issue(county, "station-01", "2026-12-07T00:00:00+08:00")
    found = look_over(county)
    assert [one.id for one, _ in found.ending] == ["square-01"]
    assert found.without == ()


def test_a_venue_without_a_kit_or_with_a_damaged_one_is_no_venue_whose_kit_ends(county: Workspace) -> None:
    issue(county, "square-01", "tomorrow")
    found = look_over(county)
    assert found.ending == ()
    assert ids(found.without) == ["square-01", "station-01"]


def test_weeks_that_are_not_planned_or_not_published_wait_for_the_office(county: Workspace) -> None:
    venues, _ = venues_there(county)
    present = week_gaps(county, venues, WEEK)
    assert (ids(present.unplanned), ids(present.unpublished)) == ([], ["square-01", "station-01"])
    (county.published_dir / WEEK).mkdir(parents=True)
    (county.published_dir / WEEK / "square-01.html").write_text("", encoding="utf-8")
    assert ids(week_gaps(county, venues, WEEK).unpublished) == ["station-01"]
    assert ids(week_gaps(county, venues, NEXT).unplanned) == ["square-01", "station-01"]


def test_obligations_that_are_not_kept_are_named_and_broken_rules_counted(county: Workspace) -> None:
    said = '[[obligation]]\nname = "月有大戏"\nperiod = "日"\ncount = "播放"\nminimum = 999\nkind = ["广场"]\n'
    (county.root / "obligations.toml").write_text(said, encoding="utf-8")
    path = county.schedules_dir / WEEK / "square-01.json"
    week = json.loads(path.read_text(encoding="utf-8"))
    week["days"][5]["slots"][0]["seconds"] += 1
    path.write_text(json.dumps(week), encoding="utf-8")
    found = look_over(county)
    assert {one.venue for one in found.unkept["月有大戏"]} == {"square-01"}
    assert {one.venue for one in found.broken} == {"square-01"}


def test_the_county_is_looked_over_again_only_when_a_file_has_changed(
    county: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    lookout = Lookout()
    settled(lookout, county)  # a history is begun
    first = settled(lookout, county)
    assert settled(lookout, county) is first
    issue(county, "square-01", "2026-11-30T00:00:00+08:00")
    second = settled(lookout, county)
    assert [one.id for one, _ in second.ending] == ["square-01"]
    monkeypatch.setattr(clock, "now", lambda _workspace: datetime(2026, 11, 26, tzinfo=ZoneInfo("Asia/Shanghai")))
    assert settled(lookout, county) is not second


def test_what_cannot_be_read_is_told_and_the_last_glance_kept(
    county: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    lookout = Lookout()
    settled(lookout, county)  # a history is begun
    first = settled(lookout, county)

    def fail(_workspace: Workspace) -> Glance:
        raise StorageError

    monkeypatch.setattr(glance_module, "look_over", fail)
    (county.root / "calendar.toml").write_text("", encoding="utf-8")
    assert settled(lookout, county) is first
    assert not lookout.is_looking


def test_the_first_page_says_what_waits_and_links_to_where_it_is_done(place: Desk, county: Workspace) -> None:
    browser = browser_of(place)
    assert browser.get("/").headers["location"] == "/overview"
    settled(place.lookout, county)
    page = browser.get("/overview").text
    assert "2 venues are not planned" in page
    assert f'href="/weeks/{NEXT}"' in page
    assert "never reported" in page
    assert "2 planned venues are not published" in page


def test_what_the_files_say_is_read_again_once_one_of_them_has_changed(county: Workspace) -> None:
    assert county_there(county) is county_there(county)
    first, _ = venues_there(county)
    path = county.root / "venues.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("文化广场", "人民广场"), encoding="utf-8")
    assert first[0].name == "文化广场"
    assert venues_there(county)[0][0].name == county_there(county).venues[0].name == "人民广场"
