"""ffplayout's day: a JSON file a date, whose items follow each other from four in the morning for 24 hours.

An item has no start of its own, so what lies between is an item without a source, which ffplayout fills with its
filler. Fields: github.com/ffplayout/ffplayout, backend/app/src/player/utils/json_serializer.rs and mod.rs.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from courseware.errors import InputError, Problem, text
from playlists.lists.exporter import Exporter
from playlists.lists.rundown import DAY_BEGINS, Airing, Rundown, one_line


class PlayoutClip(BaseModel):
    """An item: from `skipped` up to `out`, in seconds of the file, which lasts `duration`."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    skipped: Annotated[float, Field(alias="in")] = 0.0
    out: float
    duration: float
    source: str
    title: str


class PlayoutDate(BaseModel):
    """A date's file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    channel: str
    date: str
    program: tuple[PlayoutClip, ...]


def dump(rundown: Rundown) -> bytes:
    """The day; what is on the screen without a file, a lecture or nothing, is filler.

    Raises:
        InputError: something is on before four in the morning, or after the next.
    """
    clips = tuple(_clips(rundown))
    day = PlayoutDate(channel=one_line(rundown.venue_name), date=str(rundown.days[0]), program=clips)
    return (day.model_dump_json(indent=1, by_alias=True) + "\n").encode()


def parse(content: bytes) -> Rundown:
    """Read a day that `dump` wrote; filler is left out."""
    day = PlayoutDate.model_validate_json(content)
    clips = (Airing(clip.title, round(clip.out), clip.source) for clip in day.program if clip.source)
    return Rundown("", f"{day.channel} {day.date}", tuple(clips))


def _clips(rundown: Rundown) -> Iterator[PlayoutClip]:
    now, end = _borders(rundown)
    for start, after, airing in rundown.timed():
        if not airing.path:
            continue
        if start < now or after > end:
            what = text(
                "“{title}” at {time} lies outside ffplayout's day, which begins at 04:00; use another format",
                title=airing.title,
                time=f"{start:%m-%d %H:%M}",
            )
            raise InputError(Problem(f"{rundown.venue} {rundown.days[0]}", what))
        if start > now:
            yield _clip("", "", now, start)
        yield _clip(one_line(airing.title), airing.path, start, after)
        now = after
    if now < end:
        yield _clip("", "", now, end)


def _borders(rundown: Rundown) -> tuple[datetime, datetime]:
    zone = next(rundown.timed())[0].tzinfo
    day = rundown.days[0]
    begin, end = (datetime.combine(one, time(DAY_BEGINS), zone) for one in (day, day + timedelta(days=1)))
    return begin, end


def _clip(title: str, source: str, start: datetime, end: datetime) -> PlayoutClip:
    seconds = (end.astimezone(UTC) - start.astimezone(UTC)).total_seconds()
    return PlayoutClip(out=seconds, duration=seconds, source=source, title=title)


EXPORTER = Exporter(
    ".json",
    "day",
    text("ffplayout: its playlist folder; day_start is 04:00:00"),
    dump,
    parse,
    paths="absolute",
    folder="ffplayout",
    name=lambda rundown: f"{rundown.days[0]:%Y/%m/%Y-%m-%d}",
)
