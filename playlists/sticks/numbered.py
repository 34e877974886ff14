"""Numbered folders for televisions and LED cards, which know no clock: a folder for each window, a file a showing.

Files are written in the order of their numbers, since many of these play in the order of the folder's own list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from courseware.clutter import listed
from courseware.errors import Problem, StorageError, text
from courseware.files import making_folder, sweep, write_bytes
from courseware.lessons.settings import Office
from playlists.kits.room import refuse_full
from playlists.kits.writing import Video
from playlists.lists.copying import copy_proven, refuse_large
from playlists.publishing.wording import date_label, length, span, to_the_second, week_label, weekday
from playlists.schedules.schedule import Day, Schedule, Slot, Window
from templates.pages.sheet import FileRow, FileSheet, SheetWindow
from templates.pages.week import Imprint

SHEET_NAME = "时段—文件.pdf"
_OURS = re.compile(r"\d{4}-\d{2}-\d{2}_\d{4}(\.\w+)*")


@dataclass(frozen=True, slots=True)
class NumberedSlot:
    """A showing and its file's name; an event has none."""

    slot: Slot
    name: str


@dataclass(frozen=True, slots=True)
class NumberedWindow:
    """A window's folder, called by when it begins: 2026-11-30_1830."""

    name: str
    day: date
    window: Window
    slots: tuple[NumberedSlot, ...]


def plan_folders(days: Iterable[Day]) -> tuple[NumberedWindow, ...]:
    """One folder for each window in which anything is shown."""
    found = (
        NumberedWindow(f"{window.start:%Y-%m-%d_%H%M}", day.date, window, _numbered(day, window))
        for day in days
        for window in day.windows
    )
    return tuple(one for one in found if any(slot.name for slot in one.slots))


def file_sheet(schedule: Schedule, folders: Iterable[NumberedWindow], office: Office) -> FileSheet:
    """The printed sheet: which file is meant for which minute."""
    return FileSheet(
        name=schedule.venue_name,
        week=week_label(schedule.week),
        windows=tuple(_sheet_window(one) for one in folders),
        imprint=Imprint(office.name, office.county, office.phone, office.url),
    )


def write_folders(
    target: Path,
    folders: Sequence[NumberedWindow],
    videos: Mapping[str, Video],
    sheet: bytes,
    progress: Callable[[int], None] = lambda _bytes: None,
    beside: Callable[[Path, NumberedWindow], None] = lambda _home, _folder: None,
) -> None:
    """Make the folder with one folder for each window and the sheet, and replace an earlier one by it.

    Args:
        videos: by sha256.
        beside: writes what else a window has.

    Raises:
        InputError, StorageError: a file too large for FAT32, too little room, a folder there that is not ours, or a
            file that arrived damaged.
    """
    _refuse_foreign(target)
    played = [videos[one.slot.sha256] for folder in folders for one in folder.slots if one.name]
    refuse_large({one.source.name: one.size for one in played})
    sweep(target.parent)
    refuse_full(target, sum(one.size for one in played), ())
    with making_folder(target, over=True) as scratch:
        for folder in folders:
            (scratch / folder.name).mkdir()
            for slot in folder.slots:
                if slot.name:
                    video = videos[slot.slot.sha256]
                    # Straight to its name: a renamed file would take another place in the folder's list.
                    copy_proven(video.source, scratch / folder.name / slot.name, video.sha256)
                    progress(video.size)
            beside(scratch, folder)
        write_bytes(scratch / SHEET_NAME, sheet)


def _numbered(day: Day, window: Window) -> tuple[NumberedSlot, ...]:
    slots = [slot for slot in day.slots if window.start <= slot.start < window.end]
    shown = sum(1 for slot in slots if slot.sha256)
    digits = max(2, len(str(shown)))
    numbers = iter(range(1, shown + 1))
    return tuple(NumberedSlot(slot, f"{next(numbers):0{digits}}.mp4" if slot.sha256 else "") for slot in slots)


def _sheet_window(folder: NumberedWindow) -> SheetWindow:
    when = span(folder.window.start, folder.window.end, folder.day)
    return SheetWindow(
        label=f"{date_label(folder.day)} {weekday(folder.day)} {when}",
        folder=folder.name,
        rows=tuple(_sheet_rows(folder)),
    )


def _sheet_rows(folder: NumberedWindow) -> Iterator[FileRow]:
    for slot in folder.slots:
        at = to_the_second(slot.slot.start, folder.day)
        yield FileRow(at, slot.name.removesuffix(".mp4"), slot.slot.title, length(slot.slot.seconds))


def _refuse_foreign(target: Path) -> None:
    """Only a folder that holds nothing but ours is replaced."""
    if not target.exists():
        return
    names = [path.name for path in listed(target)] if target.is_dir() else [target.name]
    foreign = [name for name in names if name != SHEET_NAME and not _OURS.fullmatch(name)]
    if foreign:
        what = text("something else lies here ({name}); move it away or name another folder", name=foreign[0])
        raise StorageError(Problem(str(target), what))
