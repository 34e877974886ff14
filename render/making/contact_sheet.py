"""A contact sheet: telling moments of a lesson on all its screens, a row for each, to look at before rendering."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from courseware.files import replacing
from courseware.storage.outputs import refuse_clashes
from courseware.subtitles.cue import Cue
from courseware.times import clock
from render.making.stills import StillFrame, draw_frames, stamp_draft
from render.plan.order import Order
from render.plan.profiles import Profile
from render.plan.timeline import Timeline
from render.work.workshop import Workshop
from templates.type.fonts import font_file

if TYPE_CHECKING:
    from PIL.Image import Image

_OF_BODY = 3  # pictures, between the title card and the end card
_CELL_PX, _GAP_PX, _LABEL_PX, _EM_PX = 480, 14, 30, 20
Stretch = tuple[int, int]
_PAPER, _INK = (246, 244, 239), (40, 40, 40)


def draw_sheet(
    workshop: Workshop, order: Order, profiles: Sequence[Profile], target: Path, drafts: Collection[str] = ()
) -> None:
    """Write the sheet as PNG; all or nothing.

    Args:
        drafts: the profiles whose pictures say that nobody has approved them.

    Raises:
        YuanjiaoError: as render.making.stills.draw_frame.
    """
    refuse_clashes([target], order.files)
    # Where a lesson was cut, its subtitles tell no moments of the finished video.
    cues = () if order.clips else order.cues
    with workshop.work_folder() as folder, replacing(target) as scratch:
        rows = [
            (
                profile,
                draw_frames(workshop, order, profile, lambda timeline: telling_moments(timeline, cues), folder),
            )
            for profile in profiles
        ]
        for profile, frames in rows:
            for frame in frames if profile.name in drafts else ():
                stamp_draft(frame.path)
        _composed(rows).save(scratch, format="PNG", optimize=True)


def telling_moments(timeline: Timeline, cues: Sequence[Cue]) -> tuple[int, ...]:
    """Milliseconds of the finished video: the title card, what is longest to read, the end card.

    Without subtitles, the body at even distances; of a slogan, a notice or an ident the same of the whole.
    """
    title, body, end = (_span_ms(timeline, name) for name in ("title", "body", "end"))
    return moments_within(title, body, end, cues, timeline.seconds * 1000)


def moments_within(
    title: Stretch, body: Stretch, end: Stretch, cues: Sequence[Cue], whole_ms: int
) -> tuple[int, ...]:
    """The same of a video whose parts are known, each from and to in milliseconds."""
    if title[0] == title[1]:
        return _evenly(0, whole_ms, _OF_BODY)
    shown = sorted(cues, key=lambda cue: (-len(cue.text), cue.span))[:_OF_BODY]
    middles = sorted(body[0] + (cue.span.start_ms + cue.span.end_ms) // 2 for cue in shown)
    within = [moment for moment in middles if moment < body[1]]
    return (sum(title) // 2, *(within or _evenly(*body, _OF_BODY)), sum(end) // 2)


def _span_ms(timeline: Timeline, name: Literal["title", "body", "end"]) -> Stretch:
    start, end = timeline.span(name)
    return int(start * 1000 / timeline.fps), int(end * 1000 / timeline.fps)


def _evenly(start_ms: int, end_ms: int, count: int) -> tuple[int, ...]:
    """The middles of `count` equal parts."""
    return tuple(start_ms + (end_ms - start_ms) * (2 * part + 1) // (2 * count) for part in range(count))


def _composed(rows: Sequence[tuple[Profile, Sequence[StillFrame]]]) -> Image:
    """The pictures in rows, each under the name of its screen and its moment; all of one width."""
    from PIL import Image as Pictures
    from PIL import ImageDraw, ImageFont

    columns = max(len(frames) for _, frames in rows)
    heights = [_CELL_PX * profile.canvas.height // profile.canvas.width for profile, _ in rows]
    size = (
        _GAP_PX + columns * (_CELL_PX + _GAP_PX),
        _GAP_PX + sum(height + _LABEL_PX + _GAP_PX for height in heights),
    )
    sheet = Pictures.new("RGB", size, _PAPER)
    draw, font = ImageDraw.Draw(sheet), ImageFont.truetype(str(font_file("Noto Sans SC", "Regular")), _EM_PX)
    y = _GAP_PX
    for (profile, frames), height in zip(rows, heights, strict=True):
        for column, frame in enumerate(frames):
            x = _GAP_PX + column * (_CELL_PX + _GAP_PX)
            draw.text((x, y), f"{profile.name} · {clock(frame.at_ms // 1000)}", font=font, fill=_INK)
            sheet.paste(_scaled(frame.path, (_CELL_PX, height)), (x, y + _LABEL_PX))
        y += height + _LABEL_PX + _GAP_PX
    return sheet


def _scaled(path: Path, size: tuple[int, int]) -> Image:
    """The picture at a size; the pixels of a small wall stay square and sharp."""
    from PIL import Image as Pictures

    with Pictures.open(path) as picture:
        larger = picture.width < size[0]
        way = Pictures.Resampling.NEAREST if larger else Pictures.Resampling.LANCZOS
        scaled: Image = picture.convert("RGB").resize(size, way)
    return scaled
