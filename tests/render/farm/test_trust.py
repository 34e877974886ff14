"""The engine in one process: what is not ours is refused by scheduler and worker, and nothing listens without TLS."""

from __future__ import annotations

import asyncio
import os
import pickle
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import distributed.protocol.pickle as engine_pickle
import psutil
import pytest
from distributed import Client, Scheduler
from distributed.security import Security

from courseware.errors import ToolError
from render.farm import build as builds
from render.farm import scheduler as schedulers
from render.farm.build import Build
from render.farm.lending import worker as workers
from render.farm.lending.tasks import Bench, carry_out
from render.farm.lending.worker import FarmWorker, greet
from render.farm.passport import Passport, call_back, issue, load_passport, make_farm
from render.farm.scheduler import LOOPBACK, FarmScheduler
from render.farm.shared.wire import FarmTask, dump_task, load_answer
from render.farm.trust import ForeignPickleError, contain

if TYPE_CHECKING:
    from tests.render.farm.conftest import Lesson

PORTS: dict[str, Any] = {"dashboard": False, "dashboard_address": f"{LOOPBACK}:0"}


@dataclass(frozen=True, slots=True)
class Running:
    """A farm in this process."""

    scheduler: FarmScheduler
    worker: FarmWorker
    security: Security | None

    def client(self) -> Client:
        return Client(self.scheduler.address, security=self.security, asynchronous=True, set_as_default=False)


@asynccontextmanager
async def running(bench: Bench, security: Security | None = None) -> AsyncIterator[Running]:
    contain()
    place: dict[str, Any] = {"protocol": "tls", "security": security} if security else {"host": LOOPBACK}
    async with (
        FarmScheduler("/farm", port=0, **PORTS, **place) as scheduler,
        FarmWorker(scheduler.address, bench, 2, **place) as worker,
    ):
        yield Running(scheduler, worker, security)


def beside(do: Callable[[], Coroutine[Any, Any, object]]) -> None:
    """Run it in a thread: where a browser was driven before, this one has a loop already."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(do())).result()


def in_a_farm(bench: Bench, do: Callable[[Running], Awaitable[None]], security: Security | None = None) -> None:
    async def all_of_it() -> None:
        async with asyncio.timeout(120), running(bench, security) as there:
            await do(there)

    beside(all_of_it)


async def is_answered(there: Running, content: str) -> str:
    """What becomes of a task of ours, sent by a client of its own."""
    async with there.client() as client:
        sign = there.worker.bench.build.sign
        found = load_answer(await client.submit(carry_out, content, pure=False, resources={sign: 1}))
    assert found is not None
    return found.state


@pytest.fixture
def passport(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Passport:
    monkeypatch.setenv("YUANJIAO_KEYS", str(tmp_path / "keys"))
    (tmp_path / "farm").mkdir()
    return make_farm("office-pc", str(tmp_path / "farm"))


def test_a_task_of_ours_is_carried_out_by_a_worker_with_our_build(bench: Bench, lesson: Lesson) -> None:
    async def ours(there: Running) -> None:
        assert await is_answered(there, dump_task(FarmTask(bench.build, lesson.card))) == "made"
        assert await greet(there.scheduler.address, None) == "/farm"

    in_a_farm(bench, ours)
    assert bench.shelf.find(lesson.card.outputs[0].key) is not None


# A member of the farm with Dask as it comes, who tries all ways that Dask has to run code elsewhere.
STRANGER = """
import os, sys
from distributed import Client, rpc
client, marks = Client(sys.argv[1], timeout=5), iter(range(99))
def mark():
    return f"{sys.argv[2]}/{next(marks)}"
def refused(what):
    try:
        what()
    except BaseException as error:
        return print(type(error).__name__, flush=True)
    print("it was let", flush=True)
worker = sys.argv[3]
refused(lambda: client.submit(os.mkdir, mark(), pure=False).result(timeout=5))
refused(lambda: client.submit(lambda: os.mkdir(mark()), pure=False).result(timeout=5))
refused(lambda: client.run_on_scheduler(os.mkdir, mark()))
refused(lambda: client.run(os.mkdir, mark(), workers=[worker]))
refused(lambda: client.upload_file(__file__ if "__file__" in globals() else os.__file__))
async def direct(**asked):
    async with rpc(worker) as peer:
        return await getattr(peer, asked.pop("op"))(**asked)
from distributed.protocol.pickle import dumps
refused(lambda: client.sync(direct, op="run", function=dumps(os.mkdir), args=dumps((mark(),)))["status"])
refused(lambda: client.sync(direct, op="upload_file", filename="evil.py", data=b"import os")["status"])
os._exit(0)
"""


def test_a_foreign_task_is_refused_and_the_farm_goes_on(bench: Bench, tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    marks.mkdir()

    async def foreign(there: Running) -> None:
        words = [sys.executable, "-c", STRANGER, there.scheduler.address, str(marks), there.worker.address]
        process = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)
        said, _ = await process.communicate()
        lines = said.decode().split("\n")[:-1]
        assert len(lines) == 7
        assert "it was let" not in lines
        assert not there.worker.state.tasks
        assert await is_answered(there, "{}") == "unable"

    in_a_farm(bench, foreign)
    assert not list(marks.iterdir())
    assert not list(bench.workshop.work_dir.rglob("evil.py"))


def test_what_runs_code_that_is_sent_is_taken_out(bench: Bench) -> None:
    async def look(there: Running) -> None:
        assert not {"run", "run_coroutine", "upload_file", "plugin-add", "actor_execute"} & set(there.worker.handlers)
        assert not {"run_function", "broadcast", "feed", "register_worker_plugin"} & set(there.scheduler.handlers)

    in_a_farm(bench, look)


@dataclass(frozen=True, slots=True)
class _Evil:
    """Makes a folder when it is loaded."""

    mark: Path

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.mark),)


def test_no_pickle_is_loaded_that_names_anything_but_our_task(tmp_path: Path) -> None:
    evil = pickle.dumps(_Evil(tmp_path / "it ran"))
    contain()
    with pytest.raises(ForeignPickleError, match=r"mkdir"):
        engine_pickle.loads(evil)
    assert engine_pickle.loads(pickle.dumps(carry_out)) is carry_out
    contain(lenient=True)
    engine_pickle.loads(evil)
    assert not list(tmp_path.iterdir())


def listening() -> set[tuple[str, int]]:
    mine = psutil.Process().net_connections(kind="inet")
    return {(one.laddr.ip, one.laddr.port) for one in mine if one.status == psutil.CONN_LISTEN}


def test_nothing_listens_beyond_this_computer_without_tls(bench: Bench, passport: Passport, lesson: Lesson) -> None:
    before = listening()

    async def plain(_: Running) -> None:
        assert {ip for ip, _ in listening() - before} == {LOOPBACK}

    async def secured(there: Running) -> None:
        assert there.scheduler.address.startswith("tls://")
        open_ports = {port for ip, port in listening() - before if ip != LOOPBACK}
        assert open_ports
        for port in open_ports:
            with pytest.raises((OSError, ValueError, RuntimeError, TimeoutError)):
                await asyncio.wait_for(greet(f"tcp://{LOOPBACK}:{port}", None), 3)
        assert await is_answered(there, dump_task(FarmTask(bench.build, lesson.card))) == "made"

    in_a_farm(bench, plain)
    in_a_farm(bench, secured, passport.security())


def test_whoever_has_no_passport_of_this_farm_is_not_answered(
    bench: Bench, passport: Passport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YUANJIAO_KEYS", str(tmp_path / "other keys"))
    other = make_farm("office-pc", passport.store).security()

    async def strange(there: Running) -> None:
        with pytest.raises((OSError, TimeoutError)):
            await asyncio.wait_for(greet(there.scheduler.address, other), 5)

    in_a_farm(bench, strange, passport.security())


def test_who_was_called_back_is_not_answered_any_more_and_the_others_are(
    bench: Bench, passport: Passport, lesson: Lesson, tmp_path: Path
) -> None:
    for name in ("wang", "li"):
        issue(passport, name, tmp_path / f"{name}.farm")
    call_back(passport, "li")
    wang, li = (load_passport(tmp_path / f"{name}.farm").security() for name in ("wang", "li"))

    async def asked(there: Running) -> None:
        assert await greet(there.scheduler.address, wang) == "/farm"
        with pytest.raises((OSError, TimeoutError)):
            await asyncio.wait_for(greet(there.scheduler.address, li), 5)
        assert await is_answered(there, dump_task(FarmTask(bench.build, lesson.card))) == "made"

    in_a_farm(bench, asked, passport.security())


def test_a_scheduler_that_is_not_ours_or_older_is_named(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    async def old(there: Running) -> None:
        monkeypatch.setattr(schedulers, "PROTOCOL", builds.PROTOCOL + 1)
        with pytest.raises(ToolError, match="protocol 2, this yuanjiao 1"):
            await greet(there.scheduler.address, None)
        async with Scheduler(host=LOOPBACK, port=0, **PORTS) as foreign:
            with pytest.raises(ToolError, match="no farm of yuanjiao's"):
                await greet(foreign.address, None)

    in_a_farm(bench, old)


def test_a_port_where_nothing_of_the_kind_answers_is_no_farm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_ASK_S", 0.3)
    with socket.create_server((LOOPBACK, 0)) as silent:
        address = f"tcp://{LOOPBACK}:{silent.getsockname()[1]}"
        with pytest.raises((OSError, TimeoutError)):
            beside(lambda: greet(address, None))


def test_a_worker_with_another_build_gets_no_task(bench: Bench, lesson: Lesson, build: Build) -> None:
    async def other(there: Running) -> None:
        async with there.client() as client:
            task = dump_task(FarmTask(build, lesson.card))
            future = client.submit(carry_out, task, pure=False, resources={build.sign: 1})
            while not (waiting := list(there.scheduler.tasks.values())):
                await asyncio.sleep(0)
            assert [one.state for one in waiting] == ["no-worker"]
            assert not there.worker.state.tasks
            del future

    in_a_farm(replace(bench, build=replace(build, fonts="others")), other)
