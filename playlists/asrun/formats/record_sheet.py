"""The record sheet kept by hand (播放记录表), whose blank `asrun sheet` makes. A row is a window or an event.

Only what a person has filled in is believed: a row that is left empty says nothing, not that nothing was shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from courseware.dates import narrow, parse_date
from courseware.errors import InputError, Problem, Text, text
from courseware.sheets.grid import bare_heading, load_grids
from courseware.validate import Complaint, not_one_of
from playlists.almanac.days import DAY_MINUTES, moment, parse_clock, parse_span
from playlists.asrun.formats.kinds import LogFile, LogFormat, Setting
from playlists.asrun.formats.tabular import Cells
from playlists.asrun.statement import Said, Statement
from playlists.files.rows import Headings, read_table

# In the order of the sheet; the first name of each is the one that the blank bears.
HEADINGS: Headings = {
    "venue": ("场所编号", "场所", "编号"),
    "name": ("场所名称", "名称"),
    "date": ("日期",),
    "weekday": ("星期",),
    "planned": ("计划时间", "时段"),
    "kind": ("类别",),
    "what": ("内容", "节目内容"),
    "done": ("是否播放", "是否完成", "播放情况"),
    "from": ("实际开始", "开始时间", "开始"),
    "to": ("实际结束", "结束时间", "结束"),
    "people": ("人数", "观看人数", "参加人数"),
    "by": ("记录人", "填表人"),
    "note": ("备注",),
}
PLAYED = "播放"
YES, NO, PARTLY = "是", "否", "部分"
_REQUIRED = ("venue", "date", "planned", "done")
_WORDS = {
    YES: {YES, "√", "✓", "✔", "y", "yes", "已播", "播放", "正常", "已播放", "完成", "1"},
    NO: {NO, "×", "✗", "x", "n", "no", "未播", "未播放", "没播", "0"},
    PARTLY: {PARTLY, "部分播放", "中断"},
}
_LINE = re.compile(r"(\d{1,2}:\d\d)(?::\d\d)?")


def read(path: Path, setting: Setting) -> LogFile:
    """What a person filled in; one bad row hides no other."""
    table = read_table(path, HEADINGS, _REQUIRED)
    found: list[Statement] = []
    problems = list(_troubles(path))
    for place, cells in table.rows:
        if not cells.keys() & {"done", "from", "to", "people"}:
            continue
        if "venue" not in cells and "date" not in cells:
            continue  # what stands below the table: who signed
        row = _Row(cells, place, setting)
        try:
            found += row.statements()
        except InputError as error:
            problems += error.problems
    return LogFile("sheet", statements=tuple(found), problems=tuple(problems))


def _troubles(path: Path) -> Iterator[Problem]:
    """Cells that say nothing to us though they look filled in: formulas that were never calculated, errors."""
    for grid in load_grids(path)[0]:
        yield from (
            Problem(f"{path.name}: {cell.place}", cell.trouble) for row in grid.rows for cell in row if cell.trouble
        )


class _Row:
    """A row that somebody filled in."""

    def __init__(self, cells: Cells, place: str, setting: Setting) -> None:
        self._cells, self._place, self._setting = cells, place, setting

    def statements(self) -> list[Statement]:
        """What it says.

        Raises:
            InputError: what is wrong with it, all at once.
        """
        found: list[Statement] = []
        problems: list[Problem] = []
        for part in (self._showing, self._people):
            try:
                one = part()
            except InputError as error:
                problems += [problem for problem in error.problems if problem not in problems]
                continue
            found += [one] if one else []
        if problems:
            raise InputError(*problems)
        return found

    def _showing(self) -> Statement | None:
        done = self._done()
        if done is None:
            return None
        begins, ends = self._span(actual=done != NO)
        is_event = self._cells.get("kind", PLAYED) != PLAYED
        said: Said = "missing" if done == NO else "held" if is_event else "shown"
        return self._said(said, begins, ends)

    def _people(self) -> Statement | None:
        given = narrow(self._cells.get("people", "")).removesuffix("人").strip()
        if not given:
            return None
        if not re.fullmatch(r"\d{1,6}", given):
            raise self._wrong("people", text("“{given}” is not a number of people", given=given))
        begins, ends = self._span(actual=False)
        one = self._said("people", begins, ends)
        return Statement(one.venue, one.source, "hand", "people", one.at_ms, one.ms, people=int(given))

    def _said(self, said: Said, begins: int, ends: int) -> Statement:
        day = self._day()
        venue = self._setting.venue_called(self._cells.get("venue", ""), self._place)
        at, until = (round(moment(day, minutes, self._setting.zone).timestamp() * 1000) for minutes in (begins, ends))
        reason = "；".join(filter(None, (self._cells.get("note"), self._cells.get("by"))))
        planned, _ = self._span(actual=False)
        source = f"sheet/{day}/{planned}/{self._cells.get('kind', PLAYED)}"
        return Statement(venue, source, "hand", said, at, until - at, reason=reason)

    def _done(self) -> str | None:
        """What the sheet says of it: YES, NO or PARTLY; times without a word say yes."""
        given = narrow(self._cells.get("done", "")).strip().lower()
        if not given:
            return YES if "from" in self._cells and "to" in self._cells else None
        meant = next((one for one, words in _WORDS.items() if given in words), None)
        if meant is None:
            raise self._wrong("done", not_one_of(given, (YES, NO, PARTLY)))
        if meant == PARTLY and not ("from" in self._cells and "to" in self._cells):
            raise self._wrong("done", text("when was it shown? Write the actual begin and end beside “部分”"))
        return meant

    def _span(self, *, actual: bool) -> tuple[int, int]:
        """Minutes after midnight: as it was, else as it was planned."""
        try:
            begins, ends = parse_span(narrow(self._cells.get("planned", "")))
        except Complaint as error:
            raise self._wrong("planned", error.what) from None
        if not actual:
            return begins, ends
        first, last = self._clock("from", begins), self._clock("to", ends)
        # A window that runs over midnight: what is early in the day is of the night.
        if ends > DAY_MINUTES:
            first, last = (one + DAY_MINUTES if one < begins - DAY_MINUTES // 2 else one for one in (first, last))
        if last <= first:
            raise self._wrong("to", text("ends before it begins"))
        return first, last

    def _clock(self, key: str, otherwise: int) -> int:
        given = narrow(self._cells.get(key, "")).strip()
        if not given:
            return otherwise
        said = _LINE.fullmatch(given)
        try:
            return parse_clock(said[1] if said else given)
        except Complaint as error:
            raise self._wrong(key, error.what) from None

    def _day(self) -> date:
        try:
            return parse_date(self._cells.get("date", ""))
        except Complaint as error:
            raise self._wrong("date", error.what) from None

    def _wrong(self, key: str, what: Text) -> InputError:
        return InputError(Problem(f"{self._place}, {HEADINGS[key][0]}", what))


def _knows(path: Path, head: bytes) -> bool:
    if head.startswith(b"PK\x03\x04"):
        return path.suffix.lower() != ".csv"
    try:
        shown = head.decode("utf-8-sig", errors="strict")
    except UnicodeDecodeError:
        shown = head.decode("gb18030", errors="replace")
    known = {bare_heading(HEADINGS[key][0]) for key in ("date", "planned", "done")}
    return all(name in bare_heading(shown) for name in known)


FORMAT = LogFormat("播放记录表 (.xlsx, .csv)", (".xlsx", ".xlsm", ".csv"), _knows, read)
