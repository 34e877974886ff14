"""The cue sheet of a broadcast: what is heard at which second, as CSV for a spreadsheet and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from courseware.files import write_text
from courseware.sheets.csv_text import dump_csv
from render.loudspeaker.layout import BroadcastPart
from render.sound.levelled import RATE

# Printed and laid beside the amplifier, so it is Chinese.
_KINDS = {"chime": "提示音", "item": "节目", "filler": "音乐"}
_HEADINGS = ("序号", "开始", "时长（秒）", "类别", "内容")
_CHIMES = {"opening": "前提示音", "between": "间隔音", "closing": "后提示音", "tune": "提示音乐"}


def sheets_of(broadcast: Path) -> tuple[Path, Path]:
    """The cue sheets beside a broadcast: for people, for programs."""
    return broadcast.with_suffix(".csv"), broadcast.with_suffix(".json")


def write_cues(parts: Sequence[BroadcastPart], broadcast: Path) -> None:
    """Write <name>.csv and <name>.json beside the broadcast; pauses are left out."""
    heard = [one for one in parts if one.kind != "pause"]
    rows = [
        (str(number), clock_ms(one.start), f"{one.samples / RATE:.1f}", _KINDS[one.kind], said(one))
        for number, one in enumerate(heard, 1)
    ]
    sheet, document_path = sheets_of(broadcast)
    write_text(sheet, dump_csv([_HEADINGS, *rows]))
    document = {"file": broadcast.name, "seconds": _end(parts) / RATE, "cues": [cue_document(one) for one in heard]}
    write_text(document_path, json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def cue_document(part: BroadcastPart) -> dict[str, Any]:
    """A line of the cue sheet as JSON; times in milliseconds."""
    return {
        "start_ms": part.start * 1000 // RATE,
        "length_ms": part.samples * 1000 // RATE,
        "kind": part.kind,
        "name": said(part),
    }


def clock_ms(samples: int) -> str:
    """A moment as "0:05:36.250"."""
    ms = samples * 1000 // RATE
    return f"{ms // 3_600_000}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"


def said(part: BroadcastPart) -> str:
    """What a part is called for people."""
    return part.name if part.kind == "item" else _CHIMES.get(part.name, part.name)


def _end(parts: Sequence[BroadcastPart]) -> int:
    return sum(one.samples for one in parts)
