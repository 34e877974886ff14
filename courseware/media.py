"""Media facts: what a source is. Read with PyAV, by looking into the file, not by trusting its header."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from courseware.errors import MediaError, Problem, Text, reason_of, text

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet
    from av.stream import Stream
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

# A playlist that calls itself a video must not make us fetch what it names.
PROTOCOLS = "file"
_TRIES = 400  # packets to look at for a first picture; a stream joined midway needs some seconds of them
_MISSING_MS = 500  # headers are rounded; less than this is no sign of a broken copy


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """What the renderer needs to know of a source.

    Attributes:
        container: libav's name of the container.
        duration_ms: from the first to past the last picture or sound that is really in the file.
        video_index: which stream the picture is in (an attached cover does not count).
        width, height: as stored, before rotation and before the sample aspect ratio.
        sar: sample aspect ratio, 1 when unknown.
        rotation: degrees counter-clockwise that a player turns the picture, 0, 90, 180 or 270.
        fps: the frame rate a player would assume, 0 when unknown.
        interlaced: whether the first picture is flagged as two fields.
        audio_index: stream of the sound, None when there is none.
        audio_channels: 0 when there is none.
    """

    container: str
    duration_ms: int
    video_index: int
    video_codec: str
    width: int
    height: int
    sar: Fraction
    rotation: int
    fps: Fraction
    pixel_format: str
    interlaced: bool
    audio_index: int | None
    audio_codec: str
    audio_channels: int
    audio_rate: int


class _Extent(NamedTuple):
    """Where a stream's packets begin and end, in seconds."""

    start: Fraction
    end: Fraction


def probe(path: Path) -> MediaFacts:
    """Look into a video: its streams, its real length, its first picture.

    The length is measured by reading every packet, so a file that was cut off while being copied is noticed.

    Raises:
        MediaError: missing, empty, not a video, without picture, broken off, or not decodable; with what to do.
    """
    _look_at_file(path)
    with _opened(path) as container:
        video = _video_stream(container, path)
        picture = _first_picture(container, video, path)
    # Opened anew: what was decoded cannot be demuxed again.
    with _opened(path) as container:
        video = _video_stream(container, path)
        extents = _extents(container)
        sound = _sound_stream(container, extents, path)
        _check_complete(container, video, extents, path)
        return _facts(container, video, sound, picture, extents)


def _fail(path: Path, what: Text) -> MediaError:
    return MediaError(Problem(path.name, what))


def _look_at_file(path: Path) -> None:
    if any("\ud800" <= ch <= "\udfff" for ch in str(path.absolute())):
        # Linux, from a zip made on an old Chinese Windows: bytes that are no text.
        raise _fail(path, text("its name, or that of a folder above it, is damaged; rename it"))
    try:
        if path.is_dir():
            raise _fail(path, text("this is a folder, not a video"))
        size = path.stat().st_size
    except FileNotFoundError:
        raise _fail(path, text("there is no such file")) from None
    except OSError as error:
        raise _fail(path, text("cannot be read: {reason}", reason=reason_of(error))) from error
    if size == 0:
        raise _fail(path, text("the file is empty; copy it again"))


@contextmanager
def _opened(path: Path) -> Iterator[InputContainer]:
    import av

    try:
        # PyAV 19 leaves metadata alone until asked; before, a title in GBK would make the file unreadable.
        lenient: dict[str, Any] = {} if int(av.__version__.split(".")[0]) >= 19 else {"metadata_errors": "replace"}  # noqa: PLR2004
        # "file:" so that a name with a colon or a leading dash stays a name.
        container = av.open(f"file:{path.absolute()}", options={"protocol_whitelist": PROTOCOLS}, **lenient)
    except PermissionError as error:
        raise _fail(path, text("cannot be read: {reason}", reason=reason_of(error))) from error
    except (av.error.FFmpegError, ValueError) as error:
        what = text("this is not a video, or only a part of one; copy it again from the camera or the sender")
        raise _fail(path, what) from error
    with container:
        yield container


def _video_stream(container: InputContainer, path: Path) -> VideoStream:
    """The first stream of moving pictures; covers and thumbnails do not count."""
    from av.stream import Disposition

    still = Disposition.attached_pic | Disposition.timed_thumbnails
    moving = [one for one in container.streams.video if not one.disposition & still]
    if not moving:
        raise _fail(path, text("there is no picture in this file, only sound or a cover; give the video itself"))
    stream = moving[0]
    if not _has_decoder(stream) or not stream.width or not stream.height:
        raise _fail(path, text("the picture is in a format that cannot be read; save it as an MP4 (H.264) video"))
    return stream


def _has_decoder(stream: Stream) -> bool:
    # Its type says that it always has one.
    return getattr(stream, "codec_context", None) is not None


def _sound_stream(container: InputContainer, extents: dict[int, _Extent], path: Path) -> AudioStream | None:
    """The sound marked as default, else the first; a stream that is announced but empty does not count."""
    from av.stream import Disposition

    there = [one for one in container.streams.audio if one.index in extents]
    usable = [one for one in there if _has_decoder(one)]
    if there and not usable:
        raise _fail(path, text("the sound is in a format that cannot be read; save it as an MP4 (H.264, AAC) video"))
    marked = [one for one in usable if one.disposition & Disposition.default]
    return next(iter(marked or usable), None)


def _first_picture(container: InputContainer, video: VideoStream, path: Path) -> VideoFrame:
    import av

    try:
        for packet, _ in zip(container.demux(video), range(_TRIES), strict=False):
            pictures = _decoded(video, packet)
            if pictures:
                return pictures[0]
    except av.error.FFmpegError:
        pass  # The message below says it better.
    raise _fail(path, text("no picture of this video can be shown; it is damaged: copy it again or save it anew"))


def _decoded(video: VideoStream, packet: Packet[Any]) -> list[VideoFrame]:
    """Pictures of one packet; a damaged packet has none, as in every player."""
    import av

    try:
        return video.decode(packet)
    except av.error.FFmpegError:
        return []


def _extents(container: InputContainer) -> dict[int, _Extent]:
    """Read every packet; where each stream begins and ends."""
    found: dict[int, _Extent] = {}
    usual: dict[int, int] = {}
    for packet in _packets(container):
        at = packet.pts if packet.pts is not None else packet.dts
        if at is None or packet.time_base is None:
            continue
        index = packet.stream.index
        if packet.duration:
            usual[index] = packet.duration
        start = at * packet.time_base
        end = (at + (packet.duration or usual.get(index, 0))) * packet.time_base
        before = found.get(index, _Extent(start, end))
        found[index] = _Extent(min(before.start, start), max(before.end, end))
    return found


def _packets(container: InputContainer) -> Iterator[Packet[Any]]:
    """Every packet up to the end or to where the file can no longer be read."""
    import av

    try:
        yield from container.demux()
    except av.error.FFmpegError:
        return


def _check_complete(container: InputContainer, video: VideoStream, extents: dict[int, _Extent], path: Path) -> None:
    """Compare what the header promises with what is in the file."""
    if video.index not in extents:
        raise _fail(path, text("the video has a beginning but no pictures; copy it again"))
    promised = _promised(container, video)
    there = extents[video.index].end - min(_origin(container, extents), extents[video.index].start)
    if video.duration is None:
        there = max(one.end for one in extents.values()) - _origin(container, extents)
    # At 1 frame a second, two pictures of difference are rounding, too.
    slack = max(Fraction(_MISSING_MS, 1000), promised / 100, 2 / (video.average_rate or Fraction(25)))
    if promised - there > slack:
        what = text(
            "the video breaks off at {there} s of {promised} s; copy it again",
            there=f"{float(there):.1f}",
            promised=f"{float(promised):.1f}",
        )
        raise _fail(path, what)


def _promised(container: InputContainer, video: VideoStream) -> Fraction:
    """Length in seconds that the header gives the picture, or else all streams; 0 when it says nothing."""
    if video.duration is not None:
        return video.duration * Fraction(video.time_base or 0)
    return Fraction(container.duration or 0, 1_000_000)


def _origin(container: InputContainer, extents: dict[int, _Extent]) -> Fraction:
    """The moment that players, and ffmpeg, call 0."""
    if container.start_time is not None:
        return Fraction(container.start_time, 1_000_000)
    return min(one.start for one in extents.values())


def _facts(
    container: InputContainer,
    video: VideoStream,
    sound: AudioStream | None,
    picture: VideoFrame,
    extents: dict[int, _Extent],
) -> MediaFacts:
    shown: list[Stream] = [video, *([sound] if sound else [])]
    end = max(extents[one.index].end for one in shown)
    return MediaFacts(
        container=container.format.name,
        duration_ms=max(1, round((end - _origin(container, extents)) * 1000)),
        video_index=video.index,
        video_codec=video.codec_context.name,
        width=picture.width,
        height=picture.height,
        sar=Fraction(video.sample_aspect_ratio or 1),
        # To the quarter turn: nothing else can be shown upright.
        rotation=round(picture.rotation / 90) * 90 % 360,
        fps=Fraction(video.guessed_rate or video.average_rate or 0),
        pixel_format=picture.format.name,
        interlaced=picture.interlaced_frame,
        audio_index=sound.index if sound else None,
        audio_codec=sound.codec_context.name if sound else "",
        audio_channels=sound.codec_context.channels if sound else 0,
        audio_rate=sound.codec_context.sample_rate if sound else 0,
    )
