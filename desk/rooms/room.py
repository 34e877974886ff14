"""What a room is: a name in the menu and the addresses it answers."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Literal

from starlette.responses import Response

from courseware.errors import Text
from desk.people.roles import Roles
from desk.session.asking import Ask


@dataclass(frozen=True, slots=True)
class DeskRoute:
    """An address.

    Attributes:
        handler: answers; runs in a thread of its own, and may raise any error of ours.
        roles: whom it is for, where people log in (desk/people/roles.py).
        without_workspace: whether it answers before a workspace was chosen.
        takes_files: whether files may be sent to it; else a form is small.
        in_turn: whether it reads so much that several at once would only hold each other up: they are answered one
            after the other.
        records: whether what is sent to it changes something, and is written down.
    """

    method: Literal["GET", "POST"]
    path: str
    handler: Callable[[Ask], Response]
    roles: Roles = field(kw_only=True)
    without_workspace: bool = False
    takes_files: bool = False
    in_turn: bool = False
    records: bool = True

    def answer(self, ask: Ask) -> Response:
        """What the handler answers, when it is its turn."""
        with ask.desk.turn if self.in_turn else nullcontext():
            return self.handler(ask)


@dataclass(frozen=True, slots=True)
class DeskRoom:
    """A part of the desk.

    Attributes:
        address: of its first page.
        in_menu: whether the menu names it.
    """

    name: Text
    address: str
    routes: tuple[DeskRoute, ...]
    in_menu: bool = True

    @property
    def roles(self) -> Roles:
        """Whom its first page is for."""
        return next(route.roles for route in self.routes if route.path == self.address)
