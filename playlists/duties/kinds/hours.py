"""小时: for how long something is shown or held."""

from __future__ import annotations

from playlists.duties.kinds.kind import DutyKind

HOURS = DutyKind("小时", lambda day, _least_s: day.seconds, unit=3600)
