"""How each sound of the synthesiser's language sounds in this recording: one Gaussian for each part of each sound.

They begin with the synthesiser's own voice, put into the recording's noise, and learn from the recording by and by.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from courseware.speech.sound import Floats

STEP = 2  # frames of sound in one step of alignment: 20 ms
CEPSTRA = 12
FEATURES = 2 * CEPSTRA + 2
_REACH = 3  # frames before and after that tell how a frame changes
_BLOCK = 15_000  # steps
_TRUST = 12.0  # steps of the recording that weigh as much as what was known before
_FLOOR = 0.35  # least variance, of a feature whose variance is 1


@dataclass(frozen=True, slots=True)
class Models:
    """Means and variances; rows as the chain names them, row 0 (the pause) unused.

    Attributes:
        excess: what is taken from the evidence for each row; None for nothing.
    """

    mean: Floats
    variance: Floats
    excess: Floats | None = None


def features_of(bands: Floats, noise: Floats) -> Floats:
    """Steps × FEATURES: shape of the spectrum, its change, and loudness; what is below the noise does not count."""
    import numpy as np

    steps = len(bands) // STEP
    whole = np.zeros((steps, FEATURES), np.float32)
    # Block by block: of a recording of hours the intermediate arrays would be larger than all else.
    for first in range(0, steps, _BLOCK):
        last = min(steps, first + _BLOCK)
        low, high = max(0, first * STEP - _REACH), last * STEP + _REACH
        frames = _frame_features(np.logaddexp(bands[low:high], noise))[first * STEP - low :][: (last - first) * STEP]
        whole[first:last] = frames.reshape(-1, STEP, FEATURES).mean(axis=1)
    return whole


def _frame_features(floored: Floats) -> Floats:
    """Frames × FEATURES: cepstra and loudness, then the slope of each over ±_REACH frames.

    Cepstra are the cosine transform of the bands: the shape of the spectrum without its level. The slope is that of
    the line of least squares, whose divisor is 2 · (1² + 2² + 3²) = 28.
    """
    import numpy as np

    static = np.concatenate((floored @ _cosines(), floored.mean(axis=1, keepdims=True)), axis=1)
    padded = np.pad(static, ((_REACH, _REACH), (0, 0)), mode="edge")
    change = np.zeros_like(static)
    for at in range(1, _REACH + 1):
        later, earlier = padded[_REACH + at :][: len(static)], padded[_REACH - at :][: len(static)]
        change += at * (later - earlier)
    return cast("Floats", np.concatenate((static, change / np.float32(28)), axis=1).astype(np.float32))


@cache
def _cosines() -> Floats:
    """BANDS × CEPSTRA: the cosine transform (DCT-II, orthonormal) without its constant term, which is loudness."""
    import numpy as np

    from courseware.speech.sound import BANDS

    order, band = np.arange(1, CEPSTRA + 1)[None, :], np.arange(BANDS)[:, None]
    return cast("Floats", (np.cos(np.pi * order * (band + 0.5) / BANDS) * np.sqrt(2 / BANDS)).astype(np.float32))


@dataclass(frozen=True, slots=True)
class FeatureScale:
    """Mean and spread of each feature, by which features are compared."""

    mean: Floats
    spread: Floats

    def of(self, features: Floats) -> Floats:
        """The features with mean and spread taken out."""
        return cast("Floats", (features - self.mean) / self.spread)


def standard_of(features: Floats, weight: Floats) -> FeatureScale:
    """The mean and spread of the steps that `weight` counts."""
    import numpy as np

    total = max(float(weight.sum()), 1.0)
    blocks = range(0, len(features), _BLOCK)
    mean = sum(weight[at : at + _BLOCK] @ features[at : at + _BLOCK] for at in blocks) / np.float32(total)
    square = sum(weight[at : at + _BLOCK] @ (features[at : at + _BLOCK] - mean) ** 2 for at in blocks)
    spread = np.maximum(np.sqrt(square / total), 1e-3)
    return FeatureScale(np.asarray(mean, np.float32), np.asarray(spread, np.float32))


def estimate(features: Floats, rows: NDArray[np.int32], count: int, before: Models | None) -> Models:
    """Models from steps whose rows are known; with little to learn from they stay near `before`."""
    learner = Learner(count)
    learner.add(features, rows)
    return learner.models(before)


class Learner:
    """Gathers steps whose rows are known, by and by, and makes models of them."""

    def __init__(self, count: int) -> None:
        import numpy as np

        self._number = np.zeros((count, 1))
        self._first, self._second = np.zeros((count, FEATURES)), np.zeros((count, FEATURES))

    def add(self, features: Floats, rows: NDArray[np.int32]) -> None:
        """Steps × FEATURES, and the row of each."""
        import numpy as np

        count = len(self._number)
        self._number[:, 0] += np.bincount(rows, minlength=count)
        for at, column in enumerate(features.T):
            self._first[:, at] += np.bincount(rows, weights=column, minlength=count)
            self._second[:, at] += np.bincount(rows, weights=column**2, minlength=count)

    def models(self, before: Models | None) -> Models:
        """With little to learn from, they stay near `before`."""
        import numpy as np

        known = np.zeros_like(self._first) if before is None else before.mean
        variance = np.ones_like(self._first) if before is None else before.variance
        number = self._number + _TRUST
        mean = (self._first + _TRUST * known) / number
        square = (self._second + _TRUST * (variance + known**2)) / number
        return Models(mean.astype(np.float32), np.maximum(square - mean**2, _FLOOR).astype(np.float32))


def evidence(features: Floats, models: Models, sharpness: float) -> Floats:
    """Steps × rows: how much more a step is like this row than like speech in general, in nats, at most a few."""
    import numpy as np

    inverse = 1 / models.variance
    square = features**2 @ inverse.T - 2 * features @ (models.mean * inverse).T
    constant = (models.mean**2 * inverse).sum(axis=1) + np.log(models.variance).sum(axis=1)
    log = -0.5 * (square + constant) * np.float32(sharpness)
    log[:, 0] = -np.inf
    top = log.max(axis=1, keepdims=True)
    general = top + np.log(np.exp(log - top).sum(axis=1, keepdims=True) / (log.shape[1] - 1))
    result = np.clip(log - general, -4, 4)
    if models.excess is not None:
        result -= models.excess
    result[:, 0] = 0
    return cast("Floats", result.astype(np.float32))
