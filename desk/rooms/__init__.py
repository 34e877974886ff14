"""The rooms of the desk, in the order of its menu. A room is a module and a line here."""

from __future__ import annotations

from desk.rooms import (
    door,
    guides,
    lessons,
    overview,
    people,
    publishing,
    reviews,
    start,
    subtitles,
    tables,
    tasks,
    venues,
    weeks,
)
from desk.rooms.drops import sheets, texts
from desk.rooms.office import columns, notices, reports, takeovers, wholes
from desk.rooms.room import DeskRoom, DeskRoute

ROOMS: tuple[DeskRoom, ...] = (
    overview.ROOM,
    lessons.ROOM,
    texts.ROOM,
    subtitles.ROOM,
    sheets.ROOM,
    reviews.ROOM,
    wholes.ROOM,
    weeks.ROOM,
    takeovers.ROOM,
    publishing.ROOM,
    notices.ROOM,
    columns.ROOM,
    tables.ROOM,
    venues.ROOM,
    reports.ROOM,
    tasks.ROOM,
    people.ROOM,
    guides.ROOM,
    door.ROOM,
    start.ROOM,
)

__all__ = ["ROOMS", "DeskRoom", "DeskRoute"]
