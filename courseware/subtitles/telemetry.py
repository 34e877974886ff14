"""Tells what a machine wrote down beside its pictures (a drone's flight, a dashcam's places) from what people read.

Knows no maker's format as such: fields that only machines write, the same row of numbers again and again, texts that
are gone before an eye has found them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from courseware.errors import Text, text
from courseware.subtitles.entry import FileCue

_FIELDS = re.compile(
    r"\b(?:frame ?cnt|srt ?cnt|diff ?time|iso|shutter|ss|f-?num|fnum|ev|ct|color_md|focal_len|dzoom(?:_ratio)?|"
    r"lat(?:itude)?|lon(?:g|gt|gi)?(?:tude)?|(?:rel_|abs_)?alt(?:itude)?|barometer|home|gps\d?|"
    r"gpslatlon|gps speed|speed|"
    r"h\.s|v\.s|f\.pry|g\.pry|gb_(?:yaw|pitch|roll)|accl|gyro|satellites?|heading|bearing|distance)\b"
    r"\s*[:=(\[]?\s*[(\[]?\s*(?:[NSEW]\s*:?\s*)?[-+]?\d|\bf/\d|\$GP[A-Z]{3}|"
    r"(?:[北南]?纬度?|[东西]?经度?|海拔|高度|时速|速度|快门|光圈|方位角?|卫星)\s*[:：=]\s*[-+]?\d",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\b[NSEW][: ]{0,2}\d{1,3}\.\d{3,}|\d{1,3}\.\d{3,}\s*°?\s*[NSEW]\b|-?\d{1,3}\.\d{4,}\s*,\s*-?\d{1,3}\.\d{4,}"
)
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?")
_WORDS = re.compile(r"[^\W\d_]+")
_FEWEST, _FEWEST_FAST = 5, 100  # texts from which a row that returns, and texts that flash by, tell something
_MOST_SHARE = 0.8
_LEAST_NUMBERS = 6  # in a row that returns, as many as a date and a time have: "12×12=144" is a lesson
_LEAST_FIELDS = 2
_BLINK_MS = 60  # two pictures at 30 a second
_MOST_CPS = 60  # characters a second; the fastest read 25


def no_reader(entries: Sequence[FileCue]) -> Text | None:
    """Why nobody is meant to read this; None for subtitles.

    Args:
        entries: those with text, in any order.
    """
    if _is_record(entries):
        return text("this is a camera's record of places and exposures (telemetry), no subtitles; it is not shown")
    timed = [
        (one.end_ms - one.start_ms, len(one.text))
        for one in entries
        if one.start_ms is not None and one.end_ms is not None and one.end_ms > one.start_ms
    ]
    if len(timed) < _FEWEST_FAST:
        return None
    from statistics import median

    shown_ms = round(median(length_ms for length_ms, _ in timed))
    if shown_ms <= _BLINK_MS or median(1000 * count // length_ms for length_ms, count in timed) > _MOST_CPS:
        return text(
            "most of its texts last about {ms} ms, too short for anyone to read; they are not shown", ms=shown_ms
        )
    return None


def _is_record(entries: Sequence[FileCue]) -> bool:
    """Whether most texts hold fields of a recorder, or a few patterns of numbers return in most of them."""
    if not entries:
        return False
    fields = sum(len(set(_found(one.text))) >= _LEAST_FIELDS for one in entries)
    if fields >= _MOST_SHARE * len(entries):
        return True
    rows = Counter(_NUMBER.sub("#", one.text) for one in entries)
    numbers = [(row, count) for row, count in rows.most_common(3) if _is_row(row)]
    returned = sum(count for _, count in numbers)
    return len(entries) >= _FEWEST and returned >= _MOST_SHARE * len(entries)


def _found(said: str) -> list[str]:
    names = [re.split(r"[\s:：=(\[]*[-+]?\d", one.lower())[0] for one in _FIELDS.findall(said)]
    return [*names, *(["place"] if _PLACE.search(said) else [])]


def _is_row(row: str) -> bool:
    """Whether it is mostly numbers."""
    numbers = row.count("#")
    return numbers >= max(_LEAST_NUMBERS, len(_WORDS.findall(row)))
