"""A week or a month as a table: a row for each venue, a column for each day. Pure; knows no format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from playlists.files.venues import KIND_NAMES, Venue
from playlists.publishing.wording import date_label, weekday
from playlists.schedules.schedule import TRAINING, Day, Slot
from playlists.schedules.words import told_hours

ABOUT_VENUE = ("镇", "场所", "类型", "编号")
UNPLANNED, NOTHING = "未编排", "不播放"
_MOST_TITLES = 6


@dataclass(frozen=True, slots=True)
class DayTable:
    """The table; every cell is text.

    Attributes:
        title: what it is about, as printed above it.
        name: of its file, without suffix.
    """

    title: str
    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def plan_table(
    title: str,
    name: str,
    venues: Iterable[Venue],
    days: Sequence[date],
    planned: Mapping[tuple[str, date], Day],
    *,
    titles: bool,
) -> DayTable:
    """The table of these venues and days.

    Args:
        planned: (venue, day) → what is planned there; what is missing is not planned.
        titles: whether each cell names the lessons, too.
    """
    headings = (*ABOUT_VENUE, *(f"{date_label(day)}（{weekday(day)}）" for day in days))
    rows = tuple(
        (
            *(venue.town, venue.name, KIND_NAMES[venue.kind], venue.id),
            *(told_day(planned.get((venue.id, day)), titles=titles) for day in days),
        )
        for venue in venues
    )
    return DayTable(title, name, headings, rows)


def told_day(day: Day | None, *, titles: bool) -> str:
    """A day in lines: when it plays, what is held, which lessons are shown."""
    if day is None:
        return UNPLANNED
    hours = told_hours(day.windows) or (f"{NOTHING}（{day.closed}）" if day.closed else NOTHING)
    held = (f"{slot.start:%H:%M} {_label(slot)}《{slot.title.removeprefix(TRAINING)}》" for slot in _events(day))
    return "\n".join((hours, *held, *filter(None, [_titles(day) if titles else ""])))


def _events(day: Day) -> Iterable[Slot]:
    return (slot for slot in day.slots if slot.kind != "lesson")


def _label(slot: Slot) -> str:
    return "培训" if slot.is_training else "宣讲" if slot.kind == "lecture" else "活动"


def _titles(day: Day) -> str:
    """Each lesson once, in the order in which it is shown first."""
    told = list(dict.fromkeys(slot.title for slot in day.slots if slot.kind == "lesson" and not slot.is_bare))
    more = f"等{len(told)}部" if len(told) > _MOST_TITLES else ""
    return "".join(f"《{title}》" for title in told[:_MOST_TITLES]) + more
