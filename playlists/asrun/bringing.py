"""Play logs brought in, told as it goes: what the command and the desk both do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from courseware.errors import text
from courseware.lessons.workspace import Workspace
from courseware.terminal.console import Console
from playlists.almanac import clock
from playlists.asrun.importing import ImportedRecords, import_logs


def bring_logs(
    console: Console,
    workspace: Workspace,
    files: Sequence[Path],
    venue: str = "",
    also: Callable[[], None] = lambda: None,
) -> ImportedRecords:
    """Take in files and folders, and say what is wrong with them.

    Args:
        venue: id or name of the venue whose logs they are, where they do not say.
        also: called after each file; may raise to end it.

    Raises:
        InputError: as import_logs.
    """

    def show(done: int, due: int) -> None:
        bars.update(bar, completed=done, total=due)
        also()

    with console.progress() as bars:
        bar = bars.add_task(console.tr(text("Reading play logs")), total=None)
        found = import_logs(workspace, files, clock.now(workspace), venue, show)
    console.problems(found.problems)
    return found


def say_brought(console: Console, found: ImportedRecords) -> None:
    """What was new, and of which days."""
    rows = [(venue, str(first), str(last)) for venue, (first, last) in found.venues.items()]
    if rows:
        console.table((text("Venue"), text("From"), text("Until")), rows)
    new = sum(fresh for _, _, fresh in found.files)
    console.say(text("{files} files read, {new} entries are new", files=len(found.files), new=new))
    if found.torn:
        console.note(text("{count} last lines were cut off by a power failure; they are left out", count=found.torn))
