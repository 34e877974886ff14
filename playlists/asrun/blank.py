"""The record sheet to be kept by hand: what a venue's week holds, with room for what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from courseware.lessons.settings import Office
from courseware.sheets.workbook import Value, WorkSheet, dump_workbook
from playlists.asrun.formats.record_sheet import HEADINGS, NO, PARTLY, PLAYED, YES
from playlists.schedules.schedule import Day, Schedule, Slot, Window

_WEEKDAYS = "一二三四五六日"
_EVENTS = {"lecture": "宣讲", "activity": "活动"}
_MOST_NAMED = 4
_COLUMNS = tuple(HEADINGS)
_WIDTHS = {"venue": 13, "name": 14, "planned": 14, "what": 34, "note": 16, "from": 9, "to": 9, "by": 9, "done": 9}


def blank_sheet(plan: Schedule, office: Office) -> bytes:
    """The .xlsx of a venue's week: a row for each opening window and each event, by time."""
    sheet = WorkSheet(
        name="播放记录表",
        title=f"{office.county}远程教育播放记录表",
        subtitle=f"场所：{plan.town}{plan.venue_name}（{plan.venue}）　　{plan.week}",
        headings=tuple(HEADINGS[key][0] for key in _COLUMNS),
        rows=tuple(_rows(plan)),
        footers=(
            f"“是否播放”填 {YES}、{NO} 或 {PARTLY}；填“{PARTLY}”的，写明实际开始和实际结束的时间。不填的算未填报。",
            "没有按计划播放的，在备注里写明原因。填好后交回县区远教办，或用 yuanjiao asrun import 导入。",
        ),
        widths={place: _WIDTHS[key] for place, key in enumerate(_COLUMNS) if key in _WIDTHS},
        choices={_COLUMNS.index("done"): (YES, NO, PARTLY)},
        tall=30,
    )
    return dump_workbook((sheet,))


def _rows(plan: Schedule) -> Iterator[tuple[Value, ...]]:
    for day in plan.days:
        entries = [(window.start, window.end, PLAYED, _programme(window, day)) for window in day.windows]
        entries += [(slot.start, slot.end, _kind(slot), _event(slot)) for slot in day.slots if slot.kind != "lesson"]
        for start, end, kind, what in sorted(entries):
            yield _row(plan, day.date, (start, end), kind, what)


def _row(plan: Schedule, day: date, span: tuple[datetime, datetime], kind: str, what: str) -> tuple[Value, ...]:
    start, end = span
    later = "次日" if end.date() > day and f"{end:%H:%M}" != "00:00" else ""
    closes = "24:00" if end.date() > day and not later else f"{end:%H:%M}"
    said = {
        "venue": plan.venue,
        "name": plan.venue_name,
        "date": str(day),
        "weekday": f"周{_WEEKDAYS[day.weekday()]}",
        "planned": f"{start:%H:%M}-{later}{closes}",
        "kind": kind,
        "what": what,
    }
    return tuple(said.get(key) for key in _COLUMNS)


def _kind(slot: Slot) -> str:
    return "培训" if slot.is_training else _EVENTS[slot.kind]


def _event(slot: Slot) -> str:
    return f"{slot.title}（{slot.note}）" if slot.note else slot.title


def _programme(window: Window, day: Day) -> str:
    """The first few titles of what is planned in the window."""
    inside = (slot for slot in day.slots if window.start <= slot.start < window.end and slot.kind == "lesson")
    titles = list(dict.fromkeys(slot.title for slot in inside if not slot.is_bare))
    more = f" 等{len(titles)}部" if len(titles) > _MOST_NAMED else ""
    return "".join(f"《{title}》" for title in titles[:_MOST_NAMED]) + more
