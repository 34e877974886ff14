"""Read a schedule file that anybody may have edited: what is right is kept, the rest becomes faults at its minute."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ValidationError

from courseware.errors import Text, text
from playlists.almanac.days import moment
from playlists.checking.facts import Fault, ScheduleSheet, SheetDay
from playlists.schedules.schedule import Day, Gap, Relaxed, Schedule, Slot, Window, decoded, monday_of

_HEADER = ("venue", "venue_name", "kind", "town", "county", "week", "profile")
_LISTS = ("days",)
_WEEK_DAYS = 7
_FAR = timedelta(days=60)
Part = TypeVar("Part", bound=BaseModel)


def read_sheet(file: str, week: str, content: bytes, zone: ZoneInfo) -> ScheduleSheet:
    """The schedule that a file holds, as far as it can be read.

    Args:
        file: its name without .json.
        week: the ISO week it lies there for.
    """
    try:
        schedule = Schedule.model_validate_json(decoded(content))
    except (ValidationError, UnicodeDecodeError):
        return _salvage(file, week, content, zone)
    midnight = moment(monday_of(week), 0, zone)
    parts = (part for day in schedule.days for part in (*day.windows, *day.slots))
    if all(_is_near(part, midnight) for part in (*parts, *schedule.days, *schedule.gaps, *schedule.relaxed)):
        return sheet_of(schedule, file, week)
    return _salvage(file, week, content, zone)


def sheet_of(schedule: Schedule, file: str, week: str) -> ScheduleSheet:
    """A schedule that is sound in form."""
    days = tuple(SheetDay(day.date, day.windows, day.slots, day.closed) for day in schedule.days)
    header = {key: str(getattr(schedule, key)) for key in _HEADER}
    return ScheduleSheet(file, week, header, days, schedule.gaps, schedule.relaxed, ())


def _salvage(file: str, week: str, content: bytes, zone: ZoneInfo) -> ScheduleSheet:
    midnight = moment(monday_of(week), 0, zone)
    try:
        values = json.loads(content)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        fault = Fault(midnight, text("the file is no longer a schedule; plan the week again or restore it"))
        return ScheduleSheet(file, week, {}, (), (), (), (fault,))
    faults = list(_header_faults(values, midnight))
    days = tuple(
        day for number, one in enumerate(_list(values, "days")) if (day := _day(one, number, midnight, zone, faults))
    )
    gaps = _parts(Gap, _list(values, "gaps"), midnight, faults)
    relaxed = _parts(Relaxed, _list(values, "relaxed"), midnight, faults)
    if not faults and len(days) > _WEEK_DAYS:
        faults.append(Fault(midnight, text("a week has the seven days from Monday to Sunday")))
    header = {key: str(values.get(key, "")) for key in _HEADER}
    return ScheduleSheet(file, week, header, days, gaps, relaxed, tuple(faults))


def _header_faults(values: Mapping[str, Any], midnight: datetime) -> Iterable[Fault]:
    for key in values:
        if key not in Schedule.model_fields:
            yield Fault(midnight, text("unknown key “{key}”; remove it", key=key))
    for key in (*_HEADER, *_LISTS):
        if not isinstance(values.get(key), str if key in _HEADER else list):
            yield Fault(midnight, text("the key “{key}” is missing or is not what it should be", key=key))


def _day(value: Any, number: int, monday: datetime, zone: ZoneInfo, faults: list[Fault]) -> SheetDay | None:  # noqa: ANN401  (JSON)
    """A day, of which single slots may be missing; None when not even its date can be read."""
    place = monday + timedelta(days=min(number, _WEEK_DAYS - 1))
    try:
        day = date.fromisoformat(value["date"])
    except (TypeError, KeyError, ValueError):
        day = date.min
    if abs(day - monday.date()) > _FAR:
        faults.append(Fault(place, text("a day without a date, or with one far from this week; write 2026-11-24")))
        return None
    midnight = moment(day, 0, zone)
    closed = value.get("closed", "")
    windows = _parts(Window, _list(value, "windows"), midnight, faults)
    slots = _parts(Slot, _list(value, "slots"), midnight, faults)
    strange = (key for key in value if key not in Day.model_fields)
    faults += (Fault(midnight, text("unknown key “{key}”; remove it", key=key)) for key in strange)
    return SheetDay(day, windows, slots, closed if isinstance(closed, str) else "")


def _parts(model: type[Part], values: Iterable[Any], place: datetime, faults: list[Fault]) -> tuple[Part, ...]:
    """Those that are right; a wrong one is a fault at its own start, or where the one before it began."""
    found = []
    begins = place
    for value in values:
        place = _start(value, begins) or place
        try:
            part = model.model_validate_json(json.dumps(value))
        except (ValidationError, ValueError) as error:
            faults.append(Fault(place, _wrong(model, error)))
            continue
        if _is_near(part, begins):
            found.append(part)
        else:
            faults.append(Fault(place, text("this lies far from this week, or lasts for days")))
    return tuple(found)


def _wrong(model: type[BaseModel], error: ValueError) -> Text:
    first = error.errors()[0] if isinstance(error, ValidationError) else None
    key = ".".join(map(str, first["loc"])) if first else ""
    given = str(first.get("input"))[:40] if first else "—"
    return text("“{key}” is wrong in the file: {given}", key=key or model.__name__, given=given)


def _is_near(part: BaseModel, place: datetime) -> bool:
    """Whether it can be reckoned with: years 1 and 9999 cannot be told in another time zone."""
    if isinstance(part, Day):
        return abs(part.date - place.date()) <= _FAR
    # The end of a slot is worked out from its start and length; a window has one.
    times = (part.start, part.end) if isinstance(part, Window) else (getattr(part, "start", place),)
    seconds = getattr(part, "seconds", 0) if not isinstance(part, Window) else 0
    return all(abs(one - place) <= _FAR for one in times) and 0 <= seconds <= _FAR.total_seconds()


def _start(value: Any, place: datetime) -> datetime | None:  # noqa: ANN401  (whatever JSON holds)
    try:
        start = datetime.fromisoformat(value["start"])
    except (TypeError, KeyError, ValueError):
        return None
    return start if start.tzinfo and abs(start - place) <= _FAR else None


def _list(values: Mapping[str, Any], key: str) -> list[Any]:
    found = values.get(key)
    return found if isinstance(found, list) else []
