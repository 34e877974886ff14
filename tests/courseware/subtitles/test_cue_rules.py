"""The rules for subtitles: what is found, and what is repaired without asking."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from courseware.subtitles import Placed
from courseware.subtitles.cue import Cue
from courseware.subtitles.cue_rules import Limits, check_cues, fix_cues
from courseware.times import Span


def placed(*cues: tuple[int, int, str]) -> tuple[Placed, ...]:
    return tuple(
        Placed(str(number), number * 4, Cue(Span(start_ms, end_ms), said))
        for number, (start_ms, end_ms, said) in enumerate(cues, 1)
    )


def found(*cues: tuple[int, int, str], video_ms: int | None = None, limits: Limits | None = None) -> list[str]:
    """Each finding as "number rule level: what; repair"."""
    return [
        f"{one.number} {one.rule} {one.level}: {one.what}; {one.repair}"
        for one in check_cues(placed(*cues), limits or Limits(), video_ms)
    ]


def test_a_good_subtitle_is_left_in_peace() -> None:
    assert found((1_000, 3_000, "春季茶园管理"), (3_000, 6_000, "要抓好三件事情"), video_ms=6_000) == []


def test_reading_speed_has_two_limits() -> None:
    assert found((0, 2_000, "春季茶园管理要抓好三件事")) == []
    assert found((0, 2_000, "春季茶园管理要抓好三件事情")) == [
        (
            "1 speed warning: too fast: 6.5 characters a second, at most 6; "
            "shorten it to 12 characters, or show it 166 ms longer"
        )
    ]
    assert found((0, 2_000, "茶" * 19))[0].startswith("1 speed error")
    assert found((0, 100, "茶" * 6))[0].endswith("at most 6; show it 900 ms longer")
    assert found((0, 2_000, "茶" * 15), limits=Limits(error_cps=7))[0].startswith("1 speed error")


def test_of_two_languages_only_one_is_read() -> None:
    assert found((0, 2_000, "春季茶园\nTea gardens in spring need a lot of care")) == []


def test_lengths_in_time_have_limits() -> None:
    assert [line.split(";")[0] for line in found((0, 500, "好"), (600, 9_600, "好"))] == [
        "1 short warning: shown for only 500 ms, at least 833",
        "2 long warning: shown for 9000 ms, at most 7000",
    ]


def test_lines_and_cues_have_limits() -> None:
    rules = [line.split(":")[0] for line in found((0, 6_900, "茶" * 21 + "\n" + "茶" * 20))]
    assert rules == ["1 line warning", "1 size warning"]


def test_overlaps_and_flickers_are_found() -> None:
    lines = found((0, 2_000, "修剪"), (1_000, 3_000, "施肥"), (3_040, 5_000, "采摘"))
    assert lines == [
        "1 overlap error: overlaps the next by 1000 ms; let it end when the next begins",
        "2 gap warning: a gap of 40 ms before the next is seen as a flicker; let it end when the next begins",
    ]


def test_subtitles_of_another_video_are_found() -> None:
    lines = found((8_000, 11_000, "修剪"), (12_000, 13_000, "施肥"), video_ms=10_000)
    assert lines[0] == "1 beyond warning: ends 1000 ms after the video; let it end with the video"
    assert lines[1].startswith("2 beyond error: begins after the end of the video; delete it, or see")


def test_wording_is_found_with_what_to_write() -> None:
    assert found((0, 3_000, "農業,好")) == [
        "1 punctuation warning: half- and full-width signs are mixed; write “農業，好”",
        "1 traditional warning: traditional characters in a simplified text; write “农业,好”",
    ]
    rules = [line.split(" ")[1] for line in found((0, 3_000, "，今天讲修剪。"))]
    assert rules == ["leading", "trailing"]


def test_of_a_long_text_only_the_repaired_part_is_shown() -> None:
    said = "今天我们一起学习茶园修剪的时间和方法，" * 3 + "農業,好" + "今天我们一起学习茶园修剪的时间和方法" * 2
    _, fixes = fix_cues(placed((0, 60_000, said)))
    assert str(fixes[0].what) == "“…时间和方法，農業,好今天我们一起学…” became “…时间和方法，農業，好今天我们一起学…”"
    assert (
        str(fixes[1].what)
        == "“…剪的时间和方法，農業，好今天我们一起…” became “…剪的时间和方法，农业，好今天我们一起…”"
    )


def test_repairs_are_made_and_told() -> None:
    cues, fixes = fix_cues(
        placed((0, 2_000, "修剪"), (1_500, 1_800, "農業,"), (3_000, 4_000, "施肥"), (9_000, 9_500, "多余")), 3_500
    )
    assert [(one.cue.span, one.cue.text) for one in cues] == [
        (Span(0, 1_500), "修剪"),
        (Span(1_500, 2_333), "农业"),
        (Span(3_000, 3_500), "施肥"),
    ]
    assert [f"{fix.number} {fix.rule}: {fix.what}" for fix in fixes] == [
        "4 beyond: left out: it begins after the video's end",
        "2 punctuation: “農業,” became “農業，”",
        "2 traditional: “農業，” became “农业，”",
        "2 trailing: “农业，” became “农业”",
        "1 overlap: ends 500 ms earlier",
        "2 short: ends 533 ms later",
        "3 beyond: ends 500 ms earlier",
    ]


def test_a_cue_that_would_vanish_is_left_to_a_person() -> None:
    cues, fixes = fix_cues(placed((0, 2_000, "修剪"), (100, 3_000, "施肥")))
    assert [one.cue.span for one in cues] == [Span(0, 2_000), Span(100, 3_000)]
    assert fixes == ()
    assert not check_cues(cues, Limits())[0].safe


CUES = st.lists(
    st.tuples(
        st.integers(0, 9_000),
        st.integers(1, 4_000),
        st.text(st.sampled_from('茶園，。,.;:!?…-()"“”9A '), min_size=1, max_size=25).filter(str.strip),
    ),
    min_size=1,
    max_size=6,
)


@given(CUES, st.one_of(st.none(), st.integers(1, 12_000)))
@settings(max_examples=200, deadline=None)
def test_after_a_repair_nothing_is_left_that_can_be_repaired(
    some: list[tuple[int, int, str]], video_ms: int | None
) -> None:
    start = placed(*sorted((at, at + length, said) for at, length, said in some))
    cues, _ = fix_cues(start, video_ms)
    assert all(one.cue.span.start_ms <= other.cue.span.start_ms for one, other in pairwise(cues))
    left = {one.rule for one in check_cues(cues, Limits(), video_ms) if one.safe}
    assert left <= {"short"}
    assert fix_cues(cues, video_ms)[1] == ()
