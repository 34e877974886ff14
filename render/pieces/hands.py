"""Hands: who makes the pieces of a batch. This computer's own are here; a farm's are those of other computers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from render.pieces.execute import run_job
from render.pieces.soundwork import SoundJob, make_sound
from render.source.sources import Unseen
from render.work.jobs import Job
from render.work.workshop import Workshop

if TYPE_CHECKING:
    from rich.progress import Progress

    from courseware.terminal.console import Console


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

    def look_into(self, sources: Sequence[Unseen]) -> None:
        """Find out what is in sources, unless it is for this computer to do when it needs them.

        What cannot be found out is left to it, too.
        """

    def accompany(self, bars: Progress, console: Console) -> AbstractContextManager[None]:
        """Say what there is to say beside a batch's own bar while it runs."""


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

    def look_into(self, sources: Sequence[Unseen]) -> None:
        """Nothing: whoever needs them looks himself."""

    def accompany(self, bars: Progress, console: Console) -> AbstractContextManager[None]:
        """Nothing: the bar says it all."""
        del bars, console
        return nullcontext()
