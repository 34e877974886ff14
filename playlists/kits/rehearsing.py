"""The first minutes of a kit, played by the real player on a clock that runs faster, to show what comes of it."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from courseware.errors import InputError, Problem, text
from playlists.kits import plan as plan_file
from playlists.kits.mpv import Mpv, Rehearsal, rehearse
from playlists.kits.plan import load_plan
from playlists.kits.sums import ASRUN

MINUTES, SPEED = 5, 15
_BEFORE_S = 60  # the player starts before the window opens, as on a square


@dataclass(frozen=True, slots=True)
class PlayedEvening:
    """What was played: from when to when, and where the record lies."""

    start: datetime
    end: datetime
    record: Path


def play_opening(mpv: Mpv, kit: Path) -> PlayedEvening:
    """Play the beginning of the kit's first window; the record goes where that of a stick goes.

    Raises:
        InputError: there is no window in it.
        ToolError: the player failed.
    """
    plan = load_plan(kit / plan_file.FILE_NAME)
    if not plan.windows:
        raise InputError(Problem(plan.kit, text("has no window; there is nothing to play")))
    start = plan.windows[0].start
    end = start + timedelta(minutes=MINUTES)
    first_s, last_s = (int(at.timestamp()) for at in (start, end))
    home = kit.resolve()
    with tempfile.TemporaryDirectory() as state:
        clock = Rehearsal(first_s - _BEFORE_S, last_s, SPEED)
        rehearse(mpv, home, clock, state=Path(state), asrun=home / ASRUN)
    return PlayedEvening(start, end, kit / ASRUN)
