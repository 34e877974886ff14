"""The libraries that the desk sends to browsers: unchanged, named with their licences, and fit for Chrome 109."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from courseware.errors import text
from desk.session.state import Desk
from desk.work import TaskConsole
from templates.desk.pages import STATIC_DIR
from tests.courseware.reviews.workspaces import SETTINGS, make_workspace
from tests.desk.conftest import browser_of, desk_on
from tests.desk.serving import drag, serving, visiting
from tests.desk.test_weeks import PAGE as WEEK_PAGE
from tests.desk.test_weeks import county, showings
from tests.test_architecture import ROOT

__all__ = ["county"]
VENDOR = STATIC_DIR / "vendor"
# SHA-256 of the file in the npm package, and of the licence in it.
FILES = {
    "htmx.min.js": ("htmx.org 4.0.1", "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130"),
    "LICENSE-htmx.txt": ("htmx.org 4.0.1", "d3d2456f76414f2456104660ebd65aff1c04cd7966b942bdabd63f3cdb316a38"),
    "sortable.complete.esm.js": (
        "sortablejs 1.15.7",
        "31e075cdf1f9c9c664f35cbc4e079ddc54b8148bd558f5259ca04a940a304116",
    ),
    "LICENSE-sortable.txt": ("sortablejs 1.15.7", "e94dfc31e800d169257569db270457c9f028440c9ccae41e7eb78b2db18f1298"),
}
# What came after Chrome 109 and htmx uses where it is there; it must do without.
YOUNGER = """
delete Document.parseHTMLUnsafe; delete Document.prototype.startViewTransition; delete Element.prototype.moveBefore;
delete window.navigation;
"""


def test_each_file_is_that_of_its_package_and_is_named_where_libraries_are() -> None:
    assert {path.name for path in VENDOR.iterdir()} == FILES.keys()
    for name, (package, wanted) in FILES.items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == wanted, name
        assert package in (ROOT / "NOTICE").read_text(encoding="utf-8")
        assert package in (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    with visiting(chromium) as opened:
        opened.add_init_script(YOUNGER)
        yield opened


def wait(_console: TaskConsole, stop: threading.Event) -> None:
    stop.wait(60)


def test_tasks_are_followed_without_what_came_after_chrome_109(page: Page, desk: Desk) -> None:
    with serving(desk) as address:
        page.goto(f"{address}/tasks")
        expect(page.locator("main")).to_contain_text("Nothing to do")
        desk.work.add(text("Plan {week}", week="w"), wait, desk.consoles["en"])
        cancel = page.locator("#task-1 button")
        cancel.focus()
        # What changes around it leaves the focus where it is.
        desk.work.add(text("Plan {week}", week="v"), wait, desk.consoles["en"])
        expect(page.locator("#task-2")).to_be_visible()
        assert page.evaluate("document.activeElement.closest('li').id") == "task-1"
        cancel.press("Enter")
        expect(page.locator("#task-1")).to_contain_text("cancelled")


@pytest.mark.long
def test_a_comment_is_settled_in_its_place_and_a_refusal_stands_beside_it(page: Page, tmp_path: Path) -> None:
    root = tmp_path / "county"
    root.mkdir()
    (root / "venues.csv").write_text("编号,名称,类型,乡镇,屏幕,周一至周日\n", encoding="utf-8")
    make_workspace(root, SETTINGS)
    desk = desk_on(root, root)
    said = {"by": "李主任", "profile": "station-tv", "at": "0:42", "words": "字太小"}
    assert browser_of(desk).post("/reviews/pruning/comment", data=said).status_code == 303
    with serving(desk) as address:
        page.goto(f"{address}/reviews/pruning?profile=station-tv")
        settle = page.locator(".comments form")
        number = settle.locator("input[name=number]")
        right = number.input_value()
        number.evaluate("(box) => { box.value = '99'; }")
        settle.locator("input[name=by]").fill("王芳")
        settle.locator("button").click()
        expect(settle.locator(".error li")).to_have_count(1)
        number.evaluate("(box, right) => { box.value = right; }", right)
        settle.locator("button").click()
        expect(page.locator(".comments [role=status]")).to_have_text("✓ Settled")
        expect(settle).to_have_count(0)


@pytest.mark.long
@pytest.mark.parametrize("finger", [False, True])
def test_a_showing_is_dragged_onto_another_by_mouse_and_by_finger(
    chromium: Browser, county: Desk, *, finger: bool
) -> None:
    before = [slot.title for slot in showings(county)]
    other = next(index for index, title in enumerate(before) if title != before[0])
    with visiting(chromium, height=900, touch=finger) as page, serving(county) as address:
        page.goto(f"{address}{WEEK_PAGE}?day=2026-11-24")
        rows = page.locator("tr[data-at]")
        rows.nth(other + 1).scroll_into_view_if_needed()
        if finger:
            drag_by_finger(page, rows.first, rows.nth(other))
        else:
            drag(page, rows.first, rows.nth(other))
        expect(page.locator("button[value=undo]")).to_be_visible()
    after = [slot.title for slot in showings(county)]
    assert (after[0], after[other]) == (before[other], before[0])


def drag_by_finger(page: Page, row: Locator, onto: Locator) -> None:
    """A finger that rests on a row first: a shorter touch would scroll."""
    start, end = row.bounding_box(), onto.bounding_box()
    assert start
    assert end
    touch = page.context.new_cdp_session(page)
    x, y, to = start["x"] + 200, start["y"] + 15, end["y"] + end["height"] / 2

    def send(kind: str, *points: dict[str, float]) -> None:
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    send("touchStart", {"x": x, "y": y})
    page.wait_for_timeout(600)  # it is how long the finger rests that counts
    for part in range(1, 11):
        send("touchMove", {"x": x, "y": y + (to - y) * part / 10})
        page.wait_for_timeout(30)
    send("touchEnd")
