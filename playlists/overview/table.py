"""How far a workspace has come, as rows of text for the terminal. Counts and prints nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

from courseware.documents import said
from courseware.errors import Text, text
from playlists.overview.status import SeriesProgress, Status, VenueProgress

STATUS_HEADINGS = (
    text("Series"),
    text("Form"),
    text("Lessons"),
    text("Rendered"),
    text("Reviewed"),
    text("Scheduled"),
)
VENUE_HEADINGS = (text("Venue"), text("Name"), text("Profile"), text("Days"), text("Slots"), text("Gaps"))

Row = tuple[str, ...]


def status_rows(status: Status, total: str) -> tuple[Row, ...]:
    """One row per series, each followed by its forms, and one for all, headed `total`."""
    return (*(_status_row(row, row.series) for row in status.series), _status_row(status.total, total))


def _status_row(row: SeriesProgress, name: str) -> Row:
    lessons = f"{row.lessons}/{row.goal}" if row.goal else str(row.lessons)
    return ("" if row.form else name, row.form, lessons, str(row.rendered), str(row.reviewed), str(row.scheduled))


def venue_rows(status: Status, damaged: str) -> tuple[Row, ...]:
    """One row per venue: what of its week is planned, or that its file is `damaged`."""
    return tuple(
        (venue.id, venue.name, venue.profile, *((damaged, "", "") if venue.damaged else _planned(venue)))
        for venue in status.venues
    )


def _planned(row: VenueProgress) -> Row:
    return str(row.days), str(row.slots), str(row.gaps)


def column_lines(status: Status) -> Iterable[Text]:
    """How far each column has come that is begun."""
    for column in status.columns:
        if column.issues or column.published:
            told = {"column": column.column, "published": column.published, "goal": column.goal or "∞"}
            yield text("{column}: {published} of {goal} issues are published", **told)


def status_document(status: Status, translate: Callable[[Text], str]) -> dict[str, Any]:
    """All of it, for JSON."""
    return {**asdict(status), "problems": said(status.problems, translate)}
