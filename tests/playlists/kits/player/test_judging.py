"""What the player does not believe: clocks, kits, another player beside it. And what interrupts or kills it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from playlists.kits.mpv import HEADLESS, Mpv, player_command
from playlists.kits.plan import parse_plan
from tests.playlists.kits.player.rig import (
    BUILT,
    EVENING,
    PLAYER,
    VENUE,
    Running,
    Stick,
    playing,
    read_record,
    row,
    settings,
    sign,
    slot,
)

needs_openssl = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")


def events(player: Running) -> list[tuple[str, str]]:
    """Event and reason of each line so far."""
    return [(line["event"], line["reason"]) for line in player.lines()]


def at_home(stick: Stick) -> dict[str, str]:
    """Settings of an installed player, whose kits lie in a folder of the stick's."""
    home = stick.root / "home"
    for name in ("kits", "notices", "asrun", "state"):
        (home / name).mkdir(parents=True)
    stick.kit.rename(home / "kits" / "r3")
    shutil.copy(home / "kits" / "r3" / "key.pub", home / "state")
    stick.kit.mkdir()
    return {"kit": "", "home": str(home), "state": str(home / "state"), "asrun": str(stick.asrun)}


@pytest.mark.parametrize(
    ("moment", "reason"),
    [
        (BUILT - timedelta(days=1), "before-built"),
        (datetime(2000, 1, 1, tzinfo=BUILT.tzinfo), "before-built"),
        (EVENING + timedelta(days=8), "outside"),
    ],
)
def test_a_clock_that_cannot_be_right_plays_the_safe_loop_and_claims_nothing(
    mpv: Mpv, stick: Stick, moment: datetime, reason: str
) -> None:
    stick.write(row(stick, 5))
    with playing(mpv, stick, moment) as player:
        line = player.wait_for("fallback")
        assert player.ask("get_property", "path") == "fallback/ident.mp4"
        # Set right, it goes on by itself, in progress.
        shift = (EVENING + timedelta(seconds=5) - moment).total_seconds()
        player.ask("script-message", "put-clock", str(shift))
        joined = player.wait_for("start")
    assert (line["reason"], line["slot"]) == (reason, None)
    assert joined["slot"] in {one["id"] for one in stick.plan["slots"][1:]}
    assert ("clock", "right-again") in events(player)


def test_a_clock_put_back_is_not_believed_until_it_is_right_again_or_someone_says_so(mpv: Mpv, stick: Stick) -> None:
    stick.write([*row(stick, 3, EVENING - timedelta(hours=1)), *row(stick, 30)])
    with playing(mpv, stick, EVENING) as player:
        player.wait_for("start")
        player.ask("script-message", "put-clock", "-3600")
        line = player.wait_for("fallback")
        player.ask("script-message", "put-clock", "3600")
        player.wait_for("clock", reason="right-again")
        player.ask("script-message", "put-clock", "-3600")
        time.sleep(0.5)
        player.ask("keypress", "c")
        again = player.wait_for("start", slot=stick.plan["slots"][1]["id"])
    assert line["reason"] == "backwards"
    assert again["wall"].startswith("2026-11-30T17:30")


def test_what_an_earlier_run_saw_of_the_clock_is_remembered(mpv: Mpv, stick: Stick) -> None:
    stick.write(row(stick, 5))
    mark = int((EVENING + timedelta(hours=2)).timestamp() * 1000)
    (stick.state / "heartbeat").write_text(f"abc {mark} 5\n", encoding="ascii")
    with playing(mpv, stick, EVENING) as player:
        assert player.wait_for("clock")["reason"] == "backwards"


@needs_openssl
def test_a_newer_kit_dropped_in_takes_over_at_the_next_border(mpv: Mpv, stick: Stick) -> None:
    stick.write(row(stick, 30))
    told = at_home(stick)
    with playing(mpv, stick, EVENING, more=told) as player:
        player.wait_for("start")
        part = Path(told["home"]) / "kits" / "r4.part"
        shutil.copytree(Path(told["home"]) / "kits" / "r3", part)
        # From the third slot on the order of the clips is another.
        changed = row(stick, 30)
        for number, one in enumerate(changed):
            one["file"] = stick.sha16((number + 1) % 5)
        stick.write(changed, folder=part, revision=4, kit="square-01_2026-W49_r4")
        part.rename(part.with_suffix(""))
        line = player.wait_for("revision")
        start = player.wait_for("start", revision=4)
    assert line["reason"] == "3"
    number = next(index for index, one in enumerate(changed) if one["id"] == start["slot"])
    assert start["sha16"] == changed[number]["file"]
    assert start["late"] < 1000
    last = [one for one in player.lines() if one["event"] == "end" and one["revision"] == 3][-1]
    assert last["reason"] == "done"


@needs_openssl
def test_altered_foreign_unsigned_older_and_wrongly_signed_kits_are_refused_by_name(mpv: Mpv, stick: Stick) -> None:
    stick.write(row(stick, 30))
    told = at_home(stick)
    kits = Path(told["home"]) / "kits"

    def drop(name: str, spoil: Callable[[Path], object], revision: int = 4) -> None:
        folder = stick.root / name
        venue = VENUE | ({"id": "square-02"} if name == "foreign" else {})
        stick.write(row(stick, 30), folder=folder, revision=revision, kit=name, venue=venue)
        spoil(folder)
        folder.rename(kits / name)

    def alter(folder: Path) -> None:
        text = (folder / "plan.json").read_text(encoding="utf-8")
        (folder / "plan.json").write_text(text.replace("玉米秋收", "别的片子"), encoding="utf-8")

    with playing(mpv, stick, EVENING, more=told) as player:
        player.wait_for("start")
        drop("altered", alter)
        drop("foreign", lambda _: None)
        drop("unsigned", lambda folder: (folder / "SHA256SUMS.sig").unlink())
        drop("older", lambda _: None, revision=2)
        drop("signature", lambda folder: sign(folder, ec.generate_private_key(ec.SECP256R1())))
        drop("unreadable", lambda folder: (folder / "plan.json").write_text('{"schema": "', encoding="utf-8"))
        for reason in ("altered", "foreign", "unsigned", "older", "signature", "unreadable"):
            assert player.wait_for("refused", reason=reason)["kit"] in {reason, str(kits / reason)}
    assert not [line for line in player.lines() if line["event"] == "revision"]


def test_an_older_stick_is_refused_where_a_newer_one_was_played_and_another_venues_is_not(
    mpv: Mpv, stick: Stick
) -> None:
    stick.write(row(stick, 10))
    valid = stick.plan["valid"]
    line = f"{{}} 9 {valid['from_s']} {valid['to_s']}\n"
    (stick.state / "played").write_text(line.format("square-02"), encoding="ascii")
    with playing(mpv, stick, EVENING) as player:
        player.wait_for("start")
    (stick.state / "played").write_text(line.format("square-01"), encoding="ascii")
    with playing(mpv, stick, EVENING, more={"alone": "yes"}) as player:
        assert player.wait_for("refused")["reason"] == "older"


def test_a_plan_that_names_files_outside_its_folder_is_no_plan(mpv: Mpv, stick: Stick) -> None:
    slots = row(stick, 3)
    stick.write(slots)
    files = stick.files()
    files[stick.sha16(0)]["path"] = "../../etc/passwd"
    stick.write(slots, files=files)
    with playing(mpv, stick, EVENING) as player:
        assert player.wait_for("refused")["reason"] == "unreadable"
        assert player.wait_for("fallback")["reason"] == "drawn"


def test_a_notice_interrupts_and_what_it_interrupted_goes_on_in_progress(mpv: Mpv, stick: Stick) -> None:
    stick.write(row(stick, 10))
    plan = stick.plan
    told = at_home(stick)
    when = EVENING + timedelta(seconds=7)
    folder = stick.root / "notice"
    shutil.copytree(Path(told["home"]) / "kits" / "r3" / "media", folder / "media")
    notice = [slot(when, 3, stick.sha16(4), kind="notice", id="notice-0")]
    valid = {"from": when.isoformat(), "from_s": int(when.timestamp())}
    end = when + timedelta(seconds=3)
    valid |= {"to": end.isoformat(), "to_s": int(end.timestamp())}
    names = {"schema": "yuanjiao-notice/1", "kit": "notice-7", "revision": 1, "interrupts": True, "valid": valid}
    stick.write(notice, folder=folder, windows=[], **names)
    folder.rename(Path(told["home"]) / "notices" / "notice-7")
    with playing(mpv, stick, EVENING + timedelta(seconds=4), more=told) as player:
        player.wait_for("notice", reason="notice-7")
        shown = player.wait_for("start", kit="notice-7")
        back = player.wait_for("start", slot=plan["slots"][2]["id"])
    assert shown["late"] < 2000
    assert back["kit"] == plan["kit"]
    assert back["pos"] == pytest.approx(2000, abs=900)


def test_a_second_player_leaves_the_first_alone(mpv: Mpv, stick: Stick) -> None:
    stick.write(row(stick, 30))
    with playing(mpv, stick, EVENING) as player:
        player.wait_for("start")
        command = player_command(mpv, str(PLAYER / "conf"), settings(stick, EVENING), HEADLESS)
        second = subprocess.run(command, cwd=stick.kit, capture_output=True, timeout=60, check=False)
        assert player.process.poll() is None
    assert second.returncode == 4


def test_after_a_kill_it_is_back_at_the_right_position_and_the_record_is_whole(mpv: Mpv, stick: Stick) -> None:
    stick.write(row(stick, 30))
    with playing(mpv, stick, EVENING) as player:
        player.wait_for("start")
        os.kill(player.process.pid, signal.SIGKILL)
    again = EVENING + timedelta(seconds=5)
    with playing(mpv, stick, again, more={"alone": "yes"}) as player:
        line = player.wait_for("start", slot=stick.plan["slots"][1]["id"])
    wall = datetime.fromisoformat(line["wall"])
    right = (wall - datetime.fromisoformat(stick.plan["slots"][1]["start"])).total_seconds() * 1000
    assert line["pos"] == pytest.approx(right, abs=400)
    assert [one["event"] for one in read_record(stick.asrun)] == ["boot", "start"] * 2


def test_attendance_typed_at_the_screen_is_in_the_record(mpv: Mpv, stick: Stick) -> None:
    stick.write(row(stick, 10))
    with playing(mpv, stick, EVENING) as player:
        player.wait_for("start")
        for key in ("t", "3", "7", "ENTER"):
            player.ask("keypress", key)
            time.sleep(0.2)
        assert player.wait_for("tally")["reason"] == "37"


def test_the_plan_in_the_tests_is_one(stick: Stick) -> None:
    stick.write(row(stick, 3))
    assert parse_plan((stick.kit / "plan.json").read_bytes()).venue.id == "square-01"
