"""Why a slot holds what it holds, told from the facts: edits, requests, blocks and what was shown before."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from playlists.almanac.days import clock_at
from playlists.files.centres import TRAINING
from playlists.files.programmes import Programme, admits
from playlists.planning.shelf import Shelf
from playlists.schedules.history import Past
from playlists.schedules.schedule import Day, Relaxed, Schedule, Slot

_WHY = {
    "pin": "按 edits.toml 指定在这个时间播出",
    "request": "有人点菜",
    "insert": "每播若干个插播一个",
    "replay": "重播本板块前面的节目",
}


def reasons(
    schedule: Schedule, day: Day, programme: Programme, shelf: Shelf, past: Past, zone: ZoneInfo
) -> list[tuple[Slot, str]]:
    """Every slot of the day with the reason, for a person."""
    last, uses = dict(past.last), dict(past.uses)
    for earlier in schedule.days:
        for slot in earlier.slots if earlier.date < day.date else ():
            if slot.lesson:
                last[slot.lesson] = int(slot.start.timestamp())
                uses[slot.lesson] = uses.get(slot.lesson, 0) + 1
    found = []
    for slot in day.slots:
        found.append((slot, _reason(slot, programme, shelf, last, uses, zone, schedule.relaxed)))
        if slot.lesson:
            last[slot.lesson] = int(slot.start.timestamp())
            uses[slot.lesson] = uses.get(slot.lesson, 0) + 1
    return found


def _reason(
    slot: Slot,
    programme: Programme,
    shelf: Shelf,
    last: dict[str, int],
    uses: dict[str, int],
    zone: ZoneInfo,
    relaxed: Sequence[Relaxed],
) -> str:
    if not slot.lesson:
        held_by = "trainings.csv" if slot.title.startswith(TRAINING) else "calendar.toml"
        return f"按 {held_by} 在这个时间举行"
    parts = [_WHY[slot.why]] if slot.why in _WHY else []
    lesson = next((one for one in shelf.lessons if one.id == slot.lesson), None)
    blocks = [one for one in programme.block if one.name == slot.block]
    if lesson and blocks and not slot.why:
        if any(admits(one, lesson) for one in blocks):
            parts.append(f"“{slot.block}”的内容")
        elif any(admits(one, lesson) for one in programme.filler):
            parts.append(f"补齐“{slot.block}”的零头")
        else:
            parts.append(f"“{slot.block}”自己的课件凑不满，借用")
    if slot.lesson in last:
        parts.append(
            f"上次播出{clock_at(last[slot.lesson], zone):%m-%d %H:%M}，本月第{uses.get(slot.lesson, 0) + 1}次"
        )
    else:
        parts.append("本场所首播")
    parts += (f"未守“{one.rule}”：{one.reason}" for one in relaxed if one.start == slot.start)
    return "；".join(parts)
