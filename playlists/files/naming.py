"""What a venue may be called besides its id: its name, alone or behind its town, where no other one is called so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from courseware.errors import InputError, Problem, Text, text
from courseware.validate import not_one_of
from playlists.files.venues import FILE_NAME, Venue


def ids_of(venues: Sequence[Venue]) -> Mapping[str, str]:
    """Each way to call a venue → its id; a name that several bear, or that means something else, is none."""
    ids = {one.id: one.id for one in venues}
    taken = {*ids, *(one.town for one in venues), *(group for one in venues for group in one.groups)}
    called = {name: ids for name, ids in _bearers(venues).items() if len(ids) == 1 and name not in taken}
    return ids | {name: only for name, (only,) in called.items()}


def no_venue(name: str, venues: Sequence[Venue], others: Iterable[str] = ()) -> Text:
    """Why a name means no venue, and what to write.

    Args:
        others: what may also be written there.
    """
    bearers = _bearers(venues).get(name, ())
    if len(bearers) > 1:
        return text("several venues are called “{name}”; write the id: {ids}", name=name, ids="、".join(bearers))
    return not_one_of(name, (*ids_of(venues), *others))


def select_venues(venues: Sequence[Venue], names: Sequence[str]) -> tuple[Venue, ...]:
    """The venues of these ids or names, or all when none is given.

    Raises:
        InputError: what names no venue, with the nearest one that exists.
    """
    by_id, called = {venue.id: venue for venue in venues}, ids_of(venues)
    unknown = [name for name in names if name not in called]
    if unknown:
        raise InputError(*(Problem(FILE_NAME, no_venue(name, venues)) for name in unknown))
    return tuple(by_id[one] for one in dict.fromkeys(called[name] for name in names)) if names else tuple(venues)


def namesakes(venues: Sequence[Venue], where: str) -> tuple[Problem, ...]:
    """Venues of one name in one town: on pages and posters nobody can tell them apart."""
    found = defaultdict[tuple[str, str], list[str]](list)
    for one in venues:
        found[one.town, one.name].append(one.id)
    twins = [(name, "、".join(ids)) for (_, name), ids in found.items() if len(ids) > 1]
    what = text("{ids} have the same name in the same town, “{name}”; tell them apart")
    return tuple(Problem(where, Text(what.pattern, {"ids": ids, "name": name})) for name, ids in twins)


def _bearers(venues: Sequence[Venue]) -> Mapping[str, tuple[str, ...]]:
    found = defaultdict[str, dict[str, None]](dict)
    for venue in venues:
        for name in (venue.name, venue.town + venue.name):
            found[name][venue.id] = None
    return {name: tuple(ids) for name, ids in found.items()}
