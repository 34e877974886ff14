"""What a venue's week depends on besides the files of the county. Plans nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from playlists.files.edits import Edits
from playlists.files.requests import Request
from playlists.schedules.history import Past
from playlists.schedules.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Given:
    """What a week depends on besides the files of the county.

    Attributes:
        past: what the venue showed before the week.
        before: the week as it was planned or published; what of it can stay, stays.
        today: days before it are past and stay as they stood in `before`.
        edits: what the office changed by hand.
        requests: what people asked for.
        now: what began before it, on its day, stays as it stood in `before` too.
        after: lesson → start of its first showing after the week, where that is planned already.
    """

    past: Past = field(default_factory=Past)
    before: Schedule | None = None
    today: date | None = None
    edits: Edits = field(default_factory=Edits)
    requests: tuple[Request, ...] = ()
    now: datetime | None = None
    after: Mapping[str, int] = field(default_factory=dict)
