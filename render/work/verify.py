"""Proves that a finished file is what it should be. Exit code 0 of ffmpeg is not proof. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from courseware.errors import Problem, Text, ToolError, text
from render.plan.profiles import Profile
from render.work.assemble import ReadPackets, read_packets

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

_AVCC_LEVEL = 3  # the byte of the decoder configuration (ISO/IEC 14496-15) that holds the level


class FileBox(NamedTuple):
    """A top-level box of an MP4 file: four letters, where it starts, its bytes."""

    kind: str
    start: int
    size: int


def boxes(path: Path) -> Iterator[FileBox]:
    """The top-level boxes (ISO/IEC 14496-12), in order.

    Raises:
        ValueError: a box has no size or goes beyond the end of the file.
    """
    end = path.stat().st_size
    with path.open("rb") as stream:
        start = 0
        while start < end:
            stream.seek(start)
            head = stream.read(16)
            size = int.from_bytes(head[:4], "big")
            if size == 1:  # the size follows the name, as 64 bits
                size = int.from_bytes(head[8:16], "big")
            if size < len(b"sizename") or start + size > end:
                raise ValueError(f"the box at byte {start} goes beyond the file")
            yield FileBox(head[4:8].decode("latin-1"), start, size)
            start += size


def is_intact(path: Path) -> bool:
    """Whether the file is a whole MP4 with its index first; cheap: reads only the boxes' heads."""
    try:
        kinds = [box.kind for box in boxes(path)]
    except (OSError, ValueError):
        return False
    return "mdat" in kinds and "moov" in kinds and kinds.index("moov") < kinds.index("mdat")


def is_steady(path: Path, frames: int, fps: Fraction) -> bool:
    """Whether a file holds so many pictures, and picture n is shown at n/fps exactly; decodes nothing."""
    import av

    try:
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            moments = _moments(container, stream)
            return len(moments) == frames and _out_of_step(moments, stream, fps) is None
    except (av.error.FFmpegError, IndexError, OSError):
        return False


def _moments(container: InputContainer, stream: VideoStream) -> list[int]:
    """When each picture is shown, in ticks of the stream, ascending."""
    return sorted(-1 if packet.pts is None else packet.pts for packet in container.demux(stream) if packet.size)


def _out_of_step(moments: Sequence[int], stream: VideoStream, fps: Fraction) -> int | None:
    """The first picture n that is not shown at n/fps; None when all are."""
    pace = Fraction(stream.time_base or 0) * fps
    up, down = pace.numerator, pace.denominator  # whole numbers: fractions would take a second for an hour
    return next((number for number, at in enumerate(moments) if at * up != number * down), None)


def verify(path: Path, profile: Profile, frames: int, digest: str) -> None:
    """Check the file against its profile: index first, canvas, exact frames, both lengths, every packet as it was.

    Args:
        digest: of the packets that went into it. They come from pieces that were decoded to the last picture, so the
            file decodes as they did.

    Raises:
        ToolError: with everything that is not as it should be.
    """
    import av

    wrong: list[Text] = []
    if not is_intact(path):
        wrong.append(text("its index does not come first"))
    try:
        with av.open(str(path)) as container:
            packets = read_packets(container)
            wrong += _check_picture(container, packets, profile, frames)
            wrong += _check_sound(container, profile, frames)
        if not wrong and packets.digest != digest:
            wrong.append(text("its pictures or its sound are not as they were made"))
    except (av.error.FFmpegError, ValueError) as error:
        wrong.append(text("it cannot be read: {reason}", reason=str(error)))
    if wrong:
        problem = text("the finished file is not right and was removed: {reason}")
        raise ToolError(*(Problem("", Text(problem.pattern, {"reason": one})) for one in wrong))


def _check_picture(container: InputContainer, packets: ReadPackets, profile: Profile, frames: int) -> Iterator[Text]:
    if not container.streams.video:
        yield text("it has no picture")
        return
    stream = container.streams.video[0]
    if (stream.width, stream.height) != profile.canvas:
        yield text("its size is {width}×{height}", width=stream.width, height=stream.height)
    if Fraction(stream.sample_aspect_ratio or 1) != 1:
        yield text("its pixels are not square")
    if stream.average_rate != profile.fps:
        yield text("it has {fps} pictures a second", fps=Fraction(stream.average_rate or 0))
    counted = len(packets.shown)
    if counted != frames:
        yield text("it has {counted} pictures instead of {frames}", counted=counted, frames=frames)
    off = _out_of_step(packets.shown, stream, profile.fps)
    if off is not None:
        at = f"{float(off / profile.fps):.2f}"
        yield text("its pictures do not come at even times; the first that is early or late is due at {at} s", at=at)
    if (stream.duration or 0) * Fraction(stream.time_base or 0) != frames / profile.fps:
        yield text("its picture does not last whole seconds")
    yield from _check_codec(stream, profile)


def _check_codec(stream: VideoStream, profile: Profile) -> Iterator[Text]:
    context = stream.codec_context
    if context.name != "h264" or context.pix_fmt != "yuv420p":
        yield text("its picture is {codec} {format}", codec=context.name, format=context.pix_fmt)
        return
    level = (context.extradata or bytes(_AVCC_LEVEL + 1))[_AVCC_LEVEL]
    if not 0 < level <= profile.level:
        yield text("its H.264 level is {level} instead of {wanted}", level=level / 10, wanted=profile.level / 10)


def _check_sound(container: InputContainer, profile: Profile, frames: int) -> Iterator[Text]:
    if not container.streams.audio:
        yield text("it has no sound track")
        return
    stream = container.streams.audio[0]
    context = stream.codec_context
    if (context.name, context.sample_rate, context.channels) != ("aac", profile.audio_rate, 2):
        yield text("its sound is {codec}, {rate} Hz", codec=context.name, rate=context.sample_rate)
    length = (stream.duration or 0) * Fraction(stream.time_base or 0)
    if abs(length - frames / profile.fps) > 1 / profile.fps:
        yield text("its sound lasts {seconds} s", seconds=f"{float(length):.2f}")
