"""The plan that a player keeps to: what is on at each second, with which file. Files are JSON; see docs/formats.md.

It says everything twice where a machine and a person read it: seconds since 1970, so that a player needs no calendar,
and the local time. Two that differ are refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from courseware.errors import InputError, Problem, text
from courseware.files import is_plain, is_safe_id

FILE_NAME = "plan.json"
MEDIA = "media"
SHORT = 16  # hex digits of a sha256 by which a file is called
SCHEMAS = ("yuanjiao-plan/1", "yuanjiao-notice/1")
# Strict, as players are: a number in quotes is none.
_FROZEN = ConfigDict(frozen=True, extra="forbid", strict=True)
# Longer plans than a year are nobody's, and larger ones than any player reads in a second.
_LARGEST = 64 * 2**20


def _safe_id(name: str) -> str:
    if not is_safe_id(name):
        raise ValueError(name)
    return name


def _inside(path: str) -> str:
    """A way down from the kit's folder with "/", on every system."""
    if not path.isascii() or not all(is_plain(part) and part.isprintable() for part in path.split("/")):
        raise ValueError(path)
    return path


Name = Annotated[str, AfterValidator(_safe_id)]
Inside = Annotated[str, AfterValidator(_inside)]
Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
Sha16 = Annotated[str, StringConstraints(pattern="^[0-9a-f]{16}$")]
Seconds = Annotated[int, Field(ge=0, lt=2**33)]


class PlanVenue(BaseModel):
    """Whose plan it is, as printed; its canvas in pixels."""

    model_config = _FROZEN

    id: Name
    name: str
    kind: Literal["square", "station", "centre"]
    town: str = ""
    county: str = ""
    width: int = Field(gt=0)
    height: int = Field(gt=0)


class Validity(BaseModel):
    """When the plan may be played: from the first moment up to, not including, the last."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)

    start: AwareDatetime = Field(alias="from")
    start_s: Seconds = Field(alias="from_s")
    end: AwareDatetime = Field(alias="to")
    end_s: Seconds = Field(alias="to_s")

    @model_validator(mode="after")
    def _right(self) -> Self:
        _refuse_unequal((self.start, self.start_s), (self.end, self.end_s))
        _refuse_backwards(self.start_s, self.end_s)
        return self


class Opening(BaseModel):
    """A window in which the venue is open."""

    model_config = _FROZEN

    start: AwareDatetime
    start_s: Seconds
    end: AwareDatetime
    end_s: Seconds

    @model_validator(mode="after")
    def _right(self) -> Self:
        _refuse_unequal((self.start, self.start_s), (self.end, self.end_s))
        _refuse_backwards(self.start_s, self.end_s)
        return self


class KitFile(BaseModel):
    """A video of the kit: where it lies, its bytes, its whole seconds."""

    model_config = _FROZEN

    path: Inside
    size: int = Field(gt=0)
    sha256: Sha256
    seconds: int = Field(gt=0)


class Fallback(BaseModel):
    """What is shown when there is nothing better: a video to repeat, or none; a picture; one for closed hours."""

    model_config = _FROZEN

    ident: Inside | None = None
    card: Inside
    idle: Inside


class PlanSlot(BaseModel):
    """One showing or event.

    Attributes:
        id: of the slot in every log; see playlists/schedules/slot_ids.py.
        who: who speaks, at an event.
        file: the first 16 hex digits of the sha256 of what plays; None for an event, which shows a card in silence.
        volume: per cent.
    """

    model_config = _FROZEN

    id: str = Field(min_length=1, max_length=64)
    start: AwareDatetime
    start_s: Seconds
    seconds: int = Field(gt=0)
    kind: Literal["lesson", "filler", "ident", "slogan", "notice", "lecture", "activity", "training"]
    block: str | None = None
    lesson: Name | None = None
    series: str | None = None
    title: str
    who: str | None = None
    file: Sha16 | None = None
    volume: int = Field(default=100, ge=0, le=100)

    @property
    def end_s(self) -> int:
        """When the next slot may begin."""
        return self.start_s + self.seconds

    @model_validator(mode="after")
    def _right(self) -> Self:
        _refuse_unequal((self.start, self.start_s))
        return self


class KitPlan(BaseModel):
    """What one venue's player plays for some weeks, or, as a notice, what interrupts it.

    Attributes:
        kit: id of the kit.
        revision: grows with each kit of a venue; a player refuses an older one.
        built: when it was planned; a clock before that is wrong.
        interrupts: a notice: it is shown instead of the plan while its slots last.
        idle: what stands on the screen outside the windows.
        files: by the first 16 hex digits of their sha256.
        substitutes: series → files that may stand in for a missing one of it.
        slots: in order of time, none over another.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)

    form: Literal["yuanjiao-plan/1", "yuanjiao-notice/1"] = Field(default="yuanjiao-plan/1", alias="schema")
    kit: Name
    revision: int = Field(ge=1, lt=2**31)
    built: AwareDatetime
    venue: PlanVenue
    zone: str
    valid: Validity
    interrupts: bool = False
    idle: Literal["card", "black"] = "card"
    windows: tuple[Opening, ...] = ()
    files: dict[Sha16, KitFile] = Field(default_factory=dict)
    substitutes: dict[str, tuple[Sha16, ...]] = Field(default_factory=dict)
    fallback: Fallback
    slots: tuple[PlanSlot, ...] = ()

    @model_validator(mode="after")
    def _right(self) -> Self:
        for short, one in self.files.items():
            if one.sha256[:SHORT] != short or one.path != media_path(one.sha256):
                raise ValueError(short)
        named = {slot.file for slot in self.slots if slot.file}.union(*self.substitutes.values())
        if missing := named - self.files.keys():
            raise ValueError(min(missing))
        if len({slot.id for slot in self.slots}) < len(self.slots):
            raise ValueError("two slots have one id")
        if any(one.end_s > other.start_s for one, other in pairwise(self.slots)):
            raise ValueError("slots overlap or are out of order")
        if self.interrupts != (self.form == "yuanjiao-notice/1"):
            raise ValueError("only a notice interrupts")
        return self

    @property
    def media_bytes(self) -> int:
        """What its videos take."""
        return sum(one.size for one in self.files.values())

    @property
    def showings(self) -> tuple[PlanSlot, ...]:
        """The slots that play a file."""
        return tuple(slot for slot in self.slots if slot.file)


def media_path(sha256: str) -> str:
    """Where the kit keeps a video of these bytes: an ASCII name, whatever its title."""
    return f"{MEDIA}/{sha256[:SHORT]}.mp4"


def name_in_kits(venue: str) -> str:
    """What the ids of a venue's kits begin with: they name folders anywhere, whatever script its own id is in."""
    return venue if venue.isascii() else f"venue-{hashlib.sha256(venue.encode()).hexdigest()[:8]}"


def seconds_of(moment: datetime) -> int:
    """Seconds since 1970 of an aware moment."""
    return int(moment.timestamp())


def dump_plan(plan: KitPlan) -> str:
    """The plan as stable JSON text."""
    values = plan.model_dump(mode="json", by_alias=True)
    return json.dumps(values, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def parse_plan(content: bytes, where: str = FILE_NAME) -> KitPlan:
    """Read the bytes of a plan.json.

    Raises:
        InputError: no JSON, another schema, or any value that a player could not keep to.
    """
    what = text("this is not a plan of yuanjiao; build the kit again")
    try:
        values = json.loads(content.decode("utf-8"), object_pairs_hook=_once) if len(content) <= _LARGEST else None
        if isinstance(values, dict) and values.get("schema") not in SCHEMAS:
            what = text("this plan is of a kind that this version does not know; install the newest yuanjiao")
        return KitPlan.model_validate_json(content)
    except (ValueError, RecursionError):
        raise InputError(Problem(where, what)) from None


def load_plan(path: Path) -> KitPlan:
    """Read a plan.json.

    Raises:
        InputError: as parse_plan.
        OSError: it cannot be read.
    """
    return parse_plan(path.read_bytes(), path.name)


def _once(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    """A JSON object whose keys stand once: of two, readers would take different ones."""
    values: dict[str, object] = {}
    for key, value in pairs:
        if key in values:
            raise ValueError(key)
        values[key] = value
    return values


def _refuse_unequal(*pairs: tuple[datetime, int]) -> None:
    for moment, seconds in pairs:
        if moment.astimezone(UTC) != datetime.fromtimestamp(seconds, UTC):
            raise ValueError(f"{moment} is not {seconds}")


def _refuse_backwards(start_s: int, end_s: int) -> None:
    if end_s <= start_s:
        raise ValueError("ends before it begins")
