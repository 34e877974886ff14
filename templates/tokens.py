"""The design tokens: colours, sizes of type and spaces that all pages, posters and pictures share."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

TOKENS_FILE = Path(__file__).parent / "tokens.toml"


@cache
def tokens() -> Mapping[str, Mapping[str, str | float]]:
    """Group → name → value, as tokens.toml has them."""
    return tomllib.loads(TOKENS_FILE.read_text(encoding="utf-8"))


def colour(name: str) -> str:
    """A colour like "#A61F17"."""
    return str(tokens()["colour"][name])


def css_properties() -> str:
    """The tokens as custom properties: --red, --type-body, --space-small."""
    groups = tokens()
    named = [f"--{name}: {value}" for name, value in groups["colour"].items()]
    named += [f"--{group}-{name}: {value}rem" for group in ("type", "space") for name, value in groups[group].items()]
    return f":root {{ {'; '.join(named)}; }}\n"
