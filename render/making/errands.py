"""Errands: the jobs of a lesson with what each needs, and what becomes of one that fails. Decides no order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from courseware.errors import ToolError
from render.pieces.hands import Hands
from render.pieces.soundwork import SoundJob
from render.plan.plan import ident_of
from render.source.bridge import Bridge, bridge_job
from render.source.examine import Due
from render.work.crew import PartlyError
from render.work.jobs import Job, Missing, plan_jobs
from render.work.store import Store


@dataclass(frozen=True, slots=True)
class Errand:
    """A job, what it needs, and how the same is made for each profile by itself, should the job fail."""

    job: Job
    needs: frozenset[str] = frozenset()
    apart: Callable[[], tuple[Job, ...]] = tuple


def errands_of(store: Store, lesson: Sequence[Due], given: set[str]) -> Iterator[Errand]:
    """Jobs for what is missing and not given by a job of before, each with what it needs.

    Args:
        given: keys; what these jobs give is put into it.
    """
    by_bridge: dict[Bridge | None, list[Missing]] = {}
    for due in lesson:
        fresh = [piece for piece in due.missing if piece.key not in given]
        given |= {piece.key for piece in fresh}
        by_bridge.setdefault(due.bridge, []).extend(fresh)
    path, source = lesson[0].order.source, lesson[0].source
    for bridge, missing in by_bridge.items():
        read, sha, needs = path, source.sha256 if source else "", frozenset[str]()
        if path is not None and source is not None and bridge is not None and any(one.reads for one in missing):
            if bridge.key not in given and store.find(bridge.key, check=True) is None:
                given.add(bridge.key)
                yield Errand(bridge_job(bridge, lesson[0].order.lesson, path, source.sha256))
            read, sha, needs = store.place(bridge.key, "bridge"), "", frozenset([bridge.key])
        for job in plan_jobs(missing, read, sha):
            yield Errand(job, needs if job.source else frozenset(), partial(_apart, job, missing, read, sha))


def _apart(job: Job, missing: Sequence[Missing], source: Path | None, source_sha256: str) -> tuple[Job, ...]:
    """The same, a job for each profile; nothing when it was for one."""
    keys = {one.key for one in job.outputs}
    by_profile: dict[str, list[Missing]] = {}
    for piece in missing:
        if piece.key in keys:
            by_profile.setdefault(piece.plan.profile.name, []).append(piece)
    if len(by_profile) <= 1:
        return ()
    return tuple(found for same in by_profile.values() for found in plan_jobs(same, source, source_sha256))


def run_errand(hands: Hands, errand: Errand, progress: Callable[[int], None]) -> None:
    """Do a job; should it fail, each profile by itself: what one screen cannot have, the others may."""
    try:
        hands.make_picture(errand.job, progress)
    except ToolError:
        jobs = errand.apart()
        if not jobs:
            raise
        lost: dict[str, BaseException] = {}
        for job in jobs:
            try:
                hands.make_picture(job, lambda _: None)
            except ToolError as error:
                lost |= dict.fromkeys((one.key for one in job.outputs), error)
        if lost:
            raise PartlyError(lost) from None


def sound_job(due: Due) -> SoundJob:
    """The job of a rendition's sound."""
    return SoundJob(
        name=due.order.lesson,
        key=due.sound_key,
        soundtrack=due.soundtrack,
        jingle=ident_of(due.order, due.target.profile) if due.soundtrack.jingle else None,
        source_sha256=due.source.sha256 if due.source and due.soundtrack.source else "",
    )
