"""学习, 开放: openings that are filled for long enough, and openings of such a length with something in them."""

from __future__ import annotations

from playlists.duties.kinds.kind import DayCount, DutyKind


def _sessions(day: DayCount, least_s: int) -> int:
    return sum(filled >= least_s for _, filled in day.windows)


def _openings(day: DayCount, least_s: int) -> int:
    return sum(length >= least_s and filled > 0 for length, filled in day.windows)


SESSIONS = DutyKind("学习", _sessions)
OPENINGS = DutyKind("开放", _openings)
