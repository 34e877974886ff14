"""XMLTV, the programme guide that Kodi, Jellyfin and other television programs read.

The order of elements is that of xmltv.dtd; what tv_validate_file asks for beyond it (an ASCII id with a dot, a title,
no empty text) is kept.
"""

from __future__ import annotations

from datetime import datetime
from xml.etree import ElementTree as ET

from courseware.errors import text
from playlists.lists.exporter import Exporter
from playlists.lists.markup import as_document, child, parsed
from playlists.lists.rundown import EVENTS, Airing, Rundown, one_line
from playlists.lists.wording import labelled

_MAKER, _MADE_BY = "generator-info-name", "yuanjiao"


def dump(rundown: Rundown) -> bytes:
    """The guide: all but slogans, notices and idents."""
    root = ET.Element("tv", {_MAKER: _MADE_BY})
    channel = _channel(rundown.venue)
    child(child(root, "channel", id=channel), "display-name", one_line(rundown.venue_name), lang="zh")
    for start, end, airing in rundown.timed():
        if airing.is_told:
            times = {"start": f"{start:%Y%m%d%H%M%S %z}", "stop": f"{end:%Y%m%d%H%M%S %z}"}
            _describe(child(root, "programme", channel=channel, **times), airing)
    return as_document(root, '<!DOCTYPE tv SYSTEM "xmltv.dtd">')


def parse(content: bytes) -> Rundown:
    """Read a guide that `dump` wrote."""
    root = parsed(content, "tv")
    if root.get(_MAKER) != _MADE_BY:
        raise ValueError(root.get(_MAKER))
    airings = []
    for element in root.iter("programme"):
        start, end = (datetime.strptime(element.get(key, ""), "%Y%m%d%H%M%S %z") for key in ("start", "stop"))
        seconds = round((end - start).total_seconds())
        series = element.findtext("category", "")
        airings.append(Airing(element.findtext("title", ""), seconds, start=start, series=series))
    return Rundown("", root.findtext("channel/display-name", ""), tuple(airings))


def _describe(programme: ET.Element, airing: Airing) -> None:
    child(programme, "title", one_line(airing.title), lang="zh")
    if airing.note:
        child(programme, "desc", one_line(airing.note), lang="zh")
    category = labelled(airing.kind) if airing.kind in EVENTS else one_line(airing.series)
    if category:
        child(programme, "category", category, lang="zh")
    child(programme, "length", str(airing.seconds), units="seconds")


def _channel(venue: str) -> str:
    """ASCII letters, digits, "-" and dots, and different for different venues."""
    plain = venue.replace("_", "＿")  # which is not ASCII, so that no other id is written like it
    known = venue if plain.isascii() else "xn--" + plain.encode("punycode").decode()
    return f"{known}.yuanjiao"


EXPORTER = Exporter(".xml", "week", text("Kodi, Jellyfin and others: the guide (XMLTV)"), dump, parse, paths="none")
