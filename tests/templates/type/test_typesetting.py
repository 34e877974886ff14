"""Line breaking: the rules, the balance, and that nothing is lost or too wide."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from templates.type.fonts import advance
from templates.type.phrases import NEVER, phrases, tidy
from templates.type.typesetting import break_lines, fit_lines, is_bilingual, rejoin, split_lines

NOT_FIRST = set("、，；：。！？…”’）》〉」』】·—％℃")
NOT_LAST = set("“‘（《〈「『【￥")
SENTENCES = (
    "灌溉施肥水溶肥料每亩用50公斤，注意防治魔芋软腐病和茶叶红蜘蛛。",
    "今天我们学习《农产品质量安全法》的主要内容……请大家——认真听讲！",
    "CO₂浓度保持在800～1000mg/L，温度25℃～30℃，价格￥100.50元/斤",
    "老王说：“春分前后（三月下旬）播种最好”，大家都点头。",
    "2026年11月22日上午9:30在安康市汉滨区五里镇召开现场会",
    "Python、Excel 和 WPS 都可以打开这个表格，please try it yourself.",
)
LETTERS = st.sampled_from(
    "春季茶园管理要抓好三件事一是修剪的了和在，。、；：！？“”（）《》—…·￥℃%0123456789aBcW mg/L-.'\"\n\u200b\u3000"
)
TEXTS = st.one_of(st.text(LETTERS, max_size=80), st.text(max_size=40))
WIDTHS = st.integers(min_value=1, max_value=30)


def lines_of(content: str, ems: float, max_lines: int | None = None) -> tuple[str, ...]:
    """Lines of so many Chinese characters; fails when they do not fit."""
    lines = break_lines(content, ems * 20, 20, max_lines=max_lines)
    assert lines is not None
    return lines


def without_blanks(content: str) -> str:
    return re.sub(r"\s", "", tidy(content).replace("\u200b", ""))


@given(TEXTS, WIDTHS)
@settings(max_examples=300, deadline=None)
def test_lines_join_back_to_the_text(content: str, ems: int) -> None:
    assert without_blanks("".join(lines_of(content, ems))) == without_blanks(content)


@given(TEXTS, WIDTHS)
@settings(max_examples=300, deadline=None)
def test_no_line_is_wider_than_asked_unless_it_cannot_be_divided(content: str, ems: int) -> None:
    for line in lines_of(content, ems):
        indivisible = all(grade == NEVER for grade in phrases(line).grades)
        assert advance(line, 20) <= ems * 20 + 0.001 or indivisible


@given(TEXTS, WIDTHS)
@settings(max_examples=300, deadline=None)
def test_no_line_is_blank_or_begins_or_ends_with_a_blank(content: str, ems: int) -> None:
    assert all(line and line == line.strip() for line in lines_of(content, ems))


@given(TEXTS, WIDTHS, st.integers(min_value=1, max_value=4))
@settings(max_examples=200, deadline=None)
def test_a_limit_on_lines_is_kept_or_refused(content: str, ems: int, max_lines: int) -> None:
    lines = break_lines(content, ems * 20, 20, max_lines=max_lines)
    assert lines is None or len(lines) <= max_lines


@given(st.sampled_from(SENTENCES), st.sampled_from(SENTENCES), st.floats(min_value=9, max_value=40))
@settings(max_examples=300, deadline=None)
def test_a_rule_is_never_broken_on_lines_of_nine_characters_or_more(one: str, other: str, ems: float) -> None:
    for before, after in pairwise(lines_of(one + other, ems)):
        assert after[0] not in NOT_FIRST
        assert before[-1] not in NOT_LAST


@given(TEXTS, WIDTHS, st.integers(min_value=1, max_value=3))
@settings(max_examples=200, deadline=None)
def test_pictures_hold_the_whole_text_and_never_too_many_lines(content: str, ems: int, max_lines: int) -> None:
    pictures = split_lines(content, ems * 20, 20, max_lines)
    assert without_blanks("".join("".join(lines) for lines in pictures)) == without_blanks(content)
    assert all(1 <= len(lines) <= max_lines for lines in pictures)


@pytest.mark.parametrize("ems", [7, 9, 12, 16])
@pytest.mark.parametrize(
    "whole",
    ["50公斤", "30℃", "2000mg/L", "50%", "￥100", "Python", "——", "……", "P₂O₅", "三亩", "9:30", "第12讲", "25℃～30℃"],
)
def test_what_belongs_together_stays_on_a_line(whole: str, ems: int) -> None:
    for shift in range(ems + 2):
        content = "春夏秋冬东西南北上中下左右前后"[:shift] + whole + "以后再看看地里的茶苗长得怎么样"
        assert any(whole in line for line in lines_of(content, ems))


def test_a_book_title_stays_whole_when_a_line_can_hold_it() -> None:
    assert "《农民专业合作社法》" in "|".join(lines_of("我们一起学习《农民专业合作社法》的新规定", 11)).split("|")


def test_a_book_title_longer_than_a_line_is_broken_between_words() -> None:
    lines = lines_of("《中华人民共和国农产品质量安全法》", 9)
    assert lines == ("《中华人民共和国", "农产品质量安全法》")


def test_a_word_is_not_torn_apart_when_there_is_another_way() -> None:
    for ems in (8, 9, 10, 11, 12, 13):
        lines = lines_of("灌溉施肥水溶肥料要注意防治魔芋软腐病和红蜘蛛", ems)
        assert not any(
            before[-1] + after[0] in {"灌溉", "施肥", "水溶", "肥料", "防治", "魔芋"}
            for before, after in pairwise(lines)
        )


def test_punctuation_is_preferred_to_a_word_border() -> None:
    assert lines_of("一是及时修剪茶树，二是科学施用肥料", 12) == ("一是及时修剪茶树，", "二是科学施用肥料")


def test_the_last_line_has_three_characters_or_more_where_that_can_be() -> None:
    for length in range(13, 40):
        content = ("春季茶园管理要抓好三件事及时修剪科学施肥防治病虫" * 2)[:length]
        assert len(lines_of(content, 12)[-1]) >= 3


def test_lines_are_of_even_length() -> None:
    lines = lines_of("春季茶园管理要抓好三件事情大家记住", 16)
    widths = [advance(line, 1) for line in lines]
    assert max(widths) - min(widths) <= 3


def test_text_that_fits_stays_on_one_line() -> None:
    assert lines_of("科学种田，勤劳致富。", 10) == ("科学种田，勤劳致富。",)


def test_a_line_feed_is_a_break_and_counts_as_a_line() -> None:
    assert lines_of("上联\n下联", 10) == ("上联", "下联")
    assert break_lines("上联\n下联", 200, 20, max_lines=1) is None


def test_blank_text_has_no_lines() -> None:
    assert break_lines(" \n\u3000", 200, 20) == ()


def test_something_longer_than_a_line_is_broken_rather_than_clipped() -> None:
    address = "https://www.ankang.gov.cn/nongye/2026/11/22/index.html"
    lines = lines_of(address, 12)
    assert "".join(lines) == address
    assert all(line[-1] in "/.-" for line in lines[:-1])


def test_one_character_wider_than_the_line_still_comes_back() -> None:
    assert break_lines("龘龘", 10, 20) == ("龘", "龘")


def test_a_combining_mark_stays_with_its_letter() -> None:
    assert all(line[0] != "\u0301" for line in lines_of("x\u0301" * 20, 3))


def test_the_largest_size_that_fits_is_taken() -> None:
    em_px, lines = fit_lines("春季茶园管理", 200, (60, 50, 40, 30), 1)
    assert (em_px, lines) == (30, ("春季茶园管理",))


def test_a_title_too_long_for_every_size_is_set_smaller_than_asked() -> None:
    em_px, lines = fit_lines("春" * 60, 300, (60, 40), 2)
    assert em_px < 40
    assert len(lines) <= 2
    assert all(advance(line, em_px) <= 300 for line in lines)


def test_a_novel_in_a_box_is_not_clipped_either() -> None:
    em_px, lines = fit_lines("春" * 500, 100, (20,), 1)
    assert em_px == 1
    assert "".join(lines) == "春" * 500


def test_bold_is_measured_as_bold() -> None:
    regular = advance("illegible", 20, "Regular")
    assert break_lines("illegible", regular, 20, "Regular") == ("illegible",)
    assert break_lines("illegible", regular, 20, "Bold") != ("illegible",)


def test_the_lines_of_a_source_become_one_paragraph() -> None:
    assert rejoin("每亩施用\n水溶肥50公斤") == "每亩施用\u200b水溶肥50公斤"
    assert rejoin("the quick\nbrown fox") == "the quick brown fox"


def test_chinese_above_english_stays_two_paragraphs() -> None:
    joined = rejoin("你好\n世界\nhello\nworld")
    assert joined == "你好\u200b世界\nhello world"
    assert is_bilingual(joined)


def test_two_speakers_stay_two_paragraphs() -> None:
    assert rejoin("- 种什么？\n- 种茶。") == "- 种什么？\n- 种茶。"
    assert not is_bilingual("- 种什么？\n- 种茶。")


def test_the_break_of_the_source_is_taken_where_it_suits() -> None:
    assert lines_of("今天讲修剪\u200b明天讲施肥后天讲采摘", 12) != lines_of(
        "今天讲修剪明天讲施肥\u200b后天讲采摘", 12
    )


def test_jieba_neither_logs_nor_leaves_a_cache(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import tempfile
    from pathlib import Path

    from courseware import words as module

    assert isinstance(tmp_path, Path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    module._dictionary.cache_clear()
    assert module.words_in("防治病虫害") == ["防治", "病虫害"]
    assert list(tmp_path.iterdir()) == []
    assert capsys.readouterr().err == ""
