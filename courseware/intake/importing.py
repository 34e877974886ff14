"""An import as a person asks for it: the sheet and the raw files looked at together, then carried out."""

from __future__ import annotations

from pathlib import Path

from courseware.errors import text
from courseware.intake.carrying import execute_intake
from courseware.intake.footage import scan_footage
from courseware.intake.intake import Intake, plan_intake
from courseware.intake.sheet import LessonSheet, load_sheet
from courseware.lessons.workspace import Workspace
from courseware.terminal.console import Console


def plan_import(
    workspace: Workspace, sheet: Path, media: Path | None, *, overwrite: bool = False
) -> tuple[LessonSheet, Intake]:
    """What the sheet says, and what each of its rows would change; writes nothing.

    Args:
        media: folder of the raw videos and subtitles; the sheet's own when None.
        overwrite: the sheet wins where a person and the sheet changed the same value.

    Raises:
        InputError: the sheet cannot be read, or there is no such folder.
    """
    rows = load_sheet(sheet, workspace.settings)
    footage = scan_footage(media or sheet.parent, _made_by_us(workspace))
    return rows, plan_intake(rows, footage, workspace, overwrite=overwrite)


def carry_out_import(intake: Intake, console: Console) -> Intake:
    """Make and change the lessons, with a bar where files are copied."""
    if not any(change.copies for change in intake.changes):
        return execute_intake(intake, lambda _: None)
    with console.progress() as bars:
        task = bars.add_task(console.tr(text("lessons")), total=len(intake.changes))
        return execute_intake(intake, lambda _: bars.advance(task))


def _made_by_us(workspace: Workspace) -> tuple[Path, ...]:
    """Folders in which a lesson's video lies again, so that they are no source of it."""
    return (
        workspace.lessons_dir,
        workspace.renditions_dir,
        workspace.playlists_dir,
        workspace.published_dir,
        workspace.kits_dir,
    )
