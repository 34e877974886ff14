"""From what a person asks for to a batch: lessons of a workspace, or a single file without one."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from courseware.errors import InputError, Problem, text
from courseware.files import safe_name, sweep
from courseware.lessons.lesson import Lesson, LessonFile
from courseware.lessons.proofs import digest_of
from courseware.lessons.settings import Settings
from courseware.lessons.workspace import Catalogue, Workspace, load_catalogue, open_workspace
from courseware.storage.locks import lock_renders
from courseware.storage.outputs import refuse_clashes, refuse_existing
from courseware.subtitles import load_shown
from courseware.terminal.console import Console
from courseware.validate import find_wrong
from render.making.batch import lots_for, render_all, targets_of
from render.making.index import Index, load_index
from render.making.ordering import Ordered, asked_first, not_begun, ordered_of
from render.making.timing import tell_speaking
from render.pieces.hands import Hands
from render.plan.order import Order
from render.plan.profiles import Profile, profile_named
from render.quality.checking import CheckedFile
from render.quality.report import write_report
from render.quality.seen import recall_from
from render.quality.workflow import check_all, note_verdicts, plan_made, plan_workspace
from render.source.examine import Lot, Outcome, Target
from render.source.sources import look_into, unseen
from render.work.ffmpeg import Ffmpeg, find_ffmpeg
from render.work.store import Collected, Store
from render.work.workshop import Workshop, open_workshop
from templates.cards.looks import look_of


@dataclass(frozen=True, slots=True)
class Asked:
    """How a batch is to be done.

    Attributes:
        threads: how many pieces are made side by side.
        dry_run: only find out what is due.
        salvage: take what is readable of a video that breaks off.
        verify: first read every finished file whole, and make again what is not as it was made.
        farm: whose workers make the pieces; this computer when "".
        stop: when set, the batch ends as after Ctrl-C.
    """

    threads: int
    dry_run: bool = False
    salvage: bool = False
    verify: bool = False
    farm: str = ""
    stop: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True)
class BatchResult:
    """A batch that has ended.

    Attributes:
        skipped: what was left out, e.g. subtitles without text; nothing failed because of it.
        broken: lessons that could not even be begun.
    """

    outcomes: tuple[Outcome, ...]
    skipped: tuple[Problem, ...] = ()
    broken: tuple[Problem, ...] = ()


def render_workspace(
    start: Path,
    lessons: Sequence[str],
    profiles: Sequence[str],
    console: Console,
    asked: Asked,
) -> BatchResult:
    """Render lessons of the workspace that `start` lies in.

    Args:
        lessons: ids; all when empty.
        profiles: names; those of yuanjiao.toml when empty.

    Raises:
        InputError: no workspace, or a lesson or profile that does not exist.
        ToolError, StorageError: nothing can be rendered at all.
    """
    workspace = open_workspace(start)
    wanted = _profiles(profiles or workspace.settings.render.profiles)
    catalogue = load_catalogue(workspace)
    good, broken = chosen_of(catalogue, lessons)
    chosen = catalogue.select(good) if good or not lessons else ()
    with nullcontext() if asked.dry_run else lock_renders(workspace.cache_dir):
        tool = find_ffmpeg()
        if asked.verify:
            _read_whole([target.path for target in _targets(chosen, wanted, workspace.renditions_dir)], console)
        index = load_index(workspace, tool, salvage=asked.salvage)
        kept = _up_to_date(index, chosen, wanted, workspace.renditions_dir)
        left = [lesson for lesson in chosen if lesson.id not in kept]
        tell_speaking([] if asked.dry_run else left, console)
        ordered, rendered = _rendered(workspace, tool, left, wanted, console, asked)
        outcomes = kept | not_begun(ordered, _targets(left, wanted, workspace.renditions_dir))
        for one in rendered:
            outcomes[one.target.lesson] = (*outcomes.get(one.target.lesson, ()), one)
        if not asked.dry_run:
            _note_finished(index, left, outcomes)
    told = tuple(one for lesson in chosen for one in outcomes.get(lesson.id, ()))
    return BatchResult(told, ordered.skipped, tuple(broken))


def _rendered(
    workspace: Workspace,
    tool: Ffmpeg,
    lessons: Sequence[Lesson],
    profiles: Sequence[Profile],
    console: Console,
    asked: Asked,
) -> tuple[Ordered, tuple[Outcome, ...]]:
    if not lessons:
        return Ordered((), (), {}), ()
    cache = workspace.cache_dir
    workshop = Workshop(tool, cache, asked.stop) if asked.dry_run else open_workshop(tool, cache, asked.stop)
    with _hands_for(workshop, console, asked) as hands:
        if hands is not None:
            hands.look_into(unseen(asked_first(lessons), cache))
        ordered = ordered_of(lessons, workspace, dry_run=asked.dry_run, stop=asked.stop)
        lots = lots_for(ordered.orders, profiles, workspace.renditions_dir, salvage=asked.salvage)
        if not lots:
            return ordered, ()
        dry_run, threads = asked.dry_run, asked.threads
        return ordered, render_all(workshop, lots, console, threads=threads, dry_run=dry_run, hands=hands)


def _hands_for(workshop: Workshop, console: Console, asked: Asked) -> AbstractContextManager[Hands | None]:
    if not asked.farm or asked.dry_run:
        return nullcontext()
    from render.farm.address import find_place
    from render.farm.office.opening import farm_hands

    return farm_hands(find_place(asked.farm, "--on"), workshop, console, asked.threads)


def _targets(lessons: Sequence[Lesson], profiles: Sequence[Profile], renditions_dir: Path) -> tuple[Target, ...]:
    return tuple(one for lesson in lessons for one in targets_of(lesson.id, lesson.title, profiles, renditions_dir))


def _read_whole(paths: Sequence[Path], console: Console) -> None:
    """Hash files anew, so that whoever asks afterwards knows of bytes that the disk has lost."""
    there = [path for path in paths if path.is_file()]
    with console.progress() as bars:
        bar = bars.add_task(console.tr(text("Reading")), total=sum(path.stat().st_size for path in there))
        for path in there:
            with suppress(OSError):  # what cannot be read is made again
                digest_of(path, anew=True)
            bars.advance(bar, path.stat().st_size)


def _up_to_date(
    index: Index, lessons: Sequence[Lesson], profiles: Sequence[Profile], renditions_dir: Path
) -> dict[str, tuple[Outcome, ...]]:
    """What is as the last run left it, by lesson; a lesson of which anything is not is left out."""
    found = {}
    for lesson in lessons:
        targets = targets_of(lesson.id, lesson.title, profiles, renditions_dir)
        signature = index.signature(lesson)
        lengths = [index.seconds_of(one.name, signature, one.path) for one in targets]
        kept = [Outcome(one, "kept", seconds) for one, seconds in zip(targets, lengths, strict=True) if seconds]
        if len(kept) == len(targets):
            found[lesson.id] = tuple(kept)
    return found


def _note_finished(index: Index, lessons: Sequence[Lesson], outcomes: Mapping[str, Sequence[Outcome]]) -> None:
    """Remember what is finished now. A note of one cannot be remembered, so it is examined again, and told again."""
    for lesson in lessons:
        signature = index.signature(lesson)
        for outcome in outcomes.get(lesson.id, ()):
            if outcome.state in {"made", "kept"} and not outcome.notes:
                index.mark(outcome.target.name, signature, outcome.target.path)
    if lessons:
        index.save()


def chosen_of(catalogue: Catalogue, ids: Sequence[str]) -> tuple[tuple[str, ...], list[Problem]]:
    """The named lessons without the broken ones, and what is broken; a broken one is not an unknown one."""
    if not ids:
        return (), list(catalogue.problems)
    known = {lesson.id for lesson in catalogue.lessons}
    broken = {name: catalogue.problems_of(name) for name in dict.fromkeys(ids) if name not in known}
    good = tuple(name for name in ids if not broken.get(name))
    return good, [problem for problems in broken.values() for problem in problems]


def _profiles(names: Sequence[str]) -> tuple[Profile, ...]:
    return tuple(profile_named(name, "--profile") for name in dict.fromkeys(names))


def order_for_file(
    file: Path,
    subtitles: Path | None,
    settings: Settings,
    *,
    title: str,
    series: str,
    form: str,
    presenter: str,
    producer: str,
) -> tuple[Order, tuple[Problem, ...]]:
    """The order for a video that is no lesson of a workspace, and what was left out of its subtitles.

    Args:
        settings: say which series and forms there are.

    Raises:
        InputError: a text is too long, the series or form is unknown, or the subtitles cannot be used.
    """
    given = {"title": title, "series": series, "form": form, "presenter": presenter, "producer": producer}
    if wrong := find_wrong(LessonFile, given):
        raise InputError(*(Problem(f"--{one.key}", one.what) for one in wrong))
    checked = LessonFile.model_validate(given)
    unknown = {"--series": settings.unknown_series(series), "--form": settings.unknown_form(form)}
    if any(unknown.values()):
        raise InputError(*(Problem(option, what) for option, what in unknown.items() if what))
    cues, skipped = load_shown(subtitles) if subtitles else ((), ())
    order = Order(
        lesson=safe_name(file.stem),
        title=checked.title,
        series=series,
        form=form,
        look=look_of(settings.series_named(series)),
        source=file,
        printed_series=settings.series_shown(series),
        cues=cues,
        song=checked.is_song,
        presenter=checked.presenter,
        producer=checked.producer,
    )
    return order, skipped


def transcode_file(
    order: Order,
    profiles: Sequence[str],
    output: Path,
    console: Console,
    asked: Asked,
    subtitles: Path | None = None,
    *,
    force: bool = False,
) -> tuple[tuple[Outcome, ...], tuple[CheckedFile, ...]]:
    """Make one video for the profiles as <output>/<name>_<profile>.mp4 and judge it; nothing else remains.

    Args:
        subtitles: the file of the order's cues.
        force: replace what is there.

    Raises:
        InputError: a profile that does not exist, or a file that is there already.
        ToolError, StorageError: nothing can be made at all.
    """
    targets = tuple(
        Target(order.lesson, order.title, one, output / f"{order.lesson}_{one.name}.mp4", described=False)
        for one in _profiles(profiles)
    )
    outputs = [target.path for target in targets]
    refuse_clashes(outputs, [path for path in (order.source, subtitles) if path])
    if not force:
        refuse_existing(outputs)
    sweep(Path(tempfile.gettempdir()), prefixes=(".yuanjiao-",))
    prefix = f".yuanjiao-{os.getpid()}-"
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as cache:
        workshop = open_workshop(find_ffmpeg(), Path(cache), asked.stop)
        lot = Lot(order, targets, asked.salvage)
        outcomes = render_all(workshop, [lot], console, threads=asked.threads)
        return outcomes, _judged(workshop, lot, outcomes, subtitles, console)


def _judged(
    workshop: Workshop, lot: Lot, outcomes: Sequence[Outcome], subtitles: Path | None, console: Console
) -> tuple[CheckedFile, ...]:
    """What was made, judged by what was seen and heard of its pieces."""
    recall, order = recall_from(workshop.cache_dir, fresh=True), lot.order
    made = [(one.target, one.made) for one in outcomes if one.made is not None]
    if not made or order.source is None:
        return ()
    facts = look_into(order.source, workshop.cache_dir, audio=order.audio, salvage=lot.salvage).facts
    silent = facts.audio_index is None
    tasks = [
        plan_made(one.path, about, one.profile, recall(about, one.profile), subtitles, order, silent=silent)
        for one, about in made
    ]
    return check_all(tasks, console, threads=1)


def check_made(start: Path, done: BatchResult, console: Console) -> tuple[CheckedFile, ...]:
    """Judge what a batch has just made, by what was seen and heard of its pieces, and write the report.

    Returns:
        What was checked; the report is in the workspace's folder "quality".
    """
    workspace = open_workspace(start)
    made = [one.target for one in done.outcomes if one.state == "made"]
    lessons = list(dict.fromkeys(one.lesson for one in made))
    profiles = list(dict.fromkeys(one.profile.name for one in made))
    recall = recall_from(workspace.cache_dir, fresh=True)
    tasks, _ = plan_workspace(workspace, lessons, profiles, recall)
    finished = {one.path for one in made}
    checked = check_all([task for task in tasks if task.path in finished], console, threads=1)
    note_verdicts(workspace, tasks, checked)
    day = datetime.now(workspace.settings.zone).date()
    fonts = workspace.cache_dir / "fonts" / "quality.txt"
    console.problems(write_report(checked, workspace.quality_dir, day, workspace.settings.office.name, fonts))
    return checked


def store_of(start: Path) -> Store:
    """The store of the workspace that `start` lies in.

    Raises:
        InputError: no workspace.
    """
    return Store(open_workspace(start).cache_dir / "store")


def collect(start: Path, most_bytes: int) -> Collected:
    """Remove the pieces that were not used for the longest time.

    Raises:
        InputError: no workspace.
        StorageError: a render is running, which may need them.
    """
    with lock_renders(open_workspace(start).cache_dir):
        return store_of(start).collect(most_bytes)
