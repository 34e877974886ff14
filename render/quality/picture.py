"""Looks at every picture of a file once: proves that it decodes, and keeps a few bytes of each. Judges nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from courseware.errors import Problem, Text, ToolError, text
from courseware.media.facts import PROTOCOLS
from render.quality.facts import PictureFacts, Thumb, dump_facts, joined, load_facts
from render.quality.gathering import THUMB_TRIES, Gatherer

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame

__all__ = ["PictureFacts", "Thumb", "Watched", "dump_facts", "joined", "load_facts", "look", "opened", "watch"]


@dataclass(frozen=True, slots=True)
class Watched:
    """A file of which some pictures may be damaged.

    Attributes:
        facts: of what can be seen, one entry for each 1/fps of time; None when nothing can.
        fps: pictures a second that `facts` counts in.
        decoded: how many pictures came out.
        steady: whether each lasts as long as the others.
        damaged_ms: where a picture is damaged or missing, in order.
        end_ms: when the last picture ends.
    """

    facts: PictureFacts | None
    fps: Fraction
    decoded: int
    steady: bool
    damaged_ms: tuple[int, ...]
    end_ms: int


def look(path: Path, frames: int) -> PictureFacts:
    """Decode a file that was just encoded, once and wholly, on one thread.

    Args:
        frames: how many pictures it must have.

    Raises:
        ToolError: another number of pictures, a damaged one, or no video at all.
    """
    import av

    wrong: list[Text] = []
    facts = None
    try:
        with opened(path) as container:
            facts, wrong = _looked(container, frames)
    except (av.error.FFmpegError, ValueError) as error:
        wrong.append(text("it cannot be read: {reason}", reason=getattr(error, "strerror", None) or str(error)))
    if wrong or facts is None:
        problem = text("the finished file is not right and was removed: {reason}")
        raise ToolError(*(Problem("", Text(problem.pattern, {"reason": one})) for one in wrong))
    return facts


def _looked(container: InputContainer, frames: int) -> tuple[PictureFacts | None, list[Text]]:
    """Facts of the pictures, and what is wrong with them: damaged ones, and another number than it should be."""
    if not container.streams.video:
        return None, [text("it has no picture")]
    gatherer, damaged = Gatherer(), 0
    for frame in _decoded(container):
        damaged += frame is None or bool(frame.is_corrupt)
        if frame is not None:
            gatherer.take(frame)
    wrong = []
    if damaged:
        wrong.append(text("{count} of its pictures are damaged", count=damaged))
    if gatherer.pictures != frames:
        counted = gatherer.pictures
        wrong.append(text("it has {counted} pictures instead of {frames}", counted=counted, frames=frames))
    return gatherer.facts(), wrong


def watch(path: Path, on_progress: Callable[[int], None] | None = None) -> Watched:
    """Decode any file as far as it goes; damage is told, not raised.

    Args:
        on_progress: told the milliseconds seen so far.

    Raises:
        ValueError: nothing of it can be opened; the message is ffmpeg's.
    """
    import av

    try:
        with opened(path) as container:
            if not container.streams.video:
                return Watched(None, Fraction(25), decoded=0, steady=True, damaged_ms=(), end_ms=0)
            return _watched(container, on_progress)
    except av.error.FFmpegError as error:
        raise ValueError(error.strerror or str(error)) from error


def opened(path: Path) -> InputContainer:
    """The file as PyAV sees it; a playlist in disguise cannot make us fetch what it names."""
    import av

    options = {"protocol_whitelist": PROTOCOLS}
    return av.open(f"file:{path.absolute()}", metadata_errors="replace", options=options)


def _watched(container: InputContainer, on_progress: Callable[[int], None] | None) -> Watched:
    """Facts with one picture for each 1/fps of time, whatever moments the pictures have."""
    stream = container.streams.video[0]
    fps = Fraction(stream.average_rate or stream.base_rate or 25)
    gatherer, damaged, shown = Gatherer(), [], _Times(Fraction(stream.time_base or 0), fps)
    for frame in _decoded(container):
        if frame is None:
            damaged.append(shown.next_ms)
            continue
        if gatherer.take(frame):
            shown.add(frame.pts)
        if frame.is_corrupt:
            damaged.append(shown.latest_ms)
        if on_progress is not None and gatherer.pictures % THUMB_TRIES == 0:
            on_progress(shown.latest_ms)
    facts = gatherer.facts()
    if facts is not None and not shown.is_steady:
        facts = _evened(facts, shown.slots)
    return Watched(
        facts,
        fps,
        decoded=gatherer.pictures,
        steady=shown.is_steady,
        damaged_ms=tuple(damaged),
        end_ms=shown.next_ms,
    )


def _decoded(container: InputContainer) -> Iterator[VideoFrame | None]:
    """Every picture; None where one cannot be decoded. On one thread: with more, damage goes unnoticed."""
    import av

    stream = container.streams.video[0]
    stream.codec_context.thread_count = 1
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
            if packet is None:
                return
            yield from packet.decode()
        except av.error.FFmpegError:
            yield None


class _Times:
    """When the pictures are shown, and whether at even intervals."""

    def __init__(self, time_base: Fraction, fps: Fraction) -> None:
        self._base, self._fps = time_base, fps
        self.slots: list[int] = []
        self._origin: int | None = None

    def add(self, pts: int | None) -> None:
        after = self.slots[-1] + 1 if self.slots else 0
        if pts is None or not self._base:
            self.slots.append(after)
            return
        if self._origin is None:
            self._origin = pts
        self.slots.append(max(round((pts - self._origin) * self._base * self._fps), after - 1))

    @property
    def is_steady(self) -> bool:
        return all(slot == index for index, slot in enumerate(self.slots))

    @property
    def latest_ms(self) -> int:
        return round(self.slots[-1] * 1000 / self._fps) if self.slots else 0

    @property
    def next_ms(self) -> int:
        return round((self.slots[-1] + 1) * 1000 / self._fps) if self.slots else 0


def _evened(facts: PictureFacts, slots: Sequence[int]) -> PictureFacts:
    """The facts at even intervals: a picture that stays on is repeated without change."""
    owners = [-1] * (slots[-1] + 1)
    for index, slot in enumerate(slots):
        owners[slot] = index
    for slot in range(1, len(owners)):
        owners[slot] = owners[slot] if owners[slot] >= 0 else owners[slot - 1]
    return replace(
        facts,
        dark=bytes(facts.dark[owner] for owner in owners),
        light=bytes(facts.light[owner] for owner in owners),
        change=_once(facts.change, slots),
        calm=_once(facts.calm, slots),
        thumbs=tuple(replace(thumb, at=slots[thumb.at]) for thumb in facts.thumbs),
        borders=tuple(replace(one, at=slots[one.at]) for one in facts.borders),
        weaves=tuple(replace(one, at=slots[one.at]) for one in facts.weaves),
    )


def _once(changes: bytes, slots: Sequence[int]) -> bytes:
    """Each change where its picture is first shown, and nothing while that stays on."""
    even = bytearray(slots[-1] + 1)
    for change, slot in zip(changes, slots, strict=True):
        even[slot] = max(even[slot], change)
    return bytes(even)
