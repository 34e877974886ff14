"""Joins pieces to a rendition: packets are copied, nothing is encoded; what was copied is compared afterwards."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from heapq import merge
from pathlib import Path
from typing import TYPE_CHECKING, Any

from courseware.errors import Problem, ToolError, text
from render.plan.profiles import Profile
from render.work.ffmpeg import StoppedError

if TYPE_CHECKING:
    from threading import Event

    from av.container import InputContainer, OutputContainer
    from av.packet import Packet
    from av.stream import Stream

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
        Digest of all packets, for `packets_digest` of the finished file.

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
            _with_stream(heard.demux(heard.streams.audio[0]), sound_out),
        )
        for packet in merge(*streams, key=_moment):
            if stop is not None and stop.is_set():
                raise StoppedError
            digests[packet.stream.index].update(packet)
            made.mux(packet)
        return "".join(digests[index].hexdigest() for index in sorted(digests))


def packets_digest(path: Path) -> str:
    """Digest of all packets of a finished file, picture first."""
    with _opened(path) as container:
        digests = [hashlib.sha256() for _ in container.streams]
        for packet in container.demux():
            if packet.size:
                digests[packet.stream.index].update(packet)
    return "".join(digest.hexdigest() for digest in digests)


def _opened(path: Path) -> InputContainer:
    import av

    return av.open(str(path))


def _unfit() -> ToolError:
    return ToolError(Problem("", text("the stored pieces do not fit together; run it again")))


def _moment(packet: Packet[Any]) -> int:
    """When a packet is decoded, in microseconds. Whole numbers: fractions would cost more than all the copying."""
    base = packet.time_base
    return (packet.dts or 0) * base.numerator * 1_000_000 // base.denominator if base else 0


def _pictures(
    pictures: Iterable[tuple[Path, int]], profile: Profile, stream: Stream, setup: bytes
) -> Iterator[Packet[Any]]:
    """The packets of all chunks, each moved to its place."""
    frames = 0
    for path, count in pictures:
        with _opened(path) as container:
            chunk = container.streams.video[0]
            if bytes(chunk.codec_context.extradata or b"") != setup or not chunk.time_base:
                raise _unfit()
            shift = int(frames / profile.fps / chunk.time_base)
            for packet in _with_stream(container.demux(chunk), stream):
                packet.pts, packet.dts = (packet.pts or 0) + shift, (packet.dts or 0) + shift
                yield packet
        frames += count


def _with_stream(packets: Iterable[Packet[Any]], stream: Stream) -> Iterator[Packet[Any]]:
    for packet in packets:
        if packet.size:
            packet.stream = stream
            yield packet
