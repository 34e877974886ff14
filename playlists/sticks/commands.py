"""The command kit. Reads options, hands over, reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from courseware.errors import BatchError, InputError, Problem, YuanjiaoError, reason_of, text
from courseware.terminal.console import Console
from courseware.terminal.options import FOLDER, JSON, WORKSPACE, NamesOption
from playlists.options import DAY, WEEK

if TYPE_CHECKING:
    from courseware.lessons.workspace import Workspace
    from playlists.files.venues import Venue
    from playlists.kits.writing import WrittenKit
    from playlists.schedules.schedule import Day, Schedule
    from playlists.sticks.building import Prepared
    from playlists.sticks.numbered import NumberedWindow


@click.group(
    help="What goes on a venue's USB stick: its plan, its videos and a player, signed by the office.",
    short_help="Sticks for venues: plan, videos, player, signed.",
    epilog="Example:\n\n  yuanjiao kit build square-01 --week 2026-W49 --output E:\\",
)
def kit() -> None:
    """Hold the commands below."""


@kit.command(
    "build",
    help="Build the kit of VENUE, or of every venue, from its planned week: the folder 远教 with the plan, videos,"
    " the player, a poster and a leaflet, signed. What is on the stick already is not copied again, and what others"
    " keep there is left alone. A week that breaks a rule of “yuanjiao schedule check” is not built.",
    short_help="Build a venue's kit.",
    epilog="Examples:\n\n  yuanjiao kit build square-01 --week 2026-W49 --output E:\\\n\n"
    "  yuanjiao kit build --all --week 2026-W49 --weeks 2",
)
@click.argument("venue", required=False, default="")
@click.option("--all", "every", is_flag=True, help="Every venue of venues.csv.")
@WEEK
@click.option("--weeks", type=click.IntRange(1, 8), default=1, help="How many weeks, beginning with that one.")
@click.option("--output", type=FOLDER, help="The stick or folder; the folder kits of the workspace when not given.")
@click.option(
    "--since",
    type=click.Path(exists=True, path_type=Path),
    help="A kit's folder, plan.json or SHA256SUMS that the venue has: only what is new goes on the stick.",
)
@WORKSPACE
@JSON
@click.pass_obj
def build(
    console: Console,
    *,
    venue: str,
    every: bool,
    week: str,
    weeks: int,
    output: Path | None,
    since: Path | None,
    folder: Path,
    as_json: bool,
) -> None:
    """Judge, gather, write; one bad venue stops no other."""
    from courseware.documents import said
    from courseware.lessons.workspace import open_workspace
    from playlists.county.county import load_county
    from playlists.county.weeks import week_meant
    from playlists.files import programmes as programmes_file
    from playlists.files import venues as venues_file
    from playlists.files.naming import select_venues
    from playlists.kits.delta import load_base
    from playlists.kits.keys import own_key
    from playlists.schedules.words import week_label
    from playlists.sticks.building import showable_weeks, weeks_from
    from playlists.sticks.making import make_kit
    from playlists.sticks.telling import document_of, tell_of_windows

    if bool(venue) == every or (every and since):
        raise InputError(Problem("kit build", text("name one venue, or --all; --since goes with one venue")))
    workspace, own = open_workspace(folder), own_key()
    first = week_meant(workspace, week)
    county, base = load_county(workspace), load_base(since) if since else None
    if unusable := county.faults_of(programmes_file.FILE_NAME):
        raise InputError(*unusable)
    venues = select_venues(county.venues, (venue,) if venue else ())
    shown, unfit = showable_weeks(workspace, venues, weeks_from(first, weeks))
    console.note(week_label(first))
    tell_of_windows(console.note)
    problems = [*(county.faults_of(venues_file.FILE_NAME) if every else ()), *unfit]
    made: list[tuple[Prepared, WrittenKit]] = []
    for owner in venues:
        if owner.id in shown:
            home = _home(workspace, owner, output, every=every)
            with _collecting(problems, owner.id, home):
                made.append(make_kit(console, workspace, owner, shown[owner.id], county, own, home, base=base))
    if as_json:
        kits = [document_of(*pair) for pair in made]
        console.document({"kits": kits, "problems": said(problems, console.tr)})
    if problems:
        raise BatchError(*problems)


@kit.command(
    "verify",
    help="Read every byte of a kit and hold it against its checksums, its signature and its plan: what is missing,"
    " changed, foreign, expired, older than what was issued, or not signed by a key that is trusted here.",
    short_help="Verify a kit, every byte of it.",
    epilog="Example:\n\n  yuanjiao kit verify E:\\",
)
@click.argument("directory", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--newer-than",
    "installed",
    type=click.Path(exists=True, path_type=Path),
    help="A kit's folder or plan.json that is there already: an older one is a fault.",
)
@JSON
@click.pass_obj
def verify(console: Console, *, directory: Path, installed: Path | None, as_json: bool) -> None:
    """Verify, report; fails when a player should not take it."""
    from courseware.documents import said
    from playlists.kits.delta import load_known
    from playlists.sticks.making import say_verdict, verify_stick
    from playlists.sticks.telling import verdict_of

    found = verify_stick(console, directory, load_known(installed).revision if installed else 0)
    if as_json:
        problems, notes = (said(some, console.tr) for some in (found.problems, found.notes))
        console.document(verdict_of(found) | {"problems": problems, "notes": notes})
    else:
        say_verdict(console, found)
    if found.problems:
        raise BatchError(*found.problems)


def _cards() -> Iterable[str]:
    from playlists.sticks.cards import CARDS

    return CARDS


@kit.command(
    "tv",
    help="For televisions and LED cards that play a stick by themselves: a numbered folder for each opening window of"
    " VENUE, one file for each showing in its order, and a printed sheet that says which file is meant for which"
    " minute. These players know no clock and keep no record.",
    short_help="Numbered folders for televisions.",
    epilog="Example:\n\n  yuanjiao kit tv station-01 --week 2026-W49 --output E:\\",
)
@click.argument("venue")
@WEEK
@DAY
@click.option(
    "--card",
    metavar="MAKER",
    cls=NamesOption,
    names=_cards,
    help="Beside each folder the list of an LED card's maker; by its documents, tried on no card.",
)
@click.option("--output", type=FOLDER, help="The stick or folder; the folder kits of the workspace when not given.")
@WORKSPACE
@JSON
@click.pass_obj
def build_tv(
    console: Console,
    *,
    venue: str,
    week: str,
    day: str,
    card: str | None,
    output: Path | None,
    folder: Path,
    as_json: bool,
) -> None:
    """Judge, number, write."""
    from courseware.lessons.profile import canvas_of
    from courseware.lessons.workspace import lock_around, open_workspace
    from playlists.schedules.words import week_label
    from playlists.sticks.building import videos_of
    from playlists.sticks.cards import CARDS, write_card_list
    from playlists.sticks.numbered import file_sheet, plan_folders, write_folders
    from templates.pages.sheet import sheet_pdf

    workspace = open_workspace(folder)
    schedule, only = _showable(workspace, venue, week, day)
    console.note(week_label(schedule.week))
    folders = plan_folders((only,) if only else schedule.days)
    if not folders:
        what = text("shows no lesson in that time; see “yuanjiao schedule show {venue}”", venue=schedule.venue)
        raise InputError(Problem(schedule.venue, what))
    name = f"TV_{schedule.venue}_{only.date if only else schedule.week}"
    home = (output or workspace.kits_dir / schedule.venue) / name
    sheet = sheet_pdf(file_sheet(schedule, folders, workspace.settings.office))
    videos = videos_of(workspace, schedule)

    def beside(place: Path, window: NumberedWindow) -> None:
        if card:
            write_card_list(place, window, videos, CARDS[card], canvas_of(schedule.profile))

    with console.progress() as bars, lock_around(home):
        bar = bars.add_task(console.tr(text("Copying {name}", name=name)), total=None)
        write_folders(home, folders, videos, sheet, lambda size: bars.advance(bar, size), beside)
    files = sum(1 for window in folders for slot in window.slots if slot.name)
    if as_json:
        names = [window.name for window in folders]
        console.document({"folder": home.as_posix(), "windows": names, "files": files, "problems": []})
    else:
        console.say(text("{files} files in {folder}", files=files, folder=home))


def _showable(workspace: Workspace, venue: str, week: str, day: str) -> tuple[Schedule, Day | None]:
    """The week as typed, and the day of it where one is typed.

    Raises:
        InputError: no such venue, week or day, or the week may not be shown.
    """
    from playlists.almanac.clock import today
    from playlists.almanac.typed import day_typed, week_typed
    from playlists.county.county import load_county
    from playlists.county.weeks import day_at, schedule_at
    from playlists.files.naming import select_venues
    from playlists.sticks.building import showable_weeks

    one = select_venues(load_county(workspace).venues, (venue,))[0]
    day = day_typed(day, today(workspace))
    week = schedule_at(workspace, one.id, week_typed(week, today(workspace)), day).week
    showable, problems = showable_weeks(workspace, (one,), (week,))
    if one.id not in showable:
        raise InputError(*problems)
    (schedule,) = showable[one.id]
    return schedule, day_at(schedule, day)


def _home(workspace: Workspace, venue: Venue, output: Path | None, *, every: bool) -> Path:
    from playlists.kits.sums import HOME

    if output and not every:
        return output / HOME
    return (output or workspace.kits_dir) / venue.id / HOME


@contextmanager
def _collecting(problems: list[Problem], venue: str, home: Path) -> Iterator[None]:
    """Let what is wrong with one venue's kit stop no other."""
    try:
        yield
    except YuanjiaoError as error:
        problems += (Problem(f"{venue}: {one.where}", one.what) for one in error.problems)
    except OSError as error:
        what = text("cannot be read or written: {reason}", reason=reason_of(error))
        problems.append(Problem(f"{venue}: {error.filename or home}", what))
