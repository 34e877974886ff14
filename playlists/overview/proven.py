"""Whether what was made, shown and decided is still what it was: finished files, the history, the reviews."""

from __future__ import annotations

from collections.abc import Iterator

from courseware.errors import Problem, YuanjiaoError
from courseware.lessons.rendition import damaged, damaged_renditions
from courseware.lessons.workspace import Workspace
from courseware.reviews.ledger import faults_of, load_pages
from playlists.schedules.history import lost_history


def proof_problems(workspace: Workspace) -> Iterator[Problem]:
    """Everything that is not what it was when it was written."""
    for profile in workspace.settings.render.profiles:
        yield from map(damaged, damaged_renditions(workspace.renditions_dir, profile))
    yield from lost_history(workspace)
    try:
        yield from faults_of(load_pages(workspace.cache_dir))
    except YuanjiaoError as error:
        yield from error.problems
