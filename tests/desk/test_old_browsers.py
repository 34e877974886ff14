"""Edge and Chrome 109, the last for Windows 7: what came after them stands in nothing that we send to a browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.test_architecture import ROOT

PLACES = ("templates/desk", "templates/pages", "playlists/kits/browser", "playlists/kits/player")
# Chrome's version, and what came with it (developer.chrome.com/release-notes, MDN's browser-compat-data).
LATER_STYLES = {
    "110": r":picture-in-picture|initial-letter",
    "111": r"color-mix\(|oklch\(|oklab\(|view-transition|\blab\(|\blch\(|\bcolor\(|round\(|mod\(|sqrt\(",
    "112": r"^\s*&|[{;]\s*&[\s.:#>\[]|animation-composition",
    "114": r":popover-open|scrollbar-gutter: both",
    "115": r"animation-timeline|scroll-timeline|display:\s*\w+ \w+;",
    "117": r"subgrid|@starting-style|transition-behavior",
    "118": r"@scope|:dir\(",
    "119": r":user-valid|:user-invalid",
    "120": r"@counter-style.*symbols\(\)|\bmask-image|text-spacing-trim|\bexclusive\b",
    "121": r":has-slotted|font-palette:.*palette-mix",
    "123": r"light-dark\(|field-sizing|align-content:[^;]*;[^}]*display:\s*block",
    "125": r"anchor-name|position-anchor|anchor\(",
}
LATER_SCRIPTS = {
    "110": r"\.toSorted\(|\.toReversed\(|\.toSpliced\(|\]\.with\(",
    "111": r"startViewTransition|isWellFormed|toWellFormed|\.resizable\b",
    "112": r"/[gimsuy]*v[gimsuy]*\.(test|exec)\(",
    "114": r"showPopover|hidePopover|togglePopover|popover=",
    "116": r"AbortSignal\.any",
    "117": r"Object\.groupBy|Map\.groupBy",
    "119": r"Promise\.withResolvers",
    "120": r"URL\.canParse|CloseWatcher",
    "121": r"Array\.fromAsync|checkVisibility\(\{",
    "122": r"\.isSubsetOf\(|\.isSupersetOf\(|\.symmetricDifference\(|\.difference\(|Iterator\.from",
    "124": r"setHTMLUnsafe|parseHTMLUnsafe",
    "126": r"URL\.parse\(",
    "134": r"closedby=|commandfor=|command=",
}
# Used by htmx only where it is there; tests/desk/test_vendored.py takes it away.
GUARDED = {"htmx.min.js": r"Document\.parseHTMLUnsafe\?\.\(|document\.startViewTransition"}


def found(kinds: tuple[str, ...], later: dict[str, str]) -> list[str]:
    """Where something stands that is too new; comments count, too."""
    files = sorted(path for place in PLACES for path in (ROOT / place).rglob("*") if path.suffix in kinds)
    assert files
    return [
        f"{path.relative_to(ROOT)}:{number}: {hit[0].strip()} is of Chrome {version}"
        for path in files
        for number, line in enumerate(_unguarded(path).splitlines(), 1)
        for version, words in later.items()
        if (hit := re.search(words, line))
    ]


def _unguarded(path: Path) -> str:
    return re.sub(GUARDED.get(path.name, r"\Z"), "", path.read_text(encoding="utf-8"))


def test_no_style_wants_a_younger_browser() -> None:
    assert found((".css",), LATER_STYLES) == []


def test_no_script_and_no_page_wants_a_younger_browser() -> None:
    assert found((".js", ".j2", ".html"), LATER_SCRIPTS) == []


@pytest.mark.parametrize(
    "words", ["a.toSorted()", "Object.groupBy(a)", 'button popover="x" popover=', "URL.parse(a)"]
)
def test_what_is_too_new_would_be_found(words: str) -> None:
    assert any(re.search(one, words) for one in LATER_SCRIPTS.values())
