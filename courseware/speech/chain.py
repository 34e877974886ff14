"""What is expected to be heard: the script as a chain of short states, with a place for a pause after every syllable.

The synthesiser gives the sounds and how long each lasts beside the others; how fast the speaker is, the caller says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

INSIDE, WORD, CLAUSE, SENTENCE = range(4)  # how strong the border after a unit is
PAUSE = 0  # row of the models


@dataclass(frozen=True, slots=True)
class Unit:
    """A syllable, or a foreign word: what is timed as one.

    Attributes:
        place: index of its (first) character in the spoken text.
        sounds: its phones' names.
        lengths_ms: how long the synthesiser makes each.
        border: INSIDE, WORD, CLAUSE or SENTENCE: what follows it.
        optional: whether it is part of something that may well not be spoken.
    """

    place: int
    sounds: tuple[str, ...]
    lengths_ms: tuple[int, ...]
    border: int
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Chain:
    """States in order; as arrays, one value a state.

    Attributes:
        model: row of the sound models; PAUSE for a pause.
        unit: the unit it belongs to; a pause belongs to the unit before it, the first to −1.
        border: strength of the border at a pause, −1 elsewhere.
        optional: whether it belongs to an optional unit.
    """

    model: NDArray[np.int32]
    unit: NDArray[np.int32]
    border: NDArray[np.int8]
    optional: NDArray[np.bool_]

    def part(self, first: int, last: int) -> Chain:
        """The states from the pause `first` to the pause `last`, both included."""
        part = slice(first, last + 1)
        return Chain(self.model[part], self.unit[part], self.border[part], self.optional[part])

    def pause_after(self, unit: int) -> int:
        """The state that is the pause after a unit; −1 names the first."""
        return int((self.unit == unit).nonzero()[0][-1])


def build_chain(units: Sequence[Unit], rows: Mapping[tuple[str, int], int], step_ms: float) -> Chain:
    """Lay the units out, one state every `step_ms` of the synthesiser's time, at least one for each unit.

    Args:
        rows: row of the models for each sound's parts (0 its beginning, 1 its end).
    """
    import numpy as np

    model, unit, border, optional = [PAUSE], [-1], [SENTENCE], [False]
    for index, one in enumerate(units):
        laid = _states(one, rows, step_ms)
        model += [*laid, PAUSE]
        unit += [index] * (len(laid) + 1)
        border += [-1] * len(laid) + [one.border]
        optional += [one.optional] * (len(laid) + 1)
    return Chain(
        np.array(model, np.int32), np.array(unit, np.int32), np.array(border, np.int8), np.array(optional, np.bool_)
    )


def _states(unit: Unit, rows: Mapping[tuple[str, int], int], step_ms: float) -> list[int]:
    """Rows of a unit's states: each takes the sound that is heard in its middle."""
    halves = [rows[sound, part] for sound in unit.sounds for part in (0, 1)]
    lengths = [length / 2 for length in unit.lengths_ms for _ in (0, 1)]
    total = sum(lengths)
    count = max(1, round(total / step_ms))
    laid, clock, index = [], lengths[0], 0
    for state in range(count):
        middle = (state + 0.5) * total / count
        while middle > clock and index + 1 < len(halves):
            index += 1
            clock += lengths[index]
        laid.append(halves[index])
    return laid
