"""Xibo's proof of play as CSV: Type, FromDT, ToDT, Layout, Display, Media, and later columns.

Source: the exports of https://github.com/xibosignage/xibo-cms (Stats controller and archive task). Times are those of
the CMS, without an offset. A stat whose end is not after its start, as after a clock that was set back, is told:
the CMS drops it silently.
"""

from __future__ import annotations

from pathlib import Path

from courseware.errors import InputError, Problem, text
from playlists.asrun.formats.kinds import LogFile, LogFormat, Setting
from playlists.asrun.formats.tabular import Cells, length_ms, moment_ms, read_rows
from playlists.asrun.statement import Statement

_HEADINGS = {
    "type": ("Type",),
    "from": ("FromDT", "From Date", "start"),
    "to": ("ToDT", "To Date", "end"),
    "layout": ("Layout",),
    "display": ("Display",),
    "media": ("Media",),
    "duration": ("Duration",),
}
_OURS = frozenset({"media", "widget", ""})  # a layout that was on says the same once more


def read(path: Path, setting: Setting) -> LogFile:
    """Every stat of a medium."""

    def row(cells: Cells, place: str) -> Statement | None:
        return _statement(cells, place, setting)

    found, problems = read_rows(path, _HEADINGS, ("from", "to", "display", "media"), row)
    return LogFile("xibo", statements=found, problems=problems)


def _statement(cells: Cells, place: str, setting: Setting) -> Statement | None:
    if cells.get("type", "").lower() not in _OURS or "media" not in cells:
        return None
    display = cells.get("display", "")
    venue = setting.venue_called(display, place)
    start = moment_ms(cells.get("from", ""), setting.zone, place)
    end = moment_ms(cells.get("to", ""), setting.zone, place)
    if end > start:
        ms = end - start
    elif "duration" in cells:
        # The clock was set back meanwhile; the player measured the length nevertheless.
        ms = length_ms(cells["duration"], place)
    else:
        what = text("ends before it begins, and tells no length; it is left out")
        raise InputError(Problem(place, what))
    return Statement(venue, f"xibo:{display}", "other", "shown", start, ms, name=cells["media"])


def _knows(_path: Path, head: bytes) -> bool:
    first = head.lstrip(b"\xef\xbb\xbf").splitlines()[0].lower()
    return b"fromdt" in first and b"todt" in first


FORMAT = LogFormat("Xibo (.csv)", (".csv",), _knows, read)
