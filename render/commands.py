"""The commands render, transcode, probe and doctor. Reads options, hands over, reports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from courseware.console import Console
from courseware.errors import ToolError

if TYPE_CHECKING:
    from render.workflow import Done

_FILE = click.Path(path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)
# Two do not disturb each other on two cores, and one finishes an LED canvas beside the other's TV.
_JOBS = 2


@click.command(
    short_help="Make the lessons for the screens.",
    help="Make LESSON… (or every lesson) for the profiles of yuanjiao.toml, or for those named. What is there"
    " already and unchanged is kept.",
    epilog="Example:\n\n  yuanjiao render --profile station-tv --profile led-512x320",
)
@click.argument("lessons", nargs=-1, metavar="[LESSON]…")
@click.option("--profile", "-p", "profiles", multiple=True, help="What to make, e.g. station-tv or led-512x320.")
@click.option("--jobs", "-j", type=click.IntRange(1, 32), default=_JOBS, show_default=True, help="How many at once.")
@click.option("--dry-run", is_flag=True, help="Only say what would be made.")
@click.option("--workspace", type=_FOLDER, default=".", help="The workspace, when it is not here.")
@click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
@click.pass_obj
def render(
    console: Console,
    *,
    lessons: tuple[str, ...],
    profiles: tuple[str, ...],
    jobs: int,
    dry_run: bool,
    workspace: Path,
    as_json: bool,
) -> None:
    """Handed over to render.workflow."""
    from render.workflow import render_workspace

    done = render_workspace(workspace, lessons, profiles, console, threads=jobs, dry_run=dry_run)
    _report(console, done, as_json=as_json)


@click.command(
    short_help="Make one video for the screens, without a workspace.",
    help="Make FILE for the profiles named, with ident, cards and subtitles, into a folder.",
    epilog="Example:\n\n  yuanjiao transcode spray.mp4 --profile led-512x320 --title 如何配制波尔多液"
    " --series 扶贫实用技术 --output out",
)
@click.argument("file", type=_FILE)
@click.option("--profile", "-p", "profiles", multiple=True, required=True, help="E.g. station-tv or led-512x320.")
@click.option("--title", required=True, help="On the cards.")
@click.option("--series", required=True, help="One of the four built-in series.")
@click.option("--form", default="微视频", show_default=True, help="One of the five built-in forms.")
@click.option("--presenter", default="", help="Who speaks.")
@click.option("--producer", default="", help="Who made it.")
@click.option("--subtitles", type=_FILE, help="An SRT, ASS or VTT file.")
@click.option("--output", "-o", type=_FOLDER, required=True, help="Folder for the finished files.")
@click.option("--jobs", "-j", type=click.IntRange(1, 32), default=_JOBS, show_default=True, help="How many at once.")
@click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
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
    jobs: int,
    as_json: bool,
) -> None:
    """Handed over to render.workflow."""
    from render.workflow import Done, order_for_file, transcode_file

    order, skipped = order_for_file(
        file, subtitles, title=title, series=series, form=form, presenter=presenter, producer=producer
    )
    outcomes = transcode_file(order, profiles, output, console, threads=jobs)
    _report(console, Done(outcomes, skipped), as_json=as_json)


@click.command(
    short_help="Say what a video is.",
    help="Say what FILE is, how long it really lasts, and whether it can be used.",
    epilog="Example:\n\n  yuanjiao probe spray.mp4",
)
@click.argument("file", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
@click.pass_obj
def probe(console: Console, *, file: Path, as_json: bool) -> None:
    """Handed over to courseware.media."""
    from courseware.media import probe as look
    from render.reports import facts_document, tell_facts

    facts = look(file)
    if as_json:
        console.document(facts_document(str(file), facts))
    else:
        tell_facts(console, file.name, facts)


@click.command(
    short_help="Check that everything needed is there.",
    help="Check ffmpeg, the fonts, the libraries and the disk, and say what to do about what is wrong.",
    epilog="Example:\n\n  yuanjiao doctor",
)
@click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
@click.pass_obj
def doctor(console: Console, *, as_json: bool) -> None:
    """Handed over to render.doctor."""
    from render.doctor import examine
    from render.reports import findings_document, tell_findings

    findings = examine(Path.cwd())
    if as_json:
        console.document(findings_document(console, findings))
    else:
        tell_findings(console, findings)
    if any(one.needed and one.remedy is not None for one in findings):
        raise click.exceptions.Exit(ToolError.exit_code)


def _report(console: Console, done: Done, *, as_json: bool) -> None:
    """Say what became of the batch and end it with the right exit code."""
    from render.batch import raise_failures
    from render.reports import outcomes_document, tell_outcomes

    if as_json:
        console.document(outcomes_document(console, done.outcomes))
    else:
        tell_outcomes(console, done.outcomes)
    console.problems(done.skipped)
    raise_failures(done.outcomes, done.broken)
