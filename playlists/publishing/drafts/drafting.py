"""A planned week as it would be published, with 草稿 on every page, poster and picture; it announces nothing.

The folder drafts/<week> is made anew as a whole. What the checker calls a breach is in it, too: it is for the office.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from courseware.errors import InputError, Problem, text
from courseware.files import making_folder, write_text
from courseware.lessons.workspace import Workspace
from playlists.almanac import clock
from playlists.county.speakers import printed_weeks
from playlists.publishing.digest import digest_week
from playlists.publishing.editions import Announced, EditionBook
from playlists.publishing.judged import find_planned
from playlists.publishing.outputs import OutputKind, WeekFile, gather_county, outputs_of
from playlists.publishing.setting import contents_of, refuse_unprintable
from playlists.publishing.wording import moment_label
from playlists.schedules.revisions import Revision
from templates.pages.looks import WEEKS
from templates.pages.typeset import SheetPress
from templates.pages.week import Edition
from templates.type import webfont

FOLDER_NAME = "drafts"


def write_drafts(
    workspace: Workspace,
    week: str,
    takes: Callable[[WeekFile], bool],
    kinds: frozenset[OutputKind],
    progress: Callable[[str], None] = lambda _name: None,
    press: SheetPress | None = None,
) -> tuple[tuple[Path, ...], tuple[Problem, ...]]:
    """Set the planned week as a draft.

    Args:
        takes: whether a file is wanted.
        kinds: of files; pages bring their fonts.
        progress: told the name of each file just made.
        press: what typesets; this computer when None.

    Returns:
        The files, and which venues' weeks cannot be read.

    Raises:
        InputError: nothing is planned, or words cannot be printed.
        ToolError: a page cannot be typeset; nothing is changed then.
    """
    planned = find_planned(workspace, week, {})
    if not planned.files:
        nothing = Problem(week, text("there is no schedule to publish; plan the week first"))
        raise InputError(*planned.problems or (nothing,))
    outputs = [one for one in _outputs(workspace, week, [one.path for one in planned.files.values()]) if takes(one)]
    products = [(one, one.make()) for one in outputs]
    refuse_unprintable(products)
    target = workspace.root / FOLDER_NAME / week
    with making_folder(target, over=True) as scratch:
        for (output, _), content in zip(products, contents_of([made for _, made in products], press), strict=True):
            path = scratch / output.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            progress(output.name)
        if "pages" in kinds:
            shown = {ch for _, made in products if isinstance(made, str) for ch in made} - {"\n"}
            _write_fonts(scratch, shown)
    # The pages look for the weeks before and after it here.
    write_text(target.parent / WEEKS, "window.yuanjiaoWeeks=[];\n")
    return tuple(target / one.name for one in outputs), planned.problems


def _outputs(workspace: Workspace, week: str, paths: Sequence[Path]) -> list[WeekFile]:
    from playlists.schedules.schedule import load_schedule

    settings, now = workspace.settings, clock.now(workspace)
    edition = Edition(1, moment_label(now.astimezone(settings.zone)))
    schedules = printed_weeks(workspace, [load_schedule(path) for path in paths])
    venues = [
        Announced(digest_week(one, None), one.venue, edition, latest=False, path=None, withheld=one)
        for one in schedules
    ]
    revision = Revision(week=week, number=1, at=now, venues={one.venue: 1 for one in schedules})
    book = EditionBook(workspace, week, (revision,), (), "")
    return list(outputs_of(gather_county(venues, book, settings.office, settings.all_series, draft=True)))


def _write_fonts(folder: Path, shown: set[str]) -> None:
    for name, content in webfont.make_fonts("".join(sorted(shown))):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
