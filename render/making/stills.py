"""Pictures of a lesson before it is rendered: any moment on any screen, drawn by the graph that renders it.

Keeps nothing but what a render keeps anyway (facts of sources, idents, bridges), and takes no lock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from courseware.errors import InputError, Problem, ToolError, text
from courseware.files import copy_file, replacing
from courseware.storage.outputs import refuse_clashes
from courseware.times import clock
from render.footage.footage import DrawnFootage, footage_job
from render.pieces.execute import carry_out, run_job
from render.plan.montage import montage_of
from render.plan.order import Order
from render.plan.plan import CrossFade, Piece, RenditionPlan, SourceStretch, plan_rendition, still_piece
from render.plan.profiles import Profile
from render.plan.timeline import Timeline
from render.source.examine import bridged
from render.source.glyphs import check_glyphs
from render.source.recording import look_into_all, reels_of
from render.source.stand_ins import StandIn, stand_in_job
from render.work.jobs import Job, still_job
from render.work.workshop import Workshop
from templates.type.fonts import font_file

_DRAFT, _RED, _PAPER = "草稿", (192, 32, 32), (255, 255, 255)
_DRAFT_SHARE, _SMALLEST_EM = 9, 12  # of the shorter side, in pixels
Moments = Callable[[Timeline], Sequence[int]]  # which pictures are wanted, in milliseconds of the finished video


@dataclass(frozen=True, slots=True)
class StillFrame:
    """A picture that was drawn.

    Attributes:
        at_ms: of the finished video.
    """

    at_ms: int
    path: Path


def draw_frame(
    workshop: Workshop, order: Order, profile: Profile, at_ms: int, target: Path, *, draft: bool = False
) -> None:
    """The picture of one moment as a PNG of the canvas's size; all or nothing.

    Args:
        at_ms: of the finished video, from its ident on.
        draft: say on it that nobody has approved it.

    Raises:
        InputError: the moment lies after the end, or a character cannot be drawn.
        MediaError, ToolError: the source cannot be read.
    """
    refuse_clashes([target], order.files)
    with workshop.work_folder() as folder, replacing(target) as scratch:
        (picture,) = draw_frames(workshop, order, profile, lambda _: (at_ms,), folder)
        if draft:
            stamp_draft(picture.path)
        copy_file(picture.path, scratch)


def draw_frames(
    workshop: Workshop, order: Order, profile: Profile, moments: Moments, folder: Path
) -> tuple[StillFrame, ...]:
    """Pictures of moments as PNG files in `folder`, in order.

    Raises:
        YuanjiaoError: as draw_frame.
    """
    check_glyphs(order, profile)
    planned = _planned(workshop, order, profile)
    plan, found = planned.plan, []
    for number, moment_ms in enumerate(moments(plan.timeline)):
        frame = int(moment_ms * profile.fps / 1000)
        if frame >= plan.timeline.frames:
            length = clock(plan.timeline.seconds)
            what = text("the finished video ends at {length}; name a moment before it", length=length)
            raise InputError(Problem("--at", what))
        target = folder / f"{profile.name}-{number}.png"
        _draw(workshop, still_job(_drawn_for(workshop, planned, frame, folder), frame), target)
        found.append(StillFrame(moment_ms, target))
    return tuple(found)


def stamp_draft(picture: Path) -> None:
    """Write 草稿 into the upper right corner, where cards have no words, of what nobody has approved."""
    from PIL import Image, ImageDraw, ImageFont

    with Image.open(picture) as opened:
        stamped = opened.convert("RGB")
    em = max(_SMALLEST_EM, min(stamped.size) // _DRAFT_SHARE)
    draw = ImageDraw.Draw(stamped)
    font = ImageFont.truetype(str(font_file("Noto Sans SC", "Bold")), em)
    margin, padding, line = em // 3, em // 4, max(1, em // 12)
    width, height = round(draw.textlength(_DRAFT, font)) + 2 * padding, em + 2 * padding
    left = stamped.width - margin - width
    draw.rectangle((left, margin, left + width, margin + height), fill=_PAPER, outline=_RED, width=line)
    centre = (left + width / 2, margin + height / 2)
    draw.text(centre, _DRAFT, font=font, fill=_RED, anchor="mm")
    stamped.save(picture, format="PNG")


@dataclass(frozen=True, slots=True)
class _Planned:
    """A plan, and what of its stand-ins is not there and only drawn for the picture that is wanted."""

    plan: RenditionPlan
    undrawn: Mapping[str, DrawnFootage]


def _planned(workshop: Workshop, order: Order, profile: Profile) -> _Planned:
    """The plan of the rendition; copies that have to be made before any of its pictures can be read are made.

    Raises:
        YuanjiaoError: a video cannot be used, or a clip lies outside of it.
    """
    sources = look_into_all(workshop, order.shown_paths, audio=order.audio)
    montage = montage_of(order, reels_of(sources), profile.fps)
    shown, stand_ins = bridged(workshop, order, montage, profile)
    if montage is None or shown is None:
        return _Planned(plan_rendition(order, None, profile), {})
    reels, undrawn = list(shown.reels), dict[str, DrawnFootage]()
    for stand_in in _missing(workshop, stand_ins):
        at = montage.reels.index(stand_in.of)
        if isinstance(stand_in, DrawnFootage):
            undrawn[stand_in.key] = stand_in
        elif not stand_in.of.facts.parts:
            # For one picture no copy of an hour is made, if what is sought can be reached without it.
            reels[at] = stand_in.of
        else:
            run_job(workshop, stand_in_job(stand_in, order.lesson))
    return _Planned(plan_rendition(order, replace(shown, reels=tuple(reels)), profile), undrawn)


def _missing(workshop: Workshop, stand_ins: Sequence[StandIn]) -> Iterator[StandIn]:
    return (one for one in stand_ins if workshop.store.find(one.key, check=True) is None)


def _drawn_for(workshop: Workshop, planned: _Planned, frame: int, folder: Path) -> RenditionPlan:
    """The plan, with footage of one picture in the place of what would be drawn whole."""
    plan = planned.plan
    reels = list(plan.reels)
    for number, own in _read_by(still_piece(plan, frame)):
        footage = planned.undrawn.get(reels[number].content)
        if footage is not None:
            still, target = footage.still(own), folder / f"footage{number}.nut"
            _draw(workshop, footage_job(still, plan.lesson, passing=True), target)
            reels[number] = still.reel(target)
    return replace(plan, reels=tuple(reels))


def _read_by(piece: Piece) -> tuple[tuple[int, int], ...]:
    """The reels of a piece of one picture, and which picture of each it shows."""
    match piece.picture:
        case SourceStretch(reel=number):
            return ((number, piece.chunk.start),)
        case CrossFade(reels=numbers, starts=starts):
            return tuple((number, start + piece.chunk.start) for number, start in zip(numbers, starts, strict=True))
    return ()


def _draw(workshop: Workshop, job: Job, target: Path) -> None:
    """Run a job for its one picture, without seeking where the source's index led past it."""
    made = job.outputs[0].file
    with workshop.work_folder() as work:
        for arguments in filter(None, (job.arguments, job.patient)):
            carry_out(workshop, replace(job, arguments=arguments), work)
            if (work / made).is_file():
                copy_file(work / made, target)
                return
    where = clock(job.from_ms // 1000)
    raise ToolError(Problem(job.name, text("the video cannot be read from {moment} on; save it again", moment=where)))
