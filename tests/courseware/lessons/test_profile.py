import pytest

from courseware.errors import InputError
from courseware.lessons.profile import Canvas, canvas_of


@pytest.mark.parametrize(
    ("profile", "canvas"),
    [
        ("station-tv", Canvas(1920, 1080)),
        ("station-tv-720", Canvas(1280, 720)),
        ("wechat", Canvas(1280, 720)),
        ("led-512x320", Canvas(512, 320)),
        ("led-64x4096", Canvas(64, 4096)),
    ],
)
def test_a_profile_stands_for_a_canvas(profile: str, canvas: Canvas) -> None:
    assert canvas_of(profile) == canvas


@pytest.mark.parametrize(
    ("profile", "said"),
    [
        ("station-vt", "“station-vt” is not known; did you mean station-tv?"),
        ("led-385x191", "“led-385x191” has an odd side; video needs even ones: write led-386x192"),
        ("led-32x320", "“led-32x320” is outside 64 to 4096 pixels a side"),
        ("led-99999x3", "“led-99999x3” is outside 64 to 4096 pixels a side"),
        ("LED-512X320", "“LED-512X320” is not known; did you mean led-512x320?"),
        ("led-512×320", "“led-512×320” is not known; did you mean led-512x320?"),
        ("led-512＊0320", "“led-512＊0320” is not known; did you mean led-512x320?"),
        (
            "led-4096x4096",
            "“led-4096x4096” has more pixels than a player can decode; divide the screen into two players",
        ),
    ],
)
def test_a_canvas_no_screen_has_is_refused_with_one_that_works(profile: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        canvas_of(profile, "venues.csv: row 3")
    assert str(caught.value) == f"venues.csv: row 3: {said}"
