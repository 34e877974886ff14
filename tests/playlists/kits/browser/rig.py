"""播放.html in a real browser whose clock says what a test wants; for the tests of this folder."""

from __future__ import annotations

import json
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page

from playlists.kits.browser.page import FILE_NAME, make_page
from playlists.kits.plan import parse_plan
from tests.playlists.kits.player.rig import Plan, Stick

# The page asks Date.now() alone what time it is.
_CLOCK = """(() => {
  const real = Date.now.bind(Date);
  if (window.putClock) return;
  let shift = %d - real();
  window.putClock = (ms) => { shift = ms - real(); };
  Date.now = () => real() + shift;
})()"""
_LINES = """() => new Promise((resolve) => {
  const asked = indexedDB.open("yuanjiao", 1);
  asked.onsuccess = () => {
    const all = asked.result.transaction("lines").objectStore("lines").getAll();
    all.onsuccess = () => resolve(all.result.map((entry) => JSON.parse(entry.line)));
  };
})"""
_PATIENCE_S = 20


class Screen:
    """A page of the stick, and what is seen on it."""

    def __init__(self, context: BrowserContext, stick: Stick) -> None:
        self.context, self.stick = context, stick
        self.asked: list[str] = []
        self.errors: list[str] = []
        self._page: Page | None = None

    @property
    def page(self) -> Page:
        """What was opened."""
        assert self._page is not None
        return self._page

    def open(self, at: datetime, **changes: Any) -> Page:
        """Write the page of the stick's plan and open it at that moment."""
        plan = parse_plan(json.dumps(self.stick.plan | changes).encode())
        path = self.stick.kit / FILE_NAME
        path.write_text(make_page(plan), encoding="utf-8")
        return self.show(path, at)

    def show(self, path: Path, at: datetime) -> Page:
        """Open a page."""
        page = self._page = self.context.new_page()
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.add_init_script(_CLOCK % _ms(at))
        page.goto(path.as_uri())
        return page

    def play(self, at: datetime, **changes: Any) -> Page:
        """Open the page and press its button."""
        page = self.open(at, **changes)
        page.click("#start")
        page.wait_for_selector("#stage:not([hidden])")
        return page

    def put_clock(self, at: datetime) -> None:
        """Set the clock."""
        self.page.evaluate(f"putClock({_ms(at)})")

    def wait_until(self, holds: str, value: object = None) -> None:
        """Until a function of the page is true. The page's own policy lets Playwright's way to wait not run."""
        deadline = time.monotonic() + _PATIENCE_S
        while not self.page.evaluate(holds, value):
            assert time.monotonic() < deadline, f"never {holds} {value}: {self.lines()}"
            self.page.wait_for_timeout(25)

    def wait_for_file(self, name: str) -> None:
        """Until that file is on."""
        self.wait_until(
            "(name) => [...document.querySelectorAll('video.on')].some((v) => v.src.includes(name))", name
        )

    def wait_until_right(self, slot: Plan) -> None:
        """Until the picture is less than half a second from where the clock wants it."""
        wanted = "(start) => Date.now() / 1000 - start"
        off = f"(start) => Math.abs(({wanted})(start) - document.querySelector('video.on').currentTime) < 0.5"
        self.wait_until(off, slot["start_s"])

    def lines(self) -> list[Plan]:
        """The record so far."""
        return list(self.page.evaluate(_LINES))

    def events(self) -> list[str]:
        """What the record tells, in short."""
        return [line["event"] for line in self.lines()]

    def words(self, part: str) -> str:
        """What is written in a part of the page that is seen."""
        found = self.page.locator(part)
        return found.inner_text() if found.is_visible() else ""

    def save(self, folder: Path) -> Path:
        """The record, saved by the key."""
        with self.page.expect_download() as download:
            self.page.keyboard.press("s")
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        return path


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
