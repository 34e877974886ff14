"""A lesson's sound as the subtitle editor draws it: its outline, and where somebody speaks; kept in the cache."""

from __future__ import annotations

import base64
import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from courseware.files import write_text
from courseware.lessons.lesson import Lesson
from courseware.lessons.workspace import Workspace
from courseware.unchanged import stamp
from render.narration.narrate import narrated
from render.source.recording import spliced_sound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from courseware.speech.sound import Sound
    from courseware.times import Span

STEP_MS = 20  # of the outline; finer than a pixel of a line that shows twenty seconds
_LEAST_PAUSE_MS, _LEAST_SPEECH_MS = 150, 100  # shorter ones lie inside of a word, or are a click
_FORM = 1  # raise when the record changes its meaning


def outline_of(workspace: Workspace, lesson: Lesson) -> str:
    """JSON: `step_ms`; `peaks`, one byte for each step, base64; `speech`, pairs of milliseconds; `duration_ms`.

    Raises:
        MediaError: there is no sound, or none that can be read.
    """
    source = lesson.source_path if lesson.is_of_one_video else None
    mark = mark_of(source, lesson.audio, _FORM) if source else clips_mark(lesson)
    record = workspace.cache_dir / "desk" / "sound" / f"{mark}.json"
    with suppress(OSError):
        return record.read_text(encoding="ascii")
    from courseware.speech.sound import load_sound

    if source is None:
        spoken, _ = narrated(lesson, workspace, write=False)
        sound = load_sound(spliced_sound(spoken, workspace.cache_dir))
    else:
        sound = load_sound(source, lesson.audio)
    content = json.dumps(_outline(sound), separators=(",", ":"))
    with suppress(OSError):
        write_text(record, content, lasting=False)
    return content


def clips_mark(lesson: Lesson) -> str:
    """Tells one state of what a lesson shows of several videos from another."""
    heard = (lesson.pause, [stamp(path.stat()) for path in lesson.narration_paths]) if lesson.is_narrated else ()
    said = [_FORM, lesson.audio, lesson.clips, [stamp(path.stat()) for path in lesson.shown_files], *heard]
    return hashlib.sha256(repr(said).encode("utf-8", "surrogatepass")).hexdigest()[:24]


def mark_of(source: Path, *more: object) -> str:
    """Tells one state of a file from another, without reading it."""
    said = f"{source.absolute()} {stamp(source.stat())} {' '.join(map(str, more))}"
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _outline(sound: Sound) -> dict[str, Any]:
    import numpy as np

    from courseware.speech.sound import HOP_MS

    wide = STEP_MS // HOP_MS
    padded = np.pad(sound.peaks, (0, -len(sound.peaks) % wide))
    peaks = np.minimum(padded.reshape(-1, wide).max(axis=1) // 128, 255).astype(np.uint8)
    return {
        "step_ms": STEP_MS,
        "duration_ms": sound.duration_ms,
        "peaks": base64.b64encode(peaks.tobytes()).decode(),
        "speech": [[span.start_ms, span.end_ms] for span in speech_in(sound)],
    }


def speech_in(sound: Sound) -> Iterator[Span]:
    """Where somebody speaks: pauses within words closed, clicks left out."""
    from courseware.speech.activity import activity
    from courseware.speech.sound import HOP_MS
    from courseware.times import Span

    spans: list[Span] = []
    voiced = activity(sound.bands) > 0
    edges = [at for at in range(len(voiced) + 1) if (at < len(voiced) and voiced[at]) != (at > 0 and voiced[at - 1])]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        if spans and start * HOP_MS - spans[-1].end_ms < _LEAST_PAUSE_MS:
            spans[-1] = Span(spans[-1].start_ms, end * HOP_MS)
        else:
            spans.append(Span(start * HOP_MS, end * HOP_MS))
    return (span for span in spans if span.duration_ms >= _LEAST_SPEECH_MS)
