"""What a player shows at a moment: the same decision as its own script's, for people who ask beforehand. Pure."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime

from playlists.kits.plan import KitPlan, Opening, PlanSlot


@dataclass(frozen=True, slots=True)
class OnScreen:
    """What is on at a moment of a plan.

    Attributes:
        clock: what a player would hold against its clock: "before-built", "outside", or "" for nothing.
        slot: what is on; None between slots, and when the clock is not believed.
        passed: seconds of it that have passed.
        following: the next slot, whatever is on.
        window: the opening window it lies in.
    """

    clock: str
    slot: PlanSlot | None
    passed: int
    following: PlanSlot | None
    window: Opening | None


def moment_of(plan: KitPlan, at: datetime) -> OnScreen:
    """What is on at a moment."""
    second = int(at.timestamp())
    index = bisect_right(plan.slots, second, key=lambda slot: slot.start_s)
    latest = plan.slots[index - 1] if index else None
    following = plan.slots[index] if index < len(plan.slots) else None
    window = next((one for one in plan.windows if one.start_s <= second < one.end_s), None)
    clock = _fault(plan, at)
    slot = latest if latest and second < latest.end_s and not clock else None
    return OnScreen(clock, slot, second - slot.start_s if slot else 0, following, window)


def _fault(plan: KitPlan, at: datetime) -> str:
    if at < plan.built:
        return "before-built"
    return "" if plan.valid.start <= at < plan.valid.end else "outside"
