from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner, Result
from PIL import Image

from cli import main
from tests.conftest import ClipFactory, run_ffmpeg


def probe(*args: str | Path) -> Result:
    return CliRunner().invoke(main, ["--lang", "en", "probe", *map(str, args)])


def test_it_says_what_a_video_is_and_what_will_be_done(make_clip: ClipFactory) -> None:
    result = probe(make_clip(channels=1, fps="30"), "--profile", "led-96x64")
    assert result.exit_code == 0
    assert "160×90, 30 pictures a second" in result.stdout
    assert "What will be done, for led-96x64:" in result.stdout
    assert "30 pictures a second become 25" in result.stdout
    assert "one channel, which will be heard on both sides" in result.stdout


def test_a_broken_video_is_refused_with_the_way_out_and_then_looked_at(cut_clip: Callable[[float], Path]) -> None:
    path = cut_clip(0.6)
    refused = probe(path)
    assert refused.exit_code == 1
    assert "breaks off at" in refused.stderr
    assert "use --salvage" in refused.stderr
    salvaged = probe(path, "--salvage")
    assert salvaged.exit_code == 0
    assert "Look at this: the video breaks off at 0:0" in salvaged.stdout


def test_another_sound_track_can_be_asked_for(make_clip: ClipFactory, tmp_path: Path) -> None:
    made = tmp_path / "two.mkv"
    mono, stereo = str(make_clip(channels=1)), str(make_clip())
    run_ffmpeg("-i", stereo, "-i", mono, "-map", "0", "-map", "1:a", "-c", "copy", str(made))
    assert json.loads(probe(made, "--json").stdout)["audio"]["channels"] == 2
    second = json.loads(probe(made, "--audio", "2", "--json").stdout)
    assert (second["audio"]["channels"], len(second["tracks"])) == (1, 2)
    wrong = probe(made, "--audio", "3")
    assert wrong.exit_code == 1
    assert "there is no sound track 3; there are: 1 (aac, 2.0) · 2 (aac, 1.0)" in wrong.stderr


def test_a_screen_that_does_not_exist_is_refused(make_clip: ClipFactory) -> None:
    result = probe(make_clip(), "--profile", "cinema")
    assert result.exit_code == 2
    assert "--profile" in result.stderr


def test_it_says_how_a_picture_will_stand_on_the_screen(tmp_path: Path) -> None:
    Image.new("RGB", (300, 400), (200, 30, 40)).save(tmp_path / "tall.jpg")
    told = probe(tmp_path / "tall.jpg", "--profile", "led-320x160").stdout
    assert "tall.jpg: usable, a picture, 300×400" in told
    assert "- It stands whole on the screen (320×160), blurred around it" in told
    found = json.loads(probe(tmp_path / "tall.jpg", "--profile", "station-tv", "--json").stdout)
    assert found["picture"] == {"width": 300, "height": 400, "pictures": 1, "loops": 0, "page": False}
    assert "It is smaller than the screen and will look soft" in found["treatment"]
    (tmp_path / "a.heic").write_bytes(b"ftypheic")
    assert "a.heic: this is no picture that can be read" in probe(tmp_path / "a.heic").stderr
