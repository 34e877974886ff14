"""A week of a square in memory, with its files, for the tests of this folder."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from courseware.lessons.rendition import Rendition
from playlists.kits.plan import Fallback, KitPlan
from playlists.kits.planned import Wishes, plan_kit
from playlists.schedules.schedule import Day, Schedule, Slot, Window, monday_of
from tests.playlists.factories import lesson, rendition

ZONE = ZoneInfo("Asia/Shanghai")
BUILT = datetime(2026, 11, 28, 18, 0, tzinfo=ZONE)
PICTURES = Fallback(ident="fallback/ident.mp4", card="fallback/card.png", idle="fallback/idle.png")
LENGTHS = (31, 37, 29)


def content_of(number: int) -> bytes:
    """The bytes of lesson n's video."""
    return b"video %d;" % number * 200


def renditions() -> dict[str, Rendition]:
    """Three finished videos, by sha256."""
    made = [rendition(lesson(number), seconds, content=content_of(number)) for number, seconds in enumerate(LENGTHS)]
    return {one.sha256: one for one in made}


def slot(start: datetime, number: int, **changes: Any) -> Slot:
    """A showing of lesson n."""
    one = lesson(number)
    values: dict[str, Any] = {
        "start": start,
        "seconds": LENGTHS[number],
        "kind": "lesson",
        "title": one.title,
        "block": "轮播",
        "lesson": one.id,
        "series": one.series,
        "form": one.form,
        "file": f"renditions/led-512x320/{one.id}.mp4",
        "sha256": hashlib.sha256(content_of(number)).hexdigest(),
    }
    return Slot.model_validate(values | changes)


def evening(day: date) -> Day:
    """Three videos from half past six, a lecture of ten minutes at seven, another video behind it."""
    start = datetime(day.year, day.month, day.day, 18, 30, tzinfo=ZONE)
    slots, now = [], start
    for number, seconds in enumerate(LENGTHS):
        slots.append(slot(now, number))
        now += timedelta(seconds=seconds)
    seven = start + timedelta(minutes=30)
    slots.append(
        Slot(start=seven, seconds=600, kind="lecture", title="农家夜话：玉米怎么收", note="主讲：李老师；时间顺延")
    )
    slots.append(slot(seven + timedelta(minutes=10), 0, note="标语", block="技术"))
    return Day(date=day, windows=(Window(start=start, end=start + timedelta(hours=2)),), slots=tuple(slots))


def week(name: str = "2026-W49") -> Schedule:
    """A square's week that is open on Monday evening."""
    monday = monday_of(name)
    closed = (Day(date=monday + timedelta(days=n), windows=(), slots=()) for n in range(1, 7))
    return Schedule(
        venue="square-01",
        venue_name="文化广场",
        kind="square",
        town="江北镇",
        county="测试县",
        week=name,
        profile="led-512x320",
        days=(evening(monday), *closed),
    )


def plan(*weeks: Schedule, **changes: Any) -> KitPlan:
    """The plan of that week, or of the weeks given."""
    values: dict[str, Any] = {
        "revision": 3,
        "built": BUILT,
        "zone": ZONE,
        "wishes": Wishes(volumes={"技术": 60}),
    }
    return plan_kit(weeks or (week(),), renditions(), PICTURES, **values | changes)
