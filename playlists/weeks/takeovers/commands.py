"""The command schedule takeover. Reads options, hands over, reports."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from courseware.errors import InputError, Problem, Text, text
from courseware.terminal.console import Console
from courseware.terminal.options import JSON, WRITES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from playlists.files.by_hand.takeovers import Takeover
    from playlists.weeks.takeovers.asking import PlacedTakeover

HEADINGS = (text("Number"), text("From"), text("Until"), text("Lesson"), text("For"), text("By"), text("State"))


@click.command(
    help="Let LESSON take over the screens of VENUE…, of a town or a group, from a moment until another: it is shown"
    " again and again while they are open, and pages and players call that time 统一播放. Lectures and activities are"
    " held all the same. It is written into edits.toml and expires by itself; plan the weeks again, publish, and make"
    " the kits anew to carry it out. With --once it is shown once, at --from.",
    short_help="One lesson at many venues for some hours.",
    epilog="Examples:\n\n  yuanjiao schedule takeover --town 江北镇 --from 12月3日19:00 --until 12月3日20:00"
    " --lesson new-subsidy\n\n  yuanjiao schedule takeover --list\n\n  yuanjiao schedule takeover --cancel 1",
)
@click.argument("venues", nargs=-1, metavar="[VENUE]…")
@click.option("--town", "towns", metavar="TOWN", multiple=True, help="All venues of this town; may be repeated.")
@click.option("--group", "groups", metavar="GROUP", multiple=True, help="A group or kind of venues, like 广场.")
@click.option("--from", "start", metavar="TIME", default="", help="When it begins, like 19:00 or 12月3日19:00.")
@click.option("--until", "end", metavar="TIME", default="", help="When it ends; left out with --once.")
@click.option("--lesson", metavar="LESSON", default="", help="What is shown.")
@click.option("--once", is_flag=True, help="Show it once, at --from, as a pin at each venue.")
@click.option("--reason", metavar="WORDS", default="", help="A line that is kept with it.")
@click.option("--by", metavar="PERSON", default="", help="Your name; else that of this computer's user.")
@click.option("--list", "listing", is_flag=True, help="List all takeovers and how they stand.")
@click.option("--cancel", "number", metavar="NUMBER", type=int, help="Call the takeover of this number off.")
@WRITES
@JSON
@click.pass_obj
def takeover(
    console: Console,
    *,
    venues: tuple[str, ...],
    towns: tuple[str, ...],
    groups: tuple[str, ...],
    start: str,
    end: str,
    lesson: str,
    once: bool,
    reason: str,
    by: str,
    listing: bool,
    number: int | None,
    folder: Path,
    as_json: bool,
) -> None:
    """Write one, call one off, or list them."""
    from courseware.lessons.workspace import open_workspace
    from playlists.weeks.takeovers.asking import TakeoverWish, call_off, place_takeover

    workspace = open_workspace(folder)
    if listing or number is not None:
        if number is not None:
            call_off(workspace, number)
        _report(console, folder, None, number, as_json=as_json)
        return
    if not lesson:
        raise InputError(Problem("--lesson", text("say what is shown: --lesson with its id")))
    by = by or getpass.getuser()
    wish = TakeoverWish(lesson, start, end, venues, towns, groups, once, by, reason)
    _report(console, folder, place_takeover(workspace, wish), None, as_json=as_json)


def _report(
    console: Console, folder: Path, placed: PlacedTakeover | None, cancelled: int | None, *, as_json: bool
) -> None:
    from courseware.lessons.workspace import open_workspace
    from playlists.almanac import clock
    from playlists.files.edits import FILE_NAME, load_edits

    workspace = open_workspace(folder)
    known = load_edits(workspace.root / FILE_NAME).takeover
    now = clock.now(workspace).replace(tzinfo=None)
    if as_json:
        console.document(_document(known, now, placed, cancelled))
    elif placed:
        _say_placed(console, placed)
    elif cancelled is not None:
        console.say(text("Takeover {number} is called off; plan the weeks again to carry it out.", number=cancelled))
    elif not known:
        console.say(text("There is no takeover yet."))
    else:
        console.table(HEADINGS, [_row(console, number, one, now) for number, one in enumerate(known, 1)])


def _say_placed(console: Console, placed: PlacedTakeover) -> None:
    shown = [count for count in placed.shown.values() if count]
    values = {"number": placed.number, "venues": len(shown), "least": min(shown), "most": max(shown)}
    what = text(
        "Takeover {number} is in edits.toml: {venues} venues, {least} to {most} showings each; plan the week again,"
        " publish, and make the kits anew."
    )
    console.say(Text(what.pattern, values))
    if placed.shut:
        names = "、".join(venue.name for venue in placed.shut)
        what = text("{count} venues are not open then, and show nothing: {names}")
        console.note(Text(what.pattern, {"count": len(placed.shut), "names": names}))


def _row(console: Console, number: int, one: Takeover, now: datetime) -> tuple[str, ...]:
    from playlists.weeks.takeovers.asking import STATES, state_of

    moments = (f"{at:%Y-%m-%d %H:%M}" for at in (one.first, one.last))
    whom = "、".join((*one.towns, *one.venues))
    return (str(number), *moments, one.lesson, whom, one.by, console.tr(STATES[state_of(one, now)]))


def _document(
    known: Sequence[Takeover],
    now: datetime,
    placed: PlacedTakeover | None,
    cancelled: int | None,
) -> dict[str, Any]:
    from playlists.weeks.takeovers.asking import state_of

    entries = [
        {
            "number": number,
            "state": state_of(one, now),
            "lesson": one.lesson,
            "from": one.first.isoformat(),
            "until": one.last.isoformat(),
            "venues": list(one.venues),
            "towns": list(one.towns),
            "once": one.once,
            "by": one.by,
            "reason": one.reason,
        }
        for number, one in enumerate(known, 1)
    ]
    written = placed.number if placed else cancelled
    shown = [{"venue": venue, "showings": count} for venue, count in placed.shown.items()] if placed else []
    return {"takeovers": entries, "number": written, "shown": shown, "problems": []}
