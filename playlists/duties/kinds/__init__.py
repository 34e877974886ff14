"""What an obligation may count: one module for each sort of thing, one line in KINDS for each that is offered."""

from __future__ import annotations

from collections.abc import Mapping

from playlists.duties.kinds.attendances import ATTENDANCES
from playlists.duties.kinds.hours import HOURS
from playlists.duties.kinds.kind import DutyKind
from playlists.duties.kinds.openings import OPENINGS, SESSIONS
from playlists.duties.kinds.showings import ACTIVITIES, LECTURES, LESSONS

KINDS: Mapping[str, DutyKind] = {
    "lessons": LESSONS,
    "lectures": LECTURES,
    "activities": ACTIVITIES,
    "sessions": SESSIONS,
    "openings": OPENINGS,
    "hours": HOURS,
    "attendances": ATTENDANCES,
}
