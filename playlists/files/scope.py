"""For which venues something in a TOML file is meant: lists of kinds, ids and groups, as people write them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import BeforeValidator

from courseware.errors import InputError, Problem, text
from courseware.validate import not_one_of
from playlists.files.venues import KIND_NAMES, Kind, Venue, kind_of


def several(value: object) -> object:
    """A validator: one name stands for a list of it."""
    return (value,) if isinstance(value, str) else value


def _kinds(value: object) -> object:
    given = several(value)
    return tuple(kind_of(str(one)) for one in given) if isinstance(given, (list, tuple)) else given


Names = Annotated[tuple[str, ...], BeforeValidator(several)]
Kinds = Annotated[tuple[Kind, ...], BeforeValidator(_kinds)]


def is_in_scope(venue: Venue, kind: Sequence[Kind], venues: Sequence[str], groups: Sequence[str]) -> bool:
    """Whether the venue is one of those kinds, ids or groups; every venue is when none of the three is given."""
    if not (kind or venues or groups):
        return True
    return venue.kind in kind or venue.id in venues or not set(venue.groups).isdisjoint(groups)


def unknown_in_scope(
    where: str, venues: Sequence[str], groups: Sequence[str], known: Sequence[Venue]
) -> tuple[Problem, ...]:
    """Every id and group that no venue bears.

    Args:
        where: the file and the entry, like "standards.toml: standard.2".
    """
    ids = [one.id for one in known]
    all_groups = list(dict.fromkeys(group for one in known for group in one.groups))
    asked = [("venues", name, ids) for name in venues] + [("groups", name, all_groups) for name in groups]
    return tuple(
        Problem(f"{where}.{key}", not_one_of(name, choices)) for key, name, choices in asked if name not in choices
    )


def refuse_twins(where: str, names: Sequence[str]) -> None:
    """Entries are known by their names, so each has its own.

    Raises:
        InputError: a name is used twice.
    """
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if twice:
        raise InputError(*(Problem(where, text("“{value}” is used twice", value=name)) for name in twice))


def printed_kinds(kinds: Sequence[Kind]) -> str:
    """Kinds in Chinese, for a table."""
    return "、".join(KIND_NAMES[one] for one in kinds)
