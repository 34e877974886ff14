"""Nights on which the wall clock does what it does once a year, on a system whose clock says so."""

from __future__ import annotations

import shutil
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from playlists.kits.mpv import Mpv
from tests.playlists.kits.player.rig import Stick, playing, slot, with_moved_clock

LEAD = timedelta(seconds=3)


@pytest.mark.long
@pytest.mark.skipif(not shutil.which("faketime"), reason="faketime is not installed")
@pytest.mark.parametrize(
    ("zone", "moment"),
    [
        pytest.param("America/New_York", "2026-11-01T01:59:57-04:00", id="the hour comes twice"),
        pytest.param("America/New_York", "2027-03-14T01:59:57-05:00", id="an hour is left out"),
        pytest.param("Asia/Shanghai", "2026-12-31T23:59:57+08:00", id="midnight and a new year"),
    ],
)
def test_slots_follow_one_another_through_the_night(
    mpv: Mpv, stick: Stick, monkeypatch: pytest.MonkeyPatch, zone: str, moment: str
) -> None:
    place = ZoneInfo(zone)
    first = datetime.fromisoformat(moment).timestamp()
    begins = [datetime.fromtimestamp(first + 3 * number, place) for number in range(2)]
    slots = [slot(begin, 3, stick.sha16(number), id=f"slot-{number}") for number, begin in enumerate(begins)]
    built = datetime.fromtimestamp(first - 86400, place).isoformat()
    stick.write(slots, built=built, zone=zone, windows=[])
    monkeypatch.setenv("TZ", zone)
    clock = stick.root / "clock"
    clock.write_text(f"{first - LEAD.total_seconds() - time.time():+.0f}", encoding="ascii")
    with playing(with_moved_clock(mpv, clock), stick, begins[0], more={"start": "0"}) as player:
        player.wait_for("end", slot="slot-1", patience_s=30)
    shown = [line for line in player.lines() if line["event"] == "start"]
    assert [line["slot"] for line in shown] == ["slot-0", "slot-1"]
    ends = [datetime.fromisoformat(line["wall"]) for line in player.lines() if line["event"] == "end"]
    # The moments are right, and so is what the clock on the wall says then.
    assert [(end - begin) // timedelta(seconds=2) for end, begin in zip(ends, begins, strict=True)] == [1, 1]
    assert [end.utcoffset() for end in ends] == [begin.utcoffset() for begin in begins]
    assert not [line for line in player.lines() if line["event"] == "clock"]
