"""Lists for LED cards, written beside a numbered folder. Experimental: by the makers' documents, tried on no card.

What each maker documents is the list; how its card wants a stick to be laid out is not documented by any.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from courseware.files import copy_file, write_bytes
from courseware.lessons.profile import Canvas
from playlists.kits.writing import Video
from playlists.schedules.schedule import Slot
from playlists.sticks.numbered import NumberedWindow

_BLACK = "0xFF000000"
_VSN_VIDEO = 3
_SUNDAY = 7  # of ISO weekdays


@dataclass(frozen=True, slots=True)
class CardVideo:
    """A showing, the numbered file that plays in it, and what cards know a file by."""

    slot: Slot
    name: str
    md5: str
    size: int

    @property
    def resource(self) -> str:
        """What Colorlight calls the file in <list>.files."""
        return f"F_{self.md5}_{self.size}.mp4"


@dataclass(frozen=True, slots=True)
class CardFormat:
    """How the list of a window is written, and whether its videos lie once more in <list>.files."""

    suffix: str
    dump: Callable[[NumberedWindow, tuple[CardVideo, ...], Canvas], bytes]
    own_files: bool = False


def card_videos(folder: NumberedWindow, videos: Mapping[str, Video]) -> tuple[CardVideo, ...]:
    """The showings of a window with the MD5 of their files, each read once."""
    sums = {one.slot.sha256: _md5(videos[one.slot.sha256].source) for one in folder.slots if one.name}
    return tuple(
        CardVideo(one.slot, one.name, sums[one.slot.sha256], videos[one.slot.sha256].size)
        for one in folder.slots
        if one.name
    )


def write_card_list(
    home: Path, folder: NumberedWindow, videos: Mapping[str, Video], card: CardFormat, canvas: Canvas
) -> None:
    """The list of a window beside its numbered folder, and its files once more where the card wants them so."""
    found = card_videos(folder, videos)
    write_bytes(home / f"{folder.name}{card.suffix}", card.dump(folder, found, canvas))
    if card.own_files:
        files = home / f"{folder.name}.files"
        files.mkdir()
        for one in {video.resource: video for video in found}.values():
            copy_file(videos[one.slot.sha256].source, files / one.resource)


def dump_vsn(folder: NumberedWindow, videos: tuple[CardVideo, ...], canvas: Canvas) -> bytes:
    """Colorlight's .vsn: a program of one page for each showing, held to the window's day and hours."""
    programs = ET.Element("Programs")
    program = ET.SubElement(programs, "Program")
    _put(program, "Information", {"Width": canvas.width, "Height": canvas.height})
    pages = ET.SubElement(program, "Pages")
    for video in videos:
        page = _put(pages, "Page", {"AppointDuration": video.slot.seconds * 1000, "LoopType": 0, "BgColor": _BLACK})
        region = _put(ET.SubElement(page, "Regions"), "Region", {"Layer": 1})
        place = {"X": 0, "Y": 0, "Width": canvas.width, "Height": canvas.height, "BorderWidth": 0}
        _put(region, "Rect", place)
        ET.SubElement(region, "Name").text = "File_Window"
        _vsn_item(ET.SubElement(region, "Items"), folder, video)
    ET.indent(programs)
    return bytes(ET.tostring(programs, encoding="utf-8", xml_declaration=True))


def _vsn_item(items: ET.Element, folder: NumberedWindow, one: CardVideo) -> None:
    lasts = one.slot.seconds * 1000
    values = {"Type": _VSN_VIDEO, "Duration": lasts, "PlayTimes": 1, "PlayLength": lasts, "Volume": "1.0", "Loop": 0}
    item = _put(items, "Item", values)
    day, clock = "%Y/%m/%d", "%H:%M:%S"
    schedule = {
        "IsLimitTime": 1,
        "StartTime": f"{folder.window.start:{clock}}",
        "EndTime": f"{folder.window.end:{clock}}",
        "IsLimitDate": 1,
        "StartDay": f"{folder.window.start:{day}}",
        "EndDay": f"{folder.window.end:{day}}",
        "IsLimitWeek": 0,
    }
    _put(item, "Schedule", schedule)
    source = {"IsRelative": 1, "FilePath": f".\\{folder.name}.files\\{one.resource}", "OriginName": one.name}
    _put(item, "FileSource", source)


def dump_vnnox(folder: NumberedWindow, videos: tuple[CardVideo, ...], canvas: Canvas) -> bytes:
    """The program part of NovaStar's VNNOX interface; `url` is the numbered file, to be replaced by its address."""
    del canvas  # A widget's place is given in per cent.
    window = folder.window
    plan = {
        "weekDays": [window.start.isoweekday() % _SUNDAY],
        "startTime": f"{window.start:%H:%M}",
        "endTime": f"{window.end:%H:%M}",
    }
    program = {
        "schedule": {"startDate": _day(window.start), "endDate": _day(window.end), "plans": [plan]},
        "pages": [{"name": one.name, "widgets": [widget]} for one, widget in _vnnox_widgets(folder, videos)],
    }
    return (json.dumps(program, ensure_ascii=False, indent=1) + "\n").encode()


def _vnnox_widgets(
    folder: NumberedWindow, videos: tuple[CardVideo, ...]
) -> Iterator[tuple[CardVideo, dict[str, Any]]]:
    for video in videos:
        yield (
            video,
            {
                "name": video.slot.title,
                "type": "VIDEO",
                "md5": video.md5,
                "size": video.size,
                "duration": video.slot.seconds * 1000,
                "url": f"{folder.name}/{video.name}",
                "zIndex": 1,
                "layout": {"x": "0%", "y": "0%", "width": "100%", "height": "100%"},
            },
        )


CARDS: Mapping[str, CardFormat] = {
    "colorlight": CardFormat(".vsn", dump_vsn, own_files=True),
    "vnnox": CardFormat(".vnnox.json", dump_vnnox),
}


def _put(parent: ET.Element, name: str, values: Mapping[str, object]) -> ET.Element:
    made = ET.SubElement(parent, name)
    for key, value in values.items():
        ET.SubElement(made, key).text = str(value)
    return made


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"


def _md5(path: Path) -> str:
    with path.open("rb") as stream:
        # The cards' own name for a file; nothing is proved by it.
        return hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
