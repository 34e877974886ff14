"""Cues are cut where people would cut them."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from courseware.align.cutting import WIDEST, cut, width
from courseware.script.script import ScriptLine


def texts(content: str) -> list[str]:
    return [piece.text for piece in cut((ScriptLine(content),))]


def test_sentences_are_cut_apart_and_lose_their_last_mark() -> None:
    assert texts("先松土。再施肥，最后浇水！") == ["先松土", "再施肥，最后浇水！"]


def test_a_long_sentence_is_cut_at_its_marks() -> None:
    assert texts("若要帮助检查并排比较，可以切换各种错误类型，包括插入、删除和替换。") == [
        "若要帮助检查并排比较",
        "可以切换各种错误类型",
        "包括插入、删除和替换",
    ]


def test_a_number_stays_with_its_unit_and_a_title_whole() -> None:
    cues = texts("每亩大田在移栽之前先撒施腐熟农家肥2500公斤再配合《测土配方施肥技术手册》推荐的用量施入复合肥")
    assert any("2500公斤" in cue for cue in cues)
    assert any("《测土配方施肥技术手册》" in cue for cue in cues)


def test_a_very_short_sentence_is_shown_with_its_neighbour() -> None:
    assert texts("好。谢谢张老师。") == ["好。谢谢张老师"]


def test_english_is_cut_between_words() -> None:
    cues = texts(
        "Custom Speech provides tools that allow you to visually inspect the recognition quality of a model."
    )
    assert (
        " ".join(cues)
        == "Custom Speech provides tools that allow you to visually inspect the recognition quality of a model"
    )
    assert max(map(width, cues)) <= WIDEST


@given(st.text(alphabet="春耕施肥水稻的和，。；、！《》“”（）1a5.% ", max_size=120))
def test_pieces_are_in_order_never_overlap_and_never_begin_with_a_comma(content: str) -> None:
    pieces = cut((ScriptLine(content),))
    assert all(one.end <= other.start for one, other in pairwise(pieces))
    assert all(piece.text[0] not in "，。；、！》” " and piece.text[-1] not in "，。；、 " for piece in pieces)
    assert all(piece.text in content for piece in pieces)


@given(
    st.lists(
        st.sampled_from(["春耕", "施肥", "育秧", "田间管理", "追肥", "浇水", "的", "和", "，", "、"]), max_size=60
    )
)
def test_plain_text_makes_cues_that_fit_on_a_line(words: list[str]) -> None:
    assert all(width(piece.text) <= WIDEST for piece in cut((ScriptLine("".join(words)),)))
