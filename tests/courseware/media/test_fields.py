from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from courseware.media.facts import probe
from courseware.media.fields import verdict
from tests.sources import Pixels, film, moving, woven

MPEG4 = ("-c:v", "mpeg4", "-q:v", "3")
MPEG2 = ("-c:v", "mpeg2video", "-q:v", "3")
FLAGGED = ("-flags", "+ildct+ilme")


@pytest.fixture(scope="module")
def motion() -> list[Pixels]:
    return moving(60)


def found(path: Path, pictures: list[Pixels], *options: str, field: str = "prog") -> tuple[bool, str]:
    facts = probe(film(path, pictures, *options, filters=f"setfield={field}"))
    return facts.interlaced, facts.field_order


@pytest.mark.parametrize("first", ["tff", "bff"])
def test_woven_pictures_are_noticed_with_and_without_a_flag(tmp_path: Path, motion: list[Pixels], first: str) -> None:
    pictures = woven(motion, first)
    assert found(tmp_path / "a.mkv", pictures, *MPEG2, *FLAGGED, field=first) == (True, first)
    assert found(tmp_path / "b.avi", pictures, "-c:v", "mjpeg", "-q:v", "3") == (True, first)


def test_a_wrong_flag_is_not_believed(tmp_path: Path, motion: list[Pixels]) -> None:
    assert found(tmp_path / "a.mkv", motion, *MPEG2, *FLAGGED, field="tff") == (False, "")
    assert found(tmp_path / "b.mkv", woven(motion, "bff"), *MPEG2, *FLAGGED, field="tff") == (True, "bff")


def test_whole_pictures_are_left_alone(tmp_path: Path, motion: list[Pixels]) -> None:
    assert found(tmp_path / "a.mkv", motion, *MPEG2) == (False, "")


def test_a_flag_is_believed_where_nothing_moves(tmp_path: Path, motion: list[Pixels]) -> None:
    assert found(tmp_path / "a.mkv", motion[:1] * 30, *MPEG2, *FLAGGED, field="bff")[0]
    assert found(tmp_path / "b.mkv", motion[:1] * 30, *MPEG2) == (False, "")


def test_a_film_of_which_a_part_is_woven_counts_as_woven(tmp_path: Path, motion: list[Pixels]) -> None:
    begun, ended = woven(motion, "tff") + motion[:40], motion[:40] + motion[:10] + woven(motion, "bff")
    assert found(tmp_path / "a.mkv", begun, *MPEG2) == (True, "tff")
    assert found(tmp_path / "b.mkv", ended, *MPEG2) == (True, "bff")


def test_a_picture_of_a_height_that_no_camera_has_is_not_woven(tmp_path: Path) -> None:
    small = woven(moving(40, height=240), "tff")
    assert found(tmp_path / "a.mkv", small, *MPEG2) == (False, "")


def test_a_screen_capture_of_ten_pictures_a_second_is_not_woven(tmp_path: Path, motion: list[Pixels]) -> None:
    made = film(tmp_path / "a.mkv", woven(motion, "tff"), *MPEG4, rate="10")
    assert not probe(made).interlaced


@pytest.mark.parametrize(
    ("places", "order"),
    [
        # Counted on moving grass, on a lecture and on its beginning alone.
        ([{"undetermined": 4, "bff": 9}, {"progressive": 12}, {"progressive": 13}, {"undetermined": 13}], ""),
        ([{"bff": 5, "progressive": 8}] * 4, ""),
        ([{"bff": 7, "undetermined": 6}, {"undetermined": 13}, {"bff": 4, "undetermined": 9}], "bff"),
        ([{"tff": 13}, {"progressive": 13}, {"progressive": 13}, {"progressive": 13}], "tff"),
        ([], ""),
    ],
)
def test_fine_patterns_are_told_from_combs(places: list[dict[str, int]], order: str) -> None:
    assert verdict([Counter(place) for place in places], flagged=False, height=576) == order


@pytest.mark.parametrize(("height", "order"), [(480, "bff"), (576, "tff"), (1080, "tff")])
def test_where_nothing_tells_the_first_field_is_the_usual_one(height: int, order: str) -> None:
    assert verdict([Counter({"undetermined": 50})], flagged=True, height=height) == order
