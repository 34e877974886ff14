"""The commands subtitle check, convert and typeset, as a person types them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cli import main
from courseware.subtitles import load_cues, write_cues
from courseware.subtitles.cue import Cue
from courseware.times import Span
from render.making import workflow
from render.plan.order import Order
from render.plan.plan import SourceStretch
from render.plan.profiles import Profile, profile_named
from render.source.examine import Lot
from tests.conftest import ClipFactory
from tests.render.samples import FACTS, planned

SRT = """\
1
00:00:01,000 --> 00:00:03,000
春季茶園管理,好

2
00:00:03,000 --> 00:00:05,000
老王🍵来了
"""
SRT_LATE = "1\n01:00:00,500 --> 01:00:02,000\n从一小时开始\n\n2\n01:00:03,000 --> 01:00:05,000\n第二句\n"
VTT = """\
WEBVTT

00:01.004 --> 00:03.000 line:0
<v 老王>大家好

00:03.000 --> 00:05.000
今天讲汉滨区五里镇的茶园管理办法
"""


def yuanjiao(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["--lang", "en", *map(str, arguments)])


def document(*arguments: object) -> Any:
    return json.loads(yuanjiao(*arguments, "--json").stdout)


@pytest.fixture
def srt(tmp_path: Path) -> Path:
    path = tmp_path / "a.srt"
    path.write_text(SRT, encoding="gb18030")
    return path


@pytest.fixture
def vtt(tmp_path: Path) -> Path:
    path = tmp_path / "a.vtt"
    path.write_text(VTT, encoding="utf-8")
    return path


def test_check_names_the_subtitle_its_time_and_the_repair(srt: Path) -> None:
    result = yuanjiao("subtitle", "check", srt)
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "warning · subtitle 1, 0:00:01.000: half- and full-width signs are mixed; write “春季茶園管理，好”",
        "warning · subtitle 1, 0:00:01.000: traditional characters in a simplified text; write “春季茶园管理,好”",
        "error · subtitle 2, 0:00:03.000: the fonts have no “🍵” (U+1F375); write it in another way",
        "a.srt: 2 subtitles, 1 errors, 2 warnings",
    ]


def test_check_reports_as_json(srt: Path) -> None:
    report = document("subtitle", "check", srt, "--profile", "led-320x160")
    assert (report["format"], report["encoding"], report["profile"]) == ("srt", "gb18030", "led-320x160")
    assert (report["cues"], report["errors"], report["warnings"]) == (2, 1, 2)
    assert report["findings"][0]["rule"] == "punctuation"
    assert report["findings"][0]["safe"] is True


def test_fix_repairs_says_what_it_did_and_keeps_the_original(srt: Path) -> None:
    before = srt.read_bytes()
    result = yuanjiao("subtitle", "check", srt, "--fix")
    assert "repaired · subtitle 1, 0:00:01.000: “春季茶園管理,好” became “春季茶園管理，好”" in result.stdout
    assert (srt.parent / "a.srt.bak").read_bytes() == before
    assert "春季茶园管理，好" in srt.read_text(encoding="gb18030")
    yuanjiao("subtitle", "check", srt, "--fix")
    assert sorted(path.name for path in srt.parent.iterdir()) == ["a.srt", "a.srt.bak"]


def test_nothing_is_written_into_a_draft_of_jianying(tmp_path: Path) -> None:
    path = tmp_path / "draft_content.json"
    text = {"type": "subtitle", "id": "t", "content": "春季茶園管理,好"}
    shown = {"material_id": "t", "target_timerange": {"start": 1_000_000, "duration": 2_000_000}}
    draft = {"materials": {"texts": [text]}, "tracks": [{"type": "text", "segments": [shown]}]}
    path.write_text(json.dumps(draft), encoding="utf-8")
    before = path.read_bytes()
    refused = CliRunner().invoke(main, ["--lang", "en", "subtitle", "check", str(path), "--fix"])
    assert refused.exit_code == 2
    assert "subtitle convert draft_content.json x.srt" in refused.stderr
    assert path.read_bytes() == before
    yuanjiao("subtitle", "convert", path, tmp_path / "x.srt")
    assert "春季茶園管理" in (tmp_path / "x.srt").read_text(encoding="utf-8")


def test_fix_says_what_could_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "a.srt"
    path.write_text(SRT.replace("🍵", "") + "\n9\n没有时间\n", encoding="utf-8")
    assert "line 9: subtitle 9 has no time; left out" in yuanjiao("subtitle", "check", path, "--fix").stderr
    assert yuanjiao("subtitle", "check", path).stderr == ""


def test_subtitles_beyond_the_video_are_found(srt: Path, make_clip: ClipFactory) -> None:
    report = document("subtitle", "check", srt, "--video", make_clip(seconds=2))
    assert {"beyond"} <= {one["rule"] for one in report["findings"]}


def test_a_cue_that_a_small_screen_cannot_show_in_its_time_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "long.srt"
    path.write_text("1\n00:00:00,000 --> 00:00:04,000\n" + "春季茶园管理要抓好三件事" * 80, encoding="utf-8")
    report = document("subtitle", "check", path, "--profile", "led-320x160")
    assert {"parts", "speed"} <= {one["rule"] for one in report["findings"] if one["level"] == "error"}


def test_a_cue_whose_parts_end_on_whole_pictures_is_none(tmp_path: Path) -> None:
    path = tmp_path / "parts.srt"
    said = "例如，你可以为在美国中使用英语的呼叫中心创建项目。"
    path.write_text(f"1\n00:00:10,730 --> 00:00:15,370\n{said}\n", encoding="utf-8")
    report = document("subtitle", "check", path, "--profile", "led-512x320")
    assert "parts" not in {one["rule"] for one in report["findings"]}


def test_convert_keeps_what_the_format_holds_and_names_what_it_does_not(vtt: Path) -> None:
    target = vtt.with_suffix(".lrc")
    result = yuanjiao("subtitle", "convert", vtt, target)
    assert target.read_text(encoding="utf-8").splitlines()[0] == "[00:01.00]老王：大家好"
    assert [line.split(";")[0] for line in result.stderr.splitlines()] == [
        "lrc holds no speakers",
        "lrc holds no places",
        "lrc holds hundredths of a second",
    ]


def test_convert_never_overwrites_without_force(vtt: Path) -> None:
    target = vtt.with_suffix(".srt")
    target.write_text("mine", encoding="utf-8")
    assert yuanjiao("subtitle", "convert", vtt, target).exit_code == 2
    assert target.read_text(encoding="utf-8") == "mine"
    report = document("subtitle", "convert", vtt, target, "--force", "--encoding", "gb18030")
    assert (report["format"], report["encoding"], report["cues"]) == ("srt", "gb18030", 2)
    assert load_cues(target)[0][0].place == "top"


def test_typeset_writes_what_rendering_burns_in(vtt: Path) -> None:
    target = vtt.with_suffix(".ass")
    report = document("subtitle", "typeset", vtt, "-p", "led-512x320", "-o", target)
    assert (report["em_px"], report["max_lines"], report["cues"], report["pictures"]) == (37, 2, 2, 2)
    assert "PlayResX: 512" in target.read_text(encoding="utf-8")


def test_letters_are_as_large_as_the_place_needs(vtt: Path) -> None:
    report = document(
        "subtitle", "typeset", vtt, "-p", "led-512x320", "-o", vtt.with_suffix(".ass"), "--distance", 60, "--pitch", 4
    )
    assert report["em_px"] == 44
    assert report["notes"] == []


def test_a_screen_too_small_for_its_place_is_said(vtt: Path) -> None:
    result = yuanjiao(
        "subtitle", "typeset", vtt, "-p", "led-320x160", "-o", vtt.with_suffix(".ass"), "--distance", 99, "--pitch", 4
    )
    assert result.stderr == ("from 99 m letters need 72 pixels, but this screen holds 47 at most, read from 64 m\n")


def test_half_of_the_picture_stays_for_the_text(vtt: Path) -> None:
    result = yuanjiao("subtitle", "typeset", vtt, "-p", "led-320x160", "-o", "x.ass", "--clear-top", 99)
    assert result.exit_code == 2
    assert "more than half of the picture's 160 pixels" in result.stderr


def test_a_render_keeps_the_words_of_the_dictionary_whole(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (workspace / "dictionary.txt").write_text("五里镇", encoding="utf-8")
    given: list[Order] = []

    def no_lots(orders: tuple[Order, ...], *_: object, **__: object) -> tuple[Lot, ...]:
        given.extend(orders)
        return ()

    monkeypatch.setattr(workflow, "lots_for", no_lots)
    yuanjiao("render", "--workspace", workspace, "--dry-run")
    assert [order.words for order in given] == [frozenset({"五里镇"})] * 2
    cues = (Cue(Span(0, 4_000), "今天讲汉滨区五里镇的茶园管理办法"),)
    profile = profile_named("led-320x160")
    wanted = replace(given[0], cues=cues, words=frozenset({"汉滨区五里镇"}))
    assert "汉滨区五里镇" in captions_of(wanted, profile)
    assert "汉滨区五里镇" not in captions_of(replace(wanted, words=frozenset()), profile)


def captions_of(order: Order, profile: Profile) -> str:
    """All that is burned into a rendition."""
    plan = planned(order, FACTS, profile)
    return "".join(one.picture.captions for one in plan.pieces if isinstance(one.picture, SourceStretch))


def test_distance_needs_pitch(vtt: Path) -> None:
    result = yuanjiao("subtitle", "typeset", vtt, "-p", "led-320x160", "-o", "x.ass", "--distance", 99)
    assert result.exit_code == 2
    assert "belong together" in result.stderr


def test_words_of_the_dictionary_stay_whole(vtt: Path) -> None:
    words = vtt.with_name("words.txt")
    words.write_text("汉滨区五里镇", encoding="utf-8")
    target = vtt.with_suffix(".ass")
    yuanjiao("subtitle", "typeset", vtt, "-p", "led-320x160", "-o", target)
    assert "汉滨区五里镇" not in target.read_text(encoding="utf-8")
    yuanjiao("subtitle", "typeset", vtt, "-p", "led-320x160", "-o", target, "--force", "--dictionary", words)
    assert "汉滨区五里镇" in target.read_text(encoding="utf-8")


def test_a_character_without_glyph_stops_typesetting(srt: Path) -> None:
    result = yuanjiao("subtitle", "typeset", srt, "-p", "led-320x160", "-o", srt.with_suffix(".ass"))
    assert result.exit_code == 2
    assert "0:03: the fonts have no “🍵”" in result.stderr
    assert not srt.with_suffix(".ass").exists()


def late(folder: Path) -> Path:
    path = folder / "late.srt"
    path.write_text(SRT_LATE, encoding="utf-8")
    return path


def test_subtitles_of_a_clock_that_began_at_one_are_recognised_once(tmp_path: Path, make_clip: ClipFactory) -> None:
    checked = document("subtitle", "check", late(tmp_path), "--video", make_clip())
    assert [one["rule"] for one in checked["findings"]] == ["shift"]
    assert "subtitle shift FILE --by -1:00:00 " in checked["findings"][0]["repair"]


def test_shift_moves_every_subtitle(tmp_path: Path) -> None:
    target = tmp_path / "moved.srt"
    assert yuanjiao("subtitle", "shift", late(tmp_path), "--by", "-1:00:00", "-o", target).exit_code == 0
    assert [cue.span for cue in load_cues(target)[0]] == [Span(500, 2_000), Span(3_000, 5_000)]
    assert yuanjiao("subtitle", "shift", late(tmp_path), "--by", "1", "-o", target).exit_code == 2
    earlier = document("subtitle", "shift", late(tmp_path), "--by", "-1:00:02.5", "-o", target, "--force")
    assert earlier["losses"] == ["1 subtitles before the start were left out"]
    assert [cue.span for cue in load_cues(target)[0]] == [Span(500, 2_500)]


def test_shift_names_a_time_that_is_none(tmp_path: Path) -> None:
    done = yuanjiao("subtitle", "shift", late(tmp_path), "--by", "nan", "-o", tmp_path / "moved.srt")
    assert (done.exit_code, "--by: “nan” is no time" in done.stderr) == (2, True)


def plain(path: Path, *times: tuple[int, int]) -> Path:
    write_cues([Cue(Span(start, end), f"第{number}句") for number, (start, end) in enumerate(times, 1)], path)
    return path


def spans_in(path: Path) -> list[tuple[int, int]]:
    return [(cue.span.start_ms, cue.span.end_ms) for cue in load_cues(path)[0]]


def test_stretch_follows_two_moments_or_two_frame_rates(tmp_path: Path) -> None:
    source, target = plain(tmp_path / "a.srt", (5_000, 6_000), (1_200_000, 1_201_000)), tmp_path / "b.srt"
    pairs = ("--first", "0:05=0:06.2", "--last", "20:00=20:31")
    assert document("subtitle", "stretch", source, *pairs, "-o", target)["cues"] == 2
    assert spans_in(target) == [(6_200, 7_225), (1_231_000, 1_232_025)]
    document("subtitle", "stretch", source, "--rate", "25/24", "-o", target, "--force")
    assert spans_in(target) == [(5_208, 6_250), (1_250_000, 1_251_042)]


def test_merge_and_split_undo_each_other(tmp_path: Path) -> None:
    first, second = plain(tmp_path / "a.srt", (0, 900)), plain(tmp_path / "b.srt", (500, 1_500), (4_000, 5_000))
    whole, again = tmp_path / "whole.srt", [tmp_path / "c.srt", tmp_path / "d.srt"]
    assert yuanjiao("subtitle", "merge", first, second, "--at", "1:00", "-o", whole).exit_code == 0
    assert spans_in(whole) == [(0, 900), (60_500, 61_500), (64_000, 65_000)]
    parts = document("subtitle", "split", whole, "--at", "1:00", "-o", again[0], "-o", again[1])["parts"]
    assert [part["cues"] for part in parts] == [1, 2]
    assert [spans_in(path) for path in again] == [spans_in(first), spans_in(second)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("stretch", "a.srt", "-o", "x.srt"), "give --first and --last, or --rate alone"),
        (("stretch", "a.srt", "--first", "0:05=0:06", "-o", "x.srt"), "give --first and --last, or --rate alone"),
        (("stretch", "a.srt", "--first", "0:05", "--last", "1=2", "-o", "x.srt"), "“0:05” is no pair"),
        (("stretch", "a.srt", "--first", "1=2", "--last", "1=3", "-o", "x.srt"), "must lie apart"),
        (("stretch", "a.srt", "--rate", "25", "-o", "x.srt"), "no two frame rates"),
        (("stretch", "a.srt", "--rate", "25/0", "-o", "x.srt"), "no two frame rates"),
        (("stretch", "a.srt", "--rate", "25/1e9", "-o", "x.srt"), "no two frame rates"),
        (("merge", "a.srt", "a.srt", "-o", "x.srt"), "2 files need 1 × --at"),
        (("merge", "a.srt", "-o", "a.srt", "--force"), "would be written over"),
        (("split", "a.srt", "--at", "0:01", "-o", "x.srt"), "1 × --at makes 2 parts, but 1 × --output are given"),
        (("split", "a.srt", "--at", "0:00", "-o", "x.srt", "-o", "y.srt"), "in rising order"),
        (
            ("split", "a.srt", "--at", "2", "--at", "1", "-o", "x.srt", "-o", "y.srt", "-o", "z.srt"),
            "in rising order",
        ),
        (
            ("split", "a.srt", "--at", "9:00", "-o", "x.srt", "-o", "y.srt"),
            "from 9:00 on would have no subtitle",
        ),
        (("split", "a.srt", "--at", "0:05", "-o", "x.srt", "-o", "x.srt"), "would be written twice"),
    ],
)
def test_times_that_make_no_sense_write_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    plain(tmp_path / "a.srt", (0, 900), (6_000, 7_000))
    monkeypatch.chdir(tmp_path)
    done = yuanjiao("subtitle", *words)
    assert (done.exit_code, said in done.stderr) == (2, True), done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["a.srt"]


def test_fix_mends_a_file_half_in_gbk_and_half_in_utf8(tmp_path: Path) -> None:
    first, second = SRT_LATE.replace("01:00:", "00:00:").split("\n\n")
    path = tmp_path / "mixed.srt"
    path.write_bytes(first.encode() + b"\n\n" + second.encode("gb18030"))
    refused = yuanjiao("subtitle", "check", path)
    assert "GBK in line 7, UTF-8 in the others" in refused.stderr
    assert "“yuanjiao subtitle check mixed.srt --fix”" in refused.stderr
    yuanjiao("subtitle", "check", path, "--fix")
    assert [cue.text for cue in load_cues(path)[0]] == ["从一小时开始", "第二句"]
    assert "第二句" in path.read_text(encoding="utf-8")
    assert (tmp_path / "mixed.srt.bak").read_bytes().endswith("第二句\n".encode("gb18030"))


def test_telemetry_is_checked_and_converted_into_nothing(tmp_path: Path) -> None:
    path = tmp_path / "DJI_0002.srt"
    path.write_text("1\n00:00:00,000 --> 00:00:00,033\n[iso: 100] [shutter: 1/640] [fnum: 2.8]\n", encoding="utf-8")
    typeset = ("typeset", path, "--profile", "led-512x320", "--output", tmp_path / "a.ass")
    for arguments in (("check", path), ("convert", path, tmp_path / "a.vtt"), typeset):
        done = yuanjiao("subtitle", *arguments)
        assert (done.exit_code, "(telemetry), no subtitles" in done.stderr) == (2, True)


def test_subtitles_are_never_written_over_what_is_read(srt: Path) -> None:
    before, link = srt.read_bytes(), srt.with_name("link.srt")
    link.hardlink_to(srt)
    words = srt.with_name("words.txt")
    words.write_text("茶園", encoding="utf-8")
    screen = ("--profile", "led-96x64", "--force", "--output")
    for arguments in (
        ("convert", srt, srt, "--force"),
        ("convert", srt, link, "--force"),
        ("shift", srt, "--by", "1", "--force", "-o", srt),
        ("typeset", srt, *screen, srt),
        ("typeset", srt, *screen, words, "--dictionary", words),
    ):
        refused = yuanjiao("subtitle", *arguments)
        assert refused.exit_code == 2, arguments
        assert "would be written over" in refused.stderr
    assert (srt.read_bytes(), words.read_text(encoding="utf-8")) == (before, "茶園")
