"""A square's week to plan, and to plan again."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from playlists.files.calendar import Calendar
from playlists.files.programmes import Programme
from playlists.planning.planner import Given, plan_week
from playlists.schedules.schedule import Schedule, Slot
from tests.playlists.factories import catalogue, programme, venue

CHINA = ZoneInfo("Asia/Shanghai")
WEEK = "2026-W48"
LENGTHS = random.Random(7).choices(range(120, 600), k=40)
MANY = [*LENGTHS] * 6
BLOCKS = [{"name": "技术", "series": ["扶贫实用技术"], "minutes": 30}, {"name": "轮播"}]
NIGHT = "每天 22:30-00:30"


def plan(
    before: Schedule | None = None,
    without: str = "",
    lengths: list[int] = LENGTHS,
    by: Programme | None = None,
    calendar: Calendar | None = None,
    windows: str = "每天 18:30-20:30",
    **given: Any,
) -> Schedule:
    lessons, renditions = catalogue(lengths)
    left = [one for one in lessons if one.id != without]
    return plan_week(
        venue(windows=windows),
        by or programme(block=BLOCKS, repeat_gap_minutes=30),
        calendar or Calendar(),
        renditions,
        left,
        WEEK,
        CHINA,
        0,
        Given(before=before, **given),
    )


def slots(schedule: Schedule) -> list[Slot]:
    return [slot for day in schedule.days for slot in day.slots if slot.lesson]


def full(schedule: Schedule) -> bool:
    return all(
        sum(slot.seconds for slot in day.slots) == sum(one.seconds for one in day.windows)
        and all(one.end <= other.start for one, other in pairwise(day.slots))
        for day in schedule.days
    )


def after_midnight(schedule: Schedule, weekday: int) -> Slot:
    """The first showing of that day that begins on the next one."""
    day = schedule.days[weekday]
    return next(slot for slot in day.slots if slot.start.date() > day.date)
