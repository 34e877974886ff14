"""Growing delays after wrong passwords, by name and by address: so many guesses a minute and no more.

Names that do not exist are treated as those that do.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

FREE = 3  # wrong passwords before there is a delay
_LONGEST_S = {"name": 60.0, "address": 900.0}  # of a name, shorter: nobody shall lock out whoever bears it
_FORGOTTEN_S = 3600.0
_MOST = 10_000


@dataclass(slots=True)
class _Failures:
    count: int
    last: float


@dataclass(slots=True)
class LoginDelays:
    """What went wrong lately."""

    now: Callable[[], float] = time.monotonic
    _failures: dict[tuple[str, str], _Failures] = field(default_factory=dict)
    _change: threading.Lock = field(default_factory=threading.Lock)

    def wait_s(self, name: str, address: str) -> int:
        """So many seconds nothing more is tried; 0 when it may be tried now."""
        with self._change:
            return max(0, *(self._wait_s(key) for key in _keys(name, address)))

    def failed(self, name: str, address: str) -> None:
        """Remember a wrong password."""
        now = self.now()
        with self._change:
            self._forget(now)
            for key in _keys(name, address):
                known = self._failures.pop(key, None) or _Failures(0, now)
                known.count, known.last = known.count + 1, now
                self._failures[key] = known  # behind all others, which are older

    def passed(self, name: str, address: str) -> None:
        """Forget what went wrong before the right one."""
        with self._change:
            for key in _keys(name, address):
                self._failures.pop(key, None)

    def _wait_s(self, key: tuple[str, str]) -> int:
        known = self._failures.get(key)
        if known is None or known.count < FREE:
            return 0
        delay = min(2.0 ** (known.count - FREE), _LONGEST_S[key[0]])
        return -int(-(known.last + delay - self.now()) // 1)

    def _forget(self, now: float) -> None:
        while self._failures:
            key, oldest = next(iter(self._failures.items()))
            # Full only under attack.
            if now - oldest.last <= _FORGOTTEN_S and len(self._failures) <= _MOST:
                return
            del self._failures[key]


def _keys(name: str, address: str) -> Iterable[tuple[str, str]]:
    return ("name", name.casefold()), ("address", address)
