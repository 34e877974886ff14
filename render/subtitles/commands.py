"""The commands for subtitle files; each hands over to a module that knows nothing of the command line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from courseware.errors import InputError, Problem, text
from courseware.terminal.console import Console
from courseware.terminal.options import FOLDER, JSON, WORKSPACE, Amount, NamesCommand, NamesOption, profile_option

if TYPE_CHECKING:
    from courseware.subtitles.cue import Place
    from render.subtitles.convert import Converted

_FILE = click.Path(path_type=Path)
_ONE_FILE = click.Path(dir_okay=False, path_type=Path)
_MEASURE = Amount(0.1, 1000)
_PIXELS = click.IntRange(0, 2000)


@click.group(
    short_help="Check, convert and set subtitles.",
    help="Check, convert and set subtitles: SRT, ASS, text with times and others, in any usual encoding.",
    epilog="Example:\n\n  yuanjiao subtitle check spray.srt --profile led-512x320",
)
def subtitle() -> None:
    """Group of the subtitle commands."""


@subtitle.command(
    "align",
    help="Time a script to its recording: subtitles from the text and the sound, without a network. Name a recording "
    "and its script, or LESSONs of the workspace that have a script.docx, script.txt or script.md. Subtitles that a "
    "person changed stay; new ones are then written beside them.",
    short_help="Time a script to its recording.",
    epilog="Example:\n\n  yuanjiao subtitle align --audio 讲解.mp4 --script 文稿.docx --output 讲解.srt\n\n"
    "  yuanjiao subtitle align 茶园春管 --report 核对.html",
)
@click.argument("lessons", nargs=-1, metavar="[LESSON]…")
@click.option("--audio", type=_ONE_FILE, help="The recording: any video or sound file.")
@click.option("--script", type=_ONE_FILE, help="The script: .docx, .txt or .md.")
@click.option("--output", type=_ONE_FILE, help="The subtitles to write; else beside the recording.")
@click.option(
    "--json",
    "json_path",
    type=_ONE_FILE,
    is_flag=False,
    flag_value=Path("-"),
    help="Report as JSON, to a file if one is named.",
)
@click.option("--report", "page_path", type=_ONE_FILE, help="A page to check the times on, with waveform and player.")
@click.option("--force", is_flag=True, help="Write a draft even if the script hardly fits the recording.")
@click.option("--model", type=FOLDER, help="Without a script: draft one with the speech model in this folder.")
@WORKSPACE
@click.pass_obj
def align(console: Console, /, **asked: Any) -> None:  # noqa: ANN401  (what the options above give)
    """Handed over to render.subtitles.align."""
    from render.subtitles.align import AlignmentWish, align_scripts

    align_scripts(console, AlignmentWish(**asked))


@subtitle.command(
    "check",
    short_help="Say what is wrong with subtitles.",
    help="Check FILE: reading speed, lengths, gaps, overlaps, characters that cannot be drawn, punctuation. Ends with"
    " an error when something must be changed.",
    epilog="Example:\n\n  yuanjiao subtitle check spray.srt --profile led-512x320 --video spray.mp4 --fix",
)
@click.argument("file", type=_FILE)
@profile_option(help="The screen they are for.")
@click.option("--video", type=_FILE, help="The video they belong to; subtitles beyond its end are found.")
@click.option("--fix", is_flag=True, help="Repair what is safe; the file as it was is kept beside it.")
@JSON
@click.pass_obj
def subtitle_check(
    console: Console, *, file: Path, profile: str | None, video: Path | None, fix: bool, as_json: bool
) -> None:
    """Handed over to render.subtitles.check."""
    from courseware.lessons.dictionary import nearby_words
    from courseware.media.facts import probe as look
    from render.plan.profiles import profile_named
    from render.subtitles.check import check_file, document, tell

    screen = profile_named(profile, "--profile") if profile else None
    video_ms = look(video).duration_ms if video else None
    checked = check_file(file, screen, video_ms, fix=fix, words=nearby_words(file.parent))
    if as_json:
        console.document(document(console, checked, screen))
    else:
        tell(console, checked)
    if checked.count("error"):
        raise click.exceptions.Exit(1)


def _encodings() -> Iterable[str]:
    from courseware.encodings import WRITABLE

    return WRITABLE


def _suffixes() -> Iterable[str]:
    from courseware.subtitles.formats import written_suffixes

    return written_suffixes()


@subtitle.command(
    "convert",
    cls=NamesCommand,
    names=_suffixes,
    short_help="Write subtitles in another format.",
    help="Write SOURCE as TARGET, in the format that the suffix names:",
    epilog="Example:\n\n  yuanjiao subtitle convert spray.ass spray.srt --encoding gb18030",
)
@click.argument("source", type=_FILE)
@click.argument("target", type=_FILE)
@click.option(
    "--encoding",
    metavar="ENCODING",
    cls=NamesOption,
    names=_encodings,
    default="utf-8",
    show_default=True,
    help="Of the new file.",
)
@click.option("--force", is_flag=True, help="Replace TARGET if it exists.")
@JSON
@click.pass_obj
def subtitle_convert(
    console: Console, *, source: Path, target: Path, encoding: str, force: bool, as_json: bool
) -> None:
    """Handed over to render.subtitles.convert."""
    from render.subtitles.convert import convert, converted_document, tell_converted

    done = convert(source, target, encoding, force=force)
    if as_json:
        console.document(converted_document(console, target, encoding, done))
    else:
        tell_converted(console, target, done)


_OUTPUT = click.option(
    "--output", "-o", type=_FILE, required=True, help="The file to write; its suffix names the format."
)
_FORCE = click.option("--force", is_flag=True, help="Replace the output if it exists.")


def _moment(said: str, where: str) -> int:
    """Milliseconds of a time that may be negative.

    Raises:
        InputError: it is no time.
    """
    from courseware.times import parse_shift

    found = parse_shift(said)
    if found is None:
        what = text("“{value}” is no time; write it as -1:00:00, 0:02.5 or -2.5 (seconds)", value=said)
        raise InputError(Problem(where, what))
    return found


def _tell(console: Console, target: Path, done: Converted, *, as_json: bool) -> None:
    from render.subtitles.convert import converted_document, tell_converted

    if as_json:
        console.document(converted_document(console, target, "utf-8", done))
    else:
        tell_converted(console, target, done)


@subtitle.command(
    "shift",
    short_help="Move subtitles earlier or later.",
    help="Write FILE with all its times moved: by minus one hour where a recorder's clock began at one o'clock.",
    epilog="Example:\n\n  yuanjiao subtitle shift spray.srt --by -1:00:00 -o spray.moved.srt",
)
@click.argument("file", type=_FILE)
@click.option(
    "--by",
    metavar="TIME",
    required=True,
    help="How much later, as 0:02.5 or in seconds; earlier with a minus before it.",
)
@_OUTPUT
@_FORCE
@JSON
@click.pass_obj
def subtitle_shift(console: Console, *, file: Path, by: str, output: Path, force: bool, as_json: bool) -> None:
    """Handed over to render.subtitles.timing."""
    from render.subtitles.timing import shift

    _tell(console, output, shift(file, output, _moment(by, "--by"), force=force), as_json=as_json)


@subtitle.command(
    "stretch",
    short_help="Let subtitles keep pace with the video.",
    help="Write FILE with its times stretched: by two moments and where the same is heard in the video (--first,"
    " --last), or by two frame rates (--rate) where it was made for another.",
    epilog="Examples:\n\n  yuanjiao subtitle stretch a.srt --first 0:05=0:06.2 --last 20:00=20:31 -o b.srt\n\n"
    "  yuanjiao subtitle stretch a.srt --rate 25/23.976 -o b.srt",
)
@click.argument("file", type=_FILE)
@click.option("--first", metavar="PAIR", default="", help="An early moment in FILE and in the video, as 0:05=0:06.2.")
@click.option("--last", metavar="PAIR", default="", help="A late one.")
@click.option("--rate", metavar="RATES", default="", help="Frame rates: made for, and of the video, as 25/23.976.")
@_OUTPUT
@_FORCE
@JSON
@click.pass_obj
def subtitle_stretch(
    console: Console, *, file: Path, first: str, last: str, rate: str, output: Path, force: bool, as_json: bool
) -> None:
    """Handed over to render.subtitles.timing."""
    from render.subtitles.timing import map_of, rate_map, retime

    if bool(rate) == bool(first or last) or bool(first) != bool(last):
        raise InputError(Problem("subtitle stretch", text("give --first and --last, or --rate alone")))
    by = rate_map(rate) if rate else map_of(first, last)
    _tell(console, output, retime(file, output, by, force=force), as_json=as_json)


@subtitle.command(
    "merge",
    short_help="Make one subtitle file of several.",
    help="Write FILES as one, in the order of time: the first from 0:00 on, each further one from its --at on.",
    epilog="Example:\n\n  yuanjiao subtitle merge part1.srt part2.srt --at 12:30 -o whole.srt",
)
@click.argument("files", nargs=-1, required=True, type=_FILE)
@click.option("--at", "starts", metavar="TIME", multiple=True, help="When the next file begins.")
@_OUTPUT
@_FORCE
@JSON
@click.pass_obj
def subtitle_merge(
    console: Console, *, files: tuple[Path, ...], starts: tuple[str, ...], output: Path, force: bool, as_json: bool
) -> None:
    """Handed over to render.subtitles.timing."""
    from render.subtitles.timing import merge

    if len(starts) != len(files) - 1:
        what = text(
            "{files} files need {count} × --at; say when each but the first begins",
            files=len(files),
            count=len(files) - 1,
        )
        raise InputError(Problem("--at", what))
    moments = [0, *(_moment(start, "--at") for start in starts)]
    _tell(console, output, merge(list(zip(files, moments, strict=True)), output, force=force), as_json=as_json)


@subtitle.command(
    "split",
    short_help="Divide a subtitle file.",
    help="Write FILE as several, divided at moments; each is counted from its own beginning. A subtitle over a border"
    " goes where most of it is shown.",
    epilog="Example:\n\n  yuanjiao subtitle split whole.srt --at 12:30 -o part1.srt -o part2.srt",
)
@click.argument("file", type=_FILE)
@click.option("--at", "borders", metavar="TIME", multiple=True, required=True, help="A moment between two parts.")
@click.option(
    "--output", "-o", "outputs", type=_FILE, multiple=True, required=True, help="The files, one for each part."
)
@_FORCE
@JSON
@click.pass_obj
def subtitle_split(
    console: Console, *, file: Path, borders: tuple[str, ...], outputs: tuple[Path, ...], force: bool, as_json: bool
) -> None:
    """Handed over to render.subtitles.timing."""
    from render.subtitles.convert import converted_document, tell_converted
    from render.subtitles.timing import split

    done = split(file, [_moment(border, "--at") for border in borders], outputs, force=force)
    if as_json:
        parts = [converted_document(console, path, "utf-8", part) for path, part in zip(outputs, done, strict=True)]
        console.document({"parts": parts})
        return
    for path, part in zip(outputs, done, strict=True):
        tell_converted(console, path, part)


def _looks() -> Iterable[str]:
    from templates.captions import LOOKS

    return LOOKS


@subtitle.command(
    "typeset",
    short_help="Set subtitles for a screen, as ASS.",
    help="Break the lines of FILE for a screen and write what rendering would burn in, as an ASS file.",
    epilog="Example:\n\n  yuanjiao subtitle typeset spray.srt --profile led-512x320 --distance 30 --pitch 6"
    " --output spray.ass",
)
@click.argument("file", type=_FILE)
@profile_option(
    required=True,
    help="The screen they are for.",
)
@click.option("--output", "-o", type=_FILE, required=True, help="The ASS file to write.")
@click.option("--distance", type=_MEASURE, help="Metres from the screen to the farthest viewer.")
@click.option("--pitch", type=_MEASURE, help="Millimetres from pixel to pixel, e.g. 6 for P6.")
@click.option("--place", type=click.Choice(["top", "bottom"]), help="Where all of them go; else as the file says.")
@click.option("--look", metavar="LOOK", cls=NamesOption, names=_looks, default="outline", help="How they are drawn.")
@click.option("--box", "look", flag_value="box", help="The same as --look box.")
@click.option("--clear-top", type=_PIXELS, default=0, help="Pixels kept free at the top, e.g. for a logo.")
@click.option("--clear-bottom", type=_PIXELS, default=0, help="Pixels kept free at the bottom, e.g. for a clock.")
@click.option("--dictionary", type=_FILE, help="Words no line may break; else dictionary.txt of the workspace.")
@click.option("--force", is_flag=True, help="Replace the output if it exists.")
@JSON
@click.pass_obj
def subtitle_typeset(
    console: Console,
    *,
    file: Path,
    profile: str,
    output: Path,
    dictionary: Path | None,
    force: bool,
    as_json: bool,
    distance: float | None,
    pitch: float | None,
    place: Place | None,
    look: str,
    clear_top: int,
    clear_bottom: int,
) -> None:
    """Handed over to render.subtitles.convert."""
    from courseware.lessons.dictionary import load_words, nearby_words
    from courseware.storage.outputs import refuse_clashes
    from render.plan.profiles import profile_named
    from render.subtitles.convert import SubtitleSetting, tell_typeset, typeset_document, typeset_file

    if (distance is None) != (pitch is None):
        raise InputError(Problem("--distance", text("--distance and --pitch belong together")))
    refuse_clashes([output], [dictionary] if dictionary else [])
    words = load_words(dictionary) if dictionary else nearby_words(file.parent)
    setting = SubtitleSetting(distance, pitch, place, look, clear_top, clear_bottom, words)
    done = typeset_file(file, output, profile_named(profile, "--profile"), setting, force=force)
    if as_json:
        console.document(typeset_document(console, output, done))
    else:
        tell_typeset(console, output, done)
