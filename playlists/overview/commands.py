"""The commands init, check, status, clean and guide. Reads options, hands over, reports."""

from __future__ import annotations

from pathlib import Path

import click

from courseware.errors import BatchError, InputError, Problem, text
from courseware.terminal.console import Console
from courseware.terminal.options import ALL, JSON, WORKSPACE, WRITES
from playlists.options import COMING_WEEK


@click.command(
    help="Check every file of the workspace: settings, lessons, venues, programmes, calendar. Says everything that is"
    " wrong at once, with the file and the key or row.",
    short_help="Check the files of the workspace.",
    epilog="Example:\n\n  yuanjiao check",
)
@ALL
@WORKSPACE
@JSON
@click.pass_obj
def check(console: Console, *, folder: Path, as_json: bool) -> None:
    """Report all problems; fails when there is one."""
    from courseware.documents import said
    from playlists.overview.check import check_workspace

    with console.progress() as bars:
        bar = bars.add_task(console.tr(text("Opening videos and subtitles")), visible=False)
        found = check_workspace(folder, lambda done, due: bars.update(bar, completed=done, total=due, visible=True))
    counts = {name: getattr(found, name) for name in ("lessons", "venues", "programmes", "events")}
    if as_json:
        told = {"problems": said(found.problems, console.tr), "notes": said(found.notes, console.tr)}
        console.document({"workspace": str(found.root), **counts, **told})
    else:
        console.problems(found.notes)
        summary = text(
            "{lessons} lessons, {venues} venues, {programmes} programmes, {events} events are right", **counts
        )
        if found.problems:
            summary = text(
                "{problems} to be corrected, in {lessons} lessons, {venues} venues and the other files",
                problems=len(found.problems),
                **counts,
            )
        console.say(summary)
    if found.problems:
        raise InputError(*found.problems)


@click.command(
    help="Show how far the workspace has come: lessons by series and form, and what of them is rendered, reviewed and"
    " scheduled in a week.",
    short_help="Show what is made, reviewed and scheduled.",
    epilog="Example:\n\n  yuanjiao status --week 2026-W48",
)
@COMING_WEEK
@ALL
@WORKSPACE
@JSON
@click.pass_obj
def status(console: Console, *, week: str, folder: Path, as_json: bool) -> None:
    """Three tables, or one document."""
    from courseware.lessons.workspace import open_workspace
    from playlists.almanac.clock import coming_week, today
    from playlists.almanac.typed import week_typed
    from playlists.overview import table
    from playlists.overview.status import status as status_of
    from playlists.schedules.words import week_label

    workspace = open_workspace(folder)
    found = status_of(workspace, week_typed(week, today(workspace)) or coming_week(workspace))
    console.problems(found.problems)
    if as_json:
        console.document(table.status_document(found, console.tr))
        return
    console.table(table.STATUS_HEADINGS, table.status_rows(found, console.tr(text("All"))))
    made = [(name, f"{count}/{found.total.lessons}") for name, count in found.profiles.items()]
    console.table((text("Profile"), text("Rendered")), made)
    console.table(
        table.VENUE_HEADINGS, table.venue_rows(found, console.tr(text("damaged"))), console.tr(week_label(found.week))
    )
    for line in table.column_lines(found):
        console.say(line)


@click.command(
    help="List what is left of lessons and venues that are gone: their finished videos, their published pages;"
    " and the desk's copies of videos that are older than a month. With --yes, remove it. Nothing that a"
    " person wrote, no review, no history.",
    short_help="Remove what is left of lessons and venues that are gone.",
    epilog="Examples:\n\n  yuanjiao clean\n\n  yuanjiao clean --yes",
)
@click.option("--yes", is_flag=True, help="Remove what is listed.")
@WRITES
@JSON
@click.pass_obj
def clean(console: Console, *, yes: bool, folder: Path, as_json: bool) -> None:
    """List, remove when asked, report; fails when something could not be removed."""
    from courseware.documents import said
    from courseware.lessons.workspace import open_workspace
    from playlists.overview.cleaning import find_leftovers, remove

    found = find_leftovers(open_workspace(folder))
    found = remove(found) if yes else found
    if as_json:
        names = [one.name for one in found.found]
        problems = said(found.problems, console.tr)
        console.document({"removed": yes, "left_over": names, "bytes": found.size, "problems": problems})
    else:
        for one in found.found:
            console.say(one.name)
        values = {"count": len(found.found), "size": f"{found.size / 1_000_000:.1f}"}
        console.say(
            text("removed: {count}, {size} MB", **values) if yes else text("left over: {count}, {size} MB", **values)
        )
        if found.found and not yes:
            console.note(text("Nothing was removed; --yes removes what is listed."))
    if found.problems:
        raise BatchError(*found.problems)


@click.command(
    help="Make an empty workspace in DIR: settings, venues, programmes and calendar, each with comments that say "
    "what to fill in. Nothing that is there is written over.",
    short_help="Make an empty workspace.",
    epilog="Example:\n\n  yuanjiao init 汉阴远教 --name 汉阴县",
)
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--name", metavar="NAME", default="", help="The county or district, as printed.")
@JSON
@click.pass_obj
def init(console: Console, directory: Path, name: str, as_json: bool) -> None:
    """Write the skeleton and say what comes next."""
    from templates.start.skeleton import make_workspace

    written = make_workspace(directory, name)
    if as_json:
        console.document({"workspace": str(directory.resolve()), "files": [path.as_posix() for path in written]})
        return
    console.say(text("made the workspace {folder}", folder=directory.resolve()))
    for path in written:
        console.say(f"  {path.as_posix()}")
    console.note(text("Next: fill in yuanjiao.toml and venues.csv, import lessons, then run “yuanjiao check” in it."))


@click.command(
    help="Write one page of A4 to print and to hang up (速查), as PDF: editor for who makes lessons, operator for who"
    " minds a square or a station, county for the county's office. The office stands at its foot. The whole guides"
    " are on the desk, under “Help”.",
    short_help="Write the one-page guides to print.",
    epilog="Example:\n\n  yuanjiao guide operator --output 速查.pdf",
)
@click.argument("which", metavar="WHOM", type=click.Choice(("editor", "operator", "county")))
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="The file; else 速查_WHOM.pdf.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@WORKSPACE
@JSON
@click.pass_obj
def guide(console: Console, *, which: str, output: Path | None, force: bool, folder: Path, as_json: bool) -> None:
    """Typeset the sheet and write it."""
    from courseware.files import write_bytes
    from courseware.lessons.workspace import open_workspace
    from templates.guides.quick import quick_pdf

    target = output or Path(f"速查_{which}.pdf")
    if target.exists() and not force:
        what = text("is there already; choose another name, or add --force to replace it")
        raise InputError(Problem(str(target), what))
    write_bytes(target, quick_pdf(which, open_workspace(folder).settings.office))
    if as_json:
        console.document({"file": target.as_posix()})
    else:
        console.say(text("{file} is written", file=target))
