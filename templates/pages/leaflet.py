"""说明.txt of a kit, for the person who puts the stick into a computer."""

from __future__ import annotations

from pathlib import Path


def dump_leaflet(*, venue: str, first: str, last: str, revision: int, kit: str, office: str, phone: str) -> str:
    """The text, with LF.

    Args:
        first, last: days, as printed.
        phone: "" leaves out what speaks of it.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("leaflet.txt.j2").render(
        venue=venue, first=first, last=last, revision=revision, kit=kit, office=office, phone=phone
    )
