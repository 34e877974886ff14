"""How many requests an address may send: far more than a person does, far fewer than fill the computer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple


class _Rate(NamedTuple):
    at_once: float
    a_second: float


# A page of 600 lessons asks for 600 pictures; a script of ours sends what is typed, at most some times a second.
_READS, _CHANGES = _Rate(3000, 200), _Rate(200, 20)
_MOST = 5000


@dataclass(slots=True)
class Throttle:
    """What each address may still send; that grows again with time."""

    now: Callable[[], float] = time.monotonic
    _left: dict[tuple[str, bool], tuple[float, float]] = field(default_factory=dict)
    _change: threading.Lock = field(default_factory=threading.Lock)

    def allows(self, address: str, *, reads: bool) -> bool:
        """Whether one request more is answered.

        Args:
            reads: whether it only looks at something.
        """
        rate, now, key = _READS if reads else _CHANGES, self.now(), (address, reads)
        with self._change:
            left, then = self._left.pop(key, (rate.at_once, now))
            left = min(rate.at_once, left + (now - then) * rate.a_second)
            while len(self._left) >= _MOST:
                del self._left[next(iter(self._left))]
            self._left[key] = max(0.0, left - 1), now
        return left >= 1
