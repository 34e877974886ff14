"""XSPF 1, as VLC reads it: ways are URIs, lengths are milliseconds. mpv does not know it.

https://xspf.org/spec
"""

from __future__ import annotations

from urllib.parse import quote, unquote
from xml.etree import ElementTree as ET

from courseware.errors import text
from playlists.lists.exporter import Exporter
from playlists.lists.markup import as_document, child, parsed
from playlists.lists.rundown import Airing, Rundown, one_line

_SPACE = "http://xspf.org/ns/0/"
_IN = f"{{{_SPACE}}}"


def dump(rundown: Rundown) -> bytes:
    """The list."""
    root = ET.Element("playlist", version="1", xmlns=_SPACE)
    child(root, "title", one_line(rundown.title))
    tracks = child(root, "trackList")
    for number, airing in enumerate(rundown.airings, 1):
        track = child(tracks, "track")
        child(track, "location", quote(airing.path))
        child(track, "title", one_line(airing.title))
        if airing.series:
            child(track, "album", one_line(airing.series))
        child(track, "trackNum", str(number))
        child(track, "duration", str(airing.seconds * 1000))
    return as_document(root)


def parse(content: bytes) -> Rundown:
    """Read a list that `dump` wrote."""
    root = parsed(content, f"{_IN}playlist")
    airings = [
        Airing(
            track.findtext(f"{_IN}title", ""),
            int(track.findtext(f"{_IN}duration", "0")) // 1000,
            unquote(track.findtext(f"{_IN}location", "")),
            series=track.findtext(f"{_IN}album", ""),
        )
        for track in root.iter(f"{_IN}track")
    ]
    return Rundown("", root.findtext(f"{_IN}title", ""), tuple(airings))


EXPORTER = Exporter(".xspf", "window", text("VLC only; mpv does not read it"), dump, parse)
