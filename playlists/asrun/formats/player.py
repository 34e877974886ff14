"""The log of our own player: one JSON object per line. What is torn, damaged or glued together is told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from courseware.errors import Problem, text
from playlists.asrun.chain import Written
from playlists.asrun.formats.kinds import LogFile, LogFormat, Setting, venues_in_kits
from playlists.asrun.line import BEGINNING, parse_line

_BOM = b"\xef\xbb\xbf"
_NAME = re.compile(r"(?P<venue>.+)_(?P<machine>[^_]+)_(?P<boot>[^_]+)\.jsonl", re.IGNORECASE)
_MOST_NAMED = 5


def read(path: Path, setting: Setting) -> LogFile:
    """Every line that is whole."""
    content = path.read_bytes().removeprefix(_BOM)
    ends_whole = content.endswith(b"\n")
    raw = content.replace(b"\r\n", b"\n").split(b"\n")
    lines = [(number, one) for number, one in enumerate(raw, 1) if one.strip(b"\x00 \t")]
    written: list[Written] = []
    damaged: list[int] = []
    torn = 0
    for number, one in lines:
        found, rest = _parsed(one)
        written += found
        if rest and number == lines[-1][0] and not ends_whole:
            torn += 1
        elif rest:
            damaged.append(number)
    return LogFile(
        "player",
        tuple(written),
        torn=torn,
        problems=tuple(_problems(path, written, damaged, venues_in_kits(setting.venues))),
    )


def _parsed(content: bytes) -> tuple[list[Written], bool]:
    """The whole lines among these bytes, and whether something is left over.

    A line that was cut off by a power failure has the next log glued to it, when two are put into one file.
    """
    line = parse_line(content)
    if line:
        return [Written(line, content)], False
    starts = [match.start() for match in re.finditer(re.escape(BEGINNING), content)]
    parts = [content[start:end] for start, end in zip(starts, [*starts[1:], None], strict=True)]
    found = [Written(line, part) for part in parts if (line := parse_line(part))]
    return found, True


def _problems(
    path: Path, written: Iterable[Written], damaged: list[int], ids: Mapping[str, str]
) -> Iterator[Problem]:
    if damaged:
        shown = "、".join(map(str, damaged[:_MOST_NAMED])) + ("…" if len(damaged) > _MOST_NAMED else "")
        what = text("{count} lines are damaged and are left out: {lines}", count=len(damaged), lines=shown)
        yield Problem(path.name, what)
    venues = Counter(ids.get(one.line.venue, one.line.venue) for one in written if one.line.venue)
    if len(venues) > 1:
        what = text("holds the logs of several venues: {venues}", venues="、".join(sorted(venues)))
        yield Problem(path.name, what)
    named = _NAME.fullmatch(path.name)
    if named and venues and named["venue"] not in venues:
        what = text(
            "is called after {name}, but its kits were made for {venue}; it is taken for {venue}",
            name=named["venue"],
            venue="、".join(sorted(venues)),
        )
        yield Problem(path.name, what)


def _knows(_path: Path, head: bytes) -> bool:
    return BEGINNING in head and b'"boot":' in head


FORMAT = LogFormat("yuanjiao (.jsonl)", (".jsonl", ".json", ".txt", ".log"), _knows, read)
