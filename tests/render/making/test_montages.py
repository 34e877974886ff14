from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import numpy as np
import pytest

from courseware.errors import InputError
from courseware.lessons.clips import Clip, kept_clips
from courseware.lessons.moments import lesson_moment
from courseware.lessons.rendition import load_rendition
from courseware.subtitles.cue import Cue
from courseware.times import Span
from render.making.stills import draw_frame
from render.plan.order import Order
from render.work.workshop import Workshop
from tests.conftest import run_ffmpeg
from tests.render.engine import BODY_FROM_S, LED, body_numbers, numbered, render, stored
from tests.render.samples import ORDER
from tests.render.sounds import BEEPS, beeps_ms

pytestmark = pytest.mark.usefixtures("short_chunks")

COUNT = 150  # six seconds, a beep at the half of each
ADVANCE = 512  # what the second video counts from


def filmed(path: Path, first: int = 0, groups: int = 12) -> Path:
    """A video whose pictures carry their number, with a beep at 0.5 s, 1.5 s, …"""
    silent = numbered(path.with_suffix(".mkv"), COUNT, g=str(groups), bf="2", first=first)
    run_ffmpeg("-i", str(silent), "-f", "lavfi", "-i", BEEPS, "-t", str(COUNT / 25), "-c:v", "copy", str(path))
    return path


def cut(source: Path, *cuts: tuple[int, int | None], **changes: object) -> Order:
    clips = kept_clips(source, cuts, "pad", 0)
    return replace(ORDER, **({"source": source, "cues": (), "clips": clips} | changes))  # type: ignore[arg-type]


def of_clips(*clips: Clip) -> Order:
    return replace(ORDER, source=clips[0].path, cues=(), clips=clips)


def made(workshop: Workshop, order: Order, folder: Path) -> Path:
    (outcome,) = render(workshop, [order], [LED], folder)
    assert outcome.state == "made", outcome.problems
    return outcome.target.path


def pictures(workshop: Workshop, before: dict[str, int]) -> int:
    """How many pictures were encoded for the body since then."""
    kept = [workshop.store.find(key) for key in stored(workshop).keys() - before.keys()]
    found = 0
    for one in kept:
        if one is not None and one.kind == "picture":
            with av.open(str(one.path)) as opened:
                found += opened.streams.video[0].frames
    return found


@pytest.mark.parametrize(
    "groups", [pytest.param(12, id="sought"), pytest.param(250, id="not sought", marks=pytest.mark.long)]
)
def test_just_the_pictures_between_the_cuts_are_shown_and_the_sound_goes_with_them(
    workshop: Workshop, tmp_path: Path, groups: int
) -> None:
    source = filmed(tmp_path / "a.mp4", groups=groups)
    result = made(workshop, cut(source, (1000, 2360), (4000, 4640)), tmp_path)
    kept = [*range(25), *range(59, 100), *range(116, COUNT)]
    assert body_numbers(result, len(kept)) == kept
    # Beeps from 0.5, 2.5, 3.5 and 5.5 s of the source on remain.
    middles = [510, 2510 - 1360, 3510 - 1360, 5510 - 2000]
    assert beeps_ms(result)[-4:] - BODY_FROM_S * 1000 == pytest.approx(middles, abs=5)
    # So a reviewer's subtitles and comments find their moment.
    described = load_rendition(result.parent, result.stem)
    assert described is not None
    assert [lesson_moment(described, BODY_FROM_S * 1000 + at) for at in (500, 1000, 2640)] == [500, 2360, 4640]


def test_moving_one_cut_makes_only_the_pieces_at_it_again(workshop: Workshop, tmp_path: Path) -> None:
    source = filmed(tmp_path / "a.mp4", groups=13)
    before = stored(workshop)
    made(workshop, replace(ORDER, source=source, cues=()), tmp_path)
    assert pictures(workshop, before) >= COUNT
    before = stored(workshop)
    made(workshop, cut(source, (3200, 3800)), tmp_path)  # within one piece of the whole and the next
    # What is left of the one piece, before and behind the cut; and of the end card how much longer it is held.
    assert pictures(workshop, before) == 5 + 5 + 15
    before = stored(workshop)
    made(workshop, cut(source, (3200, 3880)), tmp_path)
    assert pictures(workshop, before) == 28 + 17


@pytest.mark.long
def test_videos_follow_each_other_faster_slower_and_turned(workshop: Workshop, tmp_path: Path) -> None:
    one, other = filmed(tmp_path / "a.mp4"), filmed(tmp_path / "b.mp4", ADVANCE)
    order = of_clips(
        Clip("clip.1", other, 1000, 2000),
        Clip("clip.2", one, 1040, 5040, speed=Fraction(2)),
        Clip("clip.3", one, 2000, 3000, speed=Fraction(1, 2), rotate=180),
    )
    result = made(workshop, order, tmp_path)
    shown = body_numbers(result, 125)
    assert shown[:25] == [ADVANCE + number for number in range(25, 50)]
    assert shown[25:75] == list(range(26, 126, 2))
    upside = [int(f"{50 + number // 2:012b}"[::-1], 2) for number in range(50)]  # bars from right to left
    assert shown[75:] == upside
    # One at normal speed, four twice as fast, one that takes as long again.
    middles = [510, *(1235, 1735, 2235, 2735), 4020]
    assert beeps_ms(result)[-6:] - BODY_FROM_S * 1000 == pytest.approx(middles, abs=10)


def test_a_cross_fade_shows_both_and_costs_its_own_length_once(workshop: Workshop, tmp_path: Path) -> None:
    one, other = filmed(tmp_path / "a.mp4"), filmed(tmp_path / "b.mp4", ADVANCE)
    order = of_clips(Clip("clip.1", one, 0, 2000), Clip("clip.2", other, 1000, 3000, fade_ms=400))
    result = made(workshop, order, tmp_path)
    shown = body_numbers(result, 90)
    assert shown[:40] == list(range(40))
    assert shown[50:] == [ADVANCE + number for number in range(35, 75)]
    with av.open(str(result)) as opened:
        around = islice(opened.decode(video=0), BODY_FROM_S * 25 + 39, BODY_FROM_S * 25 + 51)
        light = [picture.to_ndarray(format="gray")[8:56, 9 * 8 + 4].mean() for picture in around]
    # The bar that the second video alone has.
    steps = np.diff(light)
    assert steps[0] == 0, "the first picture is still all of the first video"
    assert np.all(np.abs(steps[1:] - 25) < 4), steps
    middles = [510, 1510, 1600 + 510, 1600 + 1510]
    assert beeps_ms(result)[-4:] - BODY_FROM_S * 1000 == pytest.approx(middles, abs=5)


def test_subtitles_follow_their_words_through_the_cuts(workshop: Workshop, tmp_path: Path) -> None:
    source = filmed(tmp_path / "a.mp4")
    cues = (Cue(Span(500, 900), "留下"), Cue(Span(1200, 2200), "剪掉"), Cue(Span(3000, 3800), "后面"))
    whole, short = cut(source, cues=cues, clips=()), cut(source, (1000, 2360), cues=cues)
    for at_ms, then_ms in ((700, 700), (3400, 3400 - 1360), (2800, 2800 - 1360)):
        draw_frame(workshop, whole, LED, BODY_FROM_S * 1000 + at_ms, tmp_path / "whole.png")
        draw_frame(workshop, short, LED, BODY_FROM_S * 1000 + then_ms, tmp_path / "cut.png")
        assert (tmp_path / "whole.png").read_bytes() == (tmp_path / "cut.png").read_bytes()


def test_cuts_that_lie_outside_of_the_video_are_told_all_at_once(workshop: Workshop, tmp_path: Path) -> None:
    source = filmed(tmp_path / "a.mp4")
    order = of_clips(Clip("clip.1", source, 9000, 10_000), Clip("clip.2", source), Clip("clip.3", source, 0, 8000))
    with pytest.raises(InputError) as caught:
        draw_frame(workshop, order, LED, 0, tmp_path / "x.png")
    assert [problem.where for problem in caught.value.problems] == ["clip.1", "clip.3"]
    assert "0:09 lies after the end of a.mp4, which lasts 0:06" in str(caught.value)
