"""What is written into exports that people read: in Chinese, like all that is published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from playlists.almanac.days import WEEKDAYS
from playlists.lists.rundown import Kind, one_line

_LABELS: Mapping[Kind, str] = {
    "lesson": "课件",
    "slogan": "标语",
    "notice": "通知",
    "ident": "片头",
    "lecture": "宣讲",
    "activity": "活动",
    "training": "培训",
}


def labelled(kind: Kind) -> str:
    """What it is."""
    return _LABELS[kind]


def kind_of(label: str) -> Kind:
    """The kind that is labelled so.

    Raises:
        ValueError: none is.
    """
    for kind, known in _LABELS.items():
        if known == label:
            return kind
    raise ValueError(label)


def dated(day: date) -> str:
    """Like 11月24日 周二."""
    return f"{day.month}月{day.day}日 周{WEEKDAYS[day.weekday()]}"


def quoted(title: str) -> str:
    """A title as Chinese print marks it."""
    return f"《{unquoted(title)}》"


def unquoted(title: str) -> str:
    """A title without the marks that some people write around it."""
    said = one_line(title)
    return said[1:-1] if said.startswith("《") and said.endswith("》") else said


def clock(at: datetime, day: date) -> str:
    """Like 18:30; after the midnight that ends the day 次日00:10."""
    return f"{at:%H:%M}" if at.date() == day else f"次日{at:%H:%M}"
