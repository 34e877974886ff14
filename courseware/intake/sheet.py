"""The office's list of lessons (课件目录): finds its heading row and reads what each row below says of a lesson.

Touches no lesson; courseware/intake/intake.py does. A bad row becomes problems and does not hide the others.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from courseware.errors import InputError, Problem, Text, text
from courseware.files import is_safe_id
from courseware.intake.cells import READERS, Value, says_nothing
from courseware.lessons.clipping.clashes import GOES_WITH, clashes
from courseware.lessons.lesson import LessonFile
from courseware.lessons.settings import Settings
from courseware.sheets.grid import Cell, Grid, bare_heading, heading_row, load_grids
from courseware.validate import Complaint, find_wrong

# The first name of each is the one that messages use.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "id": ("编号", "课件编号", "id", "no"),
    "title": ("标题", "题目", "课件名称", "课件标题", "课件", "名称", "title", "name"),
    "series": ("系列", "所属系列", "系列名称", "series"),
    "form": ("形式", "课件形式", "类型", "form", "type"),
    "presenter": ("主讲", "主讲人", "讲师", "授课人", "presenter", "speaker"),
    "producer": ("制作", "制作单位", "制作人", "producer"),
    "reviewer": ("审核", "审核人", "审核单位", "reviewer"),
    "reviewed_on": ("审核日期", "审核时间", "reviewed_on"),
    "source": ("视频", "视频文件", "视频文件名", "文件", "文件名", "源文件", "source", "video", "file"),
    "subtitles": ("字幕", "字幕文件", "subtitles", "subtitle"),
    "tags": ("标签", "关键词", "tags", "keywords"),
    "season": ("农时", "时令", "季节", "season"),
    "valid_from": ("有效期起", "有效期自", "有效期开始", "生效日期", "valid_from"),
    "valid_until": ("有效期止", "有效期至", "有效期截止", "失效日期", "valid_until"),
    "link": ("链接", "网址", "link", "url"),
    "summary": ("简介", "内容简介", "摘要", "summary"),
    "credit": ("版权", "版权说明", "素材来源", "credit"),
    "slogan": ("标语", "标语内容", "slogan"),
    "notice": ("通知", "通知内容", "通知正文", "notice"),
    "ident": ("片花", "片头", "ident"),
    "seconds": ("秒数", "停留秒数", "seconds"),
    "picture": ("背景图", "背景图片", "picture"),
    "music": ("背景音乐", "音乐", "music"),
    "audio": ("音轨", "声音", "audio"),
    "denoise": ("降噪", "denoise"),
    "slides": ("幻灯片", "slides"),
    "exactly": ("总秒数", "正好秒数", "exactly"),
    "cut": ("剪去", "剪掉", "剪辑", "cut"),
    "rotate": ("旋转", "旋转角度", "rotate"),
    "fit": ("画面比例", "比例不同时", "fit"),
    "subtitles_second": ("第二字幕", "英文字幕", "双语字幕", "subtitles_second"),
    "narration": ("讲解录音", "录音", "讲解", "歌曲文件", "narration"),
    "song": ("歌曲", "是歌曲", "song"),
    "beat": ("踩拍", "跟拍", "卡点", "beat"),
    "voice": ("配音", "voice"),
    "speech_speed": ("配音快慢", "语速", "speech_speed"),
    "pause": ("停顿", "停顿秒数", "pause"),
    "music_gain": ("音乐加减", "音乐音量", "music_gain"),
}
_REQUIRED = ("title", "series", "form")
_NUMBERING = {"序号", "备注", "remarks"}  # columns every office list has and no lesson needs

_FOOTER = re.compile(r"(合计|总计|小计|填表|制表|审核人[：:]|注[：:]|备注[：:]|说明[：:])")
_FOOTER_CELLS = 2  # a label and its value


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row.

    Attributes:
        id: as given, or made from the title.
        values: for every column the sheet has; dates as "2026-11-23", None for an empty cell and for what is so
            without being said. Names of files are as written, not yet looked up.
        place: how messages name the row, by its first cell.
        places: how they name the cell of each key, and of "id".
        has_id: whether the id was given.
    """

    id: str
    place: str
    values: Mapping[str, Value]
    places: Mapping[str, str]
    has_id: bool = True


@dataclass(frozen=True, slots=True)
class LessonSheet:
    """A list of lessons as read.

    Attributes:
        entries: the rows that can be used.
        problems: what is wrong with the others.
        unused: headings nobody knows.
        broken: the others as far as they can be read, for whoever can tell what else is wrong with them.
    """

    name: str
    entries: tuple[SheetRow, ...]
    problems: tuple[Problem, ...]
    unused: tuple[str, ...]
    broken: tuple[SheetRow, ...] = ()


@dataclass(frozen=True, slots=True)
class _Table:
    """A worksheet with its heading row found: key → column, both counted from 0."""

    grid: Grid
    row: int
    columns: Mapping[str, int]


def load_sheet(path: Path, settings: Settings) -> LessonSheet:
    """Read an .xlsx or .csv; every visible worksheet with a heading row counts.

    Raises:
        InputError: the file cannot be read, or no heading row is found in it.
    """
    ways = [[table for grid in grids if (table := _find_headings(grid))] for grids in load_grids(path)]
    tables = max(ways, key=lambda found: sum(len(table.columns) for table in found))
    if not tables:
        what = text("no row with headings such as {headings} found", headings="、".join(_names()))
        raise InputError(Problem(path.name, what))
    read = [
        _read_row(row, table, path.name, settings)
        for table in tables
        for row in table.grid.rows[table.row + 1 :]
        if not _is_blank(row)
    ]
    _mark_twins(read)
    problems = [problem for _, faults in read for problem in faults]
    problems += [problem for table in tables for problem in _twice(table, path.name)]
    return LessonSheet(
        path.name,
        tuple(entry for entry, faults in read if not faults),
        tuple(problems),
        tuple(str(cell.value) for table in tables for cell in table.grid.rows[table.row] if _is_unknown(cell)),
        tuple(entry for entry, faults in read if faults),
    )


def make_id(title: str) -> str:
    """A folder name from a title: Chinese stays, what no folder may hold becomes "-"; "" when nothing is left."""
    cleaned = re.sub(r"[^\w]+", "-", unicodedata.normalize("NFKC", title)).strip("-_")[:40].strip("-_")
    return cleaned if not cleaned or is_safe_id(cleaned) else f"{cleaned}-1"


def _names() -> list[str]:
    return [names[0] for names in HEADINGS.values()]


_KEYS = {bare_heading(name): key for key, names in HEADINGS.items() for name in names}


def _find_headings(grid: Grid) -> _Table | None:
    """The worksheet, if its headings are two or more and a lesson can be told by them."""
    number = heading_row(grid.rows, _KEYS)
    columns: dict[str, int] = {}
    for column, cell in enumerate(grid.rows[number] if grid.rows else ()):
        key = _KEYS.get(bare_heading(str(cell.value))) if cell.own else None
        if key:
            columns.setdefault(key, column)
    return _Table(grid, number, columns) if len(columns) > 1 and columns.keys() & {"id", "title"} else None


def _twice(table: _Table, file_name: str) -> list[Problem]:
    """Two columns with the same meaning: it would be a guess which one counts."""
    problems = []
    for column, cell in enumerate(table.grid.rows[table.row]):
        key = _KEYS.get(bare_heading(str(cell.value)))
        if key and cell.own and table.columns[key] != column:
            first = table.grid.rows[table.row][table.columns[key]]
            what = text("“{heading}” means the same as {first}; remove one", heading=cell.value, first=first.place)
            problems.append(Problem(f"{file_name}: {cell.place}", what))
    return problems


def _is_unknown(cell: Cell) -> bool:
    bare = bare_heading(str(cell.value))
    return bool(bare) and cell.own and bare not in _KEYS and bare not in _NUMBERING


def _is_blank(row: Sequence[Cell]) -> bool:
    """Nothing of its own, or the signature line below the table."""
    own = [str(cell.value) for cell in row if not cell.is_empty]
    return not own or (len(own) <= _FOOTER_CELLS and _FOOTER.match(own[0]) is not None)


def _read_row(
    row: Sequence[Cell], table: _Table, file_name: str, settings: Settings
) -> tuple[SheetRow, list[Problem]]:
    """What the row says, as far as it can be read, and all that is wrong with it."""
    cells = {key: row[column] for key, column in table.columns.items() if column < len(row)}
    headings = {key: table.grid.rows[table.row][column].value for key, column in table.columns.items()}
    # A row of a .csv may end before the column does.
    places = {key: f"{file_name}: {cells.get(key, row[0]).place} {headings[key]}" for key in table.columns}
    wrong: dict[str, Text] = {}
    values: dict[str, Value] = {}
    for key, cell in cells.items():
        if cell.trouble:
            wrong[key] = cell.trouble
        else:
            values[key] = _value(key, cell.value, wrong)
    values |= dict.fromkeys(table.columns.keys() - cells.keys())
    name = _id_of(values, wrong)
    wrong |= {key: what for key, what in _complaints(values, settings).items() if key not in wrong}
    anywhere = f"{file_name}: {row[0].place}"
    faults = [Problem(places.get(key, anywhere), what) for key, what in wrong.items()]
    has_id = values.pop("id", None) is not None
    places.setdefault("id", places.get("title", anywhere))
    return SheetRow(name, anywhere, values, places, has_id), faults


def _value(key: str, given: str | date, wrong: dict[str, Text]) -> Value:
    plain = given.isoformat() if isinstance(given, date) else given
    if not plain:
        return None
    try:
        value = READERS[key](plain) if key in READERS else plain
    except Complaint as complaint:
        wrong[key] = complaint.what
        return None
    return None if says_nothing(key, value) else value


def _id_of(values: Mapping[str, Value], wrong: dict[str, Text]) -> str:
    given, title = values.get("id"), values.get("title")
    if isinstance(given, str):
        if is_safe_id(given):
            return given
        what = text("“{value}” cannot name a folder; write letters, digits, “-” and “_”", value=given)
        if make_id(given):
            guess = make_id(given)
            what = text("“{value}” cannot name a folder; write {guess}, for example", value=given, guess=guess)
        wrong.setdefault("id", what)
        return ""
    made = make_id(title) if isinstance(title, str) else ""
    if not made and isinstance(title, str):
        wrong.setdefault("title", text("no folder can be named after this title; give the lesson an id (编号)"))
    return made


def _complaints(values: Mapping[str, Value], settings: Settings) -> dict[str, Text]:
    """What lesson.toml would not accept, by key."""
    unknown = {"series": settings.unknown_series, "form": settings.unknown_form}
    wrong = {
        key: what
        for key, why in unknown.items()
        if isinstance(value := values.get(key), str) and (what := why(value)) is not None
    }
    given = {key: value for key, value in values.items() if value is not None and key != "id"}
    # What a column goes with may stand in lesson.toml alone, where the sheet has no column for it.
    wrong |= {key: what for key, what in clashes(given).items() if GOES_WITH.get(key, key) in values}
    wrong |= {str(one.loc[0]): one.what for one in find_wrong(LessonFile, {**dict.fromkeys(_REQUIRED, "-"), **given})}
    for key in _REQUIRED:
        if key in values and values[key] is None:
            wrong[key] = text("must not be empty")
    return wrong


def _mark_twins(read: Sequence[tuple[SheetRow, list[Problem]]]) -> None:
    """Of those with one id the first that is right stands; the others get a fault more."""
    first: dict[str, SheetRow] = {}
    for entry, faults in sorted(read, key=lambda one: bool(one[1])):
        other = first.setdefault(entry.id.casefold(), entry)
        if entry.id and other is not entry:
            place = other.places["id"].partition(": ")[2]
            what = text("“{id}” is also in {place}; give each lesson an id of its own", id=entry.id, place=place)
            faults.append(Problem(entry.places["id"], what))
