"""PLS, as mpv, VLC and radio programs read it. It knows no title of its own; ours stands under Totem's key."""

from __future__ import annotations

from courseware.errors import text
from playlists.lists.exporter import Exporter
from playlists.lists.rundown import Airing, Rundown, guarded, one_line

_HEADER = "[playlist]"
_TITLE = "X-GNOME-Title"


def dump(rundown: Rundown) -> bytes:
    """The list with LF and without BOM."""
    lines = [_HEADER, f"{_TITLE}={one_line(rundown.title)}"]
    for number, airing in enumerate(rundown.airings, 1):
        lines.append(f"File{number}={guarded(airing.path)}")
        lines.append(f"Title{number}={one_line(airing.title)}")
        lines.append(f"Length{number}={airing.seconds}")
    lines += [f"NumberOfEntries={len(rundown.airings)}", "Version=2"]
    return ("\n".join(lines) + "\n").encode()


def parse(content: bytes) -> Rundown:
    """Read a list that `dump` wrote."""
    lines = content.decode().splitlines()
    if not lines or lines[0] != _HEADER:
        raise ValueError(lines[:1])
    values = dict(line.partition("=")[::2] for line in lines[1:])
    count = int(values.get("NumberOfEntries", ""))
    return Rundown("", values.get(_TITLE, ""), tuple(_airing(values, number) for number in range(1, count + 1)))


def _airing(values: dict[str, str], number: int) -> Airing:
    path = values.get(f"File{number}", "").removeprefix("./")
    return Airing(values.get(f"Title{number}", ""), int(values.get(f"Length{number}", "0")), path)


EXPORTER = Exporter(".pls", "window", text("mpv, VLC, and radio programs such as Liquidsoap"), dump, parse)
