"""Subtitles in two languages, from a file each."""

from courseware.subtitles.bilingual import side_by_side
from courseware.subtitles.cue import Cue
from courseware.times import Span


def cue(start_ms: int, end_ms: int, text: str) -> Cue:
    return Cue(Span(start_ms, end_ms), text)


def test_a_translation_that_begins_a_little_later_stands_below() -> None:
    chinese = (cue(1_000, 3_000, "剪去\n病枝"), cue(3_200, 5_000, "留三个芽"))
    english = (cue(1_400, 3_150, "Cut off\nsick branches"), cue(3_300, 5_200, "Leave three buds"))
    assert [one.text for one in side_by_side(chinese, english)] == [
        "剪去病枝\nCut off sick branches",
        "留三个芽\nLeave three buds",
    ]


def test_one_sentence_over_two_stands_below_both_and_two_over_one_stand_together() -> None:
    chinese = (cue(0, 2_000, "甲"), cue(2_000, 4_000, "乙"), cue(5_000, 9_000, "丙"))
    english = (cue(0, 4_000, "A and B"), cue(5_000, 6_900, "C"), cue(7_000, 8_900, "and D"))
    assert [one.text for one in side_by_side(chinese, english)] == ["甲\nA and B", "乙\nA and B", "丙\nC and D"]


def test_what_only_the_second_language_has_stands_alone_where_there_is_room() -> None:
    chinese = (cue(0, 2_000, "甲"), cue(8_000, 9_000, "乙"))
    english = (cue(1_900, 5_000, "Music"), cue(7_900, 8_020, "x"), cue(9_500, 11_000, "The end"))
    found = side_by_side(chinese, english)
    assert [(one.span, one.text) for one in found] == [
        (Span(0, 2_000), "甲"),
        (Span(2_000, 5_000), "Music"),
        (Span(8_000, 9_000), "乙\nx"),
        (Span(9_500, 11_000), "The end"),
    ]


def test_a_file_without_the_other_stays_as_it_is() -> None:
    chinese = (cue(0, 2_000, "甲\n乙"),)
    assert side_by_side(chinese, ()) == chinese
