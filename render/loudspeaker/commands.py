"""The commands loudspeaker and bulletin. Reads options, hands over, reports."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from courseware.errors import InputError, Problem, text
from courseware.terminal.console import Console
from courseware.terminal.options import FOLDER, JSON, WORKSPACE, Amount

if TYPE_CHECKING:
    from render.loudspeaker.workflow import Broadcast

_FILE = click.Path(path_type=Path)
_REPEAT = click.IntRange(1, 20)
_FORCE = click.option("--force", is_flag=True, help="Replace the output if it exists.")
_SPEAK = click.option("--speak", is_flag=True, help="Let the computer's voice read text; it sounds mechanical.")
_NUMBER = re.compile("[0-9]{1,5}")
_MOST_NUMBERS, _LAST_MINUTE = 3, 59


def _length_ms(_: click.Context, __: click.Parameter, given: str) -> int:
    """15:00, 1:00:00 or 900."""
    numbers = given.replace("：", ":").split(":")
    if len(numbers) > _MOST_NUMBERS or not all(map(_NUMBER.fullmatch, numbers)):
        raise InputError(Problem("--length", text("write minutes and seconds, e.g. 15:00")))
    if any(int(one) > _LAST_MINUTE for one in numbers[1:]):
        what = text(
            "“{given}”: behind the first “:” no number is above 59; write 2:15 for 75 seconds after 1:00", given=given
        )
        raise InputError(Problem("--length", what))
    seconds = 0
    for one in numbers:
        seconds = seconds * 60 + int(one)
    if not 0 < seconds <= 6 * 3600:
        raise InputError(Problem("--length", text("write minutes and seconds, e.g. 15:00")))
    return seconds * 1000


@click.command(
    short_help="Make lessons for the village loudspeaker.",
    help="Make the sound of LESSON… (ids or files; every lesson when none is named) for the loudspeaker: opening"
    " chime, lesson, closing chime, loud enough for outdoors.",
    epilog="Example:\n\n  yuanjiao loudspeaker spray --repeat 2 --pause 3 --format mp3 --format wav",
)
@click.argument("lessons", nargs=-1, metavar="[LESSON]…")
@click.option("--repeat", type=_REPEAT, default=1, show_default=True, help="How often the lesson is heard.")
@click.option("--pause", type=Amount(0, 60), default=2, show_default=True, help="Seconds between two times.")
@click.option(
    "--format",
    "formats",
    type=click.Choice(["mp3", "wav"]),
    multiple=True,
    default=("mp3",),
    show_default=True,
    help="May be given twice.",
)
@click.option("--output", "-o", type=FOLDER, help="Folder; else renditions/loudspeaker of the workspace.")
@_FORCE
@_SPEAK
@WORKSPACE
@JSON
@click.pass_obj
def loudspeaker(
    console: Console,
    *,
    lessons: tuple[str, ...],
    repeat: int,
    pause: float,
    formats: tuple[Any, ...],
    output: Path | None,
    force: bool,
    speak: bool,
    folder: Path,
    as_json: bool,
) -> None:
    """Handed over to render.loudspeaker.workflow."""
    from courseware.errors import BatchError
    from render.loudspeaker.reports import broadcast_document, tell_broadcast
    from render.loudspeaker.workflow import LessonWish, make_lessons

    wish = LessonWish(repeat, round(pause * 1000), tuple(dict.fromkeys(formats)), speak)
    results = make_lessons(lessons, folder, output, wish, console, force=force)
    if as_json:
        console.document({"made": [broadcast_document(console, one) for one in results.made]})
    else:
        for one in results.made:
            tell_broadcast(console, one)
    if results.problems:
        raise BatchError(*results.problems)


@click.command(
    short_help="String lessons and notices to one broadcast of exact length.",
    help="Make one broadcast of ITEM… (lessons, recordings, with --speak also .txt files) with chimes and pauses that"
    " lasts exactly as long as asked, and a cue sheet beside it.",
    epilog="Example:\n\n  yuanjiao bulletin --output morning.mp3 --length 15:00 spray notice.wav --music song.mp3",
)
@click.argument("items", nargs=-1, required=True, metavar="ITEM…")
@click.option("--output", "-o", type=_FILE, required=True, help="The file to write, .mp3 or .wav.")
@click.option("--length", "length_ms", required=True, callback=_length_ms, metavar="MIN:SEC", help="E.g. 15:00.")
@click.option("--repeat", type=_REPEAT, default=1, show_default=True, help="How often all items are heard.")
@click.option("--music", type=_FILE, help="Fills what is left over; else a tune of chimes, for 3 minutes at most.")
@_FORCE
@_SPEAK
@WORKSPACE
@JSON
@click.pass_obj
def bulletin(
    console: Console,
    *,
    items: tuple[str, ...],
    output: Path,
    length_ms: int,
    repeat: int,
    music: Path | None,
    force: bool,
    speak: bool,
    folder: Path,
    as_json: bool,
) -> None:
    """Handed over to render.loudspeaker.workflow."""
    from render.loudspeaker.reports import broadcast_document, tell_broadcast, tell_cues
    from render.loudspeaker.workflow import BulletinWish, make_bulletin

    wish = BulletinWish(length_ms, repeat, music, speak)
    made: Broadcast = make_bulletin(items, folder, output, wish, force=force)
    if as_json:
        console.document(broadcast_document(console, made))
        return
    tell_cues(console, made)
    tell_broadcast(console, made)
