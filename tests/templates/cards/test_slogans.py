from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image

from courseware.errors import InputError
from courseware.lessons.series import BUILT_IN_SERIES
from templates.cards.cards import card_texts, draw_card, plan_card
from templates.cards.drawing import Bar, TextLine
from templates.cards.looks import look_of
from templates.cards.slogans import SloganCard
from templates.type.fonts import advance

CANVASES = [
    (192, 96),
    (320, 160),
    (384, 192),
    (512, 320),
    (800, 480),
    (1920, 1080),
    (960, 480),
    (640, 64),
    (960, 128),
    (480, 800),
]
SLOGANS = [
    "绿水青山就是金山银山",
    "森林防火，人人有责！",
    "一人吸毒 全家受害",
    "学《民法典》，用《民法典》",
    "每亩用水50公斤，CO₂浓度800mg/L",
    "依法缴纳城乡居民医保，看病报销有保障，一人参保全家安心",
]
LONGEST = "坚决打赢脱贫攻坚战，" * 6


def slogan(width: int, height: int, content: str = SLOGANS[0], least_px: int = 0) -> SloganCard:
    look, office = look_of(BUILT_IN_SERIES[0]), "汉滨区远程教育办公室"
    return SloganCard(width, height, look, content, "我的扶贫故事", office, least_px=least_px)


def sentence(card: SloganCard) -> list[TextLine]:
    lines = [part for part in plan_card(card) if isinstance(part, TextLine)]
    return [line for line in lines if line.em == lines[0].em and line.tone == "white"]


def lines_of(width: int, height: int, content: str) -> list[str]:
    return [line.text for line in sentence(slogan(width, height, content))]


def all_cards() -> list[SloganCard]:
    return [slogan(width, height, content) for width, height in CANVASES for content in SLOGANS]


def test_every_slogan_stands_whole_inside_the_safe_margin_of_every_canvas() -> None:
    for card in all_cards():
        lines = sentence(card)
        joined, whole = ("".join(said).replace(" ", "") for said in ([line.text for line in lines], card.content))
        assert joined.replace("，", "") == whole.replace("，", "")
        assert all(line.text[-1] not in "，、；" for line in lines)
        for part in plan_card(card):
            assert isinstance(part, TextLine | Bar)
            assert part.x >= card.width * 0.04
            assert part.x + part.width - 2 <= card.width * 0.96
        assert lines[0].baseline - 0.88 * lines[0].em >= card.height * 0.04
        assert max(line.baseline for line in lines) + 0.12 * lines[0].em <= card.height * 0.96


def test_no_line_begins_with_a_mark_or_ends_with_an_opening_one() -> None:
    for card in all_cards():
        for line in sentence(card):
            assert line.text[0] not in "，。！》"
            assert line.text[-1] != "《"


def test_lines_do_not_touch() -> None:
    for card in all_cards():
        for above, below in pairwise(sentence(card)):
            assert below.baseline - above.baseline >= 1.2 * above.em


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        ("绿水青山就是金山银山", ["绿水青山", "就是金山银山"]),
        ("森林防火，人人有责！", ["森林防火", "人人有责！"]),
        ("一人吸毒 全家受害", ["一人吸毒", "全家受害"]),
        ("勤劳创造幸福，振兴从我做起。", ["勤劳创造幸福", "振兴从我做起"]),
        ("学《民法典》，用《民法典》", ["学《民法典》", "用《民法典》"]),
    ],
)
def test_a_slogan_is_broken_where_a_speaker_pauses(content: str, lines: list[str]) -> None:
    assert [lines_of(width, height, content) for width, height in ((320, 160), (800, 480))] == [lines, lines]


def test_a_strip_shows_a_short_slogan_on_one_line_as_high_as_it_can() -> None:
    (line,) = sentence(slogan(640, 64))
    assert line.em >= 40


def test_a_short_slogan_is_large() -> None:
    for width, height in CANVASES:
        assert sentence(slogan(width, height, "防火防盗"))[0].em >= 0.2 * min(width, height)


@pytest.mark.parametrize("content", ["森林防火，人人有责！", "森林防火，人人有责", "森林防火 人人有责"])
def test_characters_of_two_equal_clauses_stand_below_one_another(content: str) -> None:
    first, second = sentence(slogan(800, 480, content))
    assert first.x == second.x


def test_a_sentence_is_in_the_middle() -> None:
    (line,) = sentence(slogan(960, 128, "绿水青山就是金山银山"))
    assert abs(2 * line.x + advance(line.text, line.em) - 960) <= 2


def test_series_and_office_stand_below_where_there_is_room_and_not_on_a_strip() -> None:
    below = [part for part in plan_card(slogan(512, 320)) if isinstance(part, TextLine) and part.tone == "soft"]
    assert [line.text for line in below] == ["我的扶贫故事·汉滨区远程教育办公室"]
    narrow = [part for part in plan_card(slogan(352, 176)) if isinstance(part, TextLine) and part.tone == "soft"]
    assert [line.text for line in narrow] == ["汉滨区远程教育办公室"]
    strip = plan_card(slogan(640, 64))
    assert not any(isinstance(part, Bar) or getattr(part, "tone", "") == "soft" for part in strip)


def test_what_nobody_could_read_is_refused() -> None:
    assert sentence(slogan(384, 192, LONGEST))[0].em >= 16
    with pytest.raises(InputError, match="too long to be read on a screen of 192×96 pixels"):
        plan_card(slogan(192, 96, LONGEST))


def test_a_place_that_is_far_away_asks_for_large_letters_or_none() -> None:
    assert sentence(slogan(320, 160, least_px=40))[0].em >= 40
    with pytest.raises(InputError, match="too long to be read"):
        plan_card(slogan(320, 160, least_px=70))


def test_every_text_of_the_card_is_checked_for_glyphs() -> None:
    card = slogan(512, 320)
    drawn = {part.text for part in plan_card(card) if isinstance(part, TextLine)}
    assert drawn <= {"绿水青山", "就是金山银山", *card_texts(card)}


@pytest.mark.parametrize(("width", "height"), [(192, 96), (640, 64), (512, 320)])
def test_a_slogan_is_drawn_the_same_every_time(width: int, height: int, tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        draw_card(slogan(width, height), tmp_path / name)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    with Image.open(tmp_path / "a.png") as picture:
        assert (picture.size, picture.mode) == ((width, height), "RGB")
        white = sum(count for count, colour in picture.getcolors(1 << 20) or () if colour == (255, 255, 255))
    assert white > width * height * 0.02


@pytest.mark.parametrize(("width", "height"), [(192, 96), (512, 320), (640, 64), (1920, 1080)])
def test_a_slogan_keeps_clear_of_clock_and_ticker(width: int, height: int) -> None:
    top, bottom = height // 5, height // 6
    card = replace(slogan(width, height, "防火防盗"), clear_top_px=top, clear_bottom_px=bottom)
    lines = [part for part in plan_card(card) if isinstance(part, TextLine)]
    assert min(line.baseline - 0.88 * line.em for line in lines) > top
    assert max(line.baseline + 0.12 * line.em for line in lines) < height - bottom
