"""Pages are looked at before somebody asks, and those that read much are made one after the other."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from courseware.errors import InputError, Problem, text
from courseware.lessons.workspace import load_catalogue
from desk.county import places
from desk.people.roles import EVERYBODY
from desk.rooms.room import DeskRoute
from desk.serving import ahead
from desk.serving.ahead import LookAhead, look_ahead
from desk.session.asking import Ask
from desk.session.state import Desk
from tests.desk.conftest import browser_of, desk_on
from tests.desk.test_venues import planned

__all__ = ["planned"]


@pytest.fixture
def place(planned: Path, tmp_path: Path) -> Iterator[Desk]:
    root = tmp_path / "county"
    shutil.copytree(planned, root)
    opened = desk_on(root, tmp_path / "new")
    yield opened
    opened.work.close()


def test_what_was_looked_at_ahead_is_not_read_again_but_what_was_saved_since_is_shown(
    place: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_ahead(place)
    read: list[Path] = []
    monkeypatch.setattr(places, "load_lesson", lambda path, *_: read.append(path))
    page = browser_of(place).get("/lessons").text
    monkeypatch.undo()
    assert read == []
    lesson = load_catalogue(place.workspace()).lessons[0]
    assert f">{lesson.title}</a>" in page
    path = lesson.folder / "lesson.toml"
    path.write_text(path.read_text("utf-8").replace(lesson.title, "保存了的题目"), "utf-8")
    assert ">保存了的题目</a>" in browser_of(place).get("/lessons").text


def test_a_page_that_cannot_be_shown_keeps_no_other_from_being_looked_at(
    place: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []

    def answered(_desk: Desk, address: str) -> None:
        looked.append(address)
        raise InputError(Problem(address, text("there is nothing at this address")))

    monkeypatch.setattr(ahead, "_answered", answered)
    look_ahead(place)
    assert {"/overview", "/lessons", "/weeks", "/people"} < set(looked)
    assert any(address.startswith("/venues/") for address in looked)


def test_a_desk_without_a_workspace_looks_at_nothing(tmp_path: Path) -> None:
    look_ahead(desk_on(None, tmp_path))


def test_after_each_task_the_pages_are_looked_at_again(place: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = threading.Semaphore(0)
    monkeypatch.setattr(ahead, "look_ahead", lambda _desk: looks.release())
    LookAhead(place).begin()
    assert looks.acquire(timeout=60)
    place.work.add(text("Render all lessons"), lambda _console, _stop: None, place.consoles["en"])
    assert looks.acquire(timeout=60)


@pytest.mark.parametrize("in_turn", [True, False])
def test_what_reads_much_has_its_turn_and_what_does_not_waits_for_nobody(place: Desk, in_turn: bool) -> None:
    ask = Ask(Request({"type": "http"}), place, FormData())
    route = DeskRoute(
        "GET", "/", lambda asked: Response(str(asked.desk.turn.locked())), roles=EVERYBODY, in_turn=in_turn
    )
    assert route.answer(ask).body == str(in_turn).encode()
    assert not place.turn.locked()
