"""Where a source's pictures become others midway: another size, pixel shape, orientation or format.

What a picture is stands in the headers beside each key frame. They are compared while packets are read; only a key
frame with other headers than all before is decoded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

from courseware.media.colour import bits_of, colour_of, turn_of

if TYPE_CHECKING:
    from av.bitstream import BitStreamFilterContext
    from av.packet import Packet
    from av.video.codeccontext import VideoCodecContext
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_MOST = 64  # kinds of headers; a stream with more is damaged rather than varied
# To units with start codes, then their parameter sets beside the packet.
_TO_HEADERS = ("h264_mp4toannexb,extract_extradata", "hevc_mp4toannexb,extract_extradata", "extract_extradata")
# Where a key frame itself begins with its size: RFC 6386 (VP8), the uncompressed header of VP9.
_SIZES = {"vp8": slice(6, 10), "vp9": slice(4, 8)}
# Supplemental information before a picture (ITU-T H.264 and H.265), and the kind of it that says how it is turned.
_INFORMATION = (b"\0\0\x01\x06", b"\0\0\x01\x4e\x01")
_ORIENTATION, _SEARCHED_BYTES = 47, 4096
_UNIT_END = 0x80  # the bit that ends a unit


@dataclass(frozen=True, slots=True)
class PictureKind:
    """What a picture is, as `MediaFacts` names it."""

    width: int
    height: int
    sar: Fraction
    rotation: int
    mirrored: bool
    pixel_format: str
    bits: int
    primaries: str
    transfer: str
    matrix: str
    color_range: str


@dataclass(frozen=True, slots=True)
class SourcePart:
    """A stretch of a source whose pictures are alike.

    Attributes:
        start_ms: of its first picture, from the source's origin, rounded down.
    """

    start_ms: int
    kind: PictureKind


@dataclass(slots=True)
class Headers:
    """The headers of a stream's key frames, noted one after the other.

    Attributes:
        changes: when a key frame had other headers than the one before, in ticks of the stream.
    """

    stream: VideoStream
    changes: list[tuple[int, bytes]] = field(default_factory=list)
    _first: dict[bytes, Packet[Any]] = field(default_factory=dict)
    _filter: BitStreamFilterContext | None = None

    def __post_init__(self) -> None:
        self._filter = _filter_of(self.stream)

    def take(self, packet: Packet[Any], at: int) -> None:
        """Note a key frame that is shown at `at`."""
        read = self._read(packet)
        if not read or (self.changes and self.changes[-1][1] == read):
            return
        if read not in self._first:
            if len(self._first) == _MOST:
                return
            self._first[read] = _copied(packet)
        self.changes.append((at, read))

    def _read(self, packet: Packet[Any]) -> bytes:
        """What identifies the headers of a key frame; nothing where they cannot be found."""
        import av

        if size := _SIZES.get(self.stream.codec_context.name):
            return bytes(memoryview(packet)[size])
        if self._filter is None:
            return b""
        try:
            filtered = self._filter.filter(_copied(packet))
        except (av.error.FFmpegError, ValueError):
            return b""  # damaged
        return b"".join(_headers(one) for one in filtered)

    def parts(self, first: PictureKind, tick: Fraction, origin: Fraction) -> tuple[SourcePart, ...]:
        """The parts of a source of which some pictures are not like the first; nothing when all are.

        Args:
            first: its first picture, as a player sees it.
            tick: seconds.
            origin: the moment that players call 0, in seconds.
        """
        if len(self._first) <= 1:
            return ()
        kinds = {read: kind for read, packet in self._first.items() if (kind := self._decoded(packet)) is not None}
        changes = [(at, kinds[read]) for at, read in self.changes if read in kinds]
        found: list[SourcePart] = []
        shown = [kind for _, kind in changes]
        for at, kind in changes:
            seen = _as_seen(kind, shown[0], first)
            if not found or found[-1].kind != seen:
                start_ms = int((at * tick - origin) * 1000 // 1) if found else 0
                found.append(SourcePart(start_ms, seen))
        return tuple(found) if len(found) > 1 else ()

    def _decoded(self, packet: Packet[Any]) -> PictureKind | None:
        """What the bytes of a key frame alone say of it."""
        import av

        context = cast("VideoCodecContext", av.CodecContext.create(self.stream.codec_context.name, "r"))
        own = packet.get_sidedata("new_extradata") if packet.has_sidedata("new_extradata") else None
        context.extradata = bytes(own) if own is not None else self.stream.codec_context.extradata
        try:
            picture = next(iter((*context.decode(packet), *context.decode(None))), None)
        except (av.error.FFmpegError, ValueError):
            return None
        if picture is None:
            return None
        return kind_of(picture, Fraction(context.sample_aspect_ratio or 1))


def kind_of(picture: VideoFrame, sar: Fraction) -> PictureKind:
    """What a decoded picture is; its pixels' shape is told by others."""
    turn, colour = turn_of(picture), colour_of(picture)
    return PictureKind(
        width=picture.width,
        height=picture.height,
        sar=sar,
        rotation=turn.rotation,
        mirrored=turn.mirrored,
        pixel_format=picture.format.name,
        bits=bits_of(picture),
        primaries=colour.primaries,
        transfer=colour.transfer,
        matrix=colour.matrix,
        color_range=colour.color_range,
    )


def _filter_of(stream: VideoStream) -> BitStreamFilterContext | None:
    """The first of our filters that takes the stream; None for a kind of which no filter finds headers."""
    from av.bitstream import BitStreamFilterContext

    for names in _TO_HEADERS:
        try:
            return BitStreamFilterContext(names, in_stream=stream)
        except ValueError:
            continue
    return None


def _copied(packet: Packet[Any]) -> Packet[Any]:
    """What a filter may take away."""
    from av.packet import Packet as Fresh

    copy = Fresh(bytes(packet))
    copy.is_keyframe = True
    if packet.has_sidedata("new_extradata"):
        copy.set_sidedata(packet.get_sidedata("new_extradata"))
    return copy


def _headers(packet: Packet[Any]) -> bytes:
    found = bytes(packet.get_sidedata("new_extradata")) if packet.has_sidedata("new_extradata") else b""
    start = bytes(memoryview(packet)[:_SEARCHED_BYTES])
    return b"".join((found, *_turns(start)))


def _turns(start: bytes) -> Iterator[bytes]:
    """The messages of orientation at the start of a key frame."""
    for sign in _INFORMATION:
        for unit in start.split(sign)[1:]:
            rest = unit
            while len(rest) > 1 and rest[0] != _UNIT_END:
                kind, rest = _number(rest)
                size, rest = _number(rest)
                if kind == _ORIENTATION:
                    yield rest[:size]
                rest = rest[size:]


def _number(rest: bytes) -> tuple[int, bytes]:
    """A number of any length: a byte of 255 says that it goes on."""
    full = len(rest) - len(rest.lstrip(b"\xff"))
    return 255 * full + (rest[full] if len(rest) > full else 0), rest[full + 1 :]


def _as_seen(kind: PictureKind, before: PictureKind, first: PictureKind) -> PictureKind:
    """What differs from the first key frame's own bytes; the rest is as the container says it for all."""
    own, opening, shown = asdict(kind), asdict(before), asdict(first)
    return PictureKind(**{name: shown[name] if own[name] == opening[name] else own[name] for name in own})
