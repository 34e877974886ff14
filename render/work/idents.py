"""Idents: made once per look, canvas and office, and kept in the store."""

from __future__ import annotations

from render.plan.graph import TAGS, rate_of, to_tv
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
            run(
                workshop.tool,
                ident_arguments(ident, "ident.mkv"),
                work,
                frames=ident_frames(ident),
                stop=workshop.stop,
            )
            return workshop.store.put(key, "ident", work / "ident.mkv")


def ident_arguments(ident: Ident, output: str) -> tuple[str, ...]:
    """Turn an ident's raw frames (standard input) into a file without loss."""
    import ffmpeg

    size, rate = f"{ident.width}x{ident.height}", rate_of(ident.fps)
    raw = ffmpeg.input("pipe:0", format="rawvideo", pix_fmt="rgb24", s=size, framerate=rate)
    options = {"c:v": "libx264", "preset": "ultrafast", "qp": 0, "threads": 1, "loglevel": "warning"} | TAGS
    return tuple(to_tv(raw).output(output, color_range="tv", **options).overwrite_output().get_args())
