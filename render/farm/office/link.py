"""The office's link to its farm: sends tasks, waits for answers, and is made again when it breaks.

A worker that cannot be believed is avoided; one that dies, or a scheduler that does, costs what was being made.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from distributed import Client, Future
from distributed.comm.core import CommClosedError

from courseware.errors import Problem, Text, ToolError, text
from render.farm.build import AnyBuild, Build, PageBuild, differences, load_build, sign_of
from render.farm.lending.tasks import carry_out
from render.farm.lending.worker import greet
from render.farm.security import FarmSecurity
from render.farm.shared.wire import FarmAnswer, load_answer
from render.work.ffmpeg import StoppedError

_TICK_S = 1.0
_LOOK_S = 5.0
_FRESH_S = 1.0
_CONNECT_S = 10
# What a call ends in when the link breaks just then; it depends on how far it had come.
_LOST = (OSError, CommClosedError, CancelledError, RuntimeError, TypeError, AttributeError)


class DesertedError(ToolError):
    """Nobody is there to work, or to hand work out, for too long."""


@dataclass(frozen=True, slots=True)
class FarmMember:
    """A worker, as the scheduler knows it.

    Attributes:
        build, pages: what it makes videos with, and sets pages with; None when it is none of ours.
    """

    address: str
    name: str
    threads: int
    build: Build | None
    pages: PageBuild | None


@dataclass(frozen=True, slots=True)
class Patience:
    """How long what is waited for, in seconds.

    Attributes:
        scheduler: for one that is gone.
        workers: for the first that can be used.
        answer: for any answer of a worker that has tasks; then they are given to others.
    """

    scheduler: float = 600
    workers: float = 600
    answer: float = 3600


@dataclass(slots=True)
class Link:
    """One office's connection to a farm.

    Attributes:
        tell: says something to a person; what was said already is not said again.
    """

    address: str
    security: FarmSecurity | None
    build: AnyBuild
    stop: threading.Event
    tell: Callable[[Text], None]
    patience: Patience = field(default_factory=Patience)
    _client: Client | None = None
    _guard: threading.Lock = field(default_factory=threading.Lock)
    _avoided: dict[str, Text] = field(default_factory=dict)
    _heard: dict[str, float] = field(default_factory=dict)
    _seen: tuple[FarmMember, ...] = ()
    _seen_at: float = -_FRESH_S
    _looking: threading.Lock = field(default_factory=threading.Lock)

    def open(self) -> str:
        """Connect.

        Returns:
            Where the farm's store is, as the scheduler says.

        Raises:
            ToolError: nothing answers there, or what is no farm of ours.
        """
        self._client = self._connect()
        return str(self._client.sync(greet, self.address, self.security))

    def close(self) -> None:
        """Let go; what workers are making is made to its end, and lies on the shelf for the next time."""
        if self._client is not None:
            with suppress(Exception):
                self._client.close(timeout=2)

    def members(self) -> tuple[FarmMember, ...]:
        """The workers that are there, or were a moment ago: many tasks ask at once."""
        with self._looking:
            if time.monotonic() - self._seen_at > _FRESH_S:
                found = self._asked("identity", n_workers=-1)
                self._seen = tuple(_member(address, one) for address, one in found.get("workers", {}).items())
                self._seen_at = time.monotonic()
            return self._seen

    def _asked(self, what: str, **named: int) -> dict[str, Any]:
        """What the scheduler answers; nothing when it is gone."""
        client = self._connected()
        try:
            found: dict[str, Any] = client.sync(getattr(client.scheduler, what), **named)
        except _LOST:
            return {}
        return found

    def useful(self) -> tuple[FarmMember, ...]:
        """Those that make what we make; of the others it is told why not, once."""
        found = []
        for member in self.members():
            wrong = _wrong(self.build, member)
            for why in wrong:
                self.tell(text("{worker} is not used: {why}", worker=member.name, why=why))
            if not wrong and member.name not in self._avoided:
                found.append(member)
        return tuple(found)

    def avoid(self, worker: str, why: Text) -> None:
        """Give a worker nothing more, and say so once."""
        if worker not in self._avoided:
            self._avoided[worker] = why
            self.tell(text("{worker} is not used any more: {why}", worker=worker, why=why))

    def busy(self) -> Mapping[str, tuple[str, ...]]:
        """What each worker has, by the names of workers."""
        names = {one.address: one.name for one in self.members()}
        found = self._asked("processing")
        return {names.get(address, address): tuple(_shown(key) for key in keys) for address, keys in found.items()}

    def ask(self, task: str, name: str) -> FarmAnswer:
        """Have a task carried out by some worker, however often they die.

        Args:
            name: of the task, for people.

        Raises:
            ToolError: there is no worker, or no scheduler, for too long; or the task ends every worker.
            StoppedError: the batch was called off.
        """
        while True:
            members = self._some_members()
            client = self._connected()
            key = ("piece", name, secrets.token_hex(8))
            where = [one.address for one in members] if self._avoided else None
            with suppress(*_LOST):
                future = client.submit(
                    carry_out,
                    task,
                    key=key,
                    pure=False,
                    workers=where,
                    resources={sign_of(self.build): 1},
                )
                answer = self._answer(client, future, where)
                if answer is not None:
                    self._heard[answer.worker] = time.monotonic()
                    return answer

    def _answer(self, client: Client, future: Future[str], where: Sequence[str] | None) -> FarmAnswer | None:
        """The answer; None when it is lost and has to be asked for again.

        Args:
            where: the only workers that may have it; when all of them are gone, nobody has.
        """
        ended = threading.Event()
        future.add_done_callback(lambda _: ended.set())
        since = looked = time.monotonic()
        try:
            while not ended.wait(_TICK_S):
                if self.stop.is_set():
                    raise StoppedError
                if client.status == "connecting":
                    self.tell(_GONE)
                elif client.status != "running":
                    return None
                if time.monotonic() - looked > _LOOK_S:
                    looked = time.monotonic()
                    if self._is_stranded(where) or self._is_stuck(future, since):
                        client.cancel([future], force=True)
                        return None
            if future.status == "error":
                what = text("the farm's workers die of it, one after the other; make it on this computer")
                raise ToolError(Problem("", what))
            if future.status != "finished":
                return None
            with suppress(*_LOST):
                return load_answer(future.result(timeout=_CONNECT_S))
            return None
        finally:
            with suppress(Exception):
                future.release()

    def _is_stranded(self, where: Sequence[str] | None) -> bool:
        """Whether all workers that may have a task are gone."""
        return where is not None and not {one.address for one in self.members()} & set(where)

    def _is_stuck(self, future: Future[str], since: float) -> bool:
        """Whether the worker that has a task has answered nothing at all for too long; then it gets nothing more."""
        if time.monotonic() - since <= self.patience.answer:
            return False
        names = {one.address: one.name for one in self.members()}
        for address, keys in self._asked("processing").items():
            name = names.get(address, address)
            if (
                future.key in keys
                and time.monotonic() - max(since, self._heard.get(name, since)) > self.patience.answer
            ):
                self.avoid(name, text("it does not answer"))
                return True
        return False

    def _some_members(self) -> tuple[FarmMember, ...]:
        """The workers that can be used; the first is waited for."""
        until = time.monotonic() + self.patience.workers
        while not (found := self.useful()):
            self.tell(text("no worker can be used yet; start one on any computer: yuanjiao worker FILE"))
            if time.monotonic() > until:
                why = next(iter(self._avoided.values()), text("none has come"))
                what = text("the farm has no worker that can be used: {why}", why=why)
                raise DesertedError(Problem(self.address, what))
            if self.stop.wait(_TICK_S):
                raise StoppedError
        return found

    def _connected(self) -> Client:
        """The client, a new one when the old one lost its scheduler."""
        with self._guard:
            until = time.monotonic() + self.patience.scheduler
            while self._client is None or self._client.status in {"closed", "closing"}:
                try:
                    self._client = self._connect()
                except ToolError:
                    self.tell(_GONE)
                    if time.monotonic() > until:
                        raise
                    if self.stop.wait(_TICK_S):
                        raise StoppedError from None
            return self._client

    def _connect(self) -> Client:
        try:
            return Client(self.address, security=self.security, timeout=_CONNECT_S, set_as_default=False)
        except (OSError, RuntimeError, ValueError) as error:
            what = text("no farm answers there that this computer belongs to; is “yuanjiao farm start” running?")
            raise DesertedError(Problem(self.address, what)) from error


_STRANGER = text("it is no worker of yuanjiao's")
_GONE = text("the farm's scheduler is gone; it is waited for")


def _member(address: str, one: Mapping[str, Any]) -> FarmMember:
    build, pages = load_build(Build, one.get("build")), load_build(PageBuild, one.get("pages"))
    return FarmMember(address, str(one.get("name", address)), int(one.get("nthreads", 0)), build, pages)


def _wrong(ours: AnyBuild, member: FarmMember) -> tuple[Text, ...]:
    """Why a worker makes other things than ours."""
    if isinstance(ours, PageBuild):
        return tuple(differences(ours, member.pages)) if member.pages else (_STRANGER,)
    return tuple(differences(ours, member.build)) if member.build else (_STRANGER,)


def _shown(key: object) -> str:
    """The name in a task's key."""
    match key:
        case (_, str(name), _):
            return name
    return str(key)
