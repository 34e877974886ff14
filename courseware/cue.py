"""One subtitle. Knows no file format."""

from __future__ import annotations

from dataclasses import dataclass

from courseware.times import Span


@dataclass(frozen=True, slots=True)
class Cue:
    """Plain text shown during span; lines are separated by a newline, never blank."""

    span: Span
    text: str

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError("a cue must have text")
