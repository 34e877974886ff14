"""Pages of PDF and presentations, and LibreOffice started and ended."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pypdf
import pytest
from PIL import Image

from courseware.errors import InputError, ToolError
from courseware.slides.legibility import LETTERS, Lettered, written_letters
from courseware.slides.office import convert
from courseware.slides.pages import chosen_pages, read_pdf
from courseware.slides.presentation import is_old, read_presentation
from tests.courseware.slides.decks import add_parts, without, write_form, write_pdf, write_pptx

LINK = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId9" '
    b'Type="http://x/relationships/image" Target="file:///D:/a/%s" TargetMode="External"/><Relationship Id="rId8" '
    b'Type="http://x/relationships/hyperlink" Target="https://example.org/web" TargetMode="External"/>'
    b"</Relationships>"
)


def test_pages_become_pictures_with_their_words_and_the_size_of_these(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", [(44, "Pruning"), (12, "cut the sick branches first"), (8, "1/2")], [])
    first, second = read_pdf(path, "a.pdf", "", (1920, 1080))
    with Image.open(io.BytesIO(first.data)) as picture:
        size = picture.size
    assert (size, first.suffix) == ((1920, 1080), ".png")
    assert first.lines == ("Pruning", "cut the sick branches first", "1/2")
    assert first.letters == pytest.approx(12 / 540)  # the number of the page is none of it
    assert (second.number, second.lines, second.letters) == (2, (), None)


def test_a_page_s_picture_says_how_large_its_letters_are(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", [(12, "cut the sick branches")], [])
    for page in read_pdf(path, "a.pdf", "", (1920, 1080)):
        (tmp_path / f"{page.number}.png").write_bytes(page.data)
    found = written_letters(tmp_path / "1.png")
    assert found is not None
    assert (found.name, round(found.letters * 540, 1), round(found.ratio, 3)) == ("1", 12.0, 1.778)
    Image.new("RGB", (16, 9)).save(tmp_path / "3.jpg", comment=f"{LETTERS}0.02222")
    assert written_letters(tmp_path / "3.jpg") == Lettered("3", 0.02222, 16 / 9)
    assert [written_letters(tmp_path / name) for name in ("2.png", "a.pdf", "none.png")] == [None] * 3


@pytest.mark.parametrize(("wanted", "numbers"), [("", [1, 2, 3]), ("2-", None), ("2-9", [2, 3]), ("3，1", [1, 3])])
def test_pages_are_chosen_by_number(wanted: str, numbers: list[int] | None) -> None:
    if numbers is None:
        with pytest.raises(InputError, match="are no pages"):
            chosen_pages(wanted, 3, "a.pdf")
    else:
        assert list(chosen_pages(wanted, 3, "a.pdf")) == numbers


def test_five_hundred_pages_are_refused_and_some_of_them_taken() -> None:
    with pytest.raises(InputError, match=r"has 500 pages; at most 200 .* --pages"):
        chosen_pages("", 500, "a.pdf")
    assert list(chosen_pages("499-500", 500, "a.pdf")) == [499, 500]
    with pytest.raises(InputError, match="no page of these is there; it has 500 pages"):
        chosen_pages("501", 500, "a.pdf")


def test_a_pdf_with_a_password_and_what_is_none_are_told_apart(tmp_path: Path) -> None:
    writer = pypdf.PdfWriter(write_pdf(tmp_path / "a.pdf", [(44, "x")]))
    writer.encrypt("secret")
    writer.write(tmp_path / "b.pdf")
    with pytest.raises(InputError, match="protected by a password"):
        read_pdf(tmp_path / "b.pdf", "b.pdf", "", (1920, 1080))
    with pytest.raises(InputError, match="protected by a password"):  # by a certificate, in truth
        read_pdf(write_form(tmp_path / "d.pdf", locked=True), "d.pdf", "", (1920, 1080))
    (tmp_path / "c.pdf").write_bytes(b"%PDF-1.4 and nothing")
    with pytest.raises(InputError, match="no PDF"):
        read_pdf(tmp_path / "c.pdf", "c.pdf", "", (1920, 1080))


def test_what_somebody_has_filled_into_a_form_is_drawn(tmp_path: Path) -> None:
    (page,) = read_pdf(write_form(tmp_path / "a.pdf"), "a.pdf", "", (160, 90))
    with Image.open(io.BytesIO(page.data)) as picture:
        assert picture.getpixel((80, 45)) == (0, 0, 0)


def test_a_picture_that_is_not_there_spoils_no_deck(tmp_path: Path) -> None:
    Image.new("RGB", (16, 9)).save(tmp_path / "a.png")
    path = write_pptx(tmp_path / "a.pptx", {"title": "题", "picture": tmp_path / "a.png"})
    assert [suffix for suffix, _ in read_presentation(path, "a.pptx").slides[0].pictures] == [".png"]
    (slide,) = read_presentation(without(path, "ppt/slides/slide1.xml", b' r:embed="rId2"'), "a.pptx").slides
    assert (slide.title, slide.pictures) == ("题", ())


def test_slides_say_their_words_notes_and_what_is_hidden(tmp_path: Path) -> None:
    path = write_pptx(
        tmp_path / "a.pptx",
        {"title": "剪病枝", "lines": ("先看", "再剪"), "notes": "先看枝条。"},
        {"title": "备用", "hidden": True},
    )
    first, second = read_presentation(path, "a.pptx").slides
    assert (first.title, first.lines, first.notes, first.hidden) == ("剪病枝", ("先看", "再剪"), "先看枝条。", False)
    assert (second.number, second.hidden) == (2, True)


def test_words_are_read_in_rows_and_upright_ones_from_the_right(tmp_path: Path) -> None:
    boxes = [("二", 300, 100, False), ("一", 50, 104, False), ("四", 50, 300, True), ("三", 300, 310, True)]
    (slide,) = read_presentation(write_pptx(tmp_path / "a.pptx", {"title": "题", "boxes": boxes}), "a.pptx").slides
    assert slide.lines == ("一", "二", "三", "四")


def test_macros_links_and_films_are_told_and_not_followed(tmp_path: Path) -> None:
    path = write_pptx(tmp_path / "a.pptx", {"title": "题"})
    parts = {"ppt/vbaProject.bin": b"x", "ppt/slides/_rels/x.rels": LINK % b"a.png", "ppt/media/film.mp4": b"x"}
    told = "\n".join(map(str, read_presentation(add_parts(path, **parts), "a.pptx").remarks))
    assert "macros; they were not run" in told
    assert "missing: a.png." in told
    assert "narration: film.mp4." in told


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 broken"])
def test_what_is_no_presentation_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.pptx").write_bytes(content)
    with pytest.raises(InputError, match="no presentation"):
        read_presentation(tmp_path / "a.pptx", "a.pptx")


def test_a_package_that_grows_out_of_all_measure_is_not_unpacked(tmp_path: Path) -> None:
    path = add_parts(write_pptx(tmp_path / "a.pptx", {"title": "题"}), **{"ppt/media/x.png": b"\0" * 60_000_000})
    with pytest.raises(InputError, match="would unpack to 60 MB"):
        read_presentation(path, "a.pptx")


def test_a_presentation_with_a_password_is_known_by_its_form(tmp_path: Path) -> None:
    path = tmp_path / "a.pptx"
    path.write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(InputError, match="protected by a password"):
        is_old(path)
    path.write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    assert is_old(path)
    assert not is_old(write_pptx(path, {"title": "题"}))


@pytest.mark.skipif(sys.platform == "win32", reason="a shell stands for LibreOffice")
def test_libreoffice_that_hangs_is_ended_with_what_it_started(tmp_path: Path) -> None:
    program, alive = tmp_path / "soffice", tmp_path / "alive"
    os.mkfifo(alive)
    program.write_text(f"#!/bin/sh\nexec 9> {alive}\nsleep 600 &\nwait\n")
    program.chmod(0o755)
    (tmp_path / "home").mkdir()
    heard = os.open(alive, os.O_RDONLY | os.O_NONBLOCK)
    with pytest.raises(ToolError, match="LibreOffice was ended after 2 s"):
        convert(str(program), write_pptx(tmp_path / "a.pptx", {"title": "题"}), "pdf", tmp_path / "home", 2)
    os.set_blocking(heard, True)
    assert os.read(heard, 1) == b""  # it ends when nobody is left who could write
    os.close(heard)


@pytest.mark.skipif(sys.platform == "win32", reason="a shell stands for LibreOffice")
def test_libreoffice_gets_a_copy_and_a_profile_that_runs_no_macros(tmp_path: Path) -> None:
    program = tmp_path / "soffice"
    keep = 'cat profile/user/registrymodifications.xcu > made/deck.pdf; echo "$@" >> made/deck.pdf'
    program.write_text(f"#!/bin/sh\nmkdir -p made; {keep}\n")
    program.chmod(0o755)
    source = write_pptx(tmp_path / "--x; rm 'a.pptx", {"title": "题"})
    (tmp_path / "home").mkdir()
    said = convert(str(program), source, "pdf", tmp_path / "home").read_text(encoding="utf-8")
    assert '"DisableMacrosExecution" oor:op="fuse"><value>true<' in said
    assert "deck.pptx" in said
    assert "rm 'a" not in said


@pytest.mark.skipif(sys.platform == "win32", reason="a shell stands for LibreOffice")
def test_libreoffice_that_makes_nothing_is_told(tmp_path: Path) -> None:
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nexit 0\n")
    program.chmod(0o755)
    (tmp_path / "home").mkdir()
    with pytest.raises(ToolError, match="LibreOffice cannot open it"):
        convert(str(program), write_pptx(tmp_path / "a.pptx", {"title": "题"}), "pdf", tmp_path / "home")
