import pytest

from courseware.errors import InputError
from courseware.lessons.series import BUILT_IN_FORMS, BUILT_IN_SERIES, MOTIFS, Series
from courseware.validate import parse


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_four_series_and_five_forms_are_built_in() -> None:
    assert [one.name for one in BUILT_IN_SERIES] == ["我的扶贫故事", "我的脱贫之路", "扶贫实用技术", "乡村振兴之路"]
    assert BUILT_IN_FORMS == ("微视频", "微电影", "微动漫", "公益广告", "MV")


def test_the_built_in_series_ask_for_a_hundred_lessons() -> None:
    assert sum(one.goal for one in BUILT_IN_SERIES) == 100


@pytest.mark.parametrize("series", BUILT_IN_SERIES, ids=lambda one: one.slug)
def test_white_text_is_legible_on_every_built_in_series(series: Series) -> None:
    assert 1.05 / (luminance(series.colour) + 0.05) >= 4.5


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("colour", "red", "“red” is not a colour; write #RRGGBB, like #1F5F8B"),
        ("motif", "sunrize", "“sunrize” is not known; did you mean sunrise?"),
        ("slug", "Über", "“Über” is not allowed here; use small letters a to z, digits and “-”"),
        ("goal", -1, "-1 is too small; at least 0"),
        ("name", "好\n", "must be one line without control characters"),
    ],
)
def test_a_wrong_series_is_told_what_to_write(key: str, value: object, said: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(Series, {"name": "好风光", "slug": "scenery", key: value}, "yuanjiao.toml")
    assert str(caught.value) == f"yuanjiao.toml: {key}: {said}"


def test_a_colour_is_kept_in_capitals_so_that_it_hashes_the_same() -> None:
    assert Series(name="好", slug="good", colour="#1f5f8b", motif=MOTIFS[0]).colour == "#1F5F8B"
