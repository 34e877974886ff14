"""The page on which a person checks an alignment: waveform, cues, and a player; one file, nothing to fetch.

Knows nothing of how the times were found.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from courseware.align.confidence import SURE
from courseware.align.cues import Alignment, TimedCue
from courseware.align.report import DOUBTS
from courseware.errors import Text, text
from courseware.script.script import Doubt, DoubtKind
from templates.type.webfont import inline_faces

if TYPE_CHECKING:
    import numpy as np
    from jinja2 import Environment
    from numpy.typing import NDArray

_KINDS: Mapping[DoubtKind, Text] = {
    "heading": text("a heading?"),
    "speaker": text("a speaker's name?"),
    "direction": text("a direction?"),
    "numbering": text("a number?"),
}
_FOLDER = Path(__file__).parent
_ROW_MS = 20_000  # of the recording in one row of the waveform
_WIDTH, _HEIGHT = 1_000, 72
_FRAME_MS = 10


@dataclass(frozen=True, slots=True)
class CueMark:
    """A cue's stretch in a row, in units of the drawing."""

    left: float
    width: float
    number: int
    doubtful: bool


@dataclass(frozen=True, slots=True)
class WaveRow:
    """Twenty seconds of the recording.

    Attributes:
        clock: when it begins, as printed.
        outline: an SVG path.
    """

    start_ms: int
    clock: str
    outline: str
    marks: tuple[CueMark, ...]


@dataclass(frozen=True, slots=True)
class ReportedCue:
    """A cue as the page lists it."""

    number: int
    start_ms: int
    end_ms: int
    clock: str
    text: str
    confidence: int
    doubtful: bool
    why: str


def report_page(
    title: str,
    alignment: Alignment,
    peaks: NDArray[np.int32],
    audio: bytes,
    translate: Callable[[Text], str],
    doubts: Sequence[Doubt] = (),
) -> str:
    """The page as HTML.

    Args:
        peaks: largest sample of each 10 ms, 0 to 32768.
        doubts: lines of which the recording told whether they were spoken.
        audio: an MP3 of the recording, b"" for none.
        translate: from a sentence to the reader's language.
    """
    template = _environment().get_template("align_report.html.j2")
    given = {
        "title": title,
        "confidence": alignment.confidence,
        "trusted": alignment.confidence >= SURE,
        "rows": _rows(alignment, peaks),
        "entries": [_entry(number, cue, translate) for number, cue in enumerate(alignment.cues, 1)],
        "doubtful": len(alignment.doubtful),
        "settled": [(one.text, translate(_KINDS[one.kind]), one.spoken) for one in doubts if one.kind in _KINDS],
        "width": _WIDTH,
        "height": _HEIGHT,
        "row_ms": _ROW_MS,
        **{key: translate(sentence) for key, sentence in _words().items()},
    }
    characters = {ch for ch in template.render(**given, audio="", faces=()) if ch.isprintable()}
    encoded = base64.b64encode(audio).decode("ascii")
    return template.render(**given, audio=encoded, faces=tuple(inline_faces(characters)))


def _words() -> dict[str, Text]:
    return {
        "heading": text("Subtitle timing, to be checked"),
        "sure": text("sure"),
        "to_check": text("to check"),
        "whole": text("The script fits the recording"),
        "doubt": text("The script hardly fits the recording; it may be another one."),
        "only_doubtful": text("Show only what should be checked"),
        "how": text("Click a subtitle or the waveform to hear it. Space: play or pause; N: next one to check."),
        "column_time": text("time"),
        "column_text": text("text"),
        "column_why": text("why"),
        "decided": text("Lines that may only guide the reader; the recording decided"),
        "was_spoken": text("heard, kept"),
        "was_left_out": text("not heard, left out"),
    }


def _entry(number: int, cue: TimedCue, translate: Callable[[Text], str]) -> ReportedCue:
    start, end = (cue.span.start_ms, cue.span.end_ms) if cue.span else (-1, -1)
    return ReportedCue(
        number,
        start,
        end,
        exact_clock(start) if cue.span else "—",
        cue.text,
        cue.confidence,
        cue.confidence < SURE,
        "；".join(translate(DOUBTS[doubt]) for doubt in cue.doubts),
    )


def exact_clock(ms: int) -> str:
    """For people who look closely: "1:02.35"."""
    minutes, rest = divmod(ms, 60_000)
    return f"{minutes}:{rest // 1000:02}.{rest % 1000 // 10:02}"


def _rows(alignment: Alignment, peaks: NDArray[np.int32]) -> list[WaveRow]:
    loudest = max(1, int(peaks.max(initial=1)))
    count = -(-alignment.duration_ms // _ROW_MS)
    return [
        WaveRow(
            start,
            exact_clock(start)[:-3],
            _outline(peaks[start // _FRAME_MS : (start + _ROW_MS) // _FRAME_MS], loudest),
            tuple(_marks(alignment.cues, start)),
        )
        for start in range(0, count * _ROW_MS, _ROW_MS)
    ]


def _outline(peaks: NDArray[np.int32], loudest: int) -> str:
    """A path with a stroke every fourth frame, up and down from the middle."""
    import numpy as np

    padded = np.pad(peaks, (0, -len(peaks) % 4)).reshape(-1, 4).max(axis=1)
    middle = _HEIGHT / 2
    step = _WIDTH / (_ROW_MS / _FRAME_MS / 4)
    tall = np.maximum(0.5, padded / loudest * (middle - 2))
    return "".join(f"M{at * step:.0f} {middle - size:.1f}V{middle + size:.1f}" for at, size in enumerate(tall))


def _marks(cues: Sequence[TimedCue], start: int) -> list[CueMark]:
    found = []
    for number, cue in enumerate(cues, 1):
        if cue.span is None or cue.span.end_ms <= start or cue.span.start_ms >= start + _ROW_MS:
            continue
        left = max(0, cue.span.start_ms - start) * _WIDTH / _ROW_MS
        right = min(_ROW_MS, cue.span.end_ms - start) * _WIDTH / _ROW_MS
        found.append(CueMark(round(left, 1), round(right - left, 1), number, cue.confidence < SURE))
    return found


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(_FOLDER)
    return Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
