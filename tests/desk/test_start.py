"""A first start, and the language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.desk.conftest import browser_of, desk_on


@pytest.fixture
def fresh(tmp_path: Path) -> TestClient:
    return browser_of(desk_on(None, tmp_path / "远教"))


def test_without_a_workspace_every_page_leads_to_the_start(fresh: TestClient) -> None:
    for address in ("/", "/lessons", "/tasks"):
        assert fresh.get(address).headers["location"] == "/start"
    assert "How do you want to begin?" in fresh.get("/start").text


def test_a_new_workspace_bears_the_countys_name(fresh: TestClient, tmp_path: Path) -> None:
    begun = fresh.post("/start", data={"way": "new", "county": "汉阴县", "folder": str(tmp_path / "远教")})
    assert begun.status_code == 303
    assert "汉阴县" in (tmp_path / "远教" / "yuanjiao.toml").read_text(encoding="utf-8")
    assert fresh.get("/lessons").status_code == 200
    # One desk, one workspace: nobody moves it under the others' feet.
    assert fresh.post("/start", data={"way": "sample", "folder": str(tmp_path / "x")}).status_code == 422


def test_the_sample_county_and_a_folder_that_is_there_are_opened(tmp_path: Path) -> None:
    place = tmp_path / "示例"
    first, second = (browser_of(desk_on(None, tmp_path)) for _ in range(2))
    assert first.post("/start", data={"way": "sample", "folder": str(place)}).status_code == 303
    assert second.post("/start", data={"way": "open", "folder": str(place)}).status_code == 303
    assert second.get("/lessons").status_code == 200


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"way": "open", "folder": "{here}/none"}, "no yuanjiao.toml"),
        ({"way": "open", "folder": ""}, "name the folder"),
        ({"way": "delete", "folder": "{here}"}, "one of the three"),
        ({"way": "new", "folder": "{here}/x", "county": "字" * 300}, "300"),
    ],
)
def test_what_cannot_begin_is_told_and_the_start_stays(
    fresh: TestClient, tmp_path: Path, form: dict[str, str], said: str
) -> None:
    answer = fresh.post("/start", data={key: value.format(here=tmp_path) for key, value in form.items()})
    assert answer.status_code == 422
    assert said in answer.text or "name" in answer.text
    assert fresh.get("/").headers["location"] == "/start"
    assert list(tmp_path.iterdir()) == []


def test_the_language_is_remembered_and_leads_back_to_our_pages_only(browser: TestClient) -> None:
    answer = browser.post("/language", data={"language": "zh", "back": "/lessons"})
    assert answer.headers["location"] == "/lessons"
    assert '<html lang="zh-CN">' in browser.get("/lessons").text
    for back in ("//evil.example", "https://evil.example", "/\\evil.example", ""):
        assert browser.post("/language", data={"language": "en", "back": back}).headers["location"] == "/"
    assert '<html lang="en">' in browser.get("/lessons").text


def test_the_desk_looks_like_the_countys_pages_and_every_colour_that_it_uses_is_there(browser: TestClient) -> None:
    tokens, style = browser.get("/tokens.css"), browser.get("/static/desk.css").text
    assert tokens.headers["content-type"].startswith("text/css")
    assert "--red: #A61F17" in tokens.text
    defined = set(re.findall(r"(--[a-z-]+):", tokens.text + style))
    assert set(re.findall(r"var\((--[a-z-]+)\)", style)) <= defined
