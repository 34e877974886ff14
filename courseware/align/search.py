"""One search for a script in a recording: whole if it is short, else coarsely first, then closely block by block."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, cast

from courseware.align.anchors import anchors, standing_out
from courseware.align.beam import best_way
from courseware.align.path import OTHER, Costs, best_path
from courseware.speech.chain import SENTENCE, Chain, build_chain
from courseware.speech.heard import STEP_MS, HeardSpeech
from courseware.streaks import streaks_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from courseware.align.path import Path
    from courseware.speech.models import Models
    from courseware.speech.sound import Floats

WHOLE = 200_000_000  # steps × states that are searched at once
BLOCK = 30_000  # steps of the fine search at once, 10 minutes
# A word is a few long steps only, and too little to tell whether it was spoken: so this costs more than in `Costs`.
COARSE_SKIP, COARSE_SKIP_STATE = 40.0, 0.5
COARSE_WHOLE = 300_000_000  # coarse steps × states up to which a first search is made of all
_FACTOR = 4  # steps in one of the coarse search
_PART = 20_000  # steps that are compared at once for the coarse search
_AROUND = 700  # states of the fine search about the coarse one, 14 s
STRETCH = 240_000 // STEP_MS // _FACTOR  # coarse steps that are sought first
_FEWEST, _SHARE = 6, 5  # such stretches, and at least one of so many
_EVERY = 30_000 // STEP_MS // _FACTOR  # coarse steps between two leaps
_NEAR, _OFTEN = 60_000 // STEP_MS // _FACTOR, 1_000 // STEP_MS // _FACTOR  # about a leap that was made before


@dataclass(frozen=True, slots=True)
class Found:
    """One search's result.

    Attributes:
        heard: what was searched.
        models: those it was made with.
        path: the state of `chain` at each step, OTHER for something else.
        merit: how well the whole script fits; what was not heard fits not at all.
    """

    heard: HeardSpeech
    models: Models
    chain: Chain
    path: Path
    merit: float

    def spoken(self) -> NDArray[np.bool_]:
        """Whether each step is a sound of the script."""
        return spoken(self.chain, self.path)


def spoken(chain: Chain, path: Path) -> NDArray[np.bool_]:
    """Whether each step is a sound of the script."""
    import numpy as np

    return cast("NDArray[np.bool_]", (path != OTHER) & (chain.border[np.maximum(path, 0)] < 0))


def search(heard: HeardSpeech, models: Models, pace: float, costs: Costs, before: Found | None) -> Found:
    """One search, with short steps through everything, or in a longer recording with long steps.

    Args:
        pace: how long the speaker takes beside the synthesiser.
        before: what was found before; long stretches it left out are looked at more closely.
    """
    models = heard.fair(models)
    chain = build_chain(heard.reading.units, heard.rows, STEP_MS / pace)
    steps, states = len(heard.features), len(chain.model)
    if steps * states <= WHOLE:
        fits = heard.fits(models, 0, steps)
        whole = best_path(fits, heard.voice, chain, costs, states)
        return Found(heard, models, chain, whole, _merit(fits, chain, whole))
    guide, merit = _guide(heard, models, pace, costs, chain, before)
    return Found(heard, models, chain, guide, merit)


def search_closely(found: Found, costs: Costs) -> Found:
    """A fine search about what was found."""
    import numpy as np

    guide, chain, heard = found.path, found.chain, found.heard
    path = guide.copy()
    for (first, last), (low, high) in _blocks(guide, chain):
        part = chain.part(low, high)
        fits = heard.fits(found.models, first, last)
        centre = _filled(guide[first:last]) - low
        here = best_path(fits, heard.voice[first:last], part, costs, _AROUND, centre)
        path[first:last] = np.where(here == OTHER, OTHER, here + low)
    return replace(found, path=path)


def is_coarse(found: Found) -> bool:
    """Whether it was too long to be searched whole."""
    return len(found.path) * len(found.chain.model) > WHOLE


def is_long(heard: HeardSpeech, pace: float) -> bool:
    """Whether it is too long for a first search of all."""
    said = sum(sum(unit.lengths_ms) * pace + STEP_MS * _FACTOR for unit in heard.reading.units)
    return len(heard.features) * said / STEP_MS / _FACTOR**2 > COARSE_WHOLE


def _merit(fits: Floats, chain: Chain, path: Path) -> float:
    """The mean fit of the units, weighed by how long each is expected to be; 0 for those that are not heard."""
    import numpy as np

    at = np.flatnonzero(spoken(chain, path))
    units = chain.unit[path[at]]
    lengths = np.bincount(chain.unit[chain.border < 0], minlength=1)
    heard = np.bincount(units, minlength=len(lengths))
    total = np.bincount(units, weights=fits[at, chain.model[path[at]]], minlength=len(lengths))
    return float((total / np.maximum(1, heard) * lengths).sum() / max(1, lengths.sum()))


def _filled(guide: Path) -> NDArray[np.int64]:
    """The guide, with the last state before it where something else is heard."""
    import numpy as np

    return np.maximum.accumulate(guide.astype(np.int64))


def seek(heard: HeardSpeech, models: Models, paces: Collection[float], costs: Costs) -> Found:
    """A first search in a long recording: some stretches only, wherever in the script they are.

    Args:
        paces: as for `search`; the one with which the stretches stand out more is kept.
    """
    models = heard.fair(models)
    found = [_sought(heard, models, pace, costs) for pace in paces]
    return max(found, key=lambda one: one.merit)


def _sought(heard: HeardSpeech, models: Models, pace: float, costs: Costs) -> Found:
    """The stretches that stand out, of those sought with long steps; elsewhere it counts as something else."""
    import numpy as np

    coarse = _Coarse(heard, models, pace, costs)
    count = max(_FEWEST, len(coarse.voice) // STRETCH // _SHARE)
    found = standing_out(anchors(coarse.fits, coarse.voice, coarse.chain, coarse.costs, STRETCH, count))
    path = np.full(len(coarse.voice), OTHER, np.int32)
    for one in found:
        path[one.first : one.first + len(one.path)] = one.path
    chain = build_chain(heard.reading.units, heard.rows, STEP_MS / pace)
    return Found(heard, models, chain, coarse.on(chain, path), sum(one.margin for one in found))


class _Coarse:
    """The same with longer steps."""

    def __init__(self, heard: HeardSpeech, models: Models, pace: float, costs: Costs) -> None:
        import numpy as np

        self._steps = len(heard.features)
        self.costs = replace(costs, skip=COARSE_SKIP, skip_state=COARSE_SKIP_STATE).per_steps(_FACTOR)
        self.chain = build_chain(heard.reading.units, heard.rows, STEP_MS * _FACTOR / pace)
        whole = self._steps // _FACTOR * _FACTOR
        parts = [_summed(heard.fits(models, at, min(whole, at + _PART))) for at in range(0, whole, _PART)]
        self.fits = np.concatenate(parts)
        self.voice = _summed(heard.voice[:whole, None])[:, 0]

    def on(self, chain: Chain, path: Path) -> Path:
        """A path of long steps as one of short steps through `chain`."""
        import numpy as np

        fine = _matching(self.chain, chain)
        guide = np.repeat(np.where(path == OTHER, OTHER, fine[np.maximum(path, 0)]), _FACTOR)
        return np.concatenate((guide, np.repeat(guide[-1:], self._steps - len(guide)))).astype(np.int32)


def _guide(
    heard: HeardSpeech, models: Models, pace: float, costs: Costs, chain: Chain, before: Found | None
) -> tuple[Path, float]:
    """A search with longer steps: the state of `chain` at each step, OTHER for something else; and its merit."""
    coarse = _Coarse(heard, models, pace, costs)
    fits, voice, states = coarse.fits, coarse.voice, len(coarse.chain.model)
    if before is None:
        path = best_path(fits, voice, coarse.chain, coarse.costs, states)
    else:
        path = best_way(fits, voice, coarse.chain, coarse.costs, _moments(len(voice), before))
    return coarse.on(chain, path), _merit(fits, coarse.chain, path)


def _moments(count: int, before: Found | None) -> AbstractSet[int]:
    """The coarse steps in which script may be leapt over: now and then, and often where it was before."""
    import numpy as np

    moments = set(range(_EVERY, count, _EVERY))
    if before is not None:
        for step in np.flatnonzero(np.diff(_filled(before.path)) > _AROUND):
            at = int(step) // _FACTOR
            moments |= set(range(max(0, at - _NEAR), min(count, at + _NEAR), _OFTEN))
    return moments


def _summed(values: Floats) -> Floats:
    """Rows of _FACTOR neighbouring steps added up: evidence of a long step."""
    import numpy as np

    return cast("Floats", values.reshape(-1, _FACTOR, values.shape[1]).sum(axis=1, dtype=np.float32))


def _matching(coarse: Chain, chain: Chain) -> NDArray[np.int64]:
    """For each state of the coarse chain the one of the fine chain at the same place of the same unit."""
    import numpy as np

    places = [np.flatnonzero(one.border >= 0) for one in (coarse, chain)]
    # Both have the same pauses, so what lies between two is stretched evenly.
    at = np.interp(np.arange(len(coarse.model)), places[0], places[1])
    return cast("NDArray[np.int64]", np.rint(at).astype(np.int64))


def _blocks(guide: Path, chain: Chain) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Steps and states of stretches that can be searched one by one.

    They meet in long pauses, between sentences if there are such, and where the guide leaves out more than a window
    holds.
    """
    import numpy as np

    border = np.where(guide == OTHER, -1, chain.border[np.maximum(guide, 0)])
    resting, pausing = border == SENTENCE, border >= 0
    filled = np.maximum(_filled(guide), 0)
    cuts = {0: (0, 0), len(guide): (len(chain.model) - 1, 0)}
    for target in range(BLOCK, len(guide) - BLOCK // 2, BLOCK):
        first = target - BLOCK // 4
        about = slice(first, target + BLOCK // 4)
        if runs := streaks_of(resting[about]) or streaks_of(pausing[about]) or streaks_of(guide[about] == OTHER):
            longest = max(runs, key=lambda run: run.end - run.start)
            middle = first + (longest.start + longest.end) // 2
            cuts[middle] = (int(filled[middle]),) * 2
    for step in np.flatnonzero(np.diff(filled) > _AROUND // 4) + 1:
        cuts[int(step)] = (int(filled[step - 1]), int(filled[step]))
    pauses = np.flatnonzero(chain.border >= 0)
    for first, last in pairwise(sorted(cuts)):
        yield (first, last), _pauses_about(pauses, cuts[first][1], cuts[last][0])


def _pauses_about(pauses: NDArray[np.int64], low: int, high: int) -> tuple[int, int]:
    """The nearest pauses that take in both states."""
    import numpy as np

    first = int(pauses[int(np.searchsorted(pauses, low, "right")) - 1])
    last = int(pauses[min(len(pauses) - 1, int(np.searchsorted(pauses, high)))])
    return first, max(first, last)
