"""Jobs: what one run of ffmpeg makes for the store, as plain data that any process can carry out.

A job names its source by path and checksum and everything else by value; it can be sent to another machine that sees
the source and the store.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import groupby, pairwise

from pydantic import TypeAdapter

from render.plan.graph import (
    PICTURE_SUFFIX,
    WantedChunk,
    drawn_arguments,
    drawn_file,
    fade_arguments,
    footage_arguments,
)
from render.plan.montage import Reel
from render.plan.notices import stands
from render.plan.plan import CrossFade, Piece, RenditionPlan, SourceStretch, still_piece
from render.plan.profiles import Profile
from render.scene import Feed
from render.work.steps import DrawCard, DrawMark, LayIdent, Step, WriteText
from render.work.store import Kind
from templates.cards.idents import Ident

MOST_FRAMES = 1_000  # of a profile in one job; a crash can lose so much
_QUICK_FRAMES = 3_000  # where it is made in a moment, and what is decoded in vain before each job would be dear
# Of all encoders of a job together, which keep their memory to its end, over 100 bytes for a pixel. One stretch for
# full HD, four for 1280 × 720 and for LED walls of its size.
_MOST_PIXELS = 4_000_000


@dataclass(frozen=True, slots=True)
class Output:
    """A file that a job makes, and the key it is kept under.

    Attributes:
        pixels: of a frame.
        fps: pictures a second.
        judged: whether what is seen in it is kept for the check of quality.
    """

    file: str
    key: str
    frames: int
    pixels: int
    fps: Fraction
    kind: Kind = "picture"
    judged: bool = True


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
        second, second_sha256: the source that a cross-fade goes over into, which stands in the arguments as
            graph.SECOND; "" for none.
        feed: pictures that are drawn for its standard input, of `source` where that is named.
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
    second: str = ""
    second_sha256: str = ""
    feed: Feed | None = None

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
    def reels(self) -> tuple[Reel, ...]:
        """The sources it is made from: none for a card, two for a cross-fade."""
        match self.piece.picture:
            case SourceStretch(reel=number):
                return (self.plan.reels[number],)
            case CrossFade(reels=numbers):
                return tuple(self.plan.reels[number] for number in numbers)
        return ()


def dump_job(job: Job) -> str:
    """The job as JSON."""
    return _adapter().dump_json(job).decode()


def load_job(content: str) -> Job:
    """The job that `dump_job` wrote.

    Raises:
        pydantic.ValidationError: it is none.
    """
    return _adapter().validate_json(content)


def still_job(plan: RenditionPlan, frame: int) -> Job:
    """The job of one picture of a rendition, as a PNG; nothing of it goes into the store.

    Raises:
        IndexError: the rendition ends before that frame.
    """
    piece = Missing(plan, still_piece(plan, frame), key="")
    match piece.piece.picture:
        case SourceStretch():
            return _footage_job([piece], PICTURE_SUFFIX)
        case CrossFade() as fade:
            return _fade_job(piece, fade, PICTURE_SUFFIX)
    return _drawn_job([piece], PICTURE_SUFFIX)


def plan_jobs(missing: Sequence[Missing]) -> tuple[Job, ...]:
    """Jobs for all that is missing of one lesson; stretches of a source are read once for all profiles.

    Args:
        missing: each key once.
    """
    footage = [one for one in missing if isinstance(one.piece.picture, SourceStretch)]
    fades = [_fade_job(one, one.piece.picture) for one in missing if isinstance(one.piece.picture, CrossFade)]
    drawn = [_drawn_job(group) for group in _drawings(missing)]
    return (*drawn, *(_footage_job(group) for group in _stretches(footage)), *fades)


def _drawings(missing: Iterable[Missing]) -> Iterator[list[Missing]]:
    """What a card is drawn for once: all lengths in which it stands; of what moves each chunk is by itself."""
    found: dict[Hashable, list[Missing]] = {}
    for drawn in missing:
        picture, profile = drawn.piece.picture, drawn.plan.profile
        if not isinstance(picture, SourceStretch | CrossFade):
            alike = stands(picture, profile.fps)
            found.setdefault((picture, profile, drawn.piece.mark) if alike else drawn.key, []).append(drawn)
    yield from found.values()


def _stretches(missing: Iterable[Missing]) -> Iterator[list[Missing]]:
    """Neighbours go together as far as a job may be long; more the farther key frames are apart."""
    reels = list(dict.fromkeys(one.reels for one in missing))

    def kind(one: Missing) -> tuple[Fraction, int]:
        return one.plan.profile.fps, reels.index(one.reels)

    ordered = sorted(missing, key=lambda one: (*kind(one), one.piece.chunk.start, one.plan.profile.name))
    for _, same in groupby(ordered, key=kind):
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
    return chunk.start <= end and chunk.end - start <= _most_frames(one) and _has_room(group)


def _has_room(group: Sequence[Missing]) -> bool:
    """Whether another stretch as large as those before still leaves the encoders room."""
    stretches = len({one.piece.chunk.start for one in group})
    open_pixels = sum(_pixels(one.plan.profile) for one in group)
    return open_pixels * (stretches + 1) <= _MOST_PIXELS * stretches


def _most_frames(one: Missing) -> int:
    """One chunk when key frames are near; up to four when much would be decoded in vain before each; or quick."""
    (reel,), fps = one.reels, one.plan.profile.fps
    if one.plan.profile.quick:
        return _QUICK_FRAMES
    if not reel.facts.seekable:
        return MOST_FRAMES
    moments = (*reel.facts.keyframes_ms, reel.facts.duration_ms)
    farthest_ms = max(after - before for before, after in pairwise(moments))
    chunk = next(piece.chunk.frames for piece in one.plan.pieces if isinstance(piece.picture, SourceStretch))
    wasted = int(farthest_ms * fps / 1000) // 2
    return min(MOST_FRAMES, max(chunk, wasted * 10))


def _footage_job(group: Sequence[Missing], suffix: str = ".mp4") -> Job:
    (reel,), name = group[0].reels, group[0].plan.lesson
    steps: list[Step] = []
    wanted = [_wanted(one, number, suffix, steps) for number, one in enumerate(group)]
    arguments = footage_arguments(reel, wanted, seek=True)
    patient = footage_arguments(reel, wanted, seek=False)
    start, end = wanted[0].chunk.start, max(one.chunk.end for one in wanted)
    from_ms, to_ms = (int(frame * 1000 * reel.speed / wanted[0].profile.fps) for frame in (start, end))
    return Job(
        name=name,
        source=str(reel.path.absolute()),
        source_sha256=reel.sha256,
        steps=tuple(steps),
        arguments=arguments,
        patient=patient if patient != arguments else (),
        outputs=tuple(_output(one, wish) for one, wish in zip(group, wanted, strict=True)),
        from_ms=from_ms,
        to_ms=to_ms,
    )


def _fade_job(one: Missing, fade: CrossFade, suffix: str = ".mp4") -> Job:
    (before, after), steps = one.reels, list[Step]()
    wanted = _wanted(one, 0, suffix, steps)
    arguments, patient = (
        fade_arguments(one.reels, fade.starts, fade.frames, wanted, seek=seek) for seek in (True, False)
    )
    ends = (fade.starts[0], fade.starts[0] + fade.frames)
    from_ms, to_ms = (int(frame * 1000 * before.speed / wanted.profile.fps) for frame in ends)
    return Job(
        name=one.plan.lesson,
        source=str(before.path.absolute()),
        source_sha256=before.sha256,
        steps=tuple(steps),
        arguments=arguments,
        patient=patient if patient != arguments else (),
        outputs=(_output(one, wanted),),
        from_ms=from_ms,
        to_ms=to_ms,
        second=str(after.path.absolute()),
        second_sha256=after.sha256,
    )


def _wanted(one: Missing, number: int, suffix: str, steps: list[Step]) -> WantedChunk:
    """A chunk of the job as its number `number`; what has to be made for it beforehand is put to the steps."""
    picture, captions, mark = one.piece.picture, "", ""
    if isinstance(picture, SourceStretch | CrossFade) and picture.captions:
        captions = f"c{number}.ass"
        steps.append(WriteText(captions, picture.captions))
    if one.piece.mark:
        mark = f"m{number}.png"
        steps.append(DrawMark(mark, one.piece.mark))
    return WantedChunk(one.plan.profile, one.piece.chunk, f"o{number}{suffix}", captions, mark)


def _output(one: Missing, wanted: WantedChunk) -> Output:
    profile = wanted.profile
    return Output(wanted.file, one.key, wanted.chunk.frames, _pixels(profile), profile.fps, judged=not profile.quick)


def _drawn_job(group: Sequence[Missing], suffix: str = ".mp4") -> Job:
    picture, name = group[0].piece.picture, group[0].plan.lesson
    assert not isinstance(picture, SourceStretch | CrossFade)  # noqa: S101  (for the type checker)
    file = drawn_file(picture)
    steps: list[Step] = [LayIdent(file, picture) if isinstance(picture, Ident) else DrawCard(file, picture)]
    wanted = [_wanted(one, number, suffix, steps) for number, one in enumerate(group)]
    return Job(
        name=name,
        source="",
        source_sha256="",
        steps=tuple(steps),
        arguments=drawn_arguments(picture, wanted),
        patient=(),
        outputs=tuple(_output(one, wish) for one, wish in zip(group, wanted, strict=True)),
    )


def _pixels(profile: Profile) -> int:
    return profile.canvas.width * profile.canvas.height


@cache
def _adapter() -> TypeAdapter[Job]:
    return TypeAdapter(Job)
