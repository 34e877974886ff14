"""Odd sources for tests, made from exact pixels: quarters, bars, fields."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from tests.conftest import run_ffmpeg

# White, red, green, blue, middle grey, black; none so strong that it is clipped on the way.
BARS = ((235, 235, 235), (190, 40, 40), (40, 170, 40), (40, 40, 190), (128, 128, 128), (0, 0, 0))
# Red and green above, blue and white below.
QUARTERS = ((200, 30, 30), (30, 200, 30), (30, 30, 200), (220, 220, 220))

Pixels = Any  # a numpy array (height, width, 3) of bytes


def film(path: Path, pictures: Iterable[Pixels], *options: str, rate: str = "25", filters: str = "null") -> Path:
    """A clip of these pictures; `options` are those of the output."""
    frames = [np.ascontiguousarray(one, np.uint8) for one in pictures]
    height, width, _ = frames[0].shape
    raw = path.with_suffix(".raw")
    raw.write_bytes(b"".join(one.tobytes() for one in frames))
    like = ("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", rate)
    run_ffmpeg(*like, "-i", str(raw), "-vf", filters, "-threads", "1", *options, str(path))
    return path


def bars(width: int = 96, height: int = 64) -> Pixels:
    """Upright bars of BARS."""
    row = np.repeat(np.array(BARS, np.uint8), width // len(BARS), axis=0)
    return np.broadcast_to(row, (height, *row.shape))


def quarters(width: int = 96, height: int = 64) -> Pixels:
    """Four rectangles of QUARTERS, so that every turn and mirror looks different."""
    rows = [
        np.repeat(np.array(QUARTERS[first : first + 2], np.uint8), width // 2, axis=0)[None].repeat(
            height // 2, axis=0
        )
        for first in (0, 2)
    ]
    return np.concatenate(rows)


def moving(count: int, width: int = 96, height: int = 576) -> list[Pixels]:
    """A soft pattern that moves sideways, four pixels a picture."""
    random = np.random.default_rng(5)
    coarse = random.integers(16, 240, (height // 12, width // 8))
    picture = np.kron(coarse, np.ones((12, 8)))
    for axis in (0, 1):
        picture = np.mean([np.roll(picture, by, axis) for by in range(-3, 4)], axis=0)
    grey = picture.astype(np.uint8)[:, :, None].repeat(3, axis=2)
    return [np.roll(grey, 4 * number, axis=1) for number in range(count)]


def woven(pictures: list[Pixels], first: str) -> list[Pixels]:
    """Every two pictures as one, their lines alternating; `first` is "tff" or "bff"."""
    upper = 0 if first == "tff" else 1
    made = []
    for early, late in zip(pictures[::2], pictures[1::2], strict=False):
        both = late.copy()
        both[upper::2] = early[upper::2]
        made.append(both)
    return made


def combs(picture: Pixels) -> float:
    """How much each line differs from the two around it, against how much those two differ from each other."""
    lines = np.asarray(picture, float)[..., 0]
    across = np.abs(2 * lines[1:-1] - lines[:-2] - lines[2:]).mean()
    return float(across / (np.abs(lines[2:] - lines[:-2]).mean() + 1))
