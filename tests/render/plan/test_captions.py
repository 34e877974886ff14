"""Burned-in subtitles: how cues are set for a canvas, and what libass makes of them."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courseware.lessons.profile import Canvas, legible_px
from courseware.subtitles.cue import Cue, Place
from courseware.times import Span
from render.plan.ass import dump_ass
from render.plan.captions import CaptionStyle, caption_style, glyph_problems, holds_two_languages, typeset
from render.work.ffmpeg import find_ffmpeg, run
from templates.captions import LOOKS
from templates.type.fonts import FONTS_DIR, advance, missing_glyphs
from templates.type.phrases import tidy
from tests.bench.farming import SENTENCES, unmarked
from tests.bench.lines import faults

LED = caption_style(Canvas(320, 160), led=True)
TV = caption_style(Canvas(1920, 1080), led=False)
LONG = "春季茶园管理要抓好三件事，一是及时修剪，二是科学施肥，三是防治病虫害。"
HOSTILE = (
    "嗨",
    LONG,
    "每亩施用水溶肥50公斤，温度保持在25℃～30℃，浓度2000mg/L。",
    "CO₂ 与 P₂O₅、K₂O 的含量是多少？",
    "你好世界\nHello, the quick brown fox",
    r"{\b1}注意{不要}喷药\N换行\h测试\{x\}",
    r"C:\new\file\{a} 100% [in] 'x' ; , : a|b",
    "gjpqy ÅÇŞ （括号）《书名》鱻龘",
    "W" * 60,
    "。" * 30,
)


def cue(said: str, start_ms: int = 0, end_ms: int = 4_000) -> Cue:
    return Cue(Span(start_ms, end_ms), said)


def without_blanks(content: str) -> str:
    return re.sub(r"\s", "", tidy(content).replace("\u200b", ""))


@pytest.mark.parametrize(
    ("canvas", "em_px", "max_lines"),
    [((320, 160), 24, 2), ((384, 192), 27, 2), ((512, 320), 37, 2), ((800, 480), 58, 2), ((192, 96), 20, 1)],
)
def test_led_characters_are_large_and_twelve_to_a_line(canvas: tuple[int, int], em_px: int, max_lines: int) -> None:
    style = caption_style(Canvas(*canvas), led=True)
    assert (style.em_px, style.max_lines) == (em_px, max_lines)


@given(st.integers(min_value=32, max_value=1_000), st.integers(min_value=32, max_value=1_000))
@settings(max_examples=200, deadline=None)
def test_on_any_led_canvas_characters_are_legible_and_two_lines_leave_half_the_picture(
    width: int, height: int
) -> None:
    style = caption_style(Canvas(width * 2, height * 2), led=True)
    assert style.em_px >= 20
    assert style.max_lines == 1 or style.em_px * 2.22 <= style.height * 0.45 + 1
    assert style.margin_px >= style.width * 0.04


def test_television_characters_are_five_percent_of_the_height_and_twenty_to_a_line() -> None:
    assert TV.em_px == 54
    assert TV.line_px == 20 * 54
    assert caption_style(Canvas(1280, 720), led=False).em_px == 36


TEXTS = st.text(
    st.sampled_from("春季茶园管理要抓好三件事的，。、；：！？“”（）《》—…℃%0123456789aBc mg/L-{}\\N₂\n"),
    min_size=1,
    max_size=120,
)
STYLES = st.sampled_from([LED, TV, caption_style(Canvas(192, 96), led=True), caption_style(Canvas(64, 64), led=True)])


@given(TEXTS.filter(lambda said: bool(without_blanks(said))), st.integers(min_value=1, max_value=9_000), STYLES)
@settings(max_examples=300, deadline=None)
def test_typeset_cues_hold_every_character_in_their_time(said: str, duration_ms: int, style: CaptionStyle) -> None:
    following = cue("下", 12_000, 13_000)
    parts = typeset([cue(said, 1_000, 1_000 + duration_ms), following], style)[:-1]
    assert parts[0].span.start_ms == 1_000
    assert parts[-1].span.end_ms >= 1_000 + duration_ms
    assert parts[-1].span.end_ms <= following.span.start_ms
    assert all(one.span.end_ms == other.span.start_ms for one, other in pairwise(parts))
    assert set(without_blanks("".join(part.text for part in parts))) == set(without_blanks(said))
    if re.search("[a-zA-Z]", said) is None:
        assert without_blanks("".join(part.text for part in parts)) == without_blanks(said)


@given(TEXTS.filter(lambda said: bool(without_blanks(said))), STYLES)
@settings(max_examples=300, deadline=None)
def test_typeset_lines_fit_the_canvas(said: str, style: CaptionStyle) -> None:
    for part in typeset([cue(said, 0, 600_000)], style):
        lines = part.text.split("\n")
        assert len(lines) <= style.max_lines
        assert all(advance(line, style.em_px) <= style.line_px + 0.01 for line in lines)


def test_a_cue_never_starts_with_a_comma() -> None:
    lines = [line for part in typeset([cue(LONG * 3)], LED) for line in part.text.split("\n")]
    assert not any(line[0] in "，。、！？；：" for line in lines)


def test_a_long_cue_is_split_at_punctuation_and_in_proportion_to_its_text() -> None:
    parts = typeset([cue(LONG)], LED)
    assert len(parts) == 2
    assert parts[0].text.endswith("，")
    shares = [part.span.duration_ms / 4_000 - len(without_blanks(part.text)) / len(LONG) for part in parts]
    assert all(abs(share) < 0.02 for share in shares)


def test_a_split_falls_on_a_whole_frame() -> None:
    parts = typeset([cue(LONG, 13, 4_013)], LED)
    assert all(part.span.end_ms % 40 == 0 for part in parts[:-1])


def test_no_part_is_too_short_to_read_when_there_is_time() -> None:
    said = "注意。" + "春季茶园管理要抓好三件事一是及时修剪"
    parts = typeset([cue(said, 0, 1_700)], caption_style(Canvas(192, 96), led=True))
    assert len(parts) > 1
    assert all(part.span.duration_ms >= 800 for part in typeset([cue(said, 0, 800 * len(parts))], LED))


def test_a_split_cue_borrows_time_up_to_the_next_one() -> None:
    parts = typeset([cue(LONG, 0, 1_000), cue("下一条", 1_500, 2_500)], LED)
    assert parts[-2].span.end_ms == 1_500


def test_a_cue_that_fits_keeps_its_time() -> None:
    assert typeset([cue("科学施肥", 7, 333)], LED) == (cue("科学施肥", 7, 333),)


def test_the_lines_of_the_author_are_kept_when_they_fit() -> None:
    assert typeset([cue("大家好，我是老王\n今天讲修剪")], LED)[0].text == "大家好，我是老王\n今天讲修剪"


def test_the_lines_of_the_author_are_set_again_when_they_tear_a_word_apart() -> None:
    assert typeset([cue("今天我们讲科学施\n肥的办法有哪些")], LED)[0].text != "今天我们讲科学施\n肥的办法有哪些"


def test_the_shorter_language_stays_while_the_longer_goes_on() -> None:
    parts = typeset([cue("你好世界\nThe quick brown fox jumps over the lazy dog")], LED)
    assert {part.text.split("\n")[0] for part in parts} == {"你好世界"}
    assert " ".join(part.text.split("\n")[1] for part in parts) == "The quick brown fox jumps over the lazy dog"


def test_no_cues_make_an_empty_script() -> None:
    assert typeset([], LED) == ()
    assert "Dialogue" not in dump_ass([], LED)


def test_the_script_places_each_line_and_changes_font_and_size_for_what_the_first_lacks() -> None:
    events = dump_ass([cue("测土配方\nP₂O₅", 1_234, 61_230)], LED).split("Text\n")[1]
    assert events == (
        "Dialogue: 0,0:00:01.23,0:01:01.23,Cue,,0,0,0,,{\\an2\\pos(160,121.91)}测土配方\n"
        "Dialogue: 0,0:00:01.23,0:01:01.23,Cue,,0,0,0,,{\\an2\\pos(160,153.48)}P"
        "{\\fnNoto Sans\\fs36.456}₂{\\fnNoto Sans SC\\fs34.752}O{\\fnNoto Sans\\fs36.456}₅\n"
    )


@pytest.mark.parametrize(("start_ms", "start"), [(14, "00.01"), (15, "00.02"), (995, "01.00")])
def test_the_script_rounds_times_to_the_nearest_hundredth(start_ms: int, start: str) -> None:
    events = dump_ass([cue("春", start_ms, start_ms + 60_000)], LED).split("Text\n")[1]
    assert events.startswith(f"Dialogue: 0,0:00:{start},0:01:{start},Cue")


def test_signs_that_the_captions_face_lacks_are_drawn_with_another() -> None:
    signs = "°℃％‰½×÷±≤≥≠≈→←↑↓✓μΩ′″₀²³①●■★"
    assert missing_glyphs(signs) == ()
    drawn = re.sub(r"\{[^}]*\}", "", dump_ass([cue(f"气温30{signs[:6]}")], TV).split("Text\n")[1])
    assert drawn.endswith(f",气温30{signs[:6]}\n")


def test_the_script_is_on_the_canvas_and_never_wraps() -> None:
    head = dump_ass([], LED)
    for line in ("PlayResX: 320", "PlayResY: 160", "WrapStyle: 2", "ScaledBorderAndShadow: yes"):
        assert f"{line}\n" in head


def test_a_script_never_gets_a_line_or_an_override_from_a_text() -> None:
    script = dump_ass([cue("a\r{\\fs900}b\u2028[Events]\nDialogue: x")], TV)
    assert script.count("\nDialogue:") == len(script.split("Text\n")[1].splitlines())
    assert r"\{" in script
    assert "{\\fs900}" not in script


def test_lines_that_were_not_typeset_are_made_smaller_and_not_clipped() -> None:
    script = dump_ass([cue("\n".join(["茶" * 40] * 9))], LED)
    size = float(re.findall(r"\\fs([\d.]+)", script)[0])
    assert size / 1.448 * 40 <= LED.line_px + 0.1


def test_a_character_without_glyph_is_named_with_its_place() -> None:
    (problem,) = glyph_problems([("标题", "春季茶园"), ("字幕 3", "今天采茶😀真高兴")])
    assert problem.where == "字幕 3"
    assert str(problem.what) == "the fonts have no “😀” (U+1F600), in “今天采茶😀真高兴”; write it in another way"


def _pictures(folder: Path, canvas: Canvas, script: str, seconds: int) -> tuple[bytes, str]:
    """The grey pictures, 12.5 a second, of a script on mid-grey, and what ffmpeg said."""
    (folder / "x.ass").write_text(script, encoding="utf-8")
    (folder / "fonts").symlink_to(FONTS_DIR)
    ground = f"color=gray:s={canvas.width}x{canvas.height}:r=25/2:d={seconds},format=gray"
    filters = "ass=filename=x.ass:fontsdir=fonts"
    said = run(
        find_ffmpeg(),
        [
            "-loglevel",
            "info",
            "-f",
            "lavfi",
            "-i",
            ground,
            "-vf",
            filters,
            "-pix_fmt",
            "gray",
            "-f",
            "rawvideo",
            "x.raw",
        ],
        folder,
    )
    return (folder / "x.raw").read_bytes(), said


@pytest.mark.parametrize(
    ("canvas", "led", "place", "look"),
    [
        (Canvas(320, 160), True, "bottom", "outline"),
        (Canvas(320, 160), True, "top", "box"),
        (Canvas(512, 320), True, "bottom", "box"),
        (Canvas(640, 360), False, "bottom", "outline"),
        (Canvas(640, 360), False, "top", "outline"),
    ],
)
def test_no_ink_of_any_text_leaves_the_safe_frame_and_no_glyph_is_missing(
    tmp_path: Path,
    canvas: Canvas,
    led: bool,
    place: Place,
    look: str,
) -> None:
    import numpy as np

    style = replace(caption_style(canvas, led), look=LOOKS[look])
    cues = [Cue(Span(at * 1_000, at * 1_000 + 1_000), said, place=place) for at, said in enumerate(HOSTILE)]
    data, said = _pictures(tmp_path, canvas, dump_ass(typeset(cues, style), style), len(HOSTILE))
    assert "fallback" not in said
    pictures = np.frombuffer(data, np.uint8).reshape(-1, canvas.height, canvas.width).astype(np.int16)
    ground = pictures[0, 0, 0]
    inked = np.abs(pictures - ground) > 24
    assert inked.any(axis=(1, 2)).all()
    aside, above = -(-canvas.width * 4 // 100), -(-canvas.height * 4 // 100)
    inked[:, above : canvas.height - above, aside : canvas.width - aside] = False
    assert not inked.any()


def test_letters_grow_with_the_distance_and_shrink_with_the_pitch() -> None:
    assert legible_px(30, 6) == 20
    assert legible_px(69, 4) == 50
    assert legible_px(69, 8) == 25


@given(st.integers(min_value=64, max_value=2_000), st.integers(min_value=64, max_value=1_000), st.integers(20, 400))
@settings(max_examples=200, deadline=None)
def test_letters_are_as_large_as_the_place_needs_or_as_the_screen_holds(
    width: int, height: int, least_px: int
) -> None:
    canvas = Canvas(width * 2, height * 2)
    style, usual = caption_style(canvas, led=True, least_px=least_px), caption_style(canvas, led=True)
    assert style.em_px >= usual.em_px
    assert style.em_px >= least_px or style.em_px >= min(canvas.width * 0.92 // 6 - 3, canvas.height * 45 // 100)
    assert style.line_px >= 5.5 * style.em_px


def test_of_several_speakers_each_is_named_where_he_begins() -> None:
    spoken = [
        Cue(Span(at, at + 1), said, name)
        for at, (name, said) in enumerate([("王", "一"), ("王", "二"), ("李", "三")])
    ]
    assert [part.text for part in typeset(spoken, LED)] == ["王：一", "二", "李：三"]
    assert [part.text for part in typeset(spoken[:2], LED)] == ["一", "二"]


def test_a_cue_for_the_top_is_drawn_at_the_top_clear_of_a_logo() -> None:
    high = Cue(Span(0, 1_000), LONG, place="top")
    style = replace(LED, clear_top_px=30)
    places = [float(y) for y in re.findall(r"pos\([\d.]+,([\d.]+)\)", dump_ass(typeset([high], style), style))]
    assert min(places) - LED.em_px * 1.448 >= 30 + 160 * 0.04
    assert max(places) < 160 * 0.75


def test_words_of_the_user_stay_on_a_line() -> None:
    said = "今天我们去汉滨区五里镇民主村看看"
    first, second = typeset([cue(said)], LED)[0].text.split("\n")
    name = first[-2:] + second[:3]
    lines = typeset([cue(said)], replace(LED, words=frozenset({name})))[0].text.split("\n")
    assert any(name in line for line in lines)


@pytest.mark.parametrize("canvas", [(320, 160), (384, 192), (512, 320), (800, 480), (1920, 1080)])
def test_on_every_canvas_farming_texts_are_set_without_a_fault(canvas: tuple[int, int]) -> None:
    style = caption_style(Canvas(*canvas), led=canvas[1] < 720)
    pairs = (f"{unmarked(one)}，{unmarked(other)}。" for one, other in pairwise(SENTENCES))
    for said in (*pairs, *HOSTILE[:4]):
        lines = [line for part in typeset([cue(said, 0, 60_000)], style) for line in part.text.split("\n")]
        found = faults([said], lines, style.line_px / style.em_px)
        assert found.total() == found["lines"] >= 1


def test_the_judge_of_lines_sees_every_fault() -> None:
    assert faults(["你好，世界"], ["你好", "，世界"], 5)["prohibited"] == 1
    assert faults(["他说“好的”吧"], ["他说“", "好的”吧"], 5)["prohibited"] == 1
    assert faults(["每亩50公斤水"], ["每亩50", "公斤水"], 9)["torn"] == 1
    assert faults(["用Python写"], ["用Pyt", "hon写"], 9)["torn"] == 1
    assert faults(["春季茶园管理吧"], ["春季茶园管", "理吧"], 9)["short last"] == 1
    assert +faults(["你好世界", "Hello world"], ["你好", "Hello", "世界", "world"], 5) == {"lines": 4}


def test_two_languages_are_shown_where_a_line_holds_thirty_letters() -> None:
    assert [holds_two_languages(style) for style in (TV, LED, caption_style(Canvas(96, 64), led=True))] == [
        True,
        False,
        False,
    ]


def test_a_second_language_is_smaller_and_has_more_on_its_line() -> None:
    said = "先剪去病枝和枯枝，再剪去交叉的枝条。\nFirst cut sick branches, then those that cross."
    (shown,) = typeset([replace(cue(said), second=1)], TV)
    assert shown.text == said, "more letters fit than would in the size of the first"
    first, second = (line for line in dump_ass([shown], TV).splitlines() if line.startswith("Dialogue"))
    assert TV.second_px == 38
    assert rf"\fs{38 * 1.448:.3f}" in second
    assert r"\fs" not in first
    heights = [float(line.partition(r"\pos(960,")[2].partition(")")[0]) for line in (first, second)]
    plain = [line for line in dump_ass([cue("剪枝\ncut")], TV).splitlines() if line.startswith("Dialogue")]
    assert heights[1] == pytest.approx(1080 - 44 - TV.outline_px - TV.shadow_px, abs=1), "it stands at the bottom"
    assert len(plain) == 2
    assert all(r"\fs" not in line for line in plain), "two languages of one file stay as they are"


def test_what_the_second_language_says_alone_is_small_too() -> None:
    (shown,) = typeset([replace(cue("Music of the village band"), second=1)], TV)
    (line,) = (line for line in dump_ass([shown], TV).splitlines() if line.startswith("Dialogue"))
    assert rf"\fs{38 * 1.448:.3f}" in line
