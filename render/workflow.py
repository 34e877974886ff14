"""From what a person asks for to a batch: lessons of a workspace, or a single file without one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from courseware.console import Console
from courseware.dictionary import words_of
from courseware.errors import InputError, Problem
from courseware.files import safe_name, sweep
from courseware.lesson import LessonFile
from courseware.series import BUILT_IN_FORMS, BUILT_IN_SERIES
from courseware.subtitles import load_cues
from courseware.validate import not_one_of, parse
from courseware.workspace import Catalogue, load_catalogue, open_workspace
from render.batch import Job, Outcome, jobs_for, render_all
from render.execute import open_workshop
from render.ffmpeg import find_ffmpeg
from render.order import Order, order_of
from render.profiles import Profile, profile_named
from render.timing import timed
from templates.looks import look_of


@dataclass(frozen=True, slots=True)
class Done:
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
    *,
    threads: int,
    dry_run: bool = False,
) -> Done:
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
    good, broken = _chosen(catalogue, lessons)
    words = words_of(workspace.root)
    orders: list[Order] = []
    skipped: list[Problem] = []
    for chosen in catalogue.select(good) if good or not lessons else ():
        # A dry run writes nothing, so it takes the subtitles that are there.
        lesson, remarks = (chosen, ()) if dry_run else timed(chosen)
        skipped += remarks
        try:
            order, left_out = order_of(lesson, workspace.settings)
        except InputError as error:
            broken += error.problems
            continue
        orders.append(replace(order, words=words))
        skipped += left_out
    workshop = open_workshop(find_ffmpeg(), workspace.cache_dir)
    jobs = jobs_for(orders, wanted, workspace.renditions_dir)
    outcomes = render_all(workshop, jobs, console, threads=threads, dry_run=dry_run)
    return Done(outcomes, tuple(skipped), tuple(broken))


def _chosen(catalogue: Catalogue, ids: Sequence[str]) -> tuple[tuple[str, ...], list[Problem]]:
    """The named lessons without the broken ones, and what is broken; a broken one is not an unknown one."""
    if not ids:
        return (), list(catalogue.problems)
    known = {lesson.id for lesson in catalogue.lessons}
    broken = {name: _problems_of(catalogue, name) for name in dict.fromkeys(ids) if name not in known}
    good = tuple(name for name in ids if not broken.get(name))
    return good, [problem for problems in broken.values() for problem in problems]


def _problems_of(catalogue: Catalogue, lesson: str) -> list[Problem]:
    return [problem for problem in catalogue.problems if f"/{lesson}/" in f"/{problem.where}"]


def _profiles(names: Sequence[str]) -> tuple[Profile, ...]:
    return tuple(profile_named(name, "--profile") for name in dict.fromkeys(names))


def order_for_file(
    file: Path, subtitles: Path | None, *, title: str, series: str, form: str, presenter: str, producer: str
) -> tuple[Order, tuple[Problem, ...]]:
    """The order for a video outside any workspace, and what was left out of its subtitles.

    Raises:
        InputError: a text is too long, the series or form is unknown, or the subtitles cannot be used.
    """
    given = {"title": title, "series": series, "form": form, "presenter": presenter, "producer": producer}
    try:
        checked = parse(LessonFile, given, "transcode", "--")
    except InputError as error:
        raise InputError(*(Problem(_option(problem.where), problem.what) for problem in error.problems)) from None
    by_name = {one.name: one for one in BUILT_IN_SERIES}
    problems = [
        Problem(f"--{key}", not_one_of(value, choices))
        for key, value, choices in (("series", series, tuple(by_name)), ("form", form, BUILT_IN_FORMS))
        if value not in choices
    ]
    if problems:
        raise InputError(*problems)
    cues, skipped = load_cues(subtitles) if subtitles else ((), ())
    order = Order(
        lesson=safe_name(file.stem),
        title=checked.title,
        series=series,
        form=form,
        look=look_of(by_name[series]),
        source=file,
        cues=cues,
        presenter=checked.presenter,
        producer=checked.producer,
    )
    return order, skipped


def _option(where: str) -> str:
    """The option as a person types it, out of "transcode: --title"."""
    return where.rpartition(" ")[2]


def transcode_file(
    order: Order, profiles: Sequence[str], output: Path, console: Console, *, threads: int
) -> tuple[Outcome, ...]:
    """Make one video for the profiles as <output>/<name>_<profile>.mp4; nothing else remains.

    Raises:
        InputError: a profile that does not exist.
        ToolError, StorageError: nothing can be made at all.
    """
    wanted = _profiles(profiles)
    sweep(Path(tempfile.gettempdir()), prefixes=(".yuanjiao-",))
    prefix = f".yuanjiao-{os.getpid()}-"
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as cache:
        workshop = open_workshop(find_ffmpeg(), Path(cache))
        jobs = [
            Job(order, profile, output / f"{order.lesson}_{profile.name}.mp4", described=False) for profile in wanted
        ]
        return render_all(workshop, jobs, console, threads=threads)
