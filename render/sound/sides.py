"""Judges the sides of a recording, half a second at a time: which of them carries it, and what pushes it off zero.

Pure but for reading the file that ffmpeg's meters wrote.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from statistics import median

from courseware.times import Span
from render.sound.mends import Balance, Mends, SideStretch
from render.sound.meters import Metered, load_moments

STEP_MS = 500
_UNHEARD_DB = 40.0  # under the loudest tenth: what lies there tells nothing of the sides
_SILENT_DB = -70.0
_ONE_SIDED_DB = 20.0
_OPPOSED_DB = 10.0
_LEAST_STEPS = 4  # two seconds; less may be an effect in a piece of music
_ALIKE = 0.97  # of the steps that tell something: the whole is so
_LEAST_OFFSET = 0.0005
_OFFSET_SHARE = 0.1  # of the sound's own strength; a tenth is not yet heard as crackling
_OFFSET_STEPS = 0.25


@dataclass(frozen=True, slots=True)
class Step:
    """Half a second: strengths in dB of left, right, their mean and half their difference; offsets of full scale."""

    left: float
    right: float
    middle: float
    across: float
    offset: tuple[float, float]


def load_steps(path: Path, length_us: int) -> tuple[Step, ...]:
    """Read what the meters of `soundgraph.sides` wrote.

    Args:
        length_us: how much sound went through them.

    Raises:
        StorageError: it broke off.
    """
    return tuple(map(_step, load_moments(path, STEP_MS, length_us)))


def _step(metered: Metered) -> Step:
    left, right, middle, across = (metered.decibels(f"lavfi.astats.{channel}.RMS_level") for channel in (1, 2, 3, 4))
    return Step(
        left,
        right,
        middle,
        across,
        (metered.share("lavfi.astats.1.DC_offset"), metered.share("lavfi.astats.2.DC_offset")),
    )


def judge_sides(steps: Sequence[Step], *, stereo: bool) -> Mends:
    """What is to be mended of the sides.

    Args:
        stereo: whether the recording has two of them; one, or five, are only freed of their offset.
    """
    mends = Mends(offset=_offset(steps))
    if not stereo:
        return mends
    judged = _judged(steps)
    told = [one for one in judged if one is not None]
    if not told:
        return mends
    usual = max(told, key=told.count)
    if told.count(usual) >= _ALIKE * len(told) or len(told) < _LEAST_STEPS:
        return replace(mends, balance=usual)
    return replace(mends, stretches=tuple(_stretches(judged)))


def _judged(steps: Sequence[Step]) -> list[Balance | None]:
    """Which side carries each step; None where there is too little to tell."""
    if not steps:
        return []
    strengths = [max(step.left, step.right) for step in steps]
    loud = sorted(strengths)[-1 - len(strengths) // 10]
    least = max(_SILENT_DB, loud - _UNHEARD_DB)
    return [_side(step) if strength > least else None for step, strength in zip(steps, strengths, strict=True)]


def _side(step: Step) -> Balance:
    """Which side carries half a second: the one far above the other, or both, unless they cancel out in mono."""
    if step.left - step.right >= _ONE_SIDED_DB:
        return "left"
    if step.right - step.left >= _ONE_SIDED_DB:
        return "right"
    return "opposed" if step.across - step.middle >= _OPPOSED_DB else "both"


def _stretches(judged: Sequence[Balance | None]) -> Iterator[SideStretch]:
    """Where the sides differ from "both" for long enough; what tells nothing belongs to what came before."""
    held: list[Balance] = []
    for one in judged:
        held.append(one or (held[-1] if held else "both"))
    at = 0
    for balance, group in groupby(held):
        count = sum(1 for _ in group)
        if balance != "both" and count >= _LEAST_STEPS:
            yield SideStretch(Span(at * STEP_MS, (at + count) * STEP_MS), balance)
        at += count


def _offset(steps: Sequence[Step]) -> tuple[float, float]:
    """Of left and right where the sound begins; (0, 0) when there is none worth mending."""
    powers = [10 ** (max(step.left, step.right) / 10) for step in steps]
    if not powers:
        return 0.0, 0.0
    worth = max(_LEAST_OFFSET, _OFFSET_SHARE * (sum(powers) / len(powers)) ** 0.5)
    off = [step for step in steps if max(map(abs, step.offset)) >= worth]
    if len(off) < max(1, _OFFSET_STEPS * len(steps)):
        return 0.0, 0.0
    left, right = (median(step.offset[side] for step in off[:_LEAST_STEPS]) for side in (0, 1))
    return round(left, 5), round(right, 5)
