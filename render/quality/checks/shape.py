"""Judges how a picture was put together: fields woven into it, black all around it, another shape than its source's.

Pure. What is told here is certain: on ordinary recordings none of it may be said (tests/bench/bench_quality.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from statistics import median

from courseware.errors import text
from courseware.lessons.profile import Canvas
from courseware.media.fields import is_surely_woven, verdict
from render.quality.checks.check import QualityCheck
from render.quality.checks.expected import Expected
from render.quality.facts import UNSURE, Borders, PictureFacts, Weave
from render.quality.findings import QualityFinding
from render.quality.stretches import ms_of

_LEAST_LOOKS = 4
_LEAST_WOVEN, _LEAST_TORN = 2, 3  # places, at one alone there may be a fence; of a thousand pixels
_SURE_SHARE, _LOWER_SHARE = 0.5, 0.1  # of the looks; captions may lie on the lower border most of the time
_STEADY, _STEADY_SHARE = 2, 0.95
_WHOLE = UNSURE - 1
_DEEP, _UNEVEN = 8, 4  # black of 3 % of a side; a picture put in the middle of black
_OFF = 8
_SIDES = ("left", "top", "right", "bottom")


def judge_shape(picture: PictureFacts | None, expected: Expected) -> tuple[QualityFinding, ...]:
    """What a person should know of how the body's picture was put together."""
    if picture is None:
        return ()
    looks = [one for one in picture.borders if _in_body(one.at, expected)]
    depths = {side: _depth(looks, side) for side in _SIDES}
    return (*_combed(picture, expected), *_framed(depths, expected), *_stretched(depths, expected))


def _in_body(at: int, expected: Expected) -> bool:
    at_ms = ms_of(at, expected.fps)
    return not expected.parts or any(span.start_ms <= at_ms < span.end_ms for span in expected.spans_of("body"))


def _combed(picture: PictureFacts, expected: Expected) -> Iterator[QualityFinding]:
    """Woven fields: surely in some places, torn edges there, and the verdict over all looks the same."""
    looks = [one for one in picture.weaves if _in_body(one.at, expected)]
    woven = [one for one in looks if one.torn >= _LEAST_TORN and is_surely_woven(_counted(one))]
    if len(woven) < _LEAST_WOVEN or not verdict([_counted(one) for one in looks], flagged=False, height=0):
        return
    start_ms, end_ms = (ms_of(one.at, expected.fps) for one in (woven[0], woven[-1]))
    what = text("moving edges are torn into lines like the teeth of a comb: two fields are woven into each picture")
    remedy = text("get the recording as it was filmed, not made smaller or larger, or have it exported progressive")
    yield QualityFinding("combs", "warning", start_ms, end_ms, what, remedy)


def _counted(one: Weave) -> Counter[str]:
    return Counter({"tff": one.upper, "bff": one.lower, "progressive": one.whole, "undetermined": one.unsure})


def _depth(looks: Sequence[Borders], side: str) -> int | None:
    """How deep the black at a side is all the time; None where that cannot be told."""
    told = [depth for one in looks if (depth := int(getattr(one, side))) != UNSURE]
    least = len(looks) * (_LOWER_SHARE if side == "bottom" else _SURE_SHARE)
    if len(looks) < _LEAST_LOOKS or len(told) < max(2, least):
        return None
    usual = round(median(told))
    steady = sum(abs(one - usual) <= _STEADY for one in told)
    return usual if steady >= _STEADY_SHARE * len(told) else None


def _framed(depths: dict[str, int | None], expected: Expected) -> Iterator[QualityFinding]:
    """Black on all four sides: the source has bars of its own, and the screen adds the others."""
    left, top, right, bottom = (depths[side] or 0 for side in _SIDES)
    even = abs(left - right) <= _UNEVEN and abs(top - bottom) <= _UNEVEN
    if min(left, top, right, bottom) < _DEEP or not even:
        return
    share = 1 - (_WHOLE - left - right) * (_WHOLE - top - bottom) / _WHOLE**2
    what = text(
        "the picture has black on all four sides, {share} % of the screen: the source holds bars",
        share=round(100 * share),
    )
    remedy = text("get the recording without bars, or cut them off the source")
    start_ms, end_ms = next(((span.start_ms, span.end_ms) for span in expected.spans_of("body")), (0, 0))
    yield QualityFinding("frame", "warning", start_ms, end_ms, what, remedy)


def _stretched(depths: dict[str, int | None], expected: Expected) -> Iterator[QualityFinding]:
    """A picture that reaches where black should be to keep the source's shape."""
    if expected.shape is None or expected.profile is None:
        return
    beside, above = _bars(expected.shape, expected.profile.canvas)
    for sides, bar in ((("left", "right"), beside), (("top", "bottom"), above)):
        found = [depth for side in sides if (depth := depths[side]) is not None]
        if found and max(found) < bar - _OFF:
            shape = f"{float(expected.shape):.2f}"
            what = text("the picture is stretched or cut: its source is {shape} times as wide as high", shape=shape)
            remedy = text("render this lesson again; if it stays so, save the source as MP4 with square pixels")
            yield QualityFinding("stretched", "error", 0, 0, what, remedy)


def _bars(shape: Fraction, canvas: Canvas) -> tuple[float, float]:
    """How deep the black at each side, and above and below, must be, of 254."""
    screen = Fraction(canvas.width, canvas.height)
    beside = float(1 - shape / screen) / 2 if shape < screen else 0.0
    above = float(1 - screen / shape) / 2 if shape > screen else 0.0
    return beside * _WHOLE, above * _WHOLE


CHECK = QualityCheck(
    lambda picture, _, expected: judge_shape(picture, expected),
    labels={"combs": "拉丝", "frame": "黑边", "stretched": "变形"},
    rules=("拉丝（隔行扫描没有还原）、四边黑边、卡顿：提醒；画面宽高比例与原片不符（变形）：错误。",),
)
