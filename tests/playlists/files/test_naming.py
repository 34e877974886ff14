"""Venues are called by their names as well as by their ids, wherever only one is meant."""

from __future__ import annotations

import pytest

from courseware.errors import InputError
from playlists.files.calendar import Calendar, check_calendar
from playlists.files.centres import Room
from playlists.files.edits import Edits, check_edits
from playlists.files.naming import ids_of, namesakes, no_venue, select_venues
from playlists.files.scope import by_ids, with_ids
from tests.playlists.factories import venue

SQUARES = (
    venue(id="a", name="文化广场", town="江北镇"),
    venue(id="b", name="文化广场", town="大河镇"),
    venue(id="c", name="双河广场", town="江北镇", groups="江北片"),
)


def test_a_name_that_only_one_bears_stands_for_its_id() -> None:
    assert ids_of(SQUARES)["双河广场"] == "c"
    assert ids_of(SQUARES)["大河镇文化广场"] == "b"
    assert "文化广场" not in ids_of(SQUARES)


def test_a_name_that_means_something_else_does_not_stand_for_a_venue() -> None:
    others = (venue(id="a", name="b"), venue(id="b", name="江北镇"), venue(id="c", name="广场", town="江北镇"))
    assert ids_of(others).items() >= {("a", "a"), ("b", "b"), ("c", "c")}
    assert "江北镇" not in ids_of(others)
    quiet = {"from": "2026-12-01", "to": "2026-12-01", "venues": "广场"}
    assert with_ids(Calendar.model_validate({"closed": [quiet]}), others).closed[0].venues == ("广场",)


def test_commands_take_names_and_ask_for_the_id_where_several_bear_one() -> None:
    assert select_venues(SQUARES, ("双河广场", "c", "大河镇文化广场")) == (SQUARES[2], SQUARES[1])
    with pytest.raises(InputError, match="several venues are called “文化广场”; write the id: a、b"):
        select_venues(SQUARES, ("文化广场",))


def test_files_may_name_venues_in_every_entry() -> None:
    never = {"lesson": "x", "venues": ["双河广场", "b"]}
    pin = {"venue": "双河广场", "at": "2026-12-01T19:00:00", "lesson": "x"}
    edits = with_ids(Edits.model_validate({"pin": [pin], "never": [never]}), SQUARES)
    assert (edits.pin[0].venue, edits.never[0].venues) == ("c", ("c", "b"))
    assert check_edits(edits, SQUARES, ["x"]) == ()
    assert by_ids([Room(centre="双河广场", room="大", seats=60)], SQUARES)[0].centre == "c"


def test_a_name_that_several_bear_is_told_in_a_file_too() -> None:
    event = {"title": "夜话", "at": "19:00", "minutes": 30, "weekday": "周三", "venues": ["文化广场", "双河广场"]}
    (problem,) = check_calendar(with_ids(Calendar.model_validate({"lecture": [event]}), SQUARES), SQUARES)
    assert problem.what == no_venue("文化广场", SQUARES)
    assert problem.render(str).startswith("calendar.toml: lecture.1.venues: several venues are called")


def test_two_venues_of_one_name_and_town_are_told() -> None:
    assert namesakes(SQUARES, "venues.csv") == ()
    (problem,) = namesakes((*SQUARES, venue(id="d", name="双河广场", town="江北镇")), "venues.csv")
    assert problem.render(str) == "venues.csv: c、d have the same name in the same town, “双河广场”; tell them apart"
