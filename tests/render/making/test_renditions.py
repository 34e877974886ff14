"""Real renditions, on the smallest canvases: the finished files are looked into, not the arguments."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, get_args

import av
import numpy as np
import pytest

from courseware.files import sha256
from courseware.lessons.clipping.clip_file import Fit
from courseware.subtitles.cue import Cue
from courseware.times import Span
from render.plan.order import Order
from render.source.examine import Outcome
from render.work.workshop import Workshop, open_workshop
from tests.conftest import ClipFactory
from tests.render.engine import LED, brightness, litter, render
from tests.render.samples import ORDER

HOSTILE = "a'b\"c:d{e}\\N%s;[f],=测试标题六十个字" + "很长" * 20


def made(workshop: Workshop, order: Order, folder: Path) -> Outcome:
    (outcome,) = render(workshop, [order], [LED], folder)
    assert (outcome.state, outcome.problems) == ("made", ())
    assert not litter(workshop.cache_dir, folder)
    return outcome


def picture(path: Path, second: float) -> bytes:
    """The picture shown at that moment, as grey bytes without padding."""
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            if (frame.time or 0) >= second:
                return frame.to_ndarray(format="gray").tobytes()
    raise AssertionError("the file is shorter")


def loudness(path: Path, start: float, seconds: float) -> float:
    """Largest sample of a stretch, 0 to 1."""
    with av.open(str(path)) as container:
        peak = 0.0
        for frame in container.decode(audio=0):
            if start <= (frame.time or 0) < start + seconds:
                peak = max(peak, float(np.abs(frame.to_ndarray()).max()))
        return peak


def test_a_rendition_is_as_long_as_its_parts_and_whole_seconds(
    workshop: Workshop, make_clip: ClipFactory, tmp_path: Path
) -> None:
    outcome = made(workshop, replace(ORDER, source=make_clip(seconds=2.5)), tmp_path)
    assert (outcome.seconds, outcome.notes) == (14, ())  # 3 + 4 + 2.52, and an end card of at least 4
    with av.open(str(outcome.target.path)) as container:
        assert sum(1 for _ in container.decode(video=0)) == 14 * 25


def test_the_same_input_gives_the_same_bytes_in_another_place(
    workshop: Workshop, make_clip: ClipFactory, tmp_path: Path
) -> None:
    order = replace(ORDER, source=make_clip())
    other = open_workshop(workshop.tool, tmp_path / "another cache")
    digests = {sha256(made(shop, order, tmp_path / str(id(shop))).target.path) for shop in (workshop, other)}
    assert len(digests) == 1


def test_a_source_without_sound_becomes_a_silent_body(
    workshop: Workshop, make_clip: ClipFactory, tmp_path: Path
) -> None:
    path = made(workshop, replace(ORDER, source=make_clip(sound=False)), tmp_path).target.path
    assert loudness(path, 0.5, 2) > 0.01  # the jingle
    assert loudness(path, 7.2, 1.5) < 0.001


def test_sound_is_where_the_body_is_and_cards_are_silent(
    workshop: Workshop, make_clip: ClipFactory, tmp_path: Path
) -> None:
    path = made(workshop, replace(ORDER, source=make_clip(channels=1)), tmp_path).target.path
    assert loudness(path, 7.2, 1.5) > 0.05
    assert loudness(path, 4, 2.5) < 0.001
    assert loudness(path, 9.5, 2) < 0.001


def test_the_last_picture_is_held_while_sound_goes_on(
    workshop: Workshop, make_clip: ClipFactory, tmp_path: Path
) -> None:
    outcome = made(workshop, replace(ORDER, cues=(), source=make_clip(tone_seconds=4)), tmp_path)
    assert outcome.seconds == 15
    assert loudness(outcome.target.path, 10, 0.8) > 0.05
    standing = np.frombuffer(picture(outcome.target.path, 9.0), np.uint8).astype(int)
    later = np.frombuffer(picture(outcome.target.path, 10.8), np.uint8).astype(int)
    assert np.abs(standing - later).max() < 30


ODD: dict[str, dict[str, Any]] = {
    "a size that is odd and not square": {"size": (161, 90), "filters": "setsar=16/15"},
    "more pictures a second": {"fps": "60"},
    "one picture a second": {"fps": "1"},
    "ten bits": {"options": ("-pix_fmt", "yuv420p10le")},
    "full range": {"filters": "scale=out_range=full,format=yuvj420p"},
    "upright": {"size": (90, 160)},
}


@pytest.mark.parametrize("kind", ODD)
def test_any_source_fits_any_way(workshop: Workshop, make_clip: ClipFactory, tmp_path: Path, kind: str) -> None:
    suffix = ".mkv" if kind.startswith("a size") else ".mp4"
    options = {"options": ("-c:v", "ffv1"), **ODD[kind]} if suffix == ".mkv" else ODD[kind]
    order = replace(ORDER, source=make_clip(suffix, seconds=1, sound=False, **options), cues=())
    fits = [replace(order, lesson=fit, fit=fit) for fit in get_args(Fit)]
    assert [one.state for one in render(workshop, fits, [LED], tmp_path)] == ["made"] * 3


def test_captions_are_on_the_picture_at_their_time_only(
    workshop: Workshop, make_clip: ClipFactory, tmp_path: Path
) -> None:
    black = make_clip(filters="drawbox=color=black:t=fill", sound=False)
    order = replace(ORDER, source=black, cues=(Cue(Span(0, 1000), "浇水CO₂"),))
    path = made(workshop, order, tmp_path).target.path
    assert max(picture(path, 7.0)) > 200
    assert max(picture(path, 7.96)) > 200
    assert max(picture(path, 8.0)) < 40


@pytest.mark.usefixtures("short_chunks")
def test_a_caption_that_crosses_a_border_does_not_blink(
    workshop: Workshop, make_clip: ClipFactory, tmp_path: Path
) -> None:
    black = make_clip(filters="drawbox=color=black:t=fill", sound=False)
    order = replace(ORDER, source=black, cues=(Cue(Span(600, 1400), "浇水"),))
    path = made(workshop, order, tmp_path).target.path
    with av.open(str(path)) as container:
        body = [brightness(frame) for frame in islice(container.decode(video=0), 175, 225)]
    assert [bool(frame.max() > 200) for frame in body] == [15 <= number < 35 for number in range(50)]
    before, after = (body[number].astype(int) for number in (24, 25))
    assert np.abs(before - after).mean() < 2


def test_hostile_texts_are_drawn_like_any_other(workshop: Workshop, make_clip: ClipFactory, tmp_path: Path) -> None:
    texts = dict.fromkeys(("title", "presenter", "producer", "credit"), HOSTILE[:60])
    order = replace(ORDER, source=make_clip(), cues=(Cue(Span(0, 1500), HOSTILE),), **texts)  # type: ignore[arg-type]
    made(workshop, order, tmp_path)


def test_a_slogan_stands_for_its_seconds(workshop: Workshop, tmp_path: Path) -> None:
    order = replace(ORDER, source=None, cues=(), slogan="致富靠自己", seconds=6)
    outcome = made(workshop, order, tmp_path)
    assert outcome.seconds == 6
    first, last = picture(outcome.target.path, 0), picture(outcome.target.path, 5.9)
    assert max(first) - min(first) > 60
    assert np.abs(np.frombuffer(first, np.uint8).astype(int) - np.frombuffer(last, np.uint8).astype(int)).max() < 40
    assert loudness(outcome.target.path, 0, 6) == 0


def test_an_ident_alone_moves_and_plays_its_jingle(workshop: Workshop, tmp_path: Path) -> None:
    outcome = made(workshop, replace(ORDER, source=None, cues=(), ident=True), tmp_path)
    path = outcome.target.path
    assert outcome.seconds == 3
    assert picture(path, 0.1) != picture(path, 1.5)
    assert loudness(path, 0, 1.5) > 0.02


@pytest.mark.usefixtures("short_chunks")
def test_a_notice_moves_on_over_the_borders_of_its_chunks(workshop: Workshop, tmp_path: Path) -> None:
    words = "各位村民：本周六上午八点到十二点停水检修，请提前储水。"
    order = replace(ORDER, source=None, cues=(), title="停水通知", notice=words)
    outcome = made(workshop, order, tmp_path)
    with av.open(str(outcome.target.path)) as container:
        frames = [brightness(frame).astype(int) for frame in container.decode(video=0)]
    assert len(frames) == outcome.seconds * 25 > 50
    moved = [float(np.abs(after - before).mean()) for before, after in pairwise(frames)]
    assert max(moved) > 1
    # A jump at a border would be a larger change than any other.
    borders = [moved[number - 1] for number in range(25, len(frames), 25)]
    assert max(borders) <= 2 * np.median([one for one in moved if one > 1])
