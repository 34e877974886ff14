"""A second look at what was found, by models that did not learn from it.

The search learns the speaker's sounds from what it finds, so its own errors fit it well. Here each part of the
recording is judged by models learnt from the other parts, and about each start all ways are weighed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, cast

from courseware.align.lattice import ASIDE, NOTHING, REACH, build_lattice, elsewhere
from courseware.align.path import Costs
from courseware.speech.chain import Chain, build_chain
from courseware.speech.heard import LEAST, STEP_MS, VOICE, HeardSpeech, hear

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from courseware.align.engine import Timing
    from courseware.speech.models import Models
    from courseware.speech.reading import ReadScript
    from courseware.speech.sound import Floats, Sound

    Ints = NDArray[np.int32]

AWAY_MS = 500  # a start that far from the truth is a wrong one
# Something unscripted costs less than in the search: here it decides nothing, it only makes doubtful.
_COSTS = Costs(other=10, other_step=0)
_SOFTNESS = 0.8
_PARTS = 8
_LONGEST = 30_000  # steps of a part, 10 minutes
_SLOWEST, _FASTEST = 2.5, 0.4


@dataclass(frozen=True, slots=True)
class Second:
    """What the second look says.

    Attributes:
        elsewhere: for each start that was asked for, how likely it is to be AWAY_MS or more from where it was found;
            nan where nothing was asked for.
        fit: for each unit, how much better than speech in general it fits, nats a step; 0 where it is not heard.
        own: the same, but how much better than the sounds of the script on the whole.
    """

    elsewhere: NDArray[np.float64]
    fit: Floats
    own: Floats


def look_again(sound: Sound, reading: ReadScript, timing: Timing, units: Sequence[int]) -> Second:
    """Judge what was found.

    Args:
        units: those whose starts are asked for, which are heard; −1 for none.
    """
    import numpy as np

    fit, own = np.zeros((2, len(timing.start)), np.float32)
    chances = np.full(len(units), np.nan)
    if not (timing.start >= 0).any():
        return Second(chances, fit, own)
    heard = hear(sound, reading, timing.activity)
    chain = build_chain(reading.units, heard.rows, STEP_MS / _pace(reading, timing))
    rows = _laid(chain, timing)
    heard = heard.measured_by(rows > 0)
    lattice = build_lattice(chain, _COSTS, _SOFTNESS)
    asked = np.array(units, np.int64)
    starts = np.where(asked < 0, -1, timing.start[asked])
    for first, last in _parts(len(rows)):
        low, high = max(0, first - REACH), min(len(rows), last + REACH + 1)
        fits = heard.fits(_learnt_elsewhere(heard, rows, low, high), low, high)
        here = np.flatnonzero((timing.start >= first) & (timing.start < last))
        fit[here], own[here] = _unit_fits(fits, rows, low, timing, here)
        mine = np.flatnonzero((starts >= first) & (starts < last))
        weights = _weights(fits, heard.voice[low:high], low - first + REACH, last + REACH + 1 - high)
        chances[mine] = elsewhere(weights, lattice, starts[mine] - first + REACH, asked[mine], AWAY_MS // STEP_MS)
    return Second(chances, fit, own)


def _parts(steps: int) -> Iterator[tuple[int, int]]:
    count = max(_PARTS, -(-steps // _LONGEST))
    return pairwise(round(number * steps / count) for number in range(count + 1))


def _pace(reading: ReadScript, timing: Timing) -> float:
    """How long the speaker takes beside the synthesiser."""
    spoken = int((timing.end - timing.start).sum()) * STEP_MS
    said = sum(sum(unit.lengths_ms) for unit, start in zip(reading.units, timing.start, strict=True) if start >= 0)
    return min(_SLOWEST, max(_FASTEST, spoken / max(1, said)))


def _laid(chain: Chain, timing: Timing) -> Ints:
    """The row of each step, 0 where none of the script is heard; a unit's states share its time evenly."""
    import numpy as np

    steps = len(timing.other)
    rows = np.zeros(steps, np.int32)
    sounds = np.flatnonzero(chain.border < 0)
    places = np.searchsorted(chain.unit[sounds], np.arange(len(timing.start) + 1))
    for unit in np.flatnonzero(timing.start >= 0):
        start, end = int(timing.start[unit]), min(steps, int(timing.end[unit]))
        states = sounds[places[unit] : places[unit + 1]]
        rows[start:end] = chain.model[states[np.arange(end - start) * len(states) // max(1, end - start)]]
    return rows


def _learnt_elsewhere(heard: HeardSpeech, rows: Ints, low: int, high: int) -> Models:
    """Models from all but the steps from `low` to `high`."""
    others = rows > 0
    others[low:high] = False
    return heard.learnt(others, rows) if others.sum() >= LEAST else heard.prior


def _unit_fits(fits: Floats, rows: Ints, low: int, timing: Timing, units: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """For each unit its mean fit, and how much that is above the mean of all sounds that are in the script."""
    import numpy as np

    row = rows[low : low + len(fits)]
    share = np.bincount(rows[rows > 0], minlength=fits.shape[1]) / max(1, int((rows > 0).sum()))
    share = share.astype(np.float32)
    first, last = timing.start[units] - low, np.minimum(timing.end[units] - low, len(fits))
    means = []
    for values in (fits[np.arange(len(fits)), row], (fits @ share) * (row > 0)):
        sums = np.concatenate(([0], np.cumsum(values, dtype=np.float64)))
        means.append((sums[last] - sums[first]) / np.maximum(1, last - first))
    return means[0].astype(np.float32), (means[0] - means[1]).astype(np.float32)


def _weights(fits: Floats, voice: Floats, before: int, after: int) -> Floats:
    """What `elsewhere` wants; before and after the recording nobody speaks."""
    import numpy as np

    voice = np.pad(voice, (before, after), constant_values=-VOICE)[:, None]
    fits = np.pad(fits, ((before, after), (0, 2))) + voice
    fits[:, 0] = -voice[:, 0]
    fits[:, ASIDE] = np.abs(voice[:, 0]) - _COSTS.other_step
    fits -= fits[:, :NOTHING].max(axis=1, keepdims=True)
    weights = np.exp(fits * np.float32(_SOFTNESS))
    weights[:, NOTHING] = 0
    return cast("Floats", weights.astype(np.float32))
