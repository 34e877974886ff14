"""The narrations that the package ships, with the true times of their clauses, as material for tests."""

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from courseware.script.script import Script, ScriptLine
from courseware.speech.sound import RATE, samples_of
from courseware.subtitles import load_cues
from courseware.subtitles.cue import Cue
from courseware.times import Span

MEDIA = Path(__file__).parents[3] / "templates" / "county" / "media"
NAMES = ("new-project", "check-quality", "read-results", "project-data")


@cache
def samples(name: str) -> NDArray[np.int16]:
    return np.concatenate(list(samples_of(MEDIA / f"{name}.mp4")))


@cache
def truth(name: str) -> tuple[Cue, ...]:
    """Clauses; cues that do not begin after a mark are joined to the one before, their times were only estimated."""
    joined: list[Cue] = []
    for cue in load_cues(next(path for path in MEDIA.glob(f"{name}.*") if path.suffix in {".srt", ".vtt"}))[0]:
        if joined and joined[-1].text[-1] not in "，。：":
            before = joined.pop()
            joined.append(Cue(Span(before.span.start_ms, cue.span.end_ms), before.text + cue.text))
        else:
            joined.append(cue)
    return tuple(joined)


def script(cues: tuple[Cue, ...]) -> Script:
    """A script with one line for each true cue, so that every line's start is known."""
    return Script(tuple(ScriptLine(cue.text) for cue in cues), ())


def noisy(clean: NDArray[np.int16], decibels: float, seed: int = 1) -> NDArray[np.int16]:
    """With white noise, so many decibels below the louder half of the samples."""
    signal = clean.astype(np.float64)
    loud = signal[np.abs(signal) > np.median(np.abs(signal))]
    noise = np.random.default_rng(seed).standard_normal(len(signal))
    noise *= np.sqrt(np.mean(loud**2) / 10 ** (decibels / 10))
    return np.clip(signal + noise, -32768, 32767).astype(np.int16)


def pause(seconds: float) -> NDArray[np.int16]:
    return (np.random.default_rng(7).standard_normal(int(seconds * RATE)) * 8).astype(np.int16)


def tune(seconds: float, loudness: float = 2_000, seed: int = 5) -> NDArray[np.int16]:
    """Plucked chords, two a second."""
    rng = np.random.default_rng(seed)
    total = np.zeros(int(seconds * RATE))
    for at in range(0, len(total), RATE // 2):
        clock = np.arange(min(RATE * 3 // 2, len(total) - at)) / RATE
        root = 220 * 2 ** (rng.integers(0, 24) / 12)
        chord = sum(np.sin(2 * np.pi * root * ratio * clock) / ratio for ratio in (1, 1.26, 1.5, 2, 3))
        total[at : at + len(clock)] += chord * np.exp(-2 * clock)
    played: NDArray[np.int16] = (total / np.sqrt(np.mean(total**2)) * loudness).astype(np.int16)
    return played
