"""How sure each time is, learnt from recordings with true times; see docs/alignment.md for how it was measured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, cast

from courseware.align.engine import STEP_MS, Timing
from courseware.align.sound import HOP_MS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from courseware.align.cues import Doubt
    from courseware.align.reading import Reading

_EDGE = 4  # units at a border that are looked at
_AROUND = 30  # units whose pace is compared
_WRONG, _RIGHT = 0.65, 1.05  # nats a step, see overall


def signs(ranges: Sequence[range], reading: Reading, timing: Timing) -> NDArray[np.float64]:
    """What may betray a wrong start, cues × signs, each 0 when all is well and about 1 when it is not.

    Signs: the cue's first units do not fit; those before it do not fit; there is no pause before it; its first units
    are spoken much faster or slower than those around; something unscripted or unheard is beside it. All are 1 for a
    cue that is not heard.
    """
    import numpy as np

    stretch = _stretch(reading, timing)
    found = np.ones((len(ranges), len(_WEIGHTS)))
    for index, units in enumerate(ranges):
        first = [unit for unit in units if timing.start[unit] >= 0][:_EDGE]
        if not first:
            continue
        before = [unit for unit in range(max(0, first[0] - _EDGE), first[0]) if timing.start[unit] >= 0]
        found[index] = (
            _misfit(timing, first),
            _misfit(timing, before) if before else 0.0,
            _unpaused(timing, first[0]),
            _haste(stretch, first),
            _company(timing, first[0]),
        )
    return found


def _misfit(timing: Timing, units: Sequence[int]) -> float:
    return float(1 - min(1.5, max(-0.5, timing.fit[list(units)].mean())))


def _unpaused(timing: Timing, unit: int) -> float:
    """0 after a clear pause of a quarter of a second or more, 1 without any."""
    at = int(timing.start[unit]) * STEP_MS // HOP_MS
    before = timing.activity[max(0, at - 30) : at + 4]
    return 1 - min(1.0, float((before < 0).sum()) / 25)


def _stretch(reading: Reading, timing: Timing) -> NDArray[np.float64]:
    """How much longer than the synthesiser makes it each unit lasts, as a logarithm; nan for what is not heard."""
    import numpy as np

    lasted = np.where(timing.start >= 0, timing.end - timing.start, np.nan) * STEP_MS
    expected = np.array([max(1, sum(unit.lengths_ms)) for unit in reading.units], np.float64)
    return cast("NDArray[np.float64]", np.log(lasted / expected))


def _haste(stretch: NDArray[np.float64], units: Sequence[int]) -> float:
    """How far the units' pace is from that of the units around."""
    import numpy as np

    around = stretch[max(0, units[0] - _AROUND) : units[-1] + _AROUND]
    apart = abs(float(np.mean(stretch[list(units)]) - np.nanmedian(around)))
    return min(1.5, float(np.exp(apart)) - 1)


def _company(timing: Timing, unit: int) -> float:
    """1 when the unit before is not heard, or something unscripted ends less than a second before."""
    at = int(timing.start[unit])
    touched = bool(timing.other[max(0, at - 1000 // STEP_MS) : at].any())
    return float(touched or (unit > 0 and timing.start[unit - 1] < 0))


# Logistic regression on Mandarin recordings in noise, babble and music, with missing and added sentences.
# They hardly change when learnt from one half and tried on the other.
_WEIGHTS = (6.1, 3.5, 1.3, 3.5, 0.3)
_BIAS = -1.05
_NAMES: tuple[Doubt, ...] = ("fit", "neighbour", "border", "pace", "neighbour")
SURE = 50  # percent; below it a person should look
_STRONG = 0.5  # what a reason must weigh to be named


def doubts_of(ranges: Sequence[range], reading: Reading, timing: Timing) -> Iterator[tuple[int, tuple[Doubt, ...]]]:
    """For each cue how sure its start is, in percent, and the strongest reasons against it."""
    import numpy as np

    weighed = signs(ranges, reading, timing) * np.array(_WEIGHTS)
    right = 1 / (1 + np.exp(weighed.sum(axis=1) + _BIAS))
    for row, chance in zip(weighed, right, strict=True):
        percent = round(100 * float(chance))
        reasons = dict.fromkeys(_NAMES[at] for at in np.argsort(row)[::-1] if row[at] > _STRONG)
        yield percent, tuple(reasons)[:2] if percent < SURE else ()


def overall(timing: Timing) -> int:
    """How sure it is that the script is what is spoken, in percent.

    Right scripts fit with 1.05 nats a step and more even in noise, wrong ones with 0.7 and less.
    """
    heard = timing.start >= 0
    if not heard.any():
        return 0
    lengths = (timing.end - timing.start)[heard]
    fit = float((timing.fit[heard] * lengths).sum() / lengths.sum())
    return round(100 * float(heard.mean()) * min(1.0, max(0.0, (fit - _WRONG) / (_RIGHT - _WRONG))))
