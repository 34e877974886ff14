"""The page to check times on: one file, safe for any text."""

import base64
import io
import re
from functools import cache

import numpy as np
from fontTools.ttLib import TTFont

from courseware.align.cues import Alignment, TimedCue
from courseware.errors import Text
from courseware.script.script import Doubt
from courseware.times import Span
from templates.pages.align_report import exact_clock, report_page

OPENS = True
CUES = (
    TimedCue("先松土<script>alert(1)</script>", 0, OPENS, Span(500, 2_000), 97),
    TimedCue("再施肥", 1, OPENS, Span(19_000, 21_500), 20, ("fit", "pace")),
    TimedCue("没有念的", 2, OPENS, None, 0, ("unheard",)),
)
PEAKS = np.abs(np.sin(np.arange(3_000) / 50) * 9_000).astype(np.int32)


@cache
def page(confidence: int = 90, audio: bytes = b"ID3") -> str:
    return report_page("讲解 & 问答.mp4", Alignment(CUES, confidence, 30_000, ()), PEAKS, audio, Text.__str__)


def test_text_never_becomes_markup() -> None:
    assert "<script>alert" not in page()
    assert "讲解 &amp; 问答.mp4" in page()


def test_lines_that_the_recording_decided_on_are_told_with_how() -> None:
    doubts = (
        Doubt("<b>播种</b>", "heading", 0, spoken=True),
        Doubt("（画外音）", "direction", 1),
        Doubt("- 7 -", "mark", 1),
    )
    told = report_page("讲解.mp4", Alignment(CUES, 90, 30_000, ()), PEAKS, b"", Text.__str__, doubts)
    lines = re.findall(r'<li class="(\w+)"><span>([^<]*)</span> (.*?) <small>(.*?)</small>', told)
    assert lines == [
        ("kept", "heard, kept", "&lt;b&gt;播种&lt;/b&gt;", "a heading?"),
        ("gone", "not heard, left out", "（画外音）", "a direction?"),
    ]
    assert "<li" not in page()


def test_nothing_is_fetched() -> None:
    assert not re.search(r"(?:src|href)=[\"'](?!data:)", page())
    assert "http://" not in page().replace("http://www.w3.org/2000/svg", "")


def test_its_characters_have_a_font_where_no_chinese_one_is_installed() -> None:
    faces = re.findall(
        r"font-family: yuanjiao-sc; font-weight: \d+; src: url\(data:font/woff;base64,([^)]+)\)", page()
    )
    for face in faces:
        with TTFont(io.BytesIO(base64.b64decode(face))) as font:
            assert {ord(ch) for ch in "先松土没有念的讲解问答"} <= set(font.getBestCmap())
    assert len(faces) == 2


def test_what_should_be_checked_is_marked_in_the_list_and_in_the_waveform() -> None:
    made = page()
    assert made.count('<tr class="doubtful"') == 2
    # It lies across the end of the first row and so is drawn in two.
    assert made.count('class="doubtful"/>') == 2
    assert "the sound does not fit the words well；spoken unusually fast or slowly" in made


def test_there_is_a_row_for_every_twenty_seconds() -> None:
    assert page().count("<svg ") == 2


def test_a_script_that_hardly_fits_is_said_at_the_top() -> None:
    assert "it may be another one" in page(confidence=10)
    assert "it may be another one" not in page()


def test_without_sound_there_is_no_player() -> None:
    assert "<audio" in page()
    assert "<audio" not in page(audio=b"")


def test_clocks_are_exact() -> None:
    assert exact_clock(62_350) == "1:02.35"
