"""The commands kit and key, as they are typed."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from cli import main
from courseware.lessons.workspace import open_workspace
from courseware.reviews.work import ReviewRequest, approve, reject, submit
from playlists.kits.moments import moment_of
from playlists.kits.plan import load_plan, media_path
from playlists.kits.sums import parse_sums
from playlists.schedules.schedule import load_schedule
from tests.playlists.factories import PROGRAMMES, SETTINGS, VENUES, write_lesson, write_workspace

WEEK = ("--week", "2026-W48")


@pytest.fixture(autouse=True)
def _keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YUANJIAO_KEYS", str(tmp_path / "profile"))


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """A planned week and a key."""
    root = tmp_path / "county"
    root.mkdir()
    write_workspace(root)
    plan(root)
    ask("key", "init", "--workspace", str(root))
    return root


def plan(root: Path, *options: str) -> None:
    assert run(root, "schedule", "plan", *WEEK, *options).exit_code == 0


def ask(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["--lang", "en", *arguments])


def run(root: Path, *arguments: str) -> Result:
    return ask(*arguments, "--workspace", str(root))


def build(root: Path, *arguments: str) -> Any:
    """The report on one kit."""
    result = run(root, "kit", "build", "square-01", *WEEK, "--json", *arguments)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)["kits"][0]


def verify(place: Path, *arguments: str) -> Any:
    result = ask("kit", "verify", str(place), "--json", *arguments)
    report = json.loads(result.stdout)
    assert (result.exit_code == 0) == report["good"]
    return report


def test_a_kit_holds_everything_an_operator_needs_and_verifies(county: Path, tmp_path: Path) -> None:
    report = build(county, "--output", str(tmp_path / "stick"))
    home = tmp_path / "stick" / "远教"
    assert report["folder"] == home.as_posix()
    names = set(parse_sums((home / "SHA256SUMS").read_bytes()))
    assert names > {
        "plan.json",
        "key.pub",
        "fallback/card.png",
        "fallback/idle.png",
        "节目单.pdf",
        "说明.txt",
        "速查.pdf",
        "播放.html",
    }
    assert verify(tmp_path / "stick")["signed_by"] == "测试县远教办"
    plan_there = load_plan(home / "plan.json")
    assert {one.path for one in plan_there.files.values()} == {name for name in names if name.startswith("media/")}
    assert {slot.kind for slot in plan_there.slots} == {"lesson", "lecture"}


def test_in_a_week_with_a_day_of_mourning_the_cards_of_a_kit_have_no_colour(county: Path) -> None:
    def colours() -> int:
        """The greatest distance of two channels in the card that stands where a video lacks."""
        with Image.open(county / "kits" / "square-01" / "远教" / "fallback" / "card.png") as card:
            red, green, blue = (np.asarray(one, int) for one in card.convert("RGB").split())
        return int(max(abs(red - green).max(), abs(green - blue).max()))

    build(county)
    assert colours() > 40
    with (county / "calendar.toml").open("a", encoding="utf-8") as calendar:
        calendar.write('[[closed]]\nfrom = 2026-11-26\nto = 2026-11-26\nreason = "全国哀悼日"\n')
    plan(county)
    build(county)
    assert colours() == 0


def test_the_leaflet_is_for_the_notepad_of_any_windows(county: Path) -> None:
    build(county)
    said = (county / "kits" / "square-01" / "远教" / "说明.txt").read_bytes()
    assert said.startswith(b"\xef\xbb\xbf")
    assert said.count(b"\r\n") == said.count(b"\n")
    assert "2026年11月23日（星期一）至11月29日（星期日）" in said.decode("utf-8-sig")


def test_all_venues_are_built_into_the_workspace(county: Path) -> None:
    result = run(county, "kit", "build", "--all", *WEEK)
    assert result.exit_code == 0, result.stderr
    for venue in ("square-01", "station-01"):
        assert verify(county / "kits" / venue)["venue"] == venue


def test_an_unchanged_week_keeps_its_revision_and_a_changed_one_is_the_next(county: Path) -> None:
    assert build(county)["revision"] == 1
    assert build(county)["revision"] == 1
    venues = VENUES.replace("19:00-19:20", "19:00-19:25")
    (county / "venues.csv").write_text(venues, encoding="utf-8")
    plan(county)
    assert build(county)["revision"] == 2
    first = county / "kits" / "square-01" / "issued" / "0001.json"
    assert load_plan(first).revision == 1
    result = ask("kit", "verify", str(county / "kits" / "square-01"), "--newer-than", str(first))
    assert result.exit_code == 0, result.stderr


def test_the_kit_of_a_week_shows_the_night_before_its_monday_to_the_end(county: Path) -> None:
    (county / "venues.csv").write_text(VENUES.replace("19:00-19:20", "23:50-次日00:10"), encoding="utf-8")
    for name in ("2026-W47", "2026-W48"):
        assert run(county, "schedule", "plan", "--week", name).exit_code == 0
    folder = Path(build(county)["folder"])
    made = load_plan(folder / "plan.json")
    sunday = load_schedule(county / "schedules" / "2026-W47" / "square-01.json").days[-1]
    ten_past = made.valid.start_s + 590
    shown = next(one for one in sunday.slots if one.start.timestamp() <= ten_past < one.end.timestamp())
    found = moment_of(made, made.valid.start + timedelta(seconds=590))
    assert found.slot is not None
    assert (found.slot.start_s, found.slot.lesson) == (shown.start.timestamp(), shown.lesson)
    assert (folder / media_path(shown.sha256)).is_file()


def test_an_older_stick_is_told(county: Path, tmp_path: Path) -> None:
    build(county, "--output", str(tmp_path / "old"))
    (county / "venues.csv").write_text(VENUES.replace("19:00-19:20", "19:00-19:25"), encoding="utf-8")
    plan(county)
    build(county)
    report = verify(tmp_path / "old", "--newer-than", str(county / "kits" / "square-01"))
    assert "there is a newer one" in str(report["problems"])


def test_a_number_is_never_issued_twice_though_its_plan_is_damaged(county: Path) -> None:
    build(county)
    (county / "kits" / "square-01" / "issued" / "0001.json").write_text("{")
    assert build(county)["revision"] == 2


def test_a_kit_is_never_older_than_the_one_on_the_stick(county: Path, tmp_path: Path) -> None:
    """Another computer of the office, or one that lost its records, begins to count anew; players would refuse it."""
    stick = tmp_path / "stick"
    (county / "kits" / "square-01" / "issued").mkdir(parents=True)
    (county / "kits" / "square-01" / "issued" / "0007.json").write_text("{")
    assert build(county, "--output", str(stick))["revision"] == 8
    shutil.rmtree(county / "kits")
    assert build(county, "--output", str(tmp_path / "other"))["revision"] == 1
    assert build(county, "--output", str(stick))["revision"] == 9
    assert build(county, "--output", str(stick))["revision"] == 9


def test_two_weeks_are_one_kit(county: Path) -> None:
    assert run(county, "schedule", "plan", "--week", "2026-W49").exit_code == 0
    build(county, "--weeks", "2")
    report = verify(county / "kits" / "square-01")
    assert (report["from"][:10], report["to"][:10]) == ("2026-11-23", "2026-12-07")
    assert (county / "kits" / "square-01" / "远教" / "节目单_2026-W49.pdf").is_file()


def test_a_delta_says_its_size_before_and_holds_only_what_is_new(county: Path, tmp_path: Path) -> None:
    build(county)
    write_lesson(county, 6, 27)
    plan(county, "--anew")
    base, stick = county / "kits" / "square-01" / "issued" / "0001.json", tmp_path / "stick"
    result = run(county, "kit", "build", "square-01", *WEEK, "--since", str(base), "--output", str(stick))
    assert result.exit_code == 0, result.stderr
    assert "square-01_2026-W48_r2: 1 of 7 videos are new" in result.stderr
    assert len(list((tmp_path / "stick" / "远教" / "media").iterdir())) == 1
    assert verify(tmp_path / "stick")["good"]


@pytest.mark.parametrize("name", ["issued/0001.json", "远教", "远教/SHA256SUMS", "远教/plan.json"])
def test_a_delta_builds_on_a_folder_a_plan_or_checksums(county: Path, tmp_path: Path, name: str) -> None:
    build(county)
    since = county / "kits" / "square-01" / name
    report = build(county, "--since", str(since), "--output", str(tmp_path / "stick"))
    assert report["copied_bytes"] == 0
    assert not (tmp_path / "stick" / "远教" / "media").exists()


def test_of_a_folder_only_the_videos_count_that_lie_in_it(county: Path, tmp_path: Path) -> None:
    build(county)
    home = county / "kits" / "square-01" / "远教"
    next((home / "media").iterdir()).unlink()
    build(county, "--since", str(home), "--output", str(tmp_path / "stick"))
    assert len(list((tmp_path / "stick" / "远教" / "media").iterdir())) == 1


def test_a_week_that_breaks_a_rule_is_on_no_stick(county: Path) -> None:
    (county / "venues.csv").write_text(VENUES.replace("19:00-19:20", "20:00-20:20"), encoding="utf-8")
    result = run(county, "kit", "build", "--all", *WEEK)
    assert result.exit_code == 1
    assert "no kit is built: the week breaks a rule" in result.stderr
    assert not (county / "kits" / "square-01").exists()
    assert verify(county / "kits" / "station-01")["good"]


def test_where_approval_is_asked_for_only_what_is_approved_is_on_the_stick(county: Path) -> None:
    rules = "[review]\nrequired = true\nsteps = ['审定']\n"
    (county / "yuanjiao.toml").write_text(SETTINGS + rules, encoding="utf-8")
    result = run(county, "kit", "build", "square-01", *WEEK)
    assert result.exit_code == 1
    assert not (county / "kits").exists()
    workspace, lessons = open_workspace(county), tuple(f"lesson-{number:03}" for number in range(6))
    submit(workspace, ReviewRequest(lessons, "王芳"))
    approve(workspace, ReviewRequest(lessons, "李主任"))
    assert build(county)["revision"] == 1
    reject(workspace, ReviewRequest(lessons[:1], "李主任", "x"))
    assert run(county, "kit", "build", "square-01", *WEEK).exit_code == 1


def test_a_video_that_is_not_as_it_was_made_is_told(county: Path) -> None:
    path = county / "renditions" / "led-512x320" / "lesson-000.mp4"
    path.write_bytes(b"x" * path.stat().st_size)
    result = run(county, "kit", "build", "square-01", *WEEK)
    assert result.exit_code == 1
    assert "“课件0” is not rendered for led-512x320, or not as it was made" in result.stderr


def test_a_venue_wants_a_black_screen_and_a_block_is_played_softly(county: Path) -> None:
    columns = VENUES.replace("固定学习日\n", "固定学习日,闭馆画面\n").replace(",\n", ",,黑屏\n")
    (county / "venues.csv").write_text(columns, encoding="utf-8")
    softly = PROGRAMMES.replace("minutes = 5\n", "minutes = 5\nvolume = 40\n")
    (county / "programmes.toml").write_text(softly, encoding="utf-8")
    build(county)
    made = load_plan(county / "kits" / "square-01" / "远教" / "plan.json")
    assert made.idle == "black"
    assert {slot.volume for slot in made.slots if slot.block == "技术"} == {40}
    assert {slot.volume for slot in made.slots if slot.block == "轮播"} == {100}


def test_without_a_key_nothing_is_built_and_the_command_is_named(county: Path, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "profile")
    result = run(county, "kit", "build", "square-01", *WEEK)
    assert result.exit_code == 2
    assert "yuanjiao key init" in result.stderr
    assert not (county / "kits").exists()


def test_one_venue_or_all(county: Path) -> None:
    for wrong in ((), ("square-01", "--all"), ("--all", "--since", str(county))):
        assert run(county, "kit", "build", *wrong, *WEEK).exit_code == 2


def test_the_key_is_kept_shown_and_never_in_the_workspace(county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = json.loads(ask("key", "show", "--json").stdout)
    again = run(county, "key", "init")
    assert "it is kept" in again.stderr
    assert json.loads(ask("key", "show", "--json").stdout) == before
    assert before["keys"][0]["own"]
    monkeypatch.setenv("YUANJIAO_KEYS", str(county / "keys"))
    refused = run(county, "key", "init")
    assert refused.exit_code == 2
    assert "may not lie in the workspace" in refused.stderr
    assert not (county / "keys").exists()


def test_another_office_is_trusted_by_its_kit_or_its_key(
    county: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(county)
    stick = county / "kits" / "square-01"
    assert ask("key", "show", "--output", str(tmp_path / "key.pub")).exit_code == 0
    monkeypatch.setenv("YUANJIAO_KEYS", str(tmp_path / "other"))
    assert "not known here" in str(verify(stick)["problems"])
    assert ask("key", "trust", str(stick)).exit_code == 0
    assert verify(stick)["good"]
    assert ask("key", "trust", "--remove", str(tmp_path / "key.pub")).exit_code == 0
    assert not verify(stick)["good"]


def test_a_television_gets_a_folder_for_each_window_and_a_sheet(county: Path, tmp_path: Path) -> None:
    result = run(
        county, "kit", "tv", "square-01", *WEEK, "--day", "周三", "--output", str(tmp_path / "stick"), "--json"
    )
    assert result.exit_code == 0, result.stderr
    report = json.loads(result.stdout)
    home = tmp_path / "stick" / "TV_square-01_2026-11-25"
    assert (report["folder"], report["windows"]) == (home.as_posix(), ["2026-11-25_1900"])
    assert len(list((home / "2026-11-25_1900").iterdir())) == report["files"] > 5
    assert (home / "时段—文件.pdf").is_file()


def test_a_television_gets_nothing_that_breaks_a_rule_and_no_day_without_lessons(county: Path) -> None:
    assert run(county, "kit", "tv", "station-01", *WEEK, "--day", "周三").exit_code == 2
    (county / "venues.csv").write_text(VENUES.replace("19:00-19:20", "20:00-20:20"), encoding="utf-8")
    result = run(county, "kit", "tv", "square-01", *WEEK)
    assert result.exit_code == 2
    assert "no kit is built" in result.stderr
