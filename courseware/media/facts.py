"""Media facts: what a source is. Read with PyAV, by looking into the file, not by trusting its header."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from courseware.errors import MediaError, Problem, Text, reason_of, text
from courseware.media.colour import has_alpha
from courseware.media.fields import fields_of
from courseware.media.packets import PacketReading, Pictures, read_packets
from courseware.media.parts import SourcePart, kind_of
from courseware.media.promise import promised
from courseware.media.reading import PROTOCOLS, frames
from courseware.media.seeking import seekable
from courseware.media.tracks import SoundTrack, choose, has_decoder, tracks_of
from courseware.times import Span

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

__all__ = ["PROTOCOLS", "MediaFacts", "SoundTrack", "probe", "sound_index"]

_TRIES = 400  # packets to look at for a first picture; a stream joined midway needs some seconds of them
_MISSING_MS = 500  # headers are rounded; less than this is no sign of a broken copy
_ASKED = 19  # the PyAV that leaves metadata alone until asked


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """What the renderer needs to know of a source. Moments are relative to `origin`.

    Attributes:
        container: libav's name of the container.
        duration_ms: from `origin` to past the last picture or sound that is really in the file.
        video_index: which stream the picture is in (an attached cover does not count).
        width, height: as stored, before rotation and before the sample aspect ratio.
        sar: sample aspect ratio, 1 when unknown.
        rotation: degrees counter-clockwise that a player turns the picture, 0, 90, 180 or 270.
        fps: the frame rate a player would assume, 0 when unknown.
        interlaced: pictures are two fields woven together, by what they look like.
        audio_index: stream of the sound, None when there is none.
        audio_channels: 0 when there is none.
        origin: seconds; what players, and ffmpeg, call 0.
        keyframes_ms: from which decoding can start, rounded down, ascending, at most one per second; the first is
            where the first picture is.
        longest_gap_ms: from the start of one picture to the start of the next, rounded up.
        last_picture_ms: start of the last picture; None when unknown.
        seekable: a seek to one of `keyframes_ms` lands there or before; moments between them may land behind.
        gop_pictures: most pictures from one keyframe up to the next.
        primaries, transfer, matrix, color_range: ffmpeg's names, "" when the file does not say.
        alpha: parts may be transparent.
        mirrored: a player swaps left and right before it turns the picture.
        bits: of a sample.
        field_order: "tff" or "bff" when interlaced.
        tracks: every sound track, in the file's order.
        broken_at_ms: where a broken file ends that was salvaged; None for a whole one.
        jumps: time stamps start again where recordings were joined; all moments here are as if they went on, which is
            what ffmpeg makes of them without -copyts.
        parts: stretches of pictures that are alike, where they become others midway; the facts are the first's.
        damaged: where packets are not what the camera wrote, as long as that is seen.
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
    origin: Fraction = Fraction(0)
    keyframes_ms: tuple[int, ...] = (0,)
    longest_gap_ms: int = 1000
    last_picture_ms: int | None = None
    seekable: bool = True
    gop_pictures: int = 1
    primaries: str = ""
    transfer: str = ""
    matrix: str = ""
    color_range: str = ""
    alpha: bool = False
    mirrored: bool = False
    bits: int = 8
    field_order: str = ""
    tracks: tuple[SoundTrack, ...] = ()
    broken_at_ms: int | None = None
    damaged: tuple[Span, ...] = ()
    jumps: bool = False
    parts: tuple[SourcePart, ...] = ()

    def within(self, part: SourcePart) -> MediaFacts:
        """The facts of the pictures of a part."""
        return replace(self, **asdict(part.kind), parts=())


def probe(path: Path, *, audio: int | None = None, salvage: bool = False) -> MediaFacts:
    """Look into a video: its streams, its real length, its pictures, its sound tracks.

    The length is measured by reading every packet, so a file that was cut off while being copied is noticed.

    Args:
        audio: which sound track, counted from 1; None takes the file's default, else Chinese, else the first.
        salvage: take a file that breaks off, up to where it can be read.

    Raises:
        MediaError: missing, empty, not a video, without picture, broken off, not decodable, or without that sound
            track; with what to do.
    """
    _look_at_file(path)
    with _opened(path) as container:
        video = _video_stream(container, path)
        reading = read_packets(container, video)
    # Opened anew: what was demuxed to its end, or decoded, does not begin again.
    with _opened(path) as container:
        video = _video_stream(container, path)
        whole = _Whole(container, video, reading, path)
        if whole.broken_at is not None and not salvage:
            raise _broken(whole, path)
        tracks = tracks_of(container, reading.extents, whole.origin)
        sound = choose(tracks, audio, path)
    with _opened(path) as container:
        video = _video_stream(container, path)
        picture = _first_picture(container, video, path)
        return _facts(container, video, picture, whole, tracks, sound)


def sound_index(path: Path, track: int | None = None, name: str = "") -> int:
    """The index of the sound of a recording, or of a video's; for a file of which only the sound is wanted.

    Args:
        track: counted from 1; None for the first.
        name: how messages name the file; its own name when "".

    Raises:
        MediaError: it is neither, or has no such sound.
    """
    import av

    name = name or path.name
    try:
        with av.open(f"file:{path.absolute()}", options={"protocol_whitelist": PROTOCOLS}) as container:
            tracks = [one.index for one in container.streams.audio]
    except (av.error.FFmpegError, ValueError, OSError) as error:
        what = text("this is neither a sound nor a video, or only a part of one; copy it again")
        raise MediaError(Problem(name, what)) from error
    if len(tracks) < (track or 1):
        what = text("it has no sound") if not tracks else text("it has no sound track {number}", number=track)
        raise MediaError(Problem(name, what))
    return tracks[(track or 1) - 1]


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
        # Before, a title in GBK would make the file unreadable.
        lenient: dict[str, Any] = (
            {} if int(av.__version__.split(".")[0]) >= _ASKED else {"metadata_errors": "replace"}
        )
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

    if container.format.name.endswith("_pipe"):
        raise _fail(path, text("this is a picture, not a video; give the video itself"))
    still = Disposition.attached_pic | Disposition.timed_thumbnails
    moving = [one for one in container.streams.video if not one.disposition & still]
    if not moving:
        if container.streams.audio:
            raise _fail(path, text("this is sound without a picture, not a video; give the video itself"))
        raise _fail(path, text("there is no picture in this file, only sound or a cover; give the video itself"))
    stream = moving[0]
    if not has_decoder(stream) or not stream.width or not stream.height:
        raise _fail(path, text("the picture is in a format that cannot be read; save it as an MP4 (H.264) video"))
    return stream


def _first_picture(container: InputContainer, video: VideoStream, path: Path) -> VideoFrame:
    picture = next(frames(container, video, _TRIES), None)
    if picture is None:
        raise _fail(
            path, text("no picture of this video can be shown; it is damaged: copy it again or save it again")
        )
    return picture


def _pictures_of(container: InputContainer, reading: PacketReading, path: Path) -> Pictures:
    if reading.pictures is None and reading.untimed:
        raise _fail(path, text("its pictures carry no times; save it as an MP4 (H.264) video"))
    if reading.pictures is None:
        raise _fail(path, text("the video has a beginning but no pictures; copy it again"))
    if container.format.name == "gif" and reading.pictures.count == 1:
        raise _fail(path, text("this is a picture, not a video; give the video itself"))
    return reading.pictures


class _Whole:
    """What the header promises beside what is in the file.

    Attributes:
        origin: in seconds of the file's own clock; all else counts from it.
        promised: length of the picture by the header, 0 when it says nothing.
        there: where the picture ends, in seconds.
        broken_at: the same when much of what was promised is missing.
    """

    def __init__(self, container: InputContainer, video: VideoStream, reading: PacketReading, path: Path) -> None:
        self.reading, self.pictures = reading, _pictures_of(container, reading, path)
        self.origin = _origin(container, reading)
        self.promised = promised(container, video, path, self.origin)
        self.there = self._there(video)
        # At 1 frame a second, two pictures of difference are rounding, too.
        slack = max(Fraction(_MISSING_MS, 1000), self.promised / 100, 2 / (video.average_rate or Fraction(25)))
        self.broken_at = self.there if self.promised - self.there > slack else None

    def _there(self, video: VideoStream) -> Fraction:
        shown = self.reading.extents[video.index]
        if video.duration is None:
            return max(one.end for one in self.reading.extents.values()) - self.origin
        return shown.end - min(self.origin, shown.start)

    def ms(self, moment: Fraction) -> int:
        """A moment of the file's clock in milliseconds from the origin, rounded down."""
        return int((moment - self.origin) * 1000 // 1)


def _broken(whole: _Whole, path: Path) -> MediaError:
    what = text(
        "the video breaks off at {there} s of {promised} s; copy it again, or use --salvage to take what is readable",
        there=f"{float(whole.there):.1f}",
        promised=f"{float(whole.promised):.1f}",
    )
    return _fail(path, what)


def _origin(container: InputContainer, reading: PacketReading) -> Fraction:
    if container.start_time is not None:
        return Fraction(container.start_time, 1_000_000)
    return min(one.start for one in reading.extents.values())


def _facts(
    container: InputContainer,
    video: VideoStream,
    picture: VideoFrame,
    whole: _Whole,
    tracks: tuple[SoundTrack, ...],
    sound: SoundTrack | None,
) -> MediaFacts:
    pictures, extents = whole.pictures, whole.reading.extents
    shown = [video.index, *([sound.index] if sound else [])]
    end = max(extents[index].end for index in shown)
    fields = fields_of(container, video, picture, end - whole.origin)
    kind = kind_of(picture, Fraction(video.sample_aspect_ratio or 1))
    return MediaFacts(
        container=container.format.name,
        duration_ms=max(1, round((end - whole.origin) * 1000)),
        video_index=video.index,
        video_codec=video.codec_context.name,
        **asdict(kind),
        fps=pictures.rate(Fraction(video.guessed_rate or video.average_rate or 0)),
        interlaced=fields.woven,
        audio_index=sound.index if sound else None,
        audio_codec=sound.codec if sound else "",
        audio_channels=sound.channels if sound else 0,
        audio_rate=sound.rate if sound else 0,
        origin=whole.origin,
        keyframes_ms=tuple(whole.ms(at) for at in pictures.keyframes),
        longest_gap_ms=pictures.longest_gap_ms,
        last_picture_ms=whole.ms(pictures.last),
        seekable=seekable(container, video, pictures, whole.origin),
        gop_pictures=pictures.most_between,
        alpha=pictures.beside or has_alpha(picture),
        field_order=fields.order,
        tracks=tracks,
        jumps=whole.reading.jumps,
        parts=whole.reading.headers.parts(kind, Fraction(video.time_base or 1), whole.origin),
        broken_at_ms=None if whole.broken_at is None else round(whole.broken_at * 1000),
        damaged=tuple(_span(whole.ms(start), whole.ms(end)) for start, end in pictures.damaged),
    )


def _span(start_ms: int, end_ms: int) -> Span:
    """A stretch of the file that lasts a millisecond at least, from the origin on."""
    start_ms = max(0, start_ms)
    return Span(start_ms, max(start_ms + 1, end_ms))
