"""The export formats, by name. A further one is a module with an EXPORTER, imported here, and a line."""

from __future__ import annotations

from playlists.lists.exporter import Exporter
from playlists.lists.formats import (
    chat,
    csv_sheet,
    edl,
    ersatztv,
    ffconcat,
    ffplayout,
    ics,
    m3u8,
    pls,
    xlsx,
    xmltv,
    xspf,
)

EXPORTERS: dict[str, Exporter] = {
    "m3u8": m3u8.EXPORTER,
    "pls": pls.EXPORTER,
    "xspf": xspf.EXPORTER,
    "edl": edl.EXPORTER,
    "ffconcat": ffconcat.EXPORTER,
    "ffplayout": ffplayout.EXPORTER,
    "ersatztv": ersatztv.EXPORTER,
    "xmltv": xmltv.EXPORTER,
    "ics": ics.EXPORTER,
    "xlsx": xlsx.EXPORTER,
    "csv": csv_sheet.EXPORTER,
    "txt": chat.EXPORTER,
}
USUAL = "m3u8"
