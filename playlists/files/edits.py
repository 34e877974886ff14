"""edits.toml: what the office changed by hand in a plan — pin, swap, never, takeover. Inputs to every later plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from courseware.errors import Problem, text
from courseware.validate import Complaint, not_one_of, parse, read_text, read_toml
from playlists.files.by_hand.takeovers import BLOCK, Stretch, Takeover, check_takeovers, local_moment, showings
from playlists.files.naming import no_venue
from playlists.files.rows import WrittenDate
from playlists.files.scope import Names
from templates.type.printed import Printed

if TYPE_CHECKING:
    from playlists.files.venues import Venue

FILE_NAME = "edits.toml"
EVERYWHERE = "*"
_FROZEN = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Pin(BaseModel):
    """This lesson is shown at this venue at this moment, whatever the rules say.

    Attributes:
        block: the part of the programme it is printed under; the first one when not given.
    """

    model_config = _FROZEN

    venue: str
    at: dt.datetime
    lesson: str
    block: Printed = Field(default="", max_length=20)
    reason: Printed = Field(default="", max_length=60)

    _at = field_validator("at", mode="before")(local_moment)


class Side(BaseModel):
    """One of two showings that change places: where it stood before."""

    model_config = _FROZEN

    at: dt.datetime
    lesson: str

    _at = field_validator("at", mode="before")(local_moment)


class Swap(BaseModel):
    """Two showings of one venue and day change places; what lies between moves by the difference of their lengths."""

    model_config = _FROZEN

    venue: str
    first: Side
    second: Side

    @model_validator(mode="after")
    def _order(self) -> Swap:
        if self.second.at <= self.first.at:
            raise Complaint(text("“second” must be later than “first”"))
        if self.second.at.date() != self.first.at.date():
            raise Complaint(text("both showings must lie on one day"))
        return self


class Never(BaseModel):
    """This lesson is not shown here, from the first day to the last; without days, not at all."""

    model_config = _FROZEN

    lesson: str
    venues: Names = (EVERYWHERE,)
    first: WrittenDate | None = Field(default=None, alias="from")
    last: WrittenDate | None = Field(default=None, alias="to")
    reason: Printed = Field(default="", max_length=60)

    @model_validator(mode="after")
    def _order(self) -> Never:
        if self.first and self.last and self.last < self.first:
            raise Complaint(text("“to” lies before “from”"))
        return self

    def forbids(self, venue: str, day: dt.date) -> bool:
        """Whether it holds there on that day."""
        here = EVERYWHERE in self.venues or venue in self.venues
        return here and (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


class Edits(BaseModel):
    """All of edits.toml."""

    model_config = _FROZEN

    pin: tuple[Pin, ...] = ()
    swap: tuple[Swap, ...] = ()
    never: tuple[Never, ...] = ()
    takeover: tuple[Takeover, ...] = ()

    def of(self, venue: Venue) -> Edits:
        """What concerns that venue."""
        return Edits(
            pin=tuple(one for one in self.pin if one.venue == venue.id),
            swap=tuple(one for one in self.swap if one.venue == venue.id),
            never=tuple(one for one in self.never if EVERYWHERE in one.venues or venue.id in one.venues),
            takeover=tuple(one for one in self.takeover if one.concerns(venue)),
        )

    def carried_out(
        self, venue: str, windows: Sequence[Stretch], busy: Sequence[Stretch], seconds: Mapping[str, int]
    ) -> Edits:
        """With the pins that the takeovers come to at a venue; in their time they go before those by hand.

        Args:
            self: what concerns the venue.
            windows, busy: as in `showings`.
            seconds: lesson → its length, of those that can be shown.
        """
        if not self.takeover:
            return self
        pins = tuple(
            Pin(venue=venue, at=at, lesson=one.lesson, block=BLOCK)
            for one in self.takeover
            for at in showings(one, windows, busy, seconds.get(one.lesson, 0))
        )
        others = (pin for pin in self.pin if not any(one.holds(pin.at) for one in self.takeover))
        return self.model_copy(update={"pin": (*others, *pins), "takeover": ()})

    def forbidden(self, venue: str, day: dt.date) -> frozenset[str]:
        """The lessons that are not shown there on that day."""
        return frozenset(one.lesson for one in self.never if one.forbids(venue, day))


def load_edits(path: Path) -> Edits:
    """Read edits.toml; a missing file holds no edits.

    Raises:
        InputError: not TOML or any key wrong; all problems at once.
    """
    return parse(Edits, read_toml(path), path.name) if path.exists() else Edits()


def check_edits(edits: Edits, venues: Sequence[Venue], lessons: Iterable[str]) -> tuple[Problem, ...]:
    """Every venue and lesson in it that does not exist, and pins that ask for two lessons at one moment."""
    ids, known = {EVERYWHERE, *(venue.id for venue in venues)}, list(lessons)
    places: list[tuple[str, str]] = []
    shown: list[tuple[str, str]] = []
    for number, pin in enumerate(edits.pin, 1):
        places += [(f"pin.{number}.venue", pin.venue)]
        shown += [(f"pin.{number}.lesson", pin.lesson)]
    for number, swap in enumerate(edits.swap, 1):
        places += [(f"swap.{number}.venue", swap.venue)]
        shown += [(f"swap.{number}.{key}.lesson", getattr(swap, key).lesson) for key in ("first", "second")]
    for number, never in enumerate(edits.never, 1):
        shown += [(f"never.{number}.lesson", never.lesson)]
        places += [(f"never.{number}.venues", name) for name in never.venues]
    unknown = [(where, no_venue(name, venues)) for where, name in places if name not in ids]
    unknown += [(where, not_one_of(name, known)) for where, name in shown if name not in known]
    return (
        *(Problem(f"{FILE_NAME}: {where}", what) for where, what in unknown),
        *_contradictions(edits.pin),
        *check_takeovers(edits.takeover, venues, known, FILE_NAME),
    )


def add_edit(path: Path, kind: str, values: dict[str, Any]) -> None:
    """Append one edit to the file, made when there is none; what stands in it, comments too, stays as it is.

    Raises:
        InputError: the file as it stands cannot be read.
    """
    import tomlkit

    from courseware.files import write_text

    document = tomlkit.parse(read_text(path, path.name)) if path.exists() else tomlkit.document()
    entries = document.setdefault(kind, tomlkit.aot())
    entry = tomlkit.table()
    for key, value in values.items():
        if isinstance(value, dict):
            side = tomlkit.inline_table()
            side.update(value)
            entry.add(key, side)
        else:
            entry.add(key, value)
    entries.append(entry)
    parse(Edits, document.unwrap(), path.name)
    write_text(path, tomlkit.dumps(document))


def cancel_takeover(path: Path, number: int, at: dt.datetime) -> None:
    """Write into takeover NUMBER, from 1, that it is called off; all else stays as it is.

    Raises:
        InputError: the file as it stands cannot be read.
    """
    import tomlkit

    from courseware.files import write_text

    document = tomlkit.parse(read_text(path, path.name))
    document["takeover"][number - 1]["cancelled"] = at
    parse(Edits, document.unwrap(), path.name)
    write_text(path, tomlkit.dumps(document))


def _contradictions(pins: Sequence[Pin]) -> Iterable[Problem]:
    seen: dict[tuple[str, dt.datetime], int] = {}
    for number, pin in enumerate(pins, 1):
        other = seen.setdefault((pin.venue, pin.at), number)
        if pins[other - 1].lesson != pin.lesson:
            what = text("pin {other} already wants another lesson then; remove one of the two", other=other)
            yield Problem(f"{FILE_NAME}: pin.{number}", what)
