"""Play logs of NovaStar's VNNOX: the detailed log, as the platform exports it (a sheet) or answers it (JSON).

The vendor documents that the log is exported, not its columns: columns and keys are known by the names that the
platform and its API use for media, players and moments, and a log that has others is refused with what is missing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from courseware.errors import InputError, Problem, text
from courseware.sheets.grid import bare_heading
from playlists.asrun.formats.kinds import LogFile, LogFormat, Setting
from playlists.asrun.formats.tabular import Cells, as_text, length_ms, moment_ms, read_rows
from playlists.asrun.statement import Statement
from playlists.files.rows import Headings

_HEADINGS: Headings = {
    "player": ("播放器", "播放器名称", "设备名称", "playerName", "Player", "Player Name", "sn"),
    "name": ("媒体名称", "媒体", "素材名称", "节目名称", "mediaName", "Media Name", "Media", "resName", "name"),
    "start": ("开始时间", "开始播放时间", "播放时间", "startTime", "beginTime", "Start Time", "Begin Time"),
    "end": ("结束时间", "结束播放时间", "endTime", "End Time"),
    "duration": ("播放时长", "时长", "播放时长(秒)", "duration", "playDuration", "Duration"),
}
_REQUIRED = ("name", "start")
_MS_FROM = 10_000_000_000  # a number above this counts milliseconds since 1970, not seconds


def read(path: Path, setting: Setting) -> LogFile:
    """Every showing that the log tells."""

    def row(cells: Cells, place: str) -> Statement | None:
        return _statement(cells, place, setting)

    if path.suffix.lower() == ".json":
        return _read_json(path, setting)
    found, problems = read_rows(path, _HEADINGS, _REQUIRED, row)
    return LogFile("vnnox", statements=found, problems=problems)


def _read_json(path: Path, setting: Setting) -> LogFile:
    try:
        value = json.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        raise InputError(Problem(path.name, text("is not JSON; export the log again"))) from None
    known = {bare_heading(name): key for key, names in _HEADINGS.items() for name in (key, *names)}
    found: list[Statement] = []
    problems: list[Problem] = []
    for number, entry in enumerate(_entries(value), 1):
        cells = {known[bare_heading(key)]: as_text(one) for key, one in entry.items() if bare_heading(key) in known}
        place = f"{path.name}: {number}"
        try:
            found.append(_statement({key: one for key, one in cells.items() if one}, place, setting))
        except InputError as error:
            problems += error.problems
    return LogFile("vnnox", statements=tuple(found), problems=tuple(problems))


def _entries(value: object) -> Iterator[dict[str, Any]]:
    """The objects that tell of a showing, however deep the answer wraps them."""
    known = {bare_heading(name) for name in _HEADINGS["start"]}
    if isinstance(value, dict):
        if known & {bare_heading(key) for key in value}:
            yield value
        else:
            for one in value.values():
                yield from _entries(one)
    elif isinstance(value, list):
        for one in value:
            yield from _entries(one)


def _statement(cells: Cells, place: str, setting: Setting) -> Statement:
    missing = [_HEADINGS[key][0] for key in _REQUIRED if key not in cells]
    if missing:
        raise InputError(Problem(place, text("these are missing: {names}", names="、".join(missing))))
    player = cells.get("player", "")
    venue = setting.venue_called(player, place)
    start = _moment(cells["start"], setting, place)
    if "end" in cells:
        ms = _moment(cells["end"], setting, place) - start
    else:
        ms = length_ms(cells.get("duration", ""), place)
    if ms <= 0 and "duration" in cells:
        ms = length_ms(cells["duration"], place)
    if ms <= 0:
        raise InputError(Problem(place, text("ends before it begins, and tells no length; it is left out")))
    return Statement(venue, f"vnnox:{player}", "other", "shown", start, ms, name=cells["name"])


def _moment(given: str, setting: Setting, place: str) -> int:
    if given.isdecimal():
        number = int(given)
        return number if number >= _MS_FROM else number * 1000
    return moment_ms(given, setting.zone, place)


def _knows(path: Path, head: bytes) -> bool:
    if path.suffix.lower() == ".json":
        return any(name.encode() in head for name in _HEADINGS["start"] if name.isascii())
    first = b"\n".join(head.splitlines()[:3])
    try:
        shown = first.decode("utf-8-sig")
    except UnicodeDecodeError:
        shown = first.decode("gb18030", errors="replace")
    return any(name in shown for name in _HEADINGS["start"]) and any(name in shown for name in _HEADINGS["name"])


FORMAT = LogFormat("VNNOX (.csv, .json)", (".csv", ".json"), _knows, read)
