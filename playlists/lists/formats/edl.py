"""mpv's edit list: one timeline with exact lengths, each showing a chapter. mpv stops wholly at a missing file.

https://github.com/mpv-player/mpv/blob/master/DOCS/edl-mpv.rst: a value may be written %<bytes>%<value>.
"""

from __future__ import annotations

import re

from courseware.errors import text
from playlists.lists.exporter import Exporter
from playlists.lists.rundown import Airing, Rundown, guarded, one_line

_HEADER = "# mpv EDL v0"
_TITLE = "# title "
_COUNT = re.compile(rb"%(\d+)%")
_SPAN = re.compile(rb",start=0,length=(\d+),title=")


def dump(rundown: Rundown) -> bytes:
    """The list."""
    lines = [_HEADER, _TITLE + one_line(rundown.title)]
    for airing in rundown.airings:
        path, title = _counted(guarded(airing.path)), _counted(one_line(airing.title))
        lines.append(f"{path},start=0,length={airing.seconds},title={title}")
    return ("\n".join(lines) + "\n").encode()


def parse(content: bytes) -> Rundown:
    """Read a list that `dump` wrote."""
    header, title, *lines = content.splitlines() or [b""]
    if header.decode() != _HEADER:
        raise ValueError(header)
    return Rundown("", title.decode().removeprefix(_TITLE), tuple(_airing(line) for line in lines))


def _counted(value: str) -> str:
    return f"%{len(value.encode())}%{value}"


def _taken(line: bytes) -> tuple[str, bytes]:
    """The counted value at the beginning of a line, and the rest."""
    found = _COUNT.match(line)
    if not found:
        raise ValueError(line)
    end = found.end() + int(found[1])
    return line[found.end() : end].decode(), line[end:]


def _airing(line: bytes) -> Airing:
    path, rest = _taken(line)
    length = _SPAN.match(rest)
    if not length:
        raise ValueError(line)
    return Airing(_taken(rest[length.end() :])[0], int(length[1]), path.removeprefix("./"))


EXPORTER = Exporter(".edl", "window", text("mpv: exact lengths, chapters"), dump, parse)
