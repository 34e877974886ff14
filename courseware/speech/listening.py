"""A recording made small enough to lie inside a page: mono MP3, 32 kbit a second."""

from __future__ import annotations

import io
from itertools import takewhile
from pathlib import Path

from courseware.media.facts import PROTOCOLS
from courseware.media.reading import resampled

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
            heard = takewhile(lambda frame: (frame.time or 0) <= LONGEST_S, source.decode(audio=0))
            for part in resampled(heard, format="s16p", layout="mono", rate=_RATE):
                part.pts = None
                small.mux(stream.encode(part))
            small.mux(stream.encode(None))
    except (av.error.FFmpegError, IndexError):
        return b""
    return target.getvalue()
