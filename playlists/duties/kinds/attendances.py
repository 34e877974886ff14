"""人次: how many people came to the trainings of a centre."""

from __future__ import annotations

from playlists.duties.kinds.kind import DutyKind

ATTENDANCES = DutyKind("人次", lambda _day, _least_s: 0, from_trainings=True)
