"""A farm's worker: Dask's, that carries out our tasks and answers nothing else. Loaded only after `trust.contain`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

from distributed import Status, Worker
from distributed.core import rpc

from courseware.errors import Problem, ToolError, text
from render.farm.build import PROTOCOL, AnyBuild, sign_of
from render.farm.lending.tasks import Bench
from render.farm.scheduler import LOOPBACK
from render.farm.security import FarmSecurity
from render.farm.trust import keep_only

if TYPE_CHECKING:
    from courseware.errors import Text

_ANSWERED = (
    "free_keys",
    "gather",
    "get_data",
    "identity",
    "keys",
    "ping",
    "versions",
)
_ASK_S, _LOOK_S, _AGAIN_S = 10, 0.5, 5.0


class FarmWorker(Worker):
    """Runs our one function on its threads, one ffmpeg each."""

    def __init__(self, address: str, bench: Bench, threads: int, **given: Any) -> None:  # noqa: ANN401  (Dask's)
        """A worker of Dask's.

        Args:
            address: of the scheduler.
            bench: where tasks are carried out.
            threads: how many of them at once.
            given: of Dask.
        """
        builds: dict[str, AnyBuild] = {"build": bench.build, "pages": bench.pages}
        super().__init__(
            address,
            nthreads=threads,
            name=bench.name,
            memory_limit=0,  # what takes memory is ffmpeg, of which there are as many as memory allows
            resources={sign_of(one): threads for one in builds.values()},
            startup_information={name: partial(_told, one) for name, one in builds.items()},
            local_directory=str(bench.workshop.work_dir),
            dashboard=False,
            dashboard_address=f"{LOOPBACK}:0",
            extensions={},
            **given,
        )
        self.bench = bench
        keep_only(self.handlers, _ANSWERED)


async def work_until(
    address: str,
    security: FarmSecurity | None,
    bench: Bench,
    threads: int,
    leave: asyncio.Event,
    tell: Callable[[Text], None],
) -> None:
    """Work for a farm until `leave` is set; a scheduler that is gone is waited for.

    What is being made when `leave` is set is made to its end; what waits goes back.

    Raises:
        ToolError: what answers there is no farm of ours.
    """
    told = ""
    while not leave.is_set():
        try:
            await greet(address, security)
            worker = FarmWorker(address, bench, threads, **_places(security))
            await worker
        except (TimeoutError, OSError, RuntimeError):
            if told != "waits":
                told = "waits"
                tell(text("{address} does not answer; it is asked again and again", address=address))
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(leave.wait(), _AGAIN_S)
            continue
        told = "works"
        tell(text("working for {address} as {worker}", address=address, worker=bench.name))
        await _stay(worker, leave)


async def greet(address: str, security: FarmSecurity | None) -> str:
    """Ask what is there.

    Returns:
        Where the farm's store is.

    Raises:
        ToolError: no farm of ours, or one of another protocol.
        OSError: nothing answers.
    """
    arguments = security.get_connection_args("client") if security else {}  # type: ignore[no-untyped-call]
    async with rpc(address, timeout=_ASK_S, connection_args=arguments) as peer:
        found = await asyncio.wait_for(peer.identity(), _ASK_S)
    match found:
        case {"farm": {"protocol": int(protocol), "store": str(store)}}:
            if protocol == PROTOCOL:
                return store
            what = text(
                "the farm there speaks protocol {theirs}, this yuanjiao {ours}; install the same version on both",
                theirs=protocol,
                ours=PROTOCOL,
            )
        case _:
            what = text("what answers there is no farm of yuanjiao's")
    raise ToolError(Problem(address, what))


def _told(build: AnyBuild, _: object) -> dict[str, Any]:
    return asdict(build)


def _places(security: FarmSecurity | None) -> dict[str, Any]:
    """Where it listens: with a passport for those who have one, else for this computer alone."""
    return {"protocol": "tls", "security": security} if security else {"protocol": "tcp", "host": LOOPBACK}


async def _stay(worker: FarmWorker, leave: asyncio.Event) -> None:
    while worker.status not in {Status.closed, Status.failed}:
        if leave.is_set():
            await _leave(worker)
            return
        await asyncio.sleep(_LOOK_S)


async def _leave(worker: FarmWorker) -> None:
    """Take nothing more, end what is begun, and go; what waits is handed to others by the scheduler."""
    worker.status = Status.paused
    while worker.state.executing_count and worker.status == Status.paused:
        await asyncio.sleep(_LOOK_S)
    with suppress(OSError, asyncio.TimeoutError):
        await asyncio.wait_for(worker.close_gracefully(), _ASK_S)
    await worker.close()
