"""Real mpv plays a plan: on time, joining in progress, with substitutes, cards, and a record that holds together."""

from __future__ import annotations

import hashlib
import re
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from playlists.asrun.chain import Written, join_chain
from playlists.asrun.line import parse_line
from playlists.asrun.reconcile import reconcile
from playlists.asrun.statement import statements_of
from playlists.kits.mpv import Mpv
from playlists.schedules.schedule import Slot
from playlists.schedules.slot_ids import with_ids
from tests.playlists.kits.player.rig import (
    CHINA,
    EVENING,
    Plan,
    Stick,
    opening,
    play_through,
    playing,
    read_record,
    row,
    slot,
)

SPEED = 4
# A busy machine is late itself; the benchmark measures what an idle one does.
LATE_MS = 800 * SPEED


def told(lines: list[Plan], *events: str) -> list[tuple[str, str | None, str]]:
    """Event, slot and reason of the lines with those events."""
    return [(line["event"], line["slot"], line["reason"]) for line in lines if line["event"] in events]


@pytest.fixture(scope="module")
def evening(mpv: Mpv, clips: list[Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Stick, list[Plan]]:
    """Three clips, a lecture of three seconds, a clip; then a gap; watched from some seconds before to its end."""
    stick = Stick(tmp_path_factory.mktemp("evening"), clips)
    stick.fill()
    after = EVENING + timedelta(seconds=12)
    lecture = slot(after, 3, None)
    stick.write([*row(stick, 3), lecture, *row(stick, 1, after + timedelta(seconds=3))])
    return stick, play_through(mpv, stick, EVENING - timedelta(seconds=5), 29, speed=SPEED)


def test_every_slot_starts_at_its_time_and_ends_at_its_time(evening: tuple[Stick, list[Plan]]) -> None:
    stick, lines = evening
    shown = [line for line in lines if line["event"] in {"start", "event"}]
    assert [line["slot"] for line in shown] == [one["id"] for one in stick.plan["slots"]]
    assert all(line["late"] < LATE_MS and line["pos"] == 0 for line in shown)
    assert [line["reason"] for line in lines if line["event"] == "end"] == ["done"] * 5
    assert told(lines, "idle") == [("idle", None, "closed"), ("idle", None, "gap")]
    assert lines[0]["event"] == "boot"
    assert lines[-1]["event"] == "stop"


def test_the_record_is_numbered_and_chained_and_says_whose_it_is(evening: tuple[Stick, list[Plan]]) -> None:
    stick, lines = evening
    (path,) = stick.asrun.glob("*.jsonl")
    assert path.name == f"square-01_{lines[0]['machine']}_{lines[0]['boot']}.jsonl"
    before = hashlib.sha256(lines[0]["boot"].encode()).hexdigest()[:16]
    for number, raw in enumerate(path.read_bytes().split(b"\n")[:-1]):
        assert (lines[number]["n"], lines[number]["prev"]) == (number, before)
        before = hashlib.sha256(raw).hexdigest()[:16]
    assert {line["kit"] for line in lines} == {"square-01_2026-W49_r3"}
    assert {line["revision"] for line in lines} == {3}
    assert all(datetime.fromisoformat(line["wall"]).utcoffset() == timedelta(hours=8) for line in lines)


def test_a_player_switched_on_late_joins_in_progress(mpv: Mpv, stick: Stick) -> None:
    stick.write(row(stick, 3))
    lines = play_through(mpv, stick, EVENING + timedelta(seconds=4), 4)
    first = next(line for line in lines if line["event"] == "start")
    assert first["slot"] == stick.plan["slots"][1]["id"]
    right = datetime.fromisoformat(first["wall"]) - datetime.fromisoformat(stick.plan["slots"][1]["start"])
    assert first["pos"] == pytest.approx(right / timedelta(milliseconds=1), abs=400)
    assert first["late"] == 0


def test_what_has_less_than_two_seconds_left_is_not_begun(mpv: Mpv, stick: Stick) -> None:
    stick.write(row(stick, 2))
    lines = play_through(mpv, stick, EVENING + timedelta(seconds=2), 3)
    ids = [one["id"] for one in stick.plan["slots"]]
    assert ("skip", ids[0], "short") in told(lines, "skip")
    assert [line["slot"] for line in lines if line["event"] == "start"] == ids[1:]


def test_missing_cut_and_wrong_files_are_replaced_by_their_series_then_by_the_ident(mpv: Mpv, stick: Stick) -> None:
    slots = row(stick, 4)
    slots[3]["series"] = "别的系列"
    stick.write(slots, substitutes={"扶贫实用技术": [stick.sha16(4)]})
    stick.media(stick.sha16(0)).unlink()
    cut = stick.media(stick.sha16(1))
    cut.write_bytes(cut.read_bytes()[:1500])
    wrong = stick.media(stick.sha16(2))
    wrong.write_bytes(b"\0" * wrong.stat().st_size)
    stick.media(stick.sha16(3)).unlink()
    # Slowly: each slot tries two files.
    lines = play_through(mpv, stick, EVENING - timedelta(seconds=4), 22, speed=SPEED / 1.5)
    ids = [one["id"] for one in slots]
    assert told(lines, "missing", "damaged", "substitute", "fallback", "start") == [
        ("missing", ids[0], "not-found"),
        ("substitute", ids[0], ""),
        ("damaged", ids[1], "size"),
        ("substitute", ids[1], ""),
        ("damaged", ids[2], "unreadable"),
        ("substitute", ids[2], ""),
        ("missing", ids[3], "not-found"),
        ("fallback", ids[3], ""),
    ]
    assert {line["sha16"] for line in lines if line["event"] == "substitute"} == {stick.sha16(4)}
    assert max(line["late"] for line in lines if line["event"] == "substitute") < LATE_MS


def test_a_stick_pulled_out_leaves_a_drawn_card_and_the_record_goes_on_elsewhere(mpv: Mpv, stick: Stick) -> None:
    stick.write(row(stick, 8))
    shutil.rmtree(stick.asrun)
    (stick.kit / "asrun").mkdir()
    (stick.state / "asrun").mkdir()
    # The folder keeps its name for whoever is in it; seen from outside it is gone.
    outside = {"kit": str(stick.kit), "asrun": str(stick.kit / "asrun")}
    with playing(mpv, stick, EVENING, speed=2, more=outside) as player:
        player.folder = stick.kit / "asrun"
        player.wait_for("start")
        player.folder = stick.state / "asrun"
        stick.kit.rename(stick.root / "gone")
        line = player.wait_for("fallback")
    assert line["reason"] == "drawn"
    before = read_record(stick.root / "gone" / "asrun")
    after = read_record(stick.state / "asrun")
    assert [one["n"] for one in (*before, *after)] == list(range(len(before) + len(after)))
    assert before
    assert after


def test_over_a_clock_change_slots_follow_one_another(mpv: Mpv, stick: Stick) -> None:
    # New York, the night of November 1, 2026: at 02:00 it is 01:00 again.
    zone = ZoneInfo("America/New_York")
    begin = datetime(2026, 11, 1, 1, 59, 52, tzinfo=zone)
    slots = []
    for number in range(4):
        moment = datetime.fromtimestamp(begin.timestamp() + 4 * number, zone)
        slots.append(slot(moment, 4, stick.sha16(number), id=f"slot-{number}"))
    stick.write(slots, built="2026-10-28T18:00:00-04:00", zone="America/New_York", windows=[])
    lines = play_through(mpv, stick, begin - timedelta(seconds=5), 21, speed=SPEED)
    shown = [line for line in lines if line["event"] == "start"]
    assert [line["slot"] for line in shown] == [f"slot-{number}" for number in range(4)]
    # A slot is begun a little early, so that its picture is there on time: ends tell the offset.
    ends = [line["wall"] for line in lines if line["event"] == "end"]
    assert [re.sub(r".*T(\d\d).*([+-]..:..)$", r"\1\2", wall) for wall in ends] == [
        "01-04:00",
        "01-04:00",
        "01-05:00",
        "01-05:00",
    ]


def test_the_volume_is_that_of_the_slot(mpv: Mpv, stick: Stick) -> None:
    quiet, loud = row(stick, 2)
    stick.write([quiet | {"volume": 35}, loud])
    with playing(mpv, stick, EVENING, speed=3) as player:
        player.wait_for("start", slot=quiet["id"])
        assert player.ask("get_property", "volume") == 35
        player.wait_for("start", slot=loud["id"])
        assert player.ask("get_property", "volume") == 100


def test_after_closing_it_is_black_where_the_venue_wants_that_and_ends_when_asked_to(mpv: Mpv, stick: Stick) -> None:
    stick.write(row(stick, 2), windows=[opening(EVENING, 8)], idle="black")
    with playing(mpv, stick, EVENING, speed=20, more={"leave": "1"}) as player:
        player.wait_for("idle", reason="closed")
        player.wait_until(lambda: player.ask("get_property", "path") is None)
        assert player.process.wait(20) == 0
    lines = player.lines()
    ended = datetime.fromisoformat(lines[-1]["wall"]) - EVENING
    assert lines[-1]["event"] == "stop"
    assert timedelta(seconds=68) <= ended < timedelta(seconds=100)
    assert any(line["event"] == "alive" for line in lines)


def test_by_the_systems_own_clock_it_keeps_time_too(mpv: Mpv, stick: Stick) -> None:
    begin = datetime.now(CHINA).replace(microsecond=0) + timedelta(seconds=3)
    stick.write(row(stick, 2, begin), built=(begin - timedelta(days=1)).isoformat(), windows=[])
    with playing(mpv, stick, begin, more={"start": "0", "kit": "."}) as player:
        line = player.wait_for("start", slot=stick.plan["slots"][0]["id"])
        late = datetime.now(CHINA) - begin
    assert timedelta(milliseconds=-160) <= late < timedelta(seconds=2)
    assert line["late"] < 1000


def test_what_the_player_wrote_is_believed_and_counts_for_every_slot_of_the_evening(
    evening: tuple[Stick, list[Plan]],
) -> None:
    stick, _ = evening
    (path,) = stick.asrun.glob("*.jsonl")
    raw = path.read_bytes().splitlines()
    chain = join_chain(Written(line, content) for content in raw if (line := parse_line(content)))
    assert (len(chain.lines), chain.doubtful, chain.gaps) == (len(raw), frozenset(), ())
    slots = [
        Slot.model_validate(
            {
                "start": one["start"],
                "seconds": one["seconds"],
                "kind": one["kind"],
                "title": one["title"],
                "sha256": one["file"] or "",
            }
        )
        for one in stick.plan["slots"]
    ]
    found = reconcile(with_ids(slots), statements_of(chain, "square-01", 2**50), 2**50)
    # At this speed a busy machine loses a good part of four seconds.
    assert {one.state for one in found.outcomes} <= {"whole", "late", "part"}
    assert all(one.ms for one in found.outcomes)
    assert found.unplanned == ()
