from __future__ import annotations

import struct
import zlib
from pathlib import Path
from random import Random

import pytest
from PIL import Image
from pillow_heif import register_heif_opener

from courseware.errors import InputError
from templates.cards.pictures import MOST_PIXELS, Picture, drawn_facts, open_ground, open_picture, picture_problems


def complaint(path: Path) -> str:
    (problem,) = picture_problems(path)
    assert problem.where == path.name
    return str(problem.what)


def halves(size: tuple[int, int] = (80, 40)) -> Image.Image:
    """Red on the left, blue on the right."""
    picture = Image.new("RGB", size, (220, 20, 20))
    picture.paste((20, 20, 220), (size[0] // 2, 0, *size))
    return picture


def huge_png(width: int, height: int) -> bytes:
    """A PNG of so many pixels by its header; a few bytes long."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp"])
def test_a_picture_of_each_kind_opens(tmp_path: Path, name: str) -> None:
    halves().save(tmp_path / name)
    picture = open_picture(tmp_path / name)
    assert (picture.mode, picture.size) == ("RGB", (80, 40))
    red = picture.getpixel((10, 20))
    assert isinstance(red, tuple)
    assert red[0] > 180
    assert red[2] < 80


@pytest.mark.parametrize("name", ["a.png", "a.heic", "a.bmp", "a.tiff", "a.avif"])
def test_behind_the_words_of_a_card_stands_whatever_a_clip_may_show(tmp_path: Path, name: str) -> None:
    register_heif_opener()
    halves().save(tmp_path / name)
    (tmp_path / name).rename(tmp_path / "moved")  # a farm's computers know it by its bytes alone
    picture = open_ground(tmp_path / "moved", around=(40, 20))
    left, right = (picture.getpixel((picture.width * at // 8, 10)) for at in (1, 7))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert left[0] > 180
    assert right[0] < 60
    (tmp_path / "moved").write_bytes((tmp_path / "moved").read_bytes()[:60])
    (problem,) = picture_problems(tmp_path / "moved", "a", open_ground)
    assert problem.where == "a"


def test_a_logo_is_of_a_kind_that_browsers_know(tmp_path: Path) -> None:
    halves().save(tmp_path / "a.bmp")
    assert "save it as JPEG or PNG" in complaint(tmp_path / "a.bmp")


def test_a_photograph_taken_upright_stands_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    halves().save(tmp_path / "a.jpg", exif=exif)
    picture = open_picture(tmp_path / "a.jpg")
    assert picture.size == (40, 80)
    top = picture.getpixel((20, 10))
    assert isinstance(top, tuple)
    assert top[0] > top[2]


@pytest.mark.parametrize(
    ("mode", "name", "wanted"),
    [
        ("CMYK", "a.jpg", "RGB"),
        ("L", "a.jpg", "RGB"),
        ("P", "a.png", "RGB"),
        ("1", "a.png", "RGB"),
        ("LA", "a.png", "RGBA"),
        ("RGBA", "a.webp", "RGBA"),
    ],
)
def test_pictures_of_printers_and_scanners_become_plain(tmp_path: Path, mode: str, name: str, wanted: str) -> None:
    picture = halves().convert(mode)
    if mode == "RGBA":
        picture.putalpha(90)
    picture.save(tmp_path / name)
    assert open_picture(tmp_path / name).mode == wanted


def test_colours_for_print_stay_the_colours_they_are(tmp_path: Path) -> None:
    Image.new("CMYK", (64, 64), (0, 255, 255, 0)).save(tmp_path / "a.jpg")
    red = open_picture(tmp_path / "a.jpg").getpixel((30, 30))
    assert isinstance(red, tuple)
    assert red[0] > 200
    assert red[1] < 60


def test_sixteen_bits_keep_their_middle(tmp_path: Path) -> None:
    Image.new("I;16", (64, 64), 32_768).save(tmp_path / "a.png")
    assert open_picture(tmp_path / "a.png").getpixel((3, 3)) == (128, 128, 128)


def test_a_large_photograph_is_opened_no_smaller_than_asked(tmp_path: Path) -> None:
    halves((1600, 1200)).save(tmp_path / "a.jpg")
    size = open_picture(tmp_path / "a.jpg", around=(320, 160)).size
    assert size == (800, 600)


@pytest.mark.parametrize(("width", "height"), [(10_000, 6_001), (12_000, 9_000), (60_000, 60_000), (30_000, 2)])
def test_a_picture_that_would_fill_the_memory_is_refused_unopened(tmp_path: Path, width: int, height: int) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(huge_png(width, height))
    assert complaint(path) == f"the picture has more than {MOST_PIXELS // 10**6} million pixels; save it smaller"


def test_a_picture_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    halves((400, 400)).save(path)
    path.write_bytes(path.read_bytes()[:-900])
    assert complaint(path) == "the picture is damaged or was cut short; copy it again"


@pytest.mark.parametrize("content", [b"", b"hello", b"GIF89a" + bytes(40), b"%PDF-1.7\n", b"\x00" * 4096])
def test_what_is_no_picture_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(content)
    assert complaint(path) == "this is no picture that can be read; save it as JPEG or PNG"


def test_a_picture_that_is_gone_is_named(tmp_path: Path) -> None:
    assert complaint(tmp_path / "gone.png").startswith("cannot be read: ")
    with pytest.raises(InputError, match=r"L1/lesson\.toml: picture: cannot be read"):
        open_picture(tmp_path / "gone.png", "L1/lesson.toml: picture")


@pytest.mark.parametrize("kind", ["png", "jpg", "webp"])
def test_damage_anywhere_is_refused_or_shown_but_never_a_crash(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"a.{kind}"
    exif = Image.Exif()
    exif[0x0112] = 8
    halves((120, 90)).save(path, exif=exif)
    whole = path.read_bytes()
    dice = Random(7)
    refused = 0
    for _ in range(80):
        broken = bytearray(whole)
        for _ in range(dice.randint(1, 6)):
            broken[dice.randrange(len(broken))] = dice.randrange(256)
        path.write_bytes(broken)
        refused += bool(picture_problems(path))
    assert refused


def test_where_a_picture_lies_is_no_fact_of_what_is_drawn() -> None:
    facts = drawn_facts(Picture(Path("/a/b.png"), "abc"))
    assert facts == {"sha256": "abc"}
