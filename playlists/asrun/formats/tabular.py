"""Play logs that are sheets: one row for each showing. What all of them share: moments, lengths, problems per row."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from courseware.dates import narrow
from courseware.errors import InputError, Problem, text
from playlists.asrun.statement import Statement
from playlists.files.rows import Headings, read_table

Cells = Mapping[str, str]
_MOMENT = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[T\s]+(\d{1,2}):(\d\d)(?::(\d\d)(?:\.(\d+))?)?\s*(Z|[+-]\d\d:?\d\d)?"
)
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,3}):(\d\d)(?:\.\d+)?")


def read_rows(
    path: Path, headings: Headings, required: Sequence[str], read_row: Callable[[Cells, str], Statement | None]
) -> tuple[tuple[Statement, ...], tuple[Problem, ...]]:
    """What the rows say, and what is wrong with the others; one bad row hides no other.

    Raises:
        InputError: no such sheet.
    """
    table = read_table(path, headings, required)
    found: list[Statement] = []
    problems: list[Problem] = []
    for place, cells in table.rows:
        try:
            one = read_row(cells, place)
        except InputError as error:
            problems += error.problems
            continue
        found += [one] if one else []
    return tuple(found), tuple(problems)


def moment_ms(given: str, zone: ZoneInfo, where: str) -> int:
    """A moment in milliseconds since 1970; without an offset it is of that zone.

    Raises:
        InputError: it is none.
    """
    said = _MOMENT.fullmatch(narrow(given).strip())
    try:
        if said is None:
            raise ValueError(given)  # noqa: TRY301  (one message for all that is no moment)
        year, month, day, hour, minute, second = (int(one or 0) for one in said.groups()[:6])
        plain = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001  (its zone follows)
        offset = (said[8] or "").replace("Z", "+00:00")
        at = datetime.fromisoformat(f"{plain.isoformat()}{offset}") if offset else plain.replace(tzinfo=zone)
    except ValueError:
        what = text("“{given}” is not a moment; write 2026-11-24 19:10:00", given=given)
        raise InputError(Problem(where, what)) from None
    return round(at.timestamp() * 1000) + int((said[7] or "0").ljust(3, "0")[:3])


def length_ms(given: str, where: str, unit_ms: int = 1000) -> int:
    """A length: a number of units, or 00:05:30.

    Raises:
        InputError: it is none.
    """
    said = narrow(given).strip()
    if clock := _CLOCK.fullmatch(said):
        return (int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + int(clock[3])) * 1000
    number = re.fullmatch(r"(\d{1,9})(?:\.(\d+))?\s*(?:秒|s)?", said)
    if number is None:
        what = text("“{given}” is not a length; write seconds or 00:05:30", given=given)
        raise InputError(Problem(where, what))
    return int(number[1]) * unit_ms + int((number[2] or "0").ljust(3, "0")[:3]) * unit_ms // 1000


def as_text(value: object) -> str:
    """What a JSON value says in a cell; "" for none."""
    return "" if value is None else str(value).strip()
