"""Reads packets and pictures or sound out of a file that may be damaged: what cannot be read is passed over."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

# A playlist that calls itself a video must not make us fetch what it names.
PROTOCOLS = "file"


class Demuxed:
    """The packets of a container, or of one of its streams; `broke` tells afterwards whether an error ended them."""

    def __init__(self, container: InputContainer, *streams: VideoStream | AudioStream) -> None:
        self._container, self._streams = container, streams
        self.broke = False

    def __iter__(self) -> Iterator[Packet[Any]]:
        import av

        try:
            yield from self._container.demux(*self._streams)
        except (av.error.FFmpegError, OSError):
            self.broke = True
        except IndexError:
            # After the last packet, PyAV trips over a stream that was not there at the first.
            return


@overload
def frames(container: InputContainer, stream: VideoStream, packets: int) -> Iterator[VideoFrame]: ...


@overload
def frames(container: InputContainer, stream: AudioStream, packets: int) -> Iterator[AudioFrame]: ...


def frames(container: InputContainer, stream: VideoStream | AudioStream, packets: int) -> Iterator[Any]:
    """What the next packets of a stream hold; a damaged packet holds nothing, as in every player.

    Args:
        packets: after so many it ends, so that no file keeps us for ever.
    """
    import av

    for packet, _ in zip(Demuxed(container, stream), range(packets), strict=False):
        try:
            yield from stream.decode(packet)
        except av.error.FFmpegError:
            continue


def shape_of(frame: AudioFrame) -> tuple[int, str, str]:
    """Rate, channels and samples: what a sound has midway when it is not the same any more."""
    return frame.sample_rate, frame.layout.name, frame.format.name


def resampled(heard: Iterable[AudioFrame], **wanted: Any) -> Iterator[AudioFrame]:  # noqa: ANN401  (av.AudioResampler's)
    """Sound in one shape, whatever shapes it has one after the other.

    Args:
        wanted: as av.AudioResampler takes it.
    """
    import av

    for _, alike in groupby(heard, shape_of):
        resampler = av.AudioResampler(**wanted)
        for frame in alike:
            yield from resampler.resample(frame)
        yield from resampler.resample(None)


def changes_midway(path: Path, index: int) -> bool:
    """Whether a sound gets other channels or another rate, as where a broadcast goes over to its advertisements.

    Only sound whose every packet says what it is can do so, and only that is decoded.
    """
    import av

    try:
        with av.open(f"file:{path.absolute()}", options={"protocol_whitelist": PROTOCOLS}) as container:
            stream = next(one for one in container.streams.audio if one.index == index)
            if stream.codec_context.extradata or stream.codec_context.name.startswith("pcm_"):
                return False
            shapes = map(shape_of, frames(container, stream, sys.maxsize))
            first = next(shapes)
            return any(shape != first for shape in shapes)
    except (av.error.FFmpegError, ValueError, StopIteration, OSError):
        return False  # whoever decodes it says what is wrong
