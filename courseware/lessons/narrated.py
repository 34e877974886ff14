"""Narration (讲解) as a lesson has it: the stretches of sound files that are heard, each at its place. Plain data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from courseware.errors import text

NOTHING_SAID = text("nothing is said in it; write “says” into its clips, or add a script.txt")


@dataclass(frozen=True, slots=True)
class Utterance:
    """A stretch of a sound file, heard from `at_ms` on in the body of a lesson.

    Attributes:
        key: stands for the file's bytes.
        start_ms: where it begins in the file.
    """

    path: Path
    key: str
    start_ms: int
    length_ms: int
    at_ms: int

    @property
    def end_ms(self) -> int:
        """When it has been heard."""
        return self.at_ms + self.length_ms
