"""The head of a text: its title, and lines such as “系列：扶贫实用技术” below it or between two lines of dashes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from courseware.errors import Problem, text
from courseware.intake.sheet import HEADINGS
from courseware.sheets.grid import bare_heading

# What a text may say of its lesson; the rest of a lesson's keys is for those who know lesson.toml.
_KEYS = (
    "id", "title", "series", "form", "presenter", "producer", "tags", "season", "link", "summary", "credit", "voice"
)  # fmt: skip
_NAMES = {bare_heading(name): key for key in _KEYS for name in HEADINGS[key]}
_LISTS = ("tags", "season")
_BETWEEN = re.compile(r"[、,，;；\s\[\]]+")
_LINE = re.compile(r"\s*(?:[-*>]\s+)?\**([^\s:：*]{1,12})\**\s*[:：]\**\s*(.*?)\**\s*$")
_TITLE = re.compile(r"\s*#\s+(.+?)\s*#*\s*$")
_LONGEST_TITLE = 30  # of a first line that no mark makes a title
_FENCE = "---"


@dataclass(frozen=True, slots=True)
class TextHead:
    """What the beginning of a text says.

    Attributes:
        values: keys of lesson.toml.
        body: the text without its head, each line where it was.
        remarks: what of it is not used.
    """

    values: Mapping[str, Any]
    body: str
    remarks: tuple[Problem, ...] = ()


def read_head(content: str, where: str) -> TextHead:
    """Take the head off a text."""
    lines = content.split("\n")
    values: dict[str, Any] = {}
    remarks: list[Problem] = []
    at = _fenced(lines, values, remarks, where)
    for place in range(at, len(lines)):
        line = lines[place].strip()
        if not line:
            continue
        if "title" not in values and (title := _title(lines, place)):
            values["title"] = title
        elif not _take(line, values):
            break
        lines[place] = ""
    return TextHead(values, "\n".join(lines), tuple(remarks))


def _fenced(lines: list[str], values: dict[str, Any], remarks: list[Problem], where: str) -> int:
    """Lines between two of three dashes at the very beginning; where the rest begins."""
    if lines[0].strip() != _FENCE:
        return 0
    ends = (place for place, line in enumerate(lines[1:], 1) if line.strip() in {_FENCE, "..."})
    end = next(ends, 0)
    for place in range(end + 1 if end else 0):
        line = lines[place].strip()
        lines[place] = ""
        if line and line not in {_FENCE, "..."} and not line.startswith("#") and not _take(line, values):
            what = text("“{line}” says nothing that a lesson knows; left out", line=line[:40])
            remarks.append(Problem(f"{where}:{place + 1}", what))
    return end


def _take(line: str, values: dict[str, Any]) -> bool:
    """Whether a line says something of the lesson, which is then in the values; what was said first stays."""
    found = _LINE.fullmatch(line)
    key = _NAMES.get(bare_heading(found[1])) if found else None
    if not found or not key:
        return False
    said = found[2].strip().strip("\"'").strip()
    if said:
        values.setdefault(key, [part for part in _BETWEEN.split(said) if part] if key in _LISTS else said)
    return True


def _title(lines: list[str], place: int) -> str:
    """The title, where a line is one: marked as such, or short and by itself."""
    marked = _TITLE.fullmatch(lines[place])
    if marked:
        return marked[1].strip("* ")
    line = lines[place].strip()
    after = lines[place + 1].strip() if place + 1 < len(lines) else ""
    plain = (
        len(line) <= _LONGEST_TITLE and line[-1] not in "。！？!?；;，,：:" and line[0] not in "#-*>|!<[0123456789"
    )
    is_title = plain and not _LINE.fullmatch(line) and (not after or _LINE.fullmatch(after))
    return line.strip("* ") if is_title else ""
