"""Where some stretches of a long recording lie in its script: enough to learn the voice from. Each is sought alone.

What is said may be in another part of the script than its place in the recording tells, or in none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from courseware.align.path import NEVER, Trail, Walk
from courseware.speech.chain import Chain

if TYPE_CHECKING:
    from courseware.align.path import Costs, Path
    from courseware.speech.sound import Floats

_LEAST_VOICE = 0.2  # of a stretch that is worth looking for
_STANDS_OUT = 0.5  # of the margin of the stretch that stands out most


@dataclass(frozen=True, slots=True)
class Anchor:
    """A stretch of the recording and its place in the script.

    Attributes:
        first: the step in which it begins.
        path: the states of its steps.
        margin: by how much it fits there better than elsewhere.
    """

    first: int
    path: Path
    margin: float


def anchors(fits: Floats, voice: Floats, chain: Chain, costs: Costs, length: int, count: int) -> list[Anchor]:
    """Look for `count` stretches of so many steps, evenly spread.

    Args:
        fits: steps × rows of models.
        voice: how sure it is that a step is voice, weighted.
    """
    import numpy as np

    middles = np.linspace(0, len(fits), 2 * count + 1)[1::2].astype(int)
    found = []
    for first in sorted({max(0, min(len(fits) - length, int(middle) - length // 2)) for middle in middles}):
        stretch = slice(first, first + length)
        if (voice[stretch] > 0).mean() >= _LEAST_VOICE:
            found.append(_placed(first, fits[stretch], voice[stretch], chain, costs))
    return found


def standing_out(found: list[Anchor]) -> list[Anchor]:
    """Those whose place is clear; for those of a wrong script, none is."""
    most = max((one.margin for one in found), default=0.0)
    return [one for one in found if one.margin >= _STANDS_OUT * most]


def _placed(first: int, fits: Floats, voice: Floats, chain: Chain, costs: Costs) -> Anchor:
    """Where in the script a stretch fits best, by how much better than farther off, and its way through that part."""
    import numpy as np

    # Something else would fit any stretch, before the voice is known.
    costs = replace(costs, other=-NEVER)
    values = _walk(fits, voice, chain, costs, None).value[2:]
    end = int(values.argmax())
    reach = 2 * len(fits)
    elsewhere = np.concatenate((values[: max(0, end - reach)], values[end + reach :], [NEVER]))
    low, high = _part(chain, end - reach, end)
    trail = Trail()
    part = _walk(fits, voice, chain.part(low, high), costs, trail)
    path = trail.back(part.ends, int(part.value.argmax()) - 2, aside=False)[0]
    return Anchor(first, path + np.int32(low), float(values[end] - elsewhere.max()))


def _walk(fits: Floats, voice: Floats, chain: Chain, costs: Costs, trail: Trail | None) -> Walk:
    """The best ways of a stretch through the chain, begun at any pause."""
    walk = Walk(chain, costs, anywhere=True)
    for step in range(len(fits)):
        walk.advance(fits[step], float(voice[step]), trail)
    return walk


def _part(chain: Chain, low: int, high: int) -> tuple[int, int]:
    """The nearest pauses that take in both states."""
    import numpy as np

    pauses = np.flatnonzero(chain.border >= 0)
    return (
        int(pauses[max(0, int(np.searchsorted(pauses, low, "right")) - 1)]),
        int(pauses[min(len(pauses) - 1, int(np.searchsorted(pauses, high)))]),
    )
