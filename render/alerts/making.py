"""Makes an emergency notice for the canvases that are to show it, each once. Knows no venue."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from courseware.errors import Problem
from courseware.lessons.alert import Alert
from courseware.lessons.rendition import Rendition
from courseware.lessons.workspace import Workspace
from courseware.terminal.console import Console
from render.alerts.sound import spoken_sound
from render.making.batch import raise_failures, render_all
from render.plan.order import Order
from render.plan.profiles import profile_named
from render.plan.screens import load_screens
from render.source.examine import Lot, Target
from render.work.ffmpeg import find_ffmpeg
from render.work.machine import workers
from render.work.workshop import open_workshop
from templates.cards.alerts import ALERT_LOOK

_NAME = "notice"


def make_videos(
    alert: Alert, workspace: Workspace, profiles: Sequence[str], folder: Path, console: Console
) -> tuple[Rendition, ...]:
    """Write <folder>/<profile>.mp4 for each profile; what is kept of earlier ones is used again.

    Raises:
        InputError: a character that no font has, or a recording that cannot be used.
        BatchError: it cannot be made for a profile; each is named.
        ToolError, StorageError: nothing can be made at all.
    """
    workshop = open_workshop(find_ffmpeg(), workspace.cache_dir)
    with spoken_sound(workshop, alert.voice) as sound:
        order = Order(
            lesson=_NAME,
            title=alert.title,
            series=alert.title,
            printed_series=alert.title,
            form="",
            look=ALERT_LOOK,
            source=None,
            office=alert.signature,
            notice=alert.content,
            seconds=sound.seconds,
            urgent=True,
            voice=sound.file,
            screens=load_screens(workspace.settings, workspace.root),
        )
        named = (profile_named(name) for name in profiles)
        targets = tuple(Target(_NAME, alert.title, one, folder / f"{one.name}.mp4", described=False) for one in named)
        outcomes = render_all(workshop, [Lot(order, targets)], console, threads=workers())
    raise_failures(outcomes)
    if alert.voice:
        console.problems([Problem(alert.voice.name, note) for note in sound.notes])
    return tuple(made for one in outcomes if (made := one.made))
