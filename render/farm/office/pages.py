"""Sheets set by a farm's workers: some to a task, fetched and proved like pieces, given out in their order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from courseware.errors import Problem, Text, ToolError, text
from render.farm.build import sign_of
from render.farm.office.hands import FarmHands
from render.pieces.sheetwork import SheetsJob, load_sheets, sheets_jobs
from render.work.crew import in_order, pool_of
from templates.pages.typeset import Sheet


@dataclass(frozen=True, slots=True)
class FarmPress:
    """Typesets on other computers."""

    hands: FarmHands

    def typeset_all(self, sheets: Sequence[Sheet]) -> Iterator[bytes]:
        """Each sheet's bytes, in order.

        Raises:
            ToolError: one cannot be typeset, or the farm cannot.
            StorageError: the shelf, or this computer's disk, refuses.
        """
        jobs = tuple(sheets_jobs(sheets, sign_of(self.hands.build)))
        with pool_of(self.hands.count, self.hands.workshop.stop) as pool:
            for job in in_order([pool.submit(self._set, job) for job in jobs]):
                yield from self._taken(job)

    def told(self) -> Iterator[Text]:
        """Who set how much."""
        for worker, count in sorted(self.hands.made.items()):
            yield text("{worker} set {count} pages", worker=worker, count=count)

    def _set(self, job: SheetsJob) -> SheetsJob:
        self.hands.make_sheets(job)
        return job

    def _taken(self, job: SheetsJob) -> tuple[bytes, ...]:
        """What was set, no longer in the store."""
        store = self.hands.workshop.store
        piece = store.find(job.key, check=True)
        contents = load_sheets(piece.path, len(job.sheets)) if piece else None
        store.discard(job.key)
        if contents is None:
            raise ToolError(Problem("", text("a stored piece is gone; run it again")))
        return contents
