"""The command player. Reads options, hands over, reports."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from courseware.errors import BatchError, Problem, Text, ToolError, text
from courseware.terminal.console import Console
from courseware.terminal.options import JSON

if TYPE_CHECKING:
    from playlists.kits.moments import OnScreen
    from playlists.kits.plan import KitPlan
    from playlists.kits.verifying import Verified


@click.group(
    help="The player for PCs: mpv with a script of ours, on every kit.",
    short_help="The player for PCs.",
    epilog="Example:\n\n  yuanjiao player check E:\\",
)
def player() -> None:
    """Hold the commands below."""


@player.command(
    "check",
    help="Say what a player would show from this kit, now or at a moment, and whether it can: is the kit whole and"
    " signed by a trusted key, is the clock believed, is mpv there.",
    short_help="What would play, and can it?",
    epilog="Examples:\n\n  yuanjiao player check E:\\\n\n"
    "  yuanjiao player check kits/square-01 --at 2026-11-30T18:31:00",
)
@click.argument("directory", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--at",
    metavar="TIME",
    default="",
    help="A moment, like 2026-11-30T18:31:00, by the clock of the place; now when not given.",
)
@JSON
@click.pass_obj
def check(console: Console, *, directory: Path, at: str, as_json: bool) -> None:
    """Verify, look, report; fails when a player should not take it or cannot play it."""
    from courseware.documents import said
    from courseware.storage.keys_folder import keys_folder
    from playlists.almanac import clock
    from playlists.kits.keys import trusted_keys
    from playlists.kits.moments import moment_of
    from playlists.kits.verifying import verify_kit

    verified = verify_kit(directory, trusted_keys(keys_folder()), clock.here())
    version, missing = _mpv()
    problems = (*verified.problems, *missing)
    when = _moment(verified.plan, at) if verified.plan else None
    found = moment_of(verified.plan, when) if verified.plan and when else None
    if as_json:
        document = _document(verified, found, when, version) | {"problems": said(problems, console.tr)}
        console.document(document)
    elif verified.plan and found and when:
        for sentence in _sentences(verified.plan, found, when):
            console.say(sentence)
        console.say(text("The player is {version}", version=version) if version else text("There is no player here."))
    if problems:
        raise BatchError(*problems)


def _mpv() -> tuple[str, tuple[Problem, ...]]:
    from playlists.kits.mpv import find_mpv

    try:
        return find_mpv().version, ()
    except ToolError as error:
        return "", error.problems


def _moment(plan: KitPlan, at: str) -> datetime:
    from zoneinfo import ZoneInfo

    from playlists.almanac import clock
    from playlists.almanac.typed import moment_typed

    zone, now = ZoneInfo(plan.zone), clock.here()
    return moment_typed(at, now.astimezone(zone).date(), "--at").replace(tzinfo=zone) if at else now.astimezone(zone)


_CLOCKS = {
    "before-built": text("the clock would not be believed: the kit was built later; the safe loop plays"),
    "outside": text("outside the kit's weeks; the safe loop plays"),
}


def _sentences(plan: KitPlan, found: OnScreen, when: datetime) -> list[Text]:
    said = [text("{when}: {what}", when=f"{when:%Y-%m-%d %H:%M:%S}", what=_what(plan, found))]
    if found.following:
        start = f"{found.following.start:%Y-%m-%d %H:%M:%S}"
        said.append(text("Next, at {start}: {title}", start=start, title=found.following.title))
    return said


def _what(plan: KitPlan, found: OnScreen) -> Text:
    if found.clock:
        return _CLOCKS[found.clock]
    slot = found.slot
    if slot and slot.file:
        seconds, passed = slot.seconds, found.passed
        return text("{title}, second {passed} of {seconds}", title=slot.title, passed=passed, seconds=seconds)
    if slot:
        return text("a card in silence: {title}, until {end}", title=slot.title, end=_end(plan, slot.end_s))
    if found.window or plan.idle == "card":
        return text("the card with clock, venue and next programme")
    return text("a black screen: the venue is closed")


def _end(plan: KitPlan, second: int) -> str:
    from zoneinfo import ZoneInfo

    return f"{datetime.fromtimestamp(second, ZoneInfo(plan.zone)):%H:%M}"


def _document(verified: Verified, found: OnScreen | None, when: datetime | None, version: str) -> dict[str, Any]:
    slot = found.slot if found else None
    return {
        "good": verified.is_good,
        "kit": verified.plan.kit if verified.plan else None,
        "revision": verified.plan.revision if verified.plan else None,
        "at": when.isoformat() if when else None,
        "clock": found.clock if found else None,
        "slot": slot.id if slot else None,
        "title": slot.title if slot else None,
        "passed_s": found.passed if slot and found else None,
        "file": slot.file if slot else None,
        "next": found.following.id if found and found.following else None,
        "mpv": version or None,
    }
