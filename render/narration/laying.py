"""Lays a narration over clips: how long each is shown, and where each section is heard. Pure.

A clip that says something, and the silent ones after it up to the next that does, share what is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from courseware.errors import InputError, Problem, text
from courseware.lessons.clips import Clip, lasting_ms, own_length_ms
from courseware.lessons.narrated import Utterance
from courseware.subtitles.cue import Cue
from courseware.times import Span

_SHORTEST_MS = 1_000  # of a picture that shares what is said
_SLACK_MS = 400  # so much of a section is the pause at its end, which may be cut


@dataclass(frozen=True, slots=True)
class LaidClips:
    """Clips of known lengths; and where in the whole each section begins."""

    clips: tuple[Clip, ...]
    starts_ms: tuple[int, ...]


def lay(clips: Sequence[Clip], lengths_ms: Mapping[Path, int], sections: Sequence[Span], *, whole: bool) -> LaidClips:
    """Give every picture its length.

    Args:
        lengths_ms: of the videos; a clip of anything else lasts as long as is wanted.
        sections: what each clip that says something says, in order.
        whole: the one section goes with all of the clips, whatever they say.

    Raises:
        InputError: clips are shown for too short a time for what they say; all of them at once.
    """
    groups = _groups(clips, whole=whole)
    laid: list[Clip] = []
    starts, problems = [], list[Problem]()
    at_ms, left = 0, iter(sections)
    for first, after in pairwise([*groups, len(clips)]):
        shown = clips[first:after]
        section = next(left) if whole or shown[0].says else None
        fades = sum(clip.fade_ms for clip in clips[first + 1 : after + 1])
        said_ms = section.duration_ms + fades if section else 0
        group = _shared(shown, lengths_ms, said_ms)
        lasts_ms = sum(_length(clip, lengths_ms) for clip in group) - fades
        if section is not None:
            starts.append(at_ms)
            if lasts_ms < section.duration_ms - _SLACK_MS:
                problems.append(_too_short(shown, lasts_ms, section.duration_ms))
        laid += group
        at_ms += lasts_ms
    if problems:
        raise InputError(*problems)
    return LaidClips(tuple(laid), tuple(starts))


def with_said(clips: Sequence[Clip], lengths_ms: Mapping[Path, int], cues: Sequence[Cue]) -> tuple[Clip, ...]:
    """The clips, the cards of them with what is heard while they are shown.

    Args:
        cues: in the time of the whole.
    """
    told, start_ms = list[Clip](), 0
    for clip in clips:
        start_ms -= clip.fade_ms
        end_ms = start_ms + _length(clip, lengths_ms)
        heard = [cue for cue in cues if clip.card and start_ms <= cue.span.start_ms < end_ms]
        said = tuple(Cue(cue.span.shifted(-start_ms), cue.text) for cue in heard)
        told.append(replace(clip, said=said))
        start_ms = end_ms
    return tuple(told)


def placed_cues(cues: Iterable[Cue], sections: Sequence[Span], starts_ms: Sequence[int]) -> tuple[Cue, ...]:
    """Cues of a narration in the time of the whole."""
    moved = (
        replace(cue, span=cue.span.shifted(start_ms - section.start_ms))
        for cue in cues
        for section, start_ms in zip(sections, starts_ms, strict=True)
        if section.start_ms <= cue.span.start_ms < section.end_ms
    )
    return tuple(sorted(moved, key=lambda cue: cue.span))


def placed_utterances(
    utterances: Sequence[Utterance], sections: Sequence[Span], starts_ms: Sequence[int]
) -> tuple[Utterance, ...]:
    """Utterances of a narration in the time of the whole; one that lies in two sections is cut between them."""
    found: list[Utterance] = []
    for section, start_ms in zip(sections, starts_ms, strict=True):
        for heard in utterances:
            first, last = max(heard.at_ms, section.start_ms), min(heard.end_ms, section.end_ms)
            if first < last:
                skipped_ms, at_ms = first - heard.at_ms, first - section.start_ms + start_ms
                piece = replace(heard, start_ms=heard.start_ms + skipped_ms, length_ms=last - first, at_ms=at_ms)
                found[-1:] = _joined(found[-1:], piece)
    return tuple(found)


def _joined(before: Sequence[Utterance], piece: Utterance) -> list[Utterance]:
    """The piece after the one before; both as one where nothing is between them."""
    for last in before:
        goes_on = last.key == piece.key and last.start_ms + last.length_ms == piece.start_ms
        if goes_on and last.end_ms == piece.at_ms:
            return [replace(last, length_ms=last.length_ms + piece.length_ms)]
    return [*before, piece]


def _groups(clips: Sequence[Clip], *, whole: bool) -> list[int]:
    """The number of the first clip of each group."""
    return [0] if whole else [number for number, clip in enumerate(clips) if number == 0 or clip.says]


def _shared(shown: Sequence[Clip], lengths_ms: Mapping[Path, int], said_ms: int) -> tuple[Clip, ...]:
    """The clips of a group; those whose length nobody said share what the others leave of what is said."""
    free = [number for number, clip in enumerate(shown) if _is_free(clip)] if said_ms else []
    if not free:
        return tuple(shown)
    fixed_ms = sum(_length(clip, lengths_ms) for clip in shown if not _is_free(clip))
    rest_ms = max(said_ms - fixed_ms, _SHORTEST_MS * len(free))
    ends = [rest_ms * (place + 1) // len(free) for place in range(len(free))]
    lengths = dict(zip(free, (end - start for start, end in pairwise([0, *ends])), strict=True))
    return tuple(replace(clip, to_ms=lengths.get(number, clip.to_ms)) for number, clip in enumerate(shown))


def _is_free(clip: Clip) -> bool:
    return clip.is_footage and clip.to_ms is None


def _length(clip: Clip, lengths_ms: Mapping[Path, int]) -> int:
    return round(lasting_ms(clip, own_length_ms(clip, lengths_ms) or 0))


def _too_short(shown: Sequence[Clip], lasts_ms: int, said_ms: int) -> Problem:
    what = text(
        "what is said lasts {said} s, but is shown for {shown} s; say less, show it longer or add a picture",
        said=f"{said_ms / 1000:.1f}",
        shown=f"{lasts_ms / 1000:.1f}",
    )
    return Problem(shown[0].key, what)
