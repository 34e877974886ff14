"""The subtitle formats: what each holds comes back unchanged, and what people make of each is read."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courseware.errors import InputError
from courseware.subtitles import load_cues, load_subtitles, write_cues
from courseware.subtitles.cue import Cue, Place, labels
from courseware.subtitles.entry import FileCue
from courseware.subtitles.formats import FORMATS
from courseware.times import Span

LETTERS = st.sampled_from("春季茶园的，。！？：“”《》—…℃₂ú𠮷0123456789aBbiNnh -.:;,/<>&{}\\[]|'\"#=?!")
MARKUP = st.sampled_from(
    [
        "<b>",
        "</i>",
        "&amp;",
        "&lt;",
        "{\\an8}",
        "{\\p1}",
        "\\N",
        "\\h",
        "<br/>",
        "]]>",
        "<!--",
        "-->",
        "NOTE",
        "{x}",
        "1",
    ]
)
LINE = (
    st.lists(st.one_of(LETTERS, MARKUP), min_size=1, max_size=20).map(lambda some: "".join(some).strip()).filter(bool)
)
TEXT = st.lists(LINE, min_size=1, max_size=3).map("\n".join)
NAME = st.text(st.sampled_from("老王李站长ABc 12"), min_size=1, max_size=6).map(str.strip).filter(bool)
WRITTEN = [name for name, one in FORMATS.items() if one.suffixes]
PLACES: st.SearchStrategy[Place] = st.sampled_from(("bottom", "top"))


@st.composite
def in_order(draw: st.DrawFn, *, step_ms: int = 1, speakers: bool = True, places: bool = True) -> tuple[Cue, ...]:
    """Cues that do not overlap, on a grid of `step_ms`."""
    made, at = [], 0
    for _ in range(draw(st.integers(1, 5))):
        start = at + draw(st.integers(0, 5_000))
        at = start + draw(st.integers(1, 9_000))
        place: Place = draw(PLACES) if places else "bottom"
        speaker = draw(st.one_of(st.just(""), NAME)) if speakers else ""
        made.append(Cue(Span(start * step_ms, at * step_ms), draw(TEXT), speaker, place))
    return tuple(made)


def again(cues: tuple[Cue, ...], name: str, folder: Path, encoding: str = "utf-8") -> tuple[Cue, ...]:
    """The cues after they have been written to a file and read back; nothing may have been repaired."""
    path = folder / f"a{FORMATS[name].suffixes[0]}"
    write_cues(cues, path, encoding)
    read = load_subtitles(path)
    assert (read.format, read.problems) == (name, ())
    return read.cues


ROUND_TRIP = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(in_order())
@ROUND_TRIP
@pytest.mark.parametrize("name", ["vtt", "ttml"])
def test_times_texts_speakers_and_places_come_back(tmp_path: Path, name: str, cues: tuple[Cue, ...]) -> None:
    assert again(cues, name, tmp_path) == cues


@given(in_order(step_ms=10))
@ROUND_TRIP
def test_ass_gives_back_everything_in_hundredths(tmp_path: Path, cues: tuple[Cue, ...]) -> None:
    assert again(cues, "ass", tmp_path) == cues


@given(in_order(speakers=False))
@ROUND_TRIP
def test_bcc_gives_back_times_texts_and_places(tmp_path: Path, cues: tuple[Cue, ...]) -> None:
    assert again(cues, "bcc", tmp_path) == cues


@given(in_order(speakers=False))
@ROUND_TRIP
def test_srt_gives_back_times_texts_and_places(tmp_path: Path, cues: tuple[Cue, ...]) -> None:
    assert again(cues, "srt", tmp_path) == cues


@given(in_order(speakers=False, places=False))
@ROUND_TRIP
def test_timed_text_gives_back_times_and_texts(tmp_path: Path, cues: tuple[Cue, ...]) -> None:
    assert again(cues, "txt", tmp_path) == cues


def is_lyric(cue: Cue) -> bool:
    """Whether LRC can hold the text: it has no way to write what looks like its own times, nor one line twice."""
    lines = cue.text.split("\n")
    return not re.search(r"^\s*\[|[<[]\d|\[offset", cue.text, re.MULTILINE) and len(set(lines)) == len(lines)


@given(in_order(step_ms=10, speakers=False, places=False).filter(lambda cues: all(map(is_lyric, cues))))
@ROUND_TRIP
def test_lrc_gives_back_hundredths_and_texts(tmp_path: Path, cues: tuple[Cue, ...]) -> None:
    assert again(cues, "lrc", tmp_path) == cues


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
@pytest.mark.parametrize("name", WRITTEN)
def test_every_format_is_read_in_every_encoding_it_is_written_in(tmp_path: Path, name: str, encoding: str) -> None:
    cues = (
        Cue(Span(1_000, 3_000), "春季茶园管理要抓好三件事\n大家记住"),
        Cue(Span(3_000, 5_000), "每亩施用水溶肥50公斤，温度25摄氏度"),
    )
    assert again(cues, name, tmp_path, encoding) == cues


def test_an_encoding_that_lacks_a_character_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="line 3: big5 has no “农”"):
        write_cues([Cue(Span(0, 1), "农业")], tmp_path / "a.srt", "big5")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_suffix_is_refused_with_those_that_exist(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"“\.doc”.*\.srt"):
        write_cues([Cue(Span(0, 1), "农业")], tmp_path / "a.doc")


def test_speakers_are_named_in_the_text_of_a_format_that_holds_none() -> None:
    said = [("大家好", "老王"), ("今天讲修剪", "老王"), ("我来问", "小李"), ("好", ""), ("老王：行", "老王")]
    cues = [Cue(Span(at, at + 1), line, speaker) for at, (line, speaker) in enumerate(said)]
    assert labels(cues) == ("老王：", "", "小李：", "", "")
    assert labels(cues[:2], least=2) == ("", "")
    for name in ("srt", "lrc", "txt"):
        assert "小李：我来问" in FORMATS[name].dump(cues)


def read(tmp_path: Path, content: str, name: str) -> tuple[tuple[Cue, ...], list[str]]:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    cues, problems = load_cues(path)
    return cues, [str(problem.what) for problem in problems]


def test_every_problem_names_its_line(tmp_path: Path) -> None:
    content = "1\n00:00:01,000 --> 00:00:02,000\n一\n\n2\n没有时间\n\n3\n00:00:03,000 --> x\n三\n"
    _, problems = read(tmp_path, content, "a.srt")
    assert problems == [
        "line 5: subtitle 2 has no time; left out",
        "line 9: subtitle 3 does not end after it starts; it is shown for 1200 ms",
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.srt", "1\n00:00:01,000 --> 00:00:02,000\n{\\an8}上\n"),
        ("a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000 line:5%\n上\n"),
        ("b.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000 line:0\n上\n"),
        ("a.ass", "[Events]\nFormat: Start, End, Text\nDialogue: 0:00:01.00,0:00:02.00,{\\an8\\b1}上\n"),
        (
            "b.ass",
            (
                "[V4+ Styles]\nFormat: Name, Alignment\nStyle: 顶,8\n[Events]\nFormat: Start, End, Style, Text\n"
                "Dialogue: 0:00:01.00,0:00:02.00,顶,上\n"
            ),
        ),
        (
            "a.ttml",
            (
                '<tt xmlns:tts="x"><head><layout><region xml:id="r" tts:displayAlign="before"/></layout></head>'
                '<body><div><p begin="1s" end="2s" region="r">上</p></div></body></tt>'
            ),
        ),
    ],
)
def test_a_cue_at_the_top_stays_there(tmp_path: Path, name: str, content: str) -> None:
    cues, problems = read(tmp_path, content, name)
    assert (cues, problems) == ((Cue(Span(1_000, 2_000), "上", place="top"),), [])


def test_webvtt_settings_for_vertical_text_and_the_lower_half_change_nothing(tmp_path: Path) -> None:
    content = "WEBVTT\n\n00:01.000 --> 00:02.000 vertical:rl line:-1 position:50%\n竖排文字\n"
    assert read(tmp_path, content, "a.vtt") == ((Cue(Span(1_000, 2_000), "竖排文字"),), [])


def test_comments_in_braces_are_no_text_in_ass_but_are_in_srt(tmp_path: Path) -> None:
    line = "Dialogue: 0:00:01.00,0:00:02.00,一{改？}二\n"
    (one,), _ = read(tmp_path, "[Events]\nFormat: Start, End, Text\n" + line, "a.ass")
    assert one.text == "一二"


def test_karaoke_and_ssa_are_read(tmp_path: Path) -> None:
    content = (
        "[V4 Styles]\nFormat: Name, TertiaryColour, Alignment\nStyle: T,0,6\n[Events]\n"
        "Format: Marked, Start, End, Style, Name, Text\n"
        "Dialogue: Marked=0,0:00:01.00,0:00:02.00,*T,老王,{\\k20}采{\\k30}茶{\\kf10}歌\n"
    )
    cues, _ = read(tmp_path, content, "a.ssa")
    assert cues == (Cue(Span(1_000, 2_000), "采茶歌", "老王", "top"),)


TTML = """<?xml version="1.0" encoding="gb2312"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="p" xmlns:tts="s" xmlns:ttm="m"
ttp:frameRate="25" ttp:tickRate="1000">
<head><metadata><ttm:agent xml:id="w"><ttm:name>老王</ttm:name></ttm:agent></metadata></head>
<body begin="10s"><div>
{}
</div></body></tt>"""


def test_every_way_to_write_a_time_in_ttml_is_understood(tmp_path: Path) -> None:
    ways = ['begin="00:00:01.5" end="2.5s"', 'begin="00:00:03:05" dur="10f"', 'begin="4000t" dur="500ms"']
    ways.append('begin="0.1m" end="7"')
    cues, problems = read(tmp_path, TTML.format("\n".join(f"<p {way}>{way}</p>" for way in ways)), "a.ttml")
    spans = [Span(11_500, 12_500), Span(13_200, 13_600), Span(14_000, 14_500), Span(16_000, 17_000)]
    assert ([cue.span for cue in cues], problems) == (spans, [])


def test_ttml_is_read_without_annotations_with_breaks_and_with_its_speakers(tmp_path: Path) -> None:
    said = (
        '<p begin="1s" end="2s" ttm:agent="w">\n  <span tts:ruby="container"><span tts:ruby="base">魔芋</span>'
        '<span tts:ruby="text">móyù</span></span>\n  软腐病<br/>\n 怎么&#x9632;  &amp; 治 </p>'
    )
    cues, problems = read(tmp_path, TTML.format(said), "a.xml")
    assert (cues, problems) == ((Cue(Span(11_000, 12_000), "魔芋 软腐病\n怎么防 & 治", "老王"),), [])


def test_spans_with_times_of_their_own_are_cues(tmp_path: Path) -> None:
    said = '<p><span begin="1s" end="2s">一</span><span begin="2s" end="3s">二</span></p>'
    cues, problems = read(tmp_path, TTML.format(said), "a.ttml")
    assert ([cue.text for cue in cues], problems) == (["一", "二"], [])


def test_a_paragraph_of_ttml_without_time_is_named(tmp_path: Path) -> None:
    content = '<tt><body><div>\n<p>一</p>\n<p begin="1s" end="2s">二</p></div></body></tt>'
    cues, problems = read(tmp_path, content, "a.ttml")
    assert ([cue.text for cue in cues], problems) == (["二"], ["line 2: subtitle 1 has no time; left out"])


def test_damaged_ttml_is_kept_up_to_the_damage(tmp_path: Path) -> None:
    said = '<p begin="1s" end="2s">一</p>\n<p begin="3s" end="4s">二</b></p>'
    cues, problems = read(tmp_path, TTML.format(said), "a.ttml")
    assert [cue.text for cue in cues] == ["一"]
    assert problems == ["line 7: the XML is damaged here (mismatched tag); what follows is left out"]


def test_a_bomb_of_entities_is_refused_at_once(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY {name} "{f"&{of};" * 10}">' for name, of in pairwise("abcdefgh"))
    bomb = f'<!DOCTYPE tt [<!ENTITY h "哈">{entities}]>'
    with pytest.raises(InputError, match="defines entities"):
        read(tmp_path, bomb + '<tt><body><div><p begin="1s" end="2s">&a;</p></div></body></tt>', "a.ttml")


def test_a_file_of_the_machine_is_not_read_through_ttml(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("密码", encoding="utf-8")
    content = '<!DOCTYPE tt [<!ENTITY x SYSTEM "secret">]><tt><body><p begin="1s" end="2s">&x;</p></body></tt>'
    with pytest.raises(InputError):
        read(tmp_path, content, "a.ttml")


def test_lrc_is_read_with_headers_offset_repeats_and_word_times(tmp_path: Path) -> None:
    content = "[ti:采茶歌]\n[offset:+500]\n[00:01.50][00:09.50]<00:01.50>采<00:01.80>茶\n[00:01.50]Tea\n"
    content += "[00:04.5]\n歌词丢了\n"
    cues, problems = read(tmp_path, content, "a.lrc")
    assert cues == (
        Cue(Span(1_000, 4_000), "采茶\nTea"),
        Cue(Span(9_000, 10_400), "采茶"),
    )
    assert problems == ["line 6: subtitle 6 has no time; left out"]


def test_times_as_people_type_them_are_read(tmp_path: Path) -> None:
    content = "茶园讲座\n0:01 大家好\n[0:03-0:05] 今天讲修剪\n（00:00:06）：先看工具\n  再看树\n1:00～1:02.5、完\n"
    cues, problems = read(tmp_path, content, "a.txt")
    assert cues == (
        Cue(Span(1_000, 2_600), "大家好"),
        Cue(Span(3_000, 5_000), "今天讲修剪"),
        Cue(Span(6_000, 8_600), "先看工具\n再看树"),
        Cue(Span(60_000, 62_500), "完"),
    )
    assert problems == ["line 1: subtitle 茶园讲座 has no time; left out"]


def test_sbv_is_written_as_youtube_loads_it(tmp_path: Path) -> None:
    cues = (Cue(Span(1_000, 2_500), "一\n二"), Cue(Span(3_600_000, 3_604_000), "三", speaker="老王"))
    write_cues(cues, tmp_path / "a.sbv")
    written = (tmp_path / "a.sbv").read_text(encoding="utf-8")
    assert written == "0:00:01.000,0:00:02.500\n一\n二\n\n1:00:00.000,1:00:04.000\n老王：三\n"


def test_sbv_and_mpl2_are_read(tmp_path: Path) -> None:
    sbv, _ = read(tmp_path, "0:00:01.000,0:00:02.500\n一\n二\n\n0:00:03.000,0:00:04.000\n三\n", "a.sbv")
    assert sbv == (Cue(Span(1_000, 2_500), "一\n二"), Cue(Span(3_000, 4_000), "三"))
    mpl2, _ = read(tmp_path, "[10][25]一|/二\n[30][40]三\n", "b.txt")
    assert mpl2 == sbv


@pytest.mark.parametrize("said", ["", "第一章 茶园\n8:00 开门营业，大家都来\n" + "说明\n" * 9, "[注] 无时间"])
def test_a_text_that_only_mentions_a_time_is_no_subtitle_file(said: str) -> None:
    assert not any(one.is_it(said) for one in FORMATS.values())


def test_a_negative_time_is_named(tmp_path: Path) -> None:
    content = "[Events]\nFormat: Start, End, Text\nDialogue: -0:00:01.00,0:00:02.00,坏\n"
    content += "Dialogue: 0:00:01.00,0:00:02.00,好\n"
    cues, problems = read(tmp_path, content, "a.ass")
    assert [cue.text for cue in cues] == ["好"]
    assert len(problems) == 1


@pytest.mark.parametrize("name", FORMATS)
@given(st.text(st.sampled_from("01:.,->[]<>{}\\/tp \n\t字ADbegin=\"'&;"), max_size=120))
@settings(max_examples=150, deadline=None)
def test_no_text_makes_a_format_fail(name: str, content: str) -> None:
    for one in FORMATS[name].parse(content):
        assert one.line >= 1
        assert not isinstance(one, FileCue) or one.text == one.text.strip()


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("filler", ["[00:01.00]", "<", "[a:", "0:01 ", "<p>", "{\\", "\n", "&amp;", "0:01~", " "])
def test_no_format_takes_longer_than_its_length(name: str, filler: str) -> None:
    """Would take hours, not a second, if reading were quadratic."""
    content = filler * (200_000 // len(filler))
    FORMATS[name].is_it(content)
    assert sum(1 for _ in FORMATS[name].parse(content)) < 200_000


BCC = """\
{"font_size":0.4,"body":[{"from":0.5,"to":2,"location":2,"content":"第一句"},{"from":2,"to":4.033,"content":"2"}]}"""


def test_captions_of_bilibili_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.bcc"
    path.write_text(BCC, encoding="utf-8")
    read = load_subtitles(path)
    assert (read.format, read.cues) == ("bcc", (Cue(Span(500, 2_000), "第一句"), Cue(Span(2_000, 4_033), "2")))


def test_a_caption_that_is_damaged_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(
        '{"body":[7,{"from":"?","to":1,"content":"a"},{"from":1,"to":2,"content":"好"}]}', encoding="utf-8"
    )
    read = load_subtitles(path)
    assert read.cues == (Cue(Span(1_000, 2_000), "好"),)
    assert [str(one.what)[:28] for one in read.problems] == [
        "line 1: subtitle 1 cannot be",
        "line 1: the time of subtitle",
    ]


def test_a_transcript_with_speakers_ends_each_text_at_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    first, second, third = (
        "说话人1 00:00\n大家好欢迎来到课堂",
        "说话人 2  (00:05)\n老师好\n怎么剪",
        "王站长 01:00:09\n先看树形",
    )
    path.write_text(f"会议记录\n\n{first}\n\n{second}\n\n{third}\n", encoding="utf-8")
    read = load_subtitles(path)
    assert (read.format, read.problems) == ("transcript", ())
    assert read.cues == (
        Cue(Span(0, 5_000), "大家好欢迎来到课堂", "说话人1"),
        Cue(Span(5_000, 12_000), "老师好\n怎么剪", "说话人 2"),
        Cue(Span(3_609_000, 3_611_200), "先看树形", "王站长"),
    )


def test_a_story_whose_line_ends_in_a_time_is_no_transcript(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("明天开会 08:30\n" + "请各村派人参加\n" * 60, encoding="utf-8")
    with pytest.raises(InputError, match="no subtitle times"):
        load_subtitles(path)


def test_times_inside_a_line_of_lyrics_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "a.lrc"
    path.write_text("[00:01.00]从[00:01.50]小[00:02.00]爱\n[00:03.00]<00:03.10>山\n", encoding="utf-8")
    assert [cue.text for cue in load_subtitles(path).cues] == ["从小爱", "山"]


@pytest.mark.parametrize(("start_ms", "start_cs"), [(14, 1), (15, 2), (994, 99), (995, 100)])
def test_ass_and_lyrics_round_starts_and_ends_to_the_nearest_hundredth(start_ms: int, start_cs: int) -> None:
    cue = Cue(Span(start_ms, start_ms + 1_000), "春")
    clocks = f"0:00:{start_cs // 100:02}.{start_cs % 100:02}", f"0:00:{start_cs // 100 + 1:02}.{start_cs % 100:02}"
    assert f"Dialogue: 0,{clocks[0]},{clocks[1]},Default" in FORMATS["ass"].dump([cue])
    assert FORMATS["lrc"].dump([cue]).startswith(f"[00:{start_cs // 100:02}.{start_cs % 100:02}]春")
