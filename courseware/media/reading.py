"""Reads packets and pictures or sound out of a file that may be damaged: what cannot be read is passed over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, overload

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream


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
