"""Days of the lunar month (农历), and how they are called."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

_TENS = ("", "十", "二十")
LUNAR_DAYS: Mapping[str, int] = {
    **{f"{tens}{ch}": 10 * n + d for n, tens in enumerate(_TENS) for d, ch in enumerate("一二三四五六七八九", 1)},
    **{f"初{ch}": d for d, ch in enumerate("一二三四五六七八九十", 1)},
    "十": 10,
    "二十": 20,
    "三十": 30,
}


@lru_cache(maxsize=4096)
def lunar_day(day: date) -> int:
    """Day of the lunar month, 1 to 30."""
    from lunar_python import Solar

    return int(Solar.fromYmd(day.year, day.month, day.day).getLunar().getDay())


@lru_cache(maxsize=4096)
def lunar_names(day: date) -> tuple[str, str]:
    """The lunar date, like "腊月廿八", and the solar term (节气) that begins on the day, or ""."""
    from lunar_python import Solar

    lunar = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    return f"{lunar.getMonthInChinese()}月{lunar.getDayInChinese()}", str(lunar.getJieQi())
