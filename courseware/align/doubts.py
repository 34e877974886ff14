"""Lines of a script that guide its reader and are mostly not spoken: the recording tells which of them are.

Headings, names of speakers, directions and numbers take part in the search like all else, but may be passed over for
nothing. Those that were found, and fit like what is surely spoken, become part of the script.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from courseware.align.engine import Timing
from courseware.script.script import Doubt, Script, ScriptLine
from courseware.speech.reading import ReadScript, Spot

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_ALIKE = ("speaker", "numbering")  # too short to be told one by one; who reads one of them reads all
_HEARD = 0.6  # share of its syllables
_FIT = 0.7  # of how well the script fits on the whole


@dataclass(frozen=True, slots=True)
class ScriptSegment:
    """A stretch of the script that is read as one.

    Attributes:
        line: of the script's lines, in or before which it stands.
        doubt: index of the script's doubts; None for what is surely spoken.
    """

    text: str
    line: int
    doubt: int | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """The script as it was spoken, what is timed of it, and when.

    Attributes:
        script: with what was spoken of the doubts in its lines.
    """

    script: Script
    reading: ReadScript
    timing: Timing


def segments_of(script: Script) -> tuple[ScriptSegment, ...]:
    """The script's lines, each doubt on its own in its place."""
    found: list[ScriptSegment] = []
    for number, line in enumerate((*script.lines, ScriptLine(""))):
        at = 0
        for index, doubt in enumerate(script.doubts):
            if doubt.line == number and doubt.kind != "mark":
                place = doubt.place or 0
                found += [ScriptSegment(line.text[at:place], number)] if line.text[at:place].strip() else []
                found.append(ScriptSegment(doubt.text, number, index))
                at = place
        found += [ScriptSegment(line.text[at:], number)] if line.text[at:].strip() else []
    return tuple(found)


def settle(script: Script, segments: Sequence[ScriptSegment], reading: ReadScript, timing: Timing) -> Settled:
    """Decide what of the doubts was spoken; what was not is neither in the script nor timed any longer."""
    import numpy as np

    owners = np.array([spot.line for spot in reading.spots], np.int64)
    doubts = np.array([-1 if one.doubt is None else one.doubt for one in segments], np.int64)[owners]
    spoken = _spoken(script.doubts, doubts, timing)
    kept = np.isin(doubts, [-1, *spoken])
    places, lines = _written(script, segments, spoken)
    spots = tuple(
        Spot(places[spot.line][0], places[spot.line][1] + spot.place)
        for spot, keep in zip(reading.spots, kept, strict=True)
        if keep
    )
    units = tuple(unit for unit, keep in zip(reading.units, kept, strict=True) if keep)
    other = timing.other.copy()
    for unit in np.flatnonzero(~kept & (timing.start >= 0)):
        other[timing.start[unit] : timing.end[unit]] = True
    told = tuple(replace(one, spoken=index in spoken) for index, one in enumerate(script.doubts))
    return Settled(
        Script(lines, told),
        replace(reading, units=units, spots=spots),
        Timing(timing.start[kept], timing.end[kept], timing.fit[kept], other, timing.activity),
    )


def _spoken(doubts: Sequence[Doubt], owners: NDArray[np.int64], timing: Timing) -> frozenset[int]:
    """The doubts that were spoken."""
    import numpy as np

    heard = timing.start >= 0
    sure = heard & (owners < 0)
    lengths = timing.end - timing.start
    usual = float((timing.fit * lengths)[sure].sum() / max(1, lengths[sure].sum()))

    def is_spoken(members: Collection[int]) -> bool:
        units = np.isin(owners, list(members))
        found = units & heard
        if found.sum() < max(1.0, _HEARD * units.sum()):
            return False
        return float((timing.fit * lengths)[found].sum() / lengths[found].sum()) >= _FIT * usual

    groups = [[at] for at, one in enumerate(doubts) if one.kind not in _ALIKE]
    groups += [[at for at, one in enumerate(doubts) if one.kind == kind] for kind in _ALIKE]
    return frozenset(at for group in groups if is_spoken(group) for at in group)


def _written(
    script: Script, segments: Sequence[ScriptSegment], spoken: Collection[int]
) -> tuple[list[tuple[int, int]], tuple[ScriptLine, ...]]:
    """For each segment its line and place in the script as it was spoken; and the lines of that."""
    places: list[tuple[int, int]] = []
    lines: list[ScriptLine] = []
    before: int | None = None
    for segment in segments:
        doubt = None if segment.doubt is None else script.doubts[segment.doubt]
        if doubt and segment.doubt not in spoken:
            places.append((-1, 0))
            continue
        speaker = script.lines[segment.line].speaker if segment.line < len(script.lines) else ""
        if doubt and doubt.place is None:
            lines.append(ScriptLine("", speaker))
            before = None
        elif before != segment.line:
            lines.append(ScriptLine("", speaker))
            before = segment.line
        places.append((len(lines) - 1, len(lines[-1].text)))
        lines[-1] = replace(lines[-1], text=lines[-1].text + segment.text)
    return places, tuple(lines)
