"""What is known of an export format: how it is called, what one file holds, how it is written and read back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import PurePath
from typing import Literal

from courseware.errors import Text
from playlists.lists.rundown import DAY_BEGINS, Rundown

Span = Literal["window", "day", "week"]
_DATED = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[_T](\d\d)\S*)?")


@dataclass(frozen=True, slots=True)
class Exporter:
    """A format; all of it stands in one module of `playlists/lists/formats`.

    Attributes:
        suffix: of its files.
        span: what one file is about. Formats of a window are for any videos one after the other; the others are about
            times, so they need a venue's week.
        what: who reads it.
        dump: the content of a file; equal rundowns make equal bytes.
        parse: what such a file says, as far as the format says it; ValueError when it is not one of ours.
        paths: how files are named: from the list on, from the root of the disk on, or not at all.
        folder: of its own among a venue's lists, for programs that read a whole folder.
        name: of its file below that folder, without suffix.
    """

    suffix: str
    span: Span
    what: Text
    dump: Callable[[Rundown], bytes]
    parse: Callable[[bytes], Rundown]
    paths: Literal["beside", "absolute", "none"] = "beside"
    folder: str = ""
    name: Callable[[Rundown], str] = lambda rundown: rundown.name

    def place(self, rundown: Rundown) -> PurePath:
        """Where the file lies below the venue's folder."""
        return PurePath(self.folder, f"{self.name(rundown)}{self.suffix}")


def day_of(name: str) -> date | None:
    """Which day a file is about, by its name; None when it is about a week or about lessons."""
    found = _DATED.match(name)
    if not found:
        return None
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
    return day - timedelta(days=1) if found[4] and int(found[4]) < DAY_BEGINS else day
