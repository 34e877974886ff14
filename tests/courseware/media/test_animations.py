from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from courseware.errors import MediaError
from courseware.media.animations import Animation, animated_pictures, look_at_animation

LOTTIE = {
    "v": "5.5.2",
    "fr": 10,
    "ip": 0,
    "op": 20,
    "w": 40,
    "h": 20,
    "layers": [
        {
            "ty": 1,
            "sw": 40,
            "sh": 20,
            "sc": "#c81e28",
            "ip": 0,
            "op": 20,
            "st": 0,
            "ks": {"o": {"a": 0, "k": 50}},
        }
    ],
}
COLOURS = [(200, 30, 40), (30, 160, 60), (20, 60, 220)]


def animated(path: Path, **options: Any) -> Path:
    first, *others = (Image.new("RGB", (40, 20), colour) for colour in COLOURS)
    first.save(path, save_all=True, append_images=others, **options)
    return path


def test_every_picture_of_a_gif_has_its_own_time_and_what_no_browser_keeps_is_slow(tmp_path: Path) -> None:
    path = animated(tmp_path / "a.gif", duration=[80, 10, 400], loop=2)
    assert look_at_animation(path) == Animation(40, 20, (80, 100, 400), 3)
    shown = [picture.convert("RGB").getpixel((5, 5)) for picture in animated_pictures(path)]
    assert shown == COLOURS


@pytest.mark.parametrize("name", ["a.png", "a.webp"])
def test_animated_png_and_webp_say_times_and_loops(tmp_path: Path, name: str) -> None:
    options = {"lossless": True} if name == "a.webp" else {}
    path = animated(tmp_path / name, duration=[80, 120, 400], loop=2, **options)
    assert look_at_animation(path) == Animation(40, 20, (80, 120, 400), 2)


def test_a_picture_that_stands_is_no_animation(tmp_path: Path) -> None:
    Image.new("RGB", (40, 20)).save(tmp_path / "a.gif")
    assert look_at_animation(tmp_path / "a.gif") is None


def test_a_lottie_file_is_drawn_as_large_as_it_is_wanted(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(LOTTIE))
    with zipfile.ZipFile(tmp_path / "b.lottie", "w") as archive:
        archive.writestr("manifest.json", "{}")
        archive.writestr("animations/one.json", json.dumps(LOTTIE))
    for name in ("a.json", "b.lottie"):
        found = look_at_animation(tmp_path / name)
        assert found is not None
        assert (found.width, found.height, found.duration_ms) == (40, 20, 2000)
        picture = next(animated_pictures(tmp_path / name, size=(160, 20)))
        assert picture.size == (160, 80)
        assert picture.getpixel((80, 40)) == pytest.approx((200, 30, 40, 128), abs=3)


@pytest.mark.parametrize(
    "content",
    [
        '{"title": "no animation"}',
        "[1]",
        "{",
        '{"layers": [], "w": 0, "h": 0, "fr": 0}',
        '{"assets": [1]}',
        '{"assets": 1}',
    ],
)
def test_json_that_is_no_animation_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.json").write_text(content)
    with pytest.raises(MediaError, match=r"a\.json: this (is no Lottie|animation shows nothing)"):
        look_at_animation(tmp_path / "a.json")


def test_a_lottie_file_whose_pictures_lie_elsewhere_is_named(tmp_path: Path) -> None:
    inside = {"id": "a", "w": 4, "h": 4, "u": "", "p": "data:image/png;base64,", "e": 1}
    (tmp_path / "a.json").write_text(json.dumps(LOTTIE | {"assets": [inside, {"id": "b", "layers": []}]}))
    assert look_at_animation(tmp_path / "a.json")
    (tmp_path / "a.json").write_text(json.dumps(LOTTIE | {"assets": [inside | {"u": "/etc/", "p": "a.png", "e": 0}]}))
    with pytest.raises(MediaError, match=r"a\.json: this animation shows pictures that do not lie in it"):
        look_at_animation(tmp_path / "a.json")


def test_numbered_pictures_are_an_animation_of_one_time_through(tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.png" for number in range(3)]
    for path, colour in zip(files, COLOURS, strict=True):
        Image.new("RGB", (40, 20), colour).save(path)
    assert look_at_animation(tmp_path / "%d.png", files) == Animation(40, 20, (40, 40, 40), 1)
    assert [picture.getpixel((5, 5)) for picture in animated_pictures(tmp_path, files)] == COLOURS
