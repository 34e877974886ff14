from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cli import make_console
from courseware.lessons.proofs import FOLDER_NAME, digest_of
from courseware.unchanged import stamp
from render.making import workflow
from render.making.batch import lots_for
from render.making.workflow import Asked, BatchResult, render_workspace


def render(workspace: Path, *profiles: str, salvage: bool = False) -> BatchResult:
    return render_workspace(workspace, (), profiles, make_console("en"), Asked(2, salvage=salvage))


def states(done: BatchResult) -> list[str]:
    return [one.state for one in done.outcomes]


@pytest.fixture(scope="module")
def made_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first test keeps what it has made, for the others."""
    return tmp_path_factory.mktemp("made") / "workspace"


@pytest.fixture
def finished(workspace: Path, made_before: Path, looked_into: list[str]) -> Path:
    """The workspace with all its lessons made, of which the last run noted that."""
    if made_before.exists():
        shutil.rmtree(workspace)
        shutil.copytree(made_before, workspace)
        assert states(render(workspace)) == ["kept", "kept"]
    else:
        assert states(render(workspace)) == ["made", "made"]
        shutil.copytree(workspace, made_before)
    looked_into.clear()
    return workspace


@pytest.fixture
def looked_into(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Lessons that were examined by their content."""
    found: list[str] = []
    real = lots_for

    def noted(*args: object, **options: object) -> object:
        lots = real(*args, **options)  # type: ignore[arg-type]
        found.extend(lot.order.lesson for lot in lots)
        return lots

    monkeypatch.setattr(workflow, "lots_for", noted)
    return found


def test_an_unchanged_workspace_costs_one_look_and_loads_no_video(finished: Path, looked_into: list[str]) -> None:
    done = render(finished)
    assert states(done) == ["kept", "kept"]
    assert [one.seconds for one in done.outcomes] == [13, 13]
    assert looked_into == []


def _touch_source(workspace: Path) -> None:
    os.utime(workspace / "courseware" / "dose" / "raw.mp4", ns=(1, 1))


def _hide_a_byte(workspace: Path) -> None:
    path = workspace / "courseware" / "dose" / "subtitles.srt"
    status = path.stat()
    path.write_bytes(path.read_bytes().replace(b"50", b"60"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def _lose_the_rendition(workspace: Path) -> None:
    (workspace / "renditions" / "led-96x64" / "dose.mp4").unlink()


def _lose_the_description(workspace: Path) -> None:
    (workspace / "renditions" / "led-96x64" / "dose.json").unlink()


def _damage_the_rendition(workspace: Path) -> None:
    path = workspace / "renditions" / "led-96x64" / "dose.mp4"
    path.write_bytes(path.read_bytes()[:-10])


def _flip_a_bit(workspace: Path) -> None:
    path = workspace / "renditions" / "led-96x64" / "dose.mp4"
    content, status = path.read_bytes(), path.stat()
    path.write_bytes(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def _retitle(workspace: Path) -> None:
    path = workspace / "courseware" / "dose" / "lesson.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("农药怎样配", "农药怎样兑"), encoding="utf-8")


CHANGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "touched source": (_touch_source, "kept"),
    "a byte behind an old time": (_hide_a_byte, "made"),
    "rendition gone": (_lose_the_rendition, "made"),
    "description gone": (_lose_the_description, "made"),
    "rendition damaged": (_damage_the_rendition, "made"),
    "a bit behind an old time": (_flip_a_bit, "made"),
    "title": (_retitle, "made"),
}


def test_only_what_changed_is_looked_into(finished: Path, looked_into: list[str]) -> None:
    for name, (change, state) in CHANGES.items():
        if os.name == "nt" and "old time" in name:
            continue
        change(finished)
        looked_into.clear()
        assert states(render(finished)) == [state, "kept"], name
        assert looked_into == ["dose"], name
        looked_into.clear()
        assert states(render(finished)) == ["kept", "kept"], name
        assert looked_into == [], name


def _other_settings(workspace: Path) -> None:
    path = workspace / "yuanjiao.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("汉滨区", "平利县"), encoding="utf-8")


def _pronunciations(workspace: Path) -> None:
    (workspace / "读音.txt").write_text("每亩 méi mǔ\n", encoding="utf-8")


def _dictionary(workspace: Path) -> None:
    (workspace / "dictionary.txt").write_text("每亩用水\n", encoding="utf-8")


@pytest.mark.parametrize("change", [_other_settings, _dictionary, _pronunciations])
def test_what_concerns_all_lessons_has_all_looked_into(
    change: Callable[[Path], None], finished: Path, looked_into: list[str]
) -> None:
    change(finished)
    render(finished)
    assert looked_into == ["dose", "prune"]


def test_another_profile_is_not_covered(finished: Path, looked_into: list[str]) -> None:
    assert states(render(finished, "led-96x64", "led-80x64")) == ["kept", "made", "kept", "made"]
    assert looked_into == ["dose", "prune"]


def test_a_moved_workspace_is_looked_into_and_nothing_is_made(
    finished: Path, looked_into: list[str], tmp_path: Path
) -> None:
    moved = tmp_path / "elsewhere"
    shutil.move(finished, moved)
    assert states(render(moved)) == ["kept", "kept"]
    assert looked_into == ["dose", "prune"]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"marks": {"x": [1]}}', '{"marks": []}'])
def test_an_index_that_cannot_be_read_is_none(finished: Path, looked_into: list[str], content: str) -> None:
    path = finished / ".yuanjiao" / "made" / "index.json"
    assert json.loads(path.read_text(encoding="utf-8"))["marks"]
    path.write_text(content, encoding="utf-8")
    assert states(render(finished)) == ["kept", "kept"]
    assert looked_into == ["dose", "prune"]


def test_a_bit_lost_without_a_trace_is_found_when_all_is_read(finished: Path) -> None:
    path = finished / "renditions" / "led-96x64" / "dose.mp4"
    made = digest_of(path)
    _flip_a_bit(finished)
    (path.parent / FOLDER_NAME).mkdir(exist_ok=True)
    (path.parent / FOLDER_NAME / path.name).write_text(f"{stamp(path.stat())} {made}")  # as if no time had changed
    assert states(render(finished)) == ["kept", "kept"]
    verified = render_workspace(finished, (), (), make_console("en"), Asked(2, verify=True))
    assert states(verified) == ["made", "kept"]
    assert digest_of(path, anew=True) == made
