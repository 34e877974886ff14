"""Who did what at the desk, and when: .yuanjiao/people/acts.jsonl, a line for every change, only ever added to.

Each line carries the link of its chain (courseware/storage/chain.py); beside it lies how far the ledger had come.
What was changed, taken out or cut off is told. Nothing stops a line from being added: what was done is written down.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from courseware.errors import Problem, Text, text
from courseware.files import write_text
from courseware.storage.chain import START, link
from courseware.storage.locks import lock_ledger
from desk.people.users import FOLDER, people_folder

FILE_NAME, HEAD_NAME = "acts.jsonl", "acts.head"
_TAIL = 64_000  # no line is longer
_LONGEST = 2000
_WHERE = f"{FOLDER}/{FILE_NAME}"


class DeskAct(BaseModel):
    """A line.

    Attributes:
        by: the person; on a desk without logins the user of the computer.
        act: what was done, or in which room of the desk, as an English pattern.
        where: what it was done to.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: AwareDatetime
    by: str
    act: str
    where: str = ""
    note: str = ""

    @property
    def said(self) -> Text:
        """What was done, to be told in any language."""
        # Whatever stands in a file is a sentence, not a pattern with places to fill.
        return Text(self.act.replace("{", "{{").replace("}", "}}"))


def record_act(cache_dir: Path, by: str, act: str, where: str = "", note: str = "") -> None:
    """Write a line behind all others; it is on the disk when this returns.

    Raises:
        StorageError, OSError: it cannot be written.
    """
    folder = people_folder(cache_dir)
    done = DeskAct(at=datetime.now(UTC), by=by, act=act, where=where[:_LONGEST], note=note[:_LONGEST])
    with lock_ledger(folder / "acts.lock"):
        handle = os.open(folder / FILE_NAME, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(handle, "r+b") as ledger:
            before = _cut_to_lines(ledger)
            record = done.model_dump(mode="json")
            mark = link(before, record)
            ledger.write(_dump({**record, "link": mark}))
            ledger.flush()
            os.fsync(ledger.fileno())
        # A head that is behind is made up for by the next line.
        write_text(folder / HEAD_NAME, f"{mark}\n", lasting=False)


def read_acts(cache_dir: Path) -> tuple[tuple[DeskAct, ...], tuple[Problem, ...]]:
    """Every act, the oldest first, and everything by which the ledger is not as it was written."""
    folder = cache_dir / FOLDER
    path = folder / FILE_NAME
    lines = path.read_bytes().split(b"\n")[:-1] if path.is_file() else []
    acts: list[DeskAct] = []
    problems: list[Problem] = []
    marks: list[str] = []
    before = START
    for number, line in enumerate(lines, 1):
        act, record, said = _parsed(line)
        if act is None or said != link(before, record):
            what = text("line {number} is not as it was written, or lines before it are missing", number=number)
            problems.append(Problem(_WHERE, what))
        if act is not None:
            acts.append(act)
        before = said or _link_in(line)
        marks.append(before)
    return tuple(acts), (*problems, *_faults_at_end(folder / HEAD_NAME, marks))


def _faults_at_end(head: Path, marks: list[str]) -> Iterator[Problem]:
    """A kill between line and head leaves the head one line behind; it never speaks of a line that is not there."""
    said = head.read_text(encoding="ascii", errors="replace").strip() if head.is_file() else ""
    if said and said not in marks:
        yield Problem(_WHERE, text("lines are missing at the end"))
    elif marks and not said:
        yield Problem(f"{FOLDER}/{HEAD_NAME}", text("is missing; it says how far the ledger had come"))


def _cut_to_lines(ledger: IO[bytes]) -> str:
    """Go behind the last whole line and return its link; what a crash left half written goes."""
    size = ledger.seek(0, os.SEEK_END)
    start = max(0, size - _TAIL)
    ledger.seek(start)
    tail = ledger.read()
    whole = tail[: tail.rfind(b"\n") + 1]
    ledger.seek(start + len(whole))
    ledger.truncate()
    last = whole.rstrip(b"\n").rpartition(b"\n")[2]
    return _link_in(last) if last else START


def _link_in(line: bytes) -> str:
    """The link that stands in a line; of one that is damaged, one that shows it."""
    return _parsed(line)[2] or link(START, {"damaged": line.hex()})


def _parsed(line: bytes) -> tuple[DeskAct | None, dict[str, Any], str]:
    try:
        record: dict[str, Any] = json.loads(line)
        said = str(record.pop("link"))
        return DeskAct.model_validate(record), record, said
    except (ValueError, KeyError, AttributeError, TypeError, ValidationError):
        return None, {}, ""


def _dump(record: dict[str, Any]) -> bytes:
    return json.dumps(record, ensure_ascii=False, sort_keys=True).encode() + b"\n"
