"""Lends a computer to a farm: opens its workshop, keeps its hours, and leaves politely. The engine is loaded here."""

from __future__ import annotations

import asyncio
import platform
import secrets
from collections.abc import Callable, Coroutine
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import filelock

from courseware.errors import Problem, StorageError, Text, text
from courseware.files import write_text
from render.farm.address import FarmPlace
from render.farm.build import build_of
from render.farm.ending import until_told
from render.farm.lending.hours import WorkingHours
from render.farm.shared.objects import Objects
from render.farm.shared.shelf import PieceShelf
from render.farm.trust import contain
from render.work.ffmpeg import find_ffmpeg
from render.work.workshop import Workshop, open_workshop
from templates.pages.press import KeptPress

if TYPE_CHECKING:
    from courseware.terminal.console import Console
    from render.farm.lending.tasks import Bench

_CACHES = 16
_NAP_S = 30.0


@dataclass(frozen=True, slots=True)
class Lent:
    """What a computer lends.

    Attributes:
        threads: pieces at once.
        hours: None for all day.
        cache: where it keeps what it works with; up to most_bytes of the lessons' files.
        store: the farm's store as this computer reaches it; "" for as the passport says.
    """

    threads: int
    hours: WorkingHours | None
    cache: Path
    most_bytes: int
    store: str = ""
    name: str = ""


def lend(console: Console, place: FarmPlace, lent: Lent) -> None:
    """Work for a farm until Ctrl-C.

    Raises:
        ToolError: the engine is not installed, or what answers is no farm of ours.
        StorageError: the store or the cache cannot be used.
    """
    contain()
    with ExitStack() as stack:
        folder = _own_folder(lent.cache, stack)
        workshop = open_workshop(find_ffmpeg(), folder)
        try:
            asyncio.run(until_told(lambda leave: _lend(console, place, lent, workshop, leave), console.say))
        finally:
            workshop.stop.set()


async def _lend(console: Console, place: FarmPlace, lent: Lent, workshop: Workshop, leave: asyncio.Event) -> None:
    from render.farm.lending.worker import greet, work_until

    security = place.security()
    told = "" if place.passport or lent.store else await _patiently(lambda: greet(place.address, None), leave)
    if leave.is_set():
        return
    bench = _bench(lent, workshop, place.objects(told, lent.store))
    while not leave.is_set():
        if lent.hours is None:
            await work_until(place.address, security, bench, lent.threads, leave, console.say)
            return
        wait = lent.hours.until_start(datetime.now().astimezone())
        if wait:
            console.say(text("resting until {time}", time=f"{lent.hours.start:%H:%M}"))
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(leave.wait(), wait.total_seconds())
            continue
        await _work_in_hours(place, lent.hours, bench, lent.threads, leave, console.say)


async def _work_in_hours(
    place: FarmPlace,
    hours: WorkingHours,
    bench: Bench,
    threads: int,
    leave: asyncio.Event,
    tell: Callable[[Text], None],
) -> None:
    from render.farm.lending.worker import work_until

    over = asyncio.Event()

    async def watch() -> None:
        while not leave.is_set() and hours.include(datetime.now().astimezone()):
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(leave.wait(), _NAP_S)
        over.set()

    watching = asyncio.create_task(watch())
    try:
        await work_until(place.address, place.security(), bench, threads, over, tell)
    finally:
        watching.cancel()


async def _patiently(ask: Callable[[], Coroutine[Any, Any, str]], leave: asyncio.Event) -> str:
    while not leave.is_set():
        with suppress(OSError, asyncio.TimeoutError):
            return await ask()
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(leave.wait(), 1)
    return ""


def _bench(lent: Lent, workshop: Workshop, objects: Objects) -> Bench:
    from render.farm.lending.cabinet import Cabinet
    from render.farm.lending.tasks import Bench

    objects.check()
    shelf = PieceShelf(objects)
    name = f"{lent.name or platform.node() or 'worker'}-{secrets.token_hex(2)}"
    cabinet = Cabinet(workshop, shelf, lent.most_bytes)
    build, press = build_of(workshop.tool), KeptPress(lent.threads).typeset_all
    return Bench(name, _computer(workshop.cache_dir), build, workshop, shelf, cabinet, press)


def _computer(cache: Path) -> str:
    """A sign of this computer, which its cache keeps."""
    path = cache / "computer"
    if not path.is_file():
        write_text(path, secrets.token_hex(8))
    return path.read_text(encoding="utf-8")


def _own_folder(cache: Path, stack: ExitStack) -> Path:
    """A cache that no other worker of this computer has."""
    for number in range(1, _CACHES + 1):
        folder = cache if number == 1 else cache.with_name(f"{cache.name}-{number}")
        folder.mkdir(parents=True, exist_ok=True)
        with suppress(filelock.Timeout):
            stack.enter_context(filelock.FileLock(folder / "worker.lock", timeout=0))
            return folder
    raise StorageError(Problem(str(cache), text("there are as many workers on this computer as there may be")))
