from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cli import main
from tests.playlists.factories import write_lesson, write_workspace

WEEK = ("--week", "2026-W48")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return write_workspace(tmp_path)


def run(workspace: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--lang", "en", *arguments, "--workspace", str(workspace)])


def document(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.stderr
    read: dict[str, Any] = json.loads(result.stdout)
    return read


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file but locks, which hold nothing."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_planning_writes_a_schedule_for_every_venue_and_sums_them_up(workspace: Path) -> None:
    result = run(workspace, "schedule", "plan", *WEEK)
    assert result.exit_code == 0, result.stderr
    assert sorted(snapshot(workspace / "schedules")) == ["2026-W48/square-01.json", "2026-W48/station-01.json"]
    assert "文化广场" in result.stdout


def test_the_summary_as_json_has_numbers_and_files(workspace: Path) -> None:
    report = document(run(workspace, "schedule", "plan", *WEEK, "--json"))
    square, station = report["venues"]
    assert (square["venue"], square["days"], square["events"], square["missing_seconds"]) == ("square-01", 7, 1, 0)
    assert (station["days"], station["seconds"], station["gaps"]) == (1, 600, [])
    assert station["file"] == "schedules/2026-W48/station-01.json"


def test_planning_twice_gives_the_same_bytes(workspace: Path) -> None:
    run(workspace, "schedule", "plan", *WEEK)
    before = snapshot(workspace / "schedules")
    run(workspace, "schedule", "plan", *WEEK)
    assert snapshot(workspace / "schedules") == before


def test_only_the_named_venues_are_planned(workspace: Path) -> None:
    run(workspace, "schedule", "plan", "station-01", *WEEK)
    assert sorted(snapshot(workspace / "schedules")) == ["2026-W48/station-01.json"]


def test_one_bad_row_does_not_stop_the_others(workspace: Path) -> None:
    with (workspace / "venues.csv").open("a", encoding="utf-8") as sheet:
        sheet.write("square-02,老街广场,广场,,,511x320,每天 19:00-20:00,\n")
        sheet.write("square-03,新街广场,广场,,,320x160,每天 19:00-20:00,\n")
    result = run(workspace, "schedule", "plan", *WEEK)
    assert result.exit_code == 1
    assert "venues.csv:4, 屏幕" in result.stderr
    assert "led-320x160" in result.stderr  # nothing is rendered for it
    assert "2026-W48/square-01.json" in snapshot(workspace / "schedules")


def test_a_name_that_nothing_bears_fails_after_planning(workspace: Path) -> None:
    calendar = workspace / "calendar.toml"
    calendar.write_text(calendar.read_text(encoding="utf-8").replace('"广场"', '"squar-01"'), encoding="utf-8")
    result = run(workspace, "schedule", "plan", *WEEK)
    assert result.exit_code == 1
    assert "did you mean square-01" in result.stderr
    assert len(snapshot(workspace / "schedules")) == 2


def test_mistakes_in_both_planning_files_are_told_at_once(workspace: Path) -> None:
    (workspace / "programmes.toml").write_text("[[programme]]\nid = 3\n", encoding="utf-8")
    (workspace / "calendar.toml").write_text("[[lektion]]\n", encoding="utf-8")
    result = run(workspace, "schedule", "plan", *WEEK)
    assert result.exit_code == 2
    assert "programmes.toml: programme.1.id" in result.stderr
    assert "calendar.toml: lektion" in result.stderr
    assert not (workspace / "schedules").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("schedule", "plan", "--week", "2026-48"),
        ("schedule", "plan", "squar-01", *WEEK),
        ("schedule", "show", "square-01", *WEEK),
        ("schedule", "show", "nowhere", *WEEK),
        ("schedule", "show", "square-01"),
        ("playlist", "build"),
        ("playlist", "build", "square-01", "--series", "扶贫实用技术"),
        ("playlist", "build", "--series", "扶贫实用"),
        ("playlist", "build", "--lesson", "lesson-0"),
        ("playlist", "build", "--lesson", "lesson-001", "--profile", "led-511x320"),
        ("playlist", "build", "--lesson", "lesson-001", "--profile", "wechat"),
    ],
)
def test_a_wrong_request_is_one_message_and_writes_nothing(workspace: Path, arguments: tuple[str, ...]) -> None:
    before = snapshot(workspace)
    result = run(workspace, *arguments)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1, result.stderr
    assert snapshot(workspace) == before


def test_a_week_and_a_day_are_shown(workspace: Path) -> None:
    run(workspace, "schedule", "plan", *WEEK)
    week = run(workspace, "schedule", "show", "square-01", *WEEK)
    assert "19:05 Lecture: 农家夜话" in week.stdout
    assert "11-23 Mon" in week.stdout
    day = run(workspace, "schedule", "show", "square-01", *WEEK, "--day", "周三")
    assert "19:00:00" in day.stdout
    assert "主讲：李老师" not in day.stderr
    assert run(workspace, "schedule", "show", "square-01", "--day", "2026-11-25").stdout == day.stdout


def test_a_week_and_a_day_are_shown_as_json(workspace: Path) -> None:
    run(workspace, "schedule", "plan", *WEEK)
    assert len(document(run(workspace, "schedule", "show", "square-01", *WEEK, "--json"))["days"]) == 7
    day = document(run(workspace, "schedule", "show", "square-01", *WEEK, "--day", "周三", "--json"))
    assert day["date"] == "2026-11-25"
    assert day["slots"][0]["file"].startswith("renditions/led-512x320/lesson-")


def test_a_venues_lists_lead_to_files_that_exist(workspace: Path) -> None:
    run(workspace, "schedule", "plan", *WEEK)
    built = document(run(workspace, "playlist", "build", "square-01", *WEEK, "--json"))
    # On Wednesday a lecture parts the evening.
    assert len(built["lists"]) == 8
    for path in map(Path, built["lists"]):
        paths = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        assert paths
        assert all((path.parent / one).is_file() for one in paths)


def test_a_list_of_a_day_follows_the_schedule(workspace: Path) -> None:
    run(workspace, "schedule", "plan", *WEEK)
    day = document(run(workspace, "schedule", "show", "square-01", *WEEK, "--day", "周二", "--json"))
    (path,) = document(run(workspace, "playlist", "build", "square-01", *WEEK, "--day", "周二", "--json"))["lists"]
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    assert lines[1] == "#PLAYLIST:文化广场 2026-11-24 周二 19:00"
    assert Path(path).relative_to(workspace).as_posix() == "playlists/square-01/2026-11-24_1900.m3u8"
    assert [line.rsplit("/")[-1] for line in lines[3::2]] == [f"{slot['lesson']}.mp4" for slot in day["slots"]]


def test_a_list_names_a_lecturer_as_the_published_pages_do(workspace: Path) -> None:
    (workspace / "lecturers.csv").write_text("编号,姓名,单位,职务\nli,李老师,县农技站,农艺师\n", encoding="utf-8")
    run(workspace, "schedule", "plan", *WEEK)
    built = document(run(workspace, "playlist", "build", "square-01", *WEEK, "--format", "txt", "--json"))
    said = "".join(Path(path).read_text(encoding="utf-8-sig") for path in built["lists"])
    assert "县农技站农艺师 李老师" in said


def test_a_day_that_is_closed_now_has_no_list_left(workspace: Path) -> None:
    run(workspace, "schedule", "plan", *WEEK)
    run(workspace, "playlist", "build", "square-01", *WEEK)
    with (workspace / "calendar.toml").open("a", encoding="utf-8") as calendar:
        calendar.write("[[closed]]\nfrom = 2026-11-24\nto = 2026-11-24\n")
    run(workspace, "schedule", "plan", *WEEK)
    run(workspace, "playlist", "build", "square-01", *WEEK)
    assert len(list((workspace / "playlists" / "square-01").iterdir())) == 7


def test_the_usb_folder_has_each_video_once_and_a_list_for_each_stretch(workspace: Path) -> None:
    run(workspace, "schedule", "plan", *WEEK)
    built = document(run(workspace, "playlist", "build", "square-01", *WEEK, "--usb", "--json"))
    folder = Path(built["folder"])
    videos = sorted(path.name for path in folder.glob("*.mp4"))
    assert videos == built["files"]
    assert [name[:4] for name in videos] == [f"00{number}_" for number in range(1, 7)]
    lists = sorted(folder.glob("*.m3u8"))
    assert len(lists) == 8
    first = [line for line in lists[0].read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert list(dict.fromkeys(first)) == videos[: len(set(first))]


def test_a_series_and_single_lessons_become_lists_in_their_order(workspace: Path, tmp_path: Path) -> None:
    output = ("--output", str(tmp_path / "out"))
    run(workspace, "playlist", "build", "--series", "我的扶贫故事", *output)
    run(workspace, "playlist", "build", "--lesson", "lesson-003", "--lesson", "lesson-001", *output)
    run(workspace, "playlist", "build", "--lesson", "lesson-002", "--usb", *output)
    made = snapshot(tmp_path / "out")
    assert sorted(made) == [
        "USB_led-512x320_lesson-002/001_课件2.mp4",
        "USB_led-512x320_lesson-002/led-512x320_lesson-002.m3u8",
        "led-512x320_lesson-003等2个.m3u8",
        "led-512x320_我的扶贫故事.m3u8",
    ]
    titles = [line.split(",")[1] for line in made["led-512x320_lesson-003等2个.m3u8"].decode().splitlines()[2::2]]
    assert titles == ["课件3", "课件1"]


def test_what_was_built_is_listed(workspace: Path) -> None:
    assert "No playlist" in run(workspace, "playlist", "list").stdout
    run(workspace, "playlist", "build", "--series", "我的扶贫故事")
    (listed,) = document(run(workspace, "playlist", "list", "--json"))["lists"]
    assert listed == {
        "file": "led-512x320_我的扶贫故事.m3u8",
        "title": "我的扶贫故事",
        "showings": 2,
        "seconds": 31 + 33,
    }


def test_a_video_made_anew_since_planning_is_refused_not_mixed_up(workspace: Path) -> None:
    run(workspace, "schedule", "plan", *WEEK)
    write_lesson(workspace, 2, 29, b"another cut")
    result = run(workspace, "playlist", "build", "square-01", *WEEK)
    assert result.exit_code == 2
    assert "lesson-002: was rendered again" in result.stderr


def test_a_video_damaged_on_disk_never_reaches_a_usb_folder(workspace: Path) -> None:
    run(workspace, "schedule", "plan", *WEEK)
    video = workspace / "renditions" / "led-512x320" / "lesson-002.mp4"
    video.write_bytes(b"x" * video.stat().st_size)
    result = run(workspace, "playlist", "build", "square-01", *WEEK, "--usb")
    assert result.exit_code == 2
    assert "lesson-002: is no longer rendered for led-512x320, or not as it was made" in result.stderr
    assert not list((workspace / "playlists").glob("*"))
    listed = run(workspace, "playlist", "build", "--lesson", "lesson-002", "--profile", "led-512x320")
    assert "lesson-002: is not rendered for led-512x320, or not as it was made" in listed.stderr
    series = run(workspace, "playlist", "build", "--series", "扶贫实用技术", "--profile", "led-512x320")
    assert "renditions/led-512x320/lesson-002.mp4: is not as it was made" in series.stderr
    assert "lesson-002" not in "".join(path.read_text() for path in (workspace / "playlists").glob("*.m3u8"))
    again = run(workspace, "schedule", "plan", *WEEK)
    assert "renditions/led-512x320/lesson-002.mp4: is not as it was made" in again.stderr


def test_a_week_with_a_video_damaged_on_disk_is_not_published(workspace: Path) -> None:
    run(workspace, "schedule", "plan", *WEEK)
    video = workspace / "renditions" / "led-512x320" / "lesson-002.mp4"
    whole = video.read_bytes()
    video.write_bytes(whole[:-1] + b"?")
    refused = run(workspace, "publish", *WEEK)
    assert refused.exit_code != 0
    assert "is not rendered for led-512x320, or not as it was made" in refused.stderr
    assert not (workspace / "published").exists()
    video.write_bytes(whole)
    assert "not as it was made" not in run(workspace, "publish", *WEEK).stderr
