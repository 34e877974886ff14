"""The straight line that brings subtitles to where somebody speaks, and how sure it is that it is the right one.

Sure is what chance does not give: the same subtitles in another order are fitted, too, and must fit far worse.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from courseware.subtitles.moving import TimeMap
from courseware.syncing.pattern import CuePattern

if TYPE_CHECKING:
    import numpy as np

    from courseware.syncing.pattern import VoiceHeard

# Subtitles made for another frame rate: film, PAL, NTSC and what is taken for them.
_FILM, _PAL, _NTSC = Fraction(24), Fraction(25), Fraction(24000, 1001)
RATES = (
    Fraction(1),
    *(Fraction(1000, 1001), Fraction(1001, 1000)),
    *(made / shown for made in (_FILM, _PAL, _NTSC) for shown in (_FILM, _PAL, _NTSC) if abs(made - shown) > 1 / 2),
    *(Fraction(25, 30), Fraction(30, 25)),
)
_PROMISING = 0.9  # of the best agreement found coarsely
_ALIKE = 0.99  # of the best agreement: of what fits so well the simplest is taken
_DRIFT = Fraction(4, 1000)  # a clock that goes wrong by more is a frame rate
_DRIFTS = 17
_DRIFT_MS = 100  # over the whole file, or it is none
_NEAR_MS, _FINE_MS = 400.0, 2.0
_SHUFFLED = 16
SURE = 4.0  # standard deviations: of wrong files none had more than 2.4, of right ones none less than 5.8
FEWEST = 5  # subtitles with pauses between them, or any order of them is like any other


@dataclass(frozen=True, slots=True)
class LineFit:
    """A line and how it fits.

    Attributes:
        agreement: from −1 to 1, how much more is spoken under the subtitles than between them.
        surety: by how many standard deviations it fits better than chance does.
    """

    rate: Fraction
    offset_ms: int
    agreement: float
    surety: float = 0.0

    @property
    def is_sure(self) -> bool:
        """Whether chance does not fit so well."""
        return self.surety >= SURE

    @property
    def line(self) -> TimeMap:
        """From the file's times to the recording's."""
        return TimeMap(self.rate, Fraction(self.offset_ms))


def fit_line(pattern: CuePattern, voice: VoiceHeard) -> LineFit | None:
    """The line that fits best; None where there are too few subtitles, or no pauses between them."""
    if len(pattern.starts) < FEWEST:
        return None
    found = list(_searched(pattern, voice, _rates(pattern)))
    if not found:
        return None
    best = max(one.agreement for one in found)
    near = [_fine(one, pattern, voice) for one in found if one.agreement >= best * _PROMISING]
    best = max(one.agreement for one in near)
    first = next(one for one in near if one.agreement >= best * _ALIKE)
    return _with_surety(_drifting(first, pattern, voice), pattern, voice)


def _rates(pattern: CuePattern) -> tuple[Fraction, ...]:
    """Those of films, and of clocks that drift by so much that a long file would not fit without."""
    steps = min(_DRIFTS, int(_DRIFT * pattern.whole_ms / 500))
    drifts = (_DRIFT * sign * k / steps for k in range(1, steps + 1) for sign in (1, -1))
    return (*RATES, *(1 + drift for drift in drifts))


def _searched(pattern: CuePattern, voice: VoiceHeard, rates: tuple[Fraction, ...]) -> Iterator[LineFit]:
    """The best offset of each rate."""
    for rate in rates:
        scores, offsets = pattern.coarse(voice, float(rate))
        if len(scores):
            at = int(scores.argmax())
            yield LineFit(rate, round(float(offsets[at])), float(scores[at]))


def _fine(fit: LineFit, pattern: CuePattern, voice: VoiceHeard) -> LineFit:
    """The same rate with the offset to 2 ms."""
    import numpy as np

    offsets = fit.offset_ms + np.arange(-_NEAR_MS, _NEAR_MS + 1, _FINE_MS)
    scores = pattern.agreement(voice, float(fit.rate), offsets)
    at = int(scores.argmax())
    return LineFit(fit.rate, round(float(offsets[at])), float(scores[at]))


def _drifting(fit: LineFit, pattern: CuePattern, voice: VoiceHeard) -> LineFit:
    """With a rate of its own, where that fits clearly better and is no mere rounding."""
    step = Fraction(20) / Fraction(round(pattern.whole_ms))
    steps = min(50, int(_DRIFT / step))
    middle = float(pattern.starts[0] + pattern.ends[-1]) / 2
    best = fit
    for k in range(-steps, steps + 1):
        turned = LineFit(fit.rate * (1 + k * step), round(fit.offset_ms - middle * float(fit.rate * k * step)), 0)
        best = max(best, _fine(turned, pattern, voice), key=lambda one: one.agreement)
    drift_ms = abs(float(best.rate - fit.rate)) * pattern.whole_ms
    return best if drift_ms >= _DRIFT_MS and best.agreement * _ALIKE > fit.agreement else fit


def _with_surety(fit: LineFit, pattern: CuePattern, voice: VoiceHeard) -> LineFit:
    import numpy as np

    rng = np.random.default_rng(len(pattern.starts))
    chance = [
        max(one.agreement for one in _searched(_shuffled(pattern, rng), voice, RATES)) for _ in range(_SHUFFLED)
    ]
    surety = (fit.agreement - float(np.mean(chance))) / max(0.01, float(np.std(chance)))
    return LineFit(fit.rate, fit.offset_ms, fit.agreement, surety)


def _shuffled(pattern: CuePattern, rng: np.random.Generator) -> CuePattern:
    """The same subtitles and pauses in another order."""
    import numpy as np

    lengths = rng.permutation(pattern.ends - pattern.starts)
    pauses = rng.permutation(pattern.starts[1:] - pattern.ends[:-1])
    starts = pattern.starts[0] + np.concatenate(([0], np.cumsum(lengths[:-1] + pauses)))
    return CuePattern(starts, starts + lengths)
