"""Extended M3U in UTF-8, as VLC, mpv and television sets read it: order and titles, no start times."""

from __future__ import annotations

from courseware.errors import text
from playlists.lists.exporter import Exporter
from playlists.lists.rundown import Airing, Rundown, guarded, one_line

_HEADER = "#EXTM3U"
_TITLE = "#PLAYLIST:"
_ITEM = "#EXTINF:"


def dump(rundown: Rundown) -> bytes:
    """The list with LF and without BOM: VLC takes a BOM for the name of a file."""
    lines = [_HEADER, f"{_TITLE}{one_line(rundown.title)}"]
    for airing in rundown.airings:
        lines += [f"{_ITEM}{airing.seconds},{one_line(airing.title)}", guarded(airing.path)]
    return ("\n".join(lines) + "\n").encode()


def parse(content: bytes) -> Rundown:
    """Read a list that `dump` wrote."""
    lines = content.decode().splitlines()
    if not lines or lines[0] != _HEADER:
        raise ValueError(lines[:1])
    title, airings, facts = "", list[Airing](), ("0", "")
    for line in lines[1:]:
        if line.startswith(_TITLE):
            title = line.removeprefix(_TITLE)
        elif line.startswith(_ITEM):
            seconds, _, name = line.removeprefix(_ITEM).partition(",")
            facts = (seconds, name)
        elif line and not line.startswith("#"):
            airings.append(Airing(facts[1], int(facts[0]) if facts[0].isdigit() else 0, line.removeprefix("./")))
    return Rundown("", title, tuple(airings))


EXPORTER = Exporter(".m3u8", "window", text("VLC, mpv, television sets"), dump, parse)
