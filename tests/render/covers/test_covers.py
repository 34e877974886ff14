from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner
from PIL import Image

from cli import main
from tests.conftest import ClipFactory


def test_each_lesson_gets_a_cover_and_a_bad_one_does_not_stop_the_others(
    tmp_path: Path, make_clip: ClipFactory
) -> None:
    run = CliRunner().invoke
    assert run(main, ["init", str(tmp_path / "w"), "--name", "示例县"]).exit_code == 0
    home = tmp_path / "w" / "courseware"
    keys = 'title = "{}"\nseries = "扶贫实用技术"\nform = "微视频"\n'
    for name, more in (
        ("vine", ""),
        ("fire", 'slogan = "森林防火"\n'),
        ("late", 'cut = ["0:01-1:00", "2:00-"]\n'),
        ("mark", "ident = true\n"),
    ):
        (home / name).mkdir()
        (home / name / "lesson.toml").write_text(keys.format(name) + more, encoding="utf-8")
        if name in {"vine", "late"}:
            (home / name / "a.mp4").write_bytes(make_clip().read_bytes())
    done = run(main, ["--lang", "en", "cover", "--workspace", str(tmp_path / "w"), "--json"])
    assert done.exit_code == 1
    assert "late: cut: 1:00 lies after the end of a.mp4, which lasts 0:02" in done.stderr
    found = [Path(file) for file in json.loads(done.stdout)["files"]]
    assert [path.name for path in found] == ["fire.jpg", "vine.jpg"]
    for path in found:
        with Image.open(path) as cover:
            assert (cover.format, cover.size) == ("JPEG", (900, 500))
