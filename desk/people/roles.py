"""What people may do at the desk. A person has roles; an address names those that it is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from courseware.errors import Text, text

UserRole = Literal["administrator", "office", "editor", "reviewer", "operator"]
Role = UserRole | Literal["visitor"]
Roles = frozenset[Role]

ROLES: Mapping[Role, Text] = {
    "administrator": text("administrator"),
    "office": text("county office"),
    "editor": text("editor"),
    "reviewer": text("reviewer"),
    "operator": text("operator"),
}
"""What a person can be. A “visitor” has not logged in; the administrator may do what all others may."""

ADMINISTRATORS: Roles = frozenset({"administrator"})
EDITORS: Roles = frozenset({"editor", "administrator"})
REVIEWERS: Roles = frozenset({"reviewer", "administrator"})
OFFICE: Roles = frozenset({"office", "administrator"})
OPERATORS: Roles = frozenset({"operator", *OFFICE})
"""Where the address names a venue, an operator must be one of that venue."""
EVERYBODY: Roles = frozenset(ROLES)
ANYONE: Roles = frozenset({*ROLES, "visitor"})
"""Also who has not logged in."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has logged in.

    Attributes:
        venues: those that an operator may see and change.
    """

    name: str
    roles: Roles
    venues: frozenset[str] = field(default_factory=frozenset)

    def sees(self, venue: str) -> bool:
        """Whether a venue is any business of this person."""
        return bool(self.roles - {"operator"}) or venue in self.venues


def admits(roles: Roles, person: Person | None, venue: str = "") -> bool:
    """Whether an address is for the person.

    Args:
        roles: those that the address is for.
        person: None for who has not logged in.
        venue: which the address names; "" for none.
    """
    if person is None:
        return "visitor" in roles
    fitting = person.roles & roles
    if venue and venue not in person.venues:
        fitting -= {"operator"}
    return bool(fitting)
