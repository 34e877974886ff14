"""The subtitle editor in a real browser: typed, split, merged, undone, saved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from courseware.subtitles import load_subtitles
from tests.desk.conftest import desk_on
from tests.desk.serving import serving, visiting


@pytest.fixture
def address(workspace: Path, tmp_path: Path) -> Iterator[str]:
    """A desk that answers on a port of its own."""
    with serving(desk_on(workspace, tmp_path / "new")) as found:
        yield found


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    with visiting(chromium) as opened:
        opened.goto(f"{address}/lessons/dose/subtitles")
        expect(opened.locator(".cue-row")).to_have_count(2)
        yield opened


def texts(page: Page) -> list[str]:
    return page.locator(".cue-row span:nth-child(3)").all_text_contents()


def written(workspace: Path) -> list[tuple[int, int, str]]:
    cues = load_subtitles(workspace / "courseware" / "dose" / "subtitles.srt").cues
    return [(cue.span.start_ms, cue.span.end_ms, cue.text) for cue in cues]


def test_an_editor_types_splits_merges_undoes_and_saves_with_keys_alone(page: Page, workspace: Path) -> None:
    box = page.locator("#cue-text")
    box.fill("每亩用水五十公斤早晚喷")
    box.evaluate("box => box.setSelectionRange(8, 8)")
    page.keyboard.press("Control+Enter")
    assert texts(page) == ["每亩用水五十公斤", "早晚喷", "早晚喷一次。"]
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Control+Shift+Enter")
    assert texts(page) == ["每亩用水五十公斤", "早晚喷早晚喷一次。"]
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert texts(page) == ["每亩用水五十公斤早晚喷", "早晚喷一次。"]
    page.keyboard.press("Control+y")
    assert texts(page) == ["每亩用水五十公斤", "早晚喷", "早晚喷一次。"]
    page.keyboard.press("Control+s")
    expect(page.locator("[data-told]")).to_contain_text("subtitles.srt.bak")
    assert written(workspace) == [
        (200, 782, "每亩用水五十公斤"),
        (782, 1000, "早晚喷"),
        (1000, 1900, "早晚喷一次。"),
    ]


def test_what_was_saved_stays_told_when_it_is_judged_after_that(page: Page) -> None:
    with page.expect_response("**/judge"):
        page.locator("#cue-text").fill("早晚喷一次，")
        page.keyboard.press("Control+s")
        expect(page.locator("[data-told]")).to_contain_text("subtitles.srt.bak")
    expect(page.locator("#cue-0 .mark")).not_to_be_empty()
    expect(page.locator("[data-told]")).to_contain_text("subtitles.srt.bak")


def test_what_is_typed_while_it_is_saved_is_told_as_not_saved(page: Page) -> None:
    page.locator("#cue-text").fill("早晚喷一次")

    def type_first(route: Route) -> None:
        page.locator("#cue-text").fill("早晚各喷一次")
        route.continue_()

    page.route("**/save", type_first)
    with page.expect_response("**/save"):
        page.keyboard.press("Control+s")
    expect(page.locator("[data-told]")).to_have_text("not saved yet")


def test_enter_that_ends_composing_does_nothing(page: Page) -> None:
    box = page.locator("#cue-text")
    box.evaluate(
        "box => { for (const more of [{isComposing: true}, {keyCode: 229}]) for (const ctrlKey of [true, false])"
        " box.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', code: 'Enter', ctrlKey, bubbles: true,"
        " cancelable: true, ...more})); }"
    )
    assert texts(page) == ["每亩用水50公斤，", "早晚喷一次。"]
    expect(page.locator("[data-do=undo]")).to_be_disabled()


def test_what_is_wrong_and_how_it_breaks_is_shown_while_one_types(page: Page) -> None:
    page.locator("#cue-text").fill("每亩用水五十公斤早晚各喷一次不要太多")
    expect(page.locator("[data-findings]")).to_contain_text("too fast", timeout=60_000)
    expect(page.locator("[data-broken] figure")).to_contain_text("led-96x64")
    expect(page.locator(".cue-row").first).to_contain_text("✕ error")


def test_all_are_moved_and_a_time_that_is_none_is_told(page: Page, workspace: Path) -> None:
    page.locator("summary", has_text="Move all").press("Enter")
    page.locator("#by").fill("1.5")
    page.locator("#by").press("Enter")
    page.locator("[data-end]").fill("1：02。x")
    page.locator("[data-end]").press("Tab")
    expect(page.locator("[data-form-error]")).to_contain_text("1:02.500")
    page.locator("[data-end]").fill("0：02。4")
    page.locator("[data-end]").press("Tab")
    page.locator("[data-do=save]").click()
    expect(page.locator("[data-told]")).to_contain_text("Saved")
    assert [cue[:2] for cue in written(workspace)] == [(1700, 2400), (2500, 3400)]


def test_what_the_sound_says_is_a_change_that_can_be_undone_and_never_falls_on_other_subtitles(page: Page) -> None:
    held: list[Route] = []
    page.route("**/move", lambda route: route.fulfill(json={}))
    page.route("**/moved.json", lambda route: held.append(route))  # noqa: PLW0108  (Playwright marks what it calls)
    before: list[dict[str, Any]] = [
        {"start": 200, "end": 1000, "text": "每亩用水50公斤，"},
        {"start": 1000, "end": 1900, "text": "早晚喷一次。"},
    ]
    moved = [{**one, "start": one["start"] + 700, "end": one["end"] + 700, "doubts": []} for one in before]
    done = {"number": 1, "state": "done", "told": ["moved by +0.70 s"], "before": before, "cues": moved}

    def answer(given: dict[str, object]) -> None:
        while not held:
            page.wait_for_timeout(10)
        held.pop().fulfill(json=given)

    page.keyboard.press("Alt+m")
    answer({"number": 1, "state": "waiting", "percent": None, "told": []})
    expect(page.locator("[data-moving]")).to_contain_text("Looking where somebody speaks …")
    answer({"number": 1, "state": "running", "percent": 42, "told": []})
    expect(page.locator("[data-moving]")).to_contain_text("Looking where somebody speaks … 42 %")
    expect(page.locator("[data-do=stopMoving]")).to_be_visible()
    answer(done)
    expect(page.locator("[data-moving]")).to_contain_text("moved by +0.70 s")
    assert page.locator("[data-start]").input_value() == "0:00.900"
    expect(page.locator("[data-told]")).to_have_text("not saved yet")
    page.keyboard.press("Control+z")
    assert page.locator("[data-start]").input_value() == "0:00.200"
    expect(page.locator("[data-moving]")).to_be_hidden()
    page.keyboard.press("Alt+m")
    page.locator("#cue-text").fill("改了")
    answer(done)
    expect(page.locator("[data-refusal]")).to_contain_text("changed meanwhile")
    assert page.locator("[data-start]").input_value() == "0:00.200"
    page.keyboard.press("Alt+m")
    answer({"number": 1, "state": "failed", "told": ["they fit nowhere"]})
    expect(page.locator("[data-refusal]")).to_have_text("they fit nowhere")


def test_starts_and_ends_snap_to_the_nearest_speech_within_reach(page: Page) -> None:
    speech = [[350, 940], [960, 1100], [5000, 6000]]
    page.route("**/sound.json", lambda route: route.fulfill(json={"step_ms": 20, "peaks": "", "speech": speech}))
    page.reload()
    expect(page.locator(".cue-row")).to_have_count(2)
    expect(page.locator("canvas")).not_to_have_attribute("aria-busy", "true")
    page.keyboard.press("Alt+BracketLeft")
    page.keyboard.press("Alt+BracketRight")
    expect(page.locator("[data-start]")).to_have_value("0:00.350")
    expect(page.locator("[data-end]")).to_have_value("0:00.940")
    page.keyboard.press("Control+z")
    expect(page.locator("[data-end]")).to_have_value("0:01.000")


def test_an_edge_is_pulled_along_the_sound_and_one_undo_takes_it_back(page: Page) -> None:
    box = page.locator("canvas").bounding_box()
    assert box is not None

    def x(ms: int) -> float:
        return box["x"] + box["width"] * ms / 20_000

    page.mouse.move(x(1000), box["y"] + 40)
    expect(page.locator("canvas")).to_have_class("wave grip")
    page.mouse.down()
    page.mouse.move(x(1500), box["y"] + 40, steps=4)
    page.mouse.up()
    ends = page.locator("[data-end]")
    assert 1450 <= int(ends.input_value().replace("0:0", "").replace(".", "")) <= 1550
    page.keyboard.press("Control+z")
    expect(ends).to_have_value("0:01.000")
    page.mouse.move(x(1000), box["y"] + 40)
    page.mouse.down()
    page.mouse.move(x(50), box["y"] + 40, steps=4)
    page.mouse.up()
    expect(ends).to_have_value("0:00.300")


def test_the_second_of_two_is_told_and_keeps_what_was_typed(page: Page, workspace: Path) -> None:
    path = workspace / "courseware" / "dose" / "subtitles.srt"
    path.write_text(path.read_text(encoding="utf-8").replace("一次", "两次"), encoding="utf-8")
    page.locator("#cue-text").fill("我写的")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-refusal]")).to_contain_text("somebody else has changed these subtitles")
    assert texts(page)[0] == "我写的"
    assert written(workspace)[1][2] == "早晚喷两次。"


def test_a_cue_is_heard_and_the_video_stops_at_its_end(page: Page) -> None:
    page.locator(".cue-row").nth(1).click()
    page.wait_for_function(
        "() => document.querySelector('video').paused && document.querySelector('video').currentTime > 1.8"
    )
    assert page.evaluate("document.querySelector('video').currentTime") < 2
