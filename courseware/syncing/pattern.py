"""When subtitles are on and off, held against when somebody speaks: how well both agree, and where they do best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, cast

from courseware.speech.activity import activity, tunes
from courseware.speech.sound import HOP, HOP_MS, RATE, WINDOW

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from courseware.speech.sound import Sound
    from courseware.times import Span

    Numbers = NDArray[np.float64]

_MARGIN_MS = 1_000  # before the first subtitle and after the last one nobody is expected to speak
_GRID = 2  # frames to a step of the coarse search
_AHEAD_MS = (WINDOW - HOP) / 2 * 1000 / RATE  # a frame hears what follows it, too: what it tells is so much later


@dataclass(frozen=True)
class VoiceHeard:
    """How surely somebody speaks, from −1 to 1 for each frame of HOP_MS; outside of the recording nobody does."""

    frames: Numbers

    @cached_property
    def _sums(self) -> Numbers:
        import numpy as np

        return np.concatenate(([0], np.cumsum(self.frames)))

    def between(self, starts: Numbers, ends: Numbers) -> Numbers:
        """The sum of it, in frames, over each stretch; all in ms."""
        return self._until(ends) - self._until(starts)

    def _until(self, moments: Numbers) -> Numbers:
        import numpy as np

        at, last = (moments - _AHEAD_MS) / HOP_MS, len(self.frames)
        inside = np.clip(at, 0, last)
        return np.interp(inside, np.arange(last + 1), self._sums) - (at - inside)


def voice_in(sound: Sound) -> VoiceHeard:
    """Where somebody speaks in a recording; music speaks not."""
    import numpy as np

    active = activity(sound.bands)
    return VoiceHeard(np.where(active > 0, active * (1 - tunes(sound.steady, active)), active).astype(np.float64))


@dataclass(frozen=True)
class CuePattern:
    """The subtitles' times alone.

    Attributes:
        starts, ends: in ms, in order of time, none over another.
    """

    starts: Numbers
    ends: Numbers

    @classmethod
    def of(cls, spans: Sequence[Span]) -> CuePattern:
        """That of subtitles in order of time; what overlaps counts once."""
        import numpy as np

        starts, ends = [float(spans[0].start_ms)], [float(spans[0].end_ms)]
        for span in spans[1:]:
            if span.start_ms <= ends[-1]:
                ends[-1] = max(ends[-1], float(span.end_ms))
            else:
                starts.append(float(span.start_ms))
                ends.append(float(span.end_ms))
        return cls(np.array(starts), np.array(ends))

    def __getitem__(self, part: slice) -> CuePattern:
        """Some of them."""
        return CuePattern(self.starts[part], self.ends[part])

    @property
    def whole_ms(self) -> float:
        """From its beginning to its end, with what is quiet around."""
        return float(self.ends[-1] - self.starts[0]) + 2 * _MARGIN_MS

    def agreement(self, voice: VoiceHeard, rate: float, offsets: Numbers) -> Numbers:
        """From −1 to 1 for each offset: how much more is spoken under subtitles than between them."""
        starts = self.starts * rate + offsets[:, None]
        ends = self.ends * rate + offsets[:, None]
        under = voice.between(starts, ends).sum(axis=1)
        whole = voice.between(starts[:, 0] - _MARGIN_MS, ends[:, -1] + _MARGIN_MS)
        on = float((self.ends - self.starts).sum()) * rate / HOP_MS
        length = (ends[0, -1] - starts[0, 0] + 2 * _MARGIN_MS) / HOP_MS
        return cast("Numbers", (under / on - (whole - under) / max(1.0, length - on)) / 2)

    def coarse(self, voice: VoiceHeard, rate: float) -> tuple[Numbers, Numbers]:
        """The agreement at every offset with which at least half of the subtitles' time lies in the recording."""
        import numpy as np

        step = HOP_MS * _GRID
        heard = voice.frames[: len(voice.frames) // _GRID * _GRID].reshape(-1, _GRID).mean(axis=1)
        first = self.starts[0] * rate - _MARGIN_MS
        length = int(self.whole_ms * rate / step) + 2
        edges = np.zeros(length + 1)
        np.add.at(edges, np.clip(np.rint((self.starts * rate - first) / step).astype(int), 0, length), 1)
        np.add.at(edges, np.clip(np.rint((self.ends * rate - first) / step).astype(int), 0, length), -1)
        on = np.cumsum(edges)[:length]
        weights = np.where(on > 0, 0.5 / max(1.0, on.sum()), -0.5 / max(1.0, length - on.sum()))
        size = 1 << (len(heard) + 2 * length).bit_length()
        padded = np.full(len(heard) + 2 * length, -1.0)
        padded[length:-length] = heard
        scores = np.fft.irfft(np.fft.rfft(padded, size) * np.conj(np.fft.rfft(weights, size)), size)
        scores = scores[: len(heard) + length]
        offsets = (np.arange(len(scores)) - length) * step - first
        half = length // 2
        return scores[half : len(scores) - half], offsets[half : len(offsets) - half]
