"""Lessons of an exact length: which cards there is room for, and what is refused."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from courseware.errors import InputError
from courseware.lessons.clipping.exact import too_long
from render.plan.montage import Reel, montage_of
from render.plan.plan import plan_rendition
from render.plan.profiles import profile_named
from render.plan.timeline import plan_timeline
from templates.cards.cards import EndCard
from tests.render.samples import FACTS, ORDER

VIDEO = Path("/courseware/spot/spot.mp4")
LINK = "https://example.com/spot"


@pytest.mark.parametrize(
    ("body_s", "exactly_s", "lengths"),
    [
        (13, 15, {"body": 13, "end": 2}),
        (8, 15, {"body": 8, "end": 7}),
        (5, 15, {"title": 4, "body": 5, "end": 6}),
        (19, 30, {"ident": 3, "title": 4, "body": 19, "end": 4}),
    ],
)
def test_cards_are_left_out_until_a_spot_has_its_length(body_s: int, exactly_s: int, lengths: dict[str, int]) -> None:
    timeline = plan_timeline(body_s * 25, Fraction(25), exactly_s)
    assert {one.name: one.frames / 25 for one in timeline.segments} == lengths
    assert timeline.seconds == exactly_s


def test_a_body_that_leaves_no_end_card_is_refused_with_what_to_cut() -> None:
    assert too_long(15, 13_000) is None
    assert too_long(None, 90_000) is None
    longer = too_long(15, 14_040)
    assert longer is not None
    assert longer.values["over"] == "1.1"
    order = replace(ORDER, source=VIDEO, exactly_s=15)
    reel = Reel(replace(FACTS, duration_ms=14_040), path=VIDEO)
    with pytest.raises(InputError) as refused:
        montage_of(order, {VIDEO: reel}, Fraction(25))
    assert [problem.where for problem in refused.value.problems] == ["exactly"]


@pytest.mark.parametrize(("body_ms", "link"), [(13_000, ""), (9_000, LINK)])
def test_an_end_card_of_two_seconds_has_no_code_to_scan(body_ms: int, link: str) -> None:
    order = replace(ORDER, source=VIDEO, exactly_s=15, link=LINK)
    reel = Reel(replace(FACTS, duration_ms=body_ms), path=VIDEO)
    plan = plan_rendition(order, montage_of(order, {VIDEO: reel}, Fraction(25)), profile_named("station-tv-720"))
    card = plan.pieces[-1].picture
    assert isinstance(card, EndCard)
    assert card.link == link
    assert plan.timeline.seconds == 15
