from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from click.testing import CliRunner

from cli import main
from courseware.lessons.clips import Clip
from courseware.media.facts import probe
from render.making.proxies import make_body
from render.work.workshop import Workshop
from tests.conftest import ClipFactory
from tests.render.samples import ORDER


def test_a_proxy_is_small_and_no_rendition(tmp_path: Path, make_clip: ClipFactory) -> None:
    run = CliRunner().invoke
    assert run(main, ["init", str(tmp_path / "w"), "--name", "示例县"]).exit_code == 0
    lesson = tmp_path / "w" / "courseware" / "vine"
    lesson.mkdir()
    (lesson / "a.mp4").write_bytes(make_clip().read_bytes())
    (lesson / "lesson.toml").write_text(
        'title = "葡萄"\nseries = "扶贫实用技术"\nform = "微视频"\n', encoding="utf-8"
    )
    at = ["--workspace", str(tmp_path / "w")]
    assert run(main, ["render", "--proxy", "--profile", "station-tv", *at]).exit_code == 2
    assert run(main, ["render", "--proxy", "--on", "tls://office:8786", *at]).exit_code == 2
    done = run(main, ["render", "vine", "--proxy", "--json", *at])
    assert done.exit_code == 0, done.output
    (made,) = json.loads(done.stdout)
    assert (made["profile"], made["seconds"], made["state"]) == ("proxy", 13, "made")
    assert (tmp_path / "w" / "proxies" / "vine.mp4").is_file()
    assert not (tmp_path / "w" / "renditions").exists()
    # Nobody asks for what would be measured of it, so nothing is.
    notes = [json.loads(path.read_text("utf-8")) for path in (tmp_path / "w/.yuanjiao/store").glob("*/*.json")]
    assert {one["kind"] for one in notes} == {"picture", "sound", "ident"}
    assert all(one["facts"] == {} for one in notes)
    assert not list((tmp_path / "w" / ".yuanjiao" / "sources").glob("sound-*"))


def test_the_body_alone_has_the_time_of_the_clips(workshop: Workshop, tmp_path: Path, make_clip: ClipFactory) -> None:
    one, other = make_clip(), make_clip(seconds=1)
    clips = (Clip("clip.1", one, 400, 1400), Clip("clip.2", other))
    make_body(workshop, replace(ORDER, source=one, clips=clips), tmp_path / "body.mp4")
    facts = probe(tmp_path / "body.mp4")
    assert (facts.duration_ms, facts.width, facts.height, facts.audio_channels) == (2000, 480, 270, 2)
