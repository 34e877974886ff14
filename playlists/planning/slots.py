"""Slots and gaps of a schedule from showings and events. Makes records; decides nothing.

What is made here is right already, so it is not validated once more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from courseware.lessons.rendition import Rendition
from playlists.almanac.days import clock_at, moment
from playlists.files.lecturers import RELAYED
from playlists.opening.events import Held
from playlists.planning.layout import Showing, busy_with
from playlists.schedules.causes import Cause
from playlists.schedules.schedule import Day, Gap, Slot, Window

# A record is frozen for all others.
_set = object.__setattr__
_SOMETIME = datetime(1970, 1, 1, tzinfo=UTC)


def slot_of(made: Rendition, note: str = "") -> Slot:
    """A slot of the lesson, at no particular time: the pattern of all its slots."""
    return Slot(
        start=_SOMETIME,
        seconds=made.seconds,
        kind="lesson",
        title=made.title,
        lesson=made.lesson,
        series=made.series,
        form=made.form,
        file=f"renditions/{made.profile}/{made.file}",
        sha256=made.sha256,
        note=note,
        block="",
        why="",
    )


def lesson_slot(showing: Showing, pattern: Slot, zone: ZoneInfo) -> Slot:
    """The slot of a showing, by the pattern of its lesson."""
    start, _, block, why = showing
    slot = Slot.__new__(Slot)
    # Neither validated nor copied by pydantic: for a county's million slots that took a tenth of all planning.
    _set(slot, "__dict__", {**pattern.__dict__, "start": clock_at(start, zone), "block": block, "why": why})
    _set(slot, "__pydantic_fields_set__", pattern.__pydantic_fields_set__)
    _set(slot, "__pydantic_extra__", None)
    _set(slot, "__pydantic_private__", None)
    return slot


def event_slot(held: Held, day: date, zone: ZoneInfo) -> Slot:
    """The slot of a lecture or an activity."""
    notes = [
        f"主讲：{held.event.speaker}" if held.event.speaker else "",
        RELAYED if held.event.relayed else "",
        "时间顺延" if held.moved else "",
    ]
    return Slot(
        start=moment(day, held.starts, zone),
        seconds=held.event.minutes * 60,
        kind=held.kind,
        title=held.event.printed,
        note="；".join(note for note in notes if note),
    )


def holds(windows: Iterable[Window], at: datetime) -> bool:
    """Whether the moment lies in one of the windows."""
    return any(one.start <= at < one.end for one in windows)


def day_of(at: datetime, days: Iterable[Day]) -> date:
    """The day whose windows hold the moment, which may lie after its midnight; else the one on the calendar."""
    return next((day.date for day in days if holds(day.windows, at)), at.date())


def gaps_in(
    windows: Iterable[Window], slots: Iterable[Slot], because: Callable[[int, int], Cause], zone: ZoneInfo
) -> Iterator[Gap]:
    """The time of the windows that no slot takes.

    Args:
        because: start and seconds of what stays empty → why.
    """
    taken = sorted(busy_with(slots))
    for window in windows:
        now, end = int(window.start.timestamp()), int(window.end.timestamp())
        for begins, ends in [*taken, (end, end)]:
            until = min(begins, end)
            if now < until:
                seconds = until - now
                yield Gap.model_construct(start=clock_at(now, zone), seconds=seconds, reason=because(now, seconds))
            now = max(now, ends)
