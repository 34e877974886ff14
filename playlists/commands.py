"""The commands playlist, schedule, publish, check and status. Reads options, hands over, reports."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from courseware.console import Console
from courseware.errors import BatchError, InputError, Problem, text
from playlists.checks import commands as checks

if TYPE_CHECKING:
    from courseware.workspace import Workspace
    from playlists.lists import Bundle
    from playlists.schedule import Day, Schedule

_FOLDER = click.Path(file_okay=False, path_type=Path)
_workspace = click.option(
    "--workspace", "folder", type=_FOLDER, default=".", help="The workspace, when it is not here."
)
_json = click.option("--json", "as_json", is_flag=True, help="Report as JSON.")


@click.group(
    help="Lists for players, and numbered folders for USB sticks.",
    short_help="Lists for players and USB sticks.",
    epilog="Example:\n\n  yuanjiao playlist build square-01 --usb",
)
def playlist() -> None:
    """Hold the commands below."""


@playlist.command(
    "build",
    help="Build the lists (m3u8) of VENUE from its planned week, one for each day; or a list of a series or of"
    " single lessons. With --usb, a numbered folder with the videos and the lists, to be copied to a stick.",
    short_help="Build lists or a USB folder.",
    epilog="Examples:\n\n  yuanjiao playlist build square-01 --week 2026-W48 --usb\n\n"
    "  yuanjiao playlist build --series 扶贫实用技术 --profile station-tv",
)
@click.argument("venue", required=False, default="")
@click.option("--series", default="", help="All lessons of this series instead of a venue's week.")
@click.option("--lesson", "lessons", multiple=True, help="This lesson; give it several times for several.")
@click.option("--profile", "-p", default="", help="Which screen's videos, for --series and --lesson.")
@click.option("--week", default="", help="Like 2026-W48; the present week, or the next planned one, when not given.")
@click.option("--day", default="", help="One day of the week: 2026-11-24 or 周二.")
@click.option("--output", type=_FOLDER, help="Where to; the folder playlists of the workspace when not given.")
@click.option("--usb", is_flag=True, help="Copy the videos into a numbered folder.")
@_workspace
@_json
@click.pass_obj
def build(
    console: Console,
    *,
    venue: str,
    series: str,
    lessons: tuple[str, ...],
    profile: str,
    week: str,
    day: str,
    output: Path | None,
    usb: bool,
    folder: Path,
    as_json: bool,
) -> None:
    """Choose what plays, write it, report."""
    from courseware.workspace import open_workspace

    if sum((bool(venue), bool(series), bool(lessons))) != 1:
        what = text("name a venue, or --series, or --lesson; exactly one of the three")
        raise InputError(Problem("playlist build", what))
    workspace = open_workspace(folder)
    if venue:
        bundle = _venue_bundle(workspace, venue, week, day)
    else:
        bundle = _chosen_bundle(workspace, series, lessons, profile)
    target = output or workspace.playlists_dir
    if usb:
        _build_stick(console, bundle, target, as_json=as_json)
    else:
        _build_lists(console, bundle, target, as_json=as_json)


@playlist.command(
    "list",
    help="List the playlists that have been built.",
    epilog="Example:\n\n  yuanjiao playlist list",
)
@click.option("--output", type=_FOLDER, help="Where they lie; the folder playlists of the workspace when not given.")
@_workspace
@_json
@click.pass_obj
def list_built(console: Console, *, output: Path | None, folder: Path, as_json: bool) -> None:
    """Report every list below the folder."""
    from courseware.times import clock
    from courseware.workspace import open_workspace
    from playlists.lists import find_lists

    place = output or open_workspace(folder).playlists_dir
    found = [
        (
            path.relative_to(place).as_posix(),
            listing.title,
            len(listing.entries),
            sum(e.seconds for e in listing.entries),
        )
        for path, listing in find_lists(place)
    ]
    if as_json:
        keys = ("file", "title", "showings", "seconds")
        console.document({"lists": [dict(zip(keys, row, strict=True)) for row in found]})
    elif found:
        headings = (text("File"), text("Title"), text("Showings"), text("Length"))
        console.table(headings, [(name, title, str(shown), clock(seconds)) for name, title, shown, seconds in found])
    else:
        console.say(text("No playlist has been built yet."))


@click.group(
    help="Plan the week of every venue, and look at it.",
    short_help="Plan and show the venues' weeks.",
    epilog="Example:\n\n  yuanjiao schedule plan --week 2026-W48",
)
def schedule() -> None:
    """Hold the commands below."""


for _command in (checks.check, checks.lecturers, checks.trainings):
    schedule.add_command(_command)


@schedule.command(
    "plan",
    help="Plan the week of every venue, or of VENUE…, from venues.csv, programmes.toml and calendar.toml: each"
    " opening window is filled to the second with whole lessons.",
    short_help="Plan a week.",
    epilog="Example:\n\n  yuanjiao schedule plan --week 2026-W48",
)
@click.argument("venues", nargs=-1, metavar="[VENUE]…")
@click.option("--week", default="", help="Like 2026-W48; the coming week when not given.")
@click.option("--seed", default=0, help="Another number gives another order of the lessons.")
@click.option("--anew", is_flag=True, help="Do not keep what was planned or published; days that are past stay.")
@_workspace
@_json
@click.pass_obj
def plan(
    console: Console, *, venues: tuple[str, ...], week: str, seed: int, anew: bool, folder: Path, as_json: bool
) -> None:
    """Plan, save, report; fails when any venue failed, after all others are planned."""
    from courseware.workspace import open_workspace
    from playlists.answers import say_plan
    from playlists.county import coming_week, load_county, plan_county
    from playlists.schedule import monday_of
    from playlists.venues import select_venues

    workspace = open_workspace(folder)
    county = load_county(workspace)
    chosen = select_venues(county.venues, venues)
    week = week or coming_week(workspace)
    monday_of(week)
    with console.progress() as bars:
        bar = bars.add_task(console.tr(text("Planning {week}", week=week)), total=len(chosen))
        planned = plan_county(workspace, county, chosen, week, seed, lambda _venue: bars.advance(bar), anew=anew)
    # A lesson that cannot be read is not shown; that does not make the plan wrong.
    console.problems(county.catalogue.problems)
    problems = (*county.problems, *planned.problems)
    say_plan(console, workspace, week, planned, problems, as_json=as_json)
    if problems:
        raise BatchError(*problems)


@schedule.command(
    "show",
    help="Show the planned week of VENUE, or one day of it with every showing; with --why, what put each there."
    " Without VENUE: what every venue shows at a moment (--at), where a lesson is shown (--lesson), or how often and"
    " how soon again each lesson is (--coverage).",
    short_help="Show a week, a day, a moment, a lesson.",
    epilog="Examples:\n\n  yuanjiao schedule show square-01 --day 周二 --why\n\n"
    "  yuanjiao schedule show --day 周二 --at 19:42",
)
@click.argument("venue", required=False, default="")
@click.option("--week", default="", help="Like 2026-W48; the present week, or the next planned one, when not given.")
@click.option("--day", default="", help="One day of the week: 2026-11-24 or 周二.")
@click.option("--at", default="", help="What every venue shows at that time of --day, like 19:42.")
@click.option("--lesson", default="", help="Every showing of this lesson.")
@click.option("--coverage", is_flag=True, help="How often each lesson is shown, and how soon again.")
@click.option("--why", is_flag=True, help="Why each showing of --day is there.")
@_workspace
@_json
@click.pass_obj
def show(
    console: Console,
    *,
    venue: str,
    week: str,
    day: str,
    at: str,
    lesson: str,
    coverage: bool,
    why: bool,
    folder: Path,
    as_json: bool,
) -> None:
    """Hand over to what was asked for."""
    from courseware.workspace import open_workspace
    from playlists import answers, looking

    workspace = open_workspace(folder)
    if sum((bool(venue), bool(at), bool(lesson), coverage)) != 1 or ((at or why) and not day):
        what = text("name a venue, or --at with --day, or --lesson, or --coverage; --why goes with a venue and --day")
        raise InputError(Problem("schedule show", what))
    if not venue:
        looking.show_county(console, workspace, week, day, at, lesson, as_json=as_json)
        return
    found = _schedule(workspace, venue, week, day)
    one_day = _day(found, day)
    if why and one_day:
        looking.show_why(console, workspace, found, one_day, as_json=as_json)
    elif as_json:
        console.document((one_day or found).model_dump(mode="json"))
    else:
        answers.say_schedule(console, found, one_day)


@schedule.command(
    "diff",
    help="What changed since the week was published: for whom, when, what instead of what.",
    short_help="Compare the plan with what was published.",
    epilog="Example:\n\n  yuanjiao schedule diff --week 2026-W48",
)
@click.argument("venues", nargs=-1, metavar="[VENUE]…")
@click.option("--week", default="", help="Like 2026-W48; the present week, or the next planned one, when not given.")
@click.option("--revision", default=0, help="Compare with this publication instead of the last.")
@_workspace
@_json
@click.pass_obj
def diff(console: Console, *, venues: tuple[str, ...], week: str, revision: int, folder: Path, as_json: bool) -> None:
    """Read both and compare."""
    from courseware.workspace import open_workspace
    from playlists.looking import show_diff

    show_diff(console, open_workspace(folder), venues, week, revision, as_json=as_json)


@schedule.group(
    "edit",
    help="Change a plan by hand. The change is written into edits.toml and holds for every later plan.",
    short_help="Pin, swap or forbid a showing.",
    epilog="Example:\n\n  yuanjiao schedule edit swap square-01 2026-11-24T19:10:00 2026-11-24T19:40:00",
)
def edit() -> None:
    """Hold the commands below."""


_MOMENT = click.DateTime(["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"])


@edit.command(
    "pin",
    help="Show LESSON at VENUE at that moment; without LESSON, what is planned there stays there.",
    short_help="Fix a showing.",
    epilog="Example:\n\n  yuanjiao schedule edit pin square-01 2026-11-24T19:10:00 jujube-pruning",
)
@click.argument("venue")
@click.argument("at", type=_MOMENT)
@click.argument("lesson", required=False, default="")
@_workspace
@click.pass_obj
def pin(console: Console, *, venue: str, at: datetime, lesson: str, folder: Path) -> None:
    """Write a pin."""
    from courseware.workspace import open_workspace
    from playlists.looking import pin_slot

    pin_slot(console, open_workspace(folder), venue, at, lesson)


@edit.command(
    "swap",
    help="Let the showings that are planned at VENUE at these two moments of a day change places.",
    short_help="Swap two showings.",
    epilog="Example:\n\n  yuanjiao schedule edit swap square-01 2026-11-24T19:10:00 2026-11-24T19:40:00",
)
@click.argument("venue")
@click.argument("first", type=_MOMENT)
@click.argument("second", type=_MOMENT)
@_workspace
@click.pass_obj
def swap(console: Console, *, venue: str, first: datetime, second: datetime, folder: Path) -> None:
    """Write a swap."""
    from courseware.workspace import open_workspace
    from playlists.looking import swap_slots

    swap_slots(console, open_workspace(folder), venue, first, second)


@edit.command(
    "never",
    help="Do not show LESSON any more: at these venues, or anywhere when none is named.",
    short_help="Forbid a lesson.",
    epilog="Example:\n\n  yuanjiao schedule edit never old-subsidy square-01 station-03",
)
@click.argument("lesson")
@click.argument("venues", nargs=-1, metavar="[VENUE]…")
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="First day; from now on when not given.")
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), help="Last day; for ever when not given.")
@_workspace
@click.pass_obj
def never(
    console: Console,
    *,
    lesson: str,
    venues: tuple[str, ...],
    first: datetime | None,
    last: datetime | None,
    folder: Path,
) -> None:
    """Write that a lesson is not to be shown."""
    from courseware.workspace import open_workspace
    from playlists.looking import forbid

    forbid(console, open_workspace(folder), lesson, venues, first, last)


@schedule.command(
    "history",
    help="What venues have shown, as far as it is known. With --rebuild, write it again from all that was published.",
    short_help="Rebuild the history of showings.",
    epilog="Example:\n\n  yuanjiao schedule history --rebuild",
)
@click.option("--rebuild", is_flag=True, help="From the published weeks.")
@_workspace
@_json
@click.pass_obj
def history(console: Console, *, rebuild: bool, folder: Path, as_json: bool) -> None:
    """Count, or rebuild and count."""
    from courseware.workspace import open_workspace
    from playlists.looking import show_history

    show_history(console, open_workspace(folder), rebuild=rebuild, as_json=as_json)


def _venue_bundle(workspace: Workspace, venue: str, week: str, day: str) -> Bundle:
    from playlists.lists import venue_bundle

    found = _schedule(workspace, venue, week, day)
    one_day = _day(found, day)
    return venue_bundle(workspace, found, one_day.date if one_day else None)


def _chosen_bundle(workspace: Workspace, series: str, lessons: tuple[str, ...], profile: str) -> Bundle:
    from courseware.validate import not_one_of
    from courseware.workspace import load_catalogue
    from playlists.lists import lessons_bundle, series_bundle

    profile = profile or workspace.settings.render.profiles[0]
    catalogue = load_catalogue(workspace)
    if lessons:
        return lessons_bundle(workspace, catalogue.select(lessons), profile)
    known = [one.name for one in workspace.settings.all_series]
    if series not in known:
        raise InputError(Problem("--series", not_one_of(series, known)))
    return series_bundle(workspace, catalogue.lessons, series, profile)


def _build_lists(console: Console, bundle: Bundle, target: Path, *, as_json: bool) -> None:
    from playlists.lists import write_lists

    paths = write_lists(bundle, target)
    if as_json:
        console.document({"lists": [path.as_posix() for path in paths], "folder": None, "files": []})
        return
    for path in paths:
        console.say(str(path))


def _build_stick(console: Console, bundle: Bundle, target: Path, *, as_json: bool) -> None:
    from playlists.lists import write_stick

    with console.progress() as bars:
        total = sum({item.lesson: item.size for item in bundle.items}.values())
        bar = bars.add_task(console.tr(text("Copying")), total=total)
        place, files = write_stick(bundle, target, lambda size: bars.advance(bar, size))
    lists = [one.name for one in bundle.lists]
    if as_json:
        paths = [(place / f"{name}.m3u8").as_posix() for name in lists]
        console.document({"lists": paths, "folder": place.as_posix(), "files": [one.name for one in files]})
        return
    console.say(str(place))
    what = text("Videos: {files}, lists: {lists}. Copy this folder to the stick.", files=len(files), lists=len(lists))
    console.say(what)


def _schedule(workspace: Workspace, venue: str, week: str, day: str) -> Schedule:
    """The venue's week: the one named, the one a date lies in, or the present one."""
    from playlists.county import planned_week, schedule_of
    from playlists.days import week_in

    return schedule_of(workspace, venue, week or week_in(day) or planned_week(workspace))


def _day(found: Schedule, day: str) -> Day | None:
    from playlists.days import parse_day

    if not day:
        return None
    wanted = parse_day(day, found.days[0].date)
    return next(one for one in found.days if one.date == wanted)


@click.command(
    help="Publish a planned week: for each venue and for the county a page (HTML), a poster to print (PDF) and a long"
    " image for phones (PNG), into the folder published.",
    short_help="Make the pages and posters of a week.",
    epilog="Example:\n\n  yuanjiao publish --week 2026-W48",
)
@click.option("--week", default="", help="Like 2026-W48; the present week, or the next planned one, when not given.")
@_workspace
@_json
@click.pass_obj
def publish(console: Console, *, week: str, folder: Path, as_json: bool) -> None:
    """Write the pages of every venue whose schedule can be read; fails when one cannot."""
    from courseware.files import sweep
    from courseware.workspace import open_workspace
    from playlists.county import announce, planned_week, planned_weeks
    from playlists.publish import publish_week, unfilled

    workspace = open_workspace(folder)
    week = week or planned_week(workspace)
    schedules, problems = planned_weeks(workspace, week)
    target = workspace.published_dir / week
    sweep(target)
    with console.progress() as bars:
        bar = bars.add_task(console.tr(text("Publishing {week}", week=week)), total=3 * (len(schedules) + 1))
        written = publish_week(
            schedules,
            workspace.settings.office,
            target,
            lambda _name: bars.advance(bar),
            workspace.settings.all_series,
        )
    announce(workspace, schedules)
    gaps = unfilled(schedules)
    console.problems(gaps)
    if as_json:
        said = [{"where": one.where, "what": console.tr(one.what)} for one in (*problems, *gaps)]
        console.document({"week": week, "files": [path.as_posix() for path in written], "problems": said})
    else:
        console.say(text("{files} files in {folder}", files=len(written), folder=target))
    if problems:
        raise BatchError(*problems)


@click.command(
    help="Check every file of the workspace: settings, lessons, venues, programmes, calendar. Says everything that is"
    " wrong at once, with the file and the key or row.",
    short_help="Check the files of the workspace.",
    epilog="Example:\n\n  yuanjiao check",
)
@_workspace
@_json
@click.pass_obj
def check(console: Console, *, folder: Path, as_json: bool) -> None:
    """Report all problems; fails when there is one."""
    from playlists.overview import check_workspace

    found = check_workspace(folder)
    counts = {name: getattr(found, name) for name in ("lessons", "venues", "programmes", "events")}
    if as_json:
        said = {
            key: [{"where": one.where, "what": console.tr(one.what)} for one in getattr(found, key)]
            for key in ("problems", "notes")
        }
        console.document({"workspace": str(found.root), **counts, **said})
    else:
        console.problems(found.notes)
        console.say(
            text("{lessons} lessons, {venues} venues, {programmes} programmes, {events} events are right", **counts)
        )
    if found.problems:
        raise InputError(*found.problems)


@click.command(
    help="Show how far the workspace has come: lessons by series and form, and what of them is rendered, reviewed and"
    " scheduled in a week.",
    short_help="Show what is made, reviewed and scheduled.",
    epilog="Example:\n\n  yuanjiao status --week 2026-W48",
)
@click.option("--week", default="", help="Like 2026-W48; the present week when not given.")
@_workspace
@_json
@click.pass_obj
def status(console: Console, *, week: str, folder: Path, as_json: bool) -> None:
    """Three tables, or one document."""
    from courseware.workspace import open_workspace
    from playlists import table
    from playlists.county import present_week
    from playlists.overview import status as status_of

    workspace = open_workspace(folder)
    found = status_of(workspace, week or present_week(workspace))
    console.problems(found.problems)
    if as_json:
        console.document(table.status_document(found, console.tr))
        return
    console.table(table.STATUS_HEADINGS, table.status_rows(found, console.tr(text("All"))))
    made = [(name, f"{count}/{found.total.lessons}") for name, count in found.profiles.items()]
    console.table((text("Profile"), text("Rendered")), made)
    console.table(table.VENUE_HEADINGS, table.venue_rows(found), found.week)
