"""A takeover shows one lesson at many venues for some hours: asked for, planned, checked, told, over, called off."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result

from cli import main
from playlists.almanac import clock
from playlists.files.by_hand.takeovers import Takeover, showings
from playlists.files.edits import load_edits
from playlists.publishing.digest import digest_week
from playlists.schedules.schedule import Slot, load_schedule
from tests.playlists.factories import CALENDAR, write_workspace

WEEK = "2026-W48"
EVENING = ("--town", "江北镇", "--from", "2026-11-25 19:02", "--until", "2026-11-25 19:18", "--by", "王芳")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A square that is open 19:00-19:20 with a lecture 19:05-19:15 on Wednesday, and a station that is shut then."""
    monkeypatch.setattr(clock, "now", lambda _workspace: datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Asia/Shanghai")))
    root = write_workspace(tmp_path)
    (root / "calendar.toml").write_text(CALENDAR, encoding="utf-8")
    return root


def run(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--lang", "en", *arguments, "--workspace", str(root)])


def take(root: Path, *arguments: str, lesson: str = "lesson-001") -> Result:
    return run(root, "schedule", "takeover", *arguments, "--lesson", lesson)


def planned(root: Path, day: int = 2) -> list[Slot]:
    assert run(root, "schedule", "plan", "--week", WEEK).exit_code == 0
    return list(load_schedule(root / "schedules" / WEEK / "square-01.json").days[day].slots)


def taken(slots: list[Slot]) -> list[tuple[str, str]]:
    return [(f"{slot.start:%H:%M:%S}", slot.lesson) for slot in slots if slot.block == "统一播放"]


def breaches(root: Path) -> list[str]:
    """What the checker finds, but seconds that no whole lesson fills."""
    found = json.loads(run(root, "schedule", "check", "--week", WEEK, "--json").stdout)["breaches"]
    return [one["what"] for one in found if one["rule"] != "unfilled"]


def at(said: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-25T{said}:00")


def takeover(first: str, last: str, **others: object) -> Takeover:
    return Takeover.model_validate({"venues": "*", "lesson": "x", "from": at(first), "until": at(last), **others})


def test_it_fills_what_is_open_and_free_with_whole_showings() -> None:
    windows, busy = [(at("18:30"), at("20:30")), (at("21:00"), at("22:00"))], [(at("19:30"), at("20:00"))]
    found = showings(takeover("19:00", "21:30"), windows, busy, 1000)
    assert [f"{one:%H:%M:%S}" for one in found] == ["19:00:00", "20:00:00", "21:00:00"]
    assert [f"{one:%H:%M}" for one in showings(takeover("19:00", "21:30", once=True), windows, busy, 1000)] == [
        "19:00"
    ]
    assert list(showings(takeover("18:00", "21:30", once=True), windows, busy, 1000)) == []
    assert [f"{one:%H:%M}" for one in showings(takeover("19:00", "21:30"), windows, busy, 0)] == ["19:00"]


def test_it_is_one_entry_in_edits_toml_and_is_planned_checked_and_told(root: Path) -> None:
    done = take(root, *EVENING, "--reason", "学习新政策")
    assert "1 venues, 25 to 25 showings each" in done.output
    assert "双河村站点" in done.output
    (entry,) = load_edits(root / "edits.toml").takeover
    assert (entry.towns, entry.by, entry.reason) == (("江北镇",), "王芳", "学习新政策")
    slots = planned(root)
    assert taken(slots)[:2] == [("19:02:00", "lesson-001"), ("19:02:37", "lesson-001")]
    assert {slot.lesson for slot in slots if "19:02" <= f"{slot.start:%H:%M}" < "19:04"} == {"lesson-001"}
    assert [f"{slot.start:%H:%M}" for slot in slots if slot.kind == "lecture"] == ["19:05"]
    assert taken(planned(root, day=3)) == []
    assert breaches(root) == []
    told = digest_week(load_schedule(root / "schedules" / WEEK / "square-01.json"), None).events
    assert [(one.label, one.title, one.time) for one in told] == [
        ("统一播放", "《课件1》", "19:02–19:04"),
        ("宣讲", "农家夜话", "19:05–19:15"),
        ("统一播放", "《课件1》", "19:15–19:17"),
    ]


def test_called_off_it_leaves_no_trace_in_the_next_plan_and_stays_in_the_file(root: Path) -> None:
    take(root, *EVENING)
    assert taken(planned(root))
    assert run(root, "schedule", "takeover", "--cancel", "1").exit_code == 0
    slots = planned(root)
    assert (taken(slots), {slot.why for slot in slots} & {"pin"}) == ([], set())
    (listed,) = json.loads(run(root, "schedule", "takeover", "--list", "--json").stdout)["takeovers"]
    assert (listed["state"], listed["towns"], listed["lesson"]) == ("cancelled", ["江北镇"], "lesson-001")
    assert "called off, already" in run(root, "schedule", "takeover", "--cancel", "1").output
    assert "no takeover of this number" in run(root, "schedule", "takeover", "--cancel", "7").output


def test_once_it_is_a_pin_at_each_venue(root: Path) -> None:
    assert take(root, "--group", "广场", "--from", "2026-11-25 19:16", "--once").exit_code == 0
    assert taken(planned(root)) == [("19:16:00", "lesson-001")]


def test_a_pin_by_hand_gives_way_while_it_lasts(root: Path) -> None:
    for moment in ("2026-11-25T19:03:00", "2026-11-26T19:03:00"):
        assert run(root, "schedule", "edit", "pin", "square-01", moment, "lesson-002").exit_code == 0
    take(root, *EVENING)
    assert ("19:03:00", "lesson-002") not in [(f"{one.start:%H:%M:%S}", one.lesson) for one in planned(root)]
    thursday = [(f"{one.start:%H:%M:%S}", one.lesson) for one in planned(root, day=3)]
    assert ("19:03:00", "lesson-002") in thursday
    assert breaches(root) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--town", "江比镇", "--from", "19:00", "--until", "20:00"), "did you mean"),
        (("--from", "19:00", "--until", "20:00"), "say for whom"),
        (("--town", "江北镇", "--from", "20:00", "--until", "19:00"), "is not after --from"),
        (("--town", "江北镇", "--from", "19:00"), "say when"),
        (("--town", "江北镇", "--from", "昨天19:00", "--until", "昨天19:20"), "is past"),
        (("--town", "江北镇", "--from", "明天03:00", "--until", "明天04:00"), "none of the venues is open"),
        (("--town", "江北镇", "--from", "明天19:00", "--until", "2026-12-20 19:00"), "longer than 7 days"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(root: Path, arguments: tuple[str, ...], said: str) -> None:
    done = take(root, *arguments)
    assert said in done.output
    assert done.exit_code == 2
    assert not (root / "edits.toml").exists()


def test_a_lesson_that_is_not_approved_or_not_made_is_refused(root: Path) -> None:
    settings = root / "yuanjiao.toml"
    settings.write_text(settings.read_text("utf-8") + "[review]\nrequired = true\n", encoding="utf-8")
    assert "is not approved for showing" in take(root, *EVENING).output
    settings.write_text(settings.read_text("utf-8").replace("required = true", "required = false"), encoding="utf-8")
    (root / "renditions" / "led-512x320" / "lesson-001.json").unlink()
    assert "is not rendered for led-512x320" in take(root, *EVENING).output
    toml = root / "courseware" / "lesson-002" / "lesson.toml"
    toml.write_text(toml.read_text("utf-8") + "valid_until = 2026-11-24\n", encoding="utf-8")
    assert "is not valid on 2026-11-25" in take(root, *EVENING, lesson="lesson-002").output


def test_two_of_the_same_hours_at_one_venue_are_refused(root: Path) -> None:
    take(root, *EVENING)
    done = take(root, "square-01", "--from", "2026-11-25 19:10", "--until", "2026-11-25 19:20", lesson="lesson-002")
    assert "takeover 1 has square-01 from 11-25 19:02 to 11-25 19:18" in done.output
    assert take(root, "square-01", "--from", "2026-11-25 19:18", "--until", "2026-11-25 19:20").exit_code == 0


def test_names_in_the_file_that_mean_nothing_are_told(root: Path) -> None:
    said = 'venues = ["square-9"]\ntowns = ["江北"]\nlesson = "lesson-1"\n'
    times = "from = 2026-11-25T19:00:00\nuntil = 2026-11-25T19:20:00\n"
    (root / "edits.toml").write_text(f"[[takeover]]\n{said}{times}", encoding="utf-8")
    found = run(root, "check").output
    for part in ("takeover.1.venues", "takeover.1.towns", "takeover.1.lesson"):
        assert part in found
