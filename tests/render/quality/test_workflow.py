"""What a lesson's own kind asks of its rendition."""

from pathlib import Path

import pytest

from courseware.workspace import open_workspace
from render.quality.workflow import plan_workspace
from tests.render.quality.clips import PROFILE, SECONDS
from tests.render.quality.test_commands import place


@pytest.mark.parametrize("line", ['slogan = "森林防火"', 'notice = "停水。"', "ident = true"])
def test_what_is_made_without_a_video_may_stand_still_and_be_silent(workspace: Path, line: str) -> None:
    folder = workspace / "courseware" / "alone"
    folder.mkdir(parents=True)
    keys = f'title = "题"\nseries = "扶贫实用技术"\nform = "公益广告"\n{line}\n'
    (folder / "lesson.toml").write_text(keys, encoding="utf-8")
    video = workspace / "a.mp4"
    video.write_bytes(b"video")
    place(workspace, "alone", video)
    (task,), _ = plan_workspace(open_workspace(workspace), ["alone"], [PROFILE])
    assert (task.expected.slides, task.expected.silent, task.expected.parts) == (True, True, ())
    assert task.expected.seconds == SECONDS
