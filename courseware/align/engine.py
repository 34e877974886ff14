"""Alignment: the script's units against the recording, first with the synthesiser's voice, then ever closer.

Of a short recording every search takes in all; of a longer one some go by long steps; of one of hours the first takes
in some stretches only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from courseware.align.path import OTHER, Costs
from courseware.align.search import Found, is_coarse, is_long, search, search_closely, seek
from courseware.speech.activity import activity
from courseware.speech.heard import LEAST, STEP_MS, TUNE, HeardSpeech, hear

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from courseware.speech.models import Models
    from courseware.speech.reading import ReadScript
    from courseware.speech.sound import Floats, Sound

__all__ = ("STEP_MS", "Timing", "align")

_LEAD = 0.05  # nats a step by which the second way must be better: it fits what it leaves a little too well
# At first the models are strangers: a bad fit says little, so less is given up for lost.
_CAUTIOUS = Costs(skip=30, optional=20, other=30, other_step=0.8)
_OPEN = Costs(skip=30, optional=20, other=15, other_step=0.25)
_USUAL = Costs()
_SLOWEST, _FASTEST = 2.5, 0.4
_USUAL_PACE = 0.85  # beside the synthesiser's
_BLOCK = 30_000  # steps that are compared at once


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


def align(sound: Sound, reading: ReadScript) -> Timing:
    """Find when each unit is spoken; the reading has at least one unit."""
    active = activity(sound.bands)
    heard = hear(sound, reading, active)
    pace = _first_pace(heard)
    if is_long(heard, pace):
        best = _learnt(seek(heard, heard.prior, {pace, min(pace, _USUAL_PACE)}, _CAUTIOUS))
    else:
        best = _better_way(heard, pace)
    best = _learnt(best)
    if is_coarse(best) and best.spoken().sum() >= LEAST:
        # What was learnt by long steps is blurred, so again little is given up for lost at first.
        best = _closer(search_closely(best, _OPEN))
    start, end = _starts(best), _starts(best, last=True)
    return Timing(start, end, _unit_fits(best), best.path == OTHER, active)


def _better_way(heard: HeardSpeech, pace: float) -> Found:
    """Where to begin is the one thing that learning cannot mend, so two ways are tried.

    All that sounds like voice is the script, or much of it is something else.
    """
    ways = ((pace, _CAUTIOUS), (min(pace, _USUAL_PACE), _OPEN))
    tries = [_learnt(search(heard, heard.prior, pace, costs, None)) for pace, costs in ways]
    return tries[1] if tries[1].merit > tries[0].merit + _LEAD else tries[0]


def _learnt(found: Found) -> Found:
    """Search again with models and pace learnt from what was found; the same when there is nothing to learn from."""
    if found.spoken().sum() < LEAST:
        return found
    heard, models = _lesson(found)
    return search(heard, models, _pace(found), _USUAL, found)


def _closer(found: Found) -> Found:
    """Search closely about what was found, with models learnt from it."""
    if found.spoken().sum() < LEAST:
        return found
    heard, models = _lesson(found)
    return search_closely(replace(found, heard=heard, models=heard.fair(models)), _USUAL)


def _lesson(found: Found) -> tuple[HeardSpeech, Models]:
    """What was found, measured by the speaker's own sounds; and their models."""
    spoken = found.spoken()
    # What was taken for voice at first may have been music; the speaker's sounds are measured by the script's alone.
    heard = found.heard.measured_by(spoken)
    return heard, heard.learnt(spoken, found.chain.model[found.path])


def _first_pace(heard: HeardSpeech) -> float:
    """How long the speaker takes beside the synthesiser, if all that sounds like voice were the script."""
    spoken_ms = float(((heard.voice > 0) & (heard.tune < TUNE / 2)).sum()) * STEP_MS
    said_ms = sum(sum(unit.lengths_ms) for unit in heard.reading.units)
    return min(1.6, max(0.5, spoken_ms / max(1, said_ms)))


def _pace(found: Found) -> float:
    """How long the speaker takes for the units that were found, beside the synthesiser's time for them."""
    import numpy as np

    spoken = found.spoken()
    units = np.unique(found.chain.unit[found.path[spoken]])
    said_ms = sum(sum(found.heard.reading.units[unit].lengths_ms) for unit in units)
    return min(_SLOWEST, max(_FASTEST, float(spoken.sum()) * STEP_MS / max(1, said_ms)))


def _starts(found: Found, *, last: bool = False) -> NDArray[np.int64]:
    """The step in which each unit begins, or with `last` the step after its end; −1 where it is not heard."""
    import numpy as np

    starts = np.full(len(found.heard.reading.units), -1, np.int64)
    at = np.flatnonzero(found.spoken())
    units = found.chain.unit[found.path[at]]
    if last:
        starts[units] = at + 1
    else:
        starts[units[::-1]] = at[::-1]
    return starts


def _unit_fits(found: Found) -> Floats:
    """The mean fit of each unit's steps, 0 where it is not heard."""
    import numpy as np

    chain, path, spoken = found.chain, found.path, found.spoken()
    models = replace(found.models, excess=None)
    total = np.zeros(len(found.heard.reading.units))
    number = np.zeros(len(total))
    for low in range(0, len(path), _BLOCK):
        at = np.flatnonzero(spoken[low : low + _BLOCK])
        states = path[low + at]
        fits = found.heard.fits(models, low, low + _BLOCK)[at, chain.model[states]]
        total += np.bincount(chain.unit[states], weights=fits, minlength=len(total))
        number += np.bincount(chain.unit[states], minlength=len(total))
    return cast("Floats", (total / np.maximum(1, number)).astype(np.float32))
