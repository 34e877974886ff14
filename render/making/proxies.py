"""Proxies: lessons made small and quickly, to look at them whole. No playlist, review or check knows of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

from courseware.errors import MediaError
from courseware.lessons.lesson import Lesson
from courseware.lessons.workspace import Workspace, load_catalogue, open_workspace
from courseware.storage.locks import lock_renders
from courseware.terminal.console import Console
from render.making.batch import render_all
from render.making.errands import errands_of, run_errand, sound_job
from render.making.ordering import not_begun, ordered_of
from render.making.workflow import Asked, BatchResult, chosen_of
from render.pieces.hands import LocalHands
from render.plan.order import Order
from render.plan.profiles import proxy_profile
from render.sound.track import soundtrack_key
from render.source.examine import Lot, Outcome, Target, examine
from render.work.assemble import assemble
from render.work.ffmpeg import find_ffmpeg
from render.work.workshop import Workshop, open_workshop


def render_proxies(start: Path, lessons: Sequence[str], console: Console, asked: Asked) -> BatchResult:
    """Make <workspace>/proxies/<id>.mp4 of lessons, or of all.

    Raises:
        YuanjiaoError: as render_workspace.
    """
    workspace = open_workspace(start)
    catalogue = load_catalogue(workspace)
    good, broken = chosen_of(catalogue, lessons)
    chosen = catalogue.select(good) if good or not lessons else ()
    with nullcontext() if asked.dry_run else lock_renders(workspace.cache_dir):
        ordered = ordered_of(chosen, workspace, dry_run=asked.dry_run, stop=asked.stop)
        workshop = open_workshop(find_ffmpeg(), workspace.cache_dir, asked.stop)
        targets = {lesson.id: _proxy(lesson, workspace) for lesson in chosen}
        outcomes = not_begun(ordered, targets.values())
        lots = [Lot(order, (targets[order.lesson],), asked.salvage) for order in ordered.orders]
        for made in render_all(workshop, lots, console, threads=asked.threads, dry_run=asked.dry_run):
            outcomes[made.target.lesson] = (made,)
    told = tuple(one for lesson in chosen for one in outcomes[lesson.id])
    return BatchResult(told, ordered.skipped, tuple(broken))


def _proxy(lesson: Lesson, workspace: Workspace) -> Target:
    path = workspace.proxies_dir / f"{lesson.id}.mp4"
    return Target(lesson.id, lesson.title, proxy_profile(), path, described=False)


def make_body(
    workshop: Workshop, order: Order, target: Path, progress: Callable[[int], None] = lambda _: None
) -> None:
    """Write just the body of a lesson's proxy, without subtitles: a video in the time of the lesson's clips.

    Args:
        target: a scratch path of the caller's.
        progress: told how many pictures have been encoded of a piece.

    Raises:
        YuanjiaoError: it cannot be made.
        StoppedError: the workshop was told to stop.
    """
    bare = replace(order, cues=(), screens=())
    lot = Lot(bare, (Target(order.lesson, order.title, proxy_profile(), target, described=False),))
    (due,) = examine(workshop, lot)
    if isinstance(due, Outcome):
        raise MediaError(*due.problems)
    missing = tuple(one for one in due.missing if one.piece.chunk.segment == "body")
    hands = LocalHands(workshop, 1)
    for errand in errands_of(workshop.store, [replace(due, missing=missing)], set()):
        run_errand(hands, errand, progress)
    track = replace(due.soundtrack, jingle=False, before_samples=0, total_samples=due.soundtrack.body_samples)
    sound = soundtrack_key(track, due.heard, "", "", workshop.tool.version)
    if workshop.store.find(sound, check=True) is None:
        hands.make_sound(replace(sound_job(due), key=sound, soundtrack=track, jingle=None))
    body = [
        (piece, key) for piece, key in zip(due.plan.pieces, due.keys, strict=True) if piece.chunk.segment == "body"
    ]
    pictures = [(workshop.store.place(key, "picture"), piece.chunk.frames) for piece, key in body]
    assemble(pictures, workshop.store.place(sound, "sound"), due.target.profile, target, workshop.stop)
