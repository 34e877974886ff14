"""The command qc. Reads options, hands over, reports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from courseware.errors import InputError, Problem, text
from courseware.terminal.console import Console
from courseware.terminal.options import ALL, FOLDER, JSON, WORKSPACE, profile_option

if TYPE_CHECKING:
    from datetime import date, tzinfo

    from render.quality.checking import CheckedFile
    from render.quality.workflow import CheckTask

_FILE = click.Path(path_type=Path)
_JOBS = 2


@click.command(
    short_help="Check finished videos.",
    help="Check the finished videos of LESSON… (or of every lesson): black, frozen and damaged pictures, silence,"
    " loudness, peaks, length, subtitles, and the file itself. Writes a report to print and one for programs. Ends"
    " with an error when a video must be made again.",
    epilog="Examples:\n\n  yuanjiao qc\n\n  yuanjiao qc --file spray.mp4 --profile station-tv --output report",
)
@click.argument("lessons", nargs=-1, metavar="[LESSON]…")
@profile_option(
    "profiles",
    multiple=True,
    help="What to check.",
)
@click.option("--file", "-f", "files", type=_FILE, multiple=True, help="Check this file, without a workspace.")
@click.option("--output", "-o", type=FOLDER, help="Folder for the report; else “quality” in the workspace.")
@click.option("--force", is_flag=True, help="Replace a report that is there already, outside of a workspace.")
@click.option("--jobs", "-j", type=click.IntRange(1, 32), default=_JOBS, show_default=True, help="How many at once.")
@ALL
@WORKSPACE
@JSON
@click.pass_obj
def qc(
    console: Console,
    *,
    lessons: tuple[str, ...],
    profiles: tuple[str, ...],
    files: tuple[Path, ...],
    output: Path | None,
    force: bool,
    jobs: int,
    folder: Path,
    as_json: bool,
) -> None:
    """Handed over to render.quality.workflow."""
    from courseware.lessons.workspace import open_workspace
    from render.quality.seen import recall_from
    from render.quality.workflow import note_verdicts, plan_workspace

    if files:
        tasks = _file_tasks(lessons, profiles, files)
        _finish(console, tasks, output, _today(None), "", jobs=jobs, force=force, as_json=as_json)
        return
    county = open_workspace(folder)
    planned, problems = plan_workspace(county, lessons, profiles, recall_from(county.cache_dir))
    console.problems(problems)
    target = output or county.quality_dir
    day, office = _today(county.settings.zone), county.settings.office.name
    _finish(
        console,
        planned,
        target,
        day,
        office,
        jobs=jobs,
        force=force,
        as_json=as_json,
        note=partial(note_verdicts, county, planned),
    )


def _file_tasks(
    lessons: tuple[str, ...], profiles: tuple[str, ...], files: tuple[Path, ...]
) -> tuple[CheckTask, ...]:
    from render.plan.profiles import profile_named
    from render.quality.workflow import plan_files

    if lessons:
        raise InputError(Problem("--file", text("name either files or lessons, not both")))
    if len(profiles) > 1:
        raise InputError(Problem("--profile", text("a file was made for one profile; name only that")))
    return plan_files(files, profile_named(profiles[0], "--profile") if profiles else None)


def _finish(
    console: Console,
    tasks: tuple[CheckTask, ...],
    target: Path | None,
    day: date,
    office: str,
    *,
    jobs: int,
    force: bool,
    as_json: bool,
    note: Callable[[Sequence[CheckedFile]], None] = lambda _checked: None,
) -> None:
    from courseware.lessons.workspace import root_around
    from courseware.storage.outputs import refuse_clashes, refuse_existing
    from render.quality.report import report_document, report_files, write_report
    from render.quality.telling import tell
    from render.quality.workflow import check_all

    outputs = report_files(target) if target else ()
    refuse_clashes(outputs, [task.path for task in tasks])
    if target and not force and root_around(target) is None:
        refuse_existing(outputs)
    checked = check_all(tasks, console, threads=jobs)
    note(checked)
    kept = write_report(checked, target, day, office) if target and checked else ()
    console.problems(kept)
    if as_json:
        console.document(report_document(checked, console.tr))
    else:
        tell(console, checked, outputs[-1] if outputs and checked else None)
    if any(one.verdict == "bad" for one in checked):
        raise click.exceptions.Exit(1)


def _today(zone: tzinfo | None) -> date:
    from datetime import datetime

    return datetime.now(zone).date() if zone else datetime.now().astimezone().date()
