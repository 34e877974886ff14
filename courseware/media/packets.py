"""Reads every packet of a source once: where each stream begins and ends, and how its pictures follow each other.

Decodes nothing and judges nothing; what it finds is small whatever the length of the file.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from courseware.media.clock import Clock
from courseware.media.parts import Headers
from courseware.media.reading import Demuxed

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.stream import VideoStream

_PREFIXED = {"h264", "hevc"}  # whose packets in MP4 and Matroska are units with their lengths before them
_KEPT_MS = 1000  # of several keyframes within so long, the first is kept
_FASTER = Fraction(6, 5)
_FALLBACK_GAP_MS = 1000


@dataclass(frozen=True, slots=True)
class Extent:
    """A stream's packets: where they begin and end in seconds, and how many bytes they are."""

    start: Fraction
    end: Fraction
    size: int = 0


@dataclass(frozen=True, slots=True)
class Pictures:
    """How the pictures of a stream follow each other; moments in seconds of the stream's own clock.

    Attributes:
        first, last: start of the first and of the last picture that is shown.
        keyframes: from which decoding can start, ascending, at most one per second; the first is `first`.
        longest_gap_ms: between the starts of two neighbours, rounded up.
        most_between: most pictures from one keyframe up to the next.
        in_order: every packet has a time stamp, and they are decoded in its order.
        reordered: some are shown in another order than they are decoded.
        starts_whole: the first picture shown can be decoded without an earlier one that an edit list hides.
        beside: a packet brings a second picture along, which in WebM is the transparency.
        damaged: from where to where packets are not what the camera wrote, up to the key frame after them.
    """

    count: int
    first: Fraction
    last: Fraction
    keyframes: tuple[Fraction, ...]
    longest_gap_ms: int
    most_between: int
    in_order: bool
    reordered: bool
    starts_whole: bool
    beside: bool
    damaged: tuple[tuple[Fraction, Fraction], ...]

    def rate(self, said: Fraction) -> Fraction:
        """Pictures a second: what the file says, unless there are far fewer than that."""
        if self.last <= self.first:
            return said
        counted = (self.count - 1) / (self.last - self.first)
        return said if 0 < said <= counted * _FASTER else counted.limit_denominator(1001)


@dataclass(frozen=True, slots=True)
class PacketReading:
    """What one pass over a file found.

    Attributes:
        extents: by stream index; a stream without packets is missing.
        pictures: None when the stream of pictures has no packet with a time.
        untimed: there are packets without any time.
        jumps: time stamps start again in the middle; all moments here are as if they went on.
        broke: reading ended with an error instead of the file's end.
        headers: what the key frames say of themselves.
    """

    extents: dict[int, Extent]
    pictures: Pictures | None
    untimed: bool
    jumps: bool
    broke: bool
    headers: Headers


@dataclass(slots=True)
class _Span:
    """An Extent in the making, in ticks of the stream."""

    start: int
    end: int
    size: int = 0
    usual: int = 0


@dataclass(slots=True)
class _Roll:
    """Pictures in the making, in ticks of the stream. Arrays: a number takes eight bytes."""

    tick: Fraction
    prefix: int
    shown: array[int] = field(default_factory=lambda: array("q"))
    keys: array[int] = field(default_factory=lambda: array("q"))
    since_key: int = 0
    most_between: int = 1
    before: int | None = None
    in_order: bool = True
    reordered: bool = False
    latest: int | None = None
    recent: deque[int] = field(default_factory=lambda: deque(maxlen=2))
    hidden: bool = False
    beside: bool = False
    first_is_key: bool | None = None
    damaged: array[int] = field(default_factory=lambda: array("q"))

    def take(self, packet: Packet[Any], at: int) -> None:
        """Note a packet of the stream; `at` is when its picture is shown."""
        goes_back = packet.dts is not None and self.before is not None and packet.dts <= self.before
        if packet.pts is None or goes_back:
            self.in_order = False
        self.before = packet.dts if packet.dts is not None else self.before
        self.reordered = self.reordered or (self.latest is not None and at < self.latest)
        self.latest = at
        key = packet.is_keyframe
        if key and goes_back:
            self.forgive()  # too little for the clock to have jumped
        self.recent.append(at)
        if key and not self.beside:
            self.beside = packet.has_sidedata("matroska_block_additional")
        self.since_key = 1 if key else self.since_key + 1
        self.most_between = max(self.most_between, self.since_key)
        if packet.is_corrupt or (self.prefix and not _well_formed(packet, self.prefix)):
            self.damaged.append(at)
        if packet.is_discard:
            self.hidden = True
            return
        if self.first_is_key is None:
            self.first_is_key = key
        self.shown.append(at)
        if key:
            self.keys.append(at)

    def result(self) -> Pictures | None:
        if not self.shown:
            return None
        shown = sorted(self.shown)
        gap = max((later - earlier for earlier, later in pairwise(shown)), default=0)
        return Pictures(
            count=len(shown),
            first=shown[0] * self.tick,
            last=shown[-1] * self.tick,
            keyframes=tuple(at * self.tick for at in self._spread(shown[0])),
            longest_gap_ms=-(-gap * self.tick * 1000 // 1) if gap else _FALLBACK_GAP_MS,
            most_between=self.most_between,
            in_order=self.in_order,
            reordered=self.reordered,
            starts_whole=bool(self.first_is_key) and not self.hidden,
            beside=self.beside,
            damaged=tuple((start * self.tick, end * self.tick) for start, end in self._damage(shown[-1] + gap)),
        )

    def forgive(self) -> None:
        """What comes just before a new beginning is whole: readers only miss the number that should have followed."""
        while self.damaged and self.damaged[-1] in self.recent:
            self.damaged.pop()

    def _damage(self, end: int) -> Iterator[tuple[int, int]]:
        """Damage is seen until the next key frame; places that touch are one."""
        keys = sorted(self.keys)
        found: list[list[int]] = []
        for at in sorted(self.damaged):
            after = bisect_right(keys, at)
            until = keys[after] if after < len(keys) else max(end, at + 1)
            if found and at <= found[-1][1]:
                found[-1][1] = max(found[-1][1], until)
            else:
                found.append([at, until])
        yield from ((start, until) for start, until in found)

    def _spread(self, first: int) -> Iterator[int]:
        """The first picture, then keyframes at least a second apart."""
        apart = Fraction(_KEPT_MS, 1000) / self.tick
        kept = first
        yield first
        for at in sorted(self.keys):
            if at - kept >= apart:
                kept = at
                yield at


def read_packets(container: InputContainer, video: VideoStream) -> PacketReading:
    """Read every packet up to the end, or up to where the file cannot be read any further."""
    spans: dict[int, _Span] = {}
    ticks: dict[int, Fraction] = {}
    roll = _Roll(Fraction(video.time_base or Fraction(1, 1000)), _prefix(video))
    demuxed, clock, headers, untimed = Demuxed(container), Clock(container), Headers(video), False
    for packet in demuxed:
        at = packet.pts if packet.pts is not None else packet.dts
        if at is None or packet.time_base is None:
            untimed = untimed or packet.size > 0
            continue
        jumped = clock.jumped
        at += clock.shift(packet)
        if clock.jumped > jumped:
            roll.forgive()
        index = packet.stream_index
        if index == video.index:
            roll.take(packet, at)
            if packet.is_keyframe and not packet.is_discard:
                headers.take(packet, at)
        if not packet.is_discard:
            ticks[index] = packet.time_base
            _stretch(spans, index, at, packet)
    extents = {
        index: Extent(span.start * ticks[index], span.end * ticks[index], span.size) for index, span in spans.items()
    }
    return PacketReading(extents, roll.result(), untimed, clock.jumped > 0, demuxed.broke, headers)


def _stretch(spans: dict[int, _Span], index: int, at: int, packet: Packet[Any]) -> None:
    span = spans.get(index)
    if span is None:
        span = spans[index] = _Span(at, at)
    if packet.duration:
        span.usual = packet.duration
    span.start = min(span.start, at)
    span.end = max(span.end, at + (packet.duration or span.usual))
    span.size += packet.size


def _prefix(video: VideoStream) -> int:
    """How many bytes of length stand before each unit of a packet; 0 when the stream is not made so."""
    extra = video.codec_context.extradata or b""
    if video.codec_context.name not in _PREFIXED or not extra or extra[0] != 1:
        return 0
    # ISO/IEC 14496-15: the length's own length is in byte 4 (H.264) or 21 (H.265) of the record.
    where = 4 if video.codec_context.name == "h264" else 21
    return (extra[where] & 3) + 1 if len(extra) > where else 0


def _well_formed(packet: Packet[Any], prefix: int) -> bool:
    """Whether the units of a packet fill it exactly; a hole of zeros, from a bad stick or download, does not."""
    data = memoryview(packet)
    at, size = 0, len(data)
    while at + prefix < size:
        length = int.from_bytes(data[at : at + prefix], "big")
        if not length:
            return False
        at += prefix + length
    return at == size
