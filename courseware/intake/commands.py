"""The command that brings a list of lessons into a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from courseware.documents import said
from courseware.errors import BatchError, text
from courseware.terminal.console import Console
from courseware.terminal.options import FOLDER, JSON, WRITES

if TYPE_CHECKING:
    from courseware.intake.intake import Intake
    from courseware.intake.sheet import LessonSheet


@click.command(
    help="Make or update lesson folders from SHEET, a list of lessons (课件目录) as .xlsx or .csv. "
    "What a person changed in a lesson stays.",
    short_help="Make or update lessons from a spreadsheet.",
    epilog="Example:\n\n  yuanjiao import 课件目录.xlsx --media D:\\视频",
)
@click.argument("sheet", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--media", type=FOLDER, help="Folder of the raw videos and subtitles; else the sheet's own.")
@WRITES
@click.option("--overwrite", is_flag=True, help="Take the sheet's value where a person changed the same one.")
@click.option("--dry-run", is_flag=True, help="Show what would change; write nothing.")
@JSON
@click.pass_obj
def import_sheet(
    console: Console,
    sheet: Path,
    media: Path | None,
    folder: Path,
    overwrite: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Plan, carry out, report; fails when any row failed, after all others are made."""
    from courseware.intake.importing import carry_out_import, plan_import
    from courseware.lessons.workspace import open_workspace

    rows, intake = plan_import(open_workspace(folder), sheet, media, overwrite=overwrite)
    if not dry_run:
        intake = carry_out_import(intake, console)
    if as_json:
        console.document(_document(rows, intake, console, dry_run=dry_run))
    else:
        _say(console, rows, intake, dry_run=dry_run)
    if intake.problems:
        raise BatchError(*intake.problems)


def _document(sheet: LessonSheet, intake: Intake, console: Console, *, dry_run: bool) -> dict[str, Any]:
    return {
        "sheet": sheet.name,
        "dry_run": dry_run,
        "new": list(intake.ids("new")),
        "updated": {change.id: list(change.keys) for change in intake.changes if change.kind == "updated"},
        "unchanged": list(intake.ids("unchanged")),
        "kept": {change.id: list(change.kept) for change in intake.changes if change.kept},
        "conflicts": said(intake.conflicts, console.tr),
        "remarks": said(intake.remarks, console.tr),
        "problems": said(intake.problems, console.tr),
        "unused_columns": list(sheet.unused),
    }


def _say(console: Console, sheet: LessonSheet, intake: Intake, *, dry_run: bool) -> None:
    for change in intake.changes:
        if change.kind == "new":
            console.say(text("new: {id}", id=change.id))
        elif change.kind == "updated":
            keys = "、".join(change.keys or [copy.name for copy in change.copies])
            console.say(text("updated: {id} ({keys})", id=change.id, keys=keys))
        if change.kept:
            console.note(text("{id}: changed by hand, kept: {keys}", id=change.id, keys="、".join(change.kept)))
    if sheet.unused:
        console.note(text("columns not used: {names}", names="、".join(sheet.unused)))
    console.problems(intake.conflicts)
    console.problems(intake.remarks)
    summary = text(
        "{new} new, {updated} updated, {unchanged} unchanged, {conflicts} conflicts, {problems} problems",
        **{kind: len(intake.ids(kind)) for kind in ("new", "updated", "unchanged")},
        conflicts=len(intake.conflicts),
        problems=len(intake.problems),
    )
    console.say(summary)
    if dry_run:
        console.note(text("Nothing was written: this was a dry run."))
