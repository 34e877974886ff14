"""A desk on 600 lessons and 413 venues: how long its pages take, in the server and in a browser; many users at once.

Run as `python -m tests.bench.bench_desk [--lessons 600] [--venues 413] [--users 20 --minutes 10]`; with --users only
these are measured, while a render runs. `--keep DIR` makes the county there, or takes the one that is there already.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx2
import psutil
from playwright.sync_api import Page, sync_playwright

from courseware.lessons.workspace import open_workspace
from courseware.storage.locks import lock_workspace
from desk.serving.ahead import look_ahead
from playlists.almanac import clock
from playlists.weeks.making import county_to_plan, plan_county
from tests.conftest import BROWSERS, run_ffmpeg
from tests.desk.conftest import browser_of, desk_on
from tests.desk.process import Serving, serving
from tests.playlists.factories import CALENDAR, PROGRAMMES, SETTINGS, write_lesson

_TOWNS = 14
_NOTHING = b"\0\0\0\x08free"  # an empty part at the end of an MP4
_TIMES, _ALLOWED_S = 3, 0.3  # each page is asked for; may take in the server


def main() -> None:
    """Make the county, then measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--lessons", type=int, default=600)
    parser.add_argument("--venues", type=int, default=413)
    parser.add_argument("--users", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        root = options.keep or Path(name) / "county"
        if not (root / "yuanjiao.toml").is_file():
            write_county(root, options.lessons, options.venues)
        if options.users:
            measure_users(root, options.users, options.minutes * 60)
        else:
            measure_server(root)
            measure_browser(root)


def write_county(root: Path, lessons: int, venues: int) -> None:
    """Lessons with finished videos (whose bytes are none); venues, all planned for this week and the next."""
    root.mkdir(parents=True)
    (root / "yuanjiao.toml").write_text(SETTINGS, encoding="utf-8")
    (root / "programmes.toml").write_text(PROGRAMMES, encoding="utf-8")
    (root / "calendar.toml").write_text(CALENDAR, encoding="utf-8")
    rows = (
        f"square-{n:03},{n} 号文化广场,广场,测试县,第{n % _TOWNS}镇,512x320,每天 19:00-20:30,\n"
        for n in range(venues)
    )
    heading = "编号,名称,类型,县区,镇,屏幕,开放时段,固定学习日\n"
    (root / "venues.csv").write_text(heading + "".join(rows), encoding="utf-8")
    clip = root / "clip.mp4"
    run_ffmpeg("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=2", str(clip))
    for number in range(lessons):
        write_lesson(root, number, 180 + number % 240)
        shutil.copyfile(clip, root / "courseware" / f"lesson-{number:03}" / "x.mp4")
    clip.unlink()
    workspace = open_workspace(root)
    began = time.perf_counter()
    with lock_workspace(workspace.cache_dir):
        county = county_to_plan(workspace)
        for week in (clock.present_week(workspace), clock.coming_week(workspace)):
            plan_county(workspace, county, county.venues, week)
    print(f"two weeks of {venues} venues planned in {time.perf_counter() - began:.0f} s")


def pages_of(root: Path) -> list[str]:
    """The pages that people look at."""
    week = clock.coming_week(open_workspace(root))
    return [
        "/overview",
        "/lessons",
        "/lessons/lesson-300",
        "/lessons/lesson-300/subtitles",
        "/lessons/lesson-300/thumbnail.jpg",
        "/reviews",
        "/reviews/lesson-300",
        f"/weeks/{week}",
        f"/weeks/{week}/square-200",
        f"/publishing/{week}",
        f"/publishing/month/{clock.today(open_workspace(root)):%Y-%m}",
        "/venues",
        "/venues/square-200",
        "/venues/square-200/stick",
        "/columns",
        "/tables",
        "/reports",
        "/tasks",
        "/people",
        "/people/log",
        "/import",
    ]


def measure_server(root: Path) -> None:
    """The first answer after a desk has looked ahead, and the usual one; of this, what the processor worked."""
    desk = desk_on(root, root)
    browser = browser_of(desk)
    began, before = time.perf_counter(), time.process_time()
    look_ahead(desk)
    print(f"looked ahead in {time.perf_counter() - began:.1f} s, worked {time.process_time() - before:.1f} s")
    print(f"{'page':45} {'first':>8} {'usual':>8} {'worked':>8}   kB")
    for address in pages_of(root):
        while desk.lookout.is_looking:
            time.sleep(0.2)
        taken, worked = [], []
        for _ in range(_TIMES):
            began, before = time.perf_counter(), time.process_time()
            answer = browser.get(address)
            taken.append(time.perf_counter() - began)
            worked.append(time.process_time() - before)
        first, usual, cpu = (f"{seconds * 1000:5.0f} ms" for seconds in (taken[0], min(taken[1:]), min(worked[1:])))
        mark = "" if min(taken[1:]) <= _ALLOWED_S else "  SLOW"
        print(
            f"{address:45} {first} {usual} {cpu} {len(answer.content) // 1000:4} {answer.status_code}{mark}",
            flush=True,
        )
    desk.work.close()


def measure_browser(root: Path) -> None:
    """Until a page is there with all that stands in it; and until a typed letter has sifted a table."""
    program = next(filter(None, map(shutil.which, BROWSERS)))
    with serving(root) as served, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        print(f"{'page in a browser':45} {'loaded':>8} {'typing':>8}")
        for path in pages_of(root):
            if path.endswith(".jpg"):
                continue
            page.goto(f"{served.address}{path}", wait_until="load")
            began = time.perf_counter()
            page.goto(f"{served.address}{path}", wait_until="load")
            loaded = time.perf_counter() - began
            print(f"{path:45} {loaded * 1000:5.0f} ms {_typing_ms(page):>8}")
        browser.close()


def _typing_ms(page: Page) -> str:
    """Of the filter of the page: from the letter to the next painted frame."""
    if not page.locator("[data-filters]").count():
        return ""
    taken = page.evaluate(
        """async () => {
          const box = document.querySelector("[data-filters]");
          const taken = [];
          for (const typed of ["1", "12", "1", "镇", ""]) {
            const began = performance.now();
            box.value = typed;
            box.dispatchEvent(new Event("input", { bubbles: true }));
            await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
            taken.push(performance.now() - began);
          }
          return Math.max(...taken);
        }"""
    )
    return f"{taken:5.0f} ms"


@dataclass(slots=True)
class Told:
    """What the users saw.

    Attributes:
        answers: of each, when it was asked for, how long it took, and the page.
    """

    answers: list[tuple[float, float, str]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    renders: Counter[str] = field(default_factory=Counter)


def measure_users(root: Path, users: int, seconds: float) -> None:
    """Each looks at a page, thinks, saves now and then; a render runs meanwhile."""
    told, before = Told(), _made(root)
    for video in (root / "courseware").glob("*/x.mp4"):
        with video.open("ab") as file:
            file.write(_NOTHING)  # another video, which is to be rendered again
    with serving(root) as served:
        end = time.monotonic() + seconds
        pages = pages_of(root)
        people = [threading.Thread(target=_work, args=(served, pages, n, end, told)) for n in range(users)]
        people.append(threading.Thread(target=_keep_rendering, args=(served, end, told)))
        for person in people:
            person.start()
        for person in people:
            person.join()
        spent = psutil.Process(served.process.pid).cpu_times()
    _tell_pages(told)
    count = len(told.answers)
    print(f"the server worked {1000 * (spent.user + spent.system) / count:.0f} ms for each of {count} answers")
    print(f"looked at the render: {dict(told.renders)}; videos made meanwhile: {len(_made(root) - before)}")
    print(f"errors: {len(told.errors)} {told.errors[:5]}")


def _made(root: Path) -> set[tuple[str, int]]:
    return {(path.name, path.stat().st_mtime_ns) for path in (root / "renditions").glob("*/[!.]*.mp4")}


def _tell_pages(told: Told) -> None:
    """By page, and of all: with the first visits, and without whoever asked before a page had ever been answered."""
    taken: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for began, lasted, path in sorted(told.answers):
        taken[path].append((began, lasted))
    later: list[float] = []
    for path, several in sorted(taken.items()):
        known = min(began + lasted for began, lasted in several)
        later += (lasted for began, lasted in several if began > known)
        times = [lasted for _, lasted in several]
        usual, first, most = statistics.median(times) * 1000, times[0] * 1000, max(times) * 1000
        print(f"{path:45} {len(times):5} × median {usual:5.0f} ms, first {first:5.0f} ms, most {most:5.0f} ms")
    _tell_shares("all answers", [lasted for _, lasted, _ in told.answers])
    _tell_shares("without first visits", later)


def _tell_shares(name: str, times: list[float]) -> None:
    ordered = sorted(times)
    shares = (f"p{share} {ordered[len(ordered) * share // 100] * 1000:.0f} ms" for share in (50, 90, 95, 99))
    print(f"{name}: {len(ordered)}, {', '.join(shares)}" if ordered else f"{name}: none")


def _keep_rendering(served: Serving, end: float, told: Told) -> None:
    """Begin a render, and another one as soon as it has ended: the users' new titles are to be rendered."""
    with served.browser() as browser:
        while time.monotonic() < end:
            try:
                page = browser.get("/tasks").text
                running = "<progress" in page
                told.renders["running" if running else "not running"] += 1
                if not running:
                    browser.post("/render")
            except httpx2.TransportError as error:
                told.errors.append(f"/render: {error!r}")
            time.sleep(2)


def _work(served: Serving, pages: list[str], number: int, end: float, told: Told) -> None:
    with served.browser() as browser:
        turn = number
        while time.monotonic() < end:
            path = pages[turn % len(pages)]
            turn += 1
            try:
                answer = _timed(told, path, partial(browser.get, path))
                if answer.status_code >= 500 or answer.status_code == 429:
                    told.errors.append(f"{path}: {answer.status_code}")
                if turn % 5 == 0:
                    _save(browser, number, told)
            except httpx2.TransportError as error:
                told.errors.append(f"{path}: {error!r}")
            time.sleep(1 + number % 5 / 2)


def _save(browser: httpx2.Client, number: int, told: Told) -> None:
    """Another title for a lesson of the user's own, which stands in the page that follows."""
    path, title = f"/lessons/lesson-{number:03}", f"{number} 号的题目 {time.monotonic():.0f}"
    version = browser.get(path).text.split('name="version" value="')[1].split('"')[0]
    save = partial(browser.post, path, data={"version": version, "title": title})
    answer = _timed(told, "(save a lesson)", save)
    if answer.status_code != 303:
        told.errors.append(f"save {path}: {answer.status_code}")
    elif title not in _timed(told, "/lessons", partial(browser.get, "/lessons")).text:
        told.errors.append(f"{path}: the list of lessons does not show what was saved")


def _timed(told: Told, path: str, ask: Callable[[], httpx2.Response]) -> httpx2.Response:
    began = time.perf_counter()
    answer = ask()
    told.answers.append((began, time.perf_counter() - began, path))
    return answer


if __name__ == "__main__":
    main()
