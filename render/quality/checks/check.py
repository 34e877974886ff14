"""What a check of quality is: how it judges, and how its findings are called and explained in the report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from render.quality.checks.expected import Expected
from render.quality.facts import PictureFacts
from render.quality.findings import Kind, QualityFinding
from render.quality.sound import SoundFacts


@dataclass(frozen=True, slots=True)
class QualityCheck:
    """A check; all of it stands in one module of `render/quality/checks`.

    Attributes:
        judge: finds what is wrong, told what was seen and heard (None when there is none, or it was not looked at)
            and what the file should be. Pure: opens no file, decodes nothing.
        labels: each kind of thing that it finds, as quality.json names it → its name in the report.
        rules: its limits, for the end of the report.
        unseen: kinds that no picture of the place shows.
    """

    judge: Callable[[PictureFacts | None, SoundFacts | None, Expected], Iterable[QualityFinding]]
    labels: Mapping[Kind, str]
    rules: tuple[str, ...] = ()
    unseen: frozenset[Kind] = frozenset()
