"""The shipped fonts: what they draw, and how wide."""

from __future__ import annotations

from pathlib import Path

import pytest

from courseware.errors import ToolError
from templates.type import fonts
from templates.type.fonts import FAMILIES, Weight, advance, font_file, font_files, missing_glyphs, runs


def test_all_four_files_are_in_the_package() -> None:
    assert len(font_files()) == 4
    assert all(path.is_file() for path in font_files())


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_a_file_is_of_the_family_that_its_name_says(family: str, weight: str) -> None:
    from fontTools.ttLib import TTFont

    with TTFont(font_file(family, weight)) as font:  # type: ignore[arg-type]  # (one of the two)
        assert (font["name"].getDebugName(1), font["name"].getDebugName(2)) == (family, weight)


def test_a_chinese_character_is_one_em_wide() -> None:
    assert advance("安康", 24) == 48


def test_a_joiner_has_no_width() -> None:
    assert advance("安\u200b康\u2060", 24) == 48


def test_bold_latin_is_wider_than_regular() -> None:
    assert advance("CO", 100, "Bold") > advance("CO", 100, "Regular")


def test_subscript_digits_come_from_the_second_font() -> None:
    assert [tuple(run) for run in runs("P₂O₅肥")] == [
        ("Noto Sans SC", "P"),
        ("Noto Sans", "₂"),
        ("Noto Sans SC", "O"),
        ("Noto Sans", "₅"),
        ("Noto Sans SC", "肥"),
    ]


def test_runs_join_back_to_the_text() -> None:
    content = "₂CO₂ 与 P₂O₅\u2060₅"
    assert "".join(run.text for run in runs(content)) == content


def test_every_character_of_gb2312_is_drawn() -> None:
    table = [bytes([row, cell]) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF)]
    hanzi = "".join(code.decode("gb2312", "ignore") for code in table if code[0] >= 0xB0)
    assert len(hanzi) == 6763
    assert missing_glyphs(hanzi) == ()


def test_what_farming_texts_need_is_drawn() -> None:
    assert missing_glyphs("℃％‰㎡㎏亩₀₁₂₃₄₅₆₇₈₉①②③④⑤⑥⑦⑧⑨⑩—…·～《》〈〉「」『』【】“”‘’￥×÷±≥≤≠μΩ°′″→") == ()


@pytest.mark.parametrize("family", FAMILIES)
def test_both_weights_draw_the_same_characters_so_one_is_asked(family: str) -> None:
    assert fonts._widths(family, "Regular").keys() == fonts._widths(family, "Bold").keys()


def test_an_emoji_is_missing_and_named_once() -> None:
    assert missing_glyphs("😀茶😀") == ("😀",)


@pytest.mark.parametrize("content", [None, b"no font"])
def test_a_font_that_is_missing_or_damaged_is_one_clear_error(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if content:
        (tmp_path / "NotoSansSC-Bold.ttf").write_bytes(content)
    monkeypatch.setattr(fonts, "FONTS_DIR", tmp_path)
    fonts._widths.cache_clear()
    with pytest.raises(ToolError, match=r"NotoSansSC-Bold\.ttf: .*install yuanjiao again"):
        fonts._widths("Noto Sans SC", "Bold")


def test_all_8105_standard_characters_are_drawn() -> None:
    """通用规范汉字表 of 2013, levels one to three."""
    listed = (Path(__file__).parent / "data" / "standard-characters.txt").read_text(encoding="utf-8")
    characters = "".join(listed.split())
    assert len(set(characters)) == len(characters) == 8105
    assert missing_glyphs(characters) == ()


def test_pinyin_with_tones_and_the_signs_of_farming_are_drawn() -> None:
    assert missing_glyphs("āáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜüêḿńňǹ ĀÁǍÀŌÓǑÒĒÉĚÈ") == ()
    assert missing_glyphs("₀₁₂₃₄₅₆₇₈₉ ℃ ㎡ № → ← ↑ ↓") == ()


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_every_glyph_has_ink_in_both_weights(weight: Weight) -> None:
    """A font may map a character to an empty glyph, which is as bad as none."""
    from fontTools.ttLib import TTFont

    listed = (Path(__file__).parent / "data" / "standard-characters.txt").read_text(encoding="utf-8")
    wanted = "".join(listed.split()) + "₀₁₂₃₄₅₆₇₈₉℃㎡№→āáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜ"
    blank = set(wanted)
    for family in FAMILIES:
        with TTFont(font_file(family, weight)) as font:
            names, glyphs = font.getBestCmap(), font["glyf"]
            for ch in sorted(blank & set(map(chr, names))):
                glyph = glyphs[names[ord(ch)]]
                # What has no contour has no bounds either.
                if glyph.numberOfContours and glyph.xMin < glyph.xMax and glyph.yMin < glyph.yMax:
                    blank.discard(ch)
    assert blank == set()
