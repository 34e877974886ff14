"""Sounds made for tests: something like speech, beeps at known times, and what is heard in a finished file."""

from __future__ import annotations

import subprocess
from pathlib import Path

import imageio_ffmpeg
import numpy as np
from numpy.typing import NDArray

from tests.conftest import run_ffmpeg

RATE = 48_000
# Noise in syllables, four a second, with a breath of 0.7 s every three: as uneven as speech, and as peaky.
TALK = (
    "anoisesrc=color=pink:seed=7:amplitude=0.9:sample_rate=48000,bandpass=frequency=700:width_type=o:width=2,"
    "volume=10dB,volume=eval=frame:volume='(0.05+pow(abs(sin(PI*4*t)),3))*gt(mod(t,3),0.7)'"
)
# A clear tone of 20 ms at 0.5 s, 1.5 s, …
BEEPS = "aevalsrc='0.5*sin(2*PI*1000*t)*lt(mod(t+0.5,1),0.02)':s=48000"


def make_sound(path: Path, source: str = TALK, *filters: str, seconds: float = 7, channels: int = 1) -> Path:
    """A sound from a lavfi source, through filters; the suffix chooses the format."""
    pcm = ["-c:a", "pcm_s24le"] if path.suffix == ".wav" else []
    chain = ",".join(["anull", *filters])
    run_ffmpeg("-f", "lavfi", "-i", source, "-t", str(seconds), "-ac", str(channels), "-af", chain, *pcm, str(path))
    return path


def samples_of(path: Path, rate: int = RATE, channels: int = 1) -> NDArray[np.float32]:
    """What a player would play: samples × channels."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(path), "-vn"]
    options = ["-ac", str(channels), "-ar", str(rate), "-f", "f32le", "-"]
    raw = subprocess.run([*command, *options], check=True, capture_output=True).stdout
    return np.frombuffer(raw, "<f4").reshape(-1, channels)


def onsets_ms(path: Path, threshold: float = 0.05) -> NDArray[np.float64]:
    """When, in milliseconds, the sound begins anew after at least 0.1 s of quiet."""
    loud = np.flatnonzero(np.abs(samples_of(path)[:, 0]) > threshold)
    first = np.concatenate([[True], np.diff(loud) > RATE // 10])
    return np.asarray(loud[first] * 1000 / RATE, dtype=np.float64)


def beeps_ms(path: Path, threshold: float = 0.05) -> NDArray[np.float64]:
    """When, in milliseconds, the middle of each stretch of sound is that has 0.1 s of quiet before and behind it."""
    loud = np.flatnonzero(np.abs(samples_of(path)[:, 0]) > threshold)
    gaps = np.flatnonzero(np.diff(loud) > RATE // 10)
    first, last = loud[np.append(0, gaps + 1)], loud[np.append(gaps, -1)]
    return np.asarray((first + last) * 500 / RATE, dtype=np.float64)
