"""One line of a player's log, and the chain that binds each line to the one before. Reads no files.

A line is JSON; `prev` is the hash of the bytes of the line before it, for the first line that of the boot's name.
So a line is confirmed by the next one, and whoever changes one line must change all that follow.
"""

from __future__ import annotations

import hashlib
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

Event = Literal[
    "boot", "start", "end", "skip", "missing", "damaged", "substitute", "fallback", "event", "idle", "alive", "clock",
    "notice", "revision", "refused", "tally", "stop",
]  # fmt: skip
BEGINNING = b'{"v":'  # every line begins so, whichever player wrote it
_MARK = 16  # hex digits of a hash that stand for it
_LONGEST = 2**53  # what JSON of every language holds exactly
_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}"


class LogLine(BaseModel):
    """What a player noted.

    Attributes:
        n: 0, 1, 2 … since the player was started.
        machine, boot: which PC, and which of its starts.
        mono: milliseconds since that start, by a clock that nobody sets.
        wall: what the clock on the wall said; it may be set.
        slot: id of the slot that was on by the plan; None when none was, or the clock was not believed.
        kit, revision: by which kit.
        sha16: what was on: the first digits of its SHA-256.
        pos: milliseconds into it.
        late: milliseconds by which it began later than it should.
        prev: mark of the line before.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    v: Literal[1]
    n: int = Field(ge=0, lt=_LONGEST)
    machine: str = Field(pattern=f"^{_NAME}$")
    boot: str = Field(pattern=f"^{_NAME}$")
    mono: int = Field(ge=0, lt=_LONGEST)
    wall: AwareDatetime
    event: Event
    slot: str | None = Field(default=None, max_length=40)
    kit: str = Field(default="", max_length=120)
    revision: int = Field(default=0, ge=0, lt=_LONGEST)
    sha16: str | None = Field(default=None, max_length=64)
    pos: int = Field(default=0, ge=0, lt=_LONGEST)
    late: int = Field(default=0, gt=-_LONGEST, lt=_LONGEST)
    reason: str = Field(default="", max_length=400)
    prev: str = Field(max_length=64)

    @property
    def venue(self) -> str:
        """The venue for which the kit was made, like square-01 of square-01_2026-W49_r3; "" when it does not say."""
        return self.kit.rsplit("_", 2)[0] if self.kit.count("_") > 1 else ""

    @property
    def at_ms(self) -> int:
        """The clock on the wall, in milliseconds since 1970."""
        return round(self.wall.timestamp() * 1000)


def parse_line(content: bytes) -> LogLine | None:
    """The line, or None when it is none."""
    try:
        return LogLine.model_validate_json(content)
    except ValidationError:
        return None


def mark_of(content: bytes) -> str:
    """What the line after this one, without its line feed, says as its `prev`; of a boot's name, the first line."""
    return hashlib.sha256(content).hexdigest()[:_MARK]
