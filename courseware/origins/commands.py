"""The command lesson. Reads options, hands over, reports."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from courseware.errors import text
from courseware.terminal.console import Console
from courseware.terminal.options import FOLDER, JSON, WORKSPACE, WRITES, NamesCommand

if TYPE_CHECKING:
    from courseware.origins.making import PlannedLesson

_FILE = click.Path(path_type=Path)


def _suffixes() -> Iterable[str]:
    from courseware.origins.kinds import ORIGINS
    from courseware.origins.origin import FOLDER as A_FOLDER

    return tuple(suffix for suffix in ORIGINS if suffix != A_FOLDER)


@click.group(
    help="Lessons that are made from something else than a video: from a text, and from what else there is a reader"
    " for.",
    short_help="Lessons from a text, not from a video.",
    epilog="Example:\n\n  yuanjiao lesson new --from 冬剪.md --pictures 照片 --series 扶贫实用技术",
)
def lesson() -> None:
    """Hold the commands below."""


@lesson.command(
    "new",
    cls=NamesCommand,
    names=_suffixes,
    help="Make the lesson ID from FILE: its folder with lesson.toml, pictures and script, which a person can change"
    " and “render” makes videos of. Without ID it is named after its title. FILE is of one of these kinds:",
    short_help="Make a lesson from a text or another file.",
    epilog="Examples:\n\n  yuanjiao lesson new --from 冬剪.md --pictures 照片 --series 扶贫实用技术\n\n"
    "  yuanjiao lesson new AK010 --from 冬剪.md --narration 讲解.m4a",
)
@click.argument("lesson_id", metavar="[ID]", default="")
@click.option("--from", "source", metavar="FILE", type=_FILE, required=True, help="What it is made from.")
@click.option("--pictures", metavar="DIR", type=FOLDER, help="Folder of its pictures; else FILE's own.")
@click.option("--title", metavar="TITLE", default="", help="Else what FILE says.")
@click.option("--series", metavar="SERIES", default="", help="Else what FILE says.")
@click.option("--form", metavar="FORM", default="", help="Else what FILE says, or 微视频.")
@click.option("--presenter", metavar="NAME", default="", help="Else what FILE says.")
@click.option(
    "--voice",
    metavar="VOICE",
    default="",
    help="Let this voice speak it; else it is shown, not spoken.",
)
@click.option(
    "--narration",
    metavar="FILE",
    multiple=True,
    type=_FILE,
    help="A recording of the text, or several.",
)
@click.option("--pages", metavar="PAGES", default="", help="Only these pages of slides: 1-20.")
@click.option("--as-cards", is_flag=True, help="Cards of the slides' words, large enough for every screen.")
@WRITES
@click.option("--dry-run", is_flag=True, help="Show what would be made; write nothing.")
@JSON
@click.pass_obj
def new(
    console: Console,
    /,
    *,
    lesson_id: str,
    source: Path,
    pictures: Path | None,
    narration: tuple[Path, ...],
    pages: str,
    as_cards: bool,
    folder: Path,
    dry_run: bool,
    as_json: bool,
    **said: str,
) -> None:
    """Plan, write, report."""
    from courseware.lessons.workspace import open_workspace
    from courseware.origins.making import make_lesson, plan_lesson
    from courseware.origins.origin import DraftWish

    if narration:
        console.note(text("Listening to the narration, whether it says what is written …"))
    plan = plan_lesson(
        open_workspace(folder), DraftWish(source, lesson_id, pictures, narration, said, pages, as_cards)
    )
    if not dry_run:
        make_lesson(plan, source.name)
    if as_json:
        console.document(_document(plan, console, dry_run=dry_run))
        return
    console.problems(plan.remarks)
    clips, title = len(plan.values.get("clip", ())), plan.values["title"]
    console.say(
        text(
            "{id}: {title}, {clips} clips, {files} files",
            id=plan.folder.name,
            title=title,
            clips=clips,
            files=len(plan.files),
        )
    )
    if dry_run:
        console.note(text("Nothing was written: this was a dry run."))
    else:
        console.say(
            text("Look it over in {folder}, then: yuanjiao render {id}", folder=plan.folder, id=plan.folder.name)
        )


@lesson.command(
    "export",
    help="Write how LESSON is cut as a timeline of OpenTimelineIO, which Resolve, Kdenlive and others read: cuts,"
    " cross-fades and speeds. “lesson new --from x.otio” brings such a timeline back.",
    short_help="Write a lesson's cut for another program.",
    epilog="Example:\n\n  yuanjiao lesson export jujube-pruning -o 枣树修剪.otio",
)
@click.argument("name", metavar="LESSON")
@click.option("--output", "-o", "target", type=_FILE, required=True, help="The timeline, an .otio file.")
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
@WORKSPACE
@JSON
@click.pass_obj
def export(console: Console, *, name: str, target: Path, force: bool, folder: Path, as_json: bool) -> None:
    """Handed over to courseware.origins.exporting."""
    from courseware.documents import said
    from courseware.origins.exporting import export_edit

    done = export_edit(folder, name, target, force=force)
    if as_json:
        console.document({"file": str(done.file), "clips": done.clips, "remarks": said(done.remarks, console.tr)})
        return
    console.problems(done.remarks)
    console.say(text("{file} is written: {clips} clips", file=done.file, clips=done.clips))


def _document(plan: PlannedLesson, console: Console, *, dry_run: bool) -> dict[str, Any]:
    from courseware.documents import said

    return {
        "id": plan.folder.name,
        "folder": plan.folder.as_posix(),
        "title": plan.values["title"],
        "dry_run": dry_run,
        "clips": len(plan.values.get("clip", ())),
        "files": list(plan.files),
        "remarks": said(plan.remarks, console.tr),
    }
