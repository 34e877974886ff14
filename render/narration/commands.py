"""The command voice. Reads options, hands over, reports."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from courseware.errors import text
from courseware.terminal.console import Console
from courseware.terminal.options import FOLDER, JSON, WORKSPACE

_WOMAN = "zf_xiaoxiao"
MODEL = click.option(
    "--voice-model",
    "model",
    type=FOLDER,
    help="A folder with another voice model of Kokoro 1.0 (.onnx, its voices as .bin).",
)


@click.group(
    short_help="Let a voice of this computer speak, and see how it reads.",
    help="A voice for lessons that nobody has recorded: what the clips of a lesson.toml say is spoken where it names"
    " a voice. Needs “pip install yuanjiao[voice]”, or a folder with a model; nothing is downloaded.",
    epilog="Example:\n\n  yuanjiao voice say 今天讲冬剪。 -o 试听.wav",
)
def voice() -> None:
    """A group."""


@voice.command(
    "say",
    short_help="Write a sound file in which a text is said.",
    help="Say TEXT, so that you can listen to a voice or to a doubtful word.",
    epilog='Example:\n\n  yuanjiao voice say "每亩施复合肥50kg。" -o 试听.wav --voice zm_yunxi',
)
@click.argument("words", metavar="TEXT")
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), required=True, help="A .wav file.")
@click.option(
    "--voice", "name", metavar="NAME", default=_WOMAN, show_default=True, help="Who speaks; see “voice list”."
)
@click.option("--speed", type=click.FloatRange(0.5, 2), default=1.0, help="How many times as fast as usual.")
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@MODEL
@WORKSPACE
@JSON
@click.pass_obj
def say(
    console: Console,
    *,
    words: str,
    output: Path,
    name: str,
    speed: float,
    force: bool,
    model: Path | None,
    folder: Path,
    as_json: bool,
) -> None:
    """Handed over to render.narration.listening."""
    from courseware.speaking.pronunciations import pronunciations_of
    from render.narration.listening import read_aloud, say_text, speaker_of, workspace_about
    from render.narration.spoken import SpeakingWish

    workspace = workspace_about(folder)
    book = pronunciations_of(workspace.root if workspace else None)
    speaker = speaker_of(workspace, model)
    length_ms = say_text(speaker, words, output, SpeakingWish(name, speed, 0, book), force=force)
    pinyin = read_aloud(words, "", book).pinyin
    if as_json:
        console.document({"file": str(output), "length_ms": length_ms, "pinyin": pinyin})
        return
    console.say(text("{file} is written", file=output))
    console.note(text("read as: {pinyin}", pinyin=pinyin))


@voice.command(
    "list",
    short_help="Which voices there are.",
    help="List the voices: those we ship, and those of a folder of your own.",
    epilog="Example:\n\n  yuanjiao voice list",
)
@MODEL
@WORKSPACE
@JSON
@click.pass_obj
def list_voices(console: Console, *, model: Path | None, folder: Path, as_json: bool) -> None:
    """Handed over to render.narration.listening."""
    from courseware.speaking.kokoro import ABSENT
    from render.narration.listening import known_voices, workspace_about

    found = known_voices(workspace_about(folder), model)
    if as_json:
        console.document({"voices": list(found.names), "installed": found.installed})
        return
    who = {"f": text("a woman"), "m": text("a man")}
    console.table(
        [text("voice"), text("who")],
        [[name, console.tr(who[name[1:2]]) if name[1:2] in who else ""] for name in found.names],
    )
    if not found.installed and model is None:
        console.note(ABSENT)


@voice.command(
    "check",
    short_help="How each sentence of a lesson is read, in pinyin.",
    help="Show every sentence that LESSON says as the voice reads it: numbers in words, and pinyin with its tones."
    " A word that is read wrong goes into 读音.txt of the workspace, a line each: 重茬 chóng chá.",
    epilog="Example:\n\n  yuanjiao voice check prune",
)
@click.argument("name", metavar="LESSON")
@WORKSPACE
@JSON
@click.pass_obj
def check(console: Console, *, name: str, folder: Path, as_json: bool) -> None:
    """Handed over to render.narration.listening."""
    from courseware.lessons.workspace import open_workspace
    from render.narration.listening import read_lesson

    found = read_lesson(open_workspace(folder), name)
    if as_json:
        console.document({"sentences": [asdict(one) for one in found]})
        return
    console.table(
        [text("place"), text("sentence"), text("pinyin")],
        [[one.where, one.said, one.pinyin] for one in found],
    )
