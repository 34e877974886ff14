from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import pytest

from courseware.errors import ToolError
from courseware.lessons.profile import Canvas
from render.plan.profiles import profile_named
from render.work.assemble import read_packets
from render.work.verify import boxes, is_intact, is_steady, verify
from tests.conftest import ClipFactory

LED = profile_named("led-96x64")
GOOD = (
    *("-profile:v", "high", "-level:v", "3.0", "-pix_fmt", "yuv420p", "-movflags", "+faststart"),
    *("-c:a", "aac", "-ar", "48000"),
)


def refused(path: Path, frames: int = 50, canvas: Canvas = LED.canvas, digest: str = "") -> str:
    with pytest.raises(ToolError) as raised:
        verify(path, replace(LED, canvas=canvas), frames, digest)
    return str(raised.value)


def packets_digest(path: Path) -> str:
    with av.open(str(path)) as container:
        return read_packets(container).digest


def test_a_right_file_passes(make_clip: ClipFactory) -> None:
    path = make_clip(size=(96, 64), options=GOOD)
    verify(path, LED, 50, packets_digest(path))


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


def test_a_picture_that_changed_on_the_way_to_the_disk_is_refused(make_clip: ClipFactory, tmp_path: Path) -> None:
    whole = make_clip(size=(96, 64), options=GOOD)
    digest = packets_digest(whole)
    path = tmp_path / "flipped.mp4"
    data = bytearray(whole.read_bytes())
    data[data.index(b"mdat") + 400] ^= 0xFF
    path.write_bytes(data)
    assert "not as they were made" in refused(path, digest=digest)


def test_pictures_that_are_all_zeros_are_refused(make_clip: ClipFactory, tmp_path: Path) -> None:
    whole = make_clip(size=(96, 64), options=GOOD)
    data = bytearray(whole.read_bytes())
    start = data.index(b"mdat") + 4
    data[start:] = bytes(len(data) - start)
    path = tmp_path / "zeros.mp4"
    path.write_bytes(data)
    assert refused(path, digest=packets_digest(whole))


def test_another_codec_or_pixel_format_is_refused(make_clip: ClipFactory) -> None:
    full = tuple("yuv444p" if word == "yuv420p" else word for word in GOOD if word not in {"-profile:v", "high"})
    assert "picture is h264 yuv444p" in refused(make_clip(size=(96, 64), options=full))


def test_sound_of_another_kind_is_refused(make_clip: ClipFactory) -> None:
    slow = tuple("44100" if word == "48000" else word for word in GOOD)
    assert "sound is aac, 44100 Hz" in refused(make_clip(size=(96, 64), options=slow))
    assert "sound is aac" in refused(make_clip(size=(96, 64), channels=1, options=GOOD))


def test_everything_that_is_wrong_is_said_at_once(make_clip: ClipFactory) -> None:
    said = refused(make_clip(size=(96, 64), fps="30", sound=False, options=GOOD), canvas=Canvas(128, 64))
    assert all(words in said for words in ("96×64", "30 pictures a second", "no sound track"))


def shifted(source: Path, target: Path, late: int) -> Path:
    """The same packets, but picture `late` is shown a third of its time later."""
    with av.open(str(source)) as given, av.open(str(target), "w", options={"movflags": "faststart"}) as made:
        streams = {one.index: made.add_stream_from_template(one) for one in given.streams}
        times = sorted(packet.pts for packet in given.demux(given.streams.video[0]) if packet.pts is not None)
        given.seek(0)
        for packet in given.demux():
            if not packet.size:
                continue
            if packet.stream.type == "video" and packet.pts == times[late]:
                packet.pts += (times[1] - times[0]) // 3
            packet.stream = streams[packet.stream_index]
            made.mux(packet)
    return target


def test_pictures_are_counted_and_timed_without_decoding(make_clip: ClipFactory, tmp_path: Path) -> None:
    path = make_clip(size=(96, 64), options=GOOD)
    assert is_steady(path, 50, LED.fps)
    assert not is_steady(path, 49, LED.fps)
    assert not is_steady(path, 50, Fraction(24))
    assert not is_steady(shifted(path, tmp_path / "late.mp4", 30), 50, LED.fps)
    (tmp_path / "no.mp4").write_bytes(b"no video")
    assert not is_steady(tmp_path / "no.mp4", 0, LED.fps)
    assert not is_steady(tmp_path / "gone.mp4", 0, LED.fps)


def test_a_picture_that_comes_late_is_refused(make_clip: ClipFactory, tmp_path: Path) -> None:
    late = shifted(make_clip(size=(96, 64), options=GOOD), tmp_path / "late.mp4", 30)
    assert "is due at 1.20 s" in refused(late)


def test_sound_may_be_a_picture_longer_or_shorter_and_no_more(make_clip: ClipFactory) -> None:
    for seconds, wrong in ((2.03, False), (1.97, False), (2.07, True), (1.93, True)):
        said = refused(make_clip(size=(96, 64), tone_seconds=seconds, options=GOOD))
        assert ("its sound lasts" in said) == wrong, (seconds, said)
