"""Beats of sounds whose beats are known, and sounds that have none."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from courseware.music.beats import find_beats
from courseware.speech.sound import RATE, sound_of

SECONDS = 16
TIME = np.arange(SECONDS * RATE) / RATE


def beats_of(samples: NDArray[np.float64]) -> tuple[int, ...]:
    return find_beats(sound_of([(np.clip(samples, -1, 1) * 32000).astype(np.int16)]))


def clicks(at_ms: list[float], hertz: float, lasting_ms: int) -> NDArray[np.float64]:
    samples = np.zeros(len(TIME))
    own = np.arange(lasting_ms * RATE // 1000) / RATE
    click = 0.7 * np.sin(2 * np.pi * hertz * own) * np.exp(-3000 * own / lasting_ms)
    for start_ms in at_ms:
        first = round(start_ms * RATE / 1000)
        samples[first : first + len(click)] += click[: len(samples) - first]
    return samples


@pytest.mark.parametrize(
    ("per_minute", "first_ms", "hertz", "lasting_ms", "noise"),
    [(120, 250, 1000, 20, 0), (97, 331, 200, 200, 0), (140, 103, 1000, 20, 0.02), (72, 417, 440, 300, 0.005)],
)
def test_the_beats_of_a_click_track_are_within_20_ms(
    per_minute: float, first_ms: float, hertz: float, lasting_ms: int, noise: float
) -> None:
    known = list(np.arange(first_ms, SECONDS * 1000 - 400, 60_000 / per_minute))
    hiss = noise * np.random.default_rng(1).standard_normal(len(TIME))
    found = np.array(beats_of(clicks(known, hertz, lasting_ms) + hiss))
    assert len(found) >= len(known) - 1
    for beat in known[1:-1]:
        assert np.abs(found - beat).min() <= 20


def test_a_song_that_grows_quicker_is_followed() -> None:
    known, at_ms = list[float](), 300.0
    while at_ms < SECONDS * 1000 - 500:
        known.append(at_ms)
        at_ms += 600 - 1.5 * len(known)
    found = np.array(beats_of(clicks(known, 300, 150)))
    assert all(np.abs(found - beat).min() <= 20 for beat in known[1:-1])


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(len(TIME)),
        0.3 * np.sin(2 * np.pi * 110 * TIME) + 0.2 * np.sin(2 * np.pi * 165.3 * TIME),
        # Its bands swell in time, but hardly: what comes again evenly and everywhere is no beat.
        sum((0.2 * np.sin(2 * np.pi * hertz * TIME) for hertz in (110, 165, 220, 277.5)), np.zeros(len(TIME))),
        0.3 * np.sin(2 * np.pi * 220 * TIME) * (1 + 0.8 * np.sin(2 * np.pi * 0.1 * TIME)),
        0.1 * np.random.default_rng(1).standard_normal(len(TIME)),
        clicks([310, 900, 2050, 2300, 3900, 5180, 5500, 6900, 8770, 9000, 11_650, 12_900, 13_400], 300, 150),
        clicks([500, 1000, 1500], 300, 150)[: 2 * RATE],
        0.3 * np.sin(2 * np.pi * 220 * TIME) + 0.3 * np.sin(2 * np.pi * 222 * TIME),
        0.3 * np.sin(2 * np.pi * 110 * TIME) + 0.3 * np.sin(2 * np.pi * 111.2 * TIME),
        0.3 * np.sin(2 * np.pi * 220 * TIME) * (1 + 0.9 * np.sin(2 * np.pi * 4 * TIME)),
    ],
    ids=["silence", "drone", "chord", "swell", "wind", "out of time", "too short", "beating", "nulls", "tremolo"],
)
def test_what_nobody_can_tap_along_to_has_no_beat(samples: NDArray[np.float64]) -> None:
    assert beats_of(samples) == ()


def test_who_speaks_has_no_beat() -> None:
    rng = np.random.default_rng(5)
    syllables = list(np.cumsum(rng.uniform(120, 420, 55)) + 200)
    assert beats_of(clicks([at for at in syllables if at < SECONDS * 1000 - 500], 180, 140)) == ()
