from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import ffmpeg
import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image, ImageDraw

from courseware.errors import InputError
from render.plan.ass import dump_ass
from render.plan.captions import typeset
from render.plan.order import Order
from render.plan.profiles import Profile, profile_named
from render.plan.screens import Corner, CornerMark, Screen
from render.plan.watermark import Watermark, caption_style_for, draw_watermark, overlaid, watermark_of
from templates.captions import LOOKS
from templates.cards.pictures import Picture
from templates.type.fonts import FONTS_DIR
from tests.render.samples import ORDER

CORNERS: tuple[Corner, ...] = ("top-left", "top-right", "bottom-left", "bottom-right")
PROFILES = [profile_named(name) for name in ("led-192x96", "led-320x160", "led-512x320", "led-640x64", "station-tv")]
LED = profile_named("led-320x160")


def order(mark: CornerMark | None, **changes: Any) -> Order:
    return replace(ORDER, screens=(Screen(mark=mark, **changes),))


def marked(profile: Profile, mark: CornerMark, **changes: Any) -> Watermark:
    found = watermark_of(order(mark, **changes), profile)
    assert found is not None
    return found


@pytest.fixture
def logo(tmp_path: Path) -> Callable[..., Picture]:
    def make(colour: tuple[int, int, int] = (220, 30, 30), size: tuple[int, int] = (300, 100)) -> Picture:
        picture = Image.new("RGBA", (size[0] + 80, size[1] + 80), (0, 0, 0, 0))
        ImageDraw.Draw(picture).rectangle((40, 40, size[0] + 39, size[1] + 39), fill=colour)
        picture.save(tmp_path / "logo.png")
        return Picture(tmp_path / "logo.png", "")

    return make


def drawn(watermark: Watermark, tmp_path: Path) -> Image.Image:
    draw_watermark(watermark, tmp_path / "mark.png")
    with Image.open(tmp_path / "mark.png") as opened:
        picture: Image.Image = opened.copy()
    assert (picture.mode, picture.size) == ("RGBA", (watermark.width, watermark.height))
    return picture


def ink(picture: Image.Image) -> tuple[int, int, int, int]:
    box = picture.getchannel("A").getbbox()
    assert box is not None
    return box


def test_without_a_mark_in_the_settings_there_is_none() -> None:
    assert watermark_of(ORDER, LED) is None
    assert watermark_of(order(None), LED) is None


def test_words_alone_have_no_mark_since_they_name_the_office() -> None:
    slogan = replace(order(CornerMark(words="远教")), source=None, slogan="防火")
    assert watermark_of(slogan, LED) is None


def test_a_screen_of_its_own_comes_before_that_of_all() -> None:
    own = Screen("led-320x160", mark=CornerMark(words="汉滨远教"))
    both = replace(ORDER, screens=(Screen(mark=CornerMark(words="安康远教")), own))
    assert marked_words(both, LED) == "汉滨远教"
    assert marked_words(both, profile_named("station-tv")) == "安康远教"


def marked_words(given: Order, profile: Profile) -> str:
    found = watermark_of(given, profile)
    return found.mark.words if found else ""


@pytest.mark.parametrize("corner", CORNERS)
def test_a_mark_stands_in_its_corner_of_every_canvas_inside_the_safe_frame(
    corner: Corner, logo: Callable[..., Picture], tmp_path: Path
) -> None:
    for profile in PROFILES:
        for mark in (CornerMark(logo(), corner=corner), CornerMark(words="安康远教", corner=corner)):
            left, top, right, bottom = ink(drawn(marked(profile, mark), tmp_path))
            width, height = profile.canvas
            assert left >= width * 0.04
            assert right <= width * 0.96
            assert top >= height * 0.04
            assert bottom <= height * 0.96
            assert (left < width / 2) == corner.endswith("left")
            assert (top < height / 2) == corner.startswith("top")
            assert right - left <= width * (0.5 if mark.words else 0.4)


def test_a_mark_is_as_high_as_asked_without_the_clear_border_of_its_file(
    logo: Callable[..., Picture], tmp_path: Path
) -> None:
    _, top, _, bottom = ink(drawn(marked(profile_named("station-tv"), CornerMark(logo(), height=100)), tmp_path))
    assert 100 <= bottom - top <= 108
    left, top, right, bottom = ink(drawn(marked(LED, CornerMark(logo(size=(900, 60)), height=250)), tmp_path))
    assert 120 <= right - left <= 128
    assert bottom - top <= 15


def test_opacity_is_that_of_the_settings(logo: Callable[..., Picture], tmp_path: Path) -> None:
    for opacity in (10, 50, 100):
        picture = drawn(marked(profile_named("station-tv"), CornerMark(logo(), opacity=opacity)), tmp_path)
        assert picture.getchannel("A").getextrema()[1] == 255 * opacity // 100


def test_a_clock_of_the_player_is_not_covered(tmp_path: Path) -> None:
    _, top, _, _ = ink(drawn(marked(LED, CornerMark(words="远教"), clear_top_px=40), tmp_path))
    assert top >= 40
    low = marked(LED, CornerMark(words="远教", corner="bottom-left"), clear_bottom_px=30)
    assert ink(drawn(low, tmp_path))[3] <= 130


@pytest.mark.parametrize("ground", [0, 60, 128, 190, 255])
@pytest.mark.parametrize("tone", [(255, 255, 255), (10, 30, 80), (128, 128, 128), None])
def test_a_mark_is_seen_on_any_footage(
    ground: int, tone: tuple[int, int, int] | None, logo: Callable[..., Picture], tmp_path: Path
) -> None:
    mark = CornerMark(logo(tone), opacity=80) if tone else CornerMark(words="安康远教", opacity=80)
    picture = drawn(marked(profile_named("led-512x320"), mark), tmp_path)
    footage = Image.new("RGBA", picture.size, (ground, ground, ground, 255))
    shown = np.asarray(Image.alpha_composite(footage, picture).convert("L").crop(ink(picture))).astype(int)
    assert (abs(shown - ground) >= 45).mean() > 0.05


def test_the_same_mark_is_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        draw_watermark(marked(LED, CornerMark(words="安康远教")), tmp_path / name)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_a_logo_that_was_damaged_since_is_named(logo: Callable[..., Picture], tmp_path: Path) -> None:
    picture = logo()
    picture.path.write_bytes(picture.path.read_bytes()[:60])
    with pytest.raises(InputError, match=r"logo\.png"):
        draw_watermark(marked(LED, CornerMark(picture)), tmp_path / "mark.png")
    assert not (tmp_path / "mark.png").exists()


def burned(profile: Profile, given: Order, folder: Path, *, captions: bool, mark: bool) -> np.ndarray:
    """A grey picture ten seconds into the body, with what is asked for on it."""
    style = caption_style_for(given, profile)
    (folder / "c.ass").write_text(dump_ass(typeset(given.cues, style), style), encoding="utf-8")
    found = watermark_of(given, profile)
    assert found is not None
    draw_watermark(found, folder / "mark.png")
    width, height = profile.canvas
    grey = ffmpeg.input(f"color=0x808080:s={width}x{height}:r=25", format="lavfi")
    stream = grey.filter("format", pix_fmts="yuv420p").filter("setpts", expr="PTS+1/TB")
    if captions:
        stream = stream.filter("ass", filename="c.ass", fontsdir=str(FONTS_DIR))
    if mark:
        stream = overlaid(stream, ffmpeg.input("mark.png"))
    command = stream.output("pipe:", format="rawvideo", pix_fmt="gray", **{"frames:v": 1}).get_args()
    tool = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error"]
    made = subprocess.run([*tool, *command], cwd=folder, check=True, capture_output=True).stdout
    return np.frombuffer(made, np.uint8).reshape(height, width).astype(int)


@pytest.mark.parametrize("corner", CORNERS)
@pytest.mark.parametrize("profile", PROFILES[:4], ids=lambda profile: profile.name)
def test_captions_and_mark_never_meet(profile: Profile, corner: Corner, tmp_path: Path) -> None:
    said = replace(ORDER.cues[0], text="注意防治魔芋软腐病和茶叶红蜘蛛，每亩用水50公斤")
    given = order(CornerMark(words="安康远教", corner=corner), clear_bottom_px=6)
    logo = inked(burned(profile, given, tmp_path, captions=False, mark=True))
    for cue in (said, replace(said, place="top")):
        texts = inked(burned(profile, replace(given, cues=(cue,)), tmp_path, captions=True, mark=False))
        assert texts.size
        assert logo.size
        assert texts[0] > logo[-1] or texts[-1] < logo[0]


def inked(picture: np.ndarray) -> np.ndarray:
    """The rows that hold something."""
    return np.flatnonzero((abs(picture - np.median(picture)) > 12).any(axis=1))


def test_captions_are_as_large_as_the_distance_asks_and_keep_the_words_of_the_dictionary() -> None:
    usual = caption_style_for(ORDER, profile_named("led-512x320"))
    far = order(None, distance_m=100, pitch_mm=5)
    style = caption_style_for(replace(far, words=frozenset({"红蜘蛛"})), profile_named("led-512x320"))
    assert usual.em_px < style.em_px == 58
    assert style.words == {"红蜘蛛"}


def test_where_two_lines_have_no_room_left_there_is_one() -> None:
    profile = profile_named("led-320x160")
    assert caption_style_for(ORDER, profile).max_lines == 2
    assert caption_style_for(order(CornerMark(words="远教", height=250), clear_bottom_px=60), profile).max_lines == 1


def test_captions_look_as_the_screen_wants_them() -> None:
    given = replace(ORDER, screens=(Screen(look="box"), Screen("wechat")))
    for profile, look in (("station-tv", "box"), ("wechat", "outline")):
        assert caption_style_for(given, profile_named(profile)).look is LOOKS[look]


def test_a_mark_has_the_colours_of_its_logo(logo: Callable[..., Picture], tmp_path: Path) -> None:
    """Red of a logo is red on television: converted by the matrix that the picture has."""
    found = marked(profile_named("led-512x320"), CornerMark(logo((200, 40, 40)), opacity=100, height=250))
    draw_watermark(found, tmp_path / "mark.png")
    grey = ffmpeg.input("color=0x808080:s=512x320:r=25", format="lavfi").filter("format", pix_fmts="yuv420p")
    grey = grey.filter("setparams", range="tv", color_primaries="bt709", color_trc="bt709", colorspace="bt709")
    shown = overlaid(grey, ffmpeg.input("mark.png")).filter("scale", in_color_matrix="bt709", in_range="tv")
    command = shown.output("pipe:", format="rawvideo", pix_fmt="rgb24", **{"frames:v": 1}).get_args()
    tool = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error"]
    made = subprocess.run([*tool, *command], cwd=tmp_path, check=True, capture_output=True).stdout
    with Image.open(tmp_path / "mark.png") as picture:
        left, top, right, bottom = ink(picture)
    middle = np.frombuffer(made, np.uint8).reshape(320, 512, 3)[(top + bottom) // 2, (left + right) // 2]
    assert abs(middle.astype(int) - (200, 40, 40)).max() <= 4
