"""Weeks planned as `yuanjiao schedule plan` orders it: one after the other, each saved and told."""

from __future__ import annotations

from typing import NamedTuple

from courseware.documents import said
from courseware.errors import BatchError, text
from courseware.lessons.workspace import Workspace
from courseware.terminal.console import Console
from playlists.almanac.clock import coming_week, today
from playlists.almanac.typed import week_typed
from playlists.files.naming import select_venues
from playlists.schedules.schedule import weeks_from
from playlists.weeks.answers import planned_document, say_plan
from playlists.weeks.beside import plan_beside
from playlists.weeks.making import county_to_plan, unplannable
from playlists.weeks.second import SecondDrafter


class PlanOrder(NamedTuple):
    """What is to be planned.

    Attributes:
        venues: as they were named; none for all.
        week: as it was typed; "" for the coming one.
        weeks: how many, from that one on.
    """

    venues: tuple[str, ...]
    week: str
    weeks: int
    seed: int
    anew: bool


def plan_weeks(
    console: Console, workspace: Workspace, order: PlanOrder, second: SecondDrafter | None, *, as_json: bool
) -> None:
    """Plan, save and tell each of the weeks.

    Raises:
        InputError: venues or a week that do not exist, or files without which nothing can be planned.
        BatchError: a venue failed; all others are planned.
    """
    county = county_to_plan(workspace)
    chosen = select_venues(county.venues, order.venues)
    names = weeks_from(week_typed(order.week, today(workspace)) or coming_week(workspace), order.weeks)
    problems = unplannable(county, workspace.settings)
    # A lesson that cannot be read is not shown; that does not make the plan wrong.
    console.problems(county.catalogue.problems)
    documents = []
    for name in names:
        with console.progress() as bars:
            bar = bars.add_task(console.tr(text("Planning {week}", week=name)), total=len(chosen))
            planned = plan_beside(
                workspace.root, county, chosen, name, order.seed,
                lambda _venue: bars.advance(bar),  # noqa: B023  (called within the loop)
                anew=order.anew, second=second,
            )  # fmt: skip
        console.problems(planned.notes)
        problems = (*problems, *planned.problems)
        if as_json and order.weeks > 1:
            documents.append({"week": name, "venues": planned_document(workspace, planned)})
        else:
            say_plan(console, workspace, name, planned, problems, as_json=as_json)
    if documents:
        console.document({"weeks": documents, "problems": said(problems, console.tr)})
    if problems:
        raise BatchError(*problems)
