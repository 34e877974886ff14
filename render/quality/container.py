"""Reads a whole file without decoding it: its boxes, its streams, the times of its packets; and judges them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from courseware.errors import Text, reason_of, text
from render.quality.checks.expected import Expected
from render.quality.findings import RENDER_AGAIN, Kind, QualityFinding, Severity
from render.quality.picture import opened
from render.work.verify import boxes

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.video.stream import VideoStream

    from render.plan.profiles import Profile

FAT32_BYTES = 2**32 - 1  # the longest file on a stick formatted as FAT32
_AVCC_LEVEL = 3  # the byte of the decoder configuration (ISO/IEC 14496-15) that holds the level
_START_MS = 40  # a picture; sound that begins later is late all through
_MP4 = (".mp4", ".m4v", ".mov")


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """The picture's stream.

    Attributes:
        level: of H.264, ten times; 0 when it is not known.
        pictures: how many packets.
        gap_ms: where the first picture is missing or too many; None when all follow evenly.
    """

    codec: str
    pixel_format: str
    width: int
    height: int
    sar: Fraction
    fps: Fraction
    level: int
    pictures: int
    gap_ms: int | None


@dataclass(frozen=True, slots=True)
class AudioFacts:
    """The sound's stream."""

    codec: str
    rate: int
    channels: int


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a file is, from outside.

    Attributes:
        refused: why it cannot be opened; None when it can.
        whole: whether it reaches as far as it says.
        index_first: whether a player can begin before it has read all; None for other containers than MP4.
        late_ms: how much later than the picture the sound begins.
    """

    size: int
    refused: Text | None = None
    whole: bool = True
    index_first: bool | None = None
    video: VideoFacts | None = None
    audio: AudioFacts | None = None
    late_ms: int = 0


@dataclass(slots=True)
class _Packets:
    """Counts the packets of a stream and keeps when they are shown."""

    shown: list[int] = field(default_factory=list)
    count: int = 0


def examine(path: Path) -> FileFacts:
    """Read a file from its first byte to its last; whatever is wrong with it is in the facts."""
    import av

    size = 0
    try:
        size = path.stat().st_size
        if not size:
            return FileFacts(0, refused=text("it is empty"))
        facts = _boxed(path, FileFacts(size))
        with opened(path) as container:
            return _streams(container, facts)
    except OSError as error:
        return FileFacts(size, refused=text("it cannot be read: {reason}", reason=reason_of(error)))
    except (av.error.FFmpegError, ValueError):
        what = text("it is cut off or damaged from the start, or is no video")
        return FileFacts(size, refused=what, whole=False)


def _boxed(path: Path, facts: FileFacts) -> FileFacts:
    if path.suffix.lower() not in _MP4:
        return facts
    kinds: list[str] = []
    try:
        kinds += (box.kind for box in boxes(path))
    except ValueError:
        return replace(facts, whole=False, index_first=_comes_first(path))
    index_first = "moov" in kinds and "mdat" in kinds and kinds.index("moov") < kinds.index("mdat")
    return replace(facts, index_first=index_first)


def _comes_first(path: Path) -> bool:
    """Whether the index comes first in a file whose last box is cut off."""
    try:
        for box in boxes(path):
            if box.kind in {"moov", "mdat"}:
                return box.kind == "moov"
    except ValueError:
        pass
    return False


def _streams(container: InputContainer, facts: FileFacts) -> FileFacts:
    """The facts with what is known of picture and sound, and by how many ms the sound begins after the picture."""
    video = container.streams.video[0] if container.streams.video else None
    audio = container.streams.audio[0] if container.streams.audio else None
    if audio is not None:
        facts = replace(facts, audio=_audio(audio))
    if video is None:
        return facts
    if _undecodable(video):
        return replace(facts, refused=text("no decoder knows its picture"))
    late = Fraction(0)
    if audio is not None:
        starts = [(stream.start_time or 0) * Fraction(stream.time_base or 0) for stream in (audio, video)]
        late = starts[0] - starts[1]
    packets, whole = _packets(container, video)
    return replace(facts, video=_video(video, packets), whole=facts.whole and whole, late_ms=round(late * 1000))


def _undecodable(stream: AudioStream | VideoStream) -> bool:
    """Whether libav has no decoder for it, and so no context, whatever the types of PyAV say."""
    context: object = stream.codec_context
    return context is None


def _audio(stream: AudioStream) -> AudioFacts:
    if _undecodable(stream):
        return AudioFacts("?", 0, 0)
    context = stream.codec_context
    return AudioFacts(context.name, context.sample_rate, context.channels)


def _packets(container: InputContainer, stream: VideoStream) -> tuple[_Packets, bool]:
    """The packets of the picture, and whether they could be read to the end."""
    import av

    packets = _Packets()
    try:
        for packet in container.demux(stream):
            if packet.size:
                packets.count += 1
                if packet.pts is not None:
                    packets.shown.append(packet.pts)
    except av.error.FFmpegError:
        return packets, False
    return packets, True


def _video(stream: VideoStream, packets: _Packets) -> VideoFacts:
    context = stream.codec_context
    extra = context.extradata or b""
    is_avc = context.name == "h264" and len(extra) > _AVCC_LEVEL and extra[0] == 1
    fps = Fraction(stream.average_rate or 0)
    return VideoFacts(
        codec=context.name,
        pixel_format=context.pix_fmt or "",
        width=stream.width,
        height=stream.height,
        sar=Fraction(stream.sample_aspect_ratio or 1),
        fps=fps,
        level=extra[_AVCC_LEVEL] if is_avc else 0,
        pictures=packets.count,
        gap_ms=_gap_ms(sorted(packets.shown), Fraction(stream.time_base or 0), fps),
    )


def _gap_ms(shown: list[int], base: Fraction, fps: Fraction) -> int | None:
    """Where the interval between two pictures is first another than that of the frame rate."""
    if len(shown) <= 1 or not base or not fps:
        return None
    # The frame rate of the stream is an average; the usual interval is what most pictures keep to.
    steps = [after - before for before, after in pairwise(shown)]
    usual = sorted(steps)[len(steps) // 2]
    for at, step in enumerate(steps):
        if abs(step - usual) * base * fps * 2 > 1:
            return round((shown[at + 1] - shown[0]) * base * 1000)
    return None


def judge_file(facts: FileFacts, expected: Expected) -> Iterator[QualityFinding]:
    """What is wrong with the file itself, apart from what is seen and heard in it."""
    if facts.refused is not None:
        yield _finding("unreadable", facts.refused, RENDER_AGAIN)
        return
    if not facts.whole:
        yield _finding("unreadable", text("its end is missing"), text("copy it again, or render this lesson again"))
    if facts.size > FAT32_BYTES:
        what = text("it has {size} bytes; a stick formatted as FAT32 holds no file of 4 GiB", size=facts.size)
        yield _finding("container", what, text("divide the lesson, or format the stick as exFAT"), "warning")
    severity: Severity = "error" if expected.profile else "warning"
    if facts.index_first is False:
        yield _finding("container", text("its index does not come first"), RENDER_AGAIN, severity)
    if facts.video is None:
        yield _finding("picture", text("it has no picture"), RENDER_AGAIN)
    else:
        yield from _judge_video(facts.video, expected)
    yield from _judge_audio(facts, expected, severity)


def _judge_video(video: VideoFacts, expected: Expected) -> Iterator[QualityFinding]:
    profile = expected.profile
    if video.sar != 1:
        severity: Severity = "error" if profile else "warning"
        shape = f"{video.sar.numerator}:{video.sar.denominator}"
        what = text("its pixels are {shape} wide to high instead of square, so that players stretch it", shape=shape)
        yield _finding("picture", what, RENDER_AGAIN, severity)
    if video.gap_ms is not None:
        yield _uneven(video.gap_ms, expected)
    if profile is None:
        return
    if (video.width, video.height) != profile.canvas:
        what = text(
            "its size is {width}×{height} instead of {canvas}",
            width=video.width,
            height=video.height,
            canvas=f"{profile.canvas.width}×{profile.canvas.height}",
        )
        yield _finding("picture", what, RENDER_AGAIN)
    if video.gap_ms is None and video.fps != profile.fps:
        what = text(
            "it has {fps} pictures a second instead of {wanted}", fps=_rate(video.fps), wanted=_rate(profile.fps)
        )
        yield _finding("picture", what, RENDER_AGAIN)
    yield from _judge_codec(video, profile)


def _uneven(at_ms: int, expected: Expected) -> QualityFinding:
    if expected.profile is None:
        return _finding("picture", text("the intervals between its pictures vary"), text("nothing to do"), "info")
    what = text("pictures are missing, or shown too long")
    return QualityFinding("picture", "error", at_ms, at_ms, what, RENDER_AGAIN)


def _judge_codec(video: VideoFacts, profile: Profile) -> Iterator[QualityFinding]:
    if video.codec != "h264" or video.pixel_format != "yuv420p":
        what = text("its picture is {codec} {format}", codec=video.codec, format=video.pixel_format)
        yield _finding("picture", what, RENDER_AGAIN)
    elif not 0 < video.level <= profile.level:
        what = text(
            "its H.264 level is {level} instead of {wanted}", level=video.level / 10, wanted=profile.level / 10
        )
        yield _finding("picture", what, RENDER_AGAIN)


def _judge_audio(facts: FileFacts, expected: Expected, severity: Severity) -> Iterator[QualityFinding]:
    audio, profile = facts.audio, expected.profile
    if audio is None:
        yield _finding("no-sound", text("it has no sound track"), RENDER_AGAIN, severity)
        return
    if profile is not None and (audio.codec, audio.rate, audio.channels) != ("aac", profile.audio_rate, 2):
        values = {"codec": audio.codec, "rate": audio.rate, "channels": audio.channels}
        what = text("its sound is {codec}, {rate} Hz, {channels} channels", **values)
        yield _finding("container", what, RENDER_AGAIN)
    if abs(facts.late_ms) > _START_MS:
        what = text("its sound begins {ms} ms after the picture", ms=facts.late_ms)
        if facts.late_ms < 0:
            what = text("its sound begins {ms} ms before the picture", ms=-facts.late_ms)
        yield _finding("offset", what, RENDER_AGAIN, severity)


def _finding(kind: Kind, what: Text, remedy: Text, severity: Severity = "error") -> QualityFinding:
    return QualityFinding(kind, severity, 0, 0, what, remedy)


def _rate(fps: Fraction) -> str:
    return f"{float(fps):.3f}".rstrip("0").rstrip(".")
