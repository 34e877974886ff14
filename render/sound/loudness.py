"""Reads what ffmpeg's meter wrote down and answers how loud any part of it is. Pure but for reading the file.

Loudness and gating: ITU-R BS.1770-4; loudness range: EBU Tech 3342. Knows no lesson and no profile.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log10
from pathlib import Path

from courseware.errors import Problem, ToolError, text
from courseware.times import Span
from render.plan.picture import Stream
from render.sound.meters import NOTHING_DB, load_moments
from render.work.ffmpeg import Ffmpeg, run

STEP_MS = 100  # the meter speaks ten times a second
SILENT_LKFS = -70.0  # BS.1770 gates at this; quieter, or shorter than 0.4 s, has no loudness
_MOMENTARY_STEPS = 4  # 400 ms
_SHORT_STEPS = 30  # 3 s
_FEWEST_RANGES = 20  # windows; the range of less says nothing
_FULL_STEPS = 0.001  # of full scale: the meter's peaks have three decimals


@dataclass(frozen=True, slots=True)
class MeterReading:
    """What the meter said every 100 ms of a sound.

    Attributes:
        momentary: LKFS of the 400 ms that end with each step.
        short: LKFS of the 3 s that end with each step.
        peak_dbtp: true peak of the whole; SILENT_LKFS when there is none.
    """

    momentary: tuple[float, ...]
    short: tuple[float, ...]
    peak_dbtp: float

    def loudness(self, start_ms: int = 0, end_ms: int | None = None, without: Sequence[Span] = ()) -> float:
        """Integrated loudness of a part, LKFS; SILENT_LKFS when it has none. Only windows inside the part count.

        Args:
            without: no window that touches one of these counts.
        """
        return integrated(self._within(self.momentary, _MOMENTARY_STEPS, start_ms, end_ms, without))

    def range(self, start_ms: int = 0, end_ms: int | None = None, without: Sequence[Span] = ()) -> float:
        """Loudness range of a part, LU; 0 when the part is too short to have one."""
        return loudness_range(self._within(self.short, _SHORT_STEPS, start_ms, end_ms, without))

    def floor(self, start_ms: int = 0, end_ms: int | None = None) -> float:
        """LKFS of the pauses, however rare they are."""
        found = sorted(self._within(self.momentary, _MOMENTARY_STEPS, start_ms, end_ms))
        return max(NOTHING_DB, found[len(found) // 50]) if found else NOTHING_DB

    def _within(
        self,
        values: Sequence[float],
        steps: int,
        start_ms: int,
        end_ms: int | None,
        without: Sequence[Span] = (),
    ) -> tuple[float, ...]:
        """Values whose whole window lies inside the part."""
        first = -(-start_ms // STEP_MS) + steps - 1
        last = len(values) if end_ms is None else min(len(values), end_ms // STEP_MS)
        touched = {
            at for span in without for at in range(span.start_ms // STEP_MS, -(-span.end_ms // STEP_MS) + steps - 1)
        }
        return tuple(values[at] for at in range(first, last) if at not in touched)


def integrated(blocks: Iterable[float]) -> float:
    """Integrated loudness of 400 ms blocks, LKFS: gated at -70 LKFS, then 10 LU under the mean of the rest."""
    loud = [_power(block) for block in blocks if block > SILENT_LKFS]
    if not loud:
        return SILENT_LKFS
    gate = sum(loud) / len(loud) / 10
    kept = [power for power in loud if power > gate]
    return 10 * log10(sum(kept) / len(kept))


def loudness_range(windows: Iterable[float]) -> float:
    """Loudness range of 3 s windows, LU: from the 10th to the 95th percentile above the gates; 0 for too few."""
    loud = sorted(window for window in windows if window > SILENT_LKFS)
    if len(loud) < _FEWEST_RANGES:
        return 0.0
    gate = 10 * log10(sum(map(_power, loud)) / len(loud)) - 20
    kept = [window for window in loud if window >= gate]
    low, high = (kept[round((len(kept) - 1) * share)] for share in (0.10, 0.95))
    return high - low


def _power(lkfs: float) -> float:
    return float(10 ** (lkfs / 10))


def metered(stream: Stream, file: str) -> Stream:
    """The stream behind a meter that writes to `file`, a name in the folder where ffmpeg runs."""
    heard = stream.filter("ebur128", peak="true", framelog="quiet", metadata=1)
    return heard.filter("ametadata", mode="print", file=file)


def meter_file(
    tool: Ffmpeg, source: Path, work: Path, file: str = "meter.txt", stop: threading.Event | None = None
) -> MeterReading:
    """Meter a finished file of ours.

    Args:
        work: ffmpeg runs there, and `file` is written there.
    """
    import ffmpeg

    heard = metered(ffmpeg.input(f"file:{source.absolute()}", protocol_whitelist="file").audio, file)
    return measure(tool, heard.output("-", format="null"), work, file, stop)


def measure(
    tool: Ffmpeg,
    output: Stream,
    work: Path,
    file: str,
    stop: threading.Event | None = None,
) -> MeterReading:
    """Run an output that is `metered` into `file`, and read that.

    Raises:
        StorageError: the disk was full.
        ToolError: nothing could be decoded.
    """
    length: list[int] = []
    run(tool, ["-loglevel", "warning", *output.get_args()], work, stop=stop, length=length.append)
    return load_reading(work / file, *length)


def load_reading(path: Path, length_us: int) -> MeterReading:
    """Read what the meter wrote.

    Args:
        length_us: how much sound went through it.

    Raises:
        StorageError: it broke off.
        ToolError: nothing; the sound could not be decoded.
    """
    moments = load_moments(path, STEP_MS, length_us)
    if not moments:
        raise ToolError(Problem("ffmpeg", text("the sound could not be measured; save the video again as MP4")))
    momentary, short = (tuple(one.decibels(f"lavfi.r128.{name}") for one in moments) for name in "MS")
    return MeterReading(momentary, short, _decibels(max(one.share("lavfi.r128.true_peak") for one in moments)))


def _decibels(peak: float) -> float:
    return 20 * log10(peak) if peak >= _FULL_STEPS else SILENT_LKFS
