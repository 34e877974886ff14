"""The engine on tiny material: a render in one call, videos whose pictures carry their number, and reading them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from cli import make_console
from render.making.batch import lots_for, render_all
from render.plan.chunks import Chunk
from render.plan.order import Order
from render.plan.profiles import Profile, profile_named
from render.plan.timeline import IDENT_MS, TITLE_MS
from render.source.examine import Outcome
from render.work.workshop import Workshop
from tests.conftest import run_ffmpeg

LED, SMALL = profile_named("led-96x64"), profile_named("led-80x64")
BODY_FROM_S = (IDENT_MS + TITLE_MS) // 1000
_BITS, _BAR = 12, 8  # 12 bars of 8 pixels: the width of LED
_SIZE = (96, 64)


def render(
    workshop: Workshop,
    orders: Sequence[Order],
    profiles: Sequence[Profile],
    folder: Path,
    *,
    dry_run: bool = False,
    salvage: bool = False,
) -> tuple[Outcome, ...]:
    """A batch as the command makes it, without its table."""
    lots = lots_for(orders, profiles, folder, salvage=salvage)
    return render_all(workshop, lots, make_console("en"), threads=2, dry_run=dry_run)


def states(outcomes: Iterable[Outcome]) -> list[str]:
    return [one.state for one in outcomes]


def stored(workshop: Workshop) -> dict[str, int]:
    """Every piece in the store, with the moment it was written."""
    root = workshop.store.root
    kinds = {".mp4", ".m4a", ".mkv", ".wv"}
    return {path.stem: path.stat().st_mtime_ns for path in root.rglob("*") if path.suffix in kinds}


def litter(*folders: Path) -> list[Path]:
    """What a run began and did not finish."""
    return [path for folder in folders for path in folder.rglob(".*") if path.name.startswith((".part-", ".old-"))]


def numbered(
    path: Path,
    count: int,
    fps: int | Sequence[int] = 25,
    codec: str = "libx264",
    *,
    first: int = 0,
    **options: str,
) -> Path:
    """A video whose picture `n` shows `first + n` as a bar code.

    Args:
        fps: pictures a second; or the moment in milliseconds at which each begins.
    """
    tick = Fraction(1, fps) if isinstance(fps, int) else Fraction(1, 1000)
    quick = {"threads": "1", "preset": "ultrafast", "qp": "10"} if codec == "libx264" else {"threads": "1"}
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=fps if isinstance(fps, int) else 25)
        stream.width, stream.height, stream.pix_fmt = *_SIZE, "yuv420p"
        stream.options = quick | options
        stream.codec_context.time_base = tick
        for number in range(count):
            frame = av.VideoFrame.from_ndarray(_bars(first + number), format="yuv420p")
            frame.pts, frame.time_base = number if isinstance(fps, int) else fps[number], tick
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def rewrapped(source: Path, target: Path, *options: str) -> Path:
    """The same pictures in another container."""
    run_ffmpeg("-i", str(source), "-c", "copy", *options, str(target))
    return target


def numbers(path: Path, start: int = 0, frames: int | None = None) -> list[int]:
    """The numbers that a video shows, picture by picture."""
    with av.open(str(path)) as container:
        pictures = islice(container.decode(video=0), start, None if frames is None else start + frames)
        return [_number(brightness(frame)) for frame in pictures]


def brightness(frame: av.VideoFrame) -> NDArray[np.uint8]:
    """Rows × columns; of a video as they are stored, since to convert its pictures would cost more than all else."""
    stored = frame if frame.format.name == "yuv420p" else frame.reformat(format="gray")
    return stored.to_ndarray()[: frame.height].astype(np.uint8, copy=False)


def body_numbers(path: Path, body: int) -> list[int]:
    """The same of a rendition's body, which is so many pictures long."""
    return numbers(path, int(BODY_FROM_S * LED.fps), body)


def repeats(shown: Iterable[int]) -> dict[int, int]:
    """Each number and how often it is shown; fails when one comes back."""
    found = [(number, len(list(same))) for number, same in groupby(shown)]
    assert len(dict(found)) == len(found), found
    return dict(found)


def body_chunks(pieces: Iterable[Any]) -> list[Chunk]:
    return [one.chunk for one in pieces if one.chunk.segment == "body"]


def change_byte(path: Path, at: Callable[[int], int] = lambda size: size // 2) -> None:
    """Another byte in the middle, the same length."""
    data = bytearray(path.read_bytes())
    data[at(len(data))] ^= 0xFF
    path.write_bytes(data)


def _bars(number: int) -> NDArray[np.uint8]:
    """The planes of a grey picture in YUV, one below the other."""
    width, height = _SIZE
    picture = np.full((height * 3 // 2, width), 128, np.uint8)
    picture[:height] = np.repeat([235 if number >> bit & 1 else 16 for bit in range(_BITS)], _BAR)
    return picture


def _number(picture: NDArray[np.uint8]) -> int:
    middles = picture[8:56, _BAR // 2 :: _BAR].mean(axis=0)
    assert len(middles) == _BITS
    return sum(1 << bit for bit, level in enumerate(middles) if level > 128)
