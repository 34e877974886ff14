"""The command schedule: plan, show, diff, edit, history, and the checks. Reads options, hands over, reports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from courseware.errors import InputError, Problem, text
from courseware.terminal.console import Console
from courseware.terminal.options import ALL, JSON, WORKSPACE, WRITES
from courseware.terminal.threads import collect_seldom
from playlists.checking import commands as checks
from playlists.options import COMING_WEEK, DAY, WEEK
from playlists.weeks.takeovers.commands import takeover


@click.group(
    help="Plan the week of every venue, and look at it.",
    short_help="Plan and show the venues' weeks.",
    epilog="Example:\n\n  yuanjiao schedule plan --week 2026-W48",
)
def schedule() -> None:
    """Hold the commands below."""


for _command in (checks.check, checks.lecturers, checks.trainings, takeover):
    schedule.add_command(_command)


@schedule.command(
    "plan",
    help="Plan the week of every venue, or of VENUE…, from venues.csv, programmes.toml and calendar.toml: each"
    " opening window is filled to the second with whole lessons.",
    short_help="Plan a week, or several.",
    epilog="Examples:\n\n  yuanjiao schedule plan --week 2026-W48\n\n  yuanjiao schedule plan --weeks 5",
)
@click.argument("venues", nargs=-1, metavar="[VENUE]…")
@COMING_WEEK
@click.option(
    "--weeks",
    metavar="NUMBER",
    type=click.IntRange(1, 53),
    default=1,
    help="So many weeks, this one and those after it.",
)
@click.option("--seed", metavar="NUMBER", default=0, help="Another number gives another order of the lessons.")
@click.option(
    "--anew",
    is_flag=True,
    help="Do not keep what was planned or published; what is past stays, and a file that cannot be read is kept"
    " beside as .bak.",
)
@ALL
@WORKSPACE
@JSON
@click.pass_obj
def plan(
    console: Console,
    *,
    venues: tuple[str, ...],
    week: str,
    weeks: int,
    seed: int,
    anew: bool,
    folder: Path,
    as_json: bool,
) -> None:
    """Plan, save, report; fails when any venue failed, after all others are planned."""
    collect_seldom()
    from courseware.lessons.workspace import open_workspace
    from playlists.files.venues import FILE_NAME
    from playlists.weeks.second import lines_of, second_drafter

    workspace = open_workspace(folder)
    with second_drafter(0 if venues else lines_of(workspace.root / FILE_NAME)) as second:
        # Only now: so both processes load what they need beside each other.
        from playlists.weeks.ordered import PlanOrder, plan_weeks

        plan_weeks(console, workspace, PlanOrder(venues, week, weeks, seed, anew), second, as_json=as_json)


@schedule.command(
    "show",
    help="Show the planned week of VENUE, or one day of it with every showing; with --why, what put each there."
    " Without VENUE: what every venue shows at a moment (--at), where a lesson is shown (--lesson), or how often and"
    " how soon again each lesson is (--coverage). With --month, --quarter or --year: what is planned of each week,"
    " and how far the obligations are kept; with --output also as a page and a poster.",
    short_help="Show a week, a day, a moment, a lesson, a month.",
    epilog="Examples:\n\n  yuanjiao schedule show square-01 --day 周二 --why\n\n"
    "  yuanjiao schedule show --day 周二 --at 19:42\n\n"
    "  yuanjiao schedule show --quarter 2027-Q1 --output 计划",
)
@click.argument("venue", required=False, default="")
@WEEK
@DAY
@click.option("--at", metavar="TIME", default="", help="What every venue shows at that time of --day, like 19:42.")
@click.option(
    "--lesson", metavar="LESSON", default="", help="Every showing of this lesson, or with --day those of one day."
)
@click.option("--coverage", is_flag=True, help="How often each lesson is shown, and how soon again.")
@click.option("--why", is_flag=True, help="Why each showing of --day is there.")
@click.option("--month", metavar="MONTH", default="", help="Like 2027-02, 2月, 本月 or 上月.")
@click.option("--quarter", metavar="QUARTER", default="", help="Like 2027-Q1, 第一季度 or 本季度.")
@click.option("--year", metavar="YEAR", default="", help="Like 2027 or 今年.")
@click.option(
    "--output", type=click.Path(path_type=Path), help="Folder for the page and the poster of such a period."
)
@WORKSPACE
@JSON
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
    month: str,
    quarter: str,
    year: str,
    output: Path | None,
    folder: Path,
    as_json: bool,
) -> None:
    """Hand over to what was asked for."""
    from courseware.lessons.workspace import open_workspace
    from playlists.almanac.clock import today
    from playlists.almanac.typed import day_typed, week_typed
    from playlists.county.weeks import day_at, schedule_at
    from playlists.weeks import answers, looking

    workspace = open_workspace(folder)
    asked = (bool(venue), bool(at), bool(lesson), coverage)
    if month or quarter or year:
        if any(asked):
            what = text("--month, --quarter and --year are about the whole county; leave out the rest")
            raise InputError(Problem("schedule show", what))
        looking.show_ahead(console, workspace, (month, quarter, year), output, as_json=as_json)
        return
    if sum(asked) != 1 or ((at or why) and not day):
        what = text("name a venue, or --at with --day, or --lesson, or --coverage; --why goes with a venue and --day")
        raise InputError(Problem("schedule show", what))
    week, day = week_typed(week, today(workspace)), day_typed(day, today(workspace))
    if not venue:
        looking.show_county(console, workspace, week, day, at, lesson, as_json=as_json)
        return
    found = schedule_at(workspace, venue, week, day)
    one_day = day_at(found, day)
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
@WEEK
@click.option("--revision", metavar="NUMBER", default=0, help="Compare with this publication instead of the last.")
@WORKSPACE
@JSON
@click.pass_obj
def diff(console: Console, *, venues: tuple[str, ...], week: str, revision: int, folder: Path, as_json: bool) -> None:
    """Read both and compare."""
    from courseware.lessons.workspace import open_workspace
    from playlists.almanac.clock import today
    from playlists.almanac.typed import week_typed
    from playlists.weeks.looking import show_diff

    workspace = open_workspace(folder)
    show_diff(console, workspace, venues, week_typed(week, today(workspace)), revision, as_json=as_json)


@schedule.group(
    "edit",
    help="Change a plan by hand. The change is written into edits.toml and holds for every later plan.",
    short_help="Pin, swap or forbid a showing.",
    epilog="Example:\n\n  yuanjiao schedule edit swap square-01 2026-11-24T19:10:00 2026-11-24T19:40:00",
)
def edit() -> None:
    """Hold the commands below."""


def _say_edit(console: Console, written: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        console.document(json.loads(json.dumps(written, default=str)))
    else:
        console.say(text("Written into {file}; plan the week again to carry it out.", file=written["file"]))


@edit.command(
    "pin",
    help="Show LESSON at VENUE at that moment; without LESSON, what is planned there stays there.",
    short_help="Fix a showing.",
    epilog="Example:\n\n  yuanjiao schedule edit pin square-01 2026-11-24T19:10:00 jujube-pruning",
)
@click.argument("venue")
@click.argument("at", metavar="TIME")
@click.argument("lesson", required=False, default="")
@WRITES
@JSON
@click.pass_obj
def pin(console: Console, *, venue: str, at: str, lesson: str, folder: Path, as_json: bool) -> None:
    """Write a pin."""
    from courseware.lessons.workspace import open_workspace
    from playlists.almanac.clock import today
    from playlists.almanac.typed import moment_typed
    from playlists.weeks.looking import pin_slot

    workspace = open_workspace(folder)
    moment = moment_typed(at, today(workspace), "schedule edit")
    _say_edit(console, pin_slot(workspace, venue, moment, lesson), as_json=as_json)


@edit.command(
    "swap",
    help="Let the showings that are planned at VENUE at these two moments of a day change places.",
    short_help="Swap two showings.",
    epilog="Example:\n\n  yuanjiao schedule edit swap square-01 2026-11-24T19:10:00 2026-11-24T19:40:00",
)
@click.argument("venue")
@click.argument("first", metavar="TIME")
@click.argument("second", metavar="TIME")
@WRITES
@JSON
@click.pass_obj
def swap(console: Console, *, venue: str, first: str, second: str, folder: Path, as_json: bool) -> None:
    """Write a swap."""
    from courseware.lessons.workspace import open_workspace
    from playlists.almanac.clock import today
    from playlists.almanac.typed import moment_typed
    from playlists.weeks.looking import swap_slots

    workspace = open_workspace(folder)
    both = (moment_typed(one, today(workspace), "schedule edit") for one in (first, second))
    _say_edit(console, swap_slots(workspace, venue, *both), as_json=as_json)


@edit.command(
    "never",
    help="Do not show LESSON any more: at these venues, or anywhere when none is named.",
    short_help="Forbid a lesson.",
    epilog="Example:\n\n  yuanjiao schedule edit never old-subsidy square-01 station-03",
)
@click.argument("lesson")
@click.argument("venues", nargs=-1, metavar="[VENUE]…")
@click.option(
    "--from",
    "first",
    default="",
    metavar="DATE",
    help="First day, like 明天, 12月1日 or 2026-12-01; from now on when not given.",
)
@click.option(
    "--to", "last", default="", metavar="DATE", help="Last day, like 12月31日 or 2026-12-31; for ever when not given."
)
@WRITES
@JSON
@click.pass_obj
def never(
    console: Console,
    *,
    lesson: str,
    venues: tuple[str, ...],
    first: str,
    last: str,
    folder: Path,
    as_json: bool,
) -> None:
    """Write that a lesson is not to be shown."""
    from courseware.lessons.workspace import open_workspace
    from playlists.almanac.clock import today
    from playlists.almanac.typed import date_typed
    from playlists.weeks.looking import forbid

    workspace = open_workspace(folder)
    days = (date_typed(one, today(workspace), "schedule edit") for one in (first, last))
    _say_edit(console, forbid(workspace, lesson, venues, *days), as_json=as_json)


@schedule.command(
    "history",
    help="What venues have shown, as far as it is known. With --rebuild, write it again from all that was published.",
    short_help="Rebuild the history of showings.",
    epilog="Example:\n\n  yuanjiao schedule history --rebuild",
)
@click.option("--rebuild", is_flag=True, help="From the published weeks.")
@WORKSPACE
@JSON
@click.pass_obj
def history(console: Console, *, rebuild: bool, folder: Path, as_json: bool) -> None:
    """Count, or rebuild and count."""
    from courseware.lessons.workspace import open_workspace
    from playlists.weeks.looking import show_history

    show_history(console, open_workspace(folder), rebuild=rebuild, as_json=as_json)
