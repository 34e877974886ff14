"""The checks of what is seen and heard. A further one is a module with a CHECK, imported here, and a line."""

from __future__ import annotations

from render.quality.checks import basic, shape, soundness, subtitled
from render.quality.checks.check import QualityCheck
from render.quality.checks.expected import Expected
from render.quality.facts import PictureFacts
from render.quality.findings import QualityFinding, in_order
from render.quality.sound import SoundFacts

CHECKS: dict[str, QualityCheck] = {
    "basic": basic.CHECK,
    "shape": shape.CHECK,
    "soundness": soundness.CHECK,
    "subtitled": subtitled.CHECK,
}


def judge(picture: PictureFacts | None, sound: SoundFacts | None, expected: Expected) -> tuple[QualityFinding, ...]:
    """Everything that is wrong, in order of time, what concerns the whole file first.

    Args:
        picture: None when there is none, or it was not looked at.
        sound: the same.
    """
    return in_order(found for check in CHECKS.values() for found in check.judge(picture, sound, expected))
