"""The pictures of docs/desk.md, taken of the real thing: the sample county on a desk, in Chromium.

Run as `python -m tests.desk.pictures [COUNTY]`. COUNTY is a folder that `yuanjiao demo` has filled for the week
named here; without it, the county is made first, which takes minutes. The clock of the pages stands still.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.sync_api import Page, sync_playwright

import cli
from playlists.almanac import clock
from templates.start.demo import commands_after, copy_county, first_commands
from tests.conftest import BROWSERS
from tests.desk.conftest import desk_on
from tests.desk.serving import serving
from tests.test_architecture import ROOT

TARGET = ROOT / "docs" / "desk"
WEEK, SQUARE, LESSON = "2026-W49", "square-01", "new-project"
MOMENT = datetime(2026, 12, 2, 19, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
_WIDTH, _HEIGHT = 1280, 720
_COLOURS = 64
_REVIEW = '\n[review]\nsteps = ["初审", "复审", "终审"]\n'
_CLOSED = """
[[closed]]
venues = "square-02"
from = 2026-12-05
to = 2026-12-05
reason = "线路检修"
"""
_SHEET = """\
编号,标题,系列,形式,标语
new-project,四步新建一个项目（修订）,扶贫实用技术,微视频,
AK010,防火标语,乡村振兴之路,公益广告,森林防火，人人有责！
AK011,禁毒标语,,公益广告,远离毒品，珍爱生命！
"""


class StoppedClock:
    """Always the same moment, in every thread."""

    def get(self) -> datetime:
        return MOMENT


def make_county(place: Path) -> None:
    """What `yuanjiao demo` does for the week, without the player."""
    copy_county(place)
    for words in (*first_commands(str(place), WEEK), *commands_after(str(place), WEEK)):
        run(*words)


def prepare(place: Path) -> None:
    """A lesson on its way through the review, and a day that is closed since the week was published."""
    here = ("--workspace", str(place))
    if _REVIEW not in (place / "yuanjiao.toml").read_text("utf-8"):
        for name, more in (("yuanjiao.toml", _REVIEW), ("calendar.toml", _CLOSED)):
            with (place / name).open("a", encoding="utf-8") as stream:
                stream.write(more)
        run("render", *here)
        run("schedule", "plan", "--week", WEEK, *here)
        run("review", "submit", LESSON, "--by", "王芳", *here)
        run("review", "comment", LESSON, "地名应为“江北镇”", "--at", "0:12", "--by", "李某", *here)
        run("review", "approve", LESSON, "--by", "李某", *here)


def run(*words: str) -> None:
    """A command of ours; what fails ends all."""
    if status := cli.main.main(["--lang", "zh", *words], prog_name="yuanjiao", standalone_mode=False):
        sys.exit(f"yuanjiao {' '.join(words)}: {status}")


def wait_for(selector: str) -> Callable[[Page], None]:
    """Wait until something is there."""
    return lambda page: page.locator(selector).first.wait_for()


def show_frame(page: Page) -> None:
    """A moment of the lesson on a screen."""
    page.fill("#at", "0:12")
    page.select_option("#profile", "led-512x320")
    page.click("form.frame button")
    page.locator("[data-frame-picture]:visible").wait_for()
    page.set_viewport_size({"width": _WIDTH, "height": 1100})
    page.evaluate("scrollTo(0, 0)")


def choose_cue(page: Page) -> None:
    """The third subtitle, with its sound."""
    page.locator(".cue-row").nth(2).click()
    page.locator("canvas[aria-busy=false], canvas:not([aria-busy])").first.wait_for()
    page.wait_for_timeout(500)


def drop_sheet(page: Page) -> None:
    """What an import would change."""
    page.set_input_files("#files", {"name": "课件目录.csv", "mimeType": "text/csv", "buffer": _SHEET.encode()})
    page.click("main form button")
    page.locator("table.list").wait_for()


def see_video(page: Page) -> None:
    """The video at the comment."""
    page.locator("video").wait_for()
    page.wait_for_function("document.querySelector('video').readyState >= 2")


def write_notice(page: Page) -> None:
    """A notice on each canvas, before it is sent."""
    page.fill("#words", "今晚22点起停水检修，请各户提前储水。")
    page.check("input[name=all]")
    page.fill("#until", "2026-12-02T23:00")
    if page.locator("#by").count():
        page.fill("#by", "王芳")
    page.click("main form button")
    page.locator("figure img").first.wait_for()


def look_at_article(page: Page) -> None:
    """The page that an article would make, beside its text."""
    page.click("button[formtarget=look]")
    page.frame_locator("iframe.look").locator("h1").wait_for()
    page.evaluate("document.querySelector('#text').scrollIntoView()")


def see_glance(page: Page) -> None:
    """The county, once it was looked over."""
    while page.locator("p.told").count() or not page.locator(".ways").count():
        page.wait_for_timeout(500)
        page.reload()


PICTURES: dict[str, tuple[str, Callable[[Page], None] | None]] = {
    "overview": ("/overview", see_glance),
    "lessons": ("/lessons", None),
    "lesson": (f"/lessons/{LESSON}", show_frame),
    "subtitles": (f"/lessons/{LESSON}/subtitles", choose_cue),
    "import": ("/import", drop_sheet),
    "review": (f"/reviews/{LESSON}?profile=led-512x320#12000", see_video),
    "week": (f"/weeks/{WEEK}/{SQUARE}?day=2026-12-02", None),
    "publishing": (f"/publishing/{WEEK}", wait_for("main section")),
    "notice": ("/notices", write_notice),
    "column": ("/columns/road/1", look_at_article),
    "venue": (f"/venues/{SQUARE}?week={WEEK}", None),
}


def take(page: Page, address: str) -> None:
    """Every picture, in few colours."""
    TARGET.mkdir(exist_ok=True)
    for name, (path, act) in PICTURES.items():
        page.set_viewport_size({"width": _WIDTH, "height": _HEIGHT})
        page.goto(address + path, wait_until="networkidle" if name == "lessons" else "load")
        if act:
            act(page)
        with Image.open(io.BytesIO(page.screenshot(animations="disabled"))) as picture:
            few = picture.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
            few.save(TARGET / f"{name}.png", optimize=True)
        print(f"{name}.png {(TARGET / f'{name}.png').stat().st_size // 1000} kB")  # noqa: T201  (a script)


def main() -> None:
    """All pictures, of the county that is named or of one that is made."""
    # Every thread of the desk asks this one.
    clock._MOVED = StoppedClock()  # type: ignore[assignment]
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(sys.argv[1] if sys.argv[1:] else f"{scratch}/示例县").resolve()
        os.environ.setdefault("YUANJIAO_KEYS", f"{place}-keys")
        if not place.exists():
            make_county(place)
        prepare(place)
        desk = desk_on(place, place)
        desk.language = "zh"
        program = next(filter(None, map(shutil.which, BROWSERS)), None)
        with serving(desk) as address, sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox", "--lang=zh-CN"])
            take(browser.new_page(locale="zh-CN"), address)
            browser.close()


if __name__ == "__main__":
    main()
