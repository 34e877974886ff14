from __future__ import annotations

import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path

import pytest

from courseware.errors import InputError, StorageError
from courseware.lessons.workspace import lock_around, lock_at
from courseware.storage.locks import doing, lock_renders, lock_workspace, user_name, waiting_at_most
from tests.rush import rush


def add_one(_process: int, _turn: int, root: Path) -> None:
    counter = root / "counter"
    with lock_at(root):
        counter.write_text(str(int(counter.read_text()) + 1))


def test_what_processes_read_change_and_write_at_once_is_never_lost(tmp_path: Path) -> None:
    (tmp_path / "yuanjiao.toml").touch()
    (tmp_path / "counter").write_text("0")
    rush(2, 30, add_one, tmp_path)
    assert (tmp_path / "counter").read_text() == "60"


def refusal(folder: Path) -> str:
    """What somebody in another thread is told."""
    said: list[str] = []

    def wait() -> None:
        with pytest.raises(StorageError) as caught, lock_workspace(folder, patience_s=0):
            pass
        said.append(str(caught.value))

    other = threading.Thread(target=wait)
    other.start()
    other.join()
    return said[0]


def test_who_waits_in_vain_is_told_who_holds_it_and_since_when(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["/usr/bin/yuanjiao", "publish", "--week", "2026-W48"])
    monkeypatch.setenv("LOGNAME", "wangfang")
    monkeypatch.setattr("platform.node", lambda: "office-2")
    with lock_workspace(tmp_path):
        said = refusal(tmp_path)
    assert "another command is writing in this workspace: yuanjiao publish --week 2026-W48" in said
    assert f"(process {os.getpid()}, wangfang on office-2, since 20" in said
    assert said.endswith("; wait until that has ended")


def test_who_waits_is_told_what_is_being_done_where_that_is_known(tmp_path: Path) -> None:
    with doing("yuanjiao desk · 编排 2026年第49周"), lock_workspace(tmp_path):
        said = refusal(tmp_path)
    assert "writing in this workspace: yuanjiao desk · 编排 2026年第49周 (process" in said


def test_nobody_waits_longer_than_a_person_before_a_page_would(tmp_path: Path) -> None:
    with lock_workspace(tmp_path), ThreadPoolExecutor(1) as others, waiting_at_most(0):
        asked = copy_context()  # as a request of the desk takes it along
        with pytest.raises(StorageError):
            others.submit(asked.run, lock_workspace(tmp_path).__enter__).result()


@pytest.mark.parametrize("note", ["", "{", "[]", '{"pid": 1}', json.dumps({"secret": "x"})])
def test_a_note_that_is_not_whole_only_leaves_out_who_it_is(tmp_path: Path, note: str) -> None:
    with lock_workspace(tmp_path):
        (tmp_path / "workspace.holder").write_text(note)
        assert refusal(tmp_path).endswith("in this workspace; wait until that has ended")


def test_after_the_block_nobody_holds_it_even_when_it_fails(tmp_path: Path) -> None:
    with pytest.raises(KeyError), lock_workspace(tmp_path):
        raise KeyError
    with lock_workspace(tmp_path, patience_s=0):
        pass
    assert not (tmp_path / "workspace.holder").exists()


def test_planning_goes_on_beside_a_render(tmp_path: Path) -> None:
    with lock_renders(tmp_path), lock_workspace(tmp_path, patience_s=0):
        pass


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / ".yuanjiao").write_text("a file is in the way")
    with pytest.raises(StorageError, match="cannot be written to"), lock_workspace(tmp_path / ".yuanjiao"):
        pass


def test_outside_of_any_workspace_there_is_no_lock_and_none_is_left_behind(tmp_path: Path) -> None:
    with lock_around(tmp_path / "x.srt"):
        pass
    assert not list(tmp_path.iterdir())
    with pytest.raises(InputError), lock_at(tmp_path):
        pass


@pytest.mark.parametrize("place", ["", "quality", "courseware/spray/subtitles.srt"])
def test_what_lies_in_a_workspace_is_written_under_its_lock(tmp_path: Path, place: str) -> None:
    (tmp_path / "yuanjiao.toml").touch()
    with lock_around(tmp_path / place):
        assert "another command is writing" in refusal(tmp_path / ".yuanjiao")


def test_a_service_without_a_users_name_is_told_by_a_question_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("uid not found: 1001")

    monkeypatch.setattr("courseware.storage.locks.getpass.getuser", nobody)
    assert user_name() == "?"
