"""Measures pictures one after the other and keeps what render/quality/facts.py describes. Opens no file."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from courseware.media.fields import FieldMeter
from render.quality.facts import END_SHARE, FINENESS, UNSURE, Borders, PictureFacts, Thumb, Weave, strongest

if TYPE_CHECKING:
    import numpy as np
    from av.video.frame import VideoFrame
    from numpy.typing import NDArray

_ROWS, _COLUMNS = 18, 32  # tiles; of 60 × 60 pixels in full HD
_SMALLEST_TILE = 8  # pixels; a small canvas has fewer tiles, lest coding noise shows in them
_LINES_READ = 8  # of each tile, with all their pixels; the rest would tell nothing new
_BLACK, _NEARLY_BLACK = 16, 22  # luma of black (BT.709), and how far above it blackdetect's pix_th 0.1 goes
_FULL_RANGE = 2  # AVCOL_RANGE_JPEG: black is 0
_LIGHTEST_SHARE = 0.98  # of the tiles of an end; the few beyond may be a lamp
_THUMB_EVERY, THUMB_TRIES = 125, 25  # pictures from one thumbnail to the next, and between candidates for it
_THUMB_WIDTH, _THUMB_QUALITY = 160, 75
_BORDERS_EVERY = 25  # pictures; borders that matter stay
_WEAVE_EVERY, _WEAVE_LENGTH = 75, 13  # pictures from one look at fields to the next, and of each look
_TORN_EVERY = 4  # pictures of a look
_TOOTH, _QUADS = 10, 200  # levels between neighbouring lines; how many groups of four lines are looked at
_LIT, _DARK = 10, 0.02  # levels above black; the share of lit pixels up to which a line is black for all that
_FULL_EDGE, _EDGE = 0.5, 0.02  # the share of lit pixels of a picture's first lines; how many those are, of all
_MOST = UNSURE - 1
_TEETH = range(4)
_SIGNS = ((1, -1, 1), (-1, 1, -1))
_EIGHT_BIT = {f"yuv{full}{kind}p" for full in ("", "j") for kind in ("420", "422", "444")}

Tiles: TypeAlias = "NDArray[np.int16]"


@dataclass(slots=True)
class Gatherer:
    """Takes one picture after the other; holds no more than two."""

    dark: bytearray = field(default_factory=bytearray)
    light: bytearray = field(default_factory=bytearray)
    change: bytearray = field(default_factory=bytearray)
    calm: bytearray = field(default_factory=bytearray)
    thumbs: list[Thumb] = field(default_factory=list)
    borders: list[Borders] = field(default_factory=list)
    weaves: list[Weave] = field(default_factory=list)
    _fields: FieldMeter | None = None
    _torn: int = 0
    _size: tuple[int, int] = (0, 0)
    _meter: _Meter | None = None
    _first: Tiles | None = None
    _last: Tiles | None = None
    _best: tuple[float, int, VideoFrame] | None = None

    @property
    def pictures(self) -> int:
        """How many were counted so far."""
        return len(self.dark)

    def take(self, frame: VideoFrame) -> bool:
        """Whether the picture was counted; one of another size than the first is not."""
        if self._meter is None:
            self._size = frame.width, frame.height
            self._meter = _Meter(*self._size)
        elif (frame.width, frame.height) != self._size:
            return False
        luma, black = _luma(frame)
        dark, tiles = self._meter.read(luma, black)
        self._keep_thumb(frame, tiles)
        self._look_closer(frame, luma, black)
        self.dark.append(dark)
        self.light.append(self._meter.light(tiles, black))
        change, calm = (0, 0) if self._last is None else _change(self._last, tiles)
        self.change.append(change)
        self.calm.append(calm)
        self._first = tiles if self._first is None else self._first
        self._last = tiles
        return True

    def _look_closer(self, frame: VideoFrame, luma: NDArray[np.uint8], black: int) -> None:
        """At the borders of some pictures, and at the fields of some neighbours."""
        at = self.pictures
        if at % _BORDERS_EVERY == _BORDERS_EVERY // 2 and self._meter is not None:
            self.borders.append(Borders(at, *self._meter.borders(luma, black)))
        self._look_at_fields(frame, luma, at % _WEAVE_EVERY - _BORDERS_EVERY)

    def _look_at_fields(self, frame: VideoFrame, luma: NDArray[np.uint8], step: int) -> None:
        """Watch _WEAVE_LENGTH neighbouring pictures for woven fields; `step` counts them from 0."""
        if step == 0:
            self._fields, self._torn = FieldMeter(), 0
        if self._fields is None:
            return
        self._fields.take(frame)
        if step % _TORN_EVERY == 0:
            self._torn = max(self._torn, torn(luma[:, : frame.width]))
        if step == _WEAVE_LENGTH - 1:
            seen = self._fields.seen
            found = (seen["tff"], seen["bff"], seen["progressive"], seen["undetermined"])
            self.weaves.append(Weave(self.pictures - step, self._torn, *found))
            self._fields = None

    def _keep_thumb(self, frame: VideoFrame, tiles: Tiles) -> None:
        """Of the pictures tried in _THUMB_EVERY the one with the most contrast between its tiles."""
        at = self.pictures
        if at % _THUMB_EVERY == 0:
            self._finish_thumb()
        if at % THUMB_TRIES == THUMB_TRIES // 2 or self._best is None:
            # The picture with most in it: neither black, nor in the middle of a fade.
            richness = float(tiles.std())
            if self._best is None or richness > self._best[0]:
                self._best = richness, at, frame

    def _finish_thumb(self) -> None:
        if self._best is not None:
            _, at, frame = self._best
            self.thumbs.append(Thumb(at, _jpeg(frame)))
            self._best = None

    def facts(self) -> PictureFacts | None:
        """Everything kept; None when there was no picture."""
        if self._first is None or self._last is None:
            return None
        self._finish_thumb()
        return PictureFacts(
            bytes(self.dark),
            bytes(self.light),
            bytes(self.change),
            bytes(self.calm),
            self._first.shape[1],
            self._first.astype("<i2").tobytes(),
            self._last.astype("<i2").tobytes(),
            tuple(self.thumbs),
            tuple(self.borders),
            tuple(self.weaves),
        )


class _Meter:
    """Measures luma planes of one size: reads whole lines, a few of each row of tiles, which is what memory likes."""

    def __init__(self, width: int, height: int) -> None:
        import numpy as np

        self._rows = max(1, min(_ROWS, height // _SMALLEST_TILE))
        columns = max(1, min(_COLUMNS, width // _SMALLEST_TILE))
        self._each = max(1, min(_LINES_READ, height // self._rows))
        lines = self._rows * self._each
        self._lines = ((np.arange(lines) + 0.5) * height / lines).astype(np.intp)
        self._starts = np.arange(columns) * width // columns
        self._pixels = np.diff(np.append(self._starts, width)) * self._each
        self._width = width
        self._end_rows = max(1, round(self._rows * END_SHARE))

    def read(self, luma: NDArray[np.uint8], black: int) -> tuple[int, Tiles]:
        """Share of nearly black pixels (255 is all), and the mean of each tile in 1/16 level."""
        import numpy as np

        lines = luma.take(self._lines, axis=0)[:, : self._width]
        dark = int(np.count_nonzero(lines <= black + _NEARLY_BLACK)) * 255 // lines.size
        stacked = lines.reshape(self._rows, self._each, self._width).sum(axis=1, dtype=np.uint16)
        sums = np.add.reduceat(stacked, self._starts, axis=1, dtype=np.uint32)
        return dark, (sums * FINENESS // self._pixels).astype(np.int16)

    def borders(self, luma: NDArray[np.uint8], black: int) -> tuple[int, int, int, int]:
        """How deep the black is at the left, top, right and bottom, where neither captions nor a logo lie."""
        lit = luma.take(self._lines, axis=0)[:, : self._width] > black + _LIT
        height, width = lit.shape
        columns = lit[height // 4 : height * 2 // 3].mean(axis=0)
        rows = lit[:, width // 4 : width * 3 // 4].mean(axis=1)
        return _depth(columns), _depth(rows), _depth(columns[::-1]), _depth(rows[::-1])

    def light(self, tiles: Tiles, black: int) -> int:
        """Levels above black of the lightest tiles at the top or the bottom, whichever is darker."""
        ends = (tiles[: self._end_rows].ravel(), tiles[-self._end_rows :].ravel())
        lightest = min(_high(end) for end in ends) // FINENESS
        return max(0, min(255, lightest - black))


def torn(luma: NDArray[np.uint8]) -> int:
    """Of a thousand pixels, those where four lines go up and down in turn: combs, no edge, hardly any letter."""
    import numpy as np

    height = len(luma)
    if height < len(_TEETH):
        return 0
    tops = np.unique(np.linspace(0, height - len(_TEETH), _QUADS).astype(np.intp))
    lines = [luma[tops + tooth].astype(np.int16) for tooth in _TEETH]
    steps = [after - before for before, after in pairwise(lines)]
    up, down = (
        np.all([step * sign >= _TOOTH for step, sign in zip(steps, signs, strict=True)], axis=0) for signs in _SIGNS
    )
    alike = abs(lines[2] - lines[0]) + abs(lines[3] - lines[1]) < abs(steps[1])
    return round(1000 * float(((up | down) & alike).mean()))


def _depth(lit: NDArray[np.float64]) -> int:
    """How deep the black in front of a picture is; of each line the share of lit pixels, the outermost first."""
    import numpy as np

    bright = np.flatnonzero(lit > _DARK)
    if not bright.size:
        return UNSURE
    first = int(bright[0])
    edge = lit[first : first + max(2, round(len(lit) * _EDGE))]
    # Letters and lamps on black have no edge that is lit all along.
    return first * _MOST // len(lit) if edge.max() >= _FULL_EDGE else UNSURE


def _high(tiles: Tiles) -> int:
    """The level that all but the lightest share of tiles stay below."""
    import numpy as np

    at = int((tiles.size - 1) * _LIGHTEST_SHARE)
    return int(np.partition(tiles, at)[at])


def _luma(frame: VideoFrame) -> tuple[NDArray[np.uint8], int]:
    """The luma plane, with whatever stands right of it, and the luma of black."""
    import numpy as np

    name = frame.format.name
    if name not in _EIGHT_BIT:
        frame, name = frame.reformat(format="yuv420p"), "yuv420p"
    plane = frame.planes[0]
    luma = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    is_full = name.startswith("yuvj") or int(frame.color_range) == _FULL_RANGE
    return luma, 0 if is_full else _BLACK


def _change(before: Tiles, after: Tiles) -> tuple[int, int]:
    return strongest(abs(after - before).max(axis=1).tolist())


def _jpeg(frame: VideoFrame) -> bytes:
    from PIL import Image

    height = max(2, round(_THUMB_WIDTH * frame.height / frame.width))
    small = frame.reformat(width=_THUMB_WIDTH, height=height, format="rgb24", interpolation="AREA")
    stream = io.BytesIO()
    Image.fromarray(small.to_ndarray()).save(stream, "JPEG", quality=_THUMB_QUALITY, optimize=True)
    return stream.getvalue()
