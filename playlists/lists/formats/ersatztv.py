"""ErsatzTV Next's playout, schema 0.0.7 (engine 0.2.3 and later): a JSON file for each day, items with start and end.

The engine takes the file whose name's range holds the present moment, and is off the air between items; it reads its
own version of the schema and older ones. Fields: github.com/ErsatzTV/next, schema/playout.json.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, PlainSerializer

from courseware.errors import text
from playlists.lists.exporter import Exporter
from playlists.lists.rundown import DAY_BEGINS, Airing, Rundown

_FROZEN = ConfigDict(frozen=True, extra="forbid")
# With its offset also where that is none: the engine reads RFC 3339.
Moment = Annotated[AwareDatetime, PlainSerializer(datetime.isoformat)]
Version = Literal["https://ersatztv.org/playout/version/0.0.7"]


class PlayoutSource(BaseModel):
    """A file on the engine's computer."""

    model_config = _FROZEN

    source_type: Literal["local"] = "local"
    path: str


class PlayoutItem(BaseModel):
    """A showing; its id is unique in the file."""

    model_config = _FROZEN

    id: str
    start: Moment
    finish: Moment
    source: PlayoutSource


class Playout(BaseModel):
    """A day's file."""

    model_config = _FROZEN

    version: Version = "https://ersatztv.org/playout/version/0.0.7"
    items: tuple[PlayoutItem, ...]


def dump(rundown: Rundown) -> bytes:
    """The day. Titles have no place in it."""
    items = tuple(
        PlayoutItem(id=f"{start:%Y%m%dT%H%M%S%z}", start=start, finish=end, source=PlayoutSource(path=airing.path))
        for start, end, airing in rundown.timed()
        if airing.path
    )
    return (Playout(items=items).model_dump_json(indent=1) + "\n").encode()


def parse(content: bytes) -> Rundown:
    """Read a day that `dump` wrote."""
    items = Playout.model_validate_json(content).items
    return Rundown("", "", tuple(map(_airing, items)))


def _airing(item: PlayoutItem) -> Airing:
    seconds = round((item.finish - item.start).total_seconds())
    return Airing("", seconds, item.source.path, start=item.start)


def _range(rundown: Rundown) -> str:
    """From four in the morning to the next, so that a day keeps its name whatever is planned."""
    first, last = rundown.days[0], rundown.days[0] + timedelta(days=1)
    zone = next(rundown.timed())[0].tzinfo
    borders = (datetime.combine(day, time(DAY_BEGINS), zone) for day in (first, last))
    return "_".join(f"{border:%Y%m%dT%H%M%S.000000000%z}" for border in borders)


EXPORTER = Exporter(
    ".json",
    "day",
    text("ErsatzTV Next: the playout folder of a channel"),
    dump,
    parse,
    paths="absolute",
    folder="ersatztv",
    name=_range,
)
