"""A cue as a file has it, before it is repaired, and what the formats share: lines, clocks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from courseware.errors import Text
from courseware.subtitles.cue import Place, SungFrom

_LINE = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
_CLOCK = re.compile(r"\s*(?:(\d{1,6})\s*[:：]\s*)?(\d{1,6})\s*[:：]\s*(\d{1,2})(?:\s*[.,:：，．。]\s*(\d{1,9}))?")


@dataclass(frozen=True, slots=True)
class FileCue:
    """A cue as the file has it.

    Attributes:
        number: its own number, else its place in the file.
        line: of the file, from 1, where its time stands.
        time: as written; empty when it has none.
        start_ms, end_ms: None when they cannot be read.
        text: plain, without markup; not yet looked at.
        sung: when its words are sung, see Cue.
        open_ended: the format writes no ends, so that a missing one is no damage.
    """

    number: str
    line: int
    time: str
    start_ms: int | None
    end_ms: int | None
    text: str
    speaker: str = ""
    place: Place = "bottom"
    open_ended: bool = False
    sung: tuple[SungFrom, ...] = ()


@dataclass(frozen=True, slots=True)
class Lost:
    """A stretch of the file that cannot be understood.

    Attributes:
        line: where it begins, from 1.
    """

    line: int
    what: Text


def lines_of(content: str) -> list[str]:
    """The lines, however they end."""
    return _LINE.split(content)


def milliseconds(clock: str) -> int | None:
    """Read "1:02:03.5", "02:03,500" and what people make of them; None when it is no time."""
    found = _CLOCK.match(clock)
    if found is None:
        return None
    hours, minutes, seconds, fraction = (part or "0" for part in found.groups())
    return (int(hours) * 3600 + int(minutes) * 60 + int(seconds)) * 1000 + int(fraction.ljust(3, "0")[:3])


def written(ms: int, point: str = ".") -> str:
    """A time as hh:mm:ss and three digits."""
    seconds, rest = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{rest:03}"
