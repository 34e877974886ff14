"""A log is judged by the plan that its kit had, whatever was planned afterwards."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from cli import speak
from courseware.files import write_text
from courseware.lessons.workspace import Workspace, open_workspace
from playlists.almanac import clock
from playlists.asrun.importing import import_logs
from playlists.asrun.plans import PlanBook, days_from
from playlists.asrun.statement import Statement
from playlists.kits.plan import KitPlan, dump_plan
from playlists.kits.planned import plan_kit
from playlists.reports.played import load_record
from playlists.schedules.history import open_ledger
from playlists.schedules.schedule import Day, Schedule, dump_schedule, load_schedule, path_of
from playlists.schedules.slot_ids import with_ids
from playlists.weeks.commands import schedule
from tests.playlists.asrun.screens import Player
from tests.playlists.factories import lesson, rendition, write_workspace
from tests.playlists.kits.weeks import PICTURES

WEEK, MONDAY = "2026-W47", date(2026, 11, 16)
DAYS = days_from(MONDAY, MONDAY + timedelta(days=6))
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A planned week, and the kit that was issued of it."""
    root = write_workspace(tmp_path)
    made = CliRunner().invoke(schedule, ["plan", "--week", WEEK, "--workspace", str(root)], obj=speak("en"))
    assert made.exit_code == 0, made.output
    workspace = open_workspace(root)
    issue(workspace, planned(workspace), 1)
    return workspace


def planned(workspace: Workspace) -> Schedule:
    return load_schedule(workspace.schedules_dir / WEEK / "square-01.json")


def issue(workspace: Workspace, one: Schedule, revision: int) -> KitPlan:
    made = {
        slot.sha256: rendition(lesson(0), slot.seconds, content=b"video")
        for day in one.days
        for slot in day.slots
        if slot.sha256
    }
    built = datetime(2026, 11, 14, 9, tzinfo=SHANGHAI)
    plan = plan_kit([one], made, PICTURES, revision=revision, built=built, zone=SHANGHAI)
    write_text(workspace.kits_dir / "square-01" / "issued" / f"{revision:04}.json", dump_plan(plan))
    return plan


def plan_anew(workspace: Workspace) -> Schedule:
    """Every slot of the week a minute later, so that none has the name it had; the first of each day left out."""
    one = planned(workspace)

    def later(day: Day) -> Day:
        slots = [slot.model_copy(update={"start": slot.start + timedelta(minutes=1)}) for slot in day.slots[1:]]
        return day.model_copy(update={"slots": tuple(slots)})

    changed = one.model_copy(update={"days": tuple(map(later, one.days))})
    write_text(path_of(changed, workspace.schedules_dir), dump_schedule(changed))
    return changed


def show(workspace: Workspace, folder: Path, one: Schedule, revision: int, day: int = 0) -> None:
    """Bring the log of that evening, by the kit of that revision."""
    some = with_ids(one.days[day].slots)
    kit = f"square-01_{WEEK}_r{revision}"
    played = Player(start=some[0][1].start, boot=f"b{revision}-{day}", kit=kit).evening(some)
    path = folder / f"{day}-{revision}.jsonl"
    path.write_bytes(played.content)
    assert import_logs(workspace, [path], clock.now(workspace)).problems == ()


def states(workspace: Workspace, day: int) -> list[str]:
    record = load_record(workspace, DAYS, clock.now(workspace), ["square-01"])
    [found] = [one for one in record.venues[0].days if one.day.date == DAYS[day]]
    return [one.state for one in found.outcomes]


def test_an_evening_is_judged_by_the_kit_that_was_there_and_the_others_as_planned(
    workspace: Workspace, tmp_path: Path
) -> None:
    before = planned(workspace)
    plan_anew(workspace)
    show(workspace, tmp_path, before, 1)
    assert states(workspace, 0) == ["whole"] * len(before.days[0].slots)
    assert states(workspace, 1) == ["silent"] * (len(before.days[1].slots) - 1)
    with open_ledger(workspace.cache_dir) as ledger:
        seen = {one.start for one in ledger.showings("square-01", 0, 2**40)}
    assert {int(slot.start.timestamp()) for slot in before.days[0].slots if slot.lesson} <= seen


def test_the_newest_of_the_kits_that_ran_on_a_day_counts(workspace: Workspace, tmp_path: Path) -> None:
    before = planned(workspace)
    after = plan_anew(workspace)
    issue(workspace, after, 2)
    show(workspace, tmp_path, before, 1)
    show(workspace, tmp_path, after, 2)
    assert states(workspace, 0) == ["whole"] * len(after.days[0].slots)


@pytest.mark.parametrize("kept", ["", "{", "of another kit"])
def test_a_kit_that_is_not_kept_any_more_changes_nothing(workspace: Workspace, tmp_path: Path, kept: str) -> None:
    before = planned(workspace)
    plan_anew(workspace)
    path = workspace.kits_dir / "square-01" / "issued" / "0001.json"
    path.write_text(path.read_text("utf-8").replace("_r1", "_r9") if len(kept) > 1 else kept, encoding="utf-8")
    show(workspace, tmp_path, before, 1)
    assert "missing" in states(workspace, 0)


def test_a_kit_that_does_not_cover_the_whole_day_says_nothing_of_it(workspace: Workspace) -> None:
    sunday = days_from(MONDAY - timedelta(days=1), MONDAY - timedelta(days=1))
    kit = f"square-01_{WEEK}_r1"
    awake = [
        Statement("square-01", "pc/b", "player", "awake", at_ms(day), 3600_000, name=kit) for day in (*sunday, MONDAY)
    ]
    found = PlanBook(workspace).of_days("square-01", [*sunday, MONDAY], awake)
    assert [one.date for one in found.days] == [MONDAY]


def test_a_week_that_was_lost_is_known_from_its_kit(workspace: Workspace, tmp_path: Path) -> None:
    before = planned(workspace)
    path_of(before, workspace.schedules_dir).unlink()
    show(workspace, tmp_path, before, 1)
    assert states(workspace, 0) == ["whole"] * len(before.days[0].slots)


def at_ms(day: date) -> int:
    return round(datetime(day.year, day.month, day.day, 18, tzinfo=SHANGHAI).timestamp() * 1000)
