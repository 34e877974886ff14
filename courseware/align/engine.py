"""Alignment: the script's units against the recording, first with the synthesiser's voice, then ever closer.

Short recordings are searched whole. In long ones a coarse search leads the fine one, block by block.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, cast

from courseware.align.activity import activity, loudness, noise_of, tunes
from courseware.align.chain import SENTENCE, Chain, build_chain
from courseware.align.models import STEP, Models, estimate, evidence, features_of, standardised
from courseware.align.path import OTHER, Costs, best_path
from courseware.align.sound import HOP_MS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from courseware.align.reading import Reading
    from courseware.align.sound import Floats, Sound

    Path = NDArray[np.int32]

STEP_MS = STEP * HOP_MS
SHARPNESS = 0.12  # neighbouring steps say nearly the same, so each may count for a part only
VOICE = 1.5  # how much voice activity counts beside the sounds
_LEAD = 0.05  # nats a step by which the second way must be better: it fits what it leaves a little too well
_TUNE = 1.5  # how much surely hearing music speaks against sounds
# At first the models are strangers: a bad fit says little, so less is given up for lost.
CAUTIOUS = Costs(skip=30, other=30, other_step=0.8)
OPEN = Costs(skip=30, other=15, other_step=0.25)
USUAL = Costs()
_COARSE_SKIP = 40.0
_WHOLE = 200_000_000  # steps × states that are searched at once
_COARSE_WHOLE = 400_000_000  # the same in the coarse search
_WINDOW = 4_000  # states of the coarse search about where it should be: 5 minutes, or 10 in recordings of hours
_AROUND = 700  # states of the fine search about the coarse one, 14 s
_BLOCK = 30_000  # steps of the fine search at once, 10 minutes
_SLOWEST, _FASTEST = 2.5, 0.4
_USUAL_PACE = 0.85  # beside the synthesiser's
_LEAST = 10  # steps from which something can be learnt
_HOURS = 150_000  # steps, 50 minutes


@dataclass(frozen=True, slots=True)
class Timing:
    """When each unit is heard, as arrays of one value a unit.

    Attributes:
        start, end: steps of STEP_MS, end not included; −1 for a unit that is not heard.
        fit: how much better than speech in general it fits, nats a step.
        other: for each step, whether something is heard that is not in the script.
        activity: how sure it is that each frame is voice.
    """

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    fit: Floats
    other: NDArray[np.bool_]
    activity: Floats


@dataclass(frozen=True, slots=True)
class _Heard:
    """The recording and the script, ready to be compared.

    Attributes:
        features: steps × features.
        voice: weighted voice activity a step.
        tune: what is taken from every sound in it, since it is music.
        prior: the synthesiser's own models.
        rows: row of each sound and part.
    """

    features: Floats
    voice: Floats
    tune: Floats
    reading: Reading
    prior: Models
    rows: Mapping[tuple[str, int], int]


@dataclass(frozen=True, slots=True)
class _Found:
    """One search's result.

    Attributes:
        heard: what was searched.
        models: those it was made with.
        merit: how well the whole script fits; what was not heard fits not at all.
    """

    heard: _Heard
    models: Models
    chain: Chain
    path: Path
    merit: float


def align(sound: Sound, reading: Reading) -> Timing:
    """Find when each unit is spoken; the reading has at least one unit."""
    active = activity(sound.bands)
    heard = _heard(sound, reading, active)
    # Where to begin is the one thing that learning cannot mend, so two ways are tried: all that sounds like voice is
    # the script, or much of it is something else.
    pace = _first_pace(heard)
    ways = ((pace, CAUTIOUS), (min(pace, _USUAL_PACE), OPEN))
    tries = [_learnt(_search(heard, heard.prior, pace, costs, None)) for pace, costs in ways]
    best = tries[1] if tries[1].merit > tries[0].merit + _LEAD else tries[0]
    best = _learnt(best, close=True)
    start, end = _starts(best.chain, best.path), _starts(best.chain, best.path, last=True)
    return Timing(start, end, _unit_fits(best), best.path == OTHER, active)


def _learnt(found: _Found, *, close: bool = False) -> _Found:
    """Search again with models and pace learnt from what was found; the same when there is nothing to learn from."""
    import numpy as np

    heard, spoken = found.heard, _spoken(found.chain, found.path)
    if spoken.sum() < _LEAST:
        return found
    rows = found.chain.model[found.path[spoken]]
    # What was taken for voice at first may have been music; the speaker's sounds are measured by the script's alone.
    heard = replace(heard, features=standardised(heard.features, spoken.astype(np.float32)))
    models = estimate(heard.features[spoken], rows, len(heard.prior.mean), heard.prior)
    return _search(heard, models, _pace(heard, found.chain, found.path, spoken), USUAL, found, close=close)


def _merit(fits: Floats, chain: Chain, path: Path) -> float:
    """The mean fit of the units, weighed by how long each is expected to be; 0 for those that are not heard."""
    import numpy as np

    at = np.flatnonzero(_spoken(chain, path))
    units = chain.unit[path[at]]
    lengths = np.bincount(chain.unit[chain.border < 0], minlength=1)
    heard = np.bincount(units, minlength=len(lengths))
    total = np.bincount(units, weights=fits[at, chain.model[path[at]]], minlength=len(lengths))
    return float((total / np.maximum(1, heard) * lengths).sum() / max(1, lengths.sum()))


def _heard(sound: Sound, reading: Reading, active: Floats) -> _Heard:
    import numpy as np

    noise = noise_of(sound.bands)
    voice, tune = _by_step(active), _by_step(tunes(sound.steady, active))
    voiced = (voice > 0) & (tune < 1 / 2)
    voiced = voiced if voiced.sum() >= _LEAST else voice >= np.median(voice)
    features = standardised(features_of(sound.bands, noise), voiced.astype(np.float32))
    rows = {name: number for number, name in enumerate(reading.names, 1)}
    for unit in reading.units:
        for sound_name in unit.sounds:
            # A sound too short for a frame of its own is taken for its other half, or for any.
            rows.setdefault((sound_name, 0), rows.get((sound_name, 1), 1))
            rows.setdefault((sound_name, 1), rows[sound_name, 0])
    prior = _prior(reading, _level(sound, active), noise)
    return _Heard(features, voice * np.float32(VOICE), tune * np.float32(_TUNE), reading, prior, rows)


def _by_step(frames: Floats) -> Floats:
    steps = len(frames) // STEP
    return cast("Floats", frames[: steps * STEP].reshape(steps, STEP).mean(axis=1))


def _level(sound: Sound, active: Floats) -> float:
    """How loud the voice is."""
    import numpy as np

    level = loudness(sound.bands)
    return float(np.percentile(level[active > 0] if (active > 0).any() else level, 70))


def _prior(reading: Reading, level: float, noise: Floats) -> Models:
    """Models of the synthesiser's voice, as loud as the speaker's and in the same noise."""
    import numpy as np

    spoken = reading.labels >= 0
    gain = level - np.percentile(loudness(reading.bands)[spoken], 70)
    features = features_of(reading.bands + np.float32(gain), noise)
    labels = reading.labels[: len(features) * STEP : STEP]
    known = labels >= 0
    features = standardised(features, known.astype(np.float32))
    return estimate(features[known], labels[known] + 1, len(reading.names) + 1, None)


def _first_pace(heard: _Heard) -> float:
    """How long the speaker takes beside the synthesiser, if all that sounds like voice were the script."""
    spoken_ms = float(((heard.voice > 0) & (heard.tune < _TUNE / 2)).sum()) * STEP_MS
    said_ms = sum(sum(unit.lengths_ms) for unit in heard.reading.units)
    return min(1.6, max(0.5, spoken_ms / max(1, said_ms)))


def _pace(heard: _Heard, chain: Chain, path: Path, spoken: NDArray[np.bool_]) -> float:
    import numpy as np

    units = np.unique(chain.unit[path[spoken]])
    said_ms = sum(sum(heard.reading.units[unit].lengths_ms) for unit in units)
    return min(_SLOWEST, max(_FASTEST, float(spoken.sum()) * STEP_MS / max(1, said_ms)))


def _spoken(chain: Chain, path: Path) -> NDArray[np.bool_]:
    import numpy as np

    return cast("NDArray[np.bool_]", (path != OTHER) & (chain.border[np.maximum(path, 0)] < 0))


def _search(
    heard: _Heard, models: Models, pace: float, costs: Costs, before: _Found | None, *, close: bool = False
) -> _Found:
    """One search; of a long recording a coarse one, and with `close` a fine one after it."""
    chain = build_chain(heard.reading.units, heard.rows, STEP_MS / pace)
    steps, states = len(heard.features), len(chain.model)
    if steps * states <= _WHOLE:
        fits = _fits(heard, models, 0, steps)
        whole = best_path(fits, heard.voice, chain, costs, states)
        return _Found(heard, models, chain, whole, _merit(fits, chain, whole))
    guide, merit = _guide(heard, models, pace, costs, chain, before)
    if not close:
        return _Found(heard, models, chain, guide, merit)
    path = guide.copy()
    for (first, last), (low, high) in _blocks(guide, chain):
        part = chain.part(low, high)
        fits = _fits(heard, models, first, last)
        centre = _filled(guide[first:last]) - low
        found = best_path(fits, heard.voice[first:last], part, costs, _AROUND, centre)
        path[first:last] = (found + low) * (found != OTHER) + OTHER * (found == OTHER)
    return _Found(heard, models, chain, path, merit)


def _fits(heard: _Heard, models: Models, first: int, last: int) -> Floats:
    fits = evidence(heard.features[first:last], models, SHARPNESS)
    fits[:, 1:] -= heard.tune[first:last, None]
    return fits


def _filled(guide: Path) -> NDArray[np.int64]:
    """The guide, with the last state before it where something else is heard."""
    import numpy as np

    return np.maximum.accumulate(guide.astype(np.int64))


def _guide(
    heard: _Heard, models: Models, pace: float, costs: Costs, chain: Chain, before: _Found | None
) -> tuple[Path, float]:
    """A search with longer steps: the state of `chain` at each step, OTHER for something else; and its merit."""
    import numpy as np

    # A word is a few long steps only, and too little to tell whether it was spoken.
    costs = replace(costs, skip=_COARSE_SKIP, skip_state=0.5)
    steps = len(heard.features)
    factor = 4 if steps <= _HOURS else 8
    coarse = build_chain(heard.reading.units, heard.rows, STEP_MS * factor / pace)
    count = steps // factor
    blocks = [(at * factor, min(count, at + 5_000) * factor) for at in range(0, count, 5_000)]
    fits = np.concatenate([_summed(_fits(heard, models, *block), factor) for block in blocks])
    voice = _summed(heard.voice[: count * factor, None], factor)[:, 0]
    if before is None and count * len(coarse.model) <= _COARSE_WHOLE:
        found = best_path(fits, voice, coarse, costs.per_steps(factor), len(coarse.model))
    else:
        centre = _proportional(voice, coarse) if before is None else _led(before, coarse, factor, count)
        found = best_path(fits, voice, coarse, costs.per_steps(factor), _WINDOW, centre)
    fine = _matching(coarse, chain)
    guide = np.repeat(np.where(found == OTHER, OTHER, fine[np.maximum(found, 0)]), factor)
    whole = np.concatenate((guide, np.repeat(guide[-1:], steps - len(guide)))).astype(np.int32)
    return whole, _merit(fits, coarse, found)


def _proportional(voice: Floats, coarse: Chain) -> NDArray[np.int64]:
    """Where one would be if all voice were the script, evenly read."""
    import numpy as np

    spoken = np.cumsum(voice > 0)
    return cast("NDArray[np.int64]", spoken * len(coarse.model) // max(1, int(spoken[-1])))


def _led(before: _Found, coarse: Chain, factor: int, count: int) -> NDArray[np.int64]:
    """Where the search before was."""
    import numpy as np

    filled = _filled(before.path[: count * factor : factor])
    return _matching(before.chain, coarse)[np.maximum(filled, 0)]


def _summed(values: Floats, factor: int) -> Floats:
    import numpy as np

    return cast("Floats", values.reshape(-1, factor, values.shape[1]).sum(axis=1, dtype=np.float32))


def _matching(coarse: Chain, chain: Chain) -> NDArray[np.int64]:
    """For each state of the coarse chain the one of the fine chain at the same place of the same unit."""
    import numpy as np

    places = []
    for one in (coarse, chain):
        pauses = np.flatnonzero(one.border >= 0)
        places.append(pauses)
    # Both have the same pauses, so what lies between two is stretched evenly.
    at = np.interp(np.arange(len(coarse.model)), places[0], places[1])
    return cast("NDArray[np.int64]", np.rint(at).astype(np.int64))


def _blocks(guide: Path, chain: Chain) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Steps and states of stretches that can be searched one by one.

    They meet in long pauses between sentences, and where the guide leaves more out than a window holds.
    """
    import numpy as np

    resting = (guide != OTHER) & (chain.border[np.maximum(guide, 0)] == SENTENCE)
    cuts = {0: (0, 0), len(guide): (len(chain.model) - 1, 0)}
    for target in range(_BLOCK, len(guide) - _BLOCK // 2, _BLOCK):
        runs = _runs(resting, target - _BLOCK // 4, target + _BLOCK // 4)
        if runs:
            start, end = max(runs, key=lambda run: run[1] - run[0])
            cuts[(start + end) // 2] = (int(guide[(start + end) // 2]),) * 2
    filled = _filled(guide)
    for step in np.flatnonzero(np.diff(filled) > _AROUND // 4) + 1:
        cuts[int(step)] = (max(0, int(filled[step - 1])), int(filled[step]))
    for first, last in pairwise(sorted(cuts)):
        low, high = _pauses_about(chain, cuts[first][1], cuts[last][0])
        yield (first, last), (low, high)


def _pauses_about(chain: Chain, low: int, high: int) -> tuple[int, int]:
    """The nearest pauses that take in both states."""
    import numpy as np

    pauses = np.flatnonzero(chain.border >= 0)
    first = int(pauses[int(np.searchsorted(pauses, low, "right")) - 1])
    last = int(pauses[min(len(pauses) - 1, int(np.searchsorted(pauses, high)))])
    return first, max(first, last)


def _runs(flags: NDArray[np.bool_], first: int, last: int) -> list[tuple[int, int]]:
    import numpy as np

    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags[first:last].astype(np.int8), [0]))))
    return [(first + int(start), first + int(end)) for start, end in edges.reshape(-1, 2)]


def _starts(chain: Chain, path: Path, *, last: bool = False) -> NDArray[np.int64]:
    """The step in which each unit begins, or with `last` the step after its end; −1 where it is not heard."""
    import numpy as np

    found = np.full(int(chain.unit[-1]) + 1, -1, np.int64)
    at = np.flatnonzero(_spoken(chain, path))
    units = chain.unit[path[at]]
    if last:
        found[units] = at + 1
    else:
        found[units[::-1]] = at[::-1]
    return found


def _unit_fits(found: _Found) -> Floats:
    """The mean fit of each unit's steps, 0 where it is not heard."""
    import numpy as np

    heard, chain, path = found.heard, found.chain, found.path
    spoken = _spoken(chain, path)
    total = np.zeros(len(heard.reading.units))
    number = np.zeros(len(total))
    for low in range(0, len(path), _BLOCK):
        at = np.flatnonzero(spoken[low : low + _BLOCK])
        states = path[low + at]
        fits = _fits(heard, found.models, low, low + _BLOCK)[at, chain.model[states]]
        total += np.bincount(chain.unit[states], weights=fits, minlength=len(total))
        number += np.bincount(chain.unit[states], minlength=len(total))
    return cast("Floats", (total / np.maximum(1, number)).astype(np.float32))
