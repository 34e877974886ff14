"""The guides in Chinese as HTML. Their text stands in docs/guide-*.md; the wheel carries it beside this module."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

HERE = Path(__file__).parent
# In the order in which they are offered.
GUIDES = ("editor", "operator", "county")


@cache
def guide_html(name: str) -> str:
    """A guide as HTML: its text is ours, and whatever tags stood in it would be escaped.

    Sections can be linked to by their own words; links to other documents, which are not here, become plain words.
    """
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(_source(name).read_text(encoding="utf-8"))
    for heading, words in pairwise(tokens):
        if heading.type == "heading_open":
            heading.attrSet("id", words.content.lower())
        if words.children:
            words.children = list(_unbroken(list(_kept(words.children))))
    return str(reader.renderer.render(tokens, reader.options, {}))


def guide_sections(name: str) -> list[str]:
    """The names of a guide's sections, in order."""
    lines = _source(name).read_text(encoding="utf-8").splitlines()
    return [line.removeprefix("## ") for line in lines if line.startswith("## ")]


def _source(name: str) -> Path:
    """Beside this module in a wheel, in docs/ where the project is worked on."""
    carried = HERE / f"guide-{name}.md"
    return carried if carried.is_file() else HERE.parents[1] / "docs" / carried.name


def _kept(tokens: list[Token]) -> Iterator[Token]:
    """The words of a paragraph, links only to where this desk answers."""
    within = False
    for token in tokens:
        if token.type == "link_open":
            address = _address(str(token.attrGet("href")))
            within = bool(address)
            token.attrSet("href", address)
        if within or not token.type.startswith("link_"):
            yield token
        if token.type == "link_close":
            within = False


def _unbroken(tokens: list[Token]) -> Iterator[Token]:
    """The words of a paragraph; where a line of the file ends between two Chinese characters, nothing stands."""
    for number, token in enumerate(tokens):
        before = next((one.content[-1] for one in reversed(tokens[:number]) if one.content), " ")
        after = next((one.content[0] for one in tokens[number + 1 :] if one.content), " ")
        if token.type != "softbreak" or before.isascii() or after.isascii():
            yield token


def _address(target: str) -> str:
    """Where a link of a guide leads on the desk; "" for what is not here."""
    if target.startswith("#"):
        return target
    page, _, section = target.partition("#")
    name = page.removeprefix("guide-").removesuffix(".md")
    return (f"/guides/{name}" + (f"#{section}" if section else "")) if name in GUIDES else ""
