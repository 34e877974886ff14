"""How sure each time is, learnt from recordings with true times; see docs/alignment.md for how it was measured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import log10
from typing import TYPE_CHECKING, Literal, cast

from courseware.align.engine import STEP_MS, Timing
from courseware.speech.sound import HOP_MS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from courseware.align.second import Second
    from courseware.speech.reading import ReadScript

Doubt = Literal["unheard", "place", "fit", "border", "pace", "neighbour"]
_EDGE = 4  # units at a border that are looked at
_DRAWN_OUT_MS = 500
_CERTAIN = 9  # one in a thousand million: surer than that is as good as that
_WRONG, _RIGHT = 0.65, 1.05  # nats a step, see overall
_STRAY, _HELD = 0.05, 0.23


def first_units(ranges: Sequence[range], timing: Timing) -> list[int]:
    """The first unit of each cue that is heard; −1 for a cue that is not."""
    return [next((unit for unit in units if timing.start[unit] >= 0), -1) for units in ranges]


def signs(ranges: Sequence[range], reading: ReadScript, timing: Timing, second: Second) -> NDArray[np.float64]:
    """What may betray a wrong start, cues × signs, each 0 when all is well and about 1 when it is not.

    Signs: as far as the sounds tell, it may as well begin elsewhere; its first units fit no better than other sounds
    of the script; there is no pause before it; one of its first units is drawn out; something unscripted or unheard
    is beside it. All are 1 for a cue that is not heard.
    """
    import numpy as np

    late = _drawn_out(reading, timing)
    found = np.ones((len(ranges), len(_WEIGHTS)))
    for index, (units, first) in enumerate(zip(ranges, first_units(ranges, timing), strict=True)):
        if first >= 0:
            heard = [unit for unit in units if timing.start[unit] >= 0][:_EDGE]
            misfit = 1 - min(1.5, max(-0.5, float(second.own[heard].mean())))
            chance = float(second.elsewhere[index])
            drawn = min(1.0, float(late[heard].max()))
            found[index] = (_astray(chance), misfit, _unpaused(timing, first), drawn, _company(timing, first))
    return found


def _astray(chance: float) -> float:
    """0 when it is certain not to begin elsewhere, 1 when that is as likely as not."""
    odds = max(chance, 10.0**-_CERTAIN) / max(1 - chance, 1e-4)
    return min(1.3, max(0.0, 1 + log10(odds) / _CERTAIN))


def _unpaused(timing: Timing, unit: int) -> float:
    """0 after a clear pause of a quarter of a second or more, 1 without any."""
    at = int(timing.start[unit]) * STEP_MS // HOP_MS
    before = timing.activity[max(0, at - 30) : at + 4]
    return 1 - min(1.0, float((before < 0).sum()) / 25)


def _drawn_out(reading: ReadScript, timing: Timing) -> NDArray[np.float64]:
    """How much longer than it should each unit lasts, 1 for half a second; at the pace of most units."""
    import numpy as np

    lasted = (timing.end - timing.start) * STEP_MS
    expected = np.array([max(1, sum(unit.lengths_ms)) for unit in reading.units], np.float64)
    heard = timing.start >= 0
    pace = float(np.median(lasted[heard] / expected[heard])) if heard.any() else 1.0
    return cast("NDArray[np.float64]", np.maximum(0, (lasted - pace * expected) / _DRAWN_OUT_MS))


def _company(timing: Timing, unit: int) -> float:
    """1 when the unit before is not heard, or something unscripted ends less than a second before."""
    at = int(timing.start[unit])
    touched = bool(timing.other[max(0, at - 1000 // STEP_MS) : at].any())
    return float(touched or (unit > 0 and timing.start[unit - 1] < 0))


# Logistic regression on recordings in noise, babble and music, at other speeds, with missing and added sentences.
# Learnt from Mandarin alone, the weights serve English as well, and the other way round.
_WEIGHTS = (2.9, 3.2, 3.1, 0.9, 1.1)
_BIAS = -3.0
_NAMES: tuple[Doubt, ...] = ("place", "fit", "border", "pace", "neighbour")
SURE = 50  # percent; below it a person should look
_STRONG = 0.3  # what a reason must weigh to be named


def doubts_of(
    ranges: Sequence[range], reading: ReadScript, timing: Timing, second: Second
) -> Iterator[tuple[int, tuple[Doubt, ...]]]:
    """For each cue how sure its start is, in percent, and the strongest reasons against it."""
    import numpy as np

    weighed = signs(ranges, reading, timing, second) * np.array(_WEIGHTS)
    right = 1 / (1 + np.exp(weighed.sum(axis=1) + _BIAS))
    for row, chance in zip(weighed, right, strict=True):
        percent = round(100 * float(chance))
        reasons = dict.fromkeys(_NAMES[at] for at in np.argsort(row)[::-1] if row[at] > _STRONG)
        yield percent, tuple(reasons)[:2] if percent < SURE else ()


def overall(timing: Timing, second: Second) -> int:
    """How sure it is that the script is what is spoken, in percent.

    There are two proofs, and either will do. Models that learnt from what was found fit right scripts with 1.05 nats
    a step and more, wrong ones with 0.75 and less, but in babble right ones, too. Those that learnt from other parts,
    times the share of starts that are certain, come to 0.15 and more, also in babble; with wrong scripts to 0.12.
    """
    import numpy as np

    heard = timing.start >= 0
    if not heard.any():
        return 0
    lengths = (timing.end - timing.start)[heard]
    fit = float((timing.fit[heard] * lengths).sum() / lengths.sum())
    asked = ~np.isnan(second.elsewhere)
    held = float(second.fit[heard].mean()) * float((1 - second.elsewhere[asked]).sum()) / max(1, int(asked.sum()))
    proof = max((fit - _WRONG) / (_RIGHT - _WRONG), (held - _STRAY) / (_HELD - _STRAY))
    return round(100 * float(heard.mean()) * min(1.0, max(0.0, proof)))
