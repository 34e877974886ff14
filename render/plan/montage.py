"""A montage: which pictures of which sources follow each other in the body of a lesson. Pure.

Everything is counted in pictures of the result. A source's own pictures at that rate are its grid: a stretch of a
source that is shown once uncut and once cut has the same numbers on it, so what is cut elsewhere is not made again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from courseware.errors import InputError, Problem, text
from courseware.lessons.clipping.clip_file import SHORTEST_MS, Fit
from courseware.lessons.clipping.exact import too_long
from courseware.lessons.clips import Clip, beyond_end, lasting_ms, one_video, own_length_ms
from courseware.lessons.lesson_files import is_sequence
from courseware.media.facts import MediaFacts
from courseware.subtitles.cue import Cue
from courseware.subtitles.moving import TimeMap, moved
from courseware.times import Span, frames_for_ms
from render.plan.order import Order
from render.scene import Scene, SceneKind, scene_facts

_FLASH_MS = 300  # a subtitle of which less remains after cutting is not shown


@dataclass(frozen=True, slots=True)
class Reel:
    """A source, and how it is shown; its grid counts from its beginning, at its speed.

    Attributes:
        turn: degrees clockwise, beside what the file itself asks for.
        speed: how many times as fast.
        path: of the file; of the copy, if one stands in for its picture.
        sha256: of its bytes; "" for a copy, which the store vouches for.
        content: stands for all that its pictures depend on.
        scene: of a picture or card before it has become footage; None for a video.
        whole: nothing of it is cut away.
    """

    facts: MediaFacts
    fit: Fit = "pad"
    turn: int = 0
    speed: Fraction = Fraction(1)
    path: Path = Path()
    sha256: str = ""
    content: str = ""
    scene: Scene | None = None
    whole: bool = False

    @property
    def shown(self) -> MediaFacts:
        """The facts of its pictures after they were turned."""
        return replace(self.facts, rotation=(self.facts.rotation - self.turn) % 360) if self.turn else self.facts

    @property
    def fps(self) -> Fraction:
        """Pictures a second as they are shown."""
        return self.facts.fps * self.speed

    def frames(self, fps: Fraction) -> int:
        """How long its grid is."""
        return frames_for_ms(self.facts.duration_ms, fps / self.speed)

    def frame_at(self, ms: int, fps: Fraction) -> int:
        """The number on its grid of the picture nearest to a moment of the file."""
        return round(ms * fps / (1000 * self.speed))


@dataclass(frozen=True, slots=True)
class Take:
    """A stretch of a reel.

    Attributes:
        reel: its number in the montage.
        start: the first picture, on the reel's grid.
        fade: so many of its pictures, and of the last of the take before, are shown together.
        caption: printed with it.
        is_card: what is said stands on it, so that no subtitles are printed upon it.
    """

    reel: int
    start: int
    frames: int
    fade: int = 0
    gain_db: float = 0
    caption: str = ""
    is_card: bool = False

    @property
    def end(self) -> int:
        """The picture after the last."""
        return self.start + self.frames


@dataclass(frozen=True)
class Montage:
    """The body of a lesson.

    Attributes:
        one_source: all is of one file, whose time is that of the subtitles; of none where a narration is heard.
    """

    fps: Fraction
    reels: tuple[Reel, ...]
    takes: tuple[Take, ...]
    one_source: bool = True

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where in the body each take begins."""
        found, at = [], 0
        for take in self.takes:
            found.append(at - take.fade)
            at += take.frames - take.fade
        return tuple(found)

    @property
    def frames(self) -> int:
        """Of the body."""
        return sum(take.frames - take.fade for take in self.takes)

    def cues_on(self, number: int, cues: tuple[Cue, ...]) -> tuple[Cue, ...]:
        """The lesson's cues that a take shows something of, in the time of its reel's grid."""
        if self.one_source:
            rate, later_ms = 1 / self.reels[self.takes[number].reel].speed, 0
        else:
            rate, later_ms = Fraction(1), self._ms(self.takes[number].start) - self._ms(self.starts[number])
        by = TimeMap(rate, Fraction(later_ms))
        return tuple(cue for cue in moved(cues, by) if self._can_be_read(cue.span, number))

    def seen(self, number: int) -> Span:
        """The stretch of its grid in which a take is what is seen: up to the middle of a cross-fade."""
        take, after = self.takes[number], self.takes[number + 1 : number + 2]
        goes = after[0].fade if after else 0
        return Span(self._ms(take.start + take.fade // 2), self._ms(take.end - goes + goes // 2))

    def shown_cues(self, cues: tuple[Cue, ...]) -> tuple[Cue, ...]:
        """The lesson's cues in the time of the body; one that is cut in two, or shown twice, comes twice."""
        found: list[Cue] = []
        for number, take in enumerate(self.takes):
            later_ms = self._ms(self.starts[number]) - self._ms(take.start)
            on_screen = within(self.cues_on(number, cues), self.seen(number))
            found += moved(on_screen, TimeMap(offset_ms=Fraction(later_ms)))
        return tuple(sorted(found, key=lambda cue: cue.span))

    def is_on_card(self, span: Span) -> bool:
        """Whether a stretch of the body's time is that of a card, which shows by itself what is said."""
        frame = (span.start_ms + span.end_ms) * self.fps / 2000
        return self.takes[max(0, bisect_right(self.starts, frame) - 1)].is_card

    @property
    def stretches(self) -> tuple[tuple[Span, Span], ...]:
        """Of each take where it is in the body, and which stretch of the subtitles' time that is."""
        found = []
        for number, take in enumerate(self.takes):
            seen, speed = self.seen(number), self.reels[take.reel].speed
            at = seen.shifted(self._ms(self.starts[number]) - self._ms(take.start))
            own = Span(round(seen.start_ms * speed), round(seen.end_ms * speed)) if self.one_source else at
            found.append((at, own))
        return tuple(found)

    def shown_span(self, span: Span) -> Span | None:
        """Where a stretch of the subtitles' time is first seen in the body; None when it is not."""
        found = self.shown_cues((Cue(span, "·"),))
        return found[0].span if found else None

    def _can_be_read(self, cue: Span, number: int) -> bool:
        """Whether a take shows enough of a cue; a first and a last one lose nothing by cutting."""
        span = self.seen(number)
        start = cue.start_ms if number == 0 else max(cue.start_ms, span.start_ms)
        end = cue.end_ms if number == len(self.takes) - 1 else min(cue.end_ms, span.end_ms)
        return end - start >= min(_FLASH_MS, cue.duration_ms)

    def _ms(self, frames: int) -> int:
        return round(frames * 1000 / self.fps)


def within(cues: Sequence[Cue], span: Span) -> tuple[Cue, ...]:
    """The cues as far as they lie inside a span."""
    cut = ((cue, max(cue.span.start_ms, span.start_ms), min(cue.span.end_ms, span.end_ms)) for cue in cues)
    return tuple(replace(cue, span=Span(start, end)) for cue, start, end in cut if start < end)


def montage_of(order: Order, sources: Mapping[Path, Reel], fps: Fraction) -> Montage | None:
    """The montage of an order; None for a lesson without a video.

    Args:
        sources: each video, as it would be shown whole.

    Raises:
        InputError: a clip lies outside of its video, or nothing is left; all of them at once. Or all is longer than
            the lesson is to be.
    """
    if order.source is None and not order.clips:
        return None
    montage = _of_order(order, sources, fps)
    wrong = too_long(order.exactly_s, Fraction(montage.frames * 1000) / fps)
    if wrong is not None:
        raise InputError(Problem("exactly", wrong))
    return montage


def _of_order(order: Order, sources: Mapping[Path, Reel], fps: Fraction) -> Montage:
    if order.source is not None and not order.clips:
        reel = replace(sources[order.source], fit=order.fit, turn=order.rotate, whole=True)
        return Montage(fps, (reel,), (Take(0, 0, reel.frames(fps)),))
    montage = clipped(order.clips, sources, fps)
    return replace(montage, one_source=False) if order.utterances else montage


def clipped(clips: Sequence[Clip], sources: Mapping[Path, Reel], fps: Fraction) -> Montage:
    """The montage of clips; arguments and errors as of montage_of."""
    lengths = {path: reel.facts.duration_ms for path, reel in sources.items()}
    wrong = beyond_end(clips, lengths)
    if wrong:
        raise InputError(*(Problem(key, what) for key, what in wrong))
    shown = [
        (clip, _reel(clip, sources, lengths))
        for clip in clips
        if lasting_ms(clip, own_length_ms(clip, lengths) or 0) >= SHORTEST_MS
    ]
    reels = tuple(dict.fromkeys(reel for _, reel in shown))
    takes = tuple(_take(clip, reel, reels.index(reel), fps) for clip, reel in shown)
    _check_fades(takes, [clip.key for clip, _ in shown])
    return Montage(fps, reels, takes, one_source=one_video(clips))


def _reel(clip: Clip, sources: Mapping[Path, Reel], lengths_ms: Mapping[Path, int]) -> Reel:
    if not clip.is_footage:
        return replace(sources[clip.path], fit=clip.fit, turn=clip.rotate, speed=clip.speed)
    source = sources.get(clip.path) or Reel(scene_facts(0, 0, 0))  # a card without a picture
    facts = replace(source.facts, duration_ms=own_length_ms(clip, lengths_ms) or 0)
    scene = Scene(_kind(clip, source), clip.move, clip.fills, clip.card, clip.lines, clip.said)
    return replace(source, facts=facts, fit=clip.fit, turn=clip.rotate, scene=scene)


def _kind(clip: Clip, source: Reel) -> SceneKind:
    if clip.card:
        return "card"
    if is_sequence(clip.path.name):
        return "sequence"
    return "animation" if source.facts.duration_ms else "photo"


def _take(clip: Clip, reel: Reel, number: int, fps: Fraction) -> Take:
    start, last = reel.frame_at(clip.from_ms, fps), reel.frames(fps)
    end = last if clip.to_ms is None else min(last, reel.frame_at(clip.to_ms, fps))
    return Take(
        number, start, end - start, round(clip.fade_ms * fps / 1000), clip.gain_db, clip.caption, bool(clip.card)
    )


def _check_fades(takes: Sequence[Take], keys: Sequence[str]) -> None:
    goes = [*(take.fade for take in takes[1:]), 0]
    what = text("is shorter than the cross-fades into and out of it")
    short = [key for key, take, fade in zip(keys, takes, goes, strict=True) if take.fade + fade > take.frames]
    if short:
        raise InputError(*(Problem(key, what) for key in short))
