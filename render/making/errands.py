"""Errands: the jobs of a lesson with what each needs, and what becomes of one that fails. Decides no order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from courseware.errors import ToolError
from render.pieces.hands import Hands
from render.pieces.soundwork import SoundJob
from render.plan.plan import ident_of
from render.source.examine import Due
from render.source.stand_ins import stand_in_job
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
    fresh: dict[str, Missing] = {}
    for due in lesson:
        fresh |= {piece.key: piece for piece in due.missing if piece.key not in given}
    given.update(fresh)
    read = {reel.content for piece in fresh.values() for reel in piece.reels}
    stand_ins = {one.key: one for due in lesson for one in due.stand_ins if one.key in read}
    for key, stand_in in stand_ins.items():
        if key not in given and store.find(key, check=True) is None:
            given.add(key)
            yield Errand(stand_in_job(stand_in, lesson[0].order.lesson))
    by_needs: dict[frozenset[str], list[Missing]] = {}
    for piece in fresh.values():
        needs = frozenset(reel.content for reel in piece.reels if reel.content in stand_ins)
        by_needs.setdefault(needs, []).append(piece)
    for needs, missing in by_needs.items():
        for job in plan_jobs(missing):
            yield Errand(job, needs, partial(_apart, job, missing))


def _apart(job: Job, missing: Sequence[Missing]) -> tuple[Job, ...]:
    """The same, a job for each profile; nothing when it was for one."""
    keys = {one.key for one in job.outputs}
    by_profile: dict[str, list[Missing]] = {}
    for piece in missing:
        if piece.key in keys:
            by_profile.setdefault(piece.plan.profile.name, []).append(piece)
    if len(by_profile) <= 1:
        return ()
    return tuple(found for same in by_profile.values() for found in plan_jobs(same))


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
        source_sha256=due.heard if due.soundtrack.source else "",
        splice=due.splice,
    )
