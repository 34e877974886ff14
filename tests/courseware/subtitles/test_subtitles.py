"""Subtitle files as people really have them."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courseware.errors import InputError
from courseware.subtitles import LARGEST_FILE, load_cues
from courseware.subtitles.cue import Cue
from courseware.times import Span

SRT = """\
1
00:00:01,000 --> 00:00:03,500
春季茶园管理
要抓好三件事

2
00:00:03,500 --> 00:00:06,000
一是及时修剪，二是科学施肥，每亩50公斤。
"""
EXPECTED = (
    Cue(Span(1_000, 3_500), "春季茶园管理\n要抓好三件事"),
    Cue(Span(3_500, 6_000), "一是及时修剪，二是科学施肥，每亩50公斤。"),
)
ASS = """\
[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize
Style: Default,SimHei,40

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


def cues_of(tmp_path: Path, content: str | bytes, name: str = "a.srt") -> tuple[tuple[Cue, ...], list[str]]:
    """What is read from a file of this content, and the problems in English."""
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    cues, problems = load_cues(path)
    assert all(problem.where == name for problem in problems)
    # Every problem names its line; a test of its own looks at that.
    return cues, [re.sub(r"^line \d+: ", "", str(problem.what)) for problem in problems]


def block(number: int, start: str, end: str, said: str) -> str:
    return f"{number}\n{start} --> {end}\n{said}\n\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_usual_encoding_and_line_ending_is_read(tmp_path: Path, encoding: str, ending: str) -> None:
    cues, problems = cues_of(tmp_path, SRT.replace("\n", ending).encode(encoding))
    assert (cues, problems) == (EXPECTED, [])


def test_big5_from_taiwan_is_read(tmp_path: Path) -> None:
    said = "春季茶園管理要抓好三件事，請大家記住：及時修剪、科學施肥，還要防治病蟲害。"
    cues, _ = cues_of(tmp_path, block(1, "00:00:01,000", "00:00:04,000", said).encode("big5"))
    assert cues[0].text == said


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_cue_with_a_damaged_byte_is_left_out_and_the_rest_kept(tmp_path: Path, encoding: str) -> None:
    content = block(9, "00:00:00,100", "00:00:00,900", "三月茶园") + "\n" + SRT * 20
    data = content.encode(encoding)
    place = data.index("园".encode(encoding)) + 1
    cues, problems = cues_of(tmp_path, data[:place] + b"\xff" + data[place + 1 :])
    assert cues == EXPECTED
    assert problems == ["subtitle 9 has damaged characters; left out"]


def test_a_file_that_is_much_damaged_is_refused_and_not_read_as_gb18030(tmp_path: Path) -> None:
    data = SRT.encode()
    place = data.index("茶".encode()) + 1
    with pytest.raises(InputError, match="line 3 has damaged characters"):
        cues_of(tmp_path, data[:place] + data[place + 1 :])


@pytest.mark.parametrize("data", [b"", b" \r\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(InputError):
        cues_of(tmp_path, data)


def test_a_video_named_srt_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a text file"):
        cues_of(tmp_path, b"\0\0\0\x20ftypisom" + bytes(range(256)) * 40)


def test_a_text_without_times_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no subtitle times"):
        cues_of(tmp_path, "春季茶园管理要抓好三件事")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="missing"):
        load_cues(tmp_path / "没有.srt")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        load_cues(tmp_path)


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="larger than 10 MB"):
        cues_of(tmp_path, b"1" * (LARGEST_FILE + 1))


def test_tags_entities_and_overrides_become_plain_text(tmp_path: Path) -> None:
    said = r'{\an8}<font color="red">每亩<b>50</b>公斤</font> &amp; 温度&lt;30℃<i></i>'
    cues, _ = cues_of(tmp_path, block(1, "00:00:01,000", "00:00:02,000", said))
    assert cues[0].text == "每亩50公斤 & 温度<30℃"


def test_text_that_only_looks_like_tags_is_kept(tmp_path: Path) -> None:
    said = "{注意} 5 < 6 且 N<P，pH<7>5"
    cues, _ = cues_of(tmp_path, block(1, "00:00:01,000", "00:00:02,000", said))
    assert cues[0].text == said


def test_a_last_line_that_is_a_number_is_kept(tmp_path: Path) -> None:
    content = block(1, "00:00:01,000", "00:00:02,000", "亩产多少斤？\n1200") + block(
        2, "00:00:03,000", "00:00:04,000", "好"
    )
    cues, _ = cues_of(tmp_path, content)
    assert cues[0].text == "亩产多少斤？\n1200"


def test_a_blank_line_inside_a_cue_is_forgiven(tmp_path: Path) -> None:
    content = block(1, "00:00:01,000", "00:00:02,000", "上\n\n下") + block(2, "00:00:03,000", "00:00:04,000", "好")
    cues, problems = cues_of(tmp_path, content)
    assert ([cue.text for cue in cues], problems) == (["上\n下", "好"], [])


def test_a_cue_without_text_is_left_out_and_named(tmp_path: Path) -> None:
    cues, problems = cues_of(tmp_path, SRT + "\n" + block(7, "00:01:00,000", "00:01:01,000", "<i> </i>"))
    assert (cues, problems) == (EXPECTED, ["subtitle 7 has no text; left out"])


def test_a_cue_without_times_is_left_out_and_named(tmp_path: Path) -> None:
    first, second = SRT.split("\n\n")
    cues, problems = cues_of(tmp_path, f"{first}\n\n9\n没有时间\n\n{second}")
    assert (cues, problems) == (EXPECTED, ["subtitle 9 has no time; left out"])


def test_a_time_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    content = SRT + "\n3\n     --> 00:00:09,000\n坏的\n"
    _, problems = cues_of(tmp_path, content)
    assert problems == ["the time of subtitle 3 cannot be used (“--> 00:00:09,000”); left out"]


@pytest.mark.parametrize("end", ["00:00:02,000", "00:00:01,000", ""])
def test_a_cue_that_ends_before_it_starts_is_shown_for_as_long_as_it_takes_to_read(tmp_path: Path, end: str) -> None:
    cues, problems = cues_of(tmp_path, block(1, "00:00:02,000", end, "科学施肥"))
    assert cues == (Cue(Span(2_000, 3_800), "科学施肥"),)
    assert problems == ["subtitle 1 does not end after it starts; it is shown for 1800 ms"]


def test_odd_ways_to_write_times_are_understood(tmp_path: Path) -> None:
    content = block(1, "0:0:1.5", "00:00:03:000", "一") + block(2, "01:02,5", "01:04，25", "二")
    cues, problems = cues_of(tmp_path, content + "3\n00:02:00,000 → 00:02:01,000\n三")
    assert [cue.span for cue in cues] == [Span(1_500, 3_000), Span(62_500, 64_250), Span(120_000, 121_000)]
    assert problems == []


def test_opening_hours_in_a_text_are_no_times(tmp_path: Path) -> None:
    cues, _ = cues_of(tmp_path, block(1, "00:00:01,000", "00:00:02,000", "营业时间\n8:00→17:30"))
    assert cues[0].text == "营业时间\n8:00→17:30"


def test_cues_come_in_order_of_time(tmp_path: Path) -> None:
    content = block(1, "00:00:05,000", "00:00:06,000", "后") + block(2, "00:00:01,000", "00:00:02,000", "先")
    cues, _ = cues_of(tmp_path, content)
    assert [cue.text for cue in cues] == ["先", "后"]


def test_a_cue_that_runs_into_the_next_is_cut_short_and_named(tmp_path: Path) -> None:
    content = block(1, "00:00:01,000", "00:00:05,000", "一") + block(2, "00:00:03,000", "00:00:06,000", "二")
    cues, problems = cues_of(tmp_path, content)
    assert [cue.span for cue in cues] == [Span(1_000, 3_000), Span(3_000, 6_000)]
    assert problems == ["subtitle 1 overlaps the next one; it ends when that starts"]


def test_of_two_that_begin_together_the_longer_waits(tmp_path: Path) -> None:
    content = block(1, "00:00:01,000", "00:00:09,000", "注") + block(2, "00:00:01,100", "00:00:03,000", "话")
    cues, _ = cues_of(tmp_path, content)
    assert [(cue.text, cue.span) for cue in cues] == [("话", Span(1_100, 3_000)), ("注", Span(3_000, 9_000))]


def test_what_cannot_be_shown_beside_the_others_is_named(tmp_path: Path) -> None:
    content = block(1, "00:00:01,000", "00:00:03,000", "一") + block(2, "00:00:01,000", "00:00:03,100", "二")
    cues, problems = cues_of(tmp_path, content)
    assert [cue.text for cue in cues] == ["一"]
    assert problems == ["subtitle 2 has no time beside the others; left out"]


def test_two_languages_at_the_same_time_are_one_cue_with_the_chinese_above(tmp_path: Path) -> None:
    lines = [
        "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,Hello",
        "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,你好",
    ]
    cues, problems = cues_of(tmp_path, ASS + "\n".join(lines), "a.ass")
    assert (cues, problems) == ((Cue(Span(1_000, 2_000), "你好\nHello"),), [])


def test_ass_is_read_without_overrides_drawings_and_comments(tmp_path: Path) -> None:
    events = r"""Comment: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,不要
Dialogue: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,{\pos(1,2)\b1}一，二{\r}\N三\h四
Dialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,{\p1}m 0 0 l 100 0{\p0}图
Dialogue: 0,0:00:05.00,0:00:06.00,Default,,0,0,0,,{\p1}m 0 0 l 100 0
"""
    cues, problems = cues_of(tmp_path, ASS + events, "a.ass")
    assert cues == (Cue(Span(1_000, 2_500), "一，二\n三 四"), Cue(Span(3_000, 4_000), "图"))
    assert problems == []


def test_the_format_line_of_ass_is_followed(tmp_path: Path) -> None:
    content = "[Events]\nFormat: Start, End, Text\nDialogue: 0:00:01.00,0:00:02.00,一，二, 三\n"
    cues, _ = cues_of(tmp_path, content)
    assert cues == (Cue(Span(1_000, 2_000), "一，二, 三"),)


def test_one_bad_time_in_ass_does_not_lose_the_rest(tmp_path: Path) -> None:
    events = "Dialogue: 0,x,0:00:02.00,Default,,0,0,0,,坏\nDialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,好\n"
    cues, problems = cues_of(tmp_path, ASS + events, "a.ass")
    assert [cue.text for cue in cues] == ["好"]
    assert problems == ["the time of subtitle 1 cannot be used (“x 0:00:02.00”); left out"]


def test_webvtt_is_read_without_notes_styles_and_identifiers(tmp_path: Path) -> None:
    content = """WEBVTT - 讲座

STYLE
::cue { color: red }

NOTE 不要显示

第一段
00:01.000 --> 00:02.000 align:start
<v 老王>大家好<00:01.500>！

NOTE
也不要

00:00:03.000 --> 00:00:04.000
<ruby>魔芋<rt>móyù</rt></ruby>&nbsp;软腐病
"""
    cues, problems = cues_of(tmp_path, content, "a.vtt")
    assert cues == (Cue(Span(1_000, 2_000), "大家好！", "老王"), Cue(Span(3_000, 4_000), "魔芋 软腐病"))
    assert problems == []


def test_a_cue_of_a_whole_book_is_left_out(tmp_path: Path) -> None:
    cues, problems = cues_of(tmp_path, SRT + "\n" + block(3, "00:00:07,000", "00:00:08,000", "长" * 3_000))
    assert (cues, problems) == (EXPECTED, ["subtitle 3 has more than 2000 characters; left out"])


LINES = st.sampled_from(
    [
        "1",
        "2",
        "",
        " ",
        "00:00:01,000 --> 00:00:02,000",
        "00:00:01,500 --> 00:00:09,000",
        "00:00:05,000 --> 00:00:04,000",
        "99:99:99,999 -->",
        "--> 1:1",
        "一二三",
        "<rt><b",
        r"{\p1}m 0 0",
        "[Events]",
        "WEBVTT",
        "NOTE x",
        "Format: Start, Text",
        "Dialogue: 0,0:00:01.00,0:00:02.00,D,,0,0,0,,字",
        "Dialogue: ,,",
        "[V4+ Styles]",
    ]
)


@given(st.one_of(st.lists(LINES, max_size=25).map(lambda lines: "\n".join(lines).encode()), st.binary(max_size=200)))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_file_holds_there_are_cues_in_turn_or_a_clear_refusal(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.srt"
    path.write_bytes(data)
    try:
        cues, _ = load_cues(path)
    except InputError:
        return
    assert cues
    assert all(one.span.end_ms <= other.span.start_ms for one, other in pairwise(cues))


@pytest.mark.parametrize("filler", ["\n", "<rt>", "{\\", "1\n", "->", "  "])
def test_a_hostile_file_takes_no_longer_than_its_length(tmp_path: Path, filler: str) -> None:
    """Would take hours, not a second, if reading were quadratic."""
    cues, _ = cues_of(tmp_path, SRT + "\n3\n00:00:08,000 --> 00:00:09,000\n" + filler * 300_000)
    assert cues[:2] == EXPECTED
