"""Joins pieces to a rendition: packets are copied, nothing is encoded; what was copied is compared afterwards."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from heapq import merge
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from courseware.errors import Problem, ToolError, text
from render.plan.profiles import Profile
from render.work.ffmpeg import StoppedError

if TYPE_CHECKING:
    from threading import Event

    from av.audio.stream import AudioStream
    from av.container import InputContainer, OutputContainer
    from av.packet import Packet
    from av.stream import Stream
    from av.video.stream import VideoStream

    # When it is decoded, in microseconds; the stream that it goes to, which settles ties.
    _TimedPacket: TypeAlias = tuple[int, int, Packet[Any]]

# The same input, the same bytes; the index first, so that a player can begin at once.
_OPTIONS = {"movflags": "faststart", "fflags": "+bitexact"}


def assemble(
    pictures: Sequence[tuple[Path, int]], sound: Path, profile: Profile, target: Path, stop: Event | None = None
) -> str:
    """Write the MP4 file `target`.

    Args:
        pictures: chunks in order, each with its number of frames.
        sound: the soundtrack, as long as all of them.

    Returns:
        Digest of all packets, as `read_packets` finds it in the finished file.

    Raises:
        ToolError: the chunks do not belong together.
        OSError: the target cannot be written.
        StoppedError: `stop` was set.
    """
    import av

    try:
        return _joined(pictures, sound, profile, target, stop)
    except OSError:
        raise  # the disk's refusal, which PyAV's errors are, too
    except (av.error.FFmpegError, ValueError) as error:
        raise _unfit() from error


def _joined(
    pictures: Sequence[tuple[Path, int]], sound: Path, profile: Profile, target: Path, stop: Event | None
) -> str:
    import av

    with ExitStack() as opened:
        first_path, _ = pictures[0]
        first = opened.enter_context(_opened(first_path))
        heard = opened.enter_context(_opened(sound))
        made: OutputContainer = opened.enter_context(av.open(str(target), "w", format="mp4", options=_OPTIONS))
        picture_out = made.add_stream_from_template(first.streams.video[0])
        sound_out = made.add_stream_from_template(heard.streams.audio[0])
        digests = {picture_out.index: hashlib.sha256(), sound_out.index: hashlib.sha256()}
        streams = (
            _pictures(pictures, profile, picture_out, bytes(first.streams.video[0].codec_context.extradata or b"")),
            _moved(heard, heard.streams.audio[0], sound_out, 0),
        )
        for _, index, packet in merge(*streams):
            if stop is not None and stop.is_set():
                raise StoppedError
            digests[index].update(packet)
            made.mux(packet)
        return "".join(digests[index].hexdigest() for index in sorted(digests))


@dataclass(frozen=True, slots=True)
class ReadPackets:
    """What was read of a finished file, without decoding it.

    Attributes:
        digest: of all packets, picture first.
        shown: when each picture is shown, in ticks of its stream, ascending.
    """

    digest: str
    shown: tuple[int, ...]


def read_packets(container: InputContainer) -> ReadPackets:
    """Every packet of a file, once."""
    digests = [hashlib.sha256() for _ in container.streams]
    picture = container.streams.video[0].index if container.streams.video else None
    shown: list[int] = []
    for packet in container.demux():
        if packet.size:
            index = packet.stream.index
            digests[index].update(packet)
            if index == picture:
                shown.append(-1 if packet.pts is None else packet.pts)
    return ReadPackets("".join(digest.hexdigest() for digest in digests), tuple(sorted(shown)))


def _opened(path: Path) -> InputContainer:
    import av

    return av.open(str(path))


def _unfit() -> ToolError:
    return ToolError(Problem("", text("the stored pieces do not fit together; run it again")))


def _pictures(
    pictures: Iterable[tuple[Path, int]], profile: Profile, stream: Stream, setup: bytes
) -> Iterator[_TimedPacket]:
    """The packets of all chunks, each moved to its place."""
    frames = 0
    for path, count in pictures:
        with _opened(path) as container:
            chunk = container.streams.video[0]
            if bytes(chunk.codec_context.extradata or b"") != setup or not chunk.time_base:
                raise _unfit()
            yield from _moved(container, chunk, stream, int(frames / profile.fps / chunk.time_base))
        frames += count


def _moved(
    container: InputContainer, own: AudioStream | VideoStream, stream: Stream, shift: int
) -> Iterator[_TimedPacket]:
    """The packets of a stream, later by so many of its ticks, for another file's stream."""
    base, index = own.time_base or Fraction(0), stream.index
    # Whole numbers, and asked once: fractions would cost more than all the copying.
    ticks, seconds = base.denominator, base.numerator * 1_000_000
    for packet in container.demux(own):
        if packet.size:
            packet.stream = stream
            if shift:
                packet.pts, packet.dts = (packet.pts or 0) + shift, (packet.dts or 0) + shift
            yield (packet.dts or 0) * seconds // ticks, index, packet
