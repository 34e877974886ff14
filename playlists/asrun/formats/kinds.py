"""What every reader of logs gets and gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from courseware.errors import InputError, Problem, text
from playlists.asrun.chain import Written
from playlists.asrun.statement import Statement
from playlists.files.naming import ids_of, no_venue
from playlists.files.venues import Venue
from playlists.kits.plan import name_in_kits


@dataclass(frozen=True, slots=True)
class Setting:
    """Whose logs are read.

    Attributes:
        zone: of the clocks that other software shows without saying which.
        venue: id of the venue whose log it is, where the log does not say; "" when not told.
    """

    venues: Sequence[Venue]
    zone: ZoneInfo
    venue: str = ""

    def venue_called(self, name: str, where: str) -> str:
        """The id of the venue of that id or name; of the one that was told, where the log says none.

        Raises:
            InputError: no venue is called so.
        """
        if self.venue:
            return self.venue
        if not name:
            what = text("does not say of which venue it is; add --venue")
            raise InputError(Problem(where, what))
        found = ids_of(self.venues).get(name)
        if found is None:
            raise InputError(Problem(where, no_venue(name, self.venues)))
        return found


def venues_in_kits(venues: Iterable[Venue]) -> Mapping[str, str]:
    """What kits call a venue → its id, where they differ."""
    return {name: one.id for one in venues if (name := name_in_kits(one.id)) != one.id}


@dataclass(frozen=True, slots=True)
class LogFile:
    """What a file holds.

    Attributes:
        format: its key in the registry.
        written: the lines of our own player.
        statements: what other software, or a person, says.
        torn: how many last lines were cut off, and are dropped.
        problems: what cannot be used, or must not be believed.
    """

    format: str
    written: tuple[Written, ...] = ()
    statements: tuple[Statement, ...] = ()
    torn: int = 0
    problems: tuple[Problem, ...] = field(default=())


class LogFormat(NamedTuple):
    """How a kind of log is recognised and read.

    Attributes:
        knows: by the path and the first bytes.
    """

    name: str
    suffixes: tuple[str, ...]
    knows: Callable[[Path, bytes], bool]
    read: Callable[[Path, Setting], LogFile]
