"""What befalls real offices, with real processes: a cut network, a frozen computer, full disks, a wrong clock.

Networks are cut and disks filled in network namespaces and small file systems of their own, which takes root.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli import make_console
from courseware.errors import ToolError
from render.farm.address import find_place
from render.farm.build import build_of
from render.farm.office.hands import FarmHands
from render.farm.office.link import Link, Patience
from render.farm.office.opening import farm_hands
from render.farm.passport import issue, make_farm
from render.farm.shared.objects import Objects
from render.farm.shared.shelf import PieceShelf
from render.farm.trust import contain
from render.pieces.hands import LocalHands
from render.work.ffmpeg import find_ffmpeg
from render.work.jobs import Job
from render.work.workshop import Workshop, open_workshop
from tests.bench.disasters import FarNetwork, do, far_network, fill_up, small_disk
from tests.bench.machines import Machines
from tests.bench.sleeping import BYTES, LOG, SECONDS, make_all, sleep_job, sleeping_jobs

TOOLS = ("ip", "mount", "faketime")
pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(600),
    pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="makes networks and disks"),
    pytest.mark.skipif(not all(map(shutil.which, TOOLS)), reason=f"needs {TOOLS}"),
]

PIECE_BYTES = 300_000


@pytest.fixture(autouse=True)
def asleep(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs sleep where they are made by workers, and take no time here."""
    monkeypatch.setattr("render.pieces.hands.run_job", sleep_job)
    monkeypatch.setattr("render.farm.office.hands.is_steady", lambda *_: True)
    monkeypatch.setenv(BYTES, str(PIECE_BYTES))


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    found = Machines(tmp_path, port, [str(tmp_path / "worker.farm")], "tests.bench.sleeping")
    found.environment = {SECONDS: "1", LOG: str(tmp_path / "begun.log")}
    yield found
    found.close()


def a_day_ahead() -> dict[str, str]:
    """An environment with another clock.

    `faketime` itself would stay between us and the worker: killed, it leaves the worker behind.
    """
    done = subprocess.run(
        ["faketime", "-f", "+1d", "printenv", "LD_PRELOAD"], capture_output=True, text=True, check=True
    )
    return {"LD_PRELOAD": done.stdout.strip(), "FAKETIME": "+1d", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


def hold_complete(workshop: Workshop, jobs: list[Job], folder: Path) -> None:
    """Every piece is there with the bytes that one computer makes."""
    alone = open_workshop(find_ffmpeg(), folder / "alone")
    for job in jobs:
        sleep_job(alone, job)
        found, right = (shop.store.find(job.outputs[0].key, check=True) for shop in (workshop, alone))
        assert found is not None
        assert right is not None
        assert found.sha256 == right.sha256


def test_a_cut_network_a_frozen_computer_a_full_disk_and_a_wrong_clock_are_named_and_lose_nothing(
    tmp_path: Path, machines: Machines, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("YUANJIAO_KEYS", str(tmp_path / "keys"))
    monkeypatch.setattr("render.farm.passport.PORT", machines.port)
    (tmp_path / "shared").mkdir()
    with far_network() as far, small_disk(tmp_path / "zhao", 64) as disk:
        issue(make_farm(far.office, str(tmp_path / "shared")), "worker", tmp_path / "worker.farm")
        machines.open()
        machines.await_word("scheduler", "the farm is open")
        machines.within = {"wang": far.within}
        clocks = {"zhang": a_day_ahead()}
        for name in ("wang", "li", "zhang", "zhao"):
            machines.join(name, "--jobs", "1", **clocks.get(name, {}))
        for name in ("wang", "li", "zhang", "zhao"):
            machines.await_word(name, "working for")
        fill_up(disk, PIECE_BYTES)
        workshop, jobs = open_workshop(find_ffmpeg(), tmp_path / "office"), sleeping_jobs(40)
        trouble = threading.Thread(target=cut_and_freeze, args=(machines, far))
        with farm_hands(
            find_place(f"tls://{far.office}:{machines.port}", "--on"), workshop, make_console("en"), 1
        ) as hands:
            trouble.start()
            make_all(hands, jobs)
            trouble.join()
        machines.await_word("li", "working for", times=2)
        machines.await_word("wang", "working for", times=2)
    hold_complete(workshop, jobs, tmp_path)
    said = capfd.readouterr().err
    assert "is not used any more: cannot be written to: the disk is full" in said
    assert "the clock of zhang" in said
    assert "1440 minutes off" in said
    begun = (tmp_path / "begun.log").read_text().split()
    assert len(begun) - len(set(begun)) <= 3, "who was cut off, frozen or full may have begun one piece in vain"


def cut_and_freeze(machines: Machines, far: FarNetwork) -> None:
    """Take wang's cable and stop li while they work; bring both back when the farm has seen that they are gone."""
    threading.Event().wait(4)
    far.pull()
    os.kill(machines.running["li"].pid, signal.SIGSTOP)
    try:
        for name in ("wang", "li"):
            machines.await_word("scheduler", f"{name}-", times=2)  # has come, has gone
    finally:
        os.kill(machines.running["li"].pid, signal.SIGCONT)
        far.plug()


def test_a_store_that_is_full_is_named_and_with_room_it_goes_on_where_it_was(
    tmp_path: Path, machines: Machines
) -> None:
    machines.farm = [f"tcp://127.0.0.1:{machines.port}"]
    machines.environment = {**machines.environment, SECONDS: "0"}
    told: list[str] = []
    with small_disk(tmp_path / "shared", 4) as disk:
        machines.open("--alone", "--store", str(disk))
        machines.await_word("scheduler", "the farm is open")
        machines.join("wang", "--jobs", "1")
        machines.await_word("wang", "working for")
        workshop, jobs = open_workshop(find_ffmpeg(), tmp_path / "office"), sleeping_jobs(20)
        with pytest.raises(ToolError, match="store cannot be used"):
            make_all(hands_of(machines, workshop, disk, told), jobs)
        kept = sum(workshop.store.find(job.outputs[0].key) is not None for job in jobs)
        assert 0 < kept < len(jobs)
        assert any("wang" in one and "the disk is full" in one for one in told)
        do("mount", "-o", "remount,size=64m", str(disk))
        make_all(hands_of(machines, workshop, disk, told), jobs)
    hold_complete(workshop, jobs, tmp_path)


def hands_of(machines: Machines, workshop: Workshop, store: Path, told: list[str]) -> FarmHands:
    """An office that waits for nobody."""
    contain(lenient=True)
    build, patience = build_of(workshop.tool), Patience(workers=0)
    link = Link(machines.farm[0], None, build, workshop.stop, lambda what: told.append(str(what)), patience)
    link.open()
    return FarmHands(link, PieceShelf(Objects(str(store))), workshop, build, LocalHands(workshop, 1), 4)
