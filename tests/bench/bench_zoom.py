"""How evenly a slow zoom moves: ours beside ffmpeg's zoompan, by a line whose centre is followed.

Run: python -m tests.bench.bench_zoom. Printed are the steps from picture to picture, in pixels of the canvas: where
they differ, or go back, the picture is seen to tremble.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from render.footage.moving import View, between
from tests.bench.bench_rendering import FFMPEG

_COUNT, _ZOOM = 75, 1.08
_SIZE, _CANVAS = (1600, 900), (640, 360)


def main() -> None:
    """Draw the line in both ways."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "line.png"
        picture = np.zeros((_SIZE[1], _SIZE[0]), np.uint8)
        picture[:, 300:320] = 255
        Image.fromarray(picture).save(path)
        for what, rows in (("ours", ours(path)), ("zoompan", zoompan(path))):
            centres = (rows * np.arange(_CANVAS[0])).sum(axis=1) / rows.sum(axis=1)
            steps = np.diff(centres)
            print(
                f"{what:8} mean {steps.mean():6.3f}, from {steps.min():6.3f} to {steps.max():6.3f} pixels a picture"
            )


def ours(path: Path) -> NDArray[np.float64]:
    """The middle row of each picture, drawn as photos are."""
    whole = View(0, 0, *_SIZE)
    wide, high = _SIZE[0] / _ZOOM, _SIZE[1] / _ZOOM
    near = View((_SIZE[0] - wide) / 2, (_SIZE[1] - high) / 2, wide, high)
    with Image.open(path) as plate:
        views = (between(whole, near, number / (_COUNT - 1)) for number in range(_COUNT))
        drawn = [plate.resize(_CANVAS, Image.Resampling.LANCZOS, box=view.box(plate.size)) for view in views]
    return np.stack([np.asarray(one, dtype=np.float64)[_CANVAS[1] // 2] for one in drawn])


def zoompan(path: Path) -> NDArray[np.float64]:
    """The same by ffmpeg's filter."""
    move = f"z='1+{_ZOOM - 1:.2f}*on/{_COUNT}':x='iw/2-(iw/zoom/2)':y='ih/2-(ih/zoom/2)'"
    zoomed = f"zoompan={move}:d={_COUNT}:s={_CANVAS[0]}x{_CANVAS[1]}:fps=25"
    raw = ["-frames:v", str(_COUNT), "-f", "rawvideo", "-pix_fmt", "gray", "-"]
    done = subprocess.run(
        [FFMPEG, "-v", "error", "-i", str(path), "-vf", zoomed, *raw], capture_output=True, check=True
    )
    pictures = np.frombuffer(done.stdout, np.uint8).reshape(-1, _CANVAS[1], _CANVAS[0])
    return pictures[:, _CANVAS[1] // 2].astype(np.float64)


if __name__ == "__main__":
    main()
