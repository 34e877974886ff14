"""Dates as people and spreadsheets write them. Knows no week and no calendar of an office."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

from courseware.errors import text
from courseware.validate import Complaint

# What NFKC leaves different though it looks the same: the ratio sign, the wave dash, the long dashes.
_ALIKE = {ord("∶"): ":", ord("〜"): "~", ord("。"): None, **dict.fromkeys(map(ord, "—–―‐‑‒−"), "-")}
# A spreadsheet may show midnight, or the weekday, behind a date; and a date of digits only.
_DATE = re.compile(
    r"(?:([0-9]{4})\s*[-/.年]\s*)?([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*[日号]?"
    r"(?:[\sT]+0?0:00(?::00)?)?\s*(?:\(?(?:周|星期|礼拜)[一二三四五六日天]\)?)?"
)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_SERIAL = re.compile(r"([2-6][0-9]{4})(?:\.0*)?")  # 1954 to 2091
_SERIAL_ZERO = date(1899, 12, 30)


def narrow(content: str) -> str:
    """Full-width digits, colons, commas, tildes and dashes made ordinary."""
    return unicodedata.normalize("NFKC", content).translate(_ALIKE)


def parse_date(content: str, near: date | None = None) -> date:
    """A date: 2026-12-02, 2026/12/2, 2026.12.2, 2026年12月2日, 20261202, full-width too; or the number of Excel.

    Args:
        near: a date without a year (12月2日, 12.2) is the one nearest to this day; without it, it is refused: a
            file is still read when years have passed.

    Raises:
        Complaint: not a date, or one that lacks its year.
    """
    said = narrow(content).strip()
    if serial := _SERIAL.fullmatch(said):
        return _SERIAL_ZERO + timedelta(days=int(serial[1]))
    match = _COMPACT.fullmatch(said) or _DATE.fullmatch(said)
    year, month, day = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    days = _days(month, day, (year,) if year else () if near is None else range(near.year - 1, near.year + 2))
    if days:
        return min(days, key=lambda one: abs(one - near)) if near else days[0]
    if not year and near is None and _days(month, day, (2000,)):
        raise Complaint(text("“{given}” lacks the year; write it like 2026-11-23", given=content))
    raise Complaint(text("{given} is not a date; write 2026-11-23", given=f"“{content}”"))


def _days(month: int, day: int, years: range | tuple[int, ...]) -> list[date]:
    """That day in those of the years that have it."""
    found = []
    for year in years:
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    return found
