from __future__ import annotations

import pytest

from courseware.errors import InputError
from courseware.lessons.profiles import PROFILES
from render.plan.profiles import profile_named


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("station-tv", (1920, 1080)),
        ("station-tv-720", (1280, 720)),
        ("wechat", (1280, 720)),
        ("led-384x192", (384, 192)),
    ],
)
def test_a_profile_has_the_canvas_of_its_name(name: str, size: tuple[int, int]) -> None:
    assert profile_named(name).canvas == size


def test_television_is_what_every_set_with_a_usb_socket_plays() -> None:
    tv = profile_named("station-tv")
    assert (tv.h264_profile, tv.audio_rate) == ("high", 48_000)
    assert tv.fps == 25
    assert tv.level <= 41
    assert tv.refs <= 4
    assert tv.maxrate_kbps <= 20_000


def test_a_square_is_louder_than_a_room() -> None:
    tv, led = profile_named("station-tv"), profile_named("led-512x320")
    assert (tv.loudness_lkfs, tv.true_peak_dbtp) == (-24, -2)
    assert (led.loudness_lkfs, led.true_peak_dbtp) == (-15, -1)


@pytest.mark.parametrize(
    ("name", "level"),
    [("led-512x320", 30), ("led-800x480", 30), ("led-1280x720", 31), ("led-1920x1080", 40), ("led-4096x64", 40)],
)
def test_the_level_is_the_lowest_that_holds_the_canvas(name: str, level: int) -> None:
    assert profile_named(name).level == level


def test_no_canvas_asks_for_more_references_than_its_level_stores() -> None:
    assert profile_named("led-4096x2304").refs <= 5
    assert profile_named("led-96x64").refs == 3


def test_a_canvas_that_no_player_decodes_is_refused() -> None:
    with pytest.raises(InputError, match="more pixels than a player can decode"):
        profile_named("led-4096x4096")


def test_an_odd_canvas_is_refused_with_the_even_one() -> None:
    with pytest.raises(InputError, match="led-320x162"):
        profile_named("led-319x161")


def test_a_canvas_with_a_name_of_its_own_is_a_television() -> None:
    for name, fixed in PROFILES.items():
        found = profile_named(name)
        size = (fixed.width, fixed.height)
        assert (found.name, found.canvas, found.led, found.loudness_lkfs) == (name, size, False, -24)


def test_televisions_are_encoded_as_before() -> None:
    rates = {name: (profile_named(name).maxrate_kbps, profile_named(name).level) for name in PROFILES}
    assert rates == {"station-tv": (12_000, 40), "station-tv-720": (8000, 31), "wechat": (4000, 31)}
