"""A farm's hands: pieces made by workers, fetched from the shelf and proved here before they are believed.

The first picture of each computer is made here, too, and compared: who makes other bytes than we do is not used.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from courseware.errors import Problem, ToolError, YuanjiaoError, text
from courseware.unchanged import stamp
from render.farm.build import AnyBuild
from render.farm.office.link import DesertedError, Link
from render.farm.shared.shelf import ChangedError, Content, LyingError, PieceShelf
from render.farm.shared.wire import FarmAnswer, FarmTask, Work, dump_task, fault_of, files_of, keys_of, with_paths
from render.pieces.factswork import FactsJob, facts_job, load_facts, make_facts, take_facts
from render.pieces.hands import LocalHands
from render.pieces.sheetwork import SheetsJob, load_sheets, make_sheets
from render.pieces.soundwork import SoundJob
from render.source.sources import Unseen, checksum
from render.work.crew import in_order, pool_of
from render.work.ffmpeg import StoppedError
from render.work.jobs import MOST_FRAMES, Job
from render.work.verify import is_steady
from render.work.workshop import Workshop, storage_errors
from templates.pages.press import typeset_all

if TYPE_CHECKING:
    from rich.progress import Progress

    from courseware.terminal.console import Console

_TRIES = 5
_CLOCK_SLACK_S = 600
_LOOK_S = 2.0


@dataclass(slots=True)
class _Trust:
    """Whether a computer's first work of a kind was compared with ours."""

    proven: bool = False
    guard: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True, slots=True)
class FarmHands:
    """Makes pieces on other computers.

    Attributes:
        own: this computer, which makes what proves the others.
        count: tasks on their way; more than there are workers, so that none waits for the next.
        made: pieces, or pages, by the names of workers.
    """

    link: Link
    shelf: PieceShelf
    workshop: Workshop
    build: AnyBuild
    own: LocalHands
    count: int
    _trust: defaultdict[tuple[str, type[Work]], _Trust] = field(default_factory=lambda: defaultdict(_Trust))
    made: Counter[str] = field(default_factory=Counter)

    def make_picture(self, job: Job, progress: Callable[[int], None]) -> None:
        """As the protocol says; progress is by whole jobs."""
        self._make(job)
        progress(job.frames)

    def make_sound(self, job: SoundJob) -> None:
        """As the protocol says."""
        self._make(job)

    def make_sheets(self, job: SheetsJob) -> None:
        """Set sheets as `make_picture` makes pieces."""
        self._make(job)

    def look_into(self, sources: Sequence[Unseen]) -> None:
        """As the protocol says."""
        with pool_of(self.count, self.workshop.stop) as pool:
            list(in_order([pool.submit(self._look_into, one) for one in sources]))

    def _look_into(self, one: Unseen) -> None:
        try:
            seen, job = stamp(one.path.stat()), facts_job(one, self.workshop.cache_dir)
            self._make(job)
            take_facts(self.workshop, one, job, seen)
        except DesertedError:
            raise  # nothing else would be made either
        except (YuanjiaoError, OSError):
            return  # whoever needs the source looks himself then, and says what is wrong

    @contextmanager
    def accompany(self, bars: Progress, console: Console) -> Iterator[None]:
        """Show which worker makes what, and say at the end who made how much."""
        ended = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(bars, console, ended), daemon=True)
        watcher.start()
        try:
            yield
        finally:
            ended.set()
            watcher.join()
            for worker, count in sorted(self.made.items()):
                console.note(text("{worker} made {count} pieces", worker=worker, count=count))

    def _watch(self, bars: Progress, console: Console, ended: threading.Event) -> None:
        lines = {}
        while not ended.wait(_LOOK_S):
            for worker, names in self._busy().items():
                if worker not in lines:
                    lines[worker] = bars.add_task("", total=None)
                doing = "、".join(dict.fromkeys(names)) or "-"
                line = text(
                    "{worker}: {lessons} ({count} made)", worker=worker, lessons=doing, count=self.made[worker]
                )
                bars.update(lines[worker], description=console.tr(line))
        for line_of in lines.values():
            bars.remove_task(line_of)

    def _busy(self) -> Mapping[str, tuple[str, ...]]:
        with suppress(ToolError, StoppedError):
            return self.link.busy()
        return {}

    def _make(self, work: Work) -> None:
        files = {path: self._content(path, known) for path, known in files_of(work)}
        names = {content.name: Path(path).name for path, content in files.items()}
        sent = with_paths(work, {path: content.name for path, content in files.items()})
        task = dump_task(FarmTask(self.build, sent, tuple(files.values())))
        for _ in range(_TRIES):
            if self._has(work) or self._take_in(work, self._promised(keys_of(work))):
                return
            self._offer(files)
            answer = self.link.ask(task, work.name)
            self._hold_clock(answer)
            match answer.state:
                case "made" if self._is_believed(answer, work) and self._take_in(work, answer.pieces):
                    self.made[answer.worker] += len(work.sheets if isinstance(work, SheetsJob) else answer.pieces)
                    return
                case "failed":
                    raise fault_of(answer, names)
                case "back":
                    for problem in fault_of(answer, names).problems:
                        self.link.tell(problem.what)
                case "unable":
                    self.link.avoid(answer.worker, fault_of(answer, names).problems[0].what)
        what = text("the farm could not make it, often as it tried; start again, or make it on this computer")
        raise ToolError(Problem("", what))

    def _content(self, path: str, known: str) -> Content:
        """A file as the farm knows it; of a piece in the store, which no job has a hash of, its own."""
        file = Path(path)
        with storage_errors(file), self.workshop.locks[f"source {file}"]:
            found = checksum(file, self.workshop.cache_dir)
            if known and known != found:
                raise _changed(file)
            return Content(found, file.stat().st_size, file.suffix.lower())

    def _offer(self, files: Mapping[str, Content]) -> None:
        for path, content in files.items():
            with storage_errors(Path(path)), self.workshop.locks[f"offer {path}"]:
                try:
                    self.shelf.offer(Path(path), content)
                except ChangedError:
                    raise _changed(Path(path)) from None

    def _promised(self, keys: Sequence[str]) -> dict[str, str]:
        """Hashes of what the shelf has already; empty unless it has all of it."""
        notes = {key: self.shelf.find(key) for key in keys}
        found = {key: note.content.sha256 for key, note in notes.items() if note is not None}
        return found if len(found) == len(keys) else {}

    def _has(self, work: Work) -> bool:
        """Whether it is here already: made to compare, or brought by an earlier try."""
        return all(self.workshop.store.find(key) is not None for key in keys_of(work))

    def _take_in(self, work: Work, promised: Mapping[str, str]) -> bool:
        """Fetch the pieces, prove them and put them into our store; False when one is not as it was promised."""
        return bool(promised) and all(self._took_in(work, key, promised.get(key, "")) for key in keys_of(work))

    def _took_in(self, work: Work, key: str, promised: str) -> bool:
        if self.workshop.store.find(key) is not None:
            return True
        note = self.shelf.find(key)
        if note is None or note.content.sha256 != promised:
            return False
        with storage_errors(self.workshop.cache_dir), self.workshop.work_folder() as folder:
            made = folder / self.workshop.store.place(key, note.kind).name
            try:
                self.shelf.fetch(note.content, made)
            except LyingError:
                self.link.tell(_LIED)
                self.shelf.discard(key)
                return False
            if not _is_whole(work, key, made):
                self.link.tell(text("a piece of {worker} is not whole; it is made again", worker=note.maker))
                self.shelf.discard(key)
                return False
            self.workshop.store.put(key, note.kind, made, note.facts)
        return True

    def _is_believed(self, answer: FarmAnswer, work: Work) -> bool:
        """Whether a computer makes what we make: known by its first picture and facts, and whenever two disagree."""
        keys, trust = keys_of(work), self._trust[answer.computer, type(work)]
        with trust.guard:
            disputed = self._promised(keys) != answer.pieces
            comparable = not isinstance(work, SoundJob) and not (isinstance(work, Job) and work.frames > MOST_FRAMES)
            if not disputed and (trust.proven or not comparable):
                return True
            honest = self._compare(answer, work)
            trust.proven = honest
        return honest

    def _compare(self, answer: FarmAnswer, work: Work) -> bool:
        match work:
            case FactsJob():
                make_facts(self.workshop, work)
            case SheetsJob():
                with storage_errors(self.workshop.cache_dir):
                    make_sheets(self.workshop, work, typeset_all)
            case SoundJob():
                self.own.make_sound(work)
            case Job():
                self.own.make_picture(work, lambda _: None)
        ours = {key: found.sha256 for key in keys_of(work) if (found := self.workshop.store.find(key)) is not None}
        if self._promised(keys_of(work)) != ours:
            for key in keys_of(work):
                self.shelf.discard(key)
        if ours == answer.pieces:
            return True
        self.link.avoid(answer.worker, text("it makes other bytes than this computer"))
        return False

    def _hold_clock(self, answer: FarmAnswer) -> None:
        off_s = round(abs(answer.now - time.time()))
        if off_s > _CLOCK_SLACK_S:
            what = text(
                "the clock of {worker} is {minutes} minutes off; what it makes is the same, but set it right",
                worker=answer.worker,
                minutes=off_s // 60,
            )
            self.link.tell(what)


def _is_whole(work: Work, key: str, made: Path) -> bool:
    if isinstance(work, SoundJob):
        return True
    if isinstance(work, FactsJob):
        return load_facts(made) is not None
    if isinstance(work, SheetsJob):
        return load_sheets(made, len(work.sheets)) is not None
    output = next(one for one in work.outputs if one.key == key)
    return is_steady(made, output.frames, output.fps)


def _changed(file: Path) -> ToolError:
    return ToolError(Problem(file.name, _CHANGED))


_LIED = text("the farm's store gave back other bytes than were put there; they are made again")
_CHANGED = text("the video was changed while it was being rendered; start again")
