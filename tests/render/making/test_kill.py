"""A render that is killed in the middle leaves nothing half done, and the next one goes on where it was."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from courseware.lessons.rendition import load_renditions
from tests.conftest import LESSON, SETTINGS, ClipFactory
from tests.render.engine import litter
from tests.render.killing import Running, faults, pieces, start, states_of, watch_until_held

pytestmark = pytest.mark.skipif(os.name == "nt", reason="no such signals there")


@pytest.fixture
def county(make_clip: ClipFactory, tmp_path: Path) -> Path:
    """Two short lessons that have little in common."""
    root = tmp_path / "ws"
    for number, name in enumerate(("bean", "corn")):
        folder = root / "courseware" / name
        folder.mkdir(parents=True)
        (folder / "lesson.toml").write_text(LESSON.format(title=name), encoding="utf-8")
        shutil.copyfile(
            make_clip(seconds=4 + number, filters=f"hue=h={number * 90}", sound=False), folder / "raw.mp4"
        )
    (root / "yuanjiao.toml").write_text(SETTINGS, encoding="utf-8")
    return root


@pytest.fixture
def begun(county: Path) -> Iterator[Callable[[int | None], Running]]:
    """Starts renders, to be held after so many pieces; none outlives the test."""
    running: list[Running] = []

    def begin(hold: int | None) -> Running:
        running.append(start(county, short_chunks=True, hold=hold, more=("--jobs", "1")))
        return running[-1]

    yield begin
    for one in running:
        if one.process.poll() is None:
            one.power_cut()
        assert one.process.stdout is not None
        one.process.stdout.close()


@pytest.mark.long
def test_killed_renders_leave_nothing_half_done_and_the_next_goes_on(
    county: Path, begun: Callable[[int | None], Running]
) -> None:
    first = begun(3)
    assert watch_until_held(first, county) == []
    first.kill()  # as when memory is full: what it had started does not know
    assert faults(county) == []
    before = pieces(county)
    assert len(before) == 3

    second = begun(2)
    assert watch_until_held(second, county) == []
    assert begun(None).process.wait() == 1  # while the second is at work
    assert second.process.poll() is None
    second.power_cut()
    assert faults(county) == []
    before |= pieces(county)

    assert states_of(begun(None)) == ["made", "made"]
    after = pieces(county)
    assert {key: after[key] for key in before} == before  # nothing of it was made again
    assert len(after) > len(before) >= 5
    assert faults(county) == []
    assert not litter(county)
    assert load_renditions(county / "renditions", "led-96x64").keys() == {"bean", "corn"}
