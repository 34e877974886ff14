"""Single pictures of a video, as a viewer sees them: upright, with square pixels. Knows nothing of lessons."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from courseware.errors import MediaError, Problem, text
from courseware.media.facts import PROTOCOLS

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import InputContainer
    from av.video.stream import VideoStream
    from PIL.Image import Image

# Between two key frames lie seldom more; a video without any is read from its beginning no further than this.
_FARTHEST = 3_000


def pictures_at(path: Path, moments_ms: Sequence[int]) -> tuple[Image, ...]:
    """The picture that is shown at each moment; behind the end, the last one.

    Raises:
        MediaError: the video cannot be read, or has no picture.
    """
    import av
    from av.error import FFmpegError

    try:
        with av.open(f"file:{path}", metadata_errors="replace", options={"protocol_whitelist": PROTOCOLS}) as opened:
            stream = opened.streams.video[0]
            stream.thread_type = "AUTO"
            found = tuple(_upright(_frame_at(opened, stream, moment), stream) for moment in moments_ms)
    except (FFmpegError, IndexError, ValueError) as error:
        what = text("no picture can be read from this video; save it again")
        raise MediaError(Problem(path.name, what)) from error
    return found


def _frame_at(opened: InputContainer, stream: VideoStream, moment_ms: int) -> VideoFrame:
    """The last picture that begins no later than the moment.

    Raises:
        ValueError: there is none.
    """
    from av.error import FFmpegError

    base = stream.time_base or Fraction(1, 1000)
    wanted = (stream.start_time or 0) + int(Fraction(moment_ms, 1000) / base)
    with suppress(FFmpegError):  # then it is read on from where it stands
        opened.seek(wanted, stream=stream, backward=True)
    found: VideoFrame | None = None
    for frame in islice(opened.decode(stream), _FARTHEST):
        if found is not None and frame.pts is not None and frame.pts > wanted:
            break
        found = frame
    if found is None:
        raise ValueError(moment_ms)
    return found


def _upright(frame: VideoFrame, stream: VideoStream) -> Image:
    from PIL.Image import Resampling

    picture: Any = frame.to_image()  # type: ignore[no-untyped-call]  # (PyAV says no types here)
    shape = stream.sample_aspect_ratio
    if shape and shape != 1:
        picture = picture.resize((max(1, round(picture.width * shape)), picture.height), Resampling.LANCZOS)
    turned = getattr(frame, "rotation", 0)
    upright: Image = picture.rotate(turned, expand=True) if turned else picture
    return upright
