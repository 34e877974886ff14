"""A takeover (统一播放) in edits.toml: for some hours many venues show one lesson. It expires by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from courseware.errors import Problem, text
from courseware.validate import Complaint, not_one_of
from playlists.files.calendar import is_meant
from playlists.files.naming import no_venue
from playlists.files.scope import Names
from playlists.files.venues import KIND_NAMES, KIND_WORDS, Venue
from templates.type.printed import Printed

BLOCK = "统一播放"  # what pages, lists and players call the time
LONGEST = dt.timedelta(days=7)


def local_moment(value: object) -> object:
    """A validator: a moment of the workspace's own time zone."""
    # A time with an offset would be a second opinion about it.
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        raise Complaint(text("write the local time without a time zone: 2026-11-24T19:10:00"))
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        raise Complaint(text("a time of day is missing; write 2026-11-24T19:10:00"))
    return value


class Takeover(BaseModel):
    """One lesson at many venues, again and again while they are open, from a moment until another.

    Attributes:
        venues: ids, groups and kinds; "*" for all.
        towns: all venues of these towns, too.
        once: at the first moment alone.
        cancelled: when it was called off; from then on it counts for nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    venues: Names = ()
    towns: Names = ()
    lesson: str
    first: dt.datetime = Field(alias="from")
    last: dt.datetime = Field(alias="until")
    once: bool = False
    by: Printed = Field(default="", max_length=60)
    reason: Printed = Field(default="", max_length=60)
    cancelled: dt.datetime | None = None

    _local = field_validator("first", "last", "cancelled", mode="before")(local_moment)

    @model_validator(mode="after")
    def _order(self) -> Takeover:
        if not (self.venues or self.towns):
            raise Complaint(text("write venues or towns: for whom it is"))
        if self.last <= self.first:
            raise Complaint(text("“until” is not after “from”"))
        if self.last - self.first > LONGEST:
            raise Complaint(text("is longer than {days} days; put what holds longer into the programme", days=7))
        return self

    def concerns(self, venue: Venue) -> bool:
        """Whether it is for that venue, and was not called off."""
        return self.cancelled is None and (venue.town in self.towns or is_meant(self.venues, venue))

    def holds(self, at: dt.datetime) -> bool:
        """Whether the moment, by the venue's clock, lies in it."""
        return self.first <= at < self.last


def check_takeovers(
    takeovers: Sequence[Takeover], venues: Sequence[Venue], lessons: Iterable[str], where: str
) -> Iterator[Problem]:
    """Every venue, town and lesson in them that does not exist."""
    known, towns = list(lessons), list(dict.fromkeys(venue.town for venue in venues))
    groups = dict.fromkeys(group for venue in venues for group in venue.groups)
    choices = ["*", *(venue.id for venue in venues), *groups, *KIND_NAMES.values()]
    for number, takeover in enumerate(takeovers, 1):
        for name in takeover.venues:
            if name not in choices and name.lower() not in KIND_WORDS:
                yield Problem(f"{where}: takeover.{number}.venues", no_venue(name, venues, choices))
        for town in takeover.towns:
            if town not in towns:
                yield Problem(f"{where}: takeover.{number}.towns", not_one_of(town, list(filter(None, towns))))
        if takeover.lesson not in known:
            yield Problem(f"{where}: takeover.{number}.lesson", not_one_of(takeover.lesson, known))


Stretch = tuple[dt.datetime, dt.datetime]


def showings(
    takeover: Takeover, windows: Iterable[Stretch], busy: Sequence[Stretch], seconds: int
) -> Iterator[dt.datetime]:
    """The moments at which a venue shows the lesson: whole, while it is open, and not over what people come to.

    Args:
        windows, busy: when it is open and when something is held, in order, by the venue's clock without a zone.
        seconds: length of the lesson; 0 where it cannot be shown, which the first moment alone tells.
    """
    for start, end in _free(windows, busy):
        at, until = max(start, takeover.first), min(end, takeover.last)
        if takeover.once and at != takeover.first:
            continue
        while at + dt.timedelta(seconds=seconds or 1) <= until:
            yield at
            if takeover.once or not seconds:
                return
            at += dt.timedelta(seconds=seconds)


def _free(windows: Iterable[Stretch], busy: Sequence[Stretch]) -> Iterator[Stretch]:
    """What of the windows nothing is held in."""
    for start, end in windows:
        at = start
        for begins, ends in busy:
            if begins < end and at < ends:
                if at < begins:
                    yield at, begins
                at = max(at, ends)
        if at < end:
            yield at, end
