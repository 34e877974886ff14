"""Where the desk's pages are made from: Jinja templates beside this module, autoescaped, strict about names."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment

DESK_DIR = Path(__file__).parent
STATIC_DIR = DESK_DIR / "static"


@cache
def environment() -> Environment:
    """What compiles the templates."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(DESK_DIR),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def sentences() -> dict[str, list[str]]:
    """Every sentence in the templates, `{{ t("…") }}`, by the template's name: for the catalogue.

    Raises:
        ValueError: a sentence that is no literal, which could not be translated.
    """
    from jinja2 import nodes

    found: dict[str, list[str]] = {}
    for path in sorted(DESK_DIR.rglob("*.j2")):
        tree = environment().parse(path.read_text(encoding="utf-8"))
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "t":
                pattern = call.args[0] if call.args else None
                if not isinstance(pattern, nodes.Const):
                    raise ValueError(f"{path.name}: t() wants a literal")
                found.setdefault(path.name, []).append(str(pattern.value))
    return found
