"""Jobs: what one run of ffmpeg makes for the store, as plain data that any process can carry out.

A job names its source by path and checksum and everything else by value; it can be sent to another machine that sees
the source and the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path

from pydantic import TypeAdapter

from render.plan.graph import (
    DRAWN_MARK,
    DRAWN_OUTPUT,
    PICTURE_SUFFIX,
    WantedChunk,
    drawn_arguments,
    drawn_file,
    footage_arguments,
)
from render.plan.plan import Piece, RenditionPlan, SourceStretch, still_piece
from render.plan.profiles import Profile
from render.work.steps import DrawCard, DrawMark, LayIdent, Step, WriteText
from render.work.store import Kind
from templates.cards.idents import Ident

MOST_FRAMES = 1_000  # of a profile in one job; a crash can lose so much
# Of all encoders of a job together, which keep their memory to its end, over 100 bytes for a pixel. One stretch for
# full HD, four for 1280 × 720 and for LED walls of its size.
_MOST_PIXELS = 4_000_000


@dataclass(frozen=True, slots=True)
class Output:
    """A file that a job makes, and the key it is kept under.

    Attributes:
        pixels: of a frame.
        fps: pictures a second.
    """

    file: str
    key: str
    frames: int
    pixels: int
    fps: Fraction
    kind: Kind = "picture"


@dataclass(frozen=True, slots=True)
class Job:
    """One run of ffmpeg in a work folder of its own.

    Attributes:
        name: for people.
        source: absolute path; "" when the job needs none.
        source_sha256: of its bytes; "" for a bridge, which the store vouches for.
        steps: what has to lie in the work folder.
        arguments: graph.SOURCE stands for the source.
        patient: the same without seeking, for a source whose index is wrong; empty when nothing was sought.
        from_ms, to_ms: the stretch of the source that is read.
    """

    name: str
    source: str
    source_sha256: str
    steps: tuple[Step, ...]
    arguments: tuple[str, ...]
    patient: tuple[str, ...]
    outputs: tuple[Output, ...]
    from_ms: int = 0
    to_ms: int = 0

    @property
    def frames(self) -> int:
        """All frames it encodes."""
        return sum(one.frames for one in self.outputs)


@dataclass(frozen=True, slots=True)
class Missing:
    """A piece that the store lacks."""

    plan: RenditionPlan
    piece: Piece
    key: str

    @property
    def reads(self) -> bool:
        """Whether it is made from the source."""
        return isinstance(self.piece.picture, SourceStretch)


def dump_job(job: Job) -> str:
    """The job as JSON."""
    return _adapter().dump_json(job).decode()


def load_job(content: str) -> Job:
    """The job that `dump_job` wrote.

    Raises:
        pydantic.ValidationError: it is none.
    """
    return _adapter().validate_json(content)


def still_job(plan: RenditionPlan, frame: int, source: Path | None, source_sha256: str) -> Job:
    """The job of one picture of a rendition, as a PNG; nothing of it goes into the store.

    Raises:
        IndexError: the rendition ends before that frame.
    """
    piece = Missing(plan, still_piece(plan, frame), key="")
    if not piece.reads or source is None:
        return _drawn_job(piece, f"shown{PICTURE_SUFFIX}")
    return _footage_job([piece], str(source.absolute()), source_sha256, PICTURE_SUFFIX)


def plan_jobs(missing: Sequence[Missing], source: Path | None, source_sha256: str) -> tuple[Job, ...]:
    """Jobs for all that is missing of one lesson; stretches of the source are read once for all profiles.

    Args:
        missing: each key once.
    """
    footage = [one for one in missing if one.reads]
    drawn = [_drawn_job(one) for one in missing if not one.reads]
    if source is None or not footage:
        return tuple(drawn)
    path = str(source.absolute())
    return (*drawn, *(_footage_job(group, path, source_sha256) for group in _stretches(footage)))


def _stretches(missing: Iterable[Missing]) -> Iterator[list[Missing]]:
    """Neighbours go together as far as a job may be long; more the farther key frames are apart."""
    ordered = sorted(missing, key=lambda one: (one.plan.profile.fps, one.piece.chunk.start, one.plan.profile.name))
    for _, same in groupby(ordered, key=lambda one: one.plan.profile.fps):
        group: list[Missing] = []
        for piece in same:
            if group and not _goes_with(group, piece):
                yield group
                group = []
            group.append(piece)
        if group:
            yield group


def _goes_with(group: Sequence[Missing], one: Missing) -> bool:
    start, end = group[0].piece.chunk.start, max(other.piece.chunk.end for other in group)
    chunk = one.piece.chunk
    # The last chunk is longer than others; for another profile it goes along all the same.
    if chunk.end <= end:
        return True
    return chunk.start <= end and chunk.end - start <= _most_frames(one.plan) and _has_room(group)


def _has_room(group: Sequence[Missing]) -> bool:
    """Whether another stretch as large as those before still leaves the encoders room."""
    stretches = len({one.piece.chunk.start for one in group})
    open_pixels = sum(_pixels(one.plan.profile) for one in group)
    return open_pixels * (stretches + 1) <= _MOST_PIXELS * stretches


def _most_frames(plan: RenditionPlan) -> int:
    """One chunk when key frames are near; up to four when much would be decoded in vain before each."""
    facts = plan.facts
    if facts is None or not facts.seekable:
        return MOST_FRAMES
    moments = (*facts.keyframes_ms, facts.duration_ms)
    farthest_ms = max(after - before for before, after in pairwise(moments))
    chunk = next(piece.chunk.frames for piece in plan.pieces if isinstance(piece.picture, SourceStretch))
    wasted = int(farthest_ms * plan.profile.fps / 1000) // 2
    return min(MOST_FRAMES, max(chunk, wasted * 10))


def _footage_job(group: Sequence[Missing], source: str, source_sha256: str, suffix: str = ".mp4") -> Job:
    first = group[0].plan
    assert first.facts is not None  # noqa: S101  (for the type checker)
    steps: list[Step] = []
    wanted: list[WantedChunk] = []
    outputs: list[Output] = []
    for number, one in enumerate(group):
        picture, chunk, profile = one.piece.picture, one.piece.chunk, one.plan.profile
        assert isinstance(picture, SourceStretch)  # noqa: S101  (for the type checker)
        captions, mark = (f"c{number}.ass" if picture.captions else ""), (f"m{number}.png" if one.piece.mark else "")
        if captions:
            steps.append(WriteText(captions, picture.captions))
        if one.piece.mark:
            steps.append(DrawMark(mark, one.piece.mark))
        wanted.append(WantedChunk(profile, chunk, f"o{number}{suffix}", captions, mark))
        outputs.append(Output(f"o{number}{suffix}", one.key, chunk.frames, _pixels(profile), profile.fps))
    arguments = footage_arguments(first.facts, first.fit, wanted, seek=True)
    patient = footage_arguments(first.facts, first.fit, wanted, seek=False)
    start, end = wanted[0].chunk.start, max(one.chunk.end for one in wanted)
    from_ms, to_ms = (int(frame * 1000 / wanted[0].profile.fps) for frame in (start, end))
    return Job(
        name=first.lesson,
        source=source,
        source_sha256=source_sha256,
        steps=tuple(steps),
        arguments=arguments,
        patient=patient if patient != arguments else (),
        outputs=tuple(outputs),
        from_ms=from_ms,
        to_ms=to_ms,
    )


def _drawn_job(one: Missing, output: str = DRAWN_OUTPUT) -> Job:
    picture, profile, chunk = one.piece.picture, one.plan.profile, one.piece.chunk
    assert not isinstance(picture, SourceStretch)  # noqa: S101  (for the type checker)
    file = drawn_file(picture)
    steps: list[Step] = [LayIdent(file, picture) if isinstance(picture, Ident) else DrawCard(file, picture)]
    if one.piece.mark:
        steps.append(DrawMark(DRAWN_MARK, one.piece.mark))
    return Job(
        name=one.plan.lesson,
        source="",
        source_sha256="",
        steps=tuple(steps),
        arguments=drawn_arguments(picture, chunk, profile, DRAWN_MARK if one.piece.mark else "", output),
        patient=(),
        outputs=(Output(output, one.key, chunk.frames, _pixels(profile), profile.fps),),
    )


def _pixels(profile: Profile) -> int:
    return profile.canvas.width * profile.canvas.height


@cache
def _adapter() -> TypeAdapter[Job]:
    return TypeAdapter(Job)
