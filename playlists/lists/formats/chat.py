"""A day as a message for a chat group: a line for each block and each live event, no longer than people read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from courseware.errors import text
from playlists.lists.exporter import Exporter
from playlists.lists.rundown import EVENTS, Airing, Rundown, Sitting, one_line
from playlists.lists.wording import clock, dated, kind_of, labelled, quoted, unquoted

# Of more titles than this the line says how many there are.
_MOST = 6
_HEAD = re.compile(r"【(.*)】(.*) 节目单")
_LABELS = "|".join(map(labelled, sorted(EVENTS)))
_EVENT = re.compile(rf"\S+ ({_LABELS})：(.*?)(?:（([^（）]*)）)?")
_LINE = re.compile(r"\S+ [^《]*?((?:《.*》)+)(?:等\d+个)?")


def dump(rundown: Rundown) -> bytes:
    """The message."""
    day = rundown.days[0]
    lines = [f"【{one_line(rundown.venue_name)}】{dated(day)} 节目单"]
    for sitting in rundown.sittings(by_block=True):
        said = _said(sitting)
        if said:
            lines.append(f"{clock(sitting.start, day)} {said}")
    return ("\n".join(lines) + "\n").encode()


def parse(content: bytes) -> Rundown:
    """Read a message that `dump` wrote: the titles it names, with no lengths."""
    head, *lines = content.decode().splitlines() or [""]
    found = _HEAD.fullmatch(head)
    if not found:
        raise ValueError(head)
    airings = tuple(airing for line in lines for airing in _airings(line))
    return Rundown("", f"{found[1]} {found[2]}", airings)


def _said(sitting: Sitting) -> str:
    if event := sitting.event:
        who = f"（{one_line(event.note)}）" if event.note else ""
        return f"{labelled(event.kind)}：{one_line(event.title)}{who}"
    told = [airing for airing in sitting.airings if airing.is_told]
    titles = list(dict.fromkeys(quoted(airing.title) for airing in told))
    if not titles:
        return ""
    head = one_line(told[0].block or told[0].series)
    more = f"等{len(titles)}个" if len(titles) > _MOST else ""
    return f"{head}：{''.join(titles[:_MOST])}{more}" if head else f"{''.join(titles[:_MOST])}{more}"


def _airings(line: str) -> Iterator[Airing]:
    if found := _EVENT.fullmatch(line):
        yield Airing(found[2], 0, kind=kind_of(found[1]), note=found[3] or "")
    elif found := _LINE.fullmatch(line):
        yield from (Airing(unquoted(f"《{title}》"), 0) for title in found[1][1:-1].split("》《"))


EXPORTER = Exporter(".txt", "day", text("a message for a chat group"), dump, parse, paths="none")
