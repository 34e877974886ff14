"""Hands: who makes the pieces of a batch. This computer's own are here; a farm's are those of other computers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from render.pieces.execute import run_job
from render.pieces.soundwork import SoundJob, make_sound
from render.work.jobs import Job
from render.work.workshop import Workshop


class Hands(Protocol):
    """Makes pieces; afterwards they are in the store of the workshop, the same bytes whoever made them."""

    @property
    def count(self) -> int:
        """How many pieces are on their way at once."""

    def make_picture(self, job: Job, progress: Callable[[int], None]) -> None:
        """Make all that a job is for.

        Args:
            progress: told the number of frames encoded so far, of all outputs together.

        Raises:
            YuanjiaoError: it cannot be made; no trace remains.
            StoppedError: the batch was called off.
        """

    def make_sound(self, job: SoundJob) -> None:
        """Make a sound; raises as `make_picture`."""


@dataclass(frozen=True, slots=True)
class LocalHands:
    """This computer."""

    workshop: Workshop
    count: int

    def make_picture(self, job: Job, progress: Callable[[int], None]) -> None:
        """As `run_job`."""
        run_job(self.workshop, job, progress)

    def make_sound(self, job: SoundJob) -> None:
        """As `render.pieces.soundwork.make_sound`."""
        make_sound(self.workshop, job)
