"""Who may take which step of a review now. Pure."""

from __future__ import annotations

from typing import Protocol

from courseware.errors import Text, text
from courseware.lessons.settings import ReviewSettings, ReviewStep
from courseware.reviews.ledger import LedgerEntry
from courseware.validate import not_one_of


class Waiting(Protocol):
    """What waits for a step of its review."""

    @property
    def due(self) -> ReviewStep | None:
        """The step; None when there are no steps."""

    @property
    def decisions(self) -> tuple[LedgerEntry, ...]:
        """What was decided of it since it was submitted."""


def why_unknown(step: str, rules: ReviewSettings) -> Text | None:
    """What is wrong with the name of a step that a person gave; None when it is right."""
    names = [one.name for one in rules.taken_in]
    if step in names:
        return None
    return not_one_of(step, names) if names else text("the review has no steps; name them in yuanjiao.toml: steps")


def why_refused(rules: ReviewSettings, item: Waiting, by: str, step: str) -> Text | None:
    """Why a person may not take the next step of a waiting file; None when nothing speaks against it.

    Args:
        step: the step that is meant; "" for whichever is next.
    """
    due = item.due
    if due is None:
        return None
    if step not in {"", due.name}:
        return text("stands at {due}, not at {step}", due=due.name, step=step)
    own = next((one.step for one in item.decisions if one.by == by), None)
    if own is not None and rules.one_person_one_step:
        return text("{by} took {own}; {due} is for somebody else", by=by, own=own, due=due.name)
    if due.by and by not in due.by:
        return text("{due} is for {who}, not for {by}", due=due.name, who="、".join(due.by), by=by)
    if rules.one_person_one_step and (later := _only_left(rules, item, by, due)):
        return text("{by} is needed for {later}; {due} is for somebody else", by=by, later=later.name, due=due.name)
    return None


def _only_left(rules: ReviewSettings, item: Waiting, by: str, due: ReviewStep) -> ReviewStep | None:
    """The first step behind `due` that nobody could take any more who is named for it."""
    used = {by, *(one.by for one in item.decisions)}
    later = rules.taken_in[rules.taken_in.index(due) + 1 :]
    return next((step for step in later if step.by and used.issuperset(step.by)), None)
