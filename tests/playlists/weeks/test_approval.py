"""Where the settings ask for it, only what is approved is planned, listed and published; the checker sees to it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import pytest
from click.testing import CliRunner, Result

from cli import speak
from courseware.errors import InputError
from courseware.lessons.workspace import Workspace, load_catalogue, open_workspace
from courseware.reviews.approval import Approval
from courseware.reviews.work import ReviewRequest, approve, reject, submit
from playlists.almanac import clock
from playlists.checking.checker import Breach, check_schedules
from playlists.lists.commands import playlist
from playlists.lists.formats import EXPORTERS
from playlists.lists.found import find_lists
from playlists.lists.lists import Bundle, lessons_bundle, series_bundle, venue_bundle
from playlists.overview.commands import check
from playlists.overview.status import status
from playlists.publishing.announce import judge_week
from playlists.publishing.commands import publish
from playlists.reviews.commands import review
from playlists.weeks.making import PlannedCounty, county_to_plan, plan_county
from tests.playlists.factories import SERIES, SETTINGS, write_lesson, write_workspace

CHINA = ZoneInfo("Asia/Shanghai")
WEEK = "2026-W48"
ALL = [f"lesson-{number:03}" for number in range(6)]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    write_workspace(tmp_path)
    rules = "[review]\nrequired = true\nsteps = ['审定']\n"
    (tmp_path / "yuanjiao.toml").write_text(SETTINGS + rules, encoding="utf-8")
    return open_workspace(tmp_path)


def allow(workspace: Workspace, *lessons: str) -> None:
    submit(workspace, ReviewRequest(lessons, "王芳"))
    approve(workspace, ReviewRequest(lessons, "李主任"))


def plan(workspace: Workspace, *, anew: bool = False) -> PlannedCounty:
    county = county_to_plan(workspace)
    return plan_county(workspace, county, county.venues, WEEK, anew=anew)


def shown(planned: PlannedCounty) -> set[str]:
    return {slot.lesson for one in planned.schedules for day in one.days for slot in day.slots if slot.lesson}


def unapproved(workspace: Workspace) -> list[Breach]:
    report = check_schedules(workspace, [WEEK], today=date(2026, 11, 20))
    return [one for one in report.breaches if one.rule == "unapproved"]


def test_only_approved_videos_are_planned_and_the_others_are_named(workspace: Workspace) -> None:
    allow(workspace, *ALL[:4])
    planned = plan(workspace)
    assert shown(planned) == set(ALL[:4])
    (note,) = planned.notes
    assert note.where == "renditions/led-512x320"
    assert "2 videos may not be shown and are left out (lesson-004、lesson-005)" in note.render(str)
    assert unapproved(workspace) == []


def test_where_no_approval_is_asked_for_everything_is_planned(workspace: Workspace) -> None:
    (workspace.root / "yuanjiao.toml").write_text(SETTINGS, encoding="utf-8")
    planned = plan(open_workspace(workspace.root))
    assert shown(planned) == set(ALL)
    assert planned.notes == ()


def test_with_nothing_approved_nothing_is_shown(workspace: Workspace) -> None:
    planned = plan(workspace)
    assert shown(planned) == set()
    assert all(one.gaps for one in planned.schedules)
    reasons = {gap.reason.key for one in planned.schedules for gap in one.gaps}
    assert reasons == {("none_approved", "led-512x320")}


def test_an_approval_taken_back_is_found_at_its_minute_and_gone_from_the_next_plan(workspace: Workspace) -> None:
    allow(workspace, *ALL)
    first = plan(workspace)
    reject(workspace, ReviewRequest((ALL[2],), "李主任", "画面太暗"))
    expected = {
        (one.venue, slot.start)
        for one in first.schedules
        for day in one.days
        for slot in day.slots
        if slot.lesson == ALL[2]
    }
    found = unapproved(workspace)
    assert {(one.venue, one.at) for one in found} == expected
    assert all(one.hard for one in found)
    assert shown(plan(workspace)) == set(ALL) - {ALL[2]}
    assert unapproved(workspace) == []


def test_a_lesson_made_anew_is_not_shown_until_it_is_reviewed_again(workspace: Workspace) -> None:
    allow(workspace, *ALL)
    write_lesson(workspace.root, 3, 41, content=b"corrected" * 20)
    assert shown(plan(workspace)) == set(ALL) - {ALL[3]}
    allow(workspace, ALL[3])
    assert ALL[3] in shown(plan(workspace, anew=True))


def test_a_schedule_edited_to_show_something_unapproved_is_caught(workspace: Workspace) -> None:
    allow(workspace, *ALL[:5])
    plan(workspace)
    path = workspace.schedules_dir / WEEK / "square-01.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    slot = next(one for one in content["days"][0]["slots"] if one["lesson"])
    slot["sha256"] = "0" * 64
    path.write_text(json.dumps(content), encoding="utf-8")
    (found,) = unapproved(workspace)
    assert (found.venue, found.at.isoformat()) == ("square-01", slot["start"])


def test_a_week_with_something_unapproved_is_withheld_and_says_at_which_minute(workspace: Workspace) -> None:
    allow(workspace, *ALL)
    planned = plan(workspace)
    assert judge_week(workspace, planned.schedules).fit == planned.schedules
    reject(workspace, ReviewRequest((ALL[0],), "李主任", "过时"))
    verdict = judge_week(workspace, planned.schedules)
    refused = [one.venue for one in verdict.withheld]
    assert {one.venue for one in verdict.fit} == {one.venue for one in planned.schedules} - set(refused)
    assert "square-01" in refused
    *faults, advice = (problem.render(str) for problem in verdict.problems)
    assert all("(lesson-000) is not approved" in fault for fault in faults)
    assert len(faults) == len(refused)
    assert f"{WEEK}: is not published for {'、'.join(refused)}" in advice
    assert not any(day.slots for one in verdict.withheld for day in one.days)


def test_a_week_of_nothing_but_refused_venues_is_not_published_at_all(workspace: Workspace) -> None:
    allow(workspace, *ALL)
    plan(workspace)
    reject(workspace, ReviewRequest(tuple(ALL), "李主任", "过时"))
    arguments = ["--week", WEEK, "--workspace", str(workspace.root)]
    error = CliRunner().invoke(publish, arguments, obj=speak("en")).exception
    assert isinstance(error, InputError)
    assert [problem.where.split()[0] for problem in error.problems][-1] == WEEK
    assert not workspace.published_dir.exists()


def run(workspace: Workspace, command: click.Command, *arguments: str) -> Result:
    return CliRunner().invoke(command, [*arguments, "--workspace", str(workspace.root)], obj=speak("en"))


def test_what_was_rejected_after_it_was_published_disappears_from_every_page_and_list(workspace: Workspace) -> None:
    allow(workspace, *ALL)
    plan(workspace)
    assert run(workspace, publish, "--week", WEEK).exit_code == 0
    formats = [f"--format={name}" for name in EXPORTERS]
    assert run(workspace, playlist, "build", "square-01", "--week", WEEK, *formats).exit_code == 0
    built = find_lists(workspace.playlists_dir)
    folder = workspace.published_dir / WEEK
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    title = load_catalogue(workspace).lessons[0].title
    assert title in before["square-01.html"].decode()
    reject(workspace, ReviewRequest((ALL[0],), "李主任", "过时"))
    again = run(workspace, publish, "--week", WEEK)
    assert again.exit_code == 1
    assert "lesson-000) is not approved" in str(again.exception)
    after = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert after.keys() - before.keys() == {f"correction.{kind}" for kind in ("html", "pdf", "png", "txt")}
    assert before.keys() <= after.keys()
    assert [name for name in after if name != "station-01" and title.encode() in after[name]] == []
    for name in ("square-01.html", "square-01.pdf", "square-01.png", "index.html", "county.pdf", "county.png"):
        assert after[name] != before[name]
    assert "节目正在调整" in after["square-01.html"].decode()
    assert "节目正在调整" in after["index.html"].decode()
    shown = {path for path, one in built if "lesson-000.mp4" in str(one) or title in str(one)}
    assert {path.suffix for path in shown} == {exporter.suffix for exporter in EXPORTERS.values()}
    assert {path for path, _ in built if path.is_file()} == {path for path, _ in built} - shown


def test_a_rejection_names_the_weeks_venues_and_lists_that_hold_it(workspace: Workspace) -> None:
    allow(workspace, *ALL)
    plan(workspace)
    run(workspace, publish, "--week", WEEK, "--only", "pages")
    run(workspace, playlist, "build", "square-01", "--week", WEEK, "--day", "周二")
    command = ("reject", ALL[0], "--by", "李主任", "--reason", "过时")
    told = run(workspace, review, *command).stderr
    assert f"lesson-000: is published in {WEEK} for square-01" in told
    assert "lesson-000: playlists/" in told
    assert f"lesson-000: is published in {WEEK} for square-01" in str(run(workspace, check).exception)


def test_a_lesson_planned_and_not_yet_published_is_named_so(workspace: Workspace) -> None:
    allow(workspace, *ALL)
    plan(workspace)
    told = run(workspace, review, "reject", ALL[0], "--by", "李主任", "--reason", "过时").stderr
    assert f"lesson-000: is planned in {WEEK} for square-01" in told


def test_what_was_shown_before_it_was_taken_back_stops_no_publication_and_no_list(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(workspace, *ALL)
    plan(workspace)
    monkeypatch.setattr(clock, "now", lambda _workspace: datetime(2026, 11, 25, 8, tzinfo=CHINA))
    reject(workspace, ReviewRequest((ALL[0],), "李主任", "过时"))
    planned = plan(workspace)
    square = next(one for one in planned.schedules if one.venue == "square-01")
    shown_on = [{slot.lesson for slot in day.slots} for day in square.days]
    assert [ALL[0] in lessons for lessons in shown_on] == [True, True, *[False] * 5]
    assert judge_week(workspace, planned.schedules).fit == planned.schedules
    bundle = venue_bundle(workspace, square, today=date(2026, 11, 25))
    assert sorted({one.name[:10] for one in bundle.rundowns["window"]}) == [f"2026-11-{day}" for day in range(25, 30)]


def test_of_a_week_that_is_past_every_list_is_built(workspace: Workspace) -> None:
    allow(workspace, *ALL)
    (square, *_) = plan(workspace).schedules
    assert len(venue_bundle(workspace, square, today=date(2026, 12, 24)).rundowns["window"]) == 8


def test_no_list_is_built_of_what_is_not_approved(workspace: Workspace) -> None:
    allow(workspace, *ALL)
    (square, *_) = plan(workspace).schedules
    lessons = load_catalogue(workspace).lessons
    assert venue_bundle(workspace, square).rundowns["window"]
    reject(workspace, ReviewRequest((ALL[0],), "李主任", "过时"))
    builds: tuple[Callable[[], Bundle], ...] = (
        lambda: venue_bundle(workspace, square),
        lambda: lessons_bundle(workspace, lessons[:2], "led-512x320"),
    )
    for build in builds:
        with pytest.raises(InputError, match="lesson-000: is not approved for showing"):
            build()


def test_a_list_of_a_series_is_built_without_what_may_not_be_shown_and_says_so(workspace: Workspace) -> None:
    allow(workspace, *ALL)
    lessons = [one.model_copy(update={"series": SERIES[0]}) for one in load_catalogue(workspace).lessons]
    today = date(2026, 11, 24)
    whole = series_bundle(workspace, lessons, SERIES[0], "led-512x320", today)
    assert whole.left_out == ()
    first, second, *rest = whole.items
    reject(workspace, ReviewRequest((first,), "李主任", "过时"))
    until = {second: date(2026, 11, 23)}
    ended = [one.model_copy(update={"valid_until": until.get(one.id)}) for one in lessons]
    partly = series_bundle(workspace, ended, SERIES[0], "led-512x320", today)
    assert list(partly.items) == rest
    assert [str(one.what)[:12] for one in partly.left_out] == ["is not appro", "is not valid"]
    reject(workspace, ReviewRequest(tuple(rest), "李主任", "过时"))
    with pytest.raises(InputError, match=f"{first}: is not approved for showing"):
        series_bundle(workspace, ended, SERIES[0], "led-512x320", today)


def test_the_status_counts_what_is_approved(workspace: Workspace) -> None:
    allow(workspace, *ALL[:2])
    assert status(workspace, WEEK).total.reviewed == 2


def test_without_a_demand_everything_is_allowed_and_with_one_only_what_is_listed() -> None:
    assert Approval().allows("anything")
    assert [Approval(frozenset({"a"})).allows(one) for one in ("a", "b")] == [True, False]


def test_what_was_rejected_is_not_shown_where_no_approval_is_asked_for_either(workspace: Workspace) -> None:
    allow(workspace, *ALL)
    settings = workspace.root / "yuanjiao.toml"
    settings.write_text(settings.read_text("utf-8").replace("required = true", "required = false"), encoding="utf-8")
    lax = open_workspace(workspace.root)
    assert shown(plan(lax)) == set(ALL)
    reject(lax, ReviewRequest((ALL[0],), "李主任", "过时"))
    found = unapproved(lax)
    assert found
    assert all("was rejected; see “yuanjiao review status”" in one.what.render(str) for one in found)
    assert f"lesson-000: is planned in {WEEK} for square-01" in str(run(lax, check).exception)
    assert shown(plan(lax)) == set(ALL) - {ALL[0]}
    assert unapproved(lax) == []
