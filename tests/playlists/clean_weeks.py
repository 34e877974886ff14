"""Weeks without a fault, made without the planner: for the tests of what looks for faults."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from courseware.lessons.lesson import Lesson
from courseware.lessons.rendition import Rendition
from playlists.almanac.days import clock_at
from playlists.checking.checker import Breach, check_week
from playlists.checking.facts import Facts, VenueWeek, WantedDay, WantedEvent
from playlists.checking.sheets import read_sheet
from playlists.checking.wanted import wanted_week
from playlists.files.calendar import Calendar
from playlists.files.programmes import Programme
from playlists.files.venues import Venue
from playlists.schedules.schedule import Day, Schedule, Slot, dump_schedule
from tests.playlists.factories import catalogue, programme, venue

ZONE = ZoneInfo("Asia/Shanghai")
WEEK = "2026-W48"
BLOCK = "轮播"
# Whole numbers of them fill every window that lasts a multiple of ten minutes.
LENGTHS = (60, 120, 60, 180, 60, 120)
# These weeks turn the lessons round and round; wishes about their order are tested one by one.
WISHES = ("blocks", "repeat_gap")
CALENDAR = Calendar.model_validate(
    {
        "lecture": [
            {
                "title": "农家夜话",
                "speaker": "李老师",
                "venues": "广场",
                "weekday": "周三",
                "at": "19:05",
                "minutes": 10,
            }
        ],
        "activity": [
            {"title": "露天电影", "venues": "*", "monthly": "第四个周六", "at": "19:30", "minutes": 30},
        ],
    }
)


def make_facts(calendar: Calendar = CALENDAR, lengths: Sequence[int] = LENGTHS, **changes: Any) -> Facts:
    """A workspace with these lessons, all rendered for a square of 512x320."""
    lessons, renditions = catalogue(lengths)
    made = {"led-512x320": renditions}
    return Facts(ZONE, calendar, {one.id: one for one in lessons}, made, **changes)


def turning(**changes: Any) -> Programme:
    """The programme of these weeks: one block, and no wish about the order of its lessons unless one is given."""
    rules = {"soft": WISHES, **changes.pop("rules", {})}
    return programme(**{"block": [{"name": BLOCK}], **changes}, rules=rules)


def wish_little(root: Path) -> None:
    """Let the programmes of a workspace ask for no order of the lessons, as these weeks have none."""
    path = root / "programmes.toml"
    rules = f"[rules]\nsoft = {json.dumps(WISHES)}\n"
    path.write_text(rules + path.read_text(encoding="utf-8"), encoding="utf-8")


def clean_week(facts: Facts, of: Venue, week: str = WEEK) -> Schedule:
    """Every window filled with whole lessons in turn, every event at its time."""
    wanted = wanted_week(of, facts.calendar, week, facts.zone)
    days = tuple(_day(one, facts.lessons, facts.renditions[of.profile], facts.zone) for one in wanted)
    return Schedule(
        venue=of.id,
        venue_name=of.name,
        kind=of.kind,
        town=of.town,
        county=of.county,
        week=week,
        profile=of.profile,
        days=days,
    )


def raw_week(facts: Facts, of: Venue | None = None, week: str = WEEK) -> dict[str, Any]:
    """The same as the JSON of its file, to be edited."""
    found: dict[str, Any] = json.loads(dump_schedule(clean_week(facts, of or venue(), week)))
    return found


def venue_week(
    raw: object, facts: Facts, of: Venue | None = None, week: str = WEEK, by: Programme | None = None
) -> VenueWeek:
    """What the rules are given when the file holds this."""
    of = of or venue()
    content = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    sheet = read_sheet(of.id, week, content, facts.zone)
    return VenueWeek(of, by or turning(), sheet, wanted_week(of, facts.calendar, week, facts.zone))


def faults(raw: object, facts: Facts, of: Venue | None = None, **more: Any) -> list[Breach]:
    """All that is wrong with it."""
    return list(check_week(venue_week(raw, facts, of, **more), facts))


def told(breaches: Iterable[Breach]) -> list[tuple[str, str]]:
    """Rule and place of each."""
    return [(one.rule, one.problem.where) for one in breaches]


def _day(wanted: WantedDay, lessons: Mapping[str, Lesson], made: Mapping[str, Rendition], zone: ZoneInfo) -> Day:
    slots = [_event(one) for one in wanted.events]
    busy = sorted((int(one.start.timestamp()), int(one.end.timestamp())) for one in slots)
    turn = list(made.values())
    for window in wanted.windows:
        now, end = int(window.start.timestamp()), int(window.end.timestamp())
        while now < end:
            event = next((ends for begins, ends in busy if begins <= now < ends), None)
            if event:
                now = event
                continue
            room = min([end, *(begins for begins, _ in busy if begins > now)]) - now
            one = next(one for one in turn if one.seconds <= room)
            turn.append(turn.pop(turn.index(one)))
            slots.append(_slot(one, lessons[one.lesson], clock_at(now, zone)))
            now += one.seconds
    slots.sort(key=lambda slot: slot.start)
    return Day(date=wanted.date, windows=wanted.windows, slots=tuple(slots), closed=wanted.closed or "")


def _event(one: WantedEvent) -> Slot:
    note = f"主讲：{one.speaker}" if one.speaker else ""
    kind: Any = one.kind
    return Slot(start=one.at, seconds=one.seconds, kind=kind, title=one.title, note=note)


def _slot(made: Rendition, lesson: Lesson, start: datetime) -> Slot:
    return Slot(
        start=start,
        seconds=made.seconds,
        kind="lesson",
        title=made.title,
        block=BLOCK,
        lesson=lesson.id,
        series=made.series,
        form=made.form,
        file=f"renditions/{made.profile}/{made.file}",
        sha256=made.sha256,
    )
