"""The schedule commands from end to end: plan, change, plan again, compare, look up."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from courseware.lessons.workspace import open_workspace
from playlists.almanac import clock
from playlists.county.weeks import planned_weeks
from playlists.overview.check import check_workspace
from playlists.overview.status import status
from playlists.publishing.announce import gone_venues
from tests.playlists.factories import announce, write_workspace
from tests.playlists.test_commands import document, run

WEEK = ("--week", "2026-W48")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    root = write_workspace(tmp_path, (131, 97, 89, 141, 173, 56, 60, 64, 77, 83, 101, 119))
    assert run(root, "schedule", "plan", *WEEK).exit_code == 0
    return root


def publish(root: Path) -> int:
    workspace = open_workspace(root)
    schedules, problems = planned_weeks(workspace, "2026-W48")
    assert not problems
    revision = announce(workspace, schedules)
    return revision.number


def slots(root: Path, venue: str = "square-01") -> list[dict[str, Any]]:
    week = json.loads((root / "schedules" / "2026-W48" / f"{venue}.json").read_text(encoding="utf-8"))
    return [slot for day in week["days"] for slot in day["slots"] if slot["lesson"]]


def test_a_diff_needs_something_published(workspace: Path) -> None:
    result = run(workspace, "schedule", "diff", *WEEK)
    assert result.exit_code == 2
    assert "not published yet" in result.stderr


def test_a_forbidden_lesson_leaves_the_plan_and_the_diff_tells_for_whom(workspace: Path) -> None:
    assert publish(workspace) == 1
    assert "Nothing has changed" in run(workspace, "schedule", "diff", *WEEK).stdout
    victim = slots(workspace)[0]["lesson"]
    assert run(workspace, "schedule", "edit", "never", victim, "square-01").exit_code == 0
    run(workspace, "schedule", "plan", *WEEK)
    assert victim not in {slot["lesson"] for slot in slots(workspace)}
    changes = document(run(workspace, "schedule", "diff", *WEEK, "--json"))["changes"]
    assert {one["venue"] for one in changes} == {"square-01"}
    words = run(workspace, "schedule", "diff", *WEEK).stdout
    assert "changes at 1 venues" in words
    assert publish(workspace) == 2
    assert publish(workspace) == 2
    before = document(run(workspace, "schedule", "diff", *WEEK, "--revision", "1", "--json"))["changes"]
    assert before == changes


def test_an_edit_taken_back_gives_the_published_plan_again(workspace: Path) -> None:
    publish(workspace)
    before = slots(workspace)
    run(workspace, "schedule", "edit", "never", before[0]["lesson"])
    run(workspace, "schedule", "plan", *WEEK)
    assert slots(workspace) != before
    (workspace / "edits.toml").unlink()
    run(workspace, "schedule", "plan", *WEEK)
    assert slots(workspace) == before


def test_what_is_pinned_and_swapped_stays_through_planning_anew(workspace: Path) -> None:
    first = slots(workspace)
    pinned = first[2]
    at = pinned["start"][:19]
    assert run(workspace, "schedule", "edit", "pin", "square-01", at).exit_code == 0
    run(workspace, "schedule", "plan", *WEEK, "--anew", "--seed", "7")
    (kept,) = [slot for slot in slots(workspace) if slot["why"] == "pin"]
    assert (kept["start"], kept["lesson"]) == (pinned["start"], pinned["lesson"])
    monday = [slot for slot in slots(workspace) if slot["start"].startswith("2026-11-24")]
    one, other = monday[0], monday[3]
    both = other["start"][:19], one["start"][:19]
    swap = run(workspace, "schedule", "edit", "swap", "文化广场", *both, "--json")
    assert swap.exit_code == 0, swap.stderr
    assert json.loads(swap.stdout)["venue"] == "square-01"
    run(workspace, "schedule", "plan", *WEEK)
    again = [slot for slot in slots(workspace) if slot["start"].startswith("2026-11-24")]
    assert [again[0]["lesson"], again[3]["lesson"]] == [other["lesson"], one["lesson"]]


def test_a_pin_that_cannot_be_kept_is_a_problem_and_the_rest_is_planned(workspace: Path) -> None:
    pin = '[[pin]]\nvenue = "square-01"\nat = 2026-11-24T03:00:00\nlesson = "lesson-001"\n'
    (workspace / "edits.toml").write_text(pin, encoding="utf-8")
    result = run(workspace, "schedule", "plan", *WEEK)
    assert result.exit_code == 1
    assert "lesson-001 cannot be shown at 2026-11-24 03:00:00" in result.stderr


def test_planning_another_week_starts_with_what_this_one_did_not_show(workspace: Path) -> None:
    run(workspace, "schedule", "plan", "--week", "2026-W49")
    report = document(run(workspace, "schedule", "history", "--json"))
    assert report["planned"] == ["2026-W48", "2026-W49"]
    assert report["shown"] == []


def test_the_history_is_rebuilt_from_what_was_published(workspace: Path) -> None:
    publish(workspace)
    (workspace / ".yuanjiao" / "state.sqlite").unlink()
    report = document(run(workspace, "schedule", "history", "--rebuild", "--json"))
    assert (report["rebuilt"], report["published"], report["planned"]) == (2, ["2026-W48"], [])


def test_the_county_is_shown_at_a_moment(workspace: Path) -> None:
    slot = slots(workspace)[1]
    day, at = slot["start"][:10], slot["start"][11:19]
    shown = document(run(workspace, "schedule", "show", "--day", day, "--at", at, "--json"))["venues"]
    assert [one["venue"] for one in shown] == ["square-01", "station-01"]
    assert shown[0]["slot"]["lesson"] == slot["lesson"]
    assert shown[1]["slot"] is None
    assert slot["title"] in run(workspace, "schedule", "show", "--day", day, "--at", at).stdout


def test_the_showings_of_a_lesson_and_the_coverage_agree(workspace: Path) -> None:
    lesson = slots(workspace)[0]["lesson"]
    showings = document(run(workspace, "schedule", "show", "--lesson", lesson, *WEEK, "--json"))["showings"]
    rows = document(run(workspace, "schedule", "show", "--coverage", *WEEK, "--json"))["lessons"]
    row = next(one for one in rows if one["lesson"] == lesson)
    assert row["showings"] == len(showings)
    assert row["most_at_one_venue"] == sum(one["venue"] == "square-01" for one in showings)
    assert len(rows) == 12
    assert run(workspace, "schedule", "show", "--coverage", *WEEK).exit_code == 0
    assert run(workspace, "schedule", "show", "--lesson", lesson, *WEEK).exit_code == 0


def test_every_slot_of_a_day_has_its_reason(workspace: Path) -> None:
    day = document(run(workspace, "schedule", "show", "square-01", *WEEK, "--day", "周三", "--why", "--json"))
    assert all(one["why"] for one in day["slots"])
    assert any("calendar.toml" in one["why"][0] for one in day["slots"])
    told = run(workspace, "schedule", "show", "square-01", *WEEK, "--day", "周五", "--why").stdout
    assert "of this month" in told
    assert "本月" not in told


def test_requests_of_the_sheet_are_met(workspace: Path) -> None:
    sheet = "场所,课件,日期\nsquare-01,课件7,2026-11-22\nsquare-01,没有这课,2026-11-22\n"
    (workspace / "requests.csv").write_text(sheet, encoding="utf-8")
    result = run(workspace, "schedule", "plan", *WEEK, "--anew")
    assert result.exit_code == 1
    assert "没有这课" in result.stderr
    assert [slot["lesson"] for slot in slots(workspace) if slot["why"] == "request"] == ["lesson-007"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("schedule", "show"),
        ("schedule", "show", "--at", "19:42"),
        ("schedule", "show", "--day", "周二", "--at", "later"),
        ("schedule", "show", "square-01", "--coverage"),
        ("schedule", "show", "--lesson", "lesson-99"),
        ("schedule", "edit", "pin", "square-01", "2026-11-24T03:00:00"),
        ("schedule", "edit", "pin", "square-01", "2026-11-24T03:00:00", "lesson-001"),
        ("schedule", "edit", "pin", "square-01", "2026-11-24", "lesson-001"),
        ("schedule", "edit", "never", "lesson-001", "--from", "2026-13-01"),
        ("schedule", "edit", "never", "lesson-99"),
        ("schedule", "edit", "never", "lesson-001", "squar"),
        ("schedule", "diff", "--revision", "9"),
    ],
)
def test_a_wrong_request_is_one_message_and_changes_nothing(workspace: Path, arguments: tuple[str, ...]) -> None:
    result = run(workspace, *arguments)
    assert result.exit_code == 2, result.stdout
    assert len(result.stderr.splitlines()) == 1, result.stderr
    assert not (workspace / "edits.toml").exists()


def schedule_file(root: Path, venue: str = "square-01", week: str = "2026-W48") -> Path:
    return root / "schedules" / week / f"{venue}.json"


def break_file(root: Path, venue: str = "square-01") -> bytes:
    """Somebody loses a quote while editing; returns what stands in the file then."""
    path = schedule_file(root, venue)
    path.write_bytes(path.read_bytes().replace(b'"title"', b'"title', 1))
    return path.read_bytes()


def at(monkeypatch: pytest.MonkeyPatch, now: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    monkeypatch.setattr(clock, "now", lambda _workspace: moment)


def test_a_file_that_cannot_be_read_is_not_replaced_and_the_others_are_planned(workspace: Path) -> None:
    broken = break_file(workspace)
    schedule_file(workspace, "station-01").unlink()
    result = run(workspace, "schedule", "plan", *WEEK)
    assert result.exit_code == 1
    assert "2026-W48/square-01.json: this is no longer a schedule" in result.stderr
    assert schedule_file(workspace).read_bytes() == broken
    assert schedule_file(workspace, "station-01").is_file()


def test_a_file_that_cannot_be_read_is_kept_beside_when_the_week_is_planned_anew(workspace: Path) -> None:
    broken = break_file(workspace)
    result = run(workspace, "schedule", "plan", *WEEK, "--anew")
    assert result.exit_code == 0
    assert "kept as square-01.json.bak" in result.stderr
    assert schedule_file(workspace).with_name("square-01.json.bak").read_bytes() == broken
    other = break_file(workspace)[:-9]
    schedule_file(workspace).write_bytes(other)
    run(workspace, "schedule", "plan", *WEEK, "--anew")
    assert schedule_file(workspace).with_name("square-01.json.bak").read_bytes() == broken
    assert schedule_file(workspace).with_name("square-01.json.2.bak").read_bytes() == other


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_file_saved_by_another_editor_is_read(workspace: Path, encoding: str) -> None:
    before = schedule_file(workspace).read_bytes()
    schedule_file(workspace).write_bytes(before.decode().encode(encoding))
    assert run(workspace, "schedule", "show", "square-01", *WEEK).exit_code == 0
    assert run(workspace, "schedule", "check", "square-01", *WEEK).exit_code == 0
    assert run(workspace, "schedule", "plan", *WEEK).exit_code == 0
    assert schedule_file(workspace).read_bytes() == before


def test_a_venue_whose_file_is_damaged_keeps_what_was_announced(workspace: Path) -> None:
    run(workspace, "schedule", "plan", *WEEK, "--anew", "--seed", "7")
    publish(workspace)
    announced = schedule_file(workspace).read_bytes()
    schedule_file(workspace).write_text("x", encoding="utf-8")
    workspace_ = open_workspace(workspace)
    schedules, _ = planned_weeks(workspace_, "2026-W48")
    changed = schedules[0].model_copy(update={"town": "别处"})
    revision = announce(workspace_, [changed])
    assert (revision.number, dict(revision.venues)) == (2, {"station-01": 2, "square-01": 1})
    assert run(workspace, "schedule", "plan", "square-01", *WEEK).exit_code == 0
    assert schedule_file(workspace).read_bytes() == announced
    report = document(run(workspace, "schedule", "history", "--rebuild", "--json"))
    assert report["rebuilt"] == 2


def test_venues_that_were_published_and_are_none_any_more_are_known(workspace: Path) -> None:
    publish(workspace)
    assert gone_venues(open_workspace(workspace), "2026-W48") == ()
    sheet = workspace / "venues.csv"
    rows = sheet.read_text(encoding="utf-8")
    sheet.write_text(rows.replace("station-01", "STATION-01").replace("square-01", "square-02"), encoding="utf-8")
    assert gone_venues(open_workspace(workspace), "2026-W48") == ("square-01",)
    sheet.write_text(rows.replace("square-01,文化广场", "square-02,"), encoding="utf-8")
    assert gone_venues(open_workspace(workspace), "2026-W48") == ()


def test_a_diff_names_venues_that_are_new_gone_or_unknown(workspace: Path) -> None:
    publish(workspace)
    sheet = workspace / "venues.csv"
    rows = sheet.read_text(encoding="utf-8").splitlines()
    sheet.write_text("\n".join((*rows[:2], rows[1].replace("square-01,文化", "square-02,新"))), encoding="utf-8")
    run(workspace, "schedule", "plan", *WEEK)
    changes = document(run(workspace, "schedule", "diff", *WEEK, "--json"))["changes"]
    assert [(one["venue"], one["kind"]) for one in changes] == [
        ("square-02", "venue_added"),
        ("station-01", "venue_removed"),
    ]
    only = document(run(workspace, "schedule", "diff", "station-01", *WEEK, "--json"))["changes"]
    assert [one["venue"] for one in only] == ["station-01"]
    unknown = run(workspace, "schedule", "diff", "squar-01", *WEEK)
    assert (unknown.exit_code, "did you mean square-01?" in unknown.stderr) == (2, True)


def test_planning_anew_in_the_evening_keeps_what_was_shown(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = schedule_file(workspace)
    week = json.loads(path.read_text(encoding="utf-8"))
    first, second, *_ = week["days"][1]["slots"]
    start = datetime.fromisoformat(first["start"])
    second["start"] = first["start"]
    first["start"] = (start + timedelta(seconds=second["seconds"])).isoformat()
    week["days"][1]["slots"][:2] = second, first
    path.write_text(json.dumps(week), encoding="utf-8")
    began = (start + timedelta(seconds=second["seconds"] + 1)).replace(tzinfo=None).isoformat()
    at(monkeypatch, began)
    run(workspace, "schedule", "plan", *WEEK, "--anew", "--seed", "3")
    tuesday = [one for one in slots(workspace) if one["start"].startswith("2026-11-24")]
    assert [one["lesson"] for one in tuesday[:2]] == [second["lesson"], first["lesson"]]
    assert len(tuesday) > 2


def test_a_moment_after_midnight_on_monday_is_looked_up_on_sunday_evening(tmp_path: Path) -> None:
    root = write_workspace(tmp_path, (131, 97, 89, 141, 173, 56, 60, 64, 77, 83, 101, 119))
    sheet = root / "venues.csv"
    sheet.write_text(sheet.read_text(encoding="utf-8").replace("19:00-19:20", "23:50-00:10"), encoding="utf-8")
    for week in ("2026-W48", "2026-W49"):
        run(root, "schedule", "plan", "--week", week)
    shown = document(run(root, "schedule", "show", "--at", "00:05", "--day", "周一", "--week", "2026-w49", "--json"))
    start = shown["venues"][0]["slot"]["start"]
    assert start.startswith("2026-11-30T00:0")
    lesson = shown["venues"][0]["slot"]["lesson"]
    words = run(root, "schedule", "show", "--lesson", lesson, "--day", "周日", *WEEK).stdout
    assert f"next day {start[11:19]}" in words
    assert "11-29 Sun" in words
    assert "11-28 Sat" not in words


def test_a_pin_that_stands_already_is_not_written_twice(workspace: Path) -> None:
    pin = ("schedule", "edit", "pin", "square-01")
    assert run(workspace, *pin, "2026-11-24 19:00", "lesson-001").exit_code == 0
    before = (workspace / "edits.toml").read_bytes()
    again = run(workspace, *pin, "2026-11-24T19:00:00", "lesson-001")
    other = run(workspace, *pin, "2026-11-24T19:00", "lesson-002")
    late = run(workspace, *pin, "2026-11-24T19:19", "lesson-003")
    assert "lesson-001 is fixed at 2026-11-24 19:00:00 already" in again.stderr
    assert "remove that pin first" in other.stderr
    assert "it is open 19:00-19:20" in late.stderr
    assert {one.exit_code for one in (again, other, late)} == {2}
    assert (workspace / "edits.toml").read_bytes() == before


@pytest.mark.parametrize("how", [(), ("--anew",)])
def test_a_week_changed_by_hand_is_kept_beside_when_it_is_planned_again(
    workspace: Path, how: tuple[str, ...]
) -> None:
    path = schedule_file(workspace)
    assert "kept as" not in run(workspace, "schedule", "plan", *WEEK, *how).stderr
    publish(workspace)
    edited = path.read_text(encoding="utf-8").replace('"note": ""', '"note": "请提前到场"', 1)
    path.write_text(edited, encoding="utf-8")
    told = run(workspace, "schedule", "plan", *WEEK, *how).stderr
    assert (
        "schedules/2026-W48/square-01.json: was changed by hand; what stood in it is kept as square-01.json.bak"
        in told
    )
    assert path.with_name("square-01.json.bak").read_text(encoding="utf-8") == edited
    assert "kept as" not in run(workspace, "schedule", "plan", *WEEK, *how).stderr


def test_a_lost_history_is_told_and_written_again_from_what_was_published(workspace: Path) -> None:
    publish(workspace)
    (workspace / ".yuanjiao" / "state.sqlite").unlink()
    told = "state.sqlite: is missing although weeks were published"
    assert told in " ".join(one.render(str) for one in check_workspace(workspace).problems)
    assert told in " ".join(one.render(str) for one in status(open_workspace(workspace), "2026-W48").problems)
    assert told in run(workspace, "schedule", "plan", *WEEK).stderr
    report = document(run(workspace, "schedule", "history", "--json"))
    assert (report["published"], report["planned"]) == (["2026-W48"], ["2026-W48"])
