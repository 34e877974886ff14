from __future__ import annotations

from fractions import Fraction

import pytest

from courseware.media.packets import Pictures


@pytest.mark.parametrize(
    ("said", "rate"),
    [
        (Fraction(30), Fraction(30)),
        (Fraction(30000, 1001), Fraction(30000, 1001)),
        # A field each, as some files say of interlaced pictures that come as whole ones.
        (Fraction(60), Fraction(30)),
        (Fraction(90_000), Fraction(30)),
        (Fraction(0), Fraction(30)),
        # Fewer is what a player shows.
        (Fraction(15), Fraction(15)),
    ],
)
def test_a_rate_that_the_pictures_do_not_keep_is_counted(said: Fraction, rate: Fraction) -> None:
    ten_seconds = Pictures(
        count=301,
        first=Fraction(1),
        last=Fraction(11),
        keyframes=(Fraction(1),),
        longest_gap_ms=34,
        most_between=301,
        in_order=True,
        reordered=False,
        starts_whole=True,
        beside=False,
        damaged=(),
    )
    assert ten_seconds.rate(said) == rate
