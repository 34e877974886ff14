"""Subtitles of which a stretch was cut out of the video, or put in: several parts, each with a line of its own.

A part counts only when it is sure by itself; so nothing is torn apart because one scene is loud.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from courseware.speech.sound import HOP_MS
from courseware.syncing.fit import FEWEST, RATES, LineFit, fit_line
from courseware.syncing.pattern import CuePattern

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from courseware.syncing.pattern import VoiceHeard

    Numbers = NDArray[np.float64]

_WINDOW = 12  # subtitles that show where they belong
_TRIED = 3  # places of each window
_APART_MS = 300.0  # places that are not the same
_AROUND_MS = 1_000.0  # of a pause that count beside a subtitle
_CHANGE = 4  # subtitles' worth that another place must be better by
_LEAST_JUMP_MS = 250
_MOST = 9  # cuts: with more of them something else is wrong
_SAMPLES = 12  # stretches that tell the rate
_BESIDE = 2  # subtitles on both sides that may belong to the other part
_OVER_MS = 200  # by which a part may begin before the one before has ended: subtitles stand a little longer
_BETTER = 1.05  # how much better the parts must fit than one line does


@dataclass(frozen=True, slots=True)
class SyncedPart:
    """Subtitles that follow each other and move together.

    Attributes:
        from_ms: in the file, where its first subtitle begins.
    """

    from_ms: int
    fit: LineFit


def parts_of(pattern: CuePattern, voice: VoiceHeard, whole: LineFit) -> tuple[SyncedPart, ...]:
    """The parts, in order of time; none where one line is right, or where a part is not sure by itself."""
    rates = [Fraction(1), whole.rate] if whole.is_sure else [*RATES[:1], whole.rate, _likeliest(pattern, voice)]
    for rate in dict.fromkeys(rates):
        cuts = _cuts(pattern, voice, rate)
        if 0 < len(cuts) < _MOST:
            pieces = _pieces(pattern, voice, cuts)
            if pieces and sum(map(_weight, pieces)) > whole.agreement * _BETTER * len(pattern.starts):
                return tuple(SyncedPart(round(float(pattern.starts[one.first])), one.fit) for one in pieces)
    return ()


class _Piece(NamedTuple):
    """The subtitles from `first` to before `last`."""

    first: int
    last: int
    fit: LineFit


def _weight(piece: _Piece) -> float:
    return piece.fit.agreement * (piece.last - piece.first)


def _pieces(pattern: CuePattern, voice: VoiceHeard, cuts: Sequence[int]) -> list[_Piece]:
    """The parts between cuts, each fitted without the subtitles at its ends, which may belong to its neighbours."""
    pieces = []
    for first, last in zip((0, *cuts), (*cuts, len(pattern.starts)), strict=True):
        fit = fit_line(pattern[first + bool(first) : last - (last < len(pattern.starts))], voice)
        if fit is None or not fit.is_sure:
            return []
        pieces.append(_Piece(first, last, fit))
    for number in range(1, len(pieces)):
        before, after = pieces[number - 1 : number + 1]
        border = _border(pattern, voice, before, after)
        if border is None:
            return []
        pieces[number - 1 : number + 1] = before._replace(last=border), after._replace(first=border)
    return pieces


def _border(pattern: CuePattern, voice: VoiceHeard, before: _Piece, after: _Piece) -> int | None:
    """The first subtitle of the second piece: where all fit best and none comes before the one it follows."""
    import numpy as np

    lines = [(float(one.fit.rate), float(one.fit.offset_ms)) for one in (before, after)]
    (rate, offset), (other_rate, other_offset) = lines
    best: tuple[float, int] | None = None
    for border in range(max(before.first + 1, after.first - _BESIDE), min(after.last, after.first + _BESIDE + 1)):
        if pattern.ends[border - 1] * rate + offset > pattern.starts[border] * other_rate + other_offset + _OVER_MS:
            continue
        around = slice(max(before.first, after.first - _BESIDE), min(after.last, after.first + _BESIDE))
        scores = _scores(pattern, voice, np.array([rate, other_rate]), np.array([offset, other_offset]))[around]
        score = float(scores[: border - around.start, 0].sum() + scores[border - around.start :, 1].sum())
        best = max(best or (score, border), (score, border))
    return best[1] if best else None


def _likeliest(pattern: CuePattern, voice: VoiceHeard) -> Fraction:
    """The frame rate at which stretches of the subtitles fit best by themselves."""
    step = max(1, len(pattern.starts) // _SAMPLES)
    windows = [pattern[first : first + _WINDOW] for first in range(0, len(pattern.starts) - FEWEST, step)]

    def fits(rate: Fraction) -> float:
        found = (window.coarse(voice, float(rate))[0] for window in windows)
        return sum(float(scores.max()) for scores in found if len(scores))

    return max(RATES, key=fits)


def _cuts(pattern: CuePattern, voice: VoiceHeard, rate: Fraction) -> list[int]:
    """The subtitles at which another offset begins, by the best way through all offsets that windows suggest."""
    import numpy as np

    offsets = _offsets(pattern, voice, float(rate))
    if len(offsets) < 2:  # noqa: PLR2004  (nothing to change to)
        return []
    scores = _scores(pattern, voice, np.full(len(offsets), float(rate)), offsets)
    change = _CHANGE * float(np.median(pattern.ends - pattern.starts)) / HOP_MS
    best, came = scores[0].copy(), np.zeros(scores.shape, int)
    for cue in range(1, len(scores)):
        top = int(best.argmax())
        stays = best >= best[top] - change
        came[cue] = np.where(stays, np.arange(len(offsets)), top)
        best = np.where(stays, best, best[top] - change) + scores[cue]
    way = [int(best.argmax())]
    for cue in range(len(scores) - 1, 0, -1):
        way.append(int(came[cue, way[-1]]))
    way.reverse()
    return [cue for cue in range(1, len(way)) if abs(offsets[way[cue]] - offsets[way[cue - 1]]) >= _LEAST_JUMP_MS]


def _offsets(pattern: CuePattern, voice: VoiceHeard, rate: float) -> Numbers:
    """Where windows of subtitles may belong; alike ones once."""
    import numpy as np

    found: list[float] = []
    for first in range(0, max(1, len(pattern.starts) - FEWEST), _WINDOW // 2):
        scores, offsets = pattern[first : first + _WINDOW].coarse(voice, rate)
        for _ in range(_TRIED if len(scores) else 0):
            place = float(offsets[scores.argmax()])
            found.append(place)
            scores = np.where(np.abs(offsets - place) < _APART_MS, -1.0, scores)
    found.sort()
    kept = found[:1]
    kept += [later for earlier, later in pairwise(found) if later - earlier > _APART_MS / 4]
    return np.array(kept)


def _scores(pattern: CuePattern, voice: VoiceHeard, rates: Numbers, offsets: Numbers) -> Numbers:
    """Subtitles × lines, in frames: how much is spoken under each and not in the pauses beside it."""
    import numpy as np

    starts, ends = (moments[:, None] * rates + offsets for moments in (pattern.starts, pattern.ends))
    pauses = np.concatenate(([2 * _AROUND_MS], np.diff(pattern.starts) - (pattern.ends - pattern.starts)[:-1]))
    before = np.minimum(_AROUND_MS, pauses / 2)[:, None] * rates
    after = np.roll(before, -1, axis=0)
    beside = voice.between(starts - before, starts) + voice.between(ends, ends + after)
    return voice.between(starts, ends) - beside
