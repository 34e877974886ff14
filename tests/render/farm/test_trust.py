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
from distributed import Client, Scheduler, Status, rpc

from courseware.errors import ToolError
from render.farm import build as builds
from render.farm import scheduler as schedulers
from render.farm.build import Build, sign_of
from render.farm.lending import worker as workers
from render.farm.lending.tasks import Bench, carry_out
from render.farm.lending.worker import FarmWorker, greet
from render.farm.passport import Passport, call_back, issue, load_passport, make_farm
from render.farm.roles import Roles
from render.farm.scheduler import LOOPBACK, FarmScheduler
from render.farm.security import FarmSecurity
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
    security: FarmSecurity | None

    def client(self) -> Client:
        return Client(self.scheduler.address, security=self.security, asynchronous=True, set_as_default=False)


def _places(security: FarmSecurity | None) -> dict[str, Any]:
    return {"protocol": "tls", "security": security} if security else {"host": LOOPBACK}


@asynccontextmanager
async def running(
    bench: Bench, office: FarmSecurity | None = None, lent: FarmSecurity | None = None
) -> AsyncIterator[Running]:
    contain()
    async with (
        FarmScheduler("/farm", port=0, **PORTS, **_places(office)) as scheduler,
        FarmWorker(scheduler.address, bench, 2, **_places(lent)) as worker,
    ):
        yield Running(scheduler, worker, office)


def beside(do: Callable[[], Coroutine[Any, Any, object]]) -> None:
    """Run it in a thread: where a browser was driven before, this one has a loop already."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(do())).result()


def in_a_farm(
    bench: Bench,
    do: Callable[[Running], Awaitable[None]],
    office: FarmSecurity | None = None,
    lent: FarmSecurity | None = None,
) -> None:
    async def all_of_it() -> None:
        async with asyncio.timeout(120), running(bench, office, lent) as there:
            await do(there)

    beside(all_of_it)


async def is_answered(there: Running, content: str) -> str:
    """What becomes of a task of ours, sent by a client of its own."""
    async with there.client() as client:
        sign = sign_of(there.worker.bench.build)
        found = load_answer(await client.submit(carry_out, content, pure=False, resources={sign: 1}))
    assert found is not None
    return found.state


@pytest.fixture
def passport(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Passport:
    monkeypatch.setenv("YUANJIAO_KEYS", str(tmp_path / "keys"))
    (tmp_path / "farm").mkdir()
    return make_farm("office-pc", str(tmp_path / "farm"))


@pytest.fixture
def lent(passport: Passport, tmp_path: Path) -> FarmSecurity:
    return file_of("wang", passport, tmp_path)


def file_of(name: str, office: Passport, folder: Path) -> FarmSecurity:
    issue(office, name, folder / f"{name}.farm")
    return load_passport(folder / f"{name}.farm").security()


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


def test_nothing_listens_beyond_this_computer_without_tls(
    bench: Bench, passport: Passport, lent: FarmSecurity, lesson: Lesson
) -> None:
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
    in_a_farm(bench, secured, passport.security(), lent)


def test_whoever_has_no_passport_of_this_farm_is_not_answered(
    bench: Bench, passport: Passport, lent: FarmSecurity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YUANJIAO_KEYS", str(tmp_path / "other keys"))
    other = make_farm("office-pc", passport.store).security()

    async def strange(there: Running) -> None:
        with pytest.raises((OSError, TimeoutError)):
            await asyncio.wait_for(greet(there.scheduler.address, other), 5)

    in_a_farm(bench, strange, passport.security(), lent)


def test_who_was_called_back_is_not_answered_any_more_and_the_others_are(
    bench: Bench, passport: Passport, lent: FarmSecurity, lesson: Lesson, tmp_path: Path
) -> None:
    li = file_of("li", passport, tmp_path)
    call_back(passport, "li")

    async def asked(there: Running) -> None:
        assert await greet(there.scheduler.address, lent) == "/farm"
        with pytest.raises((OSError, TimeoutError)):
            await asyncio.wait_for(greet(there.scheduler.address, li), 5)
        assert await is_answered(there, dump_task(FarmTask(bench.build, lesson.card))) == "made"

    in_a_farm(bench, asked, passport.security(), lent)


def test_a_workers_file_has_nothing_made_and_sends_nobody_away(
    bench: Bench, passport: Passport, lent: FarmSecurity, lesson: Lesson, tmp_path: Path
) -> None:
    li = file_of("li", passport, tmp_path)
    task = dump_task(FarmTask(bench.build, lesson.card))

    async def attacked(there: Running) -> None:
        victim, asked = there.worker.address, li.get_connection_args("client")  # type: ignore[no-untyped-call]
        async with rpc(there.scheduler.address, connection_args=asked) as scheduler:
            with pytest.raises(OSError, match="closed"):
                await scheduler.retire_workers(workers=[victim])
            with pytest.raises(OSError, match="closed"):
                await scheduler.gather(keys=[])
        with pytest.raises((OSError, TimeoutError)):
            await Client(there.scheduler.address, security=li, asynchronous=True, timeout=2)
        with pytest.raises((OSError, TimeoutError)):
            await asyncio.wait_for(greet(victim, li), 5)
        assert set(there.scheduler.clients) == {"fire-and-forget"}  # which is Dask's own
        assert await is_answered(there, task) == "made"

    in_a_farm(bench, attacked, passport.security(), lent)


def test_who_was_taken_in_as_a_worker_says_nothing_for_another(
    bench: Bench, passport: Passport, lent: FarmSecurity, tmp_path: Path
) -> None:
    async def attacked(there: Running) -> None:
        victim, evil = there.worker.address, replace(bench, name="evil")
        paused = {"op": "worker-status-change", "worker": victim, "status": "paused", "stimulus_id": "evil"}
        async with FarmWorker(there.scheduler.address, evil, 1, **_places(file_of("li", passport, tmp_path))) as li:
            li.batched_stream.send(paused)
            await li.finished()
        assert {one.address: one.status for one in there.scheduler.workers.values()} == {victim: Status.running}

    in_a_farm(bench, attacked, passport.security(), lent)


def test_a_worker_speaks_for_itself_alone() -> None:
    roles = Roles(1, {"tls://10.0.0.2:7000"}, lambda address: address.replace("wang", "10.0.0.2"))
    wang, li = 2, 3
    assert roles.allow({"op": "register-worker", "address": "tls://10.0.0.3:7000"}, li)
    assert roles.allow({"op": "heartbeat_worker", "address": "tls://10.0.0.3:7000"}, li)
    assert roles.allow({"op": "retire_workers", "workers": ["tls://10.0.0.3:7000"]}, li)
    assert roles.allow({"op": "task-finished", "key": "x"}, li)
    for other in (
        {"op": "heartbeat_worker", "address": "tls://10.0.0.3:7000"},
        {"op": "retire_workers", "workers": ["tls://10.0.0.3:7000"]},
        {"op": "retire_workers", "names": ["li"]},
        {"op": "retire_workers"},
        {"op": "task-finished", "key": "x", "worker": "tls://10.0.0.3:7000"},
        {"op": "register-client", "client": "wang"},
        {"op": "unregister", "address": "tls://10.0.0.2:7000"},
        {},
    ):
        assert not roles.allow(other, wang)


def test_an_address_of_somebody_there_is_nobody_elses_however_it_is_written() -> None:
    there: set[str] = set()
    roles = Roles(1, there, lambda address: address.replace("wang", "10.0.0.2"))
    assert roles.allow({"op": "register-worker", "address": "tls://10.0.0.2:7000"}, 2)
    there.add("tls://10.0.0.2:7000")
    assert not roles.allow({"op": "register-worker", "address": "tls://wang:7000"}, 3)
    there.clear()
    assert roles.allow({"op": "register-worker", "address": "tls://wang:7000"}, 3)


def test_nobody_works_for_a_scheduler_that_shows_a_workers_file(
    passport: Passport, lent: FarmSecurity, tmp_path: Path
) -> None:
    async def false_office() -> None:
        async with FarmScheduler("/farm", port=0, **PORTS, **_places(lent)) as scheduler:
            with pytest.raises((OSError, TimeoutError)):
                await asyncio.wait_for(greet(scheduler.address, file_of("li", passport, tmp_path)), 5)

    contain()
    beside(false_office)


def test_a_scheduler_that_is_not_ours_or_older_is_named(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    async def old(there: Running) -> None:
        monkeypatch.setattr(schedulers, "PROTOCOL", builds.PROTOCOL + 1)
        with pytest.raises(ToolError, match="protocol 4, this yuanjiao 3"):
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
            future = client.submit(carry_out, task, pure=False, resources={sign_of(build): 1})
            while not (waiting := list(there.scheduler.tasks.values())):
                await asyncio.sleep(0)
            assert [one.state for one in waiting] == ["no-worker"]
            assert not there.worker.state.tasks
            del future

    in_a_farm(replace(bench, build=replace(build, fonts="others")), other)
