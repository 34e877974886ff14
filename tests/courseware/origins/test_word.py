from __future__ import annotations

from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.shared import Cm
from PIL import Image

from courseware.errors import InputError
from courseware.origins.kinds.word import read_lines, read_word
from courseware.origins.origin import DraftWish


def test_a_word_document_becomes_cards_with_its_pictures(tmp_path: Path) -> None:
    stream = BytesIO()
    Image.new("RGB", (8, 6)).save(stream, "PNG")
    document = docx.Document()
    document.add_heading("苹果冬剪", 0)
    document.add_paragraph("系列：扶贫实用技术")
    document.add_paragraph("落叶以后都能剪，1*2 也行 <不是网页>。")
    document.add_heading("带齐工具", 1)
    for point in ("修枝剪", "手锯"):
        document.add_paragraph(point, style="List Bullet")
    document.add_picture(BytesIO(stream.getvalue()), Cm(2))
    document.add_paragraph("图1 剪和锯")
    bold = document.add_paragraph()
    bold.add_run("看树。").bold = True
    bold.add_run("绕树一周。")
    table = document.add_table(2, 2)
    for cell, words in zip((*table.rows[0].cells, *table.rows[1].cells), ("药", "量", "甲", "5克"), strict=True):
        cell.text = words
    document.save(str(tmp_path / "冬剪.docx"))
    draft = read_word(DraftWish(tmp_path / "冬剪.docx"))
    assert (draft.values["title"], draft.values["series"]) == ("苹果冬剪", "扶贫实用技术")
    assert draft.values["clip"] == [
        {"card": "苹果冬剪", "lines": ["落叶以后都能剪，1*2 也行 <不是网页>。"]},
        {"card": "带齐工具", "lines": ["修枝剪", "手锯"]},
        {"source": "image1.png", "caption": "剪和锯", "says": "剪和锯。"},
        {"card": "看树", "lines": ["绕树一周。"]},
        {"card": "带齐工具", "lines": ["甲：5克"]},
    ]
    assert draft.files["image1.png"] == stream.getvalue()


def test_plain_lines_become_cards(tmp_path: Path) -> None:
    path = tmp_path / "冬剪.txt"
    path.write_text(
        "苹果冬剪\n系列：扶贫实用技术\n\n一、工具\n1、剪\n2、锯\n二、看树\n　　绕树*一周*。\n", encoding="gbk"
    )
    draft = read_lines(DraftWish(path))
    assert draft.values["title"] == "苹果冬剪"
    assert draft.values["clip"] == [
        {"card": "一、工具", "lines": ["1. 剪", "2. 锯"]},
        {"card": "二、看树", "lines": ["绕树*一周*。"]},
    ]


def test_what_is_no_word_document_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(InputError, match="Word"):
        read_word(DraftWish(tmp_path / "a.docx"))
