from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from courseware.errors import ToolError
from courseware.profile import Canvas
from render.profiles import profile_named
from render.verify import boxes, is_intact, verify
from tests.conftest import ClipFactory

LED = profile_named("led-96x64")
GOOD = (
    *("-profile:v", "high", "-level:v", "3.0", "-pix_fmt", "yuv420p", "-movflags", "+faststart"),
    *("-c:a", "aac", "-ar", "48000"),
)


def refused(path: Path, frames: int = 50, canvas: Canvas = LED.canvas) -> str:
    with pytest.raises(ToolError) as raised:
        verify(path, replace(LED, canvas=canvas), frames)
    return str(raised.value)


def test_a_right_file_passes(make_clip: ClipFactory) -> None:
    verify(make_clip(size=(96, 64), options=GOOD), LED, 50)


def test_the_boxes_of_a_file_cover_it(make_clip: ClipFactory) -> None:
    path = make_clip(size=(96, 64), options=GOOD)
    found = list(boxes(path))
    assert found[0].kind == "ftyp"
    assert sum(box.size for box in found) == path.stat().st_size


def test_an_index_at_the_end_is_refused(make_clip: ClipFactory) -> None:
    path = make_clip(size=(96, 64), options=(*GOOD[:6], *GOOD[8:]))
    assert not is_intact(path)
    assert "index does not come first" in refused(path)


def test_a_missing_picture_is_noticed(make_clip: ClipFactory) -> None:
    said = refused(make_clip(size=(96, 64), options=GOOD), frames=75)
    assert "50 pictures instead of 75" in said
    assert "does not last whole seconds" in said


def test_another_canvas_is_refused(make_clip: ClipFactory) -> None:
    assert "96×64" in refused(make_clip(size=(96, 64), options=GOOD), canvas=Canvas(128, 64))


def test_pixels_that_are_not_square_are_refused(make_clip: ClipFactory) -> None:
    assert "not square" in refused(make_clip(size=(96, 64), filters="setsar=10/9", options=GOOD))


def test_another_frame_rate_is_refused(make_clip: ClipFactory) -> None:
    assert "30 pictures a second" in refused(make_clip(size=(96, 64), fps="30", options=GOOD))


def test_a_missing_or_short_sound_is_refused(make_clip: ClipFactory) -> None:
    assert "no sound track" in refused(make_clip(size=(96, 64), sound=False, options=GOOD))
    assert "sound lasts 1." in refused(make_clip(size=(96, 64), tone_seconds=1, options=GOOD))


def test_a_level_above_the_promised_one_is_refused(make_clip: ClipFactory) -> None:
    high = tuple("5.1" if word == "3.0" else word for word in GOOD)
    assert "level is 5.1 instead of 3.0" in refused(make_clip(size=(96, 64), options=high))


def test_a_file_that_was_cut_off_is_refused(make_clip: ClipFactory, tmp_path: Path) -> None:
    whole = make_clip(size=(96, 64), options=GOOD).read_bytes()
    path = tmp_path / "cut.mp4"
    path.write_bytes(whole[: len(whole) // 2])
    assert not is_intact(path)
    assert refused(path)


def test_pictures_that_cannot_be_decoded_are_refused(make_clip: ClipFactory, tmp_path: Path) -> None:
    data = bytearray(make_clip(size=(96, 64), options=GOOD).read_bytes())
    start = data.index(b"mdat") + 4
    data[start:] = bytes(len(data) - start)
    path = tmp_path / "zeros.mp4"
    path.write_bytes(data)
    assert "cannot be decoded" in refused(path)
