"""Opens what an office needs of a farm: the hands of a batch, and the scheduler. The engine is loaded here."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from courseware.errors import InputError, Problem, Text, text
from render.farm.address import FarmPlace
from render.farm.build import AnyBuild, build_of, page_build
from render.farm.ending import until_told
from render.farm.passport import load_passport, office_passport
from render.farm.shared.objects import Objects
from render.farm.shared.shelf import PieceShelf
from render.farm.trust import contain
from render.pieces.hands import Hands, LocalHands
from render.work.ffmpeg import find_ffmpeg
from render.work.workshop import Workshop, open_workshop

if TYPE_CHECKING:
    from pathlib import Path

    from courseware.terminal.console import Console
    from render.farm.office.hands import FarmHands
    from templates.pages.typeset import SheetPress

_MANY = 128  # tasks on their way: enough for 16 computers of 4 cores, twice over


@contextmanager
def farm_hands(place: FarmPlace, workshop: Workshop, console: Console, threads: int) -> Iterator[Hands]:
    """The hands of a farm, for a batch of this computer.

    Args:
        threads: of this computer, for what it does itself.

    Raises:
        InputError: the passport is a worker's.
        ToolError: the engine is not installed, or no farm of ours answers.
        StorageError: the farm's store cannot be used.
    """
    with _hands(place, workshop, console, threads, build_of(workshop.tool)) as hands:
        yield hands


@contextmanager
def farm_press(place: FarmPlace, cache_dir: Path, console: Console) -> Iterator[SheetPress]:
    """What typesets on a farm; who set how much is said when it is left.

    Args:
        cache_dir: where what comes from the farm lies until it is given out.

    Raises:
        InputError, ToolError, StorageError: as `farm_hands`.
    """
    workshop = open_workshop(find_ffmpeg(), cache_dir)
    with _hands(place, workshop, console, 1, page_build()) as hands:
        from render.farm.office.pages import FarmPress

        press = FarmPress(hands)
        try:
            yield press.typeset_all
        finally:
            workshop.stop.set()
            for what in press.told():
                console.note(what)


@contextmanager
def _hands(
    place: FarmPlace, workshop: Workshop, console: Console, threads: int, build: AnyBuild
) -> Iterator[FarmHands]:
    if place.passport and not place.passport.is_office:
        what = text("this file lends a computer to the farm; having lessons made takes the office's own, office.farm")
        raise InputError(Problem(place.passport.name, what))
    contain(lenient=True)
    from render.farm.office.hands import FarmHands
    from render.farm.office.link import Link

    link = Link(place.address, place.security(), build, workshop.stop, _telling_once(console.note))
    try:
        objects = place.objects(link.open())
        objects.check()
        yield FarmHands(link, PieceShelf(objects), workshop, build, LocalHands(workshop, threads), _MANY)
    finally:
        link.close()


def serve_farm(console: Console, store: str, port: int, dashboard: int, *, alone: bool) -> None:
    """Schedule until Ctrl-C.

    Args:
        alone: for this computer only, without a passport.

    Raises:
        InputError: there is no passport, or no store.
        ToolError: the engine is not installed.
        StorageError: the store cannot be used, or the port is taken.
    """
    contain()
    from render.farm.scheduler import serve

    passport = None if alone else load_passport(office_passport())
    if passport is None and not store:
        raise InputError(Problem("--store", text("name the folder in which this computer's workers put pieces")))
    objects = passport.objects if passport and not store else Objects(store)
    if passport is None:
        objects.found()
    objects.check()
    objects.tidy()
    security = passport.security() if passport else None
    ports = (port, dashboard)
    asyncio.run(until_told(lambda leave: serve(objects.place, security, ports, leave, console.say), console.say))


def _telling_once(tell: Callable[[Text], None]) -> Callable[[Text], None]:
    guard, said = threading.Lock(), set[str]()

    def once(what: Text) -> None:
        with guard:
            known = str(what) in said
            said.add(str(what))
        if not known:
            tell(what)

    return once
