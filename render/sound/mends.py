"""What is mended of a recording before anything is measured of it: constant voltage, weak or opposed sides, bursts.

Pure data, and the curve by which ffmpeg multiplies the sound where only stretches of it are mended.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from courseware.times import Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Balance = Literal["both", "left", "right", "opposed"]

CURVE = "curve.wav"
_CURVE_RATE = 1000  # a value each millisecond
_RAMP_MS = 8  # from one value to the next: no click
# What of left and right goes to the left, then to the right side.
_MIXES: dict[Balance, tuple[int, int, int, int]] = {
    "both": (1, 0, 0, 1),
    "left": (1, 0, 1, 0),
    "right": (0, 1, 0, 1),
    "opposed": (1, 0, 0, -1),
}


@dataclass(frozen=True, slots=True)
class SideStretch:
    """A part of a recording whose sides differ from those of the rest."""

    span: Span
    balance: Balance


@dataclass(frozen=True, slots=True)
class Burst:
    """A bang, far louder than all that is said; so much it is made softer."""

    span: Span
    gain_db: float


@dataclass(frozen=True, slots=True)
class Mends:
    """Everything that is mended.

    Attributes:
        balance: of the whole, but for the stretches.
        stretches: in order, apart.
        offset: of left and right at the start, in shares of full scale; the rest of it is followed by a high-pass.
            Both 0 without one.
        lift_db: of a recording so soft that a meter takes it for silence.
        bursts: in order, apart.
    """

    balance: Balance = "both"
    stretches: tuple[SideStretch, ...] = ()
    offset: tuple[float, float] = (0.0, 0.0)
    lift_db: float = 0.0
    bursts: tuple[Burst, ...] = ()

    @property
    def curved(self) -> bool:
        """Whether it needs a curve."""
        return bool(self.stretches or self.bursts)

    @property
    def noises(self) -> tuple[Span, ...]:
        """What does not count when loudness is measured."""
        return tuple(burst.span for burst in self.bursts)


def write_curve(mends: Mends, length_ms: int, target: Path) -> None:
    """The curve as a WAV file of four channels."""
    from scipy.io import wavfile

    wavfile.write(target, _CURVE_RATE, mixing_curve(mends, length_ms))


def mixing_curve(mends: Mends, length_ms: int) -> NDArray[np.float32]:
    """Milliseconds × what of left and right goes to the left, then to the right side."""
    import numpy as np
    from scipy.ndimage import uniform_filter1d

    curve = np.tile(np.array(_MIXES[mends.balance], np.float32), (length_ms, 1))
    for stretch in mends.stretches:
        curve[stretch.span.start_ms : stretch.span.end_ms] = _MIXES[stretch.balance]
    for burst in mends.bursts:
        start_ms = max(0, burst.span.start_ms - _RAMP_MS)
        curve[start_ms : burst.span.end_ms + _RAMP_MS] *= 10 ** (burst.gain_db / 20)
    smooth: NDArray[np.float32] = uniform_filter1d(curve, _RAMP_MS, axis=0, mode="nearest")
    return smooth
