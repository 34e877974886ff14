"""A text with its pictures dropped onto the desk becomes a lesson."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from starlette.testclient import TestClient

from desk.session.state import Desk
from tests.desk.test_lessons import settle
from tests.desk.test_sheets import sent

TEXT = "# 苹果冬剪\n\n## 工具\n\n1. 剪\n2. 锯\n\n![剪和锯](a.png)\n"


def picture() -> bytes:
    stream = BytesIO()
    Image.new("RGB", (8, 6)).save(stream, "PNG")
    return stream.getvalue()


def drop(browser: TestClient) -> str:
    answer = browser.post("/make", files=[sent("冬剪.md", TEXT), sent("a.png", picture())])
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_what_it_would_become_is_shown_what_is_missing_asked_for_and_then_it_is_made(
    browser: TestClient, desk: Desk, workspace: Path
) -> None:
    address = drop(browser)
    asked = browser.get(address)
    assert asked.status_code == 422
    assert "which series" in asked.text
    filled = {"title": "苹果冬剪", "series": "扶贫实用技术", "id": "AK010", "voice": "zf_xiaoyi"}
    again = browser.post(address, data={"do": "look", **filled}).headers["location"]
    shown = browser.get(again).text
    assert "工具" in shown
    assert "剪和锯" in shown
    assert not (workspace / "courseware" / "AK010").exists()
    browser.post(address, data={"do": "take", **filled})
    settle(desk)
    assert desk.work.tasks()[-1].state == "done"
    assert (workspace / "courseware" / "AK010" / "a.png").is_file()
    assert 'voice = "zf_xiaoyi"' in (workspace / "courseware" / "AK010" / "lesson.toml").read_text(encoding="utf-8")
    assert "苹果冬剪" in browser.get("/lessons").text
    assert browser.get(address).status_code == 422  # it was taken


def test_what_is_not_wanted_is_forgotten(browser: TestClient) -> None:
    address = drop(browser)
    assert browser.post(address, data={"do": "forget"}).headers["location"] == "/make"
    assert "no longer here" in browser.get(address).text


@pytest.mark.parametrize(("names", "said"), [(("a.png",), "no file to make"), (("a.md", "b.md"), "several of them")])
def test_files_that_are_not_one_lesson_are_refused(browser: TestClient, names: tuple[str, ...], said: str) -> None:
    answer = browser.post("/make", files=[sent(name, "x") for name in names])
    assert answer.status_code == 422
    assert said in answer.text
