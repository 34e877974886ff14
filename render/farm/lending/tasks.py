"""What a worker does with a task, and the one function that a farm's tasks call."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from courseware.errors import Problem, StorageError, Text, ToolError, YuanjiaoError, reason_of, text
from render.farm.build import AnyBuild, Build, PageBuild, differences, page_build
from render.farm.lending.cabinet import Cabinet
from render.farm.lending.inspecting import is_strange
from render.farm.shared.shelf import Content, LyingError, PieceShelf
from render.farm.shared.wire import FarmAnswer, FarmTask, dump_answer, keys_of, load_task, said, with_paths
from render.pieces.execute import run_job
from render.pieces.factswork import FactsJob, make_facts
from render.pieces.sheetwork import SheetsJob, make_sheets
from render.pieces.soundwork import SoundJob, make_sound
from render.work.ffmpeg import StoppedError
from render.work.jobs import Job
from render.work.workshop import Workshop
from templates.pages.press import typeset_all
from templates.pages.typeset import SheetPress

_REST_S = 60


def carry_out(content: str) -> str:
    """Carry out a task on the worker that this runs on; what becomes of it is the answer, never an exception."""
    from distributed import get_worker

    bench: Bench = vars(get_worker())["bench"]
    return dump_answer(bench.answer(content))


@dataclass(slots=True)
class _Trouble:
    """What keeps a worker from making anything: a disk that is full is full for the next task, too."""

    answer: FarmAnswer | None = None
    until: float = 0.0


@dataclass(frozen=True, slots=True)
class Bench:
    """Where a worker works.

    Attributes:
        name: as the office sees this run of it.
        computer: the same for every run.
        build, pages: what it makes videos with, and sets pages with.
        press: sets them.
    """

    name: str
    computer: str
    build: Build
    workshop: Workshop
    shelf: PieceShelf
    cabinet: Cabinet
    press: SheetPress = typeset_all
    pages: PageBuild = field(default_factory=page_build)
    _trouble: _Trouble = field(default_factory=_Trouble)

    def answer(self, content: str) -> FarmAnswer:
        """Make what a task wants, put it on the shelf and tell its hashes."""
        if self._trouble.answer is not None and time.monotonic() < self._trouble.until:
            return replace(self._trouble.answer, now=time.time())
        task = load_task(content)
        if task is None or is_strange(task):
            return self._refusal(text("it was sent what is no job of yuanjiao's; nothing of it was run"))
        wrong = self._differing(task.build)
        if wrong:
            return self._refusal(*wrong)
        try:
            return self._answer("made", pieces=self._there(keys_of(task.work)) or self._made(task))
        except StoppedError:
            return self._answer("back")
        except (LyingError, YuanjiaoError, OSError) as error:
            return self._met(error)

    def _differing(self, wanted: AnyBuild) -> tuple[Text, ...]:
        if isinstance(wanted, PageBuild):
            return tuple(differences(wanted, self.pages))
        return tuple(differences(wanted, self.build))

    def _met(self, error: LyingError | YuanjiaoError | OSError) -> FarmAnswer:
        """Whose fault an error is: the lesson's fails it anywhere, the worker's does not."""
        match error:
            case StorageError() if any(one.where == self.shelf.objects.place for one in error.problems):
                return self._answer("unable", error)
            case StorageError():
                return self._rests(self._answer("unable", error))
            case YuanjiaoError():
                return self._answer("failed", error)
            case OSError():
                what = text("cannot be written to: {reason}", reason=reason_of(error))
                return self._rests(self._refusal(what))
            case _:
                # The store's fault: whoever has the right bytes lays them there again, and anybody goes on.
                what = text("the farm's store gave {worker} other bytes than it should", worker=self.name)
                return self._answer("back", StorageError(Problem("", what)))

    def _rests(self, answer: FarmAnswer) -> FarmAnswer:
        """Answer the same for a while, instead of making in vain what waits here."""
        self._trouble.answer, self._trouble.until = answer, time.monotonic() + _REST_S
        return answer

    def _there(self, keys: Sequence[str]) -> dict[str, str]:
        """Hashes of the pieces when all are on the shelf: who died after putting them did his work."""
        notes = {key: self.shelf.find(key) for key in keys}
        found = {key: note.content.sha256 for key, note in notes.items() if note is not None}
        return found if len(found) == len(keys) else {}

    def _made(self, task: FarmTask) -> dict[str, str]:
        with self.cabinet.holding(task.files) as paths:
            work = with_paths(task.work, paths)
            match work:
                case FactsJob():
                    make_facts(self.workshop, work)
                case SheetsJob():
                    make_sheets(self.workshop, work, self.press)
                case SoundJob():
                    make_sound(self.workshop, work)
                case Job():
                    run_job(self.workshop, work)
        return {key: self._put(key) for key in keys_of(task.work)}

    def _put(self, key: str) -> str:
        """Put a piece on the shelf; what another put there first stays, and whoever asked finds the difference."""
        piece = self.workshop.store.find(key, check=True)
        if piece is None:
            raise ToolError(Problem("", text("a stored piece is gone; run it again")))
        self.shelf.offer(piece.path, Content(piece.sha256, piece.size))
        if self.shelf.find(key) is None:
            self.shelf.note(piece, self.name)
        self.workshop.store.discard(key)
        return piece.sha256

    def _refusal(self, *what: Text) -> FarmAnswer:
        return self._answer("unable", StorageError(*(Problem("", one) for one in what)))

    def _answer(
        self,
        state: Literal["made", "failed", "unable", "back"],
        error: YuanjiaoError | None = None,
        pieces: dict[str, str] | None = None,
    ) -> FarmAnswer:
        fault, problems = (type(error).__name__, said(error.problems)) if error else ("", ())
        return FarmAnswer(state, self.name, self.computer, time.time(), pieces or {}, fault, problems)
