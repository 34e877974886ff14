from __future__ import annotations

import subprocess
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import ffmpeg
import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image

from render.plan.notices import notice_picture, scroll_of, words_card, words_frames
from render.plan.order import Order
from render.plan.profiles import profile_named
from render.plan.screens import Screen
from templates.cards.cards import draw_card
from templates.cards.notices import NoticeSheet, Scroll, notice_motion
from templates.cards.slogans import SloganCard
from tests.render.samples import ORDER

CONTENT = "请各村居民带上身份证到村委会缴费。" * 3


def slogan(seconds: int = 15) -> Order:
    return replace(ORDER, source=None, cues=(), slogan="森林防火，人人有责！", seconds=seconds)


def notice(content: str = CONTENT) -> Order:
    return replace(ORDER, source=None, cues=(), notice=content)


def frames(folder: Path, sheet: NoticeSheet, scroll: Scroll, first: int, count: int) -> np.ndarray:
    """What ffmpeg makes of a drawn sheet: count × height × width × 3."""
    stream = notice_picture(ffmpeg.input("sheet.png", framerate="25/1"), scroll, sheet.width, sheet.height, first)
    cut = stream.filter("trim", end_frame=count).output("pipe:", format="rawvideo", pix_fmt="rgb24")
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *cut.get_args()]
    made = subprocess.run(command, cwd=folder, check=True, capture_output=True).stdout
    return np.frombuffer(made, np.uint8).reshape(count, sheet.height, sheet.width, 3)


def test_a_slogan_stands_for_its_seconds() -> None:
    profile = profile_named("led-320x160")
    assert words_frames(slogan(), profile) == 15 * 25
    assert words_frames(slogan(seconds=20), profile) == 20 * 25
    assert words_frames(slogan(seconds=20), replace(profile, fps=Fraction(30_000, 1001))) == 30_000


def test_a_slogan_is_a_card_of_the_canvas_in_the_colours_of_its_series() -> None:
    card = words_card(slogan(), profile_named("led-320x160"))
    assert isinstance(card, SloganCard)
    assert (card.width, card.height, card.look, card.content) == (320, 160, ORDER.look, "森林防火，人人有责！")
    assert scroll_of(card, Fraction(25)) is None


def test_a_notice_lasts_as_long_as_its_sheet_passes() -> None:
    profile = profile_named("led-640x64")
    sheet = words_card(notice(), profile)
    assert isinstance(sheet, NoticeSheet)
    assert (sheet.title, sheet.content, sheet.office) == (ORDER.title, CONTENT, ORDER.office)
    assert words_frames(notice(), profile) == notice_motion(sheet, profile.fps).frames


def test_letters_are_as_large_as_the_distance_asks() -> None:
    far = Screen("led-512x320", distance_m=100, pitch_mm=5)
    for order in (slogan(), notice()):
        assert words_card(replace(order, screens=(far,)), profile_named("led-512x320")).least_px == 58


def test_a_video_is_no_card_of_words() -> None:
    with pytest.raises(ValueError, match="dose"):
        words_card(ORDER, profile_named("led-320x160"))


@pytest.mark.parametrize(("profile", "direction"), [("led-192x96", "up"), ("led-384x64", "left")])
def test_every_frame_is_pixels_of_the_sheet_wherever_a_chunk_begins(
    profile: str, direction: str, tmp_path: Path
) -> None:
    sheet = words_card(notice(), profile_named(profile))
    assert isinstance(sheet, NoticeSheet)
    draw_card(sheet, tmp_path / "sheet.png")
    with Image.open(tmp_path / "sheet.png") as picture:
        whole = np.asarray(picture)
    scroll = notice_motion(sheet, Fraction(25))
    assert scroll.direction == direction
    for first in (0, scroll.first - 3, scroll.first + 251, scroll.frames - 9):
        for number, frame in enumerate(frames(tmp_path, sheet, scroll, first, 9)):
            offset = scroll.offset(first + number)
            top, left = (offset, 0) if direction == "up" else (0, offset)
            assert (frame == whole[top : top + sheet.height, left : left + sheet.width]).all()
