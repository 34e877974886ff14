"""What a player shows at a moment."""

from __future__ import annotations

from datetime import timedelta

from playlists.kits.moments import moment_of
from tests.playlists.kits.weeks import BUILT, plan

PLAN = plan()
FIRST = PLAN.slots[0]


def test_a_slot_is_on_from_its_first_second_up_to_not_including_its_end() -> None:
    assert moment_of(PLAN, FIRST.start).slot == FIRST
    last = moment_of(PLAN, FIRST.start + timedelta(seconds=FIRST.seconds - 1))
    assert (last.slot, last.passed) == (FIRST, FIRST.seconds - 1)
    assert moment_of(PLAN, FIRST.start + timedelta(seconds=FIRST.seconds)).slot == PLAN.slots[1]


def test_between_slots_nothing_is_on_and_the_next_one_is_known() -> None:
    before = moment_of(PLAN, FIRST.start - timedelta(seconds=1))
    assert (before.slot, before.following, before.window) == (None, FIRST, None)
    gap = moment_of(PLAN, PLAN.slots[2].start + timedelta(seconds=PLAN.slots[2].seconds))
    assert gap.slot is None
    assert gap.window == PLAN.windows[0]


def test_a_clock_that_a_player_would_not_believe_claims_no_slot() -> None:
    early = moment_of(PLAN, BUILT - timedelta(seconds=1))
    assert (early.clock, early.slot) == ("before-built", None)
    assert moment_of(PLAN, PLAN.valid.end).clock == "outside"
    assert moment_of(PLAN, PLAN.valid.start).clock in {"", "before-built"}
