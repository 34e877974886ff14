"""The clock of broadcast streams: it starts again where recordings were joined. Makes it go on, as ffmpeg does."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet

_RESTARTING = frozenset({"mpegts", "mpeg", "vob", "mpegtsraw"})
_FAR_S = 10  # ffmpeg's own threshold for a gap that is none
_BACK = 10  # a tenth of a second back is a new beginning


class Clock:
    """Gives every packet its place on one timeline without jumps.

    Attributes:
        jumped: how often the file's own time stamps did, so that they cannot be used as they are.
    """

    def __init__(self, container: InputContainer) -> None:
        self._restarts = not _RESTARTING.isdisjoint(container.format.name.split(","))
        self._shift = Fraction(0)  # in seconds, of all streams
        self._expected: dict[int, int] = {}  # in ticks of the timeline, by stream
        self.jumped = 0

    def shift(self, packet: Packet[Any]) -> int:
        """By how many of its stream's ticks a packet is to be moved."""
        if not self._restarts or packet.dts is None or not packet.time_base:
            return 0
        tick, index = packet.time_base, packet.stream_index
        moved = round(self._shift / tick) if self._shift else 0
        expected = self._expected.get(index)
        if expected is not None:
            ahead = packet.dts + moved - expected
            second = round(1 / tick)
            if ahead > _FAR_S * second or ahead < -second // _BACK:
                self.jumped += 1
                self._shift -= ahead * tick
                moved -= ahead
        self._expected[index] = packet.dts + moved + (packet.duration or 0)
        return moved
