"""The curve by which stretches are mended."""

from __future__ import annotations

import numpy as np
import pytest

from courseware.times import Span
from render.sound.mends import Burst, Mends, SideStretch, mixing_curve


def test_only_the_stretch_is_mixed_anew() -> None:
    curve = mixing_curve(Mends(stretches=(SideStretch(Span(1000, 2000), "opposed"),)), 3000)
    assert curve.shape == (3000, 4)
    assert curve[500] == pytest.approx((1, 0, 0, 1))
    assert curve[1500] == pytest.approx((1, 0, 0, -1))
    assert curve[2500] == pytest.approx((1, 0, 0, 1))


def test_a_burst_becomes_softer_on_whatever_the_sides_are() -> None:
    curve = mixing_curve(Mends("left", bursts=(Burst(Span(1000, 1100), -20),)), 3000)
    assert curve[1050] == pytest.approx((0.1, 0, 0.1, 0), abs=1e-6)
    assert curve[900] == pytest.approx((1, 0, 1, 0))


def test_no_value_jumps() -> None:
    curve = mixing_curve(Mends(bursts=(Burst(Span(0, 100), -40), Burst(Span(400, 401), -40))), 1000)
    assert np.abs(np.diff(curve, axis=0)).max() < 0.15
    assert curve[0][0] == pytest.approx(0.01, abs=1e-4)


def test_what_is_in_order_needs_no_curve() -> None:
    assert not Mends().curved
    assert not Mends("opposed", offset=(0.1, 0)).curved
    assert Mends(bursts=(Burst(Span(0, 1), -1),)).curved
