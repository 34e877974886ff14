"""What is told of damage to a source's sound."""

from __future__ import annotations

import pytest

from render.sound.hearing import tells_of_damage


@pytest.mark.parametrize(
    ("said", "is_damage"),
    [
        ("[in#0/mpegts @ 0x5609] Packet corrupt (stream = 0, dts = 392400).\n    Last message repeated", False),
        ("[in#0/mpegts @ 0x5609] Packet corrupt (stream = 10, dts = 392400).", False),
        ("[in#0/mpegts @ 0x5609] Packet corrupt (stream = 1, dts = 156720).", True),
        ("[aist#0:1/aac @ 0x5609] Error submitting packet to decoder: Invalid data found", True),
        ("  Stream #0:1: Audio: aac (LC), 44100 Hz, mono, fltp", False),
    ],
)
def test_only_what_is_said_of_the_sound_is_damage_to_the_sound(said: str, is_damage: int) -> None:
    assert tells_of_damage(said, 1) == is_damage
