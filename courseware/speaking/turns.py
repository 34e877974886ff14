"""Who says what: a text as lesson.toml has it, with “甲：” and “乙：” before the turns of a dialogue."""

from __future__ import annotations

import re
from dataclasses import dataclass

PARTS = ("甲", "乙", "旁白", "男声", "女声", "男", "女")  # of a dialogue
_LABEL = re.compile(rf"\s*({'|'.join(PARTS)})\s*[:：]\s*")
_TURN = re.compile(r"\s+/\s+|[\r\n]+")
_SPEAKABLE = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class DialogueTurn:
    """A paragraph, said in one go.

    Attributes:
        part: whose it is in a dialogue, e.g. "甲"; "" for the only speaker.
    """

    text: str
    part: str = ""


def turns_of(says: str) -> tuple[DialogueTurn, ...]:
    """The paragraphs of a text; a label holds for those after it, and what cannot be spoken is none."""
    turns, part = [], ""
    for piece in _TURN.split(says):
        label = _LABEL.match(piece)
        said = piece[label.end() :] if label else piece
        part = label[1] if label else part
        if _SPEAKABLE.search(said):
            turns.append(DialogueTurn(" ".join(said.split()), part))
    return tuple(turns)
