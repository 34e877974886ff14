"""A desk that answers real browsers on a port of its own, and a browser whose faults are a test's."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from playwright.sync_api import Browser, Locator, Page

from desk.serving.app import make_app
from desk.serving.server import hosts_of
from desk.session.state import Desk


@contextmanager
def serving(desk: Desk) -> Iterator[str]:
    """The address at which the desk answers within the block."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    desk.hosts = hosts_of(port)
    server = uvicorn.Server(uvicorn.Config(make_app(desk), log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()
        desk.work.close()
        listening.close()


@contextmanager
def visiting(
    chromium: Browser, *, width: int = 1280, height: int = 720, bypass_csp: bool = False, touch: bool = False
) -> Iterator[Page]:
    """A page in a browser of its own; a script that fails, or that the policy stops, fails the test."""
    context = chromium.new_context(
        viewport={"width": width, "height": height}, bypass_csp=bypass_csp, has_touch=touch
    )
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
    yield opened
    assert faults == []
    context.close()


def drag(page: Page, row: Locator, onto: Locator) -> None:
    """As a hand does with a mouse: over the place more than once before it lets go."""
    row.hover()
    page.mouse.down()
    onto.hover()
    onto.hover(position={"x": 60, "y": 10})
    onto.hover()
    page.mouse.up()
