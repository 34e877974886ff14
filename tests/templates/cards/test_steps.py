from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image

from courseware.lessons.series import BUILT_IN_SERIES
from templates.cards.cards import card_texts, draw_card
from templates.cards.drawing import TextLine
from templates.cards.looks import look_of
from templates.cards.pictures import Picture
from templates.cards.steps.card import StepCard
from templates.cards.steps.drawing import plan_step
from templates.cards.steps.pages import page_shares, step_pages

CANVASES = [
    (96, 64),
    (128, 64),
    (192, 96),
    (320, 160),
    (512, 320),
    (800, 480),
    (1280, 720),
    (1920, 1080),
    (1080, 1920),
]
POINTS = ("病虫枝：从基部剪去，带出果园烧掉。", "枯死枝：剪到活的地方。", "每亩施50公斤，2.5%的药液。")
CARDS = [
    ("先剪这四种枝", POINTS),
    ("准备工具", ("1. 修枝剪磨快", "2. 手锯上油", "3. 人字梯放稳")),
    ("苹果树冬季修剪", ("落叶以后到萌芽以前，是苹果树修剪的好时候。选晴天中午前后，枝条不脆，剪口不裂。",)),
    ("高海拔地区苹果树冬季修剪与病虫害综合防治技术要点之一", POINTS * 4),
    ("剪枝", ()),
    ("", ("这是没有标题的一张卡。",)),
]


def card(width: int, height: int, heading: str = "先剪这四种枝", lines: tuple[str, ...] = POINTS) -> StepCard:
    return StepCard(width, height, look_of(BUILT_IN_SERIES[2]), heading, lines)


def lines_of(page: StepCard) -> list[TextLine]:
    return [part for part in plan_step(page) if isinstance(part, TextLine)]


@pytest.mark.parametrize(("width", "height"), CANVASES)
def test_every_word_stands_on_some_page_inside_the_safe_margin_and_large_enough_to_be_read(
    width: int, height: int
) -> None:
    for heading, points in CARDS:
        pages = step_pages(card(width, height, heading, points))
        shown = ["".join(line.text for line in lines_of(page)) for page in pages]
        assert all(shown)
        for words in (heading, *points):
            assert "".join(words.split()).strip("0123456789.") in "".join("".join(shown).split()) or heading
        for line in (line for page in pages for line in lines_of(page)):
            assert line.x >= 0.04 * width
            assert line.x + line.width <= 0.97 * width
            assert line.baseline - 0.9 * line.em >= 0.03 * height
            assert line.baseline + 0.22 * line.em <= 0.97 * height
            assert line.em >= 16


def test_no_letter_of_a_split_card_is_lost() -> None:
    pages = step_pages(card(128, 64))
    shown = "".join(line.text for page in pages for line in lines_of(page))
    assert shown == "先剪这四种枝" + "".join(POINTS)
    assert len(pages) > 4


def test_the_heading_goes_with_every_page_where_there_is_room_for_it() -> None:
    pages = step_pages(card(320, 160))
    assert len(pages) > 1
    assert {lines_of(page)[0].text for page in pages} == {"先剪这四种枝"}
    assert [lines_of(page)[0].text for page in step_pages(card(128, 64))].count("先剪这四种枝") == 1


def test_lines_stand_below_one_another() -> None:
    for width, height in CANVASES:
        for page in step_pages(card(width, height)):
            for above, below in pairwise(lines_of(page)):
                if below.x == above.x:
                    assert below.baseline - above.baseline >= 1.1 * min(above.em, below.em)


def test_a_screen_that_is_looked_at_from_far_away_gets_larger_letters_on_more_pages() -> None:
    near, far = card(512, 320), replace(card(512, 320), least_px=64)
    assert min(line.em for page in step_pages(far) for line in lines_of(page)) >= 64
    assert len(step_pages(far)) > len(step_pages(near))


def test_a_page_has_the_more_time_the_more_there_is_to_read() -> None:
    shares = page_shares(card(320, 160, "施肥", (POINTS[0] * 2, "浇水。")))
    assert shares[0] > shares[-1]


def test_words_keep_clear_of_the_picture_beside_them(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("RGB", (400, 500), (200, 40, 40)).save(path)
    shown = replace(card(1280, 720), picture=Picture(path, "-"))
    draw_card(shown, tmp_path / "card.png")
    with Image.open(tmp_path / "card.png") as drawn:
        assert drawn.size == (1280, 720)
        assert drawn.getpixel((1270, 360)) == (200, 40, 40)
        edge = next(x for x in range(1280) if drawn.getpixel((x, 10)) == (200, 40, 40))
    assert all(line.x + line.width < edge for line in lines_of(shown))


def test_the_check_of_glyphs_sees_all_that_is_written() -> None:
    assert card_texts(card(320, 160)) == ("先剪这四种枝", *POINTS)
