from __future__ import annotations

import wave
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from courseware.lessons.series import BUILT_IN_SERIES, MOTIFS
from templates.cards.drawing import Bar, Ground, Layer, Part, TextLine, draw_pages
from templates.cards.idents import Ident, ident_frames, ident_texts, plan_ident, write_jingle
from templates.cards.looks import Look, look_of
from templates.cards.motifs import MOTIONS, layer_count

CANVASES = [(1920, 1080), (1280, 720), (800, 480), (512, 320), (320, 160), (192, 96), (64, 64), (480, 800), (96, 192)]


def ident(width: int = 320, height: int = 160, motif: str = "sprout") -> Ident:
    return Ident(width, height, Look("#1E5B3A", "#E6C229", motif), "扶贫实用技术", "中共汉阴县委组织部远程教育办公室")


def picture(one: Ident, frame: bytes) -> Image.Image:
    return Image.frombytes("RGB", (one.width, one.height), frame)


def test_an_ident_of_three_seconds_has_75_whole_frames() -> None:
    frames = list(ident_frames(ident()))
    assert len(frames) == 75
    assert {len(frame) for frame in frames} == {320 * 160 * 3}


@pytest.mark.parametrize(
    ("fps", "duration_ms", "count"),
    [(Fraction(30), 1000, 30), (Fraction(30000, 1001), 2000, 60), (Fraction(25), 40, 1)],
)
def test_the_frames_follow_rate_and_length(fps: Fraction, duration_ms: int, count: int) -> None:
    assert len(list(ident_frames(replace(ident(64, 64), fps=fps, duration_ms=duration_ms)))) == count


@pytest.mark.parametrize("motif", MOTIFS)
def test_an_ident_begins_with_a_picture_moves_and_comes_to_rest(motif: str) -> None:
    one = ident(motif=motif)
    frames = list(ident_frames(one))
    assert min(channel[1] for channel in picture(one, frames[0]).getextrema() if isinstance(channel, tuple)) > 40
    assert len(set(frames[:45])) > 35
    assert len(set(frames[50:])) == 1


@pytest.mark.parametrize("motif", MOTIFS)
def test_the_last_frame_differs_from_the_ground_of_the_title_card_only_in_words(motif: str) -> None:
    one = ident(motif=motif)
    *_, last = ident_frames(one)
    scenery: tuple[Part, ...] = (Ground(), *(Layer(index) for index in range(layer_count(motif))))
    ground, words = draw_pages(one.width, one.height, one.look, [scenery, plan_ident(one)])
    difference = ImageChops.difference(picture(one, last), ground.convert("RGB")).convert("L")
    clear = words.getchannel("A").point([255] + [0] * 255)
    outside = ImageChops.multiply(difference, clear)
    # Layers that are laid over one another one by one round a little differently.
    assert max(outside.tobytes()) <= 3


def test_the_words_of_the_last_frame_are_the_planned_ones() -> None:
    one = ident()
    *_, last = ident_frames(one)
    words = draw_pages(one.width, one.height, one.look, [plan_ident(one)])[0].getchannel("A")
    solid = words.point([0] * 255 + [255])
    bright = picture(one, last).convert("L").point([0] * 180 + [255] * 76)
    assert ImageChops.subtract(solid, bright).getbbox() is None


def test_the_same_ident_is_the_same_frames() -> None:
    assert list(ident_frames(ident(192, 96))) == list(ident_frames(ident(192, 96)))


@pytest.mark.parametrize(("width", "height"), CANVASES)
def test_name_rule_and_office_stand_inside_the_safe_margin(width: int, height: int) -> None:
    for series in ("MV", "扶贫实用技术", "安康农村党员干部远程教育大讲堂二十字名"):
        parts = plan_ident(replace(ident(width, height), series=series))
        for part in parts:
            match part:
                case TextLine():
                    top, bottom = part.baseline - 0.88 * part.em, part.baseline + 0.12 * part.em
                case Bar():
                    top, bottom = part.y, part.y + part.height
            assert part.x >= 0.04 * width
            assert part.x + part.width - 2 <= 0.96 * width
            assert top >= 0.04 * height
            assert bottom <= 0.96 * height
        assert series in "".join(part.text for part in parts if isinstance(part, TextLine))


def test_a_small_wall_shows_the_name_of_the_series_alone() -> None:
    small = [part for part in plan_ident(ident(96, 64)) if isinstance(part, TextLine)]
    assert "".join(line.text for line in small) == "扶贫实用技术"
    large = [part for part in plan_ident(ident(1280, 720)) if isinstance(part, TextLine)]
    assert large[-1].text == "中共汉阴县委组织部远程教育办公室"


def test_an_ident_needs_no_office() -> None:
    one = replace(ident(), office="")
    assert ident_texts(one) == ("扶贫实用技术",)
    assert len(list(ident_frames(one))) == 75


def test_a_blank_in_a_name_is_no_obstacle() -> None:
    assert len(list(ident_frames(replace(ident(192, 96), series="乡村 MV")))) == 75


@pytest.mark.parametrize("motif", MOTIFS)
def test_every_layer_has_its_motion_and_ends_in_time(motif: str) -> None:
    look = Look("#1E5B3A", "#E6C229", motif)
    draw_pages(64, 64, look, [[Layer(layer_count(motif) - 1)]])
    with pytest.raises(RuntimeError):
        draw_pages(64, 64, look, [[Layer(layer_count(motif))]])
    assert all(motion.start_ms < motion.end_ms <= 2000 for motion in MOTIONS[motif])


@pytest.mark.parametrize("series", BUILT_IN_SERIES, ids=lambda series: series.slug)
def test_the_jingle_lasts_as_long_as_the_ident(series: object, tmp_path: Path) -> None:
    look = next(look_of(one) for one in BUILT_IN_SERIES if one is series)
    write_jingle(replace(ident(), look=look, duration_ms=2000), tmp_path / "jingle.wav")
    with wave.open(str(tmp_path / "jingle.wav")) as sound:
        assert sound.getnframes() == 96_000
