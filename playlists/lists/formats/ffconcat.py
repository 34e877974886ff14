"""ffconcat 1.0, as ffmpeg's concat demuxer reads it (-f concat -safe 0): one stream with exact lengths.

https://ffmpeg.org/ffmpeg-formats.html#concat: in quotes everything is itself but the quote.
"""

from __future__ import annotations

from courseware.errors import text
from playlists.lists.exporter import Exporter
from playlists.lists.rundown import Airing, Rundown, guarded, one_line

_HEADER = "ffconcat version 1.0"
_REMARK = "# "
_FILE = "file "
_LENGTH = "duration "
_QUOTE = r"'\''"


def dump(rundown: Rundown) -> bytes:
    """The list; titles are remarks."""
    lines = [_HEADER, _REMARK + one_line(rundown.title)]
    for airing in rundown.airings:
        lines.append(_REMARK + one_line(airing.title))
        quoted = guarded(airing.path).replace("'", _QUOTE)
        lines.append(f"{_FILE}'{quoted}'")
        lines.append(f"{_LENGTH}{airing.seconds}")
    return ("\n".join(lines) + "\n").encode()


def parse(content: bytes) -> Rundown:
    """Read a list that `dump` wrote."""
    header, title, *lines = content.decode().splitlines() or [""]
    if header != _HEADER:
        raise ValueError(header)
    shown = zip(lines[::3], lines[1::3], lines[2::3], strict=True)
    airings = tuple(_airing(*three) for three in shown)
    return Rundown("", title.removeprefix(_REMARK), airings)


def _airing(title: str, path: str, length: str) -> Airing:
    plain = path.removeprefix(_FILE)[1:-1].replace(_QUOTE, "'").removeprefix("./")
    return Airing(title.removeprefix(_REMARK), int(length.removeprefix(_LENGTH)), plain)


EXPORTER = Exporter(".ffconcat", "window", text("ffmpeg: one stream with exact lengths"), dump, parse)
