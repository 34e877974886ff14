"""Where a slow zoom or pan looks: views of a picture from its first moment to its last. Pure.

What matters in the picture, its focus, stays in view where the canvas can show it whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from courseware.lessons.clipping.clip_file import Move

_ZOOM_A_SECOND = 0.02  # quicker, and people notice the camera, not the picture
_MOST_ZOOM = 1.16
_PAN_A_SECOND = 0.035  # of the view's side
_PANNING_ZOOM = 1.10  # leaves room to the sides to move into
_ROOMY = 1.08  # a picture so much wider or higher than the canvas is shown by moving along it


Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class View:
    """A stretch of a picture, in its pixels; of the canvas's shape."""

    left: float
    top: float
    width: float
    height: float

    def box(self, size: Size) -> tuple[float, float, float, float]:
        """As Pillow wants it, of a picture of that size: not outside, by no rounding either."""
        right, bottom = self.left + self.width, self.top + self.height
        return max(0.0, self.left), max(0.0, self.top), min(float(size[0]), right), min(float(size[1]), bottom)


def plan_views(size: Size, canvas: Size, focus: View, move: Move, seconds: Fraction, sign: str) -> tuple[View, View]:
    """The first view and the last; a picture that does not move has one.

    Args:
        size: of the picture, which covers the canvas's shape.
        focus: what is to stay in view.
        sign: of the picture; decides by its last digit whether a zoom goes in or out, so that neighbours differ.
    """
    whole = _around(focus, _largest(size, canvas), size, canvas)
    if move == "auto":
        move = _chosen(size, canvas, sign)
    if move == "none":
        return whole, whole
    if move in {"in", "out"}:
        zoom = min(_MOST_ZOOM, 1 + _ZOOM_A_SECOND * float(seconds))
        near = _around(focus, max(_largest(size, canvas) / zoom, _needed(focus, canvas, whole)), size, canvas)
        return (whole, near) if move == "in" else (near, whole)
    return _panned(size, canvas, focus, move, float(seconds))


def between(first: View, last: View, share: float) -> View:
    """The view after that share of the time; a zoom is even to the eye: by factors, not by differences."""
    width = first.width * (last.width / first.width) ** share
    height = width * first.height / first.width
    # The point that stands still in a zoom stands still all the way.
    grows = last.width - first.width
    moved = (width - first.width) / grows if grows else share
    left = first.left + (last.left - first.left) * moved
    top = first.top + (last.top - first.top) * moved
    return View(left, top, width, height)


def _chosen(size: Size, canvas: Size, sign: str) -> Move:
    """Along a picture that is wider or higher than the canvas; else nearer or farther."""
    odd = int(sign[-1:] or "0", 16) % 2
    shape = (size[0] * canvas[1]) / (size[1] * canvas[0])
    if shape > _ROOMY:
        return "right" if odd else "left"
    if shape < 1 / _ROOMY:
        return "down" if odd else "up"
    return "in" if odd else "out"


def _panned(size: Size, canvas: Size, focus: View, move: Move, seconds: float) -> tuple[View, View]:
    """From one side to the other as far as a calm pace goes, the focus in the middle of the way."""
    largest = _largest(size, canvas)
    side, other = (0, 1) if move in {"left", "right"} else (1, 0)
    shown = (largest, largest * canvas[1] / canvas[0])
    roomy = size[side] / shown[side] >= _PANNING_ZOOM
    width = largest if roomy else max(largest / _PANNING_ZOOM, _needed(focus, canvas, View(0, 0, *shown)))
    shown = (width, width * canvas[1] / canvas[0])
    middle = _around(focus, width, size, canvas)
    at = (middle.left, middle.top)
    begin, long = (focus.left, focus.top)[side], (focus.width, focus.height)[side]
    # The view may go so far as the focus stays inside, and the picture reaches.
    low, high = sorted((begin, begin + long - shown[side]))
    low, high = max(0.0, low), min(size[side] - shown[side], high)
    reach = _PAN_A_SECOND * seconds * shown[side] / 2
    low, high = max(low, min(at[side], high) - reach), min(high, max(at[side], low) + reach)
    ends = (low, max(low, high)) if move in {"right", "down"} else (max(low, high), low)
    views = [View(*((end, at[other]) if side == 0 else (at[other], end)), *shown) for end in ends]
    return views[0], views[1]


def _largest(size: Size, canvas: Size) -> float:
    """The width of the largest view."""
    return min(float(size[0]), size[1] * canvas[0] / canvas[1])


def _needed(focus: View, canvas: Size, whole: View) -> float:
    """The width of the smallest view with the focus in it, as far as any view can have it."""
    return min(whole.width, max(focus.width, focus.height * canvas[0] / canvas[1]))


def _around(focus: View, width: float, size: Size, canvas: Size) -> View:
    """The view of that width with the focus in its middle, as near as the picture's edges allow."""
    height = width * canvas[1] / canvas[0]
    left = focus.left + focus.width / 2 - width / 2
    top = focus.top + focus.height / 2 - height / 2
    return View(min(max(0.0, left), size[0] - width), min(max(0.0, top), size[1] - height), width, height)
