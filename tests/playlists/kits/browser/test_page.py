"""The parts of 播放.html that decide and reckon, against what Python says; and what of it lies in the file."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser

from playlists.kits.browser.page import HOME, make_page
from playlists.kits.moments import moment_of
from tests.playlists.kits.weeks import plan, week

PLAN = plan()


def ask(chromium: Browser, scripts: Sequence[str], question: str, value: object = None) -> Any:
    """What a function over some of the scripts answers, in an empty page."""
    page = chromium.new_page()
    page.add_script_tag(content="\n".join((HOME / f"{name}.js").read_text(encoding="utf-8") for name in scripts))
    answer = page.evaluate(question, value)
    page.close()
    return answer


def test_sums_are_those_of_hashlib(chromium: Browser) -> None:
    texts = [
        "",
        "abc",
        "远教" * 40,
        *("x" * length for length in (55, 56, 63, 64, 65, 119, 120, 1000)),
        "\U0001f33e\u202e",
    ]
    expected = [hashlib.sha256(one.encode()).hexdigest() for one in texts]
    assert ask(chromium, ["sha256"], "(texts) => texts.map(sha256)", texts) == expected


def test_moments_are_written_as_python_writes_them(chromium: Browser) -> None:
    zones = ("Asia/Shanghai", "America/St_Johns", "UTC")
    moments = [
        datetime(2026, 2, 28, 23, 59, 59, 41000, ZoneInfo(zone)) + timedelta(days=n)
        for zone in zones
        for n in range(3)
    ]
    texts = [one.isoformat(timespec="milliseconds") for one in moments]
    asked = [[round(one.timestamp() * 1000), text] for one, text in zip(moments, texts, strict=True)]
    question = "(asked) => asked.map(([ms, text]) => dates.iso(ms, dates.offsetOf(text)))"
    assert ask(chromium, ["words", "dates"], question, asked) == texts


def test_what_is_on_is_what_python_says_at_every_border(chromium: Browser) -> None:
    borders = {edge for slot in PLAN.slots for edge in (slot.start_s, slot.end_s)} | {
        PLAN.valid.start_s,
        PLAN.windows[0].start_s,
    }
    seconds = sorted(second + off for second in borders for off in (-1, 0, 1))
    zone = ZoneInfo(PLAN.zone)
    moments = [moment_of(PLAN, datetime.fromtimestamp(second, zone)) for second in seconds]
    expected = [
        [one.slot and one.slot.id, one.following and one.following.id, one.window is not None] for one in moments
    ]
    values = {"plan": PLAN.model_dump(mode="json", by_alias=True), "seconds": seconds}
    question = """({ plan, seconds }) => seconds.map((second) => {
        const [slot, next] = [plans.slotAt(plan, second), plans.slotAfter(plan, second)];
        return [slot && slot.id, next && next.id, plans.windowAt(plan, second) !== null];
    })"""
    assert ask(chromium, ["words", "dates", "plan"], question, values) == [
        [slot, following, window] for slot, following, window in expected
    ]


CLOCKS = [
    # The moments asked one after the other, in minutes by the wall and by a clock that nobody sets → the last answer.
    ([(0, 0)], None),
    ([(-3, 0)], "before-built"),
    ([(10**6, 0)], "outside"),
    ([(60, 0), (30, 1)], "backwards"),
    ([(60, 0), (60.5, 1)], None),
    ([(60, 0), (30, 1), (44, 15)], "backwards"),
    ([(60, 0), (30, 1), (46, 17)], None),
    ([(60, 0), (30, 1), (62, 2)], None),
]


@pytest.mark.parametrize(("moments", "answer"), CLOCKS)
def test_a_clock_is_judged(chromium: Browser, moments: list[tuple[float, float]], answer: str | None) -> None:
    one = {"built": "2026-11-30T17:58:00+08:00", "valid": {"from_s": 0, "to_s": 1796100000}}
    began = datetime.fromisoformat("2026-11-30T18:00:00+08:00").timestamp() * 1000
    values = {"plan": one, "moments": [[began + wall * 60000, mono * 60000] for wall, mono in moments]}
    question = """({ plan, moments }) => {
        const clock = new Clock(null);
        return moments.map(([wall, mono]) => clock.judge(plan, wall, mono)).pop();
    }"""
    assert ask(chromium, ["clock"], question, values) == answer


def test_only_the_script_and_style_that_stand_in_the_page_may_run() -> None:
    page = make_page(PLAN)
    policy = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)[0]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    [script] = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert "<!--" not in script
    assert "http" not in script


def test_a_title_leaves_neither_its_quotes_nor_its_script() -> None:
    slots = week().days[0].slots
    hostile = slots[0].model_copy(update={"title": "</script><script>alert(1)//"})
    day = week().days[0].model_copy(update={"slots": (hostile, *slots[1:])})
    page = make_page(plan(week().model_copy(update={"days": (day, *week().days[1:])})))
    assert "alert(1)" in page
    assert page.count("</script>") == make_page(PLAN).count("</script>")


def test_equal_plans_make_equal_pages() -> None:
    assert make_page(PLAN) == make_page(plan())


def test_nothing_is_used_that_chrome_109_lacks() -> None:
    newer = r"toSorted|toReversed|toSpliced|\.with\(|groupBy|withResolvers|isWellFormed|fromAsync|color-mix|^\s*&"
    for path in [*HOME.glob("*.js"), *HOME.glob("*.css")]:
        assert re.findall(newer, path.read_text(encoding="utf-8"), re.MULTILINE) == [], path.name
