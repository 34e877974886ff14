"""A farm of real processes over TLS, its workers and scheduler killed while it works; and one whose store is S3."""

from __future__ import annotations

import json
import os
import random
import re
import socket
import subprocess
import threading
import time
import venv
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import pytest
from PIL import Image

from cli import make_console
from courseware.files import sha256
from render.farm.address import find_place
from render.farm.office.opening import farm_press
from render.farm.passport import Passport, issue, make_farm
from render.making.workflow import Asked, BatchResult, render_workspace
from templates.pages.press import typeset_all
from templates.pages.typeset import Sheet
from tests.bench.disasters import old_ffmpeg
from tests.bench.machines import Machines
from tests.conftest import LESSON, run_ffmpeg
from tests.render.engine import litter, numbered

pytestmark = [pytest.mark.long, pytest.mark.timeout(900), pytest.mark.skipif(os.name == "nt", reason="kill -9")]

PROFILES = ("led-96x64", "led-80x64")
SETTINGS = '[office]\nname = "安康市远教办"\ncounty = "汉滨区"\n'


KEY = "quiet-office"


@pytest.fixture
def port() -> int:
    return free_port()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def lay_county(folder: Path, lessons: int, pictures: int) -> Path:
    folder.mkdir()
    (folder / "yuanjiao.toml").write_text(SETTINGS, encoding="utf-8")
    for number in range(lessons):
        own = folder / "courseware" / f"lesson-{number}"
        own.mkdir(parents=True)
        (own / "lesson.toml").write_text(LESSON.format(title=f"第{number}课"), encoding="utf-8")
        numbered(own / "video.mp4", pictures + number)
    return folder


MIXED = """
narration = ["说.wav"]

[[clip]]
source = "剪.jpg"
move = "in"
caption = "留三到五个芽"

[[clip]]
from = "0:01"
to = "0:04"

[[clip]]
source = "动.gif"
seconds = 2
fade = 0.4
"""

CARDS = """
[[clip]]
card = "第一步"
lines = ["剪病枝", "留三到五个芽"]
picture = "剪.jpg"
seconds = 2

[[clip]]
card = "第二步"
seconds = 2
"""


def lay_mixed_lessons(county: Path) -> None:
    """One of a photo, a stretch of a video and an animation, faded over, under a narration; and one of cards."""
    own, cards = (county / "courseware" / name for name in ("mixed", "cards"))
    for folder, clips in ((own, MIXED), (cards, CARDS)):
        folder.mkdir(parents=True)
        (folder / "lesson.toml").write_text(LESSON.format(title="剪枝") + clips, encoding="utf-8")
        Image.linear_gradient("L").resize((400, 300)).convert("RGB").save(folder / "剪.jpg")
    numbered(own / "video.mp4", 150)
    first, *others = (Image.new("RGB", (80, 60), (shade, 90, 60)) for shade in (0, 120, 240))
    first.save(own / "动.gif", save_all=True, append_images=others, duration=200, loop=0)
    run_ffmpeg("-f", "lavfi", "-i", "sine=f=500:d=9", str(own / "说.wav"))


def test_lessons_of_photos_cards_clips_and_a_narration_are_the_same_from_a_farm(
    tmp_path: Path, port: int, machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, alone = (lay_county(tmp_path / name, 0, 0) for name in ("county", "alone"))
    for county in (there, alone):
        lay_mixed_lessons(county)
    (tmp_path / "shared").mkdir()
    founded(tmp_path, port, str(tmp_path / "shared"), monkeypatch)
    machines.open()
    machines.join("wang", "--jobs", "1")
    machines.await_word("wang", "working for")
    done = rendered(there, f"tls://127.0.0.1:{port}")
    assert [one.state for one in done.outcomes] == ["made"] * 4, done
    rendered(alone)
    assert made(there) == made(alone)
    assert {"picture", "sound", "footage", "facts"} <= kinds_in(tmp_path / "shared")


def kinds_in(shelf: Path) -> set[str]:
    return {json.loads(path.read_text())["kind"] for path in (shelf / "notes").rglob("*.json")}


def rendered(county: Path, farm: str = "") -> BatchResult:
    return render_workspace(county, (), PROFILES, make_console("en"), Asked(2, farm=farm))


def made(county: Path) -> dict[str, str]:
    return {str(path.relative_to(county)): sha256(path) for path in sorted(county.glob("renditions/*/*.mp4"))}


def founded(folder: Path, port: int, store: str, monkeypatch: pytest.MonkeyPatch, endpoint: str = "") -> Passport:
    """A farm whose passports are for this computer."""
    monkeypatch.setenv("YUANJIAO_KEYS", str(folder / "keys"))
    monkeypatch.setattr("render.farm.passport.PORT", port)
    office = make_farm("127.0.0.1", store, endpoint)
    issue(office, "worker", folder / "worker.farm")
    return office


@pytest.fixture
def machines(tmp_path: Path, port: int) -> Iterator[Machines]:
    found = Machines(tmp_path, port, [str(tmp_path / "worker.farm")], "tests.bench.eager")
    yield found
    found.close()


def test_a_farm_whose_machines_die_makes_what_one_computer_makes(
    tmp_path: Path, port: int, machines: Machines, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    there, alone = lay_county(tmp_path / "county", 3, 300), lay_county(tmp_path / "alone", 3, 300)
    (tmp_path / "shared").mkdir()
    founded(tmp_path, port, str(tmp_path / "shared"), monkeypatch)
    machines.open()
    for name in ("wang", "li"):
        machines.join(name, "--jobs", "1")
    machines.join("old", "--jobs", "1", YUANJIAO_FFMPEG=str(old_ffmpeg(tmp_path)))
    for name in ("wang", "li", "old"):
        machines.await_word(name, "working for")
    ended = threading.Event()
    killer = threading.Thread(target=kill_on, args=(machines, ["wang", "li", "scheduler"], ended))
    killer.start()
    try:
        done = rendered(there, f"tls://127.0.0.1:{port}")
    finally:
        ended.set()
        killer.join()
    assert {one.state for one in done.outcomes} == {"made"}
    rendered(alone)
    assert made(there) == made(alone)
    assert len(made(there)) == 3 * len(PROFILES)
    assert not litter(there)
    assert capfd.readouterr().err.count("its ffmpeg is n4.1") <= 1 + machines_named_old(machines)
    assert {one.state for one in rendered(there, f"tls://127.0.0.1:{port}").outcomes} == {"kept"}


def machines_named_old(machines: Machines) -> int:
    """How often the old worker came: it is told of anew when it has a new name."""
    return machines.said("old").count("working for")


def kill_on(machines: Machines, names: list[str], ended: threading.Event) -> None:
    chance = random.Random(1)
    for name in names:
        if ended.wait(chance.uniform(1, 4)):
            return
        machines.kill(name)
        if name == "scheduler":
            machines.open()
        else:
            machines.join(name, "--jobs", "1")
        for path in (machines.folder / "shared" / "content").rglob("*"):
            if path.is_file() and chance.random() < 0.1:
                path.write_bytes(chance.randbytes(path.stat().st_size))


def test_a_worker_leaves_politely_and_its_work_is_not_lost(
    tmp_path: Path, port: int, machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    county = lay_county(tmp_path / "county", 2, 300)
    (tmp_path / "shared").mkdir()
    founded(tmp_path, port, str(tmp_path / "shared"), monkeypatch)
    machines.open()
    machines.join("wang", "--jobs", "1")
    machines.await_word("wang", "working for")
    leaver = threading.Thread(target=leave_and_come, args=(machines,))
    leaver.start()
    assert {one.state for one in rendered(county, f"tls://127.0.0.1:{port}").outcomes} == {"made"}
    leaver.join()
    assert kinds_in(tmp_path / "shared") == {"picture", "sound", "facts"}


def leave_and_come(machines: Machines) -> None:
    import signal

    machines.kill("wang", signal.SIGINT)
    assert "ending what is begun" in machines.said("wang")
    machines.join("wang", "--jobs", "1")


@contextmanager
def moto_server(_: Path) -> Iterator[str]:
    """Speaks S3 over HTTP, holds all in memory, and looks at no signature."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    try:
        yield "http://{}:{}".format(*server.get_host_and_port())
    finally:
        server.stop()


@contextmanager
def nanio_server(folder: Path) -> Iterator[str]:
    """A server that offices can use: files on a disk, signatures checked. In an environment of its own, since what it
    brings along would change how our desk is served.
    """
    own, number = folder / "nanio", free_port()
    venv.create(own, with_pip=True)
    subprocess.run([own / "bin/pip", "install", "--quiet", "nanio==0.1.7"], check=True)
    words = ["serve", "--host", "127.0.0.1", "--port", str(number), "--data-dir", str(folder / "buckets")]
    keys = {"NANIO_ACCESS_KEY": KEY, "NANIO_SECRET_KEY": KEY}
    with subprocess.Popen([own / "bin/nanio", *words], env={**os.environ, **keys}) as server:
        try:
            await_port(number)
            yield f"http://127.0.0.1:{number}"
        finally:
            server.terminate()


def await_port(number: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", number), 1):
            return
        time.sleep(0.2)
    raise TimeoutError


@pytest.mark.parametrize("serve", [moto_server, nanio_server])
def test_a_store_may_be_s3(
    serve: Callable[[Path], AbstractContextManager[str]],
    tmp_path: Path,
    port: int,
    machines: Machines,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import boto3

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, KEY)
    with serve(tmp_path) as endpoint:
        boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1").create_bucket(Bucket="farm")
        there, alone = lay_county(tmp_path / "county", 1, 100), lay_county(tmp_path / "alone", 1, 100)
        founded(tmp_path, port, "s3://farm/pieces", monkeypatch, endpoint)
        machines.open()
        machines.join("wang", "--jobs", "1")
        machines.await_word("wang", "working for")
        rendered(there, f"tls://127.0.0.1:{port}")
        rendered(alone)
        assert made(there) == made(alone)
        assert len(made(there)) == len(PROFILES)
        machines.close()


def test_pages_are_those_of_one_computer_though_a_worker_dies(
    tmp_path: Path, port: int, machines: Machines, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "shared").mkdir()
    founded(tmp_path, port, str(tmp_path / "shared"), monkeypatch)
    machines.open()
    for name in ("wang", "li"):
        machines.join(name, "--jobs", "2")
        machines.await_word(name, "working for")
    sheets = [Sheet("quick", leaflet(f"第{number}步"), "print", f"sheet-{number}") for number in range(150)]
    place = find_place(f"tls://127.0.0.1:{port}", "--on")
    with farm_press(place, tmp_path / "office", make_console("en")) as press:
        coming = press(sheets)
        contents = [next(coming)]
        machines.kill("wang")
        contents += coming
    assert contents == list(typeset_all(sheets))
    assert not litter(tmp_path / "office")
    told = capfd.readouterr().err
    assert sum(map(int, re.findall(r"set (\d+) pages", told))) == len(sheets)


def leaflet(step: str) -> str:
    imprint = {"office": "安康市远教办", "county": "汉滨区", "phone": "", "url": ""}
    parts = [{"warns": False, "heading": "剪枝", "steps": [step]}]
    return json.dumps({"title": "速查", "under": "", "parts": parts, "imprint": imprint, "qr": ""})
