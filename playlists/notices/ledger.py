"""Which notices were sent and withdrawn, by whom and with which bytes: notices/ledger.jsonl, only ever added to.

Each line carries the link of its chain (courseware/storage/chain.py): what was changed, moved or taken out between
two others is told, and nothing is added behind it. The folders beside tell of lines that are missing at the end.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from courseware.errors import InputError, Problem, Text, text
from courseware.files import write_text
from courseware.storage.chain import START, link

FILE_NAME = "ledger.jsonl"
State = Literal["waiting", "on", "over", "withdrawn"]
STATES: Mapping[State, Text] = {
    "waiting": text("not begun"),
    "on": text("being shown"),
    "over": text("over"),
    "withdrawn": text("withdrawn"),
}


class NoticeAct(BaseModel):
    """A line of the ledger.

    Attributes:
        notice: number of the notice, from 1 on.
        by: the person who acted; office and key: who answers for it.
        every_s: from the beginning of one showing to that of the next; 0 when there is no break between them.
        voice: sha256 of the recording; "" for none.
        videos: profile → sha256 of what is shown.
        remark: why it was withdrawn.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    act: Literal["sent", "withdrawn"]
    notice: int = Field(ge=1)
    at: AwareDatetime
    by: str
    office: str
    key: str
    title: str
    content: str
    start: AwareDatetime
    end: AwareDatetime
    every_s: int = Field(default=0, ge=0)
    venues: tuple[str, ...]
    voice: str = ""
    videos: dict[str, str] = Field(default_factory=dict)
    remark: str = ""

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.end <= self.start:
            raise ValueError("ends before it begins")
        return self


@dataclass(frozen=True, slots=True)
class NoticeRecord:
    """A notice: how it was sent, and how it was withdrawn; None when it was not."""

    sent: NoticeAct
    withdrawn: NoticeAct | None

    def state_at(self, now: datetime) -> State:
        """How it stands."""
        if self.withdrawn:
            return "withdrawn"
        return "waiting" if now < self.sent.start else "on" if now < self.sent.end else "over"


def load_ledger(folder: Path) -> tuple[NoticeAct, ...]:
    """Every act, the oldest first; none where nothing was ever sent.

    Raises:
        InputError: a line is not the one that was written, or lines are missing.
    """
    acts = tuple(act for act, _ in _read(folder))
    numbers = [int(one.name) for one in folder.glob("[0-9]" * 4) if one.is_dir()]
    if missing := sorted(set(numbers) - {act.notice for act in acts}):
        what = text("notice {number} lies beside it, but is not in it: lines were taken out", number=missing[0])
        raise InputError(Problem(_WHERE, what), _ADVICE)
    return acts


def records_of(acts: Sequence[NoticeAct]) -> tuple[NoticeRecord, ...]:
    """The notices, by number."""
    withdrawn = {act.notice: act for act in acts if act.act == "withdrawn"}
    return tuple(NoticeRecord(act, withdrawn.get(act.notice)) for act in acts if act.act == "sent")


def add_act(folder: Path, act: NoticeAct) -> None:
    """Write an act behind all others.

    Raises:
        InputError: the ledger does not hold together.
    """
    written = list(_read(folder))
    before = written[-1][1] if written else START
    record = act.model_dump(mode="json")
    line = json.dumps({**record, "link": link(before, record)}, ensure_ascii=False, sort_keys=True)
    there = (folder / FILE_NAME).read_text(encoding="utf-8") if written else ""
    write_text(folder / FILE_NAME, f"{there}{line}\n")


def _read(folder: Path) -> Iterator[tuple[NoticeAct, str]]:
    """Every act and its link."""
    path = folder / FILE_NAME
    before = START
    for number, line in enumerate(path.read_bytes().splitlines() if path.is_file() else (), 1):
        try:
            record: dict[str, Any] = json.loads(line)
            said = record.pop("link")
            act = NoticeAct.model_validate(record)
        except (ValueError, KeyError, AttributeError, ValidationError):
            said, act = "", None
        if act is None or said != link(before, record):
            what = text("line {number} is not as it was written", number=number)
            raise InputError(Problem(_WHERE, what), _ADVICE)
        yield act, said
        before = said


_WHERE = f"notices/{FILE_NAME}"
_ADVICE = Problem(_WHERE, text("put the folder “notices” back from the backup"))
