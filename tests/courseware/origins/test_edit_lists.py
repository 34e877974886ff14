"""Lessons made of what was edited elsewhere."""

from __future__ import annotations

import json
import tomllib
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest

from courseware.errors import InputError
from courseware.lessons.workspace import load_catalogue, open_workspace
from courseware.media.filmed import Filmed, filmed
from courseware.origins.kinds.edit_lists import read_edit_list
from courseware.origins.making import make_lesson, plan_lesson
from courseware.origins.origin import DraftWish
from courseware.subtitles import load_cues

EDL = """\
TITLE: 冬季剪枝
001  AX  V  C        00:00:01:00 00:00:04:00 00:00:00:00 00:00:03:00
* FROM CLIP NAME: 开场
002  AX  V  D    025 00:00:02:00 00:00:06:00 00:00:03:00 00:00:07:00
* TO CLIP NAME: 大棚.MP4
003  BL  V  C        00:00:00:00 00:00:01:00 00:00:07:00 00:00:08:00
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "yuanjiao.toml").write_text('[office]\nname = "示例"\ncounty = "示例县"\n', encoding="utf-8")
    (tmp_path / "冬剪.edl").write_text(EDL, encoding="gb18030")
    for name in ("开场.mov", "大棚.mp4"):
        (tmp_path / name).write_bytes(b"no video")
    return tmp_path


def test_an_edit_list_becomes_a_lesson_with_its_videos(root: Path) -> None:
    wish = DraftWish(root / "冬剪.edl", "CUT01", values={"series": "扶贫实用技术"})
    plan = plan_lesson(open_workspace(root / "w"), wish)
    make_lesson(plan, "冬剪.edl")
    (made,) = load_catalogue(open_workspace(root / "w")).lessons
    assert made.title == "冬季剪枝"
    shown = [(clip.path.name, clip.from_ms, clip.to_ms, clip.fade_ms) for clip in made.clips]
    assert shown == [("开场.mov", 1000, 5000, 0), ("大棚.mp4", 2000, 6000, 1000)]
    assert ["003 BL" in str(remark.what) for remark in plan.remarks] == [True]
    assert (made.folder / "开场.mov").read_bytes() == b"no video"


def test_every_video_that_is_not_there_is_named_and_nothing_outside_is_taken(root: Path) -> None:
    (root / "list").mkdir()
    moved = (root / "冬剪.edl").rename(root / "list" / "冬剪.edl")
    moved.write_text(EDL.replace("大棚.MP4", "../大棚.mp4"), encoding="utf-8")
    with pytest.raises(InputError) as wrong:
        read_edit_list(DraftWish(moved))
    assert [problem.what.values["name"] for problem in wrong.value.problems] == ["开场", "大棚.mp4"]
    assert set(read_edit_list(DraftWish(moved, pictures=root)).files) == {"开场.mov", "大棚.mp4"}


def test_a_draft_of_jianying_brings_its_subtitles(root: Path) -> None:
    (root / "三月剪枝").mkdir()
    seconds: dict[str, Any] = {"start": 0, "duration": 5_000_000}
    draft = {
        "materials": {
            "videos": [{"id": "v", "path": "D:/片/开场.mov", "type": "video"}],
            "texts": [{"id": "t", "type": "subtitle", "content": "先剪病枝"}],
        },
        "tracks": [
            {
                "type": "video",
                "segments": [
                    {
                        "material_id": "v",
                        "source_timerange": seconds | {"start": 2_000_000},
                        "target_timerange": seconds,
                        "speed": 1.0,
                    }
                ],
            },
            {"type": "text", "segments": [{"material_id": "t", "target_timerange": seconds}]},
        ],
    }
    path = root / "三月剪枝" / "draft_content.json"
    path.write_text(json.dumps(draft), encoding="utf-8")
    wish = DraftWish(path, "CUT02", root, values={"series": "扶贫实用技术"})
    plan = plan_lesson(open_workspace(root / "w"), wish)
    make_lesson(plan, path.name)
    values = tomllib.loads((plan.folder / "lesson.toml").read_text(encoding="utf-8"))
    assert (values["title"], values["subtitles"]) == ("三月剪枝", "字幕.srt")
    (cue,) = load_cues(plan.folder / "字幕.srt")[0]
    assert (cue.span.start_ms, cue.span.end_ms, cue.text) == (2000, 7000, "先剪病枝")


def test_a_file_without_an_edit_is_refused(root: Path) -> None:
    (root / "x.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="not a draft"):
        read_edit_list(DraftWish(root / "x.json"))


def test_the_camera_s_time_code_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.mov"
    with av.open(str(path), "w") as container:
        container.metadata["timecode"] = "01:00:00:00"
        stream = container.add_stream("mpeg4", rate=25)
        stream.width = stream.height = 16
        stream.pix_fmt = "yuv420p"
        for _ in range(3):
            container.mux(stream.encode(av.VideoFrame(16, 16, "yuv420p")))
        container.mux(stream.encode())
    assert filmed(path) == Filmed(Fraction(25), "01:00:00:00")
    assert filmed(tmp_path / "none.mov") is None
