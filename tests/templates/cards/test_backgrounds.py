from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from courseware.errors import InputError
from courseware.lessons.series import BUILT_IN_SERIES
from templates.cards.backgrounds import darkened, set_on_picture
from templates.cards.cards import TitleCard, draw_card, plan_card
from templates.cards.drawing import TextLine
from templates.cards.looks import Look, look_of
from templates.cards.palette import contrast, palette_of, parse_colour
from templates.cards.pictures import Picture
from templates.cards.slogans import SloganCard

LOOKS = [look_of(series) for series in BUILT_IN_SERIES]
CANVASES = [(192, 96), (320, 160), (512, 320), (640, 64), (480, 800)]


def glaring(width: int, height: int) -> Image.Image:
    """White on one half and the hardest texture on the other."""
    squares = (np.indices((height, width)).sum(axis=0) // 2 % 2 * 255).astype("uint8")
    squares[:, : width // 2] = 255
    return Image.fromarray(squares).convert("RGB")


def card(width: int, height: int, look: Look, picture: Picture | None = None) -> TitleCard:
    return TitleCard(width, height, look, "猕猴桃冬季修剪", "实用技术", "微视频", "张明华", "远教办", picture)


@pytest.mark.parametrize(("width", "height"), CANVASES)
def test_every_line_keeps_its_contrast_on_the_most_glaring_picture(width: int, height: int) -> None:
    for look in LOOKS:
        lines = [part for part in plan_card(card(width, height, look)) if isinstance(part, TextLine)]
        assert lines
        ground = np.asarray(darkened(glaring(width, height), look, lines))
        for line in lines:
            tone = parse_colour(getattr(palette_of(look), line.tone))
            box = ground[
                line.baseline - round(0.88 * line.em) : line.baseline + line.em // 8, line.x : line.x + line.width
            ]
            colours = {tuple(int(part) for part in colour) for colour in box.reshape(-1, 3)}
            assert min(contrast(tone, (red, green, blue)) for red, green, blue in colours) >= 4.5


def test_a_dark_picture_is_hardly_changed() -> None:
    look = LOOKS[0]
    lines = [part for part in plan_card(card(512, 320, look)) if isinstance(part, TextLine)]
    dark = Image.new("RGB", (512, 320), (60, 40, 30))
    light = Image.new("RGB", (512, 320), (250, 250, 250))
    at = (lines[1].x, lines[1].baseline)
    shown = darkened(dark, look, lines).getpixel(at)
    assert isinstance(shown, tuple)
    assert 35 <= shown[0] <= 60
    veiled = darkened(light, look, lines)
    near, far = veiled.getpixel(at), veiled.getpixel((510, 2))
    assert isinstance(near, tuple)
    assert isinstance(far, tuple)
    assert near[0] < far[0]


@pytest.mark.parametrize("size", [(40, 900), (900, 40), (3, 3), (700, 500)])
def test_a_picture_of_any_shape_covers_the_canvas(size: tuple[int, int]) -> None:
    parts = plan_card(card(320, 160, LOOKS[1]))
    shown = set_on_picture(320, 160, LOOKS[1], Image.new("RGB", size, (0, 120, 0)), parts)
    assert (shown.size, shown.mode) == ((320, 160), "RGB")
    corners = [shown.getpixel(at) for at in ((0, 0), (319, 0), (0, 159), (319, 159))]
    assert all(isinstance(one, tuple) and one[1] > one[0] for one in corners)


def test_clear_parts_of_a_picture_show_the_colour_of_the_series(tmp_path: Path) -> None:
    Image.new("RGBA", (300, 200), (255, 255, 255, 0)).save(tmp_path / "clear.png")
    draw_card(card(320, 160, LOOKS[0], Picture(tmp_path / "clear.png", "")), tmp_path / "card.png")
    with Image.open(tmp_path / "card.png") as shown:
        corner = shown.getpixel((319, 159))
    assert isinstance(corner, tuple)
    assert max(corner) < 160


def test_the_same_card_on_a_picture_is_the_same_bytes(tmp_path: Path) -> None:
    glaring(300, 200).save(tmp_path / "a.png")
    picture = Picture(tmp_path / "a.png", "")
    for name in ("1.png", "2.png"):
        draw_card(SloganCard(384, 192, LOOKS[2], "保护绿水青山", "系列", "单位", picture), tmp_path / name)
    assert (tmp_path / "1.png").read_bytes() == (tmp_path / "2.png").read_bytes()


def test_a_damaged_picture_leaves_no_card(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"no picture")
    with pytest.raises(InputError, match=r"a\.png: this is no picture"):
        draw_card(card(320, 160, LOOKS[0], Picture(tmp_path / "a.png", "")), tmp_path / "card.png")
    assert not (tmp_path / "card.png").exists()
