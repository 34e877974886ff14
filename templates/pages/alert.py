"""An emergency notice as a page: self-contained, for phones, desktops and printers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Template


@dataclass(frozen=True, slots=True)
class AlertPlaces:
    """The venues of a town, by name."""

    town: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AlertPage:
    """What the page says, all as printed.

    Attributes:
        withdrawn: it holds no longer; `remark` says why.
    """

    title: str
    paragraphs: tuple[str, ...]
    office: str
    phone: str
    dated: str
    span: str
    places: tuple[AlertPlaces, ...]
    number: int
    withdrawn: bool = False
    remark: str = ""


def dump_alert(page: AlertPage) -> str:
    """The page as one HTML document that needs no script, no network and no other file."""
    return _template().render(page=page)


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("alert.html.j2")
