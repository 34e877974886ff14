"""Wording of subtitles: what is repaired, and what must stay as it is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courseware.subtitles.cue_text import (
    columns,
    halves,
    in_simplified,
    with_chinese_marks,
    without_leading_marks,
    without_trailing_marks,
)


@pytest.mark.parametrize(
    ("said", "right"),
    [
        ("你好,世界", "你好，世界"),
        ("你好, 世界!", "你好，世界！"),
        ("每亩50kg,然后浇水", "每亩50kg，然后浇水"),
        ("温度25℃;湿度80%,正好", "温度25℃；湿度80%，正好"),
        ("时间:9:30", "时间：9:30"),
        ("亩产1200!", "亩产1200！"),
        ("结束了.", "结束了。"),
        ("茶叶(绿茶)好", "茶叶（绿茶）好"),
        ("水(H2O)很重要", "水（H2O）很重要"),
        ('他说"可以"', "他说“可以”"),
        ("等等...", "等等……"),
        ("等等。。。再说", "等等……再说"),
        ("等等…再说", "等等……再说"),
        ("注意--小心", "注意——小心"),
        ("５０公斤ＡＢ", "50公斤AB"),
    ],
)
def test_chinese_gets_chinese_marks(said: str, right: str) -> None:
    assert with_chinese_marks(said) == right


@pytest.mark.parametrize(
    "said",
    [
        "Hello, world! (really)",
        "上午9:30开始",
        "增产3.5倍，共1,200斤",
        "网址www.ankang.gov.cn请看",
        "1.选种",
        "比例1:2",
        "等等……再说",
        "好——真好",
        "N.P.K三要素",
        "《农产品质量安全法》",
    ],
)
def test_what_is_right_stays(said: str) -> None:
    assert with_chinese_marks(said) == said


def test_traditional_characters_become_simplified() -> None:
    assert in_simplified("農業技術員說：請後退") == "农业技术员说：请后退"


@pytest.mark.parametrize("said", ["乾坤", "瞭望", "著名", "皇后", "于是", "茶园𠮷 ABC", "碁"])
def test_characters_that_simplified_chinese_uses_stay(said: str) -> None:
    assert in_simplified(said) == said


def test_marks_at_the_wrong_end_are_taken_off() -> None:
    assert without_leading_marks("，好\n。行") == "好\n行"
    assert without_trailing_marks("修剪，\n施肥。\nPrune.") == "修剪，\n施肥\nPrune."
    assert without_trailing_marks("真的吗？") == "真的吗？"


def test_a_subtitle_of_marks_alone_keeps_them() -> None:
    assert without_leading_marks("。。") == "。。"
    assert without_trailing_marks("。\n。") == "。\n。"


def test_what_is_read_is_counted_and_marks_are_not() -> None:
    assert halves("每亩50公斤，好！") == 14
    assert halves("你好\nHello") == 4
    assert halves("Hello, 2") == 7


def test_a_line_is_as_wide_as_its_signs() -> None:
    assert columns("茶A，“") == 7


@given(st.text(st.sampled_from('茶園，。,.;:!?…-—()"“”9A \n（）'), max_size=25))
@settings(max_examples=400, deadline=None)
def test_a_repaired_text_needs_no_further_repair(said: str) -> None:
    for repaired in (with_chinese_marks, in_simplified, without_leading_marks, without_trailing_marks):
        once = repaired(said)
        assert repaired(once) == once
        assert bool(once.strip()) == bool(said.strip())
