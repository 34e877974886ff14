"""What finished broadcasts are told as: lines, a table of cues, or JSON. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from courseware.errors import text
from courseware.terminal.console import Console
from render.loudspeaker.cues import clock_ms, cue_document, said
from render.loudspeaker.layout import clock
from render.sound.levelled import RATE

if TYPE_CHECKING:
    from render.loudspeaker.workflow import Broadcast


def tell_broadcast(console: Console, made: Broadcast) -> None:
    """One line for the file, and its notes beside."""
    console.say(
        text(
            "{path}: {length}, {lkfs} LKFS, peak {peak} dBTP",
            path=made.path,
            length=clock(round(made.seconds * RATE)),
            lkfs=f"{made.lkfs:.1f}",
            peak=f"{made.peak_dbtp:.1f}",
        )
    )
    console.problems(made.notes)


def tell_cues(console: Console, made: Broadcast) -> None:
    """The cue sheet, without the pauses."""
    rows = [(clock_ms(one.start), clock(one.samples), said(one)) for one in made.parts if one.kind != "pause"]
    console.table((text("Start"), text("Length"), text("What")), rows)


def broadcast_document(console: Console, made: Broadcast) -> dict[str, Any]:
    """As JSON; times in milliseconds."""
    return {
        "path": str(made.path),
        "length_ms": round(made.seconds * 1000),
        "lkfs": made.lkfs,
        "peak_dbtp": made.peak_dbtp,
        "cues": [cue_document(one) for one in made.parts if one.kind != "pause"],
        "notes": [note.render(console.translate) for note in made.notes],
    }
