"""The first minutes of a kit, as the demo plays them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from playlists.kits import rehearsing
from playlists.kits.mpv import Mpv
from tests.playlists.kits.player.rig import EVENING, PLAYER, Stick, read_record, row


@pytest.mark.long
def test_the_beginning_of_the_first_window_is_played_and_recorded_where_a_stick_keeps_it(
    mpv: Mpv, stick: Stick, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick.write(row(stick, 30))
    (stick.kit / "player").symlink_to(PLAYER)
    monkeypatch.setattr(rehearsing, "MINUTES", 1)
    played = rehearsing.play_opening(mpv, stick.kit)
    assert (played.start, played.end) == (EVENING, EVENING + timedelta(minutes=1))
    shown = [line["slot"] for line in read_record(played.record) if line["event"] == "start"]
    assert shown[0] == stick.plan["slots"][0]["id"]
    assert len(shown) >= 12
