"""Renders many lessons for many profiles: pieces side by side, with progress, and no bad lesson stops the others."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from courseware.errors import BatchError, Problem, text
from courseware.files import sweep
from courseware.lessons.lesson_files import is_footage
from courseware.terminal.console import Console
from render.making.errands import Errand, errands_of, run_errand, sound_job
from render.making.finish import finish
from render.pieces.hands import Hands, LocalHands
from render.plan.order import Order
from render.plan.plan import CrossFade, Piece, SourceStretch
from render.plan.profiles import Profile
from render.source.examine import Due, Lot, Outcome, State, Target, examine, failure
from render.source.sources import Unseen, unseen
from render.work.crew import Done, Failed, Task, pool_of, work_through
from render.work.ffmpeg import StoppedError
from render.work.jobs import Job
from render.work.workshop import Workshop, check_room

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_SOUND_COST = 40  # of a second of sound, in thousands of pixels encoded
# Kilobits a second of footage, by thousands of pixels, and what cards take of that. Fitted to the sample county on
# canvases of 74 to 2074 thousand: it asks for 1.7 times what a speaker takes, and for a third of a noisy night.
_FOOTAGE_KBPS, _GROWTH, _CARD_SHARE = 20, 0.65, 0.1


def lots_for(
    orders: Iterable[Order], profiles: Sequence[Profile], renditions_dir: Path, *, salvage: bool = False
) -> tuple[Lot, ...]:
    """Every lesson for every profile."""
    return tuple(
        Lot(order, targets_of(order.lesson, order.title, profiles, renditions_dir), salvage) for order in orders
    )


def targets_of(lesson: str, title: str, profiles: Sequence[Profile], renditions_dir: Path) -> tuple[Target, ...]:
    """A lesson for every profile: <renditions>/<profile>/<lesson>.mp4."""
    return tuple(
        Target(lesson, title, profile, renditions_dir / profile.name / f"{lesson}.mp4") for profile in profiles
    )


def render_all(
    workshop: Workshop,
    lots: Sequence[Lot],
    console: Console,
    *,
    threads: int = 2,
    dry_run: bool = False,
    hands: Hands | None = None,
) -> tuple[Outcome, ...]:
    """Make what is not there yet, or not as it should be.

    Args:
        threads: how much this computer does side by side.
        hands: who makes the pieces; this computer when None.

    Returns:
        One outcome per target, in order; also for those that failed.

    Raises:
        KeyboardInterrupt: after everything that ran was stopped and cleared away; finished pieces are kept.
    """
    targets = [target for lot in lots for target in lot.targets]
    if not dry_run:
        sweep(*{target.path.parent for target in targets})
    found: dict[Target, Outcome] = {}
    with _ended_in_order(), console.progress() as bars, pool_of(threads, workshop.stop) as pool:
        if hands is not None:
            hands.look_into(unseen(_videos_of(lots), workshop.cache_dir))
        due = _sort_out(workshop, lots, pool, found, bars, console)
        if dry_run:
            found |= {one.target: _outcome(one, "due") for one in due}
        elif due:
            board = _Board(workshop, bars, console, len(due), hands or LocalHands(workshop, threads), threads)
            _make_all(board, due, found)
    return tuple(found[target] for target in targets)


def raise_failures(outcomes: Iterable[Outcome], broken: Iterable[Problem] = ()) -> None:
    """End a batch: quietly when all is well.

    Args:
        broken: problems of lessons that were not even begun.

    Raises:
        BatchError: with every problem of every target that failed, each once.
    """
    problems = [*broken, *(problem for one in outcomes for problem in one.problems)]
    once = {problem.render(str): problem for problem in problems}
    if once:
        raise BatchError(*once.values())


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Let a shutdown, or the closing of the terminal, stop the batch as Ctrl-C does: nothing goes on without us."""
    signals = [getattr(signal, name, None) for name in ("SIGTERM", "SIGHUP", "SIGBREAK")]
    # What somebody chose to ignore (nohup) stays ignored; only the main thread may choose.
    ours = [one for one in signals if one and signal.getsignal(one) is signal.SIG_DFL]
    if threading.current_thread() is not threading.main_thread():
        ours = []
    for one in ours:
        signal.signal(one, signal.default_int_handler)
    try:
        yield
    finally:
        for one in ours:
            signal.signal(one, signal.SIG_DFL)


def _sort_out(
    workshop: Workshop,
    lots: Sequence[Lot],
    pool: ThreadPoolExecutor,
    found: dict[Target, Outcome],
    bars: Progress,
    console: Console,
) -> list[Due]:
    """Look into every lesson; put what failed or need not be made into `found`, return the rest."""
    bar = bars.add_task(console.tr(text("Looking into the videos")), total=len(lots))
    due: list[Due] = []
    by_task = {Task(str(number), _examination(workshop, lot)): lot for number, lot in enumerate(lots)}
    for ended in work_through(list(by_task), pool, len(lots)):
        bars.advance(bar)
        if isinstance(ended, Failed):
            found |= {target: failure(ended.error, target) for target in by_task[ended.task].targets}
            continue
        for result in ended.result:
            if isinstance(result, Due):
                due.append(result)
            else:
                found[result.target] = result
    bars.remove_task(bar)
    return due


def _videos_of(lots: Sequence[Lot]) -> Iterator[Unseen]:
    for lot in lots:
        paths = (path for path in lot.order.shown_paths if not is_footage(path))
        yield from (Unseen(path, lot.order.audio, lot.salvage) for path in paths)


def _examination(workshop: Workshop, lot: Lot) -> Callable[[], list[Due | Outcome]]:
    return lambda: examine(workshop, lot)


def _make_all(board: _Board, due: Sequence[Due], found: dict[Target, Outcome]) -> None:
    """Make everything that is due; the lesson with the least to do first, so that something can be watched soon."""
    _check_room(board.workshop, due)
    tasks, count = board.plan(due), board.hands.count
    with board.hands.accompany(board.bars, board.console), pool_of(count, board.workshop.stop) as pool:
        for ended in work_through(tasks, pool, count):
            match ended:
                case Done(result=Outcome() as outcome):
                    board.count()
                    found[outcome.target] = outcome
                case Failed(error=StoppedError()):
                    raise KeyboardInterrupt
                case Failed(task, error) if task.name in board.finishing:
                    board.count()
                    target = board.finishing[task.name]
                    found[target] = failure(error, target)


def _check_room(workshop: Workshop, due: Sequence[Due]) -> None:
    """Refuse a batch that has no chance to fit."""
    check_room(workshop.cache_dir, sum(map(bytes_needed, due)))


def bytes_needed(due: Due) -> int:
    """About how much a rendition will take: what the store lacks of it goes there, and all into the finished file."""
    profile = due.target.profile
    pieces = (*due.plan.pieces, *(one.piece for one in due.missing))
    sounds = due.plan.timeline.seconds * (2 if due.sound_missing else 1)
    kilobits = sum(_kilobits(one, profile) for one in pieces) + profile.audio_kbps * sounds
    return round(kilobits * 1000 / 8)


def _kilobits(piece: Piece, profile: Profile) -> float:
    usual: float = _FOOTAGE_KBPS * (profile.canvas.width * profile.canvas.height / 1000) ** _GROWTH
    share = 1 if isinstance(piece.picture, SourceStretch | CrossFade) else _CARD_SHARE
    return min(usual, profile.maxrate_kbps) * share * float(piece.chunk.frames / profile.fps)


@dataclass(slots=True)
class _Board:
    """The tasks of a batch and the bars that show how far they are.

    Attributes:
        threads: how many renditions are joined at once, however many pieces are on their way.
    """

    workshop: Workshop
    bars: Progress
    console: Console
    all: int
    hands: Hands
    threads: int
    finishing: dict[str, Target] = field(default_factory=dict)
    _done: int = 0
    _total: int = 0
    _bar: TaskID = field(init=False)
    _guard: threading.Lock = field(default_factory=threading.Lock)
    _joining: threading.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._joining = threading.Semaphore(self.threads)

    def plan(self, due: Sequence[Due]) -> list[Task[Outcome | None]]:
        """All tasks in the order in which they should be begun."""
        given: set[str] = set()
        tasks: list[Task[Outcome | None]] = []
        for lesson in sorted(_by_lesson(due), key=_left_to_do):
            sounds = [self._sound_task(one) for one in _sounds_of(lesson, given)]
            pictures = [self._picture_task(errand) for errand in errands_of(self.workshop.store, lesson, given)]
            tasks += in_turn(sounds, pictures)
            for rendition in lesson:
                name = f"finish {len(self.finishing)}"
                self.finishing[name] = rendition.target
                needs = frozenset([*rendition.keys, rendition.sound_key])
                tasks.append(Task(name, self._finish(rendition), needs))
        self._bar = self.bars.add_task(self._label(), total=self._total)
        return tasks

    def _sound_task(self, one: Due) -> Task[Outcome | None]:
        self._total += _sound_cost(one)
        return Task(f"sound {one.sound_key}", self._sound(one), gives=frozenset([one.sound_key]))

    def _picture_task(self, errand: Errand) -> Task[Outcome | None]:
        self._total += _cost(errand.job)
        gives = frozenset(one.key for one in errand.job.outputs)
        return Task(f"job {min(gives)}", self._job(errand), errand.needs, gives)

    def count(self) -> None:
        """One more rendition has ended, well or not."""
        self._done += 1
        self.bars.update(self._bar, description=self._label())

    def _label(self) -> str:
        return self.console.tr(text("Rendering {done} of {all}", done=self._done, all=self.all))

    def _job(self, errand: Errand) -> Callable[[], None]:
        job = errand.job
        return lambda: self._watched(_cost(job), job.frames, lambda seen: run_errand(self.hands, errand, seen))

    def _sound(self, one: Due) -> Callable[[], None]:
        return lambda: self._watched(_sound_cost(one), 1, lambda _: self.hands.make_sound(sound_job(one)))

    def _finish(self, one: Due) -> Callable[[], Outcome]:
        def joined() -> Outcome:
            with self._joining:
                return finish(self.workshop, one)

        return joined

    def _watched(self, cost: int, frames: int, work: Callable[[Callable[[int], None]], None]) -> None:
        """Do the work while the bar moves on by its cost; to the end also when it fails."""
        if self.workshop.stop.is_set():
            raise StoppedError
        seen = 0

        def advance(done: int) -> None:
            nonlocal seen
            with self._guard:
                more, seen = max(0, min(done, frames) - seen), max(seen, min(done, frames))
            self.bars.advance(self._bar, more * cost / frames)

        try:
            work(advance)
        finally:
            advance(frames)


def _sounds_of(lesson: Sequence[Due], given: set[str]) -> Iterator[Due]:
    """A rendition for each sound that is missing and not given before; its key is put to what is given."""
    for rendition in lesson:
        if rendition.sound_missing and rendition.sound_key not in given:
            given.add(rendition.sound_key)
            yield rendition


def in_turn(sounds: Sequence[Task[Any]], pictures: Sequence[Task[Any]]) -> Iterator[Task[Any]]:
    """A lesson's sounds early, a picture after each.

    A sound keeps one core busy and would leave the others idle at the end of a batch; all sounds of a lesson wait for
    the one that measures its source first.
    """
    for pair in zip_longest(sounds, pictures):
        yield from (one for one in pair if one is not None)


def _by_lesson(due: Sequence[Due]) -> list[list[Due]]:
    found: dict[str, list[Due]] = {}
    for one in due:
        found.setdefault(one.order.lesson, []).append(one)
    return list(found.values())


def _left_to_do(lesson: Sequence[Due]) -> tuple[int, str]:
    left = 0
    for due in lesson:
        canvas = due.target.profile.canvas
        left += sum(one.piece.chunk.frames for one in due.missing) * _size(canvas.width * canvas.height)
    return left, lesson[0].order.lesson


def _size(pixels: int) -> int:
    """Of a frame, in thousands of pixels; decoding costs as much as a small canvas."""
    return 200 + pixels // 1000


def _cost(job: Job) -> int:
    return sum(one.frames * _size(one.pixels) for one in job.outputs)


def _sound_cost(one: Due) -> int:
    return one.plan.timeline.seconds * _SOUND_COST


def _outcome(one: Due, state: State) -> Outcome:
    return Outcome(one.target, state, one.plan.timeline.seconds, one.notes, reasons=one.reasons)
