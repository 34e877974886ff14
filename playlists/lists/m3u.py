"""Extended M3U in UTF-8, as VLC, mpv and television sets read it: order and titles, no start times."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from courseware.errors import InputError, Problem, text

SUFFIX = ".m3u8"
_HEADER = "#EXTM3U"
_TITLE = "#PLAYLIST:"
_ITEM = "#EXTINF:"


class Entry(NamedTuple):
    """One showing.

    Attributes:
        path: relative to the list, with "/".
    """

    seconds: int
    title: str
    path: str


class Listing(NamedTuple):
    """A list as read."""

    title: str
    entries: tuple[Entry, ...]


def dump_m3u(entries: Iterable[Entry], title: str) -> str:
    """The list as text with LF, to be saved as UTF-8 without BOM: VLC takes a BOM for the name of a file.

    Raises:
        ValueError: a path is absolute, has a backslash or breaks the line.
    """
    lines = [_HEADER, f"{_TITLE}{_one_line(title)}"]
    for entry in entries:
        lines += [f"{_ITEM}{entry.seconds},{_one_line(entry.title)}", _guarded(entry.path)]
    return "\n".join(lines) + "\n"


def parse_m3u(content: str, where: str) -> Listing:
    """Read a list that `dump_m3u` wrote.

    Raises:
        InputError: it is no such list.
    """
    lines = content.splitlines()
    if not lines or lines[0] != _HEADER:
        raise InputError(Problem(where, text("this is not a playlist of ours; build it again")))
    title, entries, facts = "", list[Entry](), ("0", "")
    for line in lines[1:]:
        if line.startswith(_TITLE):
            title = line.removeprefix(_TITLE)
        elif line.startswith(_ITEM):
            seconds, _, name = line.removeprefix(_ITEM).partition(",")
            facts = (seconds, name)
        elif line and not line.startswith("#"):
            entries.append(Entry(int(facts[0]) if facts[0].isdigit() else 0, facts[1], line.removeprefix("./")))
    return Listing(title, tuple(entries))


def _one_line(said: str) -> str:
    return " ".join("".join(ch if ch.isprintable() else " " for ch in said).split())


def _guarded(path: str) -> str:
    """Players take "#…" for a remark, "x:…" for an address, and drop blanks before a name."""
    if path.startswith("/") or "\\" in path or len(path.splitlines()) != 1:
        raise ValueError(f"not a relative path with forward slashes in one line: {path!r}")
    first = path.split("/", maxsplit=1)[0]
    return f"./{path}" if first.startswith(("#", " ")) or ":" in first else path
