"""The command notice. Reads options, hands over, reports."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from courseware.errors import InputError, Problem, Text, text
from courseware.terminal.console import Console
from courseware.terminal.options import JSON, WORKSPACE, WRITES

if TYPE_CHECKING:
    from courseware.lessons.alert import Alert
    from courseware.lessons.rendition import Rendition
    from playlists.notices.ledger import NoticeRecord
    from playlists.notices.sending import SentNotice

HEADINGS = (
    text("Number"),
    text("Sent"),
    text("By"),
    text("From"),
    text("Until"),
    text("Venues"),
    text("State"),
    text("Words"),
)
_SHOWN = 24  # characters of a notice in the list
_FILE = click.Path(dir_okay=False, path_type=Path)
_BY = click.option(
    "--by", default="", metavar="PERSON", help="Your name, kept with the notice; else that of this computer's user."
)


class NoticeGroup(click.Group):
    """Words that are no command of the group are a notice to be sent."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put “send” where it is left out."""
        if args and args[0] not in {*self.commands, *self.get_help_option_names(ctx)}:
            args = ["send", *args]
        return super().parse_args(ctx, args)


@click.group(
    cls=NoticeGroup,
    help="Emergency notices (紧急通知): shown on the screens of the venues at once, whatever is on; the programme"
    " goes on behind them as planned. Words without a command are sent: see “yuanjiao notice send --help”.",
    short_help="Emergency notices on every screen.",
    epilog="Example:\n\n  yuanjiao notice 今晚22点起停水，请各户提前储水。 --town 江北镇 --until 22:00",
)
def notice() -> None:
    """Hold the commands below."""


@notice.command(
    "send",
    help="Make of TEXT a notice for the screen of every venue named, with a signed kit for each of their players, a"
    " page, and a message for chat groups. Copy notices/<number>/venues/<venue>/notices to the venue's stick, or into"
    " its player's folder; it interrupts within two seconds, and the programme goes on afterwards.",
    short_help="Send a notice.",
    epilog="Examples:\n\n  yuanjiao notice 今晚22点起停水，请各户提前储水。 --town 江北镇 --until 22:00\n\n"
    "  yuanjiao notice send --file 暴雨.txt --voice 暴雨.wav --all --until 明天6:00 --repeat --by 王芳",
)
@click.argument("content", metavar="[TEXT]", default="")
@click.option("--file", "source", type=_FILE, help="Take the words from this file, with all their paragraphs.")
@click.option("--title", default="", metavar="TITLE", help="Above the words; else 紧急通知.")
@click.option("--voice", type=_FILE, help="A recording in which it is read out; else a chime is heard.")
@click.option("--venues", "-v", multiple=True, metavar="NAMES", help="Ids, names, groups or kinds: square-01、站点.")
@click.option("--town", "towns", multiple=True, metavar="NAMES", help="All venues of a town.")
@click.option("--all", "every", is_flag=True, help="All venues.")
@click.option("--from", "start", default="", metavar="TIME", help="When it begins, e.g. 19:30; now when not given.")
@click.option("--until", "end", default="", metavar="TIME", help="When it ends, e.g. 20:30 or 明天6:00.")
@click.option(
    "--every",
    "minutes",
    type=click.IntRange(1, 240),
    metavar="MINUTES",
    help="From showing to showing; else 10.",
)
@click.option("--repeat", is_flag=True, help="Show it without a break.")
@_BY
@WORKSPACE
@JSON
@click.pass_context
def send_notice(
    ctx: click.Context,
    *,
    content: str,
    source: Path | None,
    title: str,
    voice: Path | None,
    venues: tuple[str, ...],
    towns: tuple[str, ...],
    every: bool,
    start: str,
    end: str,
    minutes: int | None,
    repeat: bool,
    by: str,
    folder: Path,
    as_json: bool,
) -> None:
    """Judge, make, write, tell."""
    from courseware.lessons.alert import VIDEO_MAKER
    from courseware.lessons.workspace import open_workspace
    from playlists.almanac import clock
    from playlists.county.county import load_county
    from playlists.kits.keys import own_key
    from playlists.notices.asked import NoticeWish, closed_then, ordered
    from playlists.notices.sending import send

    console: Console = ctx.obj
    workspace, key = open_workspace(folder), own_key()
    county, now = load_county(workspace), clock.now(workspace)
    words = _words(content, source)
    by = by or getpass.getuser()
    order = ordered(
        NoticeWish(words, title, voice, venues, towns, every, start, end, minutes, repeat, by), workspace, county, now
    )

    def make_videos(alert: Alert, profiles: Sequence[str], place: Path) -> tuple[Rendition, ...]:
        made: tuple[Rendition, ...] = ctx.meta[VIDEO_MAKER](alert, workspace, profiles, place, console)
        return made

    sent = send(order, workspace, key, now, make_videos)
    closed = closed_then(order, workspace, county)
    if as_json:
        console.document({**_document(sent), "closed": [venue.id for venue in closed], "problems": []})
        return
    _say_sent(console, sent)
    if closed:
        names = "、".join(venue.name for venue in closed)
        what = text("{count} venues are closed then, where it is seen only if the player runs: {names}")
        console.note(Text(what.pattern, {"count": len(closed), "names": names}))


@notice.command(
    "list",
    help="Every notice that was ever sent: when, by whom, to how many venues, and how it stands.",
    short_help="List the notices.",
    epilog="Example:\n\n  yuanjiao notice list",
)
@WORKSPACE
@JSON
@click.pass_obj
def list_notices(console: Console, *, folder: Path, as_json: bool) -> None:
    """Read the ledger, tell it."""
    from courseware.lessons.workspace import open_workspace
    from playlists.almanac import clock
    from playlists.notices.ledger import STATES, load_ledger, records_of

    workspace = open_workspace(folder)
    records, now = records_of(load_ledger(workspace.notices_dir)), clock.now(workspace)
    if as_json:
        documents = [
            {
                "state": one.state_at(now),
                "sent": one.sent.model_dump(mode="json"),
                "withdrawn": one.withdrawn.model_dump(mode="json") if one.withdrawn else None,
            }
            for one in records
        ]
        console.document({"notices": documents, "problems": []})
    elif not records:
        console.say(text("No notice was sent yet."))
    else:
        console.table(HEADINGS, [_row(one, console.tr(STATES[one.state_at(now)])) for one in records])


@notice.command(
    "withdraw",
    help="Take notice NUMBER back: in the place of its kits come such that take it off the screens, and a message for"
    " the chat groups. Copy notices/<number>/venues/<venue>/notices again, wherever the notice was copied.",
    short_help="Take a notice back.",
    epilog="Example:\n\n  yuanjiao notice withdraw 7 --reason 险情解除",
)
@click.argument("number", type=click.IntRange(1, 9999))
@click.option("--reason", default="", metavar="WORDS", help="A line that stands in the message.")
@_BY
@WRITES
@JSON
@click.pass_obj
def withdraw_notice(console: Console, *, number: int, reason: str, by: str, folder: Path, as_json: bool) -> None:
    """Judge, write, tell."""
    from courseware.lessons.workspace import open_workspace
    from playlists.almanac import clock
    from playlists.county.county import load_county
    from playlists.kits.keys import own_key
    from playlists.notices.asked import checked_line
    from playlists.notices.sending import withdraw

    workspace, key = open_workspace(folder), own_key()
    venues = load_county(workspace).venues
    who, why = checked_line(by or getpass.getuser(), "--by"), checked_line(reason, "--reason") if reason else ""
    done = withdraw(number, who, why, workspace, venues, key, clock.now(workspace))
    if as_json:
        console.document({**_document(done), "problems": []})
        return
    console.say(text("Notice {number} is withdrawn; the kits that take it off are in {folder}", **_values(done)))
    _say_papers(console, done)


def _words(content: str, source: Path | None) -> str:
    from courseware.encodings import decoded, read_bytes

    if bool(content.strip()) == bool(source):
        raise InputError(Problem("TEXT", text("write the words of the notice, or --file with a file of them")))
    return decoded(read_bytes(source), source.name)[0] if source else content


def _values(done: SentNotice) -> dict[str, Any]:
    return {"number": done.act.notice, "folder": done.folder, "venues": len(done.act.venues)}


def _say_sent(console: Console, sent: SentNotice) -> None:
    console.say(text("Notice {number}: kits for {venues} venues are in {folder}", **_values(sent)))
    for profile, seconds in sent.seconds.items():
        console.say(text("  {profile}: {seconds} seconds a showing", profile=profile, seconds=seconds))
    console.say(text("Copy venues/<venue>/notices to that venue's stick, beside 远教, or into its player's folder."))
    _say_papers(console, sent)


def _say_papers(console: Console, done: SentNotice) -> None:
    from playlists.notices.sending import MESSAGE_NAME, PAGE_NAME

    console.say(
        text("Page: {page}; message for chat groups: {message}", page=done.folder / PAGE_NAME, message=MESSAGE_NAME)
    )


def _document(done: SentNotice) -> dict[str, Any]:
    act = done.act
    return {
        "notice": act.notice,
        "act": act.act,
        "folder": done.folder.as_posix(),
        "from": act.start.isoformat(),
        "until": act.end.isoformat(),
        "venues": list(act.venues),
        "seconds": dict(done.seconds),
        "videos": act.videos,
    }


def _row(one: NoticeRecord, state: str) -> tuple[str, ...]:
    act = one.sent
    words = act.content.replace("\n", " ")
    shown = words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"
    moments = (f"{at:%m-%d %H:%M}" for at in (act.start, act.end))
    return (str(act.notice), f"{act.at:%Y-%m-%d %H:%M}", act.by, *moments, str(len(act.venues)), state, shown)
