"""What of a script is spoken: names, headings, directions and numbers are told from text."""

from pathlib import Path

import docx
import pytest

from courseware.errors import InputError
from courseware.script.files import Paragraph
from courseware.script.script import Doubt, ScriptLine, load_script, read_script

NARRATION = """《茶园春季管理》
一、选种：
主持人：各位乡亲，大家好！今天我们来讲茶园春季管理。（画面：茶园航拍）
张老师：首先，每亩施尿素10—15公斤；（稍停）其次要注意修剪。
1. 修剪高度控制在离地1.5米左右。
1.5公斤的化肥要兑水。
【音乐起】
画面：远山
主持人：谢谢张老师。
注意：打药时要戴口罩。
第二章 病虫防治
（2）防治茶小绿叶蝉，可用吡虫啉喷雾。
"""


def said(*lines: str) -> list[str]:
    return [line.text for line in read_script(Paragraph(one) for one in lines).lines]


def test_only_what_is_spoken_stays() -> None:
    script = read_script(Paragraph(line) for line in NARRATION.split("\n"))
    assert script.lines == (
        ScriptLine("各位乡亲，大家好！今天我们来讲茶园春季管理。", "主持人"),
        ScriptLine("首先，每亩施尿素10—15公斤；其次要注意修剪。", "张老师"),
        ScriptLine("修剪高度控制在离地1.5米左右。", "张老师"),
        ScriptLine("1.5公斤的化肥要兑水。", "张老师"),
        ScriptLine("谢谢张老师。", "主持人"),
        ScriptLine("注意：打药时要戴口罩。", "主持人"),
        ScriptLine("防治茶小绿叶蝉，可用吡虫啉喷雾。", "主持人"),
    )


def test_what_is_left_out_is_reported_as_written() -> None:
    script = read_script(Paragraph(line) for line in NARRATION.split("\n"))
    assert set(script.left_out) == {
        "《茶园春季管理》",
        "一、选种：",
        "（画面：茶园航拍）",
        "（稍停）",
        "【音乐起】",
        "画面：远山",
        "第二章 病虫防治",
    }


def test_what_may_be_spoken_keeps_its_place() -> None:
    script = read_script(
        Paragraph(line)
        for line in (
            "第二章 病虫防治",
            "主持人：一、先看叶片（稍停），再看  【特写】 树干。",
            "老王：（2）好的，需要3、4天。",
            "（掌声）",
            "12",
        )
    )
    assert script.lines == (ScriptLine("先看叶片，再看 树干。", "主持人"), ScriptLine("好的，需要3、4天。", "老王"))
    assert script.doubts == (
        Doubt("第二章 病虫防治", "heading", 0),
        Doubt("主持人：", "speaker", 0, 0),
        Doubt("一、", "numbering", 0, 0),
        Doubt("（稍停）", "direction", 0, 4),
        Doubt("【特写】", "direction", 0, 7),
        Doubt("老王：", "speaker", 1, 0),
        Doubt("（2）", "numbering", 1, 0),
        Doubt("（掌声）", "direction", 2),
        Doubt("12", "mark", 2),
    )


def test_a_list_of_words_without_marks_has_no_headings() -> None:
    assert said("姐姐", "虽然", "培训") == ["姐姐", "虽然", "培训"]


def test_a_remark_in_brackets_that_is_no_direction_is_spoken() -> None:
    assert said("尿素（含氮46%）要深施。") == ["尿素（含氮46%）要深施。"]


def test_a_name_that_stands_before_a_colon_twice_is_a_speaker() -> None:
    assert said("王建国：先松土。", "李梅：再施肥。", "王建国：最后浇水。", "李梅：对。")[:2] == [
        "先松土。",
        "再施肥。",
    ]


def test_a_name_that_stands_before_a_colon_once_is_a_speaker_when_the_script_calls_the_person_by_a_title() -> None:
    lines = said(
        "主持人：有请张明华老师。", "张明华：冬天要修剪。", "成年树：留24个枝。", "同期声 村民王大哥：亩产三吨。"
    )
    assert lines == ["有请张明华老师。", "冬天要修剪。", "成年树：留24个枝。", "亩产三吨。"]


def test_a_word_before_a_colon_is_no_speaker_when_it_stands_alone() -> None:
    assert said("三个步骤：松土、施肥、浇水。") == ["三个步骤：松土、施肥、浇水。"]


def test_lines_cut_at_a_fixed_width_are_joined() -> None:
    width = 30
    text = "春季是茶树生长的关键时期这个时候要抓住墒情及时追肥浇水" * 6 + "。"
    lines = [text[at : at + width] for at in range(0, len(text), width)]
    assert said(*lines) == [text]


def test_lines_that_are_long_by_chance_are_not_joined() -> None:
    lines = ["春季是茶树生长的关键时期，这个时候要抓住墒情。", "及时追肥浇水，新梢才能长得又多又壮，产量才高。"] * 2
    assert said(*lines, "详细情况请看我们的网站，网址是远教网点中国呀", "谢谢观看！")[-2:] == [
        "详细情况请看我们的网站，网址是远教网点中国呀",
        "谢谢观看！",
    ]


def test_time_codes_are_left_out() -> None:
    assert said("00:12 大家好。", "[00:15] 今天讲修剪。") == ["大家好。", "今天讲修剪。"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-32"])
def test_a_text_file_in_any_usual_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "script.txt"
    path.write_bytes("大家好，今天讲水稻育秧。\r\n谢谢大家。\r\n".encode(encoding))
    assert [line.text for line in load_script(path).lines] == ["大家好，今天讲水稻育秧。", "谢谢大家。"]


def test_markdown_keeps_its_text_and_loses_its_marks(tmp_path: Path) -> None:
    path = tmp_path / "script.md"
    path.write_text(
        "# 水稻育秧\n\n今天讲**育秧**，\n请看[这里](http://a.b)。\n\n"
        "- 先晒种。\n- 再浸种。\n\n```\ncode\n```\n<!-- 备注 -->\n"
    )
    assert [line.text for line in load_script(path).lines] == ["今天讲育秧，请看这里。", "先晒种。", "再浸种。"]


def test_a_storyboard_in_markdown_is_read_by_its_spoken_column(tmp_path: Path) -> None:
    path = tmp_path / "script.md"
    path.write_text(
        "养蜂\n---\n    春天到了，\n    蜜蜂出巢。\n> 主持人：大家好。\n\n"
        "| 镜号 | 画面 | 解说词 |\n|---|---|---|\n| 1 | 蜂场 | 先看**蜂箱**。<br>再看蜂王。 |\n\n"
        "1. 第一步，![图](a.png)开箱。\n"
    )
    lines = [line.text for line in load_script(path).lines]
    assert lines == ["春天到了，蜜蜂出巢。", "大家好。", "先看蜂箱。 再看蜂王。", "第一步，开箱。"]


def test_a_word_document_is_read_in_order_with_its_table(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("水稻育秧", 1)
    document.add_paragraph("解说：大家好。")
    table = document.add_table(rows=2, cols=3)
    for cell, content in zip(table.rows[0].cells, ("镜号", "画面", "解说词"), strict=True):
        cell.text = content
    for cell, content in zip(table.rows[1].cells, ("1", "秧田全景", "先晒种两天。"), strict=True):
        cell.text = content
    document.add_paragraph("谢谢收看。")
    document.save(str(tmp_path / "script.docx"))
    script = load_script(tmp_path / "script.docx")
    assert [line.text for line in script.lines] == ["大家好。", "先晒种两天。", "谢谢收看。"]
    assert script.left_out == ("水稻育秧",)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("script.txt", b""),
        ("script.txt", "【音乐】\n……\n".encode()),
        ("script.txt", b"\x00\x01\x02\x03" * 50),
        ("script.txt", b"PK\x03\x04abc"),
        ("script.docx", b"not a document"),
        ("script.pdf", b"%PDF"),
        ("script.txt", ("好。" * 150_000).encode()),
    ],
)
def test_what_is_no_script_is_refused_with_its_name(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        load_script(path)
    assert caught.value.problems[0].where == name


def test_a_missing_script_is_said(tmp_path: Path) -> None:
    for name in ("no.txt", "no.docx"):
        with pytest.raises(InputError, match="missing"):
            load_script(tmp_path / name)
