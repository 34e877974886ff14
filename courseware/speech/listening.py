"""A recording made small enough to lie inside a page: mono MP3, 32 kbit a second."""

from __future__ import annotations

import io
from pathlib import Path

from courseware.media.facts import PROTOCOLS

LONGEST_S = 3_600  # of sound in a page; more would make it too large to open
_RATE = 24_000


def compact_audio(path: Path) -> bytes:
    """The first hour of the recording as MP3; b"" where no sound can be read."""
    import av

    target = io.BytesIO()
    options = {"protocol_whitelist": PROTOCOLS}
    try:
        with (
            av.open(f"file:{path.absolute()}", metadata_errors="replace", options=options) as source,
            av.open(target, "w", "mp3") as small,
        ):
            stream = small.add_stream("libmp3lame", rate=_RATE, layout="mono")
            stream.bit_rate = 32_000
            resampler = av.AudioResampler(format="s16p", layout="mono", rate=_RATE)
            for frame in source.decode(audio=0):
                if frame.time is not None and frame.time > LONGEST_S:
                    break
                for part in resampler.resample(frame):
                    part.pts = None
                    small.mux(stream.encode(part))
            small.mux(stream.encode(None))
    except (av.error.FFmpegError, IndexError):
        return b""
    return target.getvalue()
