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
@click.option("--output", "-o", type=_FILE, required=True, help="The file to write; its suffix names the format.")
@click.option("--force", is_flag=True, help="Replace the output if it exists.")
@JSON
@click.pass_obj
def subtitle_shift(console: Console, *, file: Path, by: str, output: Path, force: bool, as_json: bool) -> None:
    """Handed over to render.subtitles.convert."""
    from courseware.times import parse_shift
    from render.subtitles.convert import converted_document, shift, tell_converted

    by_ms = parse_shift(by)
    if by_ms is None:
        what = text("“{value}” is no time; write it as -1:00:00, 0:02.5 or -2.5 (seconds)", value=by)
        raise InputError(Problem("--by", what))
    done = shift(file, output, by_ms, force=force)
    if as_json:
        console.document(converted_document(console, output, "utf-8", done))
    else:
        tell_converted(console, output, done)


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
