"""What a room is: a name in the menu and the addresses it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from starlette.responses import Response

from courseware.errors import Text
from desk.session.asking import Ask


@dataclass(frozen=True, slots=True)
class DeskRoute:
    """An address.

    Attributes:
        handler: answers; runs in a thread of its own, and may raise any error of ours.
        without_workspace: whether it answers before a workspace was chosen.
        takes_files: whether files may be sent to it; else a form is small.
    """

    method: Literal["GET", "POST"]
    path: str
    handler: Callable[[Ask], Response]
    without_workspace: bool = False
    takes_files: bool = False


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
