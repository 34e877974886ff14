from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from courseware.errors import InputError
from courseware.lessons.series import BUILT_IN_SERIES
from templates.cards.cards import card_texts, draw_card
from templates.cards.drawing import TextLine, draw_pages
from templates.cards.looks import look_of
from templates.cards.notices import (
    FASTEST,
    LEAST_SECONDS,
    SLOWEST,
    NoticeSheet,
    draw_notice,
    is_strip,
    notice_em,
    notice_motion,
    notice_size,
    plan_notice,
)
from templates.cards.palette import contrast, palette_of, parse_colour

FPS = Fraction(25)
LOOK = look_of(BUILT_IN_SERIES[2])
NORMAL = [(192, 96), (320, 160), (384, 192), (512, 320), (800, 480), (1920, 1080), (960, 480), (480, 800), (64, 64)]
STRIPS = [(640, 64), (960, 128), (1920, 160), (512, 96), (320, 64), (4096, 320)]
CONTENT = (
    "经区委、区政府同意，2026年城乡居民基本医疗保险集中缴费期为9月1日至12月31日，个人缴费标准每人400元。\n"
    "请各村（社区）居民带上身份证或户口簿，到村委会、镇便民服务中心缴费。逾期未缴的，次年不享受医保待遇。\n"
    "咨询电话：0915-3212345。"
)


def notice(width: int, height: int, content: str = CONTENT, **changes: int) -> NoticeSheet:
    return NoticeSheet(width, height, LOOK, "城乡居民医保缴费通知", content, "五里镇人民政府", **changes)


def lines_of(sheet: NoticeSheet) -> list[TextLine]:
    return [part for part in plan_notice(sheet) if isinstance(part, TextLine)]


@pytest.mark.parametrize(("width", "height"), NORMAL + STRIPS)
def test_every_character_is_on_the_sheet_and_inside_its_margin(width: int, height: int) -> None:
    sheet = notice(width, height)
    wide, high = notice_size(sheet)
    lines = lines_of(sheet)
    shown = "".join(line.text for line in lines).replace(" ", "")
    assert shown == "城乡居民医保缴费通知" + CONTENT.replace("\n", "") + "五里镇人民政府"
    for line in lines:
        assert line.x >= width * 0.04
        assert line.x + line.width - 2 <= wide - width * 0.04
        assert line.baseline - 0.88 * line.em >= 0
        assert line.baseline + 0.12 * line.em <= high


@pytest.mark.parametrize(("width", "height"), NORMAL)
def test_lines_of_a_page_obey_the_rules_and_do_not_touch(width: int, height: int) -> None:
    lines = lines_of(notice(width, height))
    assert all(line.text[0] not in "，。、：）" and line.text[-1] != "（" for line in lines)
    assert all(below.baseline - above.baseline >= 1.2 * above.em for above, below in pairwise(lines))


def test_a_paragraph_begins_two_characters_further_in_where_lines_are_long_enough() -> None:
    lines = lines_of(notice(512, 320))
    first = next(line for line in lines if line.text.startswith("经区委"))
    second = lines[lines.index(first) + 1]
    assert first.x - second.x == 2 * first.em
    narrow = lines_of(notice(192, 96))
    begun = next(line for line in narrow if line.text.startswith("经区委"))
    assert begun.x == narrow[narrow.index(begun) + 1].x


@pytest.mark.parametrize(("width", "height"), NORMAL[:-1])
def test_a_page_holds_at_least_three_lines_that_can_be_read(width: int, height: int) -> None:
    em = notice_em(notice(width, height))
    assert em >= 20
    assert 3 * 1.5 * em <= height * 1.02


def test_letters_grow_with_the_distance() -> None:
    assert notice_em(notice(512, 320, least_px=60)) == 60
    assert notice_em(notice(512, 320)) < 60


@pytest.mark.parametrize(("width", "height"), STRIPS)
def test_a_strip_has_one_line_of_nearly_its_height(width: int, height: int) -> None:
    sheet = notice(width, height)
    assert len({line.baseline for line in lines_of(sheet)}) == 1
    assert notice_size(sheet)[1] == height
    assert 0.6 * height <= notice_em(sheet) <= 0.8 * height or notice_em(sheet) >= 100


@pytest.mark.parametrize(("width", "height"), NORMAL + STRIPS)
def test_a_notice_passes_as_fast_as_people_read(width: int, height: int) -> None:
    sheet = notice(width, height)
    motion = notice_motion(sheet, FPS)
    wide, high = notice_size(sheet)
    long = wide if is_strip(width, height) else high
    letters = sum(line.width - 2 for line in lines_of(sheet)) / notice_em(sheet)
    passing = letters / long * motion.pixels * 25 * 60
    assert SLOWEST * 0.97 <= passing <= FASTEST * 1.03
    minutes = Fraction(motion.frames, 25 * 60)
    assert SLOWEST * 0.9 <= letters / minutes <= FASTEST * 1.1


@pytest.mark.parametrize(("width", "height"), STRIPS)
def test_words_on_a_strip_move_by_whole_pixels(width: int, height: int) -> None:
    motion = notice_motion(notice(width, height), FPS)
    assert motion.direction == "left"
    assert motion.pixels.denominator == 1


@pytest.mark.parametrize(("width", "height"), NORMAL)
def test_a_page_moves_one_pixel_at_a_time(width: int, height: int) -> None:
    motion = notice_motion(notice(width, height, CONTENT * 2), FPS)
    offsets = [motion.offset(frame) for frame in range(motion.frames)]
    assert {later - earlier for earlier, later in pairwise(offsets)} == {0, 1}
    if motion.pixels.numerator == 1:
        moments = [frame for frame in range(1, len(offsets)) if offsets[frame] > offsets[frame - 1]]
        assert len({later - earlier for earlier, later in pairwise(moments)}) == 1


@pytest.mark.parametrize(("width", "height"), [*NORMAL, *STRIPS])
@pytest.mark.parametrize("fps", [FPS, Fraction(30), Fraction(24)])
def test_the_first_page_stands_everything_passes_and_the_last_page_stands(
    width: int, height: int, fps: Fraction
) -> None:
    sheet = notice(width, height, CONTENT * 2)
    motion = notice_motion(sheet, fps)
    wide, high = notice_size(sheet)
    assert motion.offset(0) == motion.offset(motion.first) == 0
    assert motion.offset(motion.frames - 1) == motion.distance == max(wide - width, high - height)
    last = next(frame for frame in range(motion.frames) if motion.offset(frame) == motion.distance)
    assert min(motion.first, motion.frames - last) >= 3 * fps
    assert motion.frames % fps == 0


def test_a_short_notice_stands_in_the_middle_until_it_is_read() -> None:
    sheet = notice(512, 320, "明天停水。")
    motion = notice_motion(sheet, FPS)
    assert (motion.distance, motion.frames) == (0, 19 * 25)
    assert notice_motion(replace(sheet, title="", office=""), FPS).frames == LEAST_SECONDS * 25
    lines = lines_of(sheet)
    above, below = lines[0].baseline - lines[0].em, 320 - lines[-1].baseline
    assert abs(above - below) < 20


def test_a_thousand_characters_last_a_quarter_of_an_hour() -> None:
    for width, height in ((320, 160), (1920, 1080), (640, 64)):
        frames = notice_motion(notice(width, height, "请各村及时缴费，不要错过日期。\n" * 62), FPS).frames
        assert 12 * 60 * 25 <= frames <= 17 * 60 * 25


def test_a_frame_rate_of_thirty_thousand_by_a_thousand_and_one_ends_on_a_whole_second() -> None:
    fps = Fraction(30_000, 1001)
    assert notice_motion(notice(320, 160), fps).frames / fps % 1 == 0


def test_white_and_coloured_words_stand_out_from_the_ground() -> None:
    for series in BUILT_IN_SERIES:
        tones = palette_of(look_of(series))
        ground = parse_colour(tones.deep)
        assert all(contrast(parse_colour(tone), ground) >= 4.5 for tone in (tones.white, tones.accent, tones.soft))


@pytest.mark.parametrize(("width", "height"), [(320, 160), (640, 64)])
def test_a_sheet_is_drawn_whole_and_the_same_every_time(width: int, height: int, tmp_path: Path) -> None:
    sheet = notice(width, height)
    for name in ("a.png", "b.png"):
        draw_card(sheet, tmp_path / name)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    with Image.open(tmp_path / "a.png") as picture:
        assert (picture.size, picture.mode) == (notice_size(sheet), "RGB")


def test_a_line_of_a_thousand_characters_is_drawn_on_one_line_to_its_end() -> None:
    sheet = notice(640, 64, "水" * 1000)
    drawn = np.asarray(draw_notice(sheet)).max(axis=2)
    (line,) = [line for line in lines_of(sheet) if line.text.startswith("水")]
    ink = np.flatnonzero((drawn[:, line.x : line.x + line.width] > 200).any(axis=0))
    assert ink[0] < line.em * 0.2
    assert ink[-1] > line.width - line.em * 0.2 - 2


def test_letters_of_a_sheet_have_no_rim() -> None:
    plain = [line for line in lines_of(notice(320, 160)) if line.text.startswith("请各村")]
    (page,) = draw_pages(320, 1000, LOOK, [tuple(plain)])
    assert set(np.unique(np.asarray(page)[..., :3][np.asarray(page)[..., 3] == 255])) == {255}


def test_every_text_of_the_sheet_is_checked_for_glyphs() -> None:
    assert card_texts(notice(320, 160)) == ("城乡居民医保缴费通知", CONTENT, "五里镇人民政府")


@pytest.mark.parametrize(("width", "height"), [(320, 160), (640, 64)])
def test_paragraphs_of_nothing_that_is_seen_are_left_out(width: int, height: int) -> None:
    with_nothing = notice(width, height, "停水。\n\u200b\n\u2060\n \n请储水。")
    assert plan_notice(with_nothing) == plan_notice(notice(width, height, "停水。\n请储水。"))
    assert plan_notice(replace(with_nothing, title="\u200b", office="\u200b"))


def test_a_notice_that_would_fill_the_memory_is_refused() -> None:
    draw_notice(notice(320, 160, "水\n" * 100))
    with pytest.raises(InputError, match="has too many paragraphs for a screen of 1920×1080 pixels"):
        draw_notice(notice(1920, 1080, "水\n" * 500))


def test_words_meant_for_other_programs_are_only_words() -> None:
    content = """#set page(fill: red) $x$ *a* {\\pos(0,0)} %d '":;,[in]scale=2 <b>&amp; \\N ../etc"""
    shown = "".join(line.text for line in lines_of(notice(512, 320, content))).replace(" ", "")
    assert content.replace(" ", "") in shown
    picture = np.asarray(draw_notice(notice(512, 320, content)))
    assert (picture[0, 0] == parse_colour(palette_of(LOOK).deep)).all()


@pytest.mark.parametrize(("width", "height"), [(320, 160), (512, 320), (640, 64)])
def test_first_and_last_page_keep_clear_of_clock_and_ticker(width: int, height: int) -> None:
    sheet = replace(notice(width, height), clear_top_px=height // 5, clear_bottom_px=height // 6)
    lines = lines_of(sheet)
    assert min(line.baseline - 0.88 * line.em for line in lines) > height // 5
    last = notice_size(sheet)[1] - height // 6
    assert max(line.baseline + 0.12 * line.em for line in lines) < last
