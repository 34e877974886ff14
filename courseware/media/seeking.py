"""Whether a seek by time can be trusted in a source: decided by the kind of its container, then by trying."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from courseware.media.packets import Pictures
from courseware.media.reading import frames

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

# Measured with each: a seek lands on the wanted keyframe or before it. What is made for broadcasting (MPEG-TS,
# MPEG-PS) guesses by bytes and lands up to a second behind it.
_BY_SHOWN = frozenset({"mov", "mp4", "matroska", "webm", "mxf"})
# These keep the times of decoding, so that with pictures that wait for later ones a seek may land behind.
_BY_DECODED = frozenset({"asf", "flv", "avi", "ogg", "dv"})
_TRIALS = 6
_PACKETS = 200  # per trial; a decoder that gives nothing after so many was not at a keyframe


def seekable(container: InputContainer, video: VideoStream, pictures: Pictures, origin: Fraction) -> bool:
    """Whether decoding, started at any of the keyframes, gives that keyframe's picture or an earlier one first."""
    waiting = pictures.reordered or video.codec_context.has_b_frames
    kinds = _BY_SHOWN if waiting else _BY_SHOWN | _BY_DECODED
    if not (pictures.in_order and pictures.starts_whole) or kinds.isdisjoint(container.format.name.split(",")):
        return False
    return all(_lands(container, video, at, origin) for at in _some(pictures.keyframes))


def _some(keyframes: tuple[Fraction, ...]) -> list[Fraction]:
    last = len(keyframes) - 1
    return [keyframes[index] for index in sorted({last * trial // (_TRIALS - 1) for trial in range(_TRIALS)})]


def _lands(container: InputContainer, video: VideoStream, at: Fraction, origin: Fraction) -> bool:
    import av

    asked_ms = (at - origin) * 1000 // 1
    try:
        container.seek(int((origin + Fraction(asked_ms, 1000)) * 1_000_000), backward=True)
    except av.error.FFmpegError:
        return False
    first = next(frames(container, video, _PACKETS), None)
    return first is not None and first.pts is not None and first.pts * Fraction(video.time_base or 0) <= at
