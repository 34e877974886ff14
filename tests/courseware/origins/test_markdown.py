from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from courseware.errors import InputError
from courseware.origins.kinds.markdown import LONGEST, read_markdown
from courseware.origins.origin import DraftLesson, DraftWish

Reader = Callable[..., DraftLesson]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    for name in ("a.jpg", "b.jpg"):
        Image.new("RGB", (8, 6)).save(tmp_path / name)

    def reader(content: str, **wish: Any) -> DraftLesson:
        (tmp_path / "冬剪.md").write_text(content, encoding="utf-8")
        return read_markdown(DraftWish(tmp_path / "冬剪.md", **wish))

    return reader


def problems(read: Reader, content: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(content)
    return [str(problem.what) for problem in caught.value.problems]


def test_title_and_facts_are_taken_from_the_beginning(read: Reader) -> None:
    for head in (
        "# 苹果冬剪\n\n系列：扶贫实用技术\n**主讲**：王芳\n- 标签：苹果、修剪\n",
        "---\n标题: 苹果冬剪\nseries: 扶贫实用技术\n主讲: '王芳'\ntags: [苹果, 修剪]\n---\n",
        "苹果冬剪\n系列: 扶贫实用技术\n主讲人：王芳\n关键词：苹果,修剪\n",
    ):
        values = dict(read(f"{head}\n正文一句。\n").values)
        clips = values.pop("clip")
        assert values == {
            "title": "苹果冬剪",
            "series": "扶贫实用技术",
            "presenter": "王芳",
            "tags": ["苹果", "修剪"],
        }
        assert clips == [{"card": "苹果冬剪", "lines": ["正文一句。"]}]


def test_a_line_with_a_colon_in_the_text_is_no_fact(read: Reader) -> None:
    draft = read("# 题\n\n正文。\n\n主讲：这一句是正文。\n")
    assert "presenter" not in draft.values
    assert draft.values["clip"][0]["lines"] == ["正文。", "主讲：这一句是正文。"]


def test_sections_become_cards_and_figures_become_pictures_between_them(read: Reader) -> None:
    draft = read('# 题\n\n## 工具\n\n1. 剪\n2. 锯\n\n![](a.jpg "剪和锯")\n\n## 上药\n\n当天抹药。![](b.jpg)\n')
    assert draft.values["clip"] == [
        {"card": "工具", "lines": ["1. 剪", "2. 锯"]},
        {"source": "a.jpg", "caption": "剪和锯", "says": "剪和锯。"},
        {"card": "上药", "lines": ["当天抹药。"], "picture": "b.jpg"},
    ]
    assert set(draft.files) == {"a.jpg", "b.jpg", "script.md"}


def test_points_told_at_length_are_cards_of_their_own(read: Reader) -> None:
    long = "先看主枝几个、哪边密哪边空，再定去哪个留哪个，一个人看，一个人记，看完再动手。"
    draft = read(f"# 题\n\n## 步骤\n\n1. **看树。** {long}\n2. 去大枝：{long}\n3. {long}\n\n收工。\n")
    assert [(clip["card"], clip.get("lines")) for clip in draft.values["clip"]] == [
        ("步骤", None),
        ("1. 看树", [long]),
        ("2. 去大枝", [long]),
        ("步骤", [f"3. {long}", "收工。"]),
    ]


@pytest.mark.parametrize(
    ("given", "headed"),
    [
        ("**第一，看转色。** 菌棒红褐色。", ("第一，看转色", "菌棒红褐色。")),
        ("**第一，看转色。**菌棒**红褐色。**", ("第一，看转色", "菌棒红褐色。")),
        ("第二步：催蕾。白天晒棚。", ("第二步：催蕾", "白天晒棚。")),
        ("三、疏蕾：一棒留八个。", ("三、疏蕾", "一棒留八个。")),
        ("1、控温。十度以上。", ("题", "1. 控温。十度以上。")),
        ("**控湿**\n\n早晚看一次。", ("控湿", "早晚看一次。")),
        ("第六步 通风\n\n先通风。", ("第六步 通风", "先通风。")),
        ("七、采收\n\n轻轻转下来。", ("七、采收", "轻轻转下来。")),
        ("一定要看天。要等晴天。", ("题", "一定要看天。要等晴天。")),
        ("3.5公斤一亩。撒匀。", ("题", "3.5公斤一亩。撒匀。")),
        ("全部的话都**加粗**。", ("题", "全部的话都加粗。")),
    ],
)
def test_headings_are_known_without_their_mark(read: Reader, given: str, headed: tuple[str, str]) -> None:
    (clip,) = read(f"# 题\n\n{given}\n").values["clip"]
    assert (clip["card"], "".join(clip["lines"])) == headed


def test_a_long_paragraph_is_cut_at_the_ends_of_sentences_into_cards_of_about_one_length(read: Reader) -> None:
    sentence = "落叶以后到萌芽以前，是苹果树修剪的好时候。"
    clips = read(f"# 题\n\n{sentence * 12}\n").values["clip"]
    assert len(clips) > 2
    said = [line for clip in clips for line in clip["lines"]]
    assert "".join(said) == sentence * 12
    assert all(line.endswith("。") for line in said)
    lengths = [sum(map(len, clip["lines"])) for clip in clips]
    assert max(lengths) <= 90
    assert max(lengths) - min(lengths) <= 2 * len(sentence)


def test_a_sentence_without_an_end_is_cut_all_the_same(read: Reader) -> None:
    clips = read(f"# 题\n\n{'剪' * 300}\n").values["clip"]
    assert "".join(line for clip in clips for line in clip["lines"]) == "剪" * 300
    assert all(len(line) <= 60 for clip in clips for line in clip["lines"])


def test_a_table_is_told_row_by_row(read: Reader) -> None:
    draft = read(
        "# 题\n\n| 树龄 | 主枝 | 每亩 |\n|---|---|---|\n| 3年 | 3个 | 2万 |\n\n| 药 | 量 |\n|--|--|\n| 甲 | 5克 |\n"
    )
    assert draft.values["clip"][0]["lines"] == ["3年：主枝3个，每亩2万", "甲：5克"]


def test_a_heading_alone_is_a_card_and_one_that_is_too_long_is_a_paragraph(read: Reader) -> None:
    clips = read(f"# 题\n\n## 第一章\n\n### 剪\n\n句。\n\n### {'长' * 40}\n").values["clip"]
    assert [clip["card"] for clip in clips] == ["第一章", "剪"]
    assert clips[1]["lines"] == ["句。", "长" * 40]


def test_the_script_has_the_steps_for_the_leaflet(read: Reader) -> None:
    script = read("# 题\n\n开场。\n\n## 第一步 看树\n\n绕树一周。\n\n1. 甲\n2. 乙\n").files["script.md"]
    assert isinstance(script, bytes)
    assert script.decode() == "# 题\n\n开场。\n\n## 第一步 看树\n\n绕树一周。\n\n1. 甲\n2. 乙\n"


def test_what_cannot_stand_on_a_screen_is_left_out_and_told(read: Reader) -> None:
    draft = read("# 题\n\n好😀[这里](http://x)。\n\n```\ncode\n```\n<!-- 备注 -->\n")
    assert draft.values["clip"] == [{"card": "题", "lines": ["好这里。"]}]
    assert [remark.where for remark in draft.remarks] == ["冬剪.md:3", "冬剪.md:3", "冬剪.md:5"]


def test_all_that_is_wrong_is_told_at_once_with_its_line(read: Reader) -> None:
    told = problems(
        read,
        "# 题\n\n<div>x</div>\n\n行内<b>粗</b>\n\n![](http://x/a.jpg)\n\n![](../a.jpg)\n\n![](a.jgp)\n\n![](aa.jpg)\n\n![](a.svg)\n",
    )
    assert len(told) == 8
    assert sum("HTML" in what for what in told) == 3
    assert any("did you mean a.jpg" in what for what in told)


def test_a_picture_outside_of_its_folder_is_not_taken(read: Reader, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    Image.new("RGB", (8, 6)).save(tmp_path / "in" / "c.jpg")
    assert "c.jpg" in read("# 题\n\n![](in/c.jpg)\n").files
    assert "c.jpg" in read("# 题\n\n![](c.jpg)\n", pictures=tmp_path / "in").files
    (tmp_path / "in" / "d.jpg").symlink_to("/etc/hostname")
    assert problems(read, "# 题\n\n![](in/d.jpg)\n")


def test_two_pictures_of_one_name_get_two_names(read: Reader, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    Image.new("RGB", (8, 6)).save(tmp_path / "in" / "A.JPG")
    draft = read("# 题\n\n![](a.jpg)\n\n![](in/A.JPG)\n\n![](a.jpg)\n")
    assert [clip["source"] for clip in draft.values["clip"]] == ["a.jpg", "A-2.jpg", "a.jpg"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "no words"),
        ("# 题\n", "no words"),
        ("# 题\n\n" + "剪。" * LONGEST, "several lessons"),
        ("# 题\n\n" + "".join(f"## 第{n}步\n\n剪。\n\n" for n in range(2000)), "200"),
        ("a\0b", ""),
    ],
)
def test_what_is_no_lesson_is_refused(read: Reader, content: str, said: str) -> None:
    assert said in problems(read, content)[0]


def test_a_text_of_another_encoding_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes("# 冬剪\r\n\r\n一句话，两句话。\r\n".encode("gbk"))
    assert read_markdown(DraftWish(tmp_path / "a.md")).values["title"] == "冬剪"


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        (f"{'果' * 53}1500公斤", ("果" * 53, "1500公斤")),
        ("果" * 60, ("果" * 56, "果" * 4)),
        ("x" * 60, ("x" * 56, "x" * 4)),
    ],
    ids=["number", "words", "one-word"],
)
def test_a_long_line_is_not_cut_within_a_number(read: Reader, words: str, lines: tuple[str, ...]) -> None:
    clips = read(f"# 苹果冬剪\n\n{words}").values["clip"]
    assert [line for clip in clips for line in clip["lines"]] == [*lines]


def test_what_is_no_text_is_not_called_a_subtitle_file(tmp_path: Path) -> None:
    (tmp_path / "冬剪.md").write_bytes(b"\0\0\0\x20ftypisom" + bytes(range(256)) * 40)
    with pytest.raises(InputError) as caught:
        read_markdown(DraftWish(tmp_path / "冬剪.md"))
    (problem,) = caught.value.problems
    assert str(problem.what) == "this is not a text file; choose another one, or save it as text in UTF-8"
