"""What was found out about a piece when it was made: told by its note in the store to whoever joins or checks it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from courseware.errors import Text
from courseware.times import Span


@dataclass(frozen=True, slots=True)
class PieceFacts:
    """Of a picture or a sound; what is not known of it is empty.

    Attributes:
        damaged: the stretch of the source that was read, when a decoder had to guess in it.
        seen: of a picture, as render.quality.facts packs it: who asks whether a piece is there need not unpack it.
        heard: of a sound, as render.quality.sound packs it.
        notes: of a sound, what a person should know of it.
    """

    damaged: Span | None = None
    seen: str = ""
    heard: str = ""
    notes: tuple[Text, ...] = ()


NOTHING_KNOWN = PieceFacts()


def dump_piece_facts(facts: PieceFacts) -> dict[str, Any]:
    """As plain JSON, without what is empty; values of sentences as they are printed."""
    found = {
        "damaged": facts.damaged and [facts.damaged.start_ms, facts.damaged.end_ms],
        "seen": facts.seen,
        "heard": facts.heard,
        "notes": [
            {"pattern": note.pattern, "values": {name: str(value) for name, value in note.values.items()}}
            for note in facts.notes
        ],
    }
    return {name: value for name, value in found.items() if value}


def load_piece_facts(values: Mapping[str, Any]) -> PieceFacts:
    """What `dump_piece_facts` wrote; what else stands there is passed over.

    Raises:
        ValueError: it is something else.
    """
    try:
        return PieceFacts(
            damaged=Span(*values["damaged"]) if "damaged" in values else None,
            seen=values.get("seen", ""),
            heard=values.get("heard", ""),
            notes=tuple(Text(note["pattern"], note["values"]) for note in values.get("notes", ())),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"no facts of a piece: {error}") from error
