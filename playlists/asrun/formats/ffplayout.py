"""ffplayout's log: "Play for 00:05:30.12: /media/x.mp4" behind date and time, in plain text or with HTML marks.

Source: https://github.com/ffplayout/ffplayout. It says when a file begins and how long it should last; a file lasted
no longer than until the next one began. It does not say of which venue it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from courseware.errors import Problem, text
from playlists.asrun.formats.kinds import LogFile, LogFormat, Setting
from playlists.asrun.statement import Statement

_TAG = re.compile(r"<[^<>]*>|\x1b\[[0-9;]*m")
_PLAY = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[ T](?P<clock>\d\d:\d\d:\d\d)(?:[.,](?P<part>\d{1,6}))?.*?"
    r"Play for (?P<hours>\d+):(?P<minutes>\d\d):(?P<seconds>\d\d)(?:[.,](?P<frac>\d+))?: (?P<name>.+)"
)
_DUMMY = "dummy-generation"


def read(path: Path, setting: Setting) -> LogFile:
    """Every "Play for" of the log."""
    venue = setting.venue_called("", path.name)
    found = []
    problems = []
    for number, raw in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        said = _PLAY.search(_TAG.sub("", raw))
        if said is None:
            continue
        try:
            one = _statement(said, venue, setting)
        except ValueError:
            problems.append(Problem(f"{path.name}:{number}", text("has no moment that exists; it is left out")))
            continue
        if _DUMMY not in one.name:
            found.append(one)
    return LogFile("ffplayout", statements=tuple(_ended(found)), problems=tuple(problems))


def _statement(said: re.Match[str], venue: str, setting: Setting) -> Statement:
    part = (said["part"] or "0").ljust(6, "0")
    at = datetime.fromisoformat(f"{said['day']}T{said['clock']}.{part}").replace(tzinfo=setting.zone)
    whole = int(said["hours"]) * 3600 + int(said["minutes"]) * 60 + int(said["seconds"])
    ms = whole * 1000 + int((said["frac"] or "0").ljust(3, "0")[:3])
    name = said["name"].strip().replace("\\", "/").rsplit("/", 1)[-1]
    return Statement(venue, "ffplayout", "other", "shown", round(at.timestamp() * 1000), ms, name=name)


def _ended(found: list[Statement]) -> Iterator[Statement]:
    ordered = sorted(found, key=lambda one: one.at_ms)
    for one, other in pairwise(ordered):
        yield replace(one, ms=min(one.ms, other.at_ms - one.at_ms))
    yield from ordered[-1:]


def _knows(_path: Path, head: bytes) -> bool:
    return b"Play for " in head or b"ffplayout" in head.lower()


FORMAT = LogFormat("ffplayout (.log)", (".log", ".txt"), _knows, read)
