"""The office's link to a farm that runs on a thread of this process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from courseware.errors import Text, ToolError, text
from render.farm.build import Build, PageBuild, page_build
from render.farm.lending.worker import FarmWorker
from render.farm.office import link as links
from render.farm.office.link import FarmMember, Link, Patience
from render.farm.scheduler import LOOPBACK, FarmScheduler
from render.farm.shared.wire import FarmAnswer, dump_answer
from render.farm.trust import contain
from render.work.ffmpeg import StoppedError

if TYPE_CHECKING:
    from render.farm.lending.tasks import Bench


@dataclass(slots=True)
class SlowBench:
    """Answers when it is let; as a worker's bench sees from outside."""

    build: Build
    workshop: object
    pages: PageBuild = field(default_factory=page_build)
    name: str = "wang"
    begun: threading.Event = field(default_factory=threading.Event)
    let: threading.Event = field(default_factory=threading.Event)
    asked: int = 0

    def answer(self, _: str) -> FarmAnswer:
        self.asked += 1
        self.begun.set()
        assert self.let.wait(60)
        return FarmAnswer("made", self.name, "pc", 0.0, {})


@pytest.fixture
def slow(bench: Bench) -> Iterator[SlowBench]:
    made = SlowBench(bench.build, bench.workshop)
    yield made
    made.let.set()


@contextmanager
def farm_of(*benches: object) -> Iterator[str]:
    """The address of a farm with a worker for each bench."""
    contain(lenient=True)
    ready, over, address = threading.Event(), threading.Event(), list[str]()

    async def run() -> None:
        async with FarmScheduler(
            "/farm", port=0, host=LOOPBACK, dashboard=False, dashboard_address=f"{LOOPBACK}:0"
        ) as there:
            workers = [FarmWorker(there.address, bench, 1, host=LOOPBACK) for bench in benches]  # type: ignore[arg-type]
            await asyncio.gather(*workers)
            address.append(there.address)
            ready.set()
            while not over.is_set():
                await asyncio.sleep(0.02)
            await asyncio.gather(*(worker.close() for worker in workers))

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(lambda: asyncio.run(run()))
        assert ready.wait(60)
        try:
            yield address[0]
        finally:
            over.set()
            running.result(60)


@contextmanager
def linked(address: str, build: Build, told: list[str], patience: Patience, stop: threading.Event) -> Iterator[Link]:
    link = Link(address, None, build, stop, lambda what: told.append(str(what)), patience)
    assert link.open() == "/farm"
    try:
        yield link
    finally:
        link.close()


def test_a_task_is_answered_and_it_is_seen_who_has_it(slow: SlowBench) -> None:
    told: list[str] = []
    with (
        farm_of(slow) as address,
        linked(address, slow.build, told, Patience(), threading.Event()) as link,
        ThreadPoolExecutor(1) as pool,
    ):
        asked = pool.submit(link.ask, "task", "prune")
        assert slow.begun.wait(60)
        assert link.busy() == {"wang": ("prune",)}
        slow.let.set()
        assert asked.result(60).worker == "wang"
    assert told == []


def test_a_worker_that_hangs_is_named_and_gets_nothing_more(slow: SlowBench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "_LOOK_S", 0.0)
    told: list[str] = []
    patience = Patience(answer=0.0, workers=0.0)
    with (
        farm_of(slow) as address,
        linked(address, slow.build, told, patience, threading.Event()) as link,
    ):
        with pytest.raises(ToolError, match="no worker that can be used: it does not answer"):
            link.ask("task", "prune")
        slow.let.set()
    assert "wang is not used any more: it does not answer" in told


def test_other_builds_are_told_by_name_and_once_there_is_none_left_the_batch_ends(slow: SlowBench) -> None:
    told: list[str] = []
    ours = replace(slow.build, ffmpeg="n10")
    with (
        farm_of(slow) as address,
        linked(address, ours, told, Patience(workers=0.0), threading.Event()) as link,
        pytest.raises(ToolError, match="no worker that can be used"),
    ):
        link.ask("task", "prune")
    assert f"wang is not used: its ffmpeg is {slow.build.ffmpeg}, not n10" in told
    assert not slow.begun.is_set()


def test_whoever_waits_for_a_farm_hears_ctrl_c(slow: SlowBench) -> None:
    stop = threading.Event()
    with (
        farm_of(slow) as address,
        linked(address, slow.build, [], Patience(), stop) as link,
        ThreadPoolExecutor(1) as pool,
    ):
        asked = pool.submit(link.ask, "task", "prune")
        assert slow.begun.wait(60)
        stop.set()
        with pytest.raises(StoppedError):
            asked.result(60)
        slow.let.set()


def test_a_task_whose_only_workers_are_gone_is_asked_for_again(
    slow: SlowBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "_LOOK_S", 0.0)
    with (
        farm_of(slow) as address,
        linked(address, slow.build, [], Patience(), threading.Event()) as link,
        ThreadPoolExecutor(1) as pool,
    ):
        link.avoid("li", text("it makes other bytes"))
        there, gone = link.members(), threading.Event()

        def members(_: Link) -> tuple[FarmMember, ...]:
            """To whoever looks first, wang has died and come again under another address."""
            if gone.is_set():
                return there
            gone.set()
            return tuple(replace(one, address="tcp://127.0.0.1:1") for one in there)

        asked = pool.submit(link.ask, "task", "prune")
        assert slow.begun.wait(60)
        monkeypatch.setattr(Link, "members", members)
        assert gone.wait(60)
        slow.let.set()
        assert asked.result(60).worker == "wang"
    assert slow.asked == 2


def test_tasks_that_look_for_workers_at_once_ask_the_scheduler_once(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, asked = [100.0], list[str]()

    def identity(_: Link, what: str, **__: int) -> dict[str, object]:
        asked.append(what)
        return {}

    monkeypatch.setattr("render.farm.office.link.time.monotonic", lambda: now[0])
    monkeypatch.setattr(Link, "_asked", identity)
    link = Link("tcp://127.0.0.1:9", None, build, threading.Event(), _say_nothing)
    for _ in range(128):
        link.members()
    assert asked == ["identity"]
    now[0] += 2
    link.members()
    assert asked == ["identity"] * 2


def test_a_link_that_breaks_just_as_something_is_asked_answers_nothing(
    slow: SlowBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "_FRESH_S", 0.0)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("ConnectionPool is closed")

    with farm_of(slow) as address, linked(address, slow.build, [], Patience(), threading.Event()) as link:
        assert [one.name for one in link.members()] == ["wang"]
        with monkeypatch.context() as patch:
            patch.setattr("distributed.Client.sync", broken)
            assert link.members() == ()
            assert link.busy() == {}


@dataclass(slots=True)
class Waiting:
    """A task that ends when it is let."""

    status: str = "finished"
    end: Callable[[object], None] = lambda _: None

    def add_done_callback(self, done: Callable[[object], None]) -> None:
        self.end = done

    def release(self) -> None:
        """Forget it."""

    def result(self, timeout: float) -> str:
        assert timeout
        return dump_answer(FarmAnswer("made", "wang", "pc", 0.0, {}))


def test_a_scheduler_that_is_gone_is_told_while_the_engine_waits_for_it(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "_TICK_S", 0.0)
    told, future = list[str](), Waiting()

    def tell(what: Text) -> None:
        told.append(str(what))
        future.end(future)

    link = Link("tcp://127.0.0.1:9", None, build, threading.Event(), tell)
    answer = link._answer(SimpleNamespace(status="connecting"), future, None)  # type: ignore[arg-type]
    assert answer is not None
    assert told == ["the farm's scheduler is gone; it is waited for"]


def test_where_no_farm_answers_it_is_said(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("render.farm.office.link._CONNECT_S", 1)
    contain(lenient=True)
    link = Link(f"tcp://{LOOPBACK}:9", None, build, threading.Event(), _say_nothing)
    with pytest.raises(ToolError, match="no farm answers there"):
        link.open()


def _say_nothing(_: Text) -> None:
    pass
