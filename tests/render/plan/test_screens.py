from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from courseware.errors import InputError
from courseware.lessons.settings import Office, RenderSettings, Settings
from render.plan.screens import CornerMark, Screen, load_screens


def settings(*profiles: str, **screens: dict[str, object]) -> Settings:
    named = {name.replace("_", "-"): value for name, value in screens.items()}
    render = RenderSettings.model_validate({"profiles": profiles or ("station-tv",), "screens": named})
    return Settings(office=Office(name="示例县远教办", county="示例县"), render=render)


def complaints(given: Settings, root: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_screens(given, root)
    return [line.removeprefix("yuanjiao.toml: render.screens.") for line in str(caught.value).splitlines()]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    Image.new("RGBA", (80, 40), (200, 0, 0, 255)).save(tmp_path / "logo.png")
    return tmp_path


def test_no_settings_are_no_screens(root: Path) -> None:
    assert load_screens(settings(), root) == ()


def test_a_screen_is_made_of_its_own_keys_and_those_of_all(root: Path) -> None:
    given = settings(
        all={"logo": "logo.png", "logo_opacity": 0.55, "clear_top": 12},
        led_512x320={"distance_m": 40.5, "pitch_mm": 6, "logo_place": "bottom-left", "logo_height": 0.125},
        wechat={"watermark": "远教", "caption_look": "box"},
    )
    general, led, wechat = load_screens(given, root)
    assert general.mark is not None
    assert general.mark.logo is not None
    assert (general.mark.logo.path, len(general.mark.logo.sha256)) == (root / "logo.png", 64)
    assert led == Screen("led-512x320", 40.5, 6, 12, 0, CornerMark(general.mark.logo, "", "bottom-left", 55, 125))
    assert wechat.mark == CornerMark(None, "远教", "top-right", 55, 80)
    assert (general.look, led.look, wechat.look) == ("outline", "outline", "box")
    assert hash(led) == hash(load_screens(given, root)[1])


def test_another_logo_is_another_screen(root: Path) -> None:
    before = load_screens(settings(all={"logo": "logo.png"}), root)
    Image.new("RGBA", (80, 40), (0, 200, 0, 255)).save(root / "logo.png")
    assert load_screens(settings(all={"logo": "logo.png"}), root) != before


def test_distance_and_pitch_give_the_least_size() -> None:
    assert Screen(distance_m=100, pitch_mm=8).least_px == 37
    assert Screen().least_px == 0


def test_every_logo_that_cannot_be_shown_is_told_at_once(root: Path) -> None:
    (root / "broken.png").write_bytes((root / "logo.png").read_bytes()[:70])
    (root / "large.png").write_bytes(bytes(5_000_001))
    (root / "logo.gif").write_bytes(b"GIF89a")
    given = settings(
        all={"logo": "lgoo.png"},
        station_tv={"logo": "broken.png"},
        wechat={"logo": "large.png"},
        led_320x160={"logo": "../secret.png"},
        led_384x192={"logo": "logo.gif"},
        led_512x320={"watermark": "远教😀"},
    )
    assert complaints(given, root) == [
        "all.logo: no such file: lgoo.png; did you mean logo.png?",
        "station-tv.logo: the picture is damaged or was cut short; copy it again",
        "wechat.logo: the file is larger than 5 MB; save the picture smaller",
        "led-320x160.logo: secret.png lies outside the workspace; copy it there",
        "led-384x192.logo: logo.gif is of another kind; this can be .png .webp",
        "led-512x320.watermark: no font can print 😀; write it otherwise",
    ]


def test_words_that_would_be_a_speck_are_refused(root: Path) -> None:
    given = settings("led-192x96", "led-512x320", all={"watermark": "安康市汉滨区远程教育中心"})
    assert complaints(given, root) == ["led-192x96.watermark: too long for a screen of 192×96 pixels; shorten it"]


def test_captions_keep_more_than_half_of_the_height(root: Path) -> None:
    given = settings("led-192x96", "led-512x320", all={"clear_top": 30, "clear_bottom": 30})
    said = "clear_top and clear_bottom take 60 of 96 pixels, and captions need room; at most 38"
    assert complaints(given, root) == [f"led-192x96: {said}"]
