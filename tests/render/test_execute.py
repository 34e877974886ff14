"""Real renditions, on the smallest canvases: the files are looked into, not the arguments."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import av
import numpy as np
import pytest

from courseware.cue import Cue
from courseware.errors import StorageError, ToolError, YuanjiaoError
from courseware.times import Span
from render import execute
from render.execute import Made, Workshop, make, open_workshop
from render.ffmpeg import Ffmpeg, StoppedError, find_ffmpeg
from render.order import Order
from render.profiles import Profile, profile_named
from render.sources import look_into
from render.verify import verify
from tests.conftest import ClipFactory, run_ffmpeg
from tests.render.samples import ORDER

LED = profile_named("led-96x64")
HOSTILE = "a'b\"c:d{e}\\N%s;[f],=测试标题六十个字" + "很长" * 20


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    # A path that no filter graph and no shell would survive unescaped.
    return open_workshop(find_ffmpeg(), tmp_path_factory.mktemp("老张's [cache]: 100%"))


def made(workshop: Workshop, order: Order, target: Path, profile: Profile = LED) -> Made:
    source = look_into(order.source, workshop.cache_dir)
    result = make(workshop, order, source, profile, target, lambda _: None)
    verify(target, profile, result.seconds * 25)
    assert not litter(workshop, target.parent)
    return result


def litter(workshop: Workshop, folder: Path) -> list[Path]:
    work = [path for path in workshop.work_dir.iterdir() if path.name not in {"fonts", "fonts.conf"}]
    return work + [path for path in folder.iterdir() if path.name.startswith(".")]


def picture(path: Path, second: float) -> bytes:
    """The picture shown at that moment, as grey bytes without padding."""
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            if (frame.time or 0) >= second:
                return frame.to_ndarray(format="gray").tobytes()
    raise AssertionError("the file is shorter")


def loudness(path: Path, start: float, seconds: float) -> float:
    """Largest sample of a stretch, 0 to 1."""
    with av.open(str(path)) as container:
        peak = 0.0
        for frame in container.decode(audio=0):
            if start <= (frame.time or 0) < start + seconds:
                peak = max(peak, float(np.abs(frame.to_ndarray()).max()))
        return peak


def test_a_rendition_is_what_its_profile_says(workshop: Workshop, make_clip: ClipFactory, tmp_path: Path) -> None:
    result = made(workshop, replace(ORDER, source=make_clip(seconds=2.5)), tmp_path / "a.mp4")
    assert (result.seconds, result.notes) == (14, ())  # 3 + 4 + 2.52, and an end card of at least 4
    assert result.size == (tmp_path / "a.mp4").stat().st_size


def test_the_same_input_gives_the_same_bytes(workshop: Workshop, make_clip: ClipFactory, tmp_path: Path) -> None:
    order = replace(ORDER, source=make_clip())
    digests = set()
    for name in ("a.mp4", "b.mp4"):
        made(workshop, order, tmp_path / name)
        digests.add(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert len(digests) == 1


def test_a_source_without_sound_becomes_a_silent_body(
    workshop: Workshop, make_clip: ClipFactory, tmp_path: Path
) -> None:
    target = tmp_path / "a.mp4"
    made(workshop, replace(ORDER, source=make_clip(sound=False)), target)
    assert loudness(target, 0.5, 2) > 0.01  # the jingle
    assert loudness(target, 7.2, 1.5) < 0.001


def test_sound_is_where_the_body_is_and_cards_are_silent(
    workshop: Workshop, make_clip: ClipFactory, tmp_path: Path
) -> None:
    target = tmp_path / "a.mp4"
    made(workshop, replace(ORDER, source=make_clip(channels=1)), target)
    assert loudness(target, 7.2, 1.5) > 0.05
    assert loudness(target, 4, 2.5) < 0.001
    assert loudness(target, 9.5, 2) < 0.001


def test_the_last_picture_is_held_while_sound_goes_on(
    workshop: Workshop, make_clip: ClipFactory, tmp_path: Path
) -> None:
    result = made(workshop, replace(ORDER, source=make_clip(tone_seconds=4)), tmp_path / "a.mp4")
    assert result.seconds == 15
    assert loudness(tmp_path / "a.mp4", 10, 0.8) > 0.05


ODD: dict[str, dict[str, Any]] = {
    "a size that is odd and not square": {"size": (161, 90), "filters": "setsar=16/15"},
    "more pictures a second": {"fps": "60"},
    "one picture a second": {"fps": "1"},
    "ten bits": {"options": ("-pix_fmt", "yuv420p10le")},
    "full range": {"filters": "scale=out_range=full,format=yuvj420p"},
    "upright": {"size": (90, 160)},
}


@pytest.mark.parametrize("kind", ODD)
@pytest.mark.parametrize("fit", ["pad", "blur", "crop"])
def test_any_source_fits_any_way(
    workshop: Workshop, make_clip: ClipFactory, tmp_path: Path, kind: str, fit: str
) -> None:
    suffix = ".mkv" if kind.startswith("a size") else ".mp4"
    options = {"options": ("-c:v", "ffv1"), **ODD[kind]} if suffix == ".mkv" else ODD[kind]
    clip = make_clip(suffix, seconds=1, **options)
    order = replace(ORDER, source=clip, fit=fit, cues=())  # type: ignore[arg-type]
    made(workshop, order, tmp_path / "a.mp4")


def test_a_padded_upright_picture_has_black_sides_and_keeps_its_middle(
    workshop: Workshop, make_clip: ClipFactory, tmp_path: Path
) -> None:
    made(workshop, replace(ORDER, source=make_clip(size=(90, 160)), cues=()), tmp_path / "a.mp4")
    shown = picture(tmp_path / "a.mp4", 8)
    row = shown[32 * 96 : 33 * 96]
    assert max(row[:20]) < 30
    assert max(row[40:56]) > 60


def test_a_turned_picture_is_shown_upright(workshop: Workshop, make_clip: ClipFactory, tmp_path: Path) -> None:
    turned = tmp_path / "turned.mp4"
    run_ffmpeg("-display_rotation", "90", "-i", str(make_clip(sound=False)), "-c", "copy", str(turned))
    made(workshop, replace(ORDER, source=turned, cues=()), tmp_path / "a.mp4")
    row = picture(tmp_path / "a.mp4", 8)[32 * 96 : 33 * 96]
    assert max(row[:20]) < 30


def test_captions_are_on_the_picture_at_their_time_only(
    workshop: Workshop, make_clip: ClipFactory, tmp_path: Path
) -> None:
    black = make_clip(filters="drawbox=color=black:t=fill", sound=False)
    order = replace(ORDER, source=black, cues=(Cue(Span(0, 1000), "浇水CO₂"),))
    made(workshop, order, tmp_path / "a.mp4")
    assert max(picture(tmp_path / "a.mp4", 7.5)) > 200
    assert max(picture(tmp_path / "a.mp4", 8.5)) < 40


def test_hostile_texts_are_drawn_like_any_other(workshop: Workshop, make_clip: ClipFactory, tmp_path: Path) -> None:
    texts = dict.fromkeys(("title", "presenter", "producer", "credit"), HOSTILE[:60])
    order = replace(ORDER, source=make_clip(), cues=(Cue(Span(0, 1500), HOSTILE),), **texts)  # type: ignore[arg-type]
    made(workshop, order, tmp_path / "a.mp4")


@pytest.mark.parametrize("name", ["-dash.mp4", "老张's 100% [1];x=y.mp4", "{source}.mp4"])
def test_any_name_of_a_source_works(workshop: Workshop, make_clip: ClipFactory, tmp_path: Path, name: str) -> None:
    source = tmp_path / "in" / name
    source.parent.mkdir()
    shutil.copyfile(make_clip(), source)
    made(workshop, replace(ORDER, source=source), tmp_path / "a.mp4")


def test_a_failing_encoder_leaves_the_old_file_and_no_litter(
    workshop: Workshop, make_clip: ClipFactory, tmp_path: Path
) -> None:
    target = tmp_path / "a.mp4"
    target.write_bytes(b"old")
    order = replace(ORDER, source=make_clip())
    source = look_into(order.source, workshop.cache_dir)
    with pytest.raises(ToolError):
        make(workshop, order, source, replace(LED, preset="no-such-preset"), target, lambda _: None)
    assert target.read_bytes() == b"old"
    assert not litter(workshop, tmp_path)


def test_a_file_that_is_not_right_is_not_put_in_place(
    workshop: Workshop, make_clip: ClipFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find_fault(*_: object) -> None:
        raise ToolError

    monkeypatch.setattr(execute, "verify", find_fault)
    order = replace(ORDER, source=make_clip())
    with pytest.raises(ToolError):
        make(workshop, order, look_into(order.source, workshop.cache_dir), LED, tmp_path / "a.mp4", lambda _: None)
    assert list(tmp_path.iterdir()) == []


def test_calling_off_leaves_nothing(workshop: Workshop, make_clip: ClipFactory, tmp_path: Path) -> None:
    order = replace(ORDER, source=make_clip())
    source = look_into(order.source, workshop.cache_dir)
    with pytest.raises(StoppedError):
        make(workshop, order, source, LED, tmp_path / "a.mp4", lambda _: workshop.stop.set())
    workshop.stop.clear()
    assert not litter(workshop, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_with_too_little_room_is_refused_before_encoding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=5_000_000))
    with pytest.raises(StorageError, match="5 MB left"):
        execute.check_room(tmp_path, LED, 60)


def test_an_output_folder_that_cannot_be_made_is_one_clear_error(
    workshop: Workshop, make_clip: ClipFactory, tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("a file is in the way", encoding="utf-8")
    order = replace(ORDER, source=make_clip())
    source = look_into(order.source, workshop.cache_dir)
    with pytest.raises(StorageError, match="cannot be written to"):
        make(workshop, order, source, LED, tmp_path / "out" / "a.mp4", lambda _: None)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_a_read_only_output_folder_is_one_clear_error(
    workshop: Workshop, make_clip: ClipFactory, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    folder.mkdir(mode=0o500)
    order = replace(ORDER, source=make_clip())
    with pytest.raises(YuanjiaoError):
        make(workshop, order, look_into(order.source, workshop.cache_dir), LED, folder / "a.mp4", lambda _: None)


def test_a_cache_that_cannot_be_written_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file is in the way", encoding="utf-8")
    with pytest.raises(StorageError, match="cannot be written to"):
        open_workshop(Ffmpeg("ffmpeg", "embedded", "n9"), tmp_path / "cache")
