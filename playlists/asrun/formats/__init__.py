"""The logs that can be read, one module each. A further one is a module and a line here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from courseware.errors import InputError, Problem, reason_of, text
from playlists.asrun.formats import ffplayout, player, record_sheet, vnnox, xibo
from playlists.asrun.formats.kinds import LogFile, LogFormat, Setting

FORMATS: Mapping[str, LogFormat] = {
    "player": player.FORMAT,
    "ffplayout": ffplayout.FORMAT,
    "xibo": xibo.FORMAT,
    "vnnox": vnnox.FORMAT,
    "sheet": record_sheet.FORMAT,
}
SUFFIXES = tuple(sorted({suffix for one in FORMATS.values() for suffix in one.suffixes}))
_HEAD = 65_536
MOST_BYTES = 500_000_000


def read_log(path: Path, setting: Setting) -> LogFile:
    """Read a log, whichever it is: the first format that knows it by its beginning.

    Raises:
        InputError: it cannot be read, is empty or far too large, or is no log that is known.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError as error:
        raise InputError(Problem(path.name, text("cannot be read: {reason}", reason=reason_of(error)))) from error
    if not head.strip(b"\x00 \r\n\t"):
        raise InputError(Problem(path.name, text("the file is empty")))
    if size > MOST_BYTES:
        what = text("is larger than {limit} MB; no player writes such a log", limit=MOST_BYTES // 1_000_000)
        raise InputError(Problem(path.name, what))
    for log_format in FORMATS.values():
        if path.suffix.lower() in log_format.suffixes and log_format.knows(path, head):
            return log_format.read(path, setting)
    if head.startswith((b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf")) and path.suffix.lower() not in {".xlsx", ".xlsm"}:
        raise InputError(Problem(path.name, text("is an archive; unpack it and give the folder")))
    what = text(
        "is not a play log in a known format; these are known: {names}",
        names="、".join(str(one.name) for one in FORMATS.values()),
    )
    raise InputError(Problem(path.name, what))
