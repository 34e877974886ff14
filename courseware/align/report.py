"""What alignment found, as one document: for JSON, for the terminal's table and for the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from courseware.align.confidence import SURE, Doubt
from courseware.align.cues import Alignment
from courseware.errors import Text, text

if TYPE_CHECKING:
    from courseware.align.making import Made

DOUBTS: dict[Doubt, Text] = {
    "unheard": text("not heard in the recording"),
    "place": text("the words fit as well at another place nearby"),
    "fit": text("the sound does not fit the words well"),
    "border": text("no pause before it"),
    "pace": text("spoken unusually fast or slowly"),
    "neighbour": text("something beside it does not fit"),
}


def as_document(made: Made) -> dict[str, Any]:
    """A plain document: cues with times, confidence in percent, and what a person should check."""
    document: dict[str, Any] = {
        "target": str(made.target),
        "written": str(made.written) if made.written else None,
        "state": made.state,
        "kept": made.kept,
    }
    if made.alignment is not None:
        document |= _alignment(made.alignment)
    if made.script is not None:
        document["left_out"] = list(made.script.left_out)
        document["doubts"] = [
            {"text": doubt.text, "kind": doubt.kind, "spoken": doubt.spoken} for doubt in made.script.doubts
        ]
    return document


def _alignment(alignment: Alignment) -> dict[str, Any]:
    return {
        "confidence": alignment.confidence,
        "duration_ms": alignment.duration_ms,
        "check": sum(cue.confidence < SURE for cue in alignment.cues),
        "cues": [
            {
                "number": number,
                "start_ms": cue.span.start_ms if cue.span else None,
                "end_ms": cue.span.end_ms if cue.span else None,
                "text": cue.text,
                "speaker": cue.speaker,
                "line": cue.line + 1,
                "opens_sentence": cue.opens,
                "confidence": cue.confidence,
                "check": cue.confidence < SURE,
                "doubts": list(cue.doubts),
            }
            for number, cue in enumerate(alignment.cues, 1)
        ],
        "unscripted": [{"start_ms": span.start_ms, "end_ms": span.end_ms} for span in alignment.unscripted],
    }
