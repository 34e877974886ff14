"""For which venues something in a TOML file is meant: lists of kinds, ids and groups, as people write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator

from courseware.errors import InputError, Problem, text
from courseware.validate import not_one_of
from playlists.files.naming import ids_of, no_venue
from playlists.files.venues import KIND_NAMES, KIND_WORDS, Kind, Venue, kind_of


def several(value: object) -> object:
    """A validator: one name stands for a list of it."""
    return (value,) if isinstance(value, str) else value


def _kinds(value: object) -> object:
    given = several(value)
    return tuple(kind_of(str(one)) for one in given) if isinstance(given, (list, tuple)) else given


_OF_VENUES = ("venue", "venues", "centre", "prefers")  # keys of every model under which venues are named
Named = TypeVar("Named", bound=BaseModel)
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
    unknown = [("venues", no_venue(name, known)) for name in venues if name not in ids]
    unknown += [("groups", not_one_of(name, all_groups)) for name in groups if name not in all_groups]
    return tuple(Problem(f"{where}.{key}", what) for key, what in unknown)


def by_ids(entries: Sequence[Named], venues: Sequence[Venue]) -> tuple[Named, ...]:
    """The entries of a file with their venues by id, wherever they are called by name."""
    ids = {name: one for name, one in ids_of(venues).items() if name not in KIND_WORDS}
    return tuple(_by_ids(one, ids) for one in entries)


def with_ids(entry: Named, venues: Sequence[Venue]) -> Named:
    """What a whole file says with its venues by id, wherever they are called by name."""
    return by_ids((entry,), venues)[0]


def _by_ids(entry: Named, ids: Mapping[str, str]) -> Named:
    changed = {key: new for key, old in entry if (new := _value_by_ids(key, old, ids)) != old}
    return entry.model_copy(update=changed) if changed else entry


def _value_by_ids(key: str, value: object, ids: Mapping[str, str]) -> object:
    match value:
        case BaseModel():
            return _by_ids(value, ids)
        case tuple():
            return tuple(_value_by_ids(key, part, ids) for part in value)
        case str() if key in _OF_VENUES:
            return ids.get(value, value)
    return value


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
