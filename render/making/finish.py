"""Finishes a rendition: joins its pieces, proves the file, puts it in its place and describes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from courseware.errors import Problem, Text, ToolError, text
from courseware.files import replacing, sha256
from courseware.lessons.made_from import remember
from courseware.lessons.proofs import digest_of
from courseware.lessons.rendition import Rendition, RenditionPart, ShownStretch, describe
from courseware.times import Span, clock
from render.plan.plan import RenditionPlan
from render.plan.timeline import Timeline
from render.quality.seen import keep_seen
from render.source.examine import Due, Outcome
from render.work.assemble import assemble
from render.work.store import Stored
from render.work.verify import verify
from render.work.workshop import Workshop, check_room, storage_errors

_SPARE_BYTES = 1024 * 1024


def finish(workshop: Workshop, due: Due) -> Outcome:
    """Join what is in the store; until it is proven right, nothing is at the target, or the old file.

    Raises:
        YuanjiaoError: it cannot be made; no trace remains.
    """
    target, plan = due.target, due.plan
    pieces = [_piece(workshop, key) for key in due.keys]
    sound = _piece(workshop, due.sound_key)
    frames = [piece.chunk.frames for piece in plan.pieces]
    pictures = [(one.path, count) for one, count in zip(pieces, frames, strict=True)]
    with storage_errors(target.path.parent):
        target.path.parent.mkdir(parents=True, exist_ok=True)
        # Twice: the index is moved to the front within the file.
        check_room(target.path.parent, 2 * sum(one.size for one in [*pieces, sound]) + _SPARE_BYTES)
        with replacing(target.path) as scratch:
            digest = assemble(pictures, sound.path, target.profile, scratch, workshop.stop)
            verify(scratch, target.profile, plan.timeline.frames, digest)
        made = _description(due)
        if not target.profile.quick:
            keep_seen(workshop.cache_dir, made, pieces, sound)
        if target.described:
            describe(made, target.path.parent)
            remember(workshop.cache_dir, target.profile.name, target.lesson, due.inputs)
    notes = (
        *due.notes,
        *_damage(pieces, [span for source in due.sources for span in source.facts.damaged]),
        *sound.facts.notes,
    )
    return Outcome(target, "made", plan.timeline.seconds, notes, reasons=due.reasons, made=made)


def _piece(workshop: Workshop, key: str) -> Stored:
    found = workshop.store.find(key)
    if found is None:
        raise ToolError(Problem("", text("a stored piece is gone; run it again")))
    return found


def _damage(pieces: Sequence[Stored], known: Sequence[Span]) -> Iterator[Text]:
    """Where decoders had to guess. The rendition is made, but a person should look at it.

    Args:
        known: damage that was seen in the source itself, to the picture, and is told already.
    """
    guessed = dict.fromkeys(piece.facts.damaged for piece in pieces if piece.facts.damaged)
    places = [_stretch(one.start_ms, one.end_ms) for one in guessed if not any(one.overlaps(span) for span in known)]
    if places:
        where = "、".join(places)
        yield text("the source is damaged at {where}; watch the result there before you use it", where=where)


def _stretch(from_ms: int, to_ms: int) -> str:
    return f"{clock(from_ms // 1000)}–{clock(to_ms // 1000)}"


def _description(due: Due) -> Rendition:
    """What playlists, the check of quality and the next run are told of the file."""
    target, order, timeline = due.target, due.order, due.plan.timeline
    return Rendition(
        lesson=order.lesson,
        title=order.title,
        series=order.series,
        form=order.form,
        profile=target.profile.name,
        file=target.path.name,
        seconds=timeline.seconds,
        width=target.profile.canvas.width,
        height=target.profile.canvas.height,
        size=target.path.stat().st_size,
        # Where nothing is to remain but the file, nothing is kept of its hash either.
        sha256=digest_of(target.path, anew=True) if target.described else sha256(target.path),
        key=due.key,
        parts=parts_of(timeline),
        stretches=_stretches_of(due.plan),
    )


def _stretches_of(plan: RenditionPlan) -> tuple[ShownStretch, ...]:
    later_ms = round(plan.timeline.span("body")[0] * 1000 / plan.timeline.fps)
    return tuple(
        ShownStretch(
            start_ms=at.start_ms + later_ms, end_ms=at.end_ms + later_ms, from_ms=own.start_ms, to_ms=own.end_ms
        )
        for at, own in plan.stretches
    )


def parts_of(timeline: Timeline) -> tuple[RenditionPart, ...]:
    """What is where in a rendition, to the millisecond."""
    spans = ((one.name, *timeline.span(one.name)) for one in timeline.segments if one.frames)
    return tuple(
        RenditionPart(name=name, start_ms=round(start * 1000 / timeline.fps), end_ms=round(end * 1000 / timeline.fps))
        for name, start, end in spans
    )
