"""The command publish. Reads options, hands over, reports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from courseware.errors import BatchError, text
from courseware.terminal.console import Console
from courseware.terminal.options import ALL, JSON, ON, WRITES
from playlists.options import WEEK

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from courseware.lessons.workspace import Workspace
    from playlists.publishing.publish import Choice
    from templates.pages.typeset import SheetPress


@click.command(
    help="Publish a planned week: for each venue, each town and the county a page (HTML), a poster to print (PDF) and"
    " long images for phones (PNG), into the folder published, whose index.html leads to all weeks. Only what changed"
    " is made again. A venue whose week breaks a rule of “yuanjiao schedule check” is not published: its pages say"
    " that the programme is being changed. Lists of what may not be shown any more are removed.",
    short_help="Make the pages and posters of a week.",
    epilog="Examples:\n\n  yuanjiao publish --week 2026-W48\n\n  yuanjiao publish --town 双河镇 --only posters\n\n"
    "  yuanjiao publish --on tls://office-pc:8786",
)
@WEEK
@click.option(
    "--venue", "venues", multiple=True, metavar="VENUE", help="Only this venue; may be given several times."
)
@click.option("--town", "towns", multiple=True, metavar="TOWN", help="Only the venues of this town; likewise.")
@click.option(
    "--only",
    type=click.Choice(["pages", "posters", "images"]),
    help="Make only the web pages, the posters or the images.",
)
@click.option("--draft", is_flag=True, help="Only to be looked at: into drafts, with 草稿 on everything.")
@ON
@ALL
@WRITES
@JSON
@click.pass_context
def publish(
    ctx: click.Context,
    *,
    week: str,
    venues: tuple[str, ...],
    towns: tuple[str, ...],
    only: str | None,
    draft: bool,
    farm: str | None,
    folder: Path,
    as_json: bool,
) -> None:
    """Write the pages of every venue whose schedule can be read; fails when one cannot, or may not be shown."""
    from courseware.documents import said
    from courseware.lessons.workspace import open_workspace
    from playlists.county.weeks import week_meant
    from playlists.publishing.publish import publish_aloud, told_edition
    from playlists.schedules.words import week_label

    console: Console = ctx.obj
    workspace = open_workspace(folder)
    week = week_meant(workspace, week)
    console.note(week_label(week))
    choice = _choice(workspace, venues, towns, only)
    with _press(ctx, workspace, farm) as press:
        if draft:
            _draft(console, workspace, week, choice, press, as_json=as_json)
            return
        done = publish_aloud(console, workspace, week, choice, press=press)
    if as_json:
        files = [path.as_posix() for path in done.files]
        new = [path.as_posix() for path in done.made]
        told = said((*done.problems, *done.gaps, *done.remarks), console.tr)
        console.document({"week": week, "edition": done.edition, "files": files, "new": new, "problems": told})
    else:
        console.say(told_edition(done, workspace.published_dir / week))
    if done.problems:
        raise BatchError(*done.problems)


def _press(ctx: click.Context, workspace: Workspace, farm: str | None) -> AbstractContextManager[SheetPress | None]:
    """What typesets; None for this computer."""
    from contextlib import nullcontext

    from templates.pages.typeset import FARM_PRESS

    if not farm:
        return nullcontext()
    opened: AbstractContextManager[SheetPress] = ctx.meta[FARM_PRESS](farm, workspace, ctx.obj)
    return opened


def _draft(
    console: Console, workspace: Workspace, week: str, choice: Choice, press: SheetPress | None, *, as_json: bool
) -> None:
    from courseware.documents import said
    from playlists.publishing.drafts.drafting import FOLDER_NAME, write_drafts

    with console.progress() as bars:
        bar = bars.add_task(console.tr(text("Setting the draft of {week}", week=week)), total=None)
        files, problems = write_drafts(
            workspace, week, choice.takes, choice.kinds, lambda _name: bars.advance(bar), press
        )
    if as_json:
        names = [path.as_posix() for path in files]
        told = said(problems, console.tr)
        console.document({"week": week, "edition": None, "files": names, "new": names, "problems": told})
    else:
        at = workspace.root / FOLDER_NAME / week
        what = text("Draft of {files} files in {folder}; nothing is published by it", files=len(files), folder=at)
        console.say(what)
    if problems:
        raise BatchError(*problems)


def _choice(workspace: Workspace, venues: Sequence[str], towns: Sequence[str], only: str | None) -> Choice:
    from courseware.errors import InputError, Problem
    from courseware.validate import not_one_of
    from playlists.files import venues as venues_file
    from playlists.files.naming import select_venues
    from playlists.files.venues import load_venues
    from playlists.publishing.outputs import KINDS_OF_OUTPUT
    from playlists.publishing.publish import Choice

    kinds = frozenset(kind for kind in KINDS_OF_OUTPUT if only in (None, kind))
    if not venues and not towns:
        return Choice(None, kinds)
    known, _ = load_venues(workspace.root / venues_file.FILE_NAME)
    named = {one.town for one in known}
    if wrong := [town for town in towns if town not in named]:
        raise InputError(*(Problem(f"--town {town}", not_one_of(town, sorted(named - {""}))) for town in wrong))
    chosen = {one.id for one in known if one.town in towns}
    if venues:
        chosen |= {one.id for one in select_venues(known, venues)}
    return Choice(frozenset(chosen), kinds)
