"""A picture before rendering is the picture that rendering makes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from courseware.errors import InputError
from courseware.subtitles.cue import Cue
from courseware.times import Span
from render.making.contact_sheet import draw_sheet, telling_moments
from render.making.stills import draw_frame, draw_frames
from render.plan.order import Order
from render.plan.timeline import plan_bare_timeline, plan_timeline
from render.work.workshop import Workshop
from tests.conftest import ClipFactory
from tests.render.engine import BODY_FROM_S, LED, SMALL, numbered, numbers, render, rewrapped
from tests.render.samples import ORDER

PLAIN = replace(ORDER, cues=())
FRAME_MS = 40


def body_picture(workshop: Workshop, order: Order, number: int, folder: Path) -> int:
    """The bar code that is seen `number` pictures after the body has begun."""
    at_ms = BODY_FROM_S * 1000 + number * FRAME_MS
    (picture,) = draw_frames(workshop, order, LED, lambda _: (at_ms,), folder)
    return numbers(picture.path)[0]


@pytest.mark.parametrize("wrapping", [".mp4", ".ts"], ids=["that is sought", "that cannot be sought"])
def test_every_moment_shows_its_own_picture_of_a_video(workshop: Workshop, tmp_path: Path, wrapping: str) -> None:
    plain = numbered(tmp_path / "plain.mp4", 400, g="25", keyint_min="25")
    source = plain if wrapping == ".mp4" else rewrapped(plain, tmp_path / "other.ts")
    order = replace(PLAIN, source=source)
    wanted = [0, 1, 249, 250, 251, 399]
    assert [body_picture(workshop, order, number, tmp_path) for number in wanted] == wanted


def test_cards_captions_and_ident_look_as_in_the_finished_file(
    workshop: Workshop, make_clip: ClipFactory, tmp_path: Path
) -> None:
    order = replace(ORDER, source=make_clip(seconds=4))
    (outcome,) = render(workshop, [order], [LED], tmp_path / "out")
    with av.open(str(outcome.target.path)) as container:
        finished = list(container.decode(video=0))
    moments = (1200, 2960, 5000, BODY_FROM_S * 1000 + 800, len(finished) * FRAME_MS - FRAME_MS)
    drawn = draw_frames(workshop, order, LED, lambda _: moments, tmp_path)
    for at_ms, picture in zip(moments, drawn, strict=True):
        with Image.open(picture.path) as opened:
            shown = np.asarray(opened).astype(int)
        here, elsewhere = (
            np.abs(shown - finished[moment // FRAME_MS].to_ndarray(format="rgb24").astype(int)).mean()
            for moment in (at_ms, (at_ms + 3000) % 7000)
        )
        assert here < 6 < elsewhere, at_ms


def test_a_moment_after_the_end_is_refused_with_the_length(
    workshop: Workshop, make_clip: ClipFactory, tmp_path: Path
) -> None:
    order = replace(PLAIN, source=make_clip(seconds=2))
    draw_frame(workshop, order, LED, 12_960, tmp_path / "last.png")
    with pytest.raises(InputError) as refused:
        draw_frame(workshop, order, LED, 13_000, tmp_path / "late.png")
    assert [problem.render(str) for problem in refused.value.problems] == [
        "--at: the finished video ends at 0:13; name a moment before it"
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["last.png"]


def test_a_picture_is_never_written_over_the_video_it_is_of(workshop: Workshop, tmp_path: Path) -> None:
    source = numbered(tmp_path / "raw.png.mp4", 10)
    before = source.read_bytes()
    with pytest.raises(InputError, match="is read"):
        draw_frame(workshop, replace(PLAIN, source=source), LED, 0, source)
    assert source.read_bytes() == before


def test_a_slogan_without_a_video_is_drawn_too(workshop: Workshop, tmp_path: Path) -> None:
    order = replace(ORDER, source=None, cues=(), slogan="扶贫先扶志", seconds=20)
    early, late = draw_frames(workshop, order, SMALL, lambda _: (0, 19_000), tmp_path)
    with Image.open(early.path) as picture:
        assert picture.size == SMALL.canvas
    assert early.path.read_bytes() == late.path.read_bytes()


def test_a_sheet_has_a_row_for_each_screen_and_a_column_for_each_moment(
    workshop: Workshop, make_clip: ClipFactory, tmp_path: Path
) -> None:
    order = replace(ORDER, source=make_clip(seconds=4))
    draw_sheet(workshop, order, [LED, SMALL], tmp_path / "sheet.png")
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.size == (14 + 4 * 494, 14 + (320 + 44) + (384 + 44))


def test_the_telling_moments_are_the_cards_and_what_takes_longest_to_read() -> None:
    timeline = plan_timeline(1500, LED.fps)
    cues = [
        Cue(Span(start, start + 2000), "字" * length)
        for start, length in ((0, 3), (10_000, 9), (20_000, 5), (30_000, 4))
    ]
    assert telling_moments(timeline, cues) == (5000, 7000 + 11_000, 7000 + 21_000, 7000 + 31_000, 69_000)
    assert telling_moments(timeline, ()) == (5000, 17_000, 37_000, 57_000, 69_000)
    assert telling_moments(plan_bare_timeline(150, LED.fps), ()) == (1000, 3000, 5000)
