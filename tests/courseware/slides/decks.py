"""Slides made for tests: PDF by PDFium, PPTX by python-pptx."""

from __future__ import annotations

import ctypes
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from pptx import Presentation
from pptx.util import Pt


def write_pdf(path: Path, *pages: Sequence[tuple[float, str]], size: tuple[float, float] = (960, 540)) -> Path:
    """A PDF; each page is texts with their size in points, from the top."""
    document = pypdfium2.PdfDocument.new()
    for page_texts in pages:
        page = document.new_page(*size)
        height = size[1]
        for points, words in page_texts:
            height -= points * 1.5
            text = pdfium.FPDFPageObj_NewTextObj(document.raw, b"Helvetica", points)
            wide = ctypes.create_string_buffer((words + "\0").encode("utf-16-le"))
            pdfium.FPDFText_SetText(text, ctypes.cast(wide, ctypes.POINTER(ctypes.c_ushort)))
            pdfium.FPDFPageObj_Transform(text, 1, 0, 0, 1, 40, height)
            pdfium.FPDFPage_InsertObject(page.raw, text)
        page.gen_content()
    document.save(path)
    document.close()
    return path


def write_form(path: Path, *, locked: bool = False) -> Path:
    """A PDF of one page with one field that is filled in black; locked in a way that PDFium does not know."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 160 90]/Annots[4 0 R]>>",
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(b)/F 4/Rect[0 0 160 90]/AP<</N 5 0 R>>>>",
        b"<</Type/XObject/Subtype/Form/BBox[0 0 160 90]/Length 16>>stream\n0 0 160 90 re f \nendstream",
    )
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % numbered for numbered in enumerate(objects, 1))
    lock = b"/ID[<00><00>]/Encrypt<</Filter/Adobe.PubSec/V 4/R 4/Length 128>>" if locked else b""
    path.write_bytes(b"%PDF-1.7\n" + body + b"trailer <</Root 1 0 R" + lock + b">>\n%%EOF\n")
    return path


def write_pptx(path: Path, *slides: dict[str, Any]) -> Path:
    """A PPTX; a slide has `title`, `lines`, `notes`, `hidden`, `picture`, `boxes`.

    A box is its words, how far it lies from the left and from the top, and whether they stand upright.
    """
    deck = Presentation()
    for said in slides:
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = said.get("title", "")
        body = slide.placeholders[1].text_frame
        body.text = "\n".join(said.get("lines", ()))
        for paragraph in body.paragraphs:
            paragraph.font.size = Pt(12)
        if notes := said.get("notes"):
            slide.notes_slide.notes_text_frame.text = notes
        for words, left, top, upright in said.get("boxes", ()):
            box = slide.shapes.add_textbox(Pt(left), Pt(top), Pt(40), Pt(40)).text_frame
            box.text = words
            box._txBody.bodyPr.set("vert", "eaVert" if upright else "horz")
        if picture := said.get("picture"):
            slide.shapes.add_picture(str(picture), 0, 0)
        if said.get("hidden"):
            slide._element.set("show", "0")
    deck.save(str(path))
    return path


def without(path: Path, name: str, words: bytes) -> Path:
    """A package of whose part some words are struck out."""
    with zipfile.ZipFile(path) as package:
        parts = {part: package.read(part) for part in package.namelist()}
    assert words in parts[name]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for part, content in parts.items():
            package.writestr(part, content.replace(words, b"") if part == name else content)
    return path


def add_parts(path: Path, **parts: bytes) -> Path:
    """A package with further parts."""
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path
