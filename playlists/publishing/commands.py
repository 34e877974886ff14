"""The command publish. Reads options, hands over, reports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from courseware.errors import BatchError, InputError, Problem, text
from courseware.terminal.console import Console
from courseware.terminal.options import ALL, JSON, WRITES
from playlists.options import WEEK

if TYPE_CHECKING:
    from courseware.lessons.workspace import Workspace
    from playlists.schedules.schedule import Schedule


@click.command(
    help="Publish a planned week: for each venue and for the county a page (HTML), a poster to print (PDF) and a long"
    " image for phones (PNG), into the folder published. A venue whose week breaks a rule of “yuanjiao schedule"
    " check” is not published: its pages say that the programme is being changed. Lists of what may not be shown any"
    " more are removed.",
    short_help="Make the pages and posters of a week.",
    epilog="Example:\n\n  yuanjiao publish --week 2026-W48",
)
@WEEK
@ALL
@WRITES
@JSON
@click.pass_obj
def publish(console: Console, *, week: str, folder: Path, as_json: bool) -> None:
    """Write the pages of every venue whose schedule can be read; fails when one cannot, or may not be shown."""
    from courseware.documents import said
    from courseware.files import sweep
    from courseware.lessons.workspace import open_workspace
    from playlists.county.speakers import printed_weeks
    from playlists.county.weeks import planned_weeks, week_meant
    from playlists.lists.recall import withdraw_lists
    from playlists.publishing.announce import announce, judge_week
    from playlists.publishing.publish import has_pages, unfilled
    from playlists.schedules.words import week_label

    workspace = open_workspace(folder)
    week = week_meant(workspace, week)
    console.note(week_label(week))
    planned, problems = planned_weeks(workspace, week)
    verdict = judge_week(workspace, planned)
    problems = (*problems, *verdict.problems)
    target = workspace.published_dir / week
    for path in withdraw_lists(workspace):
        console.note(text("{file} is removed: it holds what may not be shown any more", file=path))
    if verdict.withheld and not verdict.fit and not has_pages(target):
        raise InputError(*problems)
    schedules = printed_weeks(workspace, (*verdict.fit, *verdict.withheld))
    sweep(target)
    written, kept = _write_pages(console, workspace, week, schedules)
    announce(workspace, verdict.fit, verdict.withheld)
    console.problems(kept)
    gaps = unfilled(schedules)
    console.problems(gaps)
    if as_json:
        told = said((*problems, *gaps), console.tr)
        console.document({"week": week, "files": [path.as_posix() for path in written], "problems": told})
    else:
        console.say(text("{files} files in {folder}", files=len(written), folder=target))
    if problems:
        raise BatchError(*problems)


def _write_pages(
    console: Console, workspace: Workspace, week: str, schedules: Sequence[Schedule]
) -> tuple[tuple[Path, ...], tuple[Problem, ...]]:
    """Write the pages of the week, and remove those of venues that are gone.

    Returns:
        The files, and what is kept of those that a person changed: not among the pages, which everybody sees.
    """
    from courseware.storage.handwork import remembering
    from playlists.publishing.announce import gone_venues
    from playlists.publishing.publish import pages_at, publish_week

    target, kept = workspace.published_dir / week, list[Problem]()
    with remembering(workspace.root, target, workspace.edited_dir / week) as own, console.progress() as bars:
        bar = bars.add_task(console.tr(text("Publishing {week}", week=week)), total=3 * (len(schedules) + 1))
        written = publish_week(
            schedules,
            workspace.settings.office,
            target,
            lambda _name: bars.advance(bar),
            workspace.settings.all_series,
            put=lambda path, content: kept.extend(own.put(path, content)),
        )
        for path in pages_at(target, gone_venues(workspace, week)):
            kept += own.remove(path)
            console.note(text("{file} is removed: venues.csv has no such venue any more", file=path))
    return written, tuple(kept)
