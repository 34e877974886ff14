"""The review ledger as a file that others read: CSV for a spreadsheet, JSON with all that its chain is made of."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from courseware.errors import InputError, Problem, text
from courseware.files import write_text
from courseware.reviews.ledger import LedgerEntry, Pages, believed
from courseware.reviews.telling import PRINTED_ACTIONS
from courseware.sheets.csv_text import dump_csv
from courseware.storage.outputs import refuse_existing
from courseware.times import clock

_HEADINGS = (
    "序号",
    "时间",
    "动作",
    "审次",
    "课件",
    "标题",
    "屏幕",
    "人",
    "单位",
    "意见",
    "校验值",
    "依据",
    "链",
    "时刻",
    "所答",
)


def export(pages: Pages, target: Path, zone: ZoneInfo) -> None:
    """Write every entry, in order.

    Raises:
        InputError: the ledger does not hold together; no format of that name; the file is there already.
    """
    believed(pages)
    dump = FORMATS.get(target.suffix.lower())
    if dump is None:
        what = text("write a name that ends in one of: {choices}", choices="、".join(FORMATS))
        raise InputError(Problem(str(target), what))
    refuse_existing([target])
    write_text(target, dump(pages, zone))


def _numbered(pages: Pages) -> Iterator[tuple[int, LedgerEntry, str]]:
    """An entry from before the chain has no link yet."""
    for number in sorted(pages.entries):
        yield number, pages.entries[number], pages.links.get(number, "")


def _as_csv(pages: Pages, zone: ZoneInfo) -> str:
    rows = [
        (
            number,
            f"{datetime.fromtimestamp(entry.at, zone):%Y-%m-%d %H:%M:%S}",
            PRINTED_ACTIONS.get(entry.action, entry.action),
            *(entry.step, entry.lesson, entry.title, entry.profile, entry.by, entry.office, entry.note),
            *(entry.content, entry.key, link),
            *(clock(int(entry.moment) // 1000) if entry.moment else "", entry.answers),
        )
        for number, entry, link in _numbered(pages)
    ]
    return dump_csv([_HEADINGS, *rows])


def _as_json(pages: Pages, zone: ZoneInfo) -> str:
    entries = [
        {
            "number": number,
            "time": datetime.fromtimestamp(entry.at, zone).isoformat(),
            **asdict(entry),
            "link": link,
        }
        for number, entry, link in _numbered(pages)
    ]
    return json.dumps({"schema": "yuanjiao-reviews/1", "entries": entries}, ensure_ascii=False, indent=1) + "\n"


FORMATS: Mapping[str, Callable[[Pages, ZoneInfo], str]] = {".csv": _as_csv, ".json": _as_json}
