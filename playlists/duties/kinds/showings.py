"""播放, 宣讲, 活动: how often a lesson is shown, a lecture given, an activity held."""

from __future__ import annotations

from playlists.duties.kinds.kind import DutyKind

LESSONS = DutyKind("播放", lambda day, _least_s: day.lessons)
LECTURES = DutyKind("宣讲", lambda day, _least_s: day.lectures)
ACTIVITIES = DutyKind("活动", lambda day, _least_s: day.activities)
