"""A second process that drafts a county's weeks beside this one, since Python's threads share a lock. Writes nothing.

Whatever becomes of it, every week is drafted: what it does not bring is drafted here.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from threading import Thread, current_thread, main_thread
from typing import TYPE_CHECKING

from courseware.terminal.threads import collect_seldom, usable_cores

if TYPE_CHECKING:
    from pathlib import Path

    from playlists.files.venues import Venue
    from playlists.weeks.drafting import Drafting, VenueDraft

# A process takes half a second to start, and as long as about this many venues to plan.
_WORTH_IT = 40
# It has its next work before it has ended the last: so it never waits for this process.
_AT_ONCE = 2
# What it needs, and takes half a second to load.
_NEEDED = ("playlists.weeks.drafting", "sqlalchemy")

Group = tuple["Venue", ...]
Take = Callable[[Sequence["Venue"], Sequence["VenueDraft"]], None]


@dataclass(frozen=True, slots=True)
class SecondDrafter:
    """The process, as this one speaks to it."""

    pipe: Connection

    @contextmanager
    def helping(self, drafting: Drafting, waiting: deque[Group], take: Take) -> Iterator[None]:
        """While the block takes groups of venues from the left, it drafts those at the right, until none is left."""
        thread = Thread(target=self._converse, args=(drafting, waiting, take), daemon=True)
        thread.start()
        yield
        thread.join()

    def _converse(self, drafting: Drafting, waiting: deque[Group], take: Take) -> None:
        given = deque[Group]()
        try:
            self.pipe.send(drafting)
            while True:
                while len(given) < _AT_ONCE and (group := taken_from(waiting.pop)):
                    given.append(group)
                    self.pipe.send(group)
                if not given:
                    return
                take(given[0], self.pipe.recv())
                given.popleft()
        except (EOFError, OSError):
            # It was ended from outside, or never came to life.
            waiting.extend(given)


def taken_from(end: Callable[[], Group]) -> Group:
    """The group at that end of those that wait, () when there is none; the other one takes from them, too."""
    try:
        return end()
    except IndexError:
        return ()


def lines_of(sheet: Path) -> int:
    """About how many venues a sheet has, before anything of it is read."""
    try:
        return sheet.read_bytes().count(b"\n")
    except OSError:
        return 0


@contextmanager
def second_drafter(venues: int) -> Iterator[SecondDrafter | None]:
    """The process, for as long as the block lasts; None where it would gain nothing, or cannot be started."""
    process = None
    if venues >= _WORTH_IT and usable_cores() > 1:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs,), daemon=True)
        try:
            with _uninterrupted():
                process.start()
        except OSError:
            process = None
        theirs.close()
    try:
        yield SecondDrafter(ours) if process else None
    finally:
        if process:
            # It only reads: nothing is lost with it.
            process.terminate()
            process.join()
            ours.close()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let what is begun in the block ignore Ctrl-C from its first moment: whoever interrupts means this process."""
    if current_thread() is not main_thread():
        yield
        return
    usual = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)


def _work(pipe: Connection) -> None:
    """The process: it is told a week, then group after group of venues; then, maybe, another week."""
    collect_seldom()
    # Before it is told anything; nobody needs them who only begins it.
    for name in _NEEDED:
        import_module(name)
    from playlists.schedules.history import open_ledger

    # Windows hands nothing on.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        told: Drafting | Group = pipe.recv()
        while not isinstance(told, tuple):
            drafting = told
            with open_ledger(drafting.workspace.cache_dir) as ledger:
                while isinstance(told := pipe.recv(), tuple):
                    pipe.send([*drafting.drafted(told, ledger)])
    except (EOFError, OSError):
        return
