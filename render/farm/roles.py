"""What a worker may ask the scheduler: to be taken in, to go, and to tell of itself and its tasks; else nothing.

TLS says whose certificate is shown; every message of a connection is held against it before Dask acts on it.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Coroutine, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from distributed.comm.core import CommClosedError

if TYPE_CHECKING:
    from distributed.comm.core import Comm

_ASKED = frozenset({"close", "identity", "register-worker", "heartbeat_worker", "retire_workers"})
# What it says on the connection on which it was taken in.
_TOLD = frozenset(
    {
        "add-keys",
        "close-stream",
        "keep-alive",
        "log-event",
        "long-running",
        "release-worker-data",
        "request-refresh-who-has",
        "reschedule",
        "steal-response",
        "task-erred",
        "task-finished",
        "worker-status-change",
    }
)


@dataclass(frozen=True, slots=True)
class Roles:
    """Who is the office, and which worker is whose.

    Attributes:
        office: the serial number of its certificate.
        workers: addresses of those that were taken in.
        address_of: an address as the scheduler knows it, of any way to write it.
    """

    office: int
    workers: Container[str]
    address_of: Callable[[str], str]
    _owners: dict[str, int] = field(default_factory=dict)

    def watch(self, comm: Comm) -> None:
        """Hold what is said on a connection against the certificate that was shown; without TLS there is none."""
        shown = comm.extra_info.get("peercert")
        if shown is not None and (serial := int(shown["serialNumber"], 16)) != self.office:
            vars(comm)["read"] = partial(self._read, comm, comm.read, serial)

    async def _read(self, comm: Comm, read: Callable[..., Coroutine[Any, Any, Any]], serial: int) -> object:
        said = await read()
        for message in said if isinstance(said, list | tuple) else (said,):
            if isinstance(message, dict) and not self.allow(message, serial):
                comm.abort()
                raise CommClosedError("a worker asked for more than a worker may")
        return said

    def allow(self, message: Mapping[str, Any], serial: int) -> bool:
        """Whether a worker of this certificate may say it, and not of another worker."""
        named = [message[name] for name in ("address", "worker") if message.get(name)]
        named += message.get("workers") or ()
        known = [self.address_of(one) for one in named]
        match message.get("op"):
            case "register-worker":
                self._owners.update({one: serial for one in known if one not in self.workers})
            case "retire_workers" if not known:
                return False  # the scheduler would choose
            case operation if operation not in _ASKED | _TOLD:
                return False
        return all(self._owners.get(one, serial) == serial for one in known)
