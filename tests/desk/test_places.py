"""What a desk remembers of a county: only what has changed is read again, and by one of many alone."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from courseware.lessons.lesson import Lesson, load_lesson
from courseware.lessons.settings import Settings
from courseware.lessons.workspace import open_workspace
from desk.county import places
from tests.playlists.factories import write_workspace


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The lessons that were read."""
    found: list[str] = []

    def noted(path: Path, settings: Settings, where: str) -> Lesson:
        found.append(path.parent.name)
        return load_lesson(path, settings, where)

    monkeypatch.setattr(places, "load_lesson", noted)
    return found


def test_of_many_lessons_only_the_one_that_was_changed_is_read_again(tmp_path: Path, read: list[str]) -> None:
    workspace = open_workspace(write_workspace(tmp_path, (31, 32, 33)))
    assert len(places.catalogue_there(workspace).lessons) == 3
    places.county_there(workspace)
    assert sorted(read) == ["lesson-000", "lesson-001", "lesson-002"]
    path = workspace.lessons_dir / "lesson-001" / "lesson.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("课件1", "另一个题目"), encoding="utf-8")
    assert [one.title for one in places.catalogue_there(workspace).lessons] == ["课件0", "另一个题目", "课件2"]
    assert places.county_there(workspace).catalogue.lessons[1].title == "另一个题目"
    assert read[3:] == ["lesson-001"]
    (workspace.root / "yuanjiao.toml").touch()
    places.catalogue_there(workspace)
    assert len(read) == 7


def test_of_many_who_ask_at_once_one_reads(tmp_path: Path, read: list[str]) -> None:
    workspace = open_workspace(write_workspace(tmp_path, (31, 32)))
    threads = [threading.Thread(target=places.catalogue_there, args=(workspace,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(read) == ["lesson-000", "lesson-001"]
