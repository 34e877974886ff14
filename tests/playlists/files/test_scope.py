from __future__ import annotations

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from courseware.errors import InputError
from playlists.files.scope import Kinds, Names, is_in_scope, printed_kinds, refuse_twins, unknown_in_scope
from tests.playlists.factories import venue

SQUARE = venue(groups="江北片、示范点")
STATION = venue(id="station-01", kind="站点")


class Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kinds = ()
    venues: Names = ()


def test_one_name_stands_for_a_list_of_it() -> None:
    assert Entry.model_validate({"kind": "广场", "venues": "square-01"}) == Entry(
        kind=("square",), venues=("square-01",)
    )
    assert Entry.model_validate({"kind": ["站点", "centre"]}).kind == ("station", "centre")


@pytest.mark.parametrize("kind", ["广厂", 3, ["广场", "x"]])
def test_a_kind_that_is_none_is_refused(kind: object) -> None:
    with pytest.raises(ValidationError):
        Entry.model_validate({"kind": kind})


@pytest.mark.parametrize(
    ("kind", "venues", "groups", "expected"),
    [
        ((), (), (), (True, True)),
        (("station",), (), (), (False, True)),
        ((), ("square-01",), (), (True, False)),
        ((), (), ("示范点",), (True, False)),
        (("station",), ("square-01",), (), (True, True)),
        ((), ("x",), ("y",), (False, False)),
    ],
)
def test_a_venue_is_meant_by_kind_id_or_group_and_without_any_always(
    kind: tuple[str, ...], venues: tuple[str, ...], groups: tuple[str, ...], expected: tuple[bool, bool]
) -> None:
    entry = Entry.model_validate({"kind": kind})
    found = tuple(is_in_scope(one, entry.kind, venues, groups) for one in (SQUARE, STATION))
    assert found == expected


def test_what_no_venue_bears_is_told_with_its_key() -> None:
    problems = unknown_in_scope("x.toml: entry.1", ("square-1",), ("示范点", "江南片"), [SQUARE, STATION])
    assert [one.where for one in problems] == ["x.toml: entry.1.venues", "x.toml: entry.1.groups"]


def test_names_that_are_used_twice_are_refused_once_each() -> None:
    refuse_twins("x.toml: name", ["a", "b"])
    with pytest.raises(InputError) as caught:
        refuse_twins("x.toml: name", ["a", "b", "a", "a"])
    assert len(caught.value.problems) == 1


def test_kinds_are_printed_in_chinese() -> None:
    assert printed_kinds(("square", "centre")) == "广场、培训中心"
