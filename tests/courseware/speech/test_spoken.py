"""How long written things are when spoken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courseware.speech.spoken import cardinal, spoken, syllables


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2026年", "二零二六年"),
        ("2026-11-23", "二零二六年十一月二十三日"),
        ("8:05", "八点零五分"),
        ("50%", "百分之五十"),
        ("3-5%", "百分之三到五"),
        ("1.5公斤", "一点五公斤"),
        ("10—15cm", "十到十五厘米"),
        ("-5℃", "负五摄氏度"),
        ("5mg/L", "五毫克每升"),
        ("800m²", "八百平方米"),
        ("13800138000", "一三八零零一三八零零零"),
        ("CO₂", "C O 二"),
        ("P2O5", "P 二 O 五"),
        ("1,205元", "一千二百零五元"),
        ("按1:200兑水", "按一比二百兑水"),
        ("1:2:1", "一比二比一"),
        ("比例1：10", "比例一比十"),
        ("剪去1/3", "剪去三分之一"),
        ("￥30", "三十元"),
        ("NO.1", "第一"),
        ("www.ankang.gov.cn", "W W W点ankang点gov点cn"),
        ("Ⅲ级①二〇二六年", "三级一二零二六年"),
        ("12:30:15", "十二点三十分十五秒"),
        ("时间为8:30", "时间为八点三十分"),
    ],
)
def test_numbers_units_dates_and_letters_are_read_as_people_do(written: str, said: str) -> None:
    assert "".join(piece.said for piece in spoken(written)) == said


@pytest.mark.parametrize(
    ("written", "count"),
    [("2026年", 5), ("CO₂", 3), ("亩产800公斤", 6), ("Microsoft", 3), ("大家好！", 3), ("W", 3), ("……", 0)],
)
def test_syllables_are_counted_as_spoken(written: str, count: int) -> None:
    assert syllables(written) == count


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("0", "零"),
        ("10", "十"),
        ("15", "十五"),
        ("115", "一百一十五"),
        ("1010", "一千零一十"),
        ("20000", "二万"),
        ("100000001", "一亿零一"),
    ],
)
def test_amounts_have_their_zeros_where_people_say_them(number: str, said: str) -> None:
    assert cardinal(number) == said


@given(st.text(max_size=60))
def test_every_piece_comes_from_its_place_and_none_is_lost(written: str) -> None:
    places = [piece.place for piece in spoken(written)]
    assert places == sorted(set(places))
    assert not written or places[0] == 0
