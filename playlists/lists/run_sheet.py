"""The run-sheet: a row for each showing and event, for whoever sits beside the screen; one for all its formats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from playlists.almanac.days import WEEKDAYS
from playlists.lists.rundown import Airing, Rundown, one_line
from playlists.lists.wording import kind_of, labelled

HEADINGS = ("日期", "星期", "开始", "结束", "秒", "类型", "标题", "系列", "板块", "说明", "视频")


def rows_of(rundown: Rundown) -> Iterator[tuple[str | int, ...]]:
    """Each showing as cells, by the clock and the calendar: after midnight it is the next date."""
    for start, end, airing in rundown.timed():
        yield (
            str(start.date()),
            f"周{WEEKDAYS[start.weekday()]}",
            f"{start:%H:%M:%S}",
            f"{end:%H:%M:%S}",
            airing.seconds,
            labelled(airing.kind),
            *map(one_line, (airing.title, airing.series, airing.block, airing.note)),
            airing.path,
        )


def airing_of(row: Sequence[str]) -> Airing:
    """A row as it was read; the offset of its times is not in it.

    Raises:
        ValueError: it is not such a row.
    """
    _, _, _, _, seconds, label, title, series, block, note, path = row
    return Airing(title, int(seconds), path, kind=kind_of(label), series=series, block=block, note=note)
