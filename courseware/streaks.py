"""Where a row of yes and no says yes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray


class Streak(NamedTuple):
    """Neighbours that are set: the index of the first, and the index after the last."""

    start: int
    end: int


def streaks_of(flags: Sequence[int] | NDArray[np.bool_]) -> list[Streak]:
    """All streaks, in order; a flag is 0 or 1."""
    import numpy as np

    borders = np.flatnonzero(np.diff(np.asarray(flags, np.int8), prepend=0, append=0))
    return [Streak(start, end) for start, end in borders.reshape(-1, 2).tolist()]
