"""Marks of encodings, and files whose lines are encoded in two ways."""

import pytest

from courseware.text_bytes import marked_encoding, mended, odd_lines, told_lines

UTF8 = ["第一课：水稻育秧", "每亩播种三公斤", "plain"]
GBK = ["茶园春季管理", "温度25℃，湿度80％"]


def mixed() -> bytes:
    return "\n".join(UTF8).encode() + b"\n" + "\n".join(GBK).encode("gb18030") + "\n结束了".encode()


def test_lines_in_gbk_among_lines_in_utf8_are_found_and_mended() -> None:
    assert odd_lines(mixed()) == (4, 5)
    assert mended(mixed()).decode() == "\n".join([*UTF8, *GBK, "结束了"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-32", "big5"])
def test_a_file_in_one_encoding_has_no_odd_lines(encoding: str) -> None:
    data = "茶園春季管理\n聯通 水稻育秧\n每畝播種三公斤\n".encode(encoding)
    assert odd_lines(data) == ()
    assert mended(data) == data


def test_words_that_are_also_utf8_by_chance_do_not_make_a_gbk_file_mixed() -> None:
    assert odd_lines("联通\n茶园春季管理\n灏忓皬\n".encode("gb18030")) == ()


def test_a_damaged_line_is_in_no_other_encoding() -> None:
    data = "\n".join([*UTF8, "茶园修剪"]).encode()
    assert odd_lines(data[:-1] + b"\n" + "结束".encode()) == ()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_the_mark_names_the_encoding(encoding: str) -> None:
    assert marked_encoding("茶".encode(encoding)) == encoding


def test_utf32_of_the_other_order_is_not_taken_for_utf16() -> None:
    for data in (b"\xff\xfe\0\0" + "茶".encode("utf-32-le"), b"\0\0\xfe\xff" + "茶".encode("utf-32-be")):
        assert data.decode(marked_encoding(data) or "") == "茶"


def test_lines_are_told_in_ranges() -> None:
    assert told_lines([3, 4, 5, 9]) == "3–5、9"
    assert told_lines(range(1, 21, 2)) == "1、3、5、7、9…"
