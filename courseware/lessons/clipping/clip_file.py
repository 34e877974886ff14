"""The keys of a [[clip]] (片段) of lesson.toml, and what they may be; what they lead to is for `clips`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePath
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from courseware.errors import Text, text
from courseware.lessons.lesson_files import is_footage
from courseware.times import parse_shift
from courseware.validate import Complaint, one_line

Fit = Literal["pad", "blur", "crop"]
Cut = tuple[int, int | None]  # what is left out, in milliseconds; None is the end of the video
Turn = Literal[0, 90, 180, 270]
Move = Literal["auto", "none", "in", "out", "left", "right", "up", "down"]
SHORTEST_MS = 200  # of a clip on the screen; less is a flash that nobody meant
MOST_CLIPS = 200
_ENDS = "。！？；：!?;:…"
NUMBER = re.compile(r"^(?:\d{1,3}[.、．)）]|[（(]\d{1,3}[)）]|[①-⑳])\s*")  # of a point, at the beginning of a line
_LONGEST_STILL_MS = 600_000
_LONGEST_FADE_MS = 5000
_BETWEEN = re.compile(r"\s*(?:[-–—~～至到])\s*")


def moment_ms(given: object) -> int:
    """A validator: milliseconds of "1:20", "1:02:03.5", 80 or 80.5 (seconds).

    Raises:
        Complaint: it is no moment.
    """
    said = str(given) if isinstance(given, str | int | float) and not isinstance(given, bool) else ""
    found = parse_shift(said)
    if found is None or found < 0 or said.strip().startswith(("+", "-")):
        raise Complaint(text('{given} is not a moment; write "1:20", "1:02:03.5" or seconds', given=str(given)))
    return found


def cut_ms(given: object) -> Cut:
    """A validator: the stretch of "1:20-1:45"; "-0:05" is from the beginning, "1:45-" to the end (None).

    Raises:
        Complaint: it is none, or it ends before it begins.
    """
    if isinstance(given, tuple):
        return given  # as it was read
    parts = _BETWEEN.split(given.strip()) if isinstance(given, str) else []
    if len(parts) != 2 or not any(parts):  # noqa: PLR2004  (a start and an end)
        raise Complaint(text('{given} is not a stretch; write "1:20-1:45"', given=str(given)))
    start, end = moment_ms(parts[0] or "0"), moment_ms(parts[1]) if parts[1] else None
    if end is not None and end <= start:
        raise Complaint(text("{given} ends before it begins", given=str(given)))
    return start, end


def _fade_ms(given: object) -> int:
    found = moment_ms(given)
    if found > _LONGEST_FADE_MS:
        raise Complaint(text("a cross-fade lasts 5 seconds at most"))
    return found


def _speed(given: object) -> Fraction:
    try:
        return Fraction(Decimal(str(given)))
    except (ArithmeticError, ValueError):
        raise Complaint(text("must be a number, not {given}", given=str(given))) from None


def _still_ms(given: object) -> int:
    found = moment_ms(given)
    if not SHORTEST_MS <= found <= _LONGEST_STILL_MS:
        raise Complaint(text("a picture stays from 0.2 to 600 seconds"))
    return found


def as_sentence(words: str) -> str:
    """Words, not empty, with a mark at their end, for a voice."""
    return words if words[-1] in _ENDS else f"{words}。"


def _spoken(value: str) -> str:
    if any(unicodedata.category(ch) == "Cc" and ch not in "\t\r\n" for ch in value):
        raise Complaint(text("must not hold control characters"))
    return value.strip()


Moment = Annotated[int, BeforeValidator(moment_ms)]
CutOut = Annotated[Cut, BeforeValidator(cut_ms)]


ShortLine = Annotated[str, Field(max_length=60), AfterValidator(one_line)]


class ClipFile(BaseModel):
    """The keys of a [[clip]] of lesson.toml; docs/formats.md describes each."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str = ""
    from_ms: Moment = Field(default=0, alias="from")
    to_ms: Moment | None = Field(default=None, alias="to")
    gain: float = Field(default=0, ge=-40, le=20)
    speed: Annotated[Fraction, BeforeValidator(_speed)] = Field(default=Fraction(1), ge=Fraction(1, 4), le=4)
    fit: Fit | None = None
    rotate: Turn | None = None
    fade: Annotated[int, BeforeValidator(_fade_ms)] = 0
    seconds: Annotated[int | None, BeforeValidator(_still_ms)] = None
    move: Move = "auto"
    caption: ShortLine = ""
    says: Annotated[str, Field(max_length=2000), AfterValidator(_spoken)] = ""
    speaker: ShortLine = ""
    card: ShortLine = ""
    lines: Annotated[tuple[ShortLine, ...], Field(max_length=12)] = ()
    picture: str = ""

    @model_validator(mode="after")
    def _lasts(self) -> ClipFile:
        if self.to_ms is not None and self.to_ms - self.from_ms < SHORTEST_MS * self.speed:
            raise Complaint(text("“to” must come after “from”, by 0.2 s of the finished lesson at least"))
        return self

    @property
    def spoken(self) -> str:
        """What is said meanwhile: of a card its own words, unless others are given."""
        return self.says or "\n".join(map(as_sentence, self._words))

    @property
    def _words(self) -> tuple[str, ...]:
        """Of a card, line by line, without the numbers of points."""
        return tuple(filter(None, (self.card, *(NUMBER.sub("", line) for line in self.lines)))) if self.card else ()

    @property
    def is_footage(self) -> bool:
        """Whether it shows a picture or a card, not a video."""
        return bool(self.card) or is_footage(PurePath(self.source))


def odd_keys(clip: ClipFile) -> Iterator[tuple[str, Text]]:
    """The keys of a clip that do not go with what it shows, each with what is wrong."""
    given = clip.model_fields_set
    if clip.card and clip.source:
        yield "card", text("a clip shows either a card or a file; remove one of the two")
    if not clip.card:
        yield from (
            (key, text("goes with a card, and none is named")) for key in ("lines", "picture") if key in given
        )
    if clip.speaker and not clip.spoken:
        yield "speaker", text("goes with “says”, and nothing is said")
    if clip.is_footage:
        what = text("is for a video; how long a picture or card stays is said by “seconds”")
        yield from ((key, what) for key in ("from_ms", "to_ms", "gain", "speed") if key in given)
    else:
        what = text("is for a picture; of a video say “from” and “to”")
        yield from ((key, what) for key in ("seconds", "move") if key in given)
    if clip.card:
        what = text("is not for a card, which is drawn for each screen; remove it")
        yield from ((key, what) for key in ("move", "fit", "rotate", "caption") if key in given)
