"""What a check finds: how grave it is, where, what is wrong and what to do; in order, counted. Judges nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from courseware.errors import Text, text

Severity = Literal["error", "warning", "info"]
Kind = str
"""What sort of thing is wrong, as quality.json names it; a check says which it finds, and how they are called."""

RANKS = {"error": 0, "warning": 1, "info": 2}
RENDER_AGAIN = text("render this lesson again")


@dataclass(frozen=True, slots=True)
class QualityFinding:
    """One thing that is wrong, or worth knowing ("info").

    Attributes:
        from_ms, to_ms: where in the file; both 0 when it is about the whole of it.
        sentence: what is wrong.
        remedy: what to do about it.
    """

    kind: Kind
    severity: Severity
    from_ms: int
    to_ms: int
    sentence: Text
    remedy: Text


def in_order(findings: Iterable[QualityFinding]) -> tuple[QualityFinding, ...]:
    """By time; at one time the worst first."""
    return tuple(sorted(findings, key=lambda one: (one.from_ms, RANKS[one.severity], one.kind)))


def worst(findings: Iterable[QualityFinding]) -> Severity | None:
    """The gravest severity; None for nothing found."""
    return min((one.severity for one in findings), key=lambda one: RANKS[one], default=None)


def counted(findings: Sequence[QualityFinding], severity: Severity) -> int:
    """How many findings there are of a severity."""
    return sum(one.severity == severity for one in findings)
