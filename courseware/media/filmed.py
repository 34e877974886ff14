"""What edit lists want to know of a video at once: its rate, and the time code that its camera began with."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

CLOCK = r"\d{1,2}[:;.]\d{2}[:;.]\d{2}[:;.]\d{2,3}"


class Filmed(NamedTuple):
    """Pictures a second, and the time code of the first picture ("" for none)."""

    rate: Fraction
    start: str = ""

    @property
    def first_picture(self) -> int:
        """How many pictures its time code counts before the first."""
        if not re.fullmatch(CLOCK, self.start):
            return 0
        return counted(self.start, round(self.rate), drops=";" in self.start)


def counted(code: str, nominal: int, *, drops: bool) -> int:
    """Pictures up to a time code (SMPTE ST 12).

    Args:
        nominal: how many a second of the code counts.
        drops: numbers are left out, so that 29.97 pictures a second keep to the clock.
    """
    hours, minutes, seconds, pictures = (int(part) for part in re.split("[:;.]", code))
    minutes += hours * 60
    whole = (minutes * 60 + seconds) * nominal + pictures
    return whole - 2 * (nominal // 30) * (minutes - minutes // 10) if drops else whole


def filmed(path: Path) -> Filmed | None:
    """What the file says of itself; None when it cannot be opened or shows nothing."""
    import av

    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                return None
            rate = container.streams.video[0].average_rate
            codes = [stream.metadata.get("timecode", "") for stream in container.streams]
            start = next(filter(None, [*codes, container.metadata.get("timecode", "")]), "")
            return Filmed(Fraction(rate), start) if rate else None
    except (av.FFmpegError, OSError, ValueError):
        return None
