"""Whether a source's pictures are two fields woven together. Decides by looking, not by the flag."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING

from courseware.media.reading import frames

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.filter import Graph
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_PLACES = 4
_PICTURES = 14  # per place
_PACKETS = 300  # per place; more without a picture means that there are none
_ENOUGH = 24  # whole pictures that overrule the flag
_FEW = 6  # woven pictures that mean something
_SURE = Fraction(9, 10)  # of the pictures of a place
# Nothing else is filmed in fields; a picture of another height was scaled, and its combs with it.
_HEIGHTS = frozenset({480, 486, 512, 576, 608, 1080, 1088})
_SLOWEST, _FASTEST = Fraction(23), Fraction(31)  # fields come at 50 or 60 a second, so pictures at 25 or 30
_WHOLE_ONLY = frozenset({"vp8", "vp9", "av1", "vvc", "theora", "gif", "png", "apng", "webp", "qtrle"})
_TICK = Fraction(1, 1000)
_TAG = "lavfi.idet.multiple.current_frame"


@dataclass(frozen=True, slots=True)
class Fields:
    """How pictures are woven: `order` is "tff" or "bff" (upper or lower field first), "" when they are whole."""

    order: str

    @property
    def woven(self) -> bool:
        """Whether there are combs to remove."""
        return bool(self.order)


def fields_of(container: InputContainer, video: VideoStream, picture: VideoFrame, length: Fraction) -> Fields:
    """Look at pictures from several places.

    Args:
        picture: the first one; its size and flag.
        length: of the file in seconds.
    """
    flagged = bool(picture.interlaced_frame)
    if not flagged and not _could_be(video, picture):
        return Fields("")
    places = [_seen_at(container, video, length * place / _PLACES) for place in range(_PLACES)]
    return Fields(verdict(places, flagged=flagged, height=picture.height))


def _could_be(video: VideoStream, picture: VideoFrame) -> bool:
    rate = Fraction(video.guessed_rate or video.average_rate or 0)
    return video.codec_context.name not in _WHOLE_ONLY and picture.height in _HEIGHTS and _SLOWEST <= rate <= _FASTEST


def verdict(places: Sequence[Counter[str]], *, flagged: bool, height: int) -> str:
    """The field order, "" for whole pictures.

    Args:
        places: for each place, how many pictures the filter took for "tff", "bff", "progressive" or "undetermined".
        flagged: the file says that it is interlaced.
    """
    seen = sum(places, Counter[str]())
    woven = seen["tff"] + seen["bff"]
    order = "bff" if seen["bff"] > seen["tff"] else "tff"
    if flagged:
        if not woven and seen["progressive"] >= _ENOUGH:
            return ""
        # Too little movement to tell: NTSC's DV begins with the lower field, all else with the upper.
        return order if woven else "bff" if height in {480, 486} else "tff"
    # Grass and fine print look woven here and there; real combs are in most pictures, or in all of one place.
    mostly = woven >= _FEW and woven >= seen["progressive"]
    return order if mostly or any(is_surely_woven(place) for place in places) else ""


def is_surely_woven(place: Counter[str]) -> bool:
    """Whether the pictures of a place are woven, beyond what grass and fine print do."""
    most = max(place["tff"], place["bff"])
    return most >= _FEW and most >= _SURE * place.total()


def _seen_at(container: InputContainer, video: VideoStream, at: Fraction) -> Counter[str]:
    import av

    meter = FieldMeter()
    try:
        container.seek(int(at * 1_000_000), backward=True)
        for picture in islice(frames(container, video, _PACKETS), _PICTURES):
            meter.take(picture)
    except (av.error.FFmpegError, ValueError):
        pass
    return meter.seen


class FieldMeter:
    """Counts what ffmpeg's filter takes neighbouring pictures for: tff, bff, progressive or undetermined.

    Attributes:
        seen: all but the last picture, for which the filter waits.
    """

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        self._graph: Graph | None = None

    def take(self, picture: VideoFrame) -> None:
        """Look at a picture, of the size of those before.

        Raises:
            FFmpegError, ValueError: it cannot be looked at.
        """
        import av

        if self._graph is None:
            self._graph = _graph(picture)
        self._graph.push(picture)
        while True:
            try:
                out = self._graph.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            self.seen[str(out.metadata.get(_TAG, "undetermined"))] += 1


def _graph(picture: VideoFrame) -> Graph:
    from av.filter import Graph

    graph = Graph()
    tick = picture.time_base or _TICK
    source = graph.add_buffer(width=picture.width, height=picture.height, format=picture.format, time_base=tick)
    idet = graph.add("idet")
    sink = graph.add("buffersink")
    source.link_to(idet)
    idet.link_to(sink)
    graph.configure()
    return graph
