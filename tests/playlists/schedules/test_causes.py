"""Why something gave way: kept as a code, said in the user's language; a person's own words stay as they are."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from playlists.schedules.causes import Cause, cause


def test_a_cause_survives_its_file() -> None:
    made = cause("share", series="乡村振兴之路", got=31, wished=40)
    assert Cause.model_validate_json(made.model_dump_json()) == made
    assert "31 %" in str(made.said)


def test_words_of_a_person_are_said_as_they_are() -> None:
    written = Cause.model_validate("村里停电 {x}")
    assert str(written.said) == "村里停电 {x}"
    assert Cause.model_validate_json(written.model_dump_json()) == written


@pytest.mark.parametrize(
    "wrong", [{"code": "no_such"}, {"code": "no_sum"}, {"code": "no_sum", "values": {"second": 1}}, 7, None]
)
def test_a_cause_that_cannot_be_said_is_refused(wrong: object) -> None:
    with pytest.raises(ValidationError):
        Cause.model_validate(wrong)


def test_causes_that_say_the_same_have_one_key() -> None:
    assert cause("no_sum", seconds=3).key == cause("no_sum", seconds=3).key != cause("no_sum", seconds=4).key
