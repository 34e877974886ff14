"""The farm's scheduler: Dask's, with nothing but our tasks in it. Loaded only after `trust.contain`.

It says to whoever is let in what it is, so that another's scheduler, or an older one, is known at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from distributed import Scheduler
from distributed.stealing import WorkStealing

from courseware.errors import Problem, StorageError, reason_of, text
from render.farm.build import PROTOCOL
from render.farm.roles import Roles
from render.farm.trust import keep_only

if TYPE_CHECKING:
    from distributed.comm.core import Comm
    from distributed.utils import NoOpAwaitable

    from courseware.errors import Text
    from render.farm.security import FarmSecurity

_ANSWERED = (
    "gather",
    "has_what",
    "heartbeat_worker",
    "identity",
    "ncores",
    "processing",
    "register-client",
    "register-worker",
    "retire_workers",
    "subscribe_worker_status",
    "versions",
    "who_has",
)
_LOOK_S = 1.0
LOOPBACK = "127.0.0.1"


class FarmScheduler(Scheduler):
    """Hands tasks to workers; runs no code that it is sent, and takes none for others."""

    def __init__(self, store: str, security: FarmSecurity | None = None, **given: Any) -> None:  # noqa: ANN401  (Dask's)
        """A scheduler of Dask's.

        Args:
            store: where the farm's pieces lie, for those without a passport.
            security: the office's; None on this computer alone.
            given: of Dask.
        """
        # Beside stealing, extensions keep other people's data: queues, variables, locks, shuffles.
        super().__init__(extensions={"stealing": WorkStealing}, security=security, **given)
        self._store = store
        self._roles = Roles(security.serial, self.workers, self.coerce_address) if security else None
        keep_only(self.handlers, _ANSWERED)
        keep_only(self.stream_handlers, set(self.stream_handlers) - {"update-data"})

    def handle_comm(self, comm: Comm) -> NoOpAwaitable:
        """Let somebody speak, a worker as one."""
        if self._roles is not None:
            self._roles.watch(comm)
        return super().handle_comm(comm)

    def identity(self, n_workers: int = -1) -> dict[str, Any]:
        """What it is."""
        return {**super().identity(n_workers=n_workers), "farm": {"protocol": PROTOCOL, "store": self._store}}


async def serve(
    store: str,
    security: FarmSecurity | None,
    ports: tuple[int, int],
    leave: asyncio.Event,
    tell: Callable[[Text], None],
) -> None:
    """Schedule until `leave` is set, and tell who comes and goes.

    Args:
        security: None serves this computer alone.
        ports: the scheduler's, and that of Dask's own pages, which are for this computer alone.

    Raises:
        StorageError: the port is taken.
    """
    port, dashboard = ports
    given: dict[str, Any] = {"host": LOOPBACK, "protocol": "tcp"}
    if security is not None:
        given = {"protocol": "tls", "security": security}
    try:
        scheduler = FarmScheduler(
            store, port=port, dashboard=False, dashboard_address=f"{LOOPBACK}:{dashboard}", **given
        )
    except OSError as error:
        raise _taken(port, error) from error
    try:
        await scheduler
    except (OSError, RuntimeError) as error:
        cause = error.__cause__ if isinstance(error.__cause__, OSError) else error
        raise _taken(port, cause) from error
    tell(text("the farm is open at {address}; pages for this computer: {link}", **_places(scheduler, dashboard)))
    try:
        await _follow(scheduler, leave, tell)
    finally:
        with suppress(TimeoutError):
            await asyncio.wait_for(scheduler.close(), timeout=5)


def _taken(port: int, error: BaseException) -> StorageError:
    reason = reason_of(error) if isinstance(error, OSError) else str(error)
    what = text("port {port} cannot be opened ({reason}); is the farm open already?", port=port, reason=reason)
    return StorageError(Problem("farm start", what))


def _places(scheduler: Scheduler, dashboard: int) -> dict[str, str]:
    return {"address": scheduler.address, "link": f"http://{LOOPBACK}:{dashboard}/info/main/workers.html"}


async def _follow(scheduler: Scheduler, leave: asyncio.Event, tell: Callable[[Text], None]) -> None:
    known: dict[str, str] = {}
    while not leave.is_set():
        there = {address: f"{one.name} ({one.nthreads})" for address, one in scheduler.workers.items()}
        for address in there.keys() - known.keys():
            tell(text("{worker} has come", worker=there[address]))
        for address in known.keys() - there.keys():
            tell(text("{worker} has gone", worker=known[address]))
        known = there
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(leave.wait(), _LOOK_S)
