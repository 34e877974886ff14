from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from courseware.errors import MediaError
from courseware.media.facts import probe
from tests.conftest import ClipFactory, run_ffmpeg


def refusal(path: Path) -> str:
    with pytest.raises(MediaError) as raised:
        probe(path)
    (problem,) = raised.value.problems
    assert problem.where == path.name
    return str(problem.what)


def test_a_plain_video_is_described(make_clip: ClipFactory) -> None:
    facts = probe(make_clip())
    assert (facts.width, facts.height, facts.rotation) == (160, 90, 0)
    assert (facts.fps, facts.sar) == (Fraction(25), Fraction(1))
    assert (facts.video_codec, facts.audio_codec, facts.audio_channels) == ("h264", "aac", 2)
    assert not facts.interlaced


def test_the_length_is_that_of_the_longer_of_picture_and_sound(make_clip: ClipFactory) -> None:
    assert probe(make_clip(sound=False)).duration_ms == 2000
    assert 3000 <= probe(make_clip(tone_seconds=3)).duration_ms <= 3050


def test_a_length_that_the_header_does_not_give_is_measured(make_clip: ClipFactory) -> None:
    path = make_clip(".mkv", sound=False, options=("-live", "1"))
    assert abs(probe(path).duration_ms - 2000) <= 40


def test_a_video_without_sound_has_none(make_clip: ClipFactory) -> None:
    facts = probe(make_clip(sound=False))
    assert (facts.audio_index, facts.audio_channels) == (None, 0)


def test_pixels_that_are_not_square_are_noticed(make_clip: ClipFactory) -> None:
    assert probe(make_clip(filters="setsar=16/15")).sar == Fraction(16, 15)


def test_interlaced_pictures_are_noticed(make_clip: ClipFactory) -> None:
    fields = ("-c:v", "mpeg2video", "-flags", "+ilme+ildct")
    assert probe(make_clip(".mpg", sound=False, filters="setfield=tff", options=fields)).interlaced


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_camera_is_noticed(make_clip: ClipFactory, tmp_path: Path, degrees: int) -> None:
    turned = tmp_path / "turned.mp4"
    run_ffmpeg("-display_rotation", str(degrees), "-i", str(make_clip()), "-c", "copy", str(turned))
    assert probe(turned).rotation == degrees


def test_a_cover_is_not_taken_for_the_video(make_clip: ClipFactory, tmp_path: Path) -> None:
    both = tmp_path / "cover.mp4"
    cover = make_clip(".png", size=(320, 320), sound=False, options=("-frames:v", "1"))
    mapping = ("-map", "0:v", "-map", "1:v", "-map", "1:a", "-c", "copy", "-disposition:v:0", "attached_pic")
    run_ffmpeg("-i", str(cover), "-i", str(make_clip()), *mapping, str(both))
    assert (probe(both).width, probe(both).height) == (160, 90)


@pytest.mark.parametrize("name", ["-dash.mp4", "with 'quote' %d [1].mp4", "课件：第一课.mp4", "http:x.mp4"])
def test_any_file_name_is_only_a_name(
    make_clip: ClipFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_bytes(make_clip().read_bytes())
    assert probe(Path(name)).width == 160


def test_a_video_that_was_cut_off_while_copied_is_refused_with_the_place(cut_clip: Callable[[float], Path]) -> None:
    said = refusal(cut_clip(0.6))
    assert "breaks off at" in said
    assert "of 4.0 s; copy it again" in said


def test_a_video_whose_last_bytes_are_missing_is_still_usable(cut_clip: Callable[[float], Path]) -> None:
    assert probe(cut_clip(0.995)).duration_ms > 3500


def test_a_video_without_its_index_is_refused(make_clip: ClipFactory, tmp_path: Path) -> None:
    whole = make_clip(seconds=4).read_bytes()
    path = tmp_path / "no-index.mp4"
    path.write_bytes(whole[: len(whole) // 2])
    assert "only a part of one; copy it again" in refusal(path)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.mp4"
    path.touch()
    assert refusal(path) == "the file is empty; copy it again"


def test_a_text_called_mp4_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.mp4"
    path.write_text("这不是视频", encoding="utf-8")
    assert "not a video" in refusal(path)


def test_a_list_of_addresses_called_mp4_fetches_nothing(tmp_path: Path) -> None:
    path = tmp_path / "list.mp4"
    path.write_text("#EXTM3U\n#EXTINF:5,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n", encoding="utf-8")
    assert "not a video" in refusal(path)


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    assert "folder" in refusal(tmp_path)
    assert "no such file" in refusal(tmp_path / "gone.mp4")


def test_sound_alone_is_refused(make_clip: ClipFactory, tmp_path: Path) -> None:
    path = tmp_path / "sound.m4a"
    run_ffmpeg("-i", str(make_clip()), "-vn", "-c", "copy", str(path))
    assert "sound without a picture" in refusal(path)


def test_pictures_that_cannot_be_decoded_are_refused(make_clip: ClipFactory, tmp_path: Path) -> None:
    data = bytearray(make_clip(sound=False, options=("-movflags", "+faststart")).read_bytes())
    start = data.index(b"mdat") + 4
    data[start:] = bytes(len(data) - start)
    path = tmp_path / "zeros.mp4"
    path.write_bytes(data)
    assert "no picture of this video can be shown" in refusal(path)


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="names are text there")
def test_a_name_that_is_no_text_is_refused(make_clip: ClipFactory, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode("课".encode("gbk") + b".mp4")
    shutil.copyfile(make_clip(), path)
    assert "rename it" in refusal(path)
