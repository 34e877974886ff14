"""The commands render, transcode, probe, doctor and subtitle. Reads options, hands over, reports."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from courseware.errors import InputError, Problem, ToolError, text
from courseware.terminal.console import Console
from courseware.terminal.options import FOLDER, JSON, ON, WORKSPACE, moment_option, profile_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from render.making.workflow import BatchResult
    from render.quality.checking import CheckedFile

_FILE = click.Path(path_type=Path)
_JOBS = click.option("--jobs", "-j", type=click.IntRange(1, 64), help="How many pieces at once.")
_SALVAGE = click.option("--salvage", is_flag=True, help="Make what is readable of a video that breaks off.")
_NICE = click.option("--nice", is_flag=True, help="Give other programs the computer first.")


def _size(_: click.Context, __: click.Parameter, given: str) -> int:
    """Bytes of "500MB" or "20 GB"."""
    found = re.fullmatch(r"(\d{1,9}(?:\.\d{1,6})?)\s*([kmgt]?)b?", given.strip(), re.ASCII | re.IGNORECASE)
    if found is None:
        raise InputError(Problem("--max-size", text("write it like 500MB or 1.5GB")))
    return int(Decimal(found[1]) * 1000 ** " kmgt".index(found[2].lower() or " "))


@click.command(
    short_help="Make the lessons for the screens.",
    help="Make LESSON… (or every lesson) for the profiles of yuanjiao.toml, or for those named. What is there"
    " already and unchanged is kept.",
    epilog="Examples:\n\n  yuanjiao render --profile station-tv --profile led-512x320\n\n  yuanjiao render --verify"
    "\n\n  yuanjiao render grapes --proxy\n\n  yuanjiao render --on tls://office-pc:8786",
)
@click.argument("lessons", nargs=-1, metavar="[LESSON]…")
@profile_option(
    "profiles",
    multiple=True,
    help="What to make.",
)
@_JOBS
@click.option("--dry-run", is_flag=True, help="Show what would be made; make nothing.")
@click.option("--explain", is_flag=True, help="Show what would be made, and why; make nothing.")
@click.option("--verify", is_flag=True, help="Read every finished file whole; make again what the disk has damaged.")
@ON
@click.option("--proxy", is_flag=True, help="Make it small and quickly, to look at it: proxies/LESSON.mp4.")
@_SALVAGE
@_NICE
@WORKSPACE
@JSON
@click.pass_obj
def render(
    console: Console,
    *,
    lessons: tuple[str, ...],
    profiles: tuple[str, ...],
    jobs: int | None,
    dry_run: bool,
    explain: bool,
    verify: bool,
    proxy: bool,
    salvage: bool,
    nice: bool,
    farm: str | None,
    folder: Path,
    as_json: bool,
) -> None:
    """Handed over to render.making.workflow."""
    from render.making.proxies import render_proxies
    from render.making.workflow import Asked, check_made, render_workspace
    from render.work.machine import lower_priority, workers

    lower_priority(nice)
    asked = Asked(jobs or workers(), dry_run=dry_run or explain, salvage=salvage, verify=verify, farm=farm or "")
    if proxy:
        if profiles:
            raise InputError(Problem("--profile", text("--proxy has a picture of its own; leave out one of the two")))
        if farm:
            raise InputError(Problem("--on", text("proxies are made on this computer alone; leave out --on")))
        _report(console, render_proxies(folder, lessons, console, asked), (), as_json=as_json, explain=explain)
        return
    done = render_workspace(folder, lessons, profiles, console, asked)
    checked = check_made(folder, done, console) if any(one.state == "made" for one in done.outcomes) else ()
    _report(console, done, checked, as_json=as_json, explain=explain)


@click.command(
    short_help="Make one video for the screens, without a workspace.",
    help="Make FILE for the profiles named, with ident, cards and subtitles, into a folder.",
    epilog="Example:\n\n  yuanjiao transcode spray.mp4 --profile led-512x320 --title 如何配制波尔多液"
    " --series 乡村振兴之路 --output out",
)
@click.argument("file", type=_FILE)
@profile_option(
    "profiles",
    multiple=True,
    required=True,
    help="What to make.",
)
@click.option("--title", metavar="TITLE", required=True, help="On the cards.")
@click.option(
    "--series",
    metavar="SERIES",
    required=True,
    help="The series, e.g. 乡村振兴之路, or one of the workspace.",
)
@click.option("--form", metavar="FORM", default="微视频", show_default=True, help="The form.")
@click.option("--presenter", metavar="PERSON", default="", help="Who speaks.")
@click.option("--producer", metavar="NAME", default="", help="Who made it.")
@click.option("--subtitles", type=_FILE, help="An SRT, ASS or VTT file.")
@click.option("--output", "-o", type=FOLDER, required=True, help="Folder for the finished files.")
@click.option("--force", is_flag=True, help="Replace the output if it exists.")
@_JOBS
@_SALVAGE
@_NICE
@JSON
@click.pass_obj
def transcode(
    console: Console,
    *,
    file: Path,
    profiles: tuple[str, ...],
    title: str,
    series: str,
    form: str,
    presenter: str,
    producer: str,
    subtitles: Path | None,
    output: Path,
    force: bool,
    jobs: int | None,
    salvage: bool,
    nice: bool,
    as_json: bool,
) -> None:
    """Handed over to render.making.workflow."""
    from courseware.lessons.workspace import settings_around
    from render.making.workflow import Asked, BatchResult, order_for_file, transcode_file
    from render.work.machine import lower_priority, workers

    lower_priority(nice)
    order, skipped = order_for_file(
        file,
        subtitles,
        settings_around(Path.cwd()),
        title=title,
        series=series,
        form=form,
        presenter=presenter,
        producer=producer,
    )
    asked = Asked(jobs or workers(), salvage=salvage)
    outcomes, checked = transcode_file(order, profiles, output, console, asked, subtitles, force=force)
    _report(console, BatchResult(outcomes, skipped), checked, as_json=as_json)


@click.command(
    short_help="Draw a moment of a lesson before it is rendered.",
    help="Draw what LESSON will show at a moment on a screen, ident and cards counted in, as a PNG; with --sheet its"
    " cards and longest subtitles on all its screens. Nothing is rendered for it.",
    epilog="Examples:\n\n  yuanjiao frame prune --at 0:42 --profile led-320x160 -o prune.png\n\n"
    "  yuanjiao frame prune --sheet -o prune.png",
)
@click.argument("lesson", metavar="LESSON")
@moment_option("The moment, e.g. 0:42.")
@click.option(
    "--profile",
    "-p",
    "profiles",
    metavar="PROFILE",
    multiple=True,
    help="The screen; with --sheet all of them, else one.",
)
@click.option("--sheet", is_flag=True, help="A contact sheet of all screens.")
@click.option("--output", "-o", type=_FILE, required=True, help="The picture, a .png file.")
@click.option("--force", is_flag=True, help="Replace the picture if it exists.")
@WORKSPACE
@JSON
@click.pass_obj
def frame(
    console: Console,
    *,
    lesson: str,
    at_ms: int | None,
    profiles: tuple[str, ...],
    sheet: bool,
    output: Path,
    force: bool,
    folder: Path,
    as_json: bool,
) -> None:
    """Handed over to render.making.preview."""
    from render.making.preview import PreviewAsked, draw_preview

    if sheet == (at_ms is not None):
        raise InputError(Problem("frame", text("give either --at with a moment, e.g. --at 0:42, or --sheet")))
    skipped = draw_preview(folder, PreviewAsked(lesson, profiles, output, at_ms, force=force))
    if as_json:
        console.document({"file": str(output)})
    else:
        console.say(text("{file} is written", file=output))
    console.problems(skipped)


@click.command(
    short_help="Say what a video or picture is.",
    help="Say what FILE is, video or picture, how long it is, whether it can be used, and what will be done to it.",
    epilog="Example:\n\n  yuanjiao probe spray.mp4",
)
@click.argument("file", type=_FILE)
@profile_option(
    default="station-tv",
    show_default=True,
    help="What it would be made for.",
)
@click.option("--audio", type=click.IntRange(1, 99), help="The sound track to take, counted from 1.")
@click.option("--salvage", is_flag=True, help="Look at what is readable of a video that breaks off.")
@JSON
@click.pass_obj
def probe(console: Console, *, file: Path, profile: str, audio: int | None, salvage: bool, as_json: bool) -> None:
    """Handed over to courseware.media.facts, a picture to render.source.picture_report."""
    from courseware.lessons.lesson_files import is_footage
    from courseware.media.facts import probe as look
    from render.plan.profiles import profile_named
    from render.source.picture_report import picture_document, picture_facts, tell_picture
    from render.source.source_report import facts_document, tell_facts

    screen = profile_named(profile, "--profile")
    if is_footage(file):
        picture = picture_facts(file)
        if as_json:
            console.document(picture_document(console, str(file), picture, screen))
        else:
            tell_picture(console, file.name, picture, screen)
        return
    facts = look(file, audio=audio, salvage=salvage)
    if as_json:
        console.document(facts_document(console, str(file), facts, screen))
    else:
        tell_facts(console, file.name, facts, screen)


@click.command(
    short_help="Check that everything needed is there.",
    help="Check ffmpeg, the fonts, the libraries and the disk, and say what to do about what is wrong.",
    epilog="Example:\n\n  yuanjiao doctor",
)
@JSON
@click.pass_obj
def doctor(console: Console, *, as_json: bool) -> None:
    """Handed over to render.making.doctor."""
    from render.making.doctor import examine
    from render.making.reports import findings_document, tell_findings

    findings = examine(Path.cwd())
    if as_json:
        console.document(findings_document(console, findings))
    else:
        tell_findings(console, findings)
    if any(one.needed and one.remedy is not None for one in findings):
        raise click.exceptions.Exit(ToolError.exit_code)


@click.group(
    short_help="What is kept of earlier renders.",
    help="Pieces of earlier renders are kept so that a change costs only what it changes. They can be removed at any"
    " time; what is needed again is made again.",
    epilog="Example:\n\n  yuanjiao store stat",
)
def store() -> None:
    """Group of the store commands."""


@store.command(
    "stat",
    short_help="Say how much room the store takes.",
    help="Say how much room the pieces of earlier renders take, by kind.",
    epilog="Example:\n\n  yuanjiao store stat",
)
@WORKSPACE
@JSON
@click.pass_obj
def store_stat(console: Console, *, folder: Path, as_json: bool) -> None:
    """Handed over to render.work.store."""
    from render.making.reports import tell_usage, usage_document
    from render.making.workflow import store_of

    usage = store_of(folder).usage()
    if as_json:
        console.document(usage_document(usage))
    else:
        tell_usage(console, usage)


@store.command(
    "gc",
    short_help="Remove what was not used for long.",
    help="Remove the pieces that were not used for the longest time, until the rest takes at most so much room.",
    epilog="Example:\n\n  yuanjiao store gc --max-size 20GB",
)
@click.option(
    "--max-size", metavar="SIZE", required=True, callback=_size, help="E.g. 500MB or 20GB; 0 removes everything."
)
@WORKSPACE
@JSON
@click.pass_obj
def store_gc(console: Console, *, max_size: int, folder: Path, as_json: bool) -> None:
    """Handed over to render.making.workflow."""
    from render.making.reports import collected_document, tell_collected
    from render.making.workflow import collect

    done = collect(folder, max_size)
    if as_json:
        console.document(collected_document(done))
    else:
        tell_collected(console, done)


def _report(
    console: Console, done: BatchResult, checked: Sequence[CheckedFile] = (), *, as_json: bool, explain: bool = False
) -> None:
    """Say what became of the batch and end it with the right exit code."""
    from render.making.batch import raise_failures
    from render.making.reports import outcomes_document, tell_findings_of, tell_outcomes

    if as_json:
        console.document(outcomes_document(console, done.outcomes, checked))
    else:
        tell_outcomes(console, done.outcomes, explain=explain)
        tell_findings_of(console, checked)
    console.problems(done.skipped)
    raise_failures(done.outcomes, done.broken)
