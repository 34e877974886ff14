"""Renders many lessons for many profiles: side by side, with progress, and no bad lesson stops the others."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from courseware.console import Console
from courseware.errors import BatchError, Problem, Text, YuanjiaoError, text
from courseware.files import sweep
from courseware.rendition import load_rendition
from render.execute import Workshop, describe_made, make, storage_errors
from render.ffmpeg import StoppedError
from render.glyphs import check_glyphs
from render.keys import rendition_key
from render.order import Order, unseen_cues
from render.plan import plan_rendition
from render.profiles import Profile
from render.sources import Source, look_into
from render.verify import is_intact

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

State = Literal["made", "kept", "due", "failed"]


@dataclass(frozen=True, slots=True)
class Job:
    """One rendition that is wanted.

    Attributes:
        described: whether a description is written beside it, by which the next run knows that it is finished.
    """

    order: Order
    profile: Profile
    target: Path
    described: bool = True

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.order.lesson} · {self.profile.name}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a job.

    Attributes:
        state: "kept" when it was already there, "due" when a dry run would make it.
        seconds: of the rendition; 0 when it failed.
        notes: what a person should know of a rendition that was made.
        problems: why it failed.
    """

    job: Job
    state: State
    seconds: int = 0
    notes: tuple[Text, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Due:
    """A job that has to be done, with what is known of its source."""

    job: Job
    source: Source
    key: str
    frames: int
    seconds: int
    notes: tuple[Text, ...]

    @property
    def cost(self) -> int:
        """Of a frame, against others: decoding costs the same for every canvas, the rest grows with it."""
        return 50 + self.job.profile.canvas.width * self.job.profile.canvas.height // 4096


def jobs_for(orders: Iterable[Order], profiles: Sequence[Profile], renditions_dir: Path) -> tuple[Job, ...]:
    """Every lesson for every profile: <renditions>/<profile>/<lesson>.mp4."""
    return tuple(
        Job(order, profile, renditions_dir / profile.name / f"{order.lesson}.mp4")
        for order in orders
        for profile in profiles
    )


def render_all(
    workshop: Workshop, jobs: Sequence[Job], console: Console, *, threads: int = 2, dry_run: bool = False
) -> tuple[Outcome, ...]:
    """Make what is not there yet, or not as it should be.

    Args:
        threads: how many renditions are made side by side.

    Returns:
        One outcome per job, in the order of the jobs; also for those that failed.

    Raises:
        KeyboardInterrupt: after everything that ran was stopped and cleared away.
    """
    found: dict[Job, Outcome] = {}
    if not dry_run:
        sweep(*{job.target.parent for job in jobs})
    with _ended_in_order(), console.progress() as bars, _pool(workshop, threads) as pool:
        due = _sort_out(workshop, jobs, pool, found, bars, console)
        if dry_run:
            found |= {one.job: Outcome(one.job, "due", one.seconds, one.notes) for one in due}
        else:
            _make_all(workshop, due, pool, found, bars, console)
    return tuple(found[job] for job in jobs)


def raise_failures(outcomes: Iterable[Outcome], broken: Iterable[Problem] = ()) -> None:
    """End a batch: quietly when all is well.

    Args:
        broken: problems of lessons that were not even begun.

    Raises:
        BatchError: with every problem of every job that failed, each once.
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


def _as_they_end(running: Iterable[Future[Any]]) -> Iterator[Future[Any]]:
    """Each when it has ended. Not as_completed: on Windows a wait without a timeout does not hear Ctrl-C."""
    left = set(running)
    while left:
        ended, left = wait(left, timeout=0.5, return_when=FIRST_COMPLETED)
        yield from ended


@contextmanager
def _pool(workshop: Workshop, threads: int) -> Iterator[ThreadPoolExecutor]:
    pool = ThreadPoolExecutor(max(1, threads), thread_name_prefix="render")
    try:
        yield pool
    except BaseException:
        # Ctrl-C reaches only this thread; the others look at the event, end their process and clear up.
        workshop.stop.set()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _sort_out(
    workshop: Workshop,
    jobs: Sequence[Job],
    pool: ThreadPoolExecutor,
    found: dict[Job, Outcome],
    bars: Progress,
    console: Console,
) -> list[_Due]:
    """Look into every source; put what failed or need not be made into `found`, return the rest."""
    bar = bars.add_task(console.tr(text("Looking into the videos")), total=len(jobs))
    running = {pool.submit(_examine, workshop, job): job for job in jobs}
    due: list[_Due] = []
    for future in _as_they_end(running):
        bars.advance(bar)
        outcome = _settled(future, running[future])
        if isinstance(outcome, _Due):
            due.append(outcome)
        else:
            found[outcome.job] = outcome
    bars.remove_task(bar)
    # The longest first, so that no thread is left alone with it at the end.
    return sorted(due, key=lambda one: (-one.cost * one.frames, one.job.name))


def _examine(workshop: Workshop, job: Job) -> _Due | Outcome:
    """Whether the rendition is there and as it should be, and otherwise what there is to do."""
    check_glyphs(job.order, job.profile)
    with workshop.locks[f"source {job.order.source}"]:
        source = look_into(job.order.source, workshop.cache_dir)
    notes = unseen_cues(job.order, source.facts.duration_ms)
    plan = plan_rendition(job.order, source.facts, job.profile)
    key = rendition_key(plan, job.order, source.sha256, workshop.tool.version)
    there = load_rendition(job.target.parent, job.order.lesson) if job.described else None
    if there is not None and there.key == key and is_intact(job.target):
        return Outcome(job, "kept", there.seconds)
    return _Due(job, source, key, plan.timeline.frames, plan.timeline.seconds, notes)


def _make_all(
    workshop: Workshop,
    due: Sequence[_Due],
    pool: ThreadPoolExecutor,
    found: dict[Job, Outcome],
    bars: Progress,
    console: Console,
) -> None:
    """Make everything that is due; one bar for all, with the time left, and one for each that runs."""
    if not due:
        return
    label = text("Rendering {done} of {all}", done=0, all=len(due))
    bar = bars.add_task(console.tr(label), total=sum(one.cost * one.frames for one in due))
    running = {pool.submit(_make_one, workshop, one, bars, bar): one for one in due}
    for done, future in enumerate(_as_they_end(running), 1):
        outcome = _settled(future, running[future].job)
        assert isinstance(outcome, Outcome)  # noqa: S101  (for the type checker)
        found[outcome.job] = outcome
        label = text("Rendering {done} of {all}", done=done, all=len(due))
        bars.update(bar, description=console.tr(label))


def _make_one(workshop: Workshop, one: _Due, bars: Progress, total: TaskID) -> Outcome:
    if workshop.stop.is_set():
        raise StoppedError
    job = one.job
    with _own_bar(bars, one, total) as progress:
        made = make(workshop, job.order, one.source, job.profile, job.target, progress)
        if job.described:
            describe_made(made, job.order, job.profile, one.key)
    return Outcome(job, "made", made.seconds, one.notes + made.notes)


@contextmanager
def _own_bar(bars: Progress, one: _Due, total: TaskID) -> Iterator[Callable[[int], None]]:
    """A bar of its own while the job runs; the bar for all moves with it, and to the end also when it fails."""
    bar = bars.add_task(one.job.name, total=one.frames)
    seen = 0
    guard = threading.Lock()

    def advance(frames: int) -> None:
        nonlocal seen
        with guard:
            more, seen = max(0, min(frames, one.frames) - seen), max(seen, min(frames, one.frames))
        bars.advance(bar, more)
        bars.advance(total, more * one.cost)

    try:
        yield advance
    finally:
        advance(one.frames)
        bars.remove_task(bar)


def _settled(future: Future[_Due | Outcome] | Future[Outcome], job: Job) -> _Due | Outcome:
    """The result, or the failure as an outcome that names the lesson."""
    try:
        return future.result()
    except StoppedError:
        raise KeyboardInterrupt from None
    except YuanjiaoError as error:
        return Outcome(job, "failed", problems=tuple(_placed(problem, job) for problem in error.problems))
    except OSError as error:
        return _settled_storage(error, job)


def _settled_storage(error: OSError, job: Job) -> Outcome:
    try:
        with storage_errors(Path(error.filename or job.target.parent)):
            raise error
    except YuanjiaoError as plain:
        return Outcome(job, "failed", problems=tuple(_placed(problem, job) for problem in plain.problems))


def _placed(problem: Problem, job: Job) -> Problem:
    """The problem with the lesson's id before it; a problem of the source is the same for every profile."""
    where = f"{job.order.lesson}: {problem.where}" if problem.where else job.name
    return Problem(where, problem.what)
