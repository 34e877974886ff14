"""Looks at the samples of a sound: what vanishes in mono, mains hum, clipping, where it sets in. Judges nothing."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import log10
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from courseware.errors import Problem, ToolError, text
from courseware.streaks import streaks_of
from courseware.times import Span
from render.quality.picture import opened
from render.work.ffmpeg import StoppedError

if TYPE_CHECKING:
    import numpy as np
    from av.audio.frame import AudioFrame
    from av.container import InputContainer
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

LEVEL_MS = 20
QUIETEST_DB = -100
_AUDIBLE_DB = -50.0
_CANCELLED_DB = 10.0  # by which a mono loudspeaker is softer than two; unlike sides lose 3
_LEAST_S = 2
_MAINS_HZ = 50
_HARMONICS = 10
_WINDOW_S = 4  # so long a line rises 6 dB further out of a voice than in one second
_NEAR, _BESIDE = 4, range(12, 49)  # bins of 0.25 Hz: the mains waver by less than 0.1 Hz
_LINE_DB, _BESIDE_PERCENT = 10.0, 80  # above most of what lies beside it: a melody has lines there, too
_STEADY_SHARE = 0.6  # of the windows with any sound
_LEAST_LINES = 2
_LEAST_WINDOWS = 3
_PAUSE_PERCENT = 20
_HEARD_DB = -80.0  # a second below this holds no recording
# How loud the ear takes 50, 100, … 500 Hz for: the A curve of IEC 61672.
_EAR_DB = (-30.2, -19.1, -13.4, -10.9, -8.7, -7.1, -5.9, -4.8, -3.9, -3.2)
_CROWN_DB = (
    2.2  # from the 97th to the 99.9th percentile of samples; speech and music have 3 to 6, a clipped wave less
)
# So near to so few frequencies so much of the power of a fifth of a second: pure tones have no crown either.
# Of a voice that was cut off the three strongest hold 0.5 to 0.9.
_TONE_HZ, _TONES, _TONE_SHARE, _PARTS = 15, 3, 0.97, 5
_CLIPPED_SHARE, _FEWEST_LOUD = 0.5, 4
_LOUD_DB = -30.0
_NOTHING = 1e-12


@dataclass(frozen=True, slots=True)
class Waves:
    """What the samples show.

    Attributes:
        cancelled: stretches of at least 2 s in which the two sides cancel each other.
        hum_db: mains hum as the ear weighs it, against the loud parts of the programme; None without.
        clipped: whether most of the loud seconds consist of waves that were cut off.
        levels: of each LEVEL_MS, in dB above QUIETEST_DB.
    """

    cancelled: tuple[Span, ...] = ()
    hum_db: float | None = None
    clipped: bool = False
    levels: bytes = b""


def look_at(path: Path, stop: Event | None = None) -> Waves:
    """Decode the first sound of a file once.

    Raises:
        ToolError: it has none, or it cannot be decoded.
        StoppedError: `stop` was set.
    """
    watcher = _Watcher()
    for second in _seconds(path):
        if stop is not None and stop.is_set():
            raise StoppedError
        watcher.take(second)
    return watcher.waves()


def _seconds(path: Path) -> Iterator[Samples]:
    """Two channels × a second of samples each; what is left at the end is filled with silence."""
    import av
    import numpy as np

    try:
        with opened(path) as container:
            stream = container.streams.audio[0]
            rate = stream.rate
            even = av.AudioResampler("fltp", "stereo", rate, frame_size=rate)
            for frame in _frames(container):
                for second in even.resample(frame):
                    samples = second.to_ndarray()
                    yield np.pad(samples, ((0, 0), (0, rate - samples.shape[1])))
    except (av.error.FFmpegError, ValueError, IndexError, OSError) as error:
        what = text("the sound could not be measured; save the video again as MP4")
        raise ToolError(Problem("", what)) from error


def _frames(container: InputContainer) -> Iterator[AudioFrame | None]:
    """What can be decoded, and None at the end."""
    import av

    for packet in container.demux(audio=0):
        try:
            yield from packet.decode()
        except av.error.FFmpegError:
            continue
    yield None


@dataclass(slots=True)
class _Watcher:
    """Takes one second after the other; holds no more than four."""

    levels: bytearray = field(default_factory=bytearray)
    cancelled: list[bool] = field(default_factory=list)
    crowns: list[float] = field(default_factory=list)
    strengths: list[float] = field(default_factory=list)
    lines: list[Samples] = field(default_factory=list)
    _waiting: list[Samples] = field(default_factory=list)

    def take(self, second: Samples) -> None:
        """Measure it."""
        middle = second.mean(axis=0)
        strength = _decibels(float((second**2).mean()))
        self.strengths.append(strength)
        mono = _decibels(float((middle**2).mean()))
        self.cancelled.append(strength > _AUDIBLE_DB and strength - mono >= _CANCELLED_DB)
        levels = _levels(second)
        self.levels += levels
        if strength > _LOUD_DB:
            louder = second[int((second**2).sum(axis=1).argmax())]
            crown = _crown_db(louder)
            if crown >= _CROWN_DB or not _is_of_tones(louder):
                self.crowns.append(crown)
        # A window must hold the recording's own noise all through, or its lines are those of a cut.
        self._waiting = [*self._waiting, middle] if min(levels) > _HEARD_DB - QUIETEST_DB else []
        if len(self._waiting) == _WINDOW_S:
            self.lines.append(_lines(self._waiting))
            self._waiting = []

    def waves(self) -> Waves:
        """All that was seen."""
        cancelled = tuple(span for span in _spans(self.cancelled) if span.duration_ms >= _LEAST_S * 1000)
        flat = sum(crown < _CROWN_DB for crown in self.crowns)
        clipped = flat >= max(_FEWEST_LOUD, _CLIPPED_SHARE * len(self.crowns))
        return Waves(cancelled, self._hum_db(), clipped, bytes(self.levels))

    def _hum_db(self) -> float | None:
        """Mains hum in dB against the loud seconds, as the ear weighs it; None without, or where that cannot be told.

        A harmonic counts when it stands _LINE_DB out of its neighbours in most windows. The quietest fifth of the
        windows tell how strong it is, since speech covers it in the others.
        """
        import numpy as np

        if len(self.lines) < _LEAST_WINDOWS:
            return None
        lines, beside = np.moveaxis(np.array(self.lines), 1, 0)
        steady = (lines > beside * 10 ** (_LINE_DB / 10)).mean(axis=0) >= _STEADY_SHARE
        if steady.sum() < _LEAST_LINES or not steady[:2].any():
            return None
        heard = np.percentile(lines, _PAUSE_PERCENT, axis=0) * 10 ** (np.array(_EAR_DB) / 10)
        loud = 10 * log10(np.mean([10 ** (one / 10) for one in self.strengths if one > _AUDIBLE_DB]))
        return round(_decibels(float(heard[steady].sum())) - loud, 1)


def _levels(second: Samples) -> bytes:
    """Of each LEVEL_MS, in dB above QUIETEST_DB."""
    import numpy as np

    each = second.shape[1] * LEVEL_MS // 1000
    powers = (second[:, : second.shape[1] // each * each].reshape(2, -1, each) ** 2).mean(axis=(0, 2))
    return bytes(np.clip(10 * np.log10(powers + _NOTHING) - QUIETEST_DB, 0, 255).astype(np.uint8))


def _crown_db(side: Samples) -> float:
    """How far the highest samples rise above the merely high ones; every other sample tells."""
    import numpy as np

    high, highest = np.percentile(np.abs(side[::2]), (97, 99.9))
    return float(20 * np.log10((highest + _NOTHING) / (high + _NOTHING)))


def _is_of_tones(side: Samples) -> bool:
    """Whether few frequencies carry each part of a second, as a melody of pure tones has them."""
    import numpy as np

    parts = side[: len(side) // _PARTS * _PARTS].reshape(_PARTS, -1)
    shares = [_tonal_share(part) for part in parts if 30 * (part**2).sum() > (parts**2).sum(axis=1).max()]
    return bool(np.median(shares) > _TONE_SHARE)


def _tonal_share(part: Samples) -> float:
    """How much of the power lies near the strongest frequencies."""
    import numpy as np

    power = np.abs(np.fft.rfft(part * np.hanning(len(part)))) ** 2
    total, near, reach = float(power.sum()), 0.0, _TONE_HZ // _PARTS
    for _ in range(_TONES):
        at = int(power.argmax())
        peak = slice(max(0, at - reach), at + reach + 1)
        near += float(power[peak].sum())
        power[peak] = 0
    return near / total


def _lines(seconds: list[Samples]) -> Samples:
    """Power at the harmonics of the mains, and what lies beside each: bins of 0.25 Hz."""
    import numpy as np

    middle = np.concatenate(seconds)
    count = len(middle)
    spectrum = np.fft.rfft(middle * np.hanning(count))[: _WINDOW_S * _MAINS_HZ * (_HARMONICS + 1)]
    power = np.abs(spectrum) ** 2 * 8 / count**2
    at = _WINDOW_S * _MAINS_HZ * np.arange(1, _HARMONICS + 1)[:, None]
    lines = power[at + np.arange(-_NEAR, _NEAR + 1)].max(axis=1)
    around = np.concatenate((-np.array(_BESIDE), np.array(_BESIDE)))
    return np.stack((lines, np.percentile(power[at + around], _BESIDE_PERCENT, axis=1))).astype(np.float32)


def _spans(flags: list[bool]) -> Iterator[Span]:
    """Seconds that are set, neighbours joined."""
    return (Span(start * 1000, end * 1000) for start, end in streaks_of(flags))


def _decibels(power: float) -> float:
    return 10 * log10(power) if power > _NOTHING else -120.0


def dump_waves(waves: Waves) -> dict[str, Any]:
    """As plain JSON."""
    return {
        "cancelled": [[span.start_ms, span.end_ms] for span in waves.cancelled],
        "hum_db": waves.hum_db,
        "clipped": waves.clipped,
        "levels": base64.b64encode(zlib.compress(waves.levels)).decode("ascii"),
    }


def load_waves(values: dict[str, Any]) -> Waves:
    """What `dump_waves` wrote.

    Raises:
        ValueError, KeyError, TypeError: it is something else.
    """
    try:
        levels = zlib.decompress(base64.b64decode(values["levels"], validate=True))
    except zlib.error as error:
        raise ValueError(str(error)) from error
    cancelled = tuple(Span(start_ms, end_ms) for start_ms, end_ms in values["cancelled"])
    return Waves(cancelled, values["hum_db"], values["clipped"], levels)
