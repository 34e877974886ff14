"""What an edition of a venue's week changed, in the words of a correction notice (更正通知). Pure.

Hours and events are told one by one; of lessons only which are gone and which have come, and on which days the order
is another: nobody reads a hundred lines of a loop.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import takewhile

from playlists.publishing.condense import named_event, quoted
from playlists.publishing.digest import is_film, said_of_empty
from playlists.publishing.wording import dated, span, weekdays
from playlists.schedules.schedule import Day, Schedule, Slot

_MOST_TITLES = 4


def week_changes(before: Schedule, after: Schedule) -> tuple[str, ...]:
    """The changes in order: hours, events, lessons, order."""
    pairs = list(zip(before.days, after.days, strict=True))
    told = [line for old, new in pairs for line in _day_changes(old, new, after.kind)]
    return (*told, *_lesson_changes(before, after), *_order_changes(pairs))


def changed_days(before: Schedule, after: Schedule) -> tuple[date, ...]:
    """The days on which anything that people see is different."""
    return tuple(new.date for old, new in zip(before.days, after.days, strict=True) if _seen(old) != _seen(new))


def day_numbers(weeks: Sequence[Schedule], numbers: Sequence[int]) -> tuple[int, ...]:
    """For each day, the number of the version that changed it last.

    Args:
        weeks: all versions, the newest first.
        numbers: of each.
    """
    by_day = zip(*(week.days for week in weeks), strict=True)
    return tuple(numbers[_alike(list(map(_seen, versions))) - 1] for versions in by_day)


def _alike(versions: Sequence[object]) -> int:
    """How many, from the first on, are the same."""
    return sum(1 for _ in takewhile(lambda version: version == versions[0], versions))


def _seen(day: Day) -> tuple[object, ...]:
    slots = tuple((one.start, one.kind, one.title, one.note, one.seconds) for one in day.slots)
    return day.windows, day.closed, slots


def _day_changes(old: Day, new: Day, kind: str) -> Iterator[str]:
    if _hours(old) != _hours(new):
        now = _hours(new) or said_of_empty(new, kind)
        yield f"{dated(new.date)}播放时间改为{now}" if new.windows else f"{dated(new.date)}{now}"
    yield from _event_changes(_events(old), _events(new), new.date)


def _event_changes(old: list[Slot], new: list[Slot], day: date) -> Iterator[str]:
    gone = [one for one in old if one not in new]
    come = [one for one in new if one not in old]
    for event in gone:
        later = next((one for one in come if one.title == event.title), None)
        name = _named(event)
        if later is None:
            yield f"{dated(day)}{span(event.start, event.end, day)}{name}取消"
            continue
        come.remove(later)
        if span(event.start, event.end, day) != span(later.start, later.end, day):
            yield f"{dated(day)}{name}改到{span(later.start, later.end, day)}"
        if event.note != later.note:
            yield f"{dated(day)}{name}现为“{later.note}”" if later.note else f"{dated(day)}{name}主讲人有变"
    for event in come:
        who = f"（{event.note}）" if event.note else ""
        yield f"{dated(day)}{span(event.start, event.end, day)}增加{_named(event)}{who}"


def _lesson_changes(before: Schedule, after: Schedule) -> Iterator[str]:
    old, new = _titles(before), _titles(after)
    if gone := [title for title in old if title not in new]:
        yield f"{_listed(gone)}不再播放"
    if come := [title for title in new if title not in old]:
        yield f"增加{_listed(come)}"


def _order_changes(pairs: Iterable[tuple[Day, Day]]) -> Iterator[str]:
    """Days with the same hours whose lessons are at other times."""
    numbers = [n for n, (old, new) in enumerate(pairs) if _hours(old) == _hours(new) and _order(old) != _order(new)]
    if numbers:
        yield f"{weekdays(numbers)}节目时间有调整"


def _order(day: Day) -> list[tuple[object, str]]:
    return [(one.start, one.title) for one in day.slots if is_film(one)]


def _hours(day: Day) -> str:
    return "、".join(span(one.start, one.end, day.date) for one in day.windows)


def _events(day: Day) -> list[Slot]:
    return [one for one in day.slots if one.kind != "lesson"]


def _named(event: Slot) -> str:
    _, label, title = named_event(event)
    return f"{label}“{title}”"


def _titles(schedule: Schedule) -> list[str]:
    return list(dict.fromkeys(quoted(one.title) for day in schedule.days for one in day.slots if is_film(one)))


def _listed(titles: list[str]) -> str:
    more = f"等{len(titles)}部" if len(titles) > _MOST_TITLES else ""
    return "".join(titles[:_MOST_TITLES]) + more
