"""The sound tracks of a source, and which of them a lesson is heard with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from courseware.errors import MediaError, Problem, text
from courseware.media.packets import Extent
from courseware.media.reading import frames

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer

# ISO 639 codes of Chinese and its varieties; "zh-…" is found by its first part.
_CHINESE = frozenset({"zh", "chi", "zho", "cmn", "yue", "wuu", "nan", "hak", "gan", "hsn", "cjy", "cdo"})
_CHINESE_TITLES = (
    "中文",
    "国语",
    "國語",
    "普通话",
    "普通話",
    "汉语",
    "华语",
    "方言",
    "陕西话",
    "mandarin",
    "chinese",
)
_SHORT = 4  # a track of less than a quarter of the longest is a leftover
_PLACES = 8  # where it is listened whether a track is silent
_LISTEN_S = 1
_SILENT_DB = -60
_MOST_PACKETS = 400  # per place; a track that gives nothing after so many is taken as silent there


@dataclass(frozen=True, slots=True)
class SoundTrack:
    """A sound track of a file.

    Attributes:
        index: of the stream.
        language: as the file says it, "" when it does not.
        default: the file wants this one to be heard.
        start_ms: when it begins, from the moment that players call 0.
        duration_ms: of what is really there.
        silent: nothing was heard at any of several places; only listened to when there are several tracks.
        readable: there is a decoder for it.
    """

    index: int
    codec: str
    channels: int
    rate: int
    language: str = ""
    title: str = ""
    default: bool = False
    start_ms: int = 0
    duration_ms: int = 0
    silent: bool = False
    readable: bool = True

    @property
    def chinese(self) -> bool:
        """Whether it is in Chinese, as far as the file says."""
        code = self.language.lower().replace("_", "-").split("-")[0]
        title = self.title.lower()
        return code in _CHINESE or any(word in title for word in _CHINESE_TITLES)


def tracks_of(container: InputContainer, extents: Mapping[int, Extent], origin: Fraction) -> tuple[SoundTrack, ...]:
    """The tracks that have sound in them, in the file's order; one that is announced but empty does not count.

    Args:
        origin: the moment that players call 0, in seconds of the file's own clock.
    """
    there = [one for one in container.streams.audio if one.index in extents]
    silent = _silent(container, there, extents) if len(there) > 1 else frozenset()
    return tuple(_track(one, extents[one.index], origin, silent=one.index in silent) for one in there)


def _track(stream: AudioStream, extent: Extent, origin: Fraction, *, silent: bool) -> SoundTrack:
    from av.stream import Disposition

    readable = has_decoder(stream)
    language = stream.language or ""
    return SoundTrack(
        index=stream.index,
        codec=stream.codec_context.name if readable else "",
        channels=stream.codec_context.channels if readable else 0,
        rate=stream.codec_context.sample_rate if readable else 0,
        language="" if language == "und" else language,
        title=stream.metadata.get("title", stream.metadata.get("name", "")),
        default=bool(stream.disposition & Disposition.default),
        start_ms=max(0, round((extent.start - origin) * 1000)),
        duration_ms=round((extent.end - extent.start) * 1000),
        silent=silent,
        readable=readable,
    )


def has_decoder(stream: object) -> bool:
    """Whether a stream can be decoded; its type says that it always can."""
    return getattr(stream, "codec_context", None) is not None


def choose(tracks: Sequence[SoundTrack], number: int | None, path: Path) -> SoundTrack | None:
    """The track to be heard: the wanted one, else the file's default, then Chinese, then the first.

    Args:
        number: counts from 1, as players do; None leaves the choice to us.

    Raises:
        MediaError: there is no such track, or none that can be read.
    """
    if number is not None:
        return _wanted(tracks, number, path)
    readable = [one for one in tracks if one.readable]
    if tracks and not readable:
        what = text("the sound is in a format that cannot be read; save it as an MP4 (H.264, AAC) video")
        raise MediaError(Problem(path.name, what))
    longest = max((one.duration_ms for one in readable), default=0)
    worthy = [one for one in readable if not one.silent and one.duration_ms * _SHORT >= longest] or readable
    marked = [one for one in worthy if one.default] or worthy
    return next((one for one in marked if one.chinese), next(iter(marked), None))


def _wanted(tracks: Sequence[SoundTrack], number: int, path: Path) -> SoundTrack:
    if 1 <= number <= len(tracks):
        track = tracks[number - 1]
        if track.readable:
            return track
        what = text("sound track {number} is in a format that cannot be read; choose another one", number=number)
    elif tracks:
        what = text("there is no sound track {number}; there are: {tracks}", number=number, tracks=listed(tracks))
    else:
        what = text("there is no sound track {number}: the video has no sound", number=number)
    raise MediaError(Problem(path.name, what))


def listed(tracks: Sequence[SoundTrack]) -> str:
    """All tracks in one line: "1 (chi, aac, 2.0) · 2 (eng, aac, 5.1)"."""
    return " · ".join(f"{number} ({described(track)})" for number, track in enumerate(tracks, 1))


def described(track: SoundTrack) -> str:
    """A track in a few signs that need no translation."""
    channels = {0: "", 6: "5.1", 8: "7.1"}.get(track.channels, f"{track.channels}.0")
    return ", ".join(part for part in (track.language, track.title, track.codec, channels) if part)


def _silent(
    container: InputContainer, streams: Sequence[AudioStream], extents: Mapping[int, Extent]
) -> frozenset[int]:
    """Indices of the tracks in which nothing is heard at any of several places."""
    return frozenset(
        one.index for one in streams if has_decoder(one) and not _heard(container, one, extents[one.index])
    )


def _heard(container: InputContainer, stream: AudioStream, extent: Extent) -> bool:
    length = extent.end - extent.start
    starts = (
        {extent.start + length * place / _PLACES for place in range(_PLACES)} if length > _PLACES else {extent.start}
    )
    return any(_loud_at(container, stream, float(at)) for at in sorted(starts))


def _loud_at(container: InputContainer, stream: AudioStream, at_s: float) -> bool:
    import av
    import numpy as np

    floor = 10 ** (_SILENT_DB / 20)
    # Planar floats, whatever the codec gives: one threshold fits all.
    converter = av.AudioResampler(format="fltp")
    heard_s = 0.0
    try:
        container.seek(int(at_s * 1_000_000), backward=True)
        for frame in frames(container, stream, _MOST_PACKETS):
            for part in converter.resample(frame):
                if part.samples and float(np.abs(part.to_ndarray()).max()) > floor:
                    return True
            heard_s += frame.samples / (frame.sample_rate or 1)
            if heard_s >= _LISTEN_S:
                return False
    except (av.error.FFmpegError, ValueError):
        # Another format in the middle: it cannot be compared, so nothing was heard.
        return False
    return False
