from __future__ import annotations

import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from courseware.errors import MediaError
from courseware.media.photos import open_photo, photo_size

RED = (200, 30, 40)


def close(picture: Image.Image, at: tuple[int, int], colour: tuple[int, int, int], by: int = 6) -> bool:
    found = picture.getpixel(at)
    assert isinstance(found, tuple)
    return max(abs(one - other) for one, other in zip(found, colour, strict=True)) <= by


def saved(path: Path, mode: str = "RGB", **options: Any) -> Path:
    picture = Image.new("RGB", (60, 40), RED)
    picture.paste((20, 60, 220), (0, 0, 30, 20))
    picture.convert(mode).save(path, **options)
    return path


def test_a_photo_that_was_held_upright_is_shown_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter clockwise for viewing
    path = saved(tmp_path / "a.jpg", exif=exif, quality=95)
    assert photo_size(path) == (40, 60)
    upright = open_photo(path)
    assert upright.size == (40, 60)
    assert close(upright, (35, 5), (20, 60, 220), 20)


def test_an_iphones_photo_is_read(tmp_path: Path) -> None:
    import pillow_heif

    pillow_heif.register_heif_opener()
    path = saved(tmp_path / "a.heic", quality=95)
    assert (photo_size(path), open_photo(path).mode) == ((60, 40), "RGB")
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(MediaError, match=r"a\.heic: the picture is damaged or was cut short; copy it again"):
        open_photo(path)


def test_an_iphones_photo_that_was_cut_short_is_not_filled_up_with_green(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pillow_heif

    pillow_heif.register_heif_opener()
    monkeypatch.setattr(pillow_heif.options, "GRID_TILE_SIZE", 128)  # telephones save tiles, each for itself
    path = tmp_path / "a.heic"
    Image.fromarray(np.random.default_rng(1).integers(0, 255, (256, 256, 3), dtype="uint8")).save(path)
    whole = path.read_bytes()
    path.write_bytes(whole + struct.pack(">I4s", 99_999, b"sefd"))  # what some cameras write behind it
    assert open_photo(path).size == (256, 256)
    path.write_bytes(whole[: len(whole) * 3 // 4])
    with pytest.raises(MediaError, match=r"a\.heic: the picture is damaged or was cut short; copy it again"):
        open_photo(path)


def test_much_said_in_a_drawing_does_not_make_it_a_damaged_one(tmp_path: Path) -> None:
    said = PngInfo()
    said.add_itxt("XML:com.adobe.xmp", "x" * 3_000_000, zip=True)
    assert open_photo(saved(tmp_path / "a.png", pnginfo=said)).size == (60, 40)


@pytest.mark.parametrize(
    ("name", "mode"), [("a.tif", "CMYK"), ("a.bmp", "P"), ("a.png", "L"), ("a.webp", "RGB"), ("a.png", "1")]
)
def test_every_way_of_writing_colours_becomes_red_green_and_blue(tmp_path: Path, name: str, mode: str) -> None:
    picture = open_photo(saved(tmp_path / name, mode), (32, 32))
    assert (picture.mode, picture.size) == ("RGB", (48, 32))


def test_sixteen_bits_of_a_scanner_keep_their_greys(tmp_path: Path) -> None:
    grey = np.linspace(0, 65_535, 256).astype(np.uint16)
    Image.fromarray(np.tile(grey, (4, 1))).save(tmp_path / "a.png")
    shown = np.asarray(open_photo(tmp_path / "a.png"))[0, :, 0]
    assert abs(shown.astype(int) - np.arange(256)).max() <= 1


def test_what_is_clear_lies_on_white_also_when_made_smaller(tmp_path: Path) -> None:
    picture = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    picture.paste((*RED, 255), (0, 0, 32, 64))
    picture.save(tmp_path / "a.png")
    for around in (None, (16, 16)):
        shown = open_photo(tmp_path / "a.png", around)
        assert close(shown, (shown.width - 2, 2), (255, 255, 255))
        assert close(shown, (2, 2), RED)


def test_colours_are_those_that_the_files_profile_means(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert close(open_photo(saved(tmp_path / "odd.png", icc_profile=profile)), (50, 30), RED)  # no profile of RGB
    # A profile whose red and blue are swapped.
    swapped = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = swapped.find(b"rXYZ"), swapped.find(b"bXYZ")
    swapped[red : red + 4], swapped[blue : blue + 4] = b"bXYZ", b"rXYZ"
    shown = open_photo(saved(tmp_path / "a.png", icc_profile=bytes(swapped))).getpixel((50, 30))
    assert isinstance(shown, tuple)
    assert shown[2] > 3 * shown[0]


def test_a_photo_larger_than_memory_should_hold_is_refused_by_its_header(tmp_path: Path) -> None:
    header = b"IHDR" + struct.pack(">IIBBBBB", 20_000, 7_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    (tmp_path / "big.png").write_bytes(b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 0) + b"IDAT" + b"\0" * 8)
    with pytest.raises(MediaError, match=r"big\.png: the picture has more than 120 million pixels; save it smaller"):
        open_photo(tmp_path / "big.png")


def test_what_is_no_picture_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"<html>not found</html>")
    with pytest.raises(MediaError, match=r"a\.jpg: this is no picture that can be read"):
        photo_size(tmp_path / "a.jpg")
    (tmp_path / "a.jpg").write_bytes(b"\x89PNG")  # and no more
    with pytest.raises(MediaError, match=r"a\.jpg: the picture is damaged or was cut short"):
        photo_size(tmp_path / "a.jpg")


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux how much memory there was")
@pytest.mark.parametrize(("suffix", "options"), [(".jpg", {"progressive": True}), (".png", {"compress_level": 1})])
def test_a_hundred_megapixels_are_shown_within_a_gigabyte(
    tmp_path: Path, suffix: str, options: dict[str, Any]
) -> None:
    path = tmp_path / f"big{suffix}"
    Image.new("RGB", (11_600, 8_700), RED).save(path, **options)
    script = (
        "import sys; from pathlib import Path; from courseware.media.photos import open_photo;"
        "open_photo(Path(sys.argv[1]), (2304, 2304));"
        # Not getrusage, which counts what the tests' own process had before this one was begun.
        "print(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
    )
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 1_000_000
