"""Idents: made once per look, canvas and office, and kept in the store."""

from __future__ import annotations

from render.plan.graph import ident_arguments
from render.plan.keys import ident_key
from render.work.ffmpeg import run
from render.work.store import Stored
from render.work.workshop import Workshop
from templates.cards.idents import Ident, ident_frames


def ready_ident(workshop: Workshop, ident: Ident) -> Stored:
    """The ident without loss, from the store; made first if it is not there.

    Raises:
        ToolError, StorageError: it cannot be made.
        StoppedError: the batch was called off.
    """
    key = ident_key(ident, workshop.tool.version)
    with workshop.locks[f"ident {key}"]:
        found = workshop.store.find(key, check=True)
        if found is not None:
            return found
        with workshop.work_folder() as work:
            args = ident_arguments(ident, "ident.mkv")
            run(workshop.tool, args, work, frames=ident_frames(ident), stop=workshop.stop)
            return workshop.store.put(key, "ident", work / "ident.mkv")
