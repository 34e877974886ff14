from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from courseware.errors import InputError
from courseware.files import is_safe_id
from courseware.intake.sheet import HEADINGS, LessonSheet, load_sheet, make_id
from courseware.lessons.lesson import LessonFile
from courseware.lessons.settings import Office, Settings

SETTINGS = Settings(office=Office(name="示例县远教办", county="示例县"))
HEAD = ["编号", "标题", "系列", "形式", "视频"]
UNSAVED = "holds a formula without a saved value; open the file in Excel or WPS and save it, or paste the value"
ROW = ["A1", "水稻育秧", "扶贫实用技术", "微视频", "a.mp4"]


def sheet_of(tmp_path: Path, rows: list[list[Any]], *merged: str) -> LessonSheet:
    work = Workbook()
    page = work.active
    assert page is not None
    page.title = "目录"
    for row in rows:
        page.append(row)
    for cells in merged:
        page.merge_cells(cells)
    work.save(tmp_path / "课件.xlsx")
    return load_sheet(tmp_path / "课件.xlsx", SETTINGS)


def said(sheet: LessonSheet) -> list[str]:
    return [problem.render(str).removeprefix("课件.xlsx: ") for problem in sheet.problems]


def test_headings_are_found_below_a_title_and_blank_rows(tmp_path: Path) -> None:
    rows = [["示例县 2026 年课件目录"], [], ["制表：张三"], HEAD, ROW]
    sheet = sheet_of(tmp_path, rows, "A1:E1")
    assert [entry.id for entry in sheet.entries] == ["A1"]
    assert sheet.problems == ()


def test_headings_are_known_in_chinese_and_english_however_decorated(tmp_path: Path) -> None:
    rows = [
        ["ID", "*标 题（必填）", "series", "形式：", "Valid From", "主讲人"],
        ["1", "题", "扶贫实用技术", "MV", "2026/5/1", "王"],
    ]
    (entry,) = sheet_of(tmp_path, rows).entries
    assert entry.values == {
        "title": "题",
        "series": "扶贫实用技术",
        "form": "MV",
        "valid_from": "2026-05-01",
        "presenter": "王",
    }


def test_a_sheet_without_headings_says_which_it_looked_for(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no row with headings such as 编号、标题、系列"):
        sheet_of(tmp_path, [["甲", "乙"], ["1", "2"]])


def test_every_visible_sheet_with_headings_counts(tmp_path: Path) -> None:
    work = Workbook()
    for name in ("甲", "乙"):
        page = work.create_sheet(name)
        page.append(HEAD)
        page.append([name, *ROW[1:]])
    work.save(tmp_path / "a.xlsx")
    assert [entry.id for entry in load_sheet(tmp_path / "a.xlsx", SETTINGS).entries] == ["甲", "乙"]


def test_empty_rows_and_the_line_of_signatures_are_skipped(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, [HEAD, ROW, [None, "  "], ["合计：", 1], ["填表人：李四", None, None, "日期"]])
    assert len(sheet.entries) == 1
    assert sheet.problems == ()


def test_a_series_merged_over_rows_counts_for_each_of_them_but_makes_no_row(tmp_path: Path) -> None:
    rows: list[list[Any]] = [HEAD, ROW, ["A2", "二", None, "MV", "b"], [], ["A4", "四", None, "MV", "c"]]
    sheet = sheet_of(tmp_path, rows, "C2:C5")
    assert [entry.values["series"] for entry in sheet.entries] == ["扶贫实用技术"] * 3
    assert sheet.problems == ()


def test_every_problem_of_every_row_is_told_with_its_cell_and_good_rows_stay(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        [*HEAD, "有效期起", "链接"],
        ["A1", None, "扶贫实用技朮", "微电景", "a", "明天", "www.x.cn"],
        [*ROW],
        ["A 3", "题" * 61, "扶贫实用技术", "MV", "=B2", None, None],
    ]
    sheet = sheet_of(tmp_path, rows)
    assert [entry.id for entry in sheet.entries] == ["A1"]
    assert sorted(said(sheet)) == [
        "目录!A2 编号: “A1” is also in 目录!A3 编号; give each lesson an id of its own",
        "目录!A4 编号: “A 3” cannot name a folder; write A-3, for example",
        "目录!B2 标题: must not be empty",
        "目录!B4 标题: is 61 characters long; at most 60: shorten it",
        "目录!C2 系列: “扶贫实用技朮” is not known; did you mean 扶贫实用技术?",
        "目录!D2 形式: “微电景” is not known; did you mean 微电影?",
        f"目录!E4 视频: {UNSAVED}",
        "目录!F2 有效期起: “明天” is not a date; write 2026-11-23",
        "目录!G2 链接: “www.x.cn” is not a link; it begins with https:// or http://",
    ]


WORDS_HEAD = [
    "编号",
    "标题",
    "系列",
    "形式",
    "视频",
    "标语",
    "通知",
    "秒数",
    "背景图",
    "音轨",
    "降噪",
    "幻灯片",
    "片头",
]


def test_a_row_may_be_a_slogan_a_notice_or_an_ident(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        WORDS_HEAD,
        [*ROW[:4], None, "惜土如金", None, "20秒", "田.jpg"],
        ["A2", *ROW[1:4], None, None, " 停水。\r\n\r\n 请储水。 "],
        ["A3", *ROW[1:4], *[None] * 8, "是"],
        ["A4", *ROW[1:5], None, None, None, None, 2.0, "√", "否"],
    ]
    sheet = sheet_of(tmp_path, rows)
    assert sheet.problems == ()
    slogan, notice, ident, video = [
        {key: value for key, value in entry.values.items() if value is not None} for entry in sheet.entries
    ]
    assert (slogan["slogan"], slogan["seconds"], slogan["picture"]) == ("惜土如金", 20, "田.jpg")
    assert notice["notice"] == "停水。\n请储水。"
    assert ident["ident"] is True
    assert (video["audio"], video["denoise"]) == (2, True)
    assert "slides" not in video


def test_what_does_not_go_together_is_told_with_all_other_faults_of_the_row(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        WORDS_HEAD,
        ["A1", *ROW[1:5], "标" * 61, "通知", "半分钟", None, "二", "也许", None, "是"],
        ["A2", *ROW[1:4], None, None, "停水", 3, "田.jpg", None, None, "是"],
    ]
    assert sorted(said(sheet_of(tmp_path, rows))) == [
        "目录!E2 视频: goes with a video, but slogan is given too; remove one of the two",
        "目录!F2 标语: is 61 characters long; at most 60: shorten it",
        "目录!G2 通知: a lesson is either a slogan or a notice; make two lessons of them",
        "目录!H2 秒数: “半分钟” is not a whole number",
        "目录!H3 秒数: 3 is too small; at least 5",
        "目录!I3 背景图: stands behind a title or a slogan; a notice has no picture",
        "目录!J2 音轨: “二” is not a whole number",
        "目录!K2 降噪: “也许” is neither 是 nor 否",
        "目录!L3 幻灯片: goes with a video, but notice is given too; remove one of the two",
        "目录!M2 片头: is a lesson of its own; make another one for slogan",
    ]


def test_the_first_of_two_rows_with_one_id_counts(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, [HEAD, ROW, ["a1", "另一个", *ROW[2:]]])
    assert [entry.values["title"] for entry in sheet.entries] == ["水稻育秧"]
    assert said(sheet) == ["目录!A3 编号: “a1” is also in 目录!A2 编号; give each lesson an id of its own"]


def test_numbers_become_ids_as_they_are_read(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, [HEAD, [1, *ROW[1:]], [2.0, *ROW[1:]], ["003", *ROW[1:]]])
    assert [entry.id for entry in sheet.entries] == ["1", "2", "003"]


def test_without_an_id_the_title_gives_one_and_gives_it_again(tmp_path: Path) -> None:
    rows = [HEAD[1:], ["水稻育秧：第1课（上）", *ROW[2:]], ["CON", *ROW[2:]]]
    first, second = (sheet_of(tmp_path, rows) for _ in range(2))
    assert [entry.id for entry in first.entries] == ["水稻育秧-第1课-上", "CON-1"]
    assert first.entries == second.entries


def test_a_title_of_signs_alone_names_no_folder(tmp_path: Path) -> None:
    assert said(sheet_of(tmp_path, [HEAD[1:], ["😀！", *ROW[2:]]])) == [
        "目录!A2 标题: no folder can be named after this title; give the lesson an id (编号)"
    ]


def test_tags_are_parted_by_whatever_offices_part_them_with(tmp_path: Path) -> None:
    (entry,) = sheet_of(tmp_path, [[*HEAD, "标签"], [*ROW, "水稻、育秧，春耕; 防病/治虫\n施肥"]]).entries
    assert entry.values["tags"] == ["水稻", "育秧", "春耕", "防病", "治虫", "施肥"]


def test_two_columns_of_one_meaning_are_told_and_unknown_ones_are_named(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, [["序号", *HEAD, "题目", "责任领导"], [1, *ROW, "x", "y"]])
    assert said(sheet) == ["目录!G1: “题目” means the same as 目录!C1; remove one"]
    assert sheet.unused == ("责任领导",)


def test_a_partial_sheet_says_nothing_of_the_columns_it_lacks(tmp_path: Path) -> None:
    (entry,) = sheet_of(tmp_path, [["编号", "审核"], ["A1", "王"]]).entries
    assert entry.values == {"reviewer": "王"}


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_text_table_is_read_with_any_separator(tmp_path: Path, separator: str, encoding: str) -> None:
    lines = [separator.join(HEAD), separator.join(ROW), separator.join(["A2", "错", "无", "MV"])]
    (tmp_path / "a.csv").write_bytes("\r\n".join(lines).encode(encoding))
    sheet = load_sheet(tmp_path / "a.csv", SETTINGS)
    assert [entry.values["source"] for entry in sheet.entries] == ["a.mp4"]
    assert [problem.where for problem in sheet.problems] == ["a.csv: C3 系列"]


def test_without_end_is_no_date_and_no_mistake(tmp_path: Path) -> None:
    lines = ["编号,标题,系列,形式,有效期止", "a,甲,扶贫实用技术,微视频,长期"]
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    sheet = load_sheet(tmp_path / "a.csv", SETTINGS)
    assert (sheet.problems, sheet.entries[0].values["valid_until"]) == ((), None)


@given(st.text(max_size=80))
def test_an_id_made_from_any_title_is_safe_or_empty(title: str) -> None:
    made = make_id(title)
    assert not made or is_safe_id(made)
    assert make_id(title) == made


def test_a_row_that_ends_early_names_the_columns_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("编号,标题,系列,形式\nA1,水稻育秧\n", encoding="utf-8")
    problems = load_sheet(tmp_path / "a.csv", SETTINGS).problems
    assert [problem.where for problem in problems] == ["a.csv: A2 系列", "a.csv: A2 形式"]


def test_what_is_cut_out_may_have_blanks_in_it_and_stands_in_one_cell(tmp_path: Path) -> None:
    heads = ["标题", "系列", "形式", "剪去", "旋转"]
    row = ["稻瘟病", "扶贫实用技术", "微视频", "1:20 - 1:45、3:00-3:10", "90°"]
    sheet = sheet_of(tmp_path, [heads, row])
    assert said(sheet) == []
    assert sheet.entries[0].values["cut"] == ["1:20 - 1:45", "3:00-3:10"]
    assert sheet.entries[0].values["rotate"] == 90


def test_the_sheet_has_every_key_but_clips_which_are_named_in_the_place_of_a_video() -> None:
    assert HEADINGS.keys() == LessonFile.model_fields.keys() - {"clip"}


def test_a_song_and_a_spoken_lesson_are_said_in_cells(tmp_path: Path) -> None:
    heads = ["标题", "系列", "形式", "讲解录音", "歌曲", "踩拍", "配音", "配音快慢", "停顿", "画面比例", "降噪"]
    song = ["双河谣", "乡村振兴之路", "MV", "歌 一.mp3、歌2.mp3", "是", "是", "", "", "", "虚化", "否"]
    spoken = ["配药", "扶贫实用技术", "MV", "", "否", "", "zf_xiaoyi", "0.9倍", "０", "", ""]
    sheet = sheet_of(tmp_path, [heads, song, spoken])
    assert said(sheet) == []
    first, second = (
        {key: one for key, one in row.values.items() if one is not None and key not in {"title", "series", "form"}}
        for row in sheet.entries
    )
    assert first == {"narration": ["歌 一.mp3", "歌2.mp3"], "song": True, "beat": True, "fit": "blur"}
    assert second == {"song": False, "voice": "zf_xiaoyi", "speech_speed": 0.9, "pause": 0}


def test_what_a_column_goes_with_may_stand_in_the_lesson_where_the_sheet_has_no_column_for_it(tmp_path: Path) -> None:
    rows = [["标题", "系列", "形式", "音乐加减"], ["配药", "扶贫实用技术", "微视频", "-4分贝"]]
    assert said(sheet_of(tmp_path, rows)) == []
    rows = [[*rows[0], "背景音乐"], [*rows[1], ""]]
    assert said(sheet_of(tmp_path, rows)) == ["目录!D2 音乐加减: goes with music, and none is named"]
