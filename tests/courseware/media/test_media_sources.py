"""Every kind of source that people bring, made small."""

from __future__ import annotations

import struct
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image
from pydantic import TypeAdapter

from courseware.errors import MediaError
from courseware.media.facts import MediaFacts, probe
from tests.conftest import ClipFactory, run_ffmpeg
from tests.sources import bars, film

H264 = ("-c:v", "libx264", "-g", "30", "-bf", "2", "-preset", "ultrafast")
VP9 = ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-g", "30")


@pytest.mark.parametrize(
    ("suffix", "options", "seekable"),
    [
        (".mp4", H264, True),
        (".mov", H264, True),
        (".mkv", H264, True),
        (".mkv", (*H264, "-live", "1"), True),
        (".webm", VP9, True),
        (".webm", (*VP9, "-live", "1"), True),
        (".3gp", (*H264, "-ar", "8000", "-ac", "1"), True),
        (".mp4", (*H264, "-movflags", "+frag_keyframe+empty_moov"), True),
        (".avi", ("-c:v", "mpeg4", "-g", "30"), True),
        (".avi", ("-c:v", "mjpeg", "-q:v", "5"), True),
        (".wmv", ("-c:v", "wmv2", "-g", "30"), True),
        (".flv", ("-c:v", "flv1", "-ar", "44100"), True),
        # Streams: they land behind the wanted moment.
        (".avi", (*H264, "-c:a", "pcm_s16le"), False),
        (".flv", H264, False),
        (".mpg", ("-c:v", "mpeg2video", "-bf", "2"), False),
        (".ts", H264, False),
        (".mts", H264, False),
    ],
)
def test_every_container_is_read(
    make_clip: ClipFactory, suffix: str, options: tuple[str, ...], *, seekable: bool
) -> None:
    facts = probe(make_clip(suffix, options=options))
    assert (facts.width, facts.height) == (160, 90)
    assert facts.audio_channels >= 1
    assert abs(facts.duration_ms - 2000) <= 130, facts.duration_ms
    assert facts.seekable == seekable
    assert facts.last_picture_ms is not None
    assert abs(facts.last_picture_ms - 1960) <= 130


def test_a_tape_is_read_and_its_first_field_is_known(make_clip: ClipFactory) -> None:
    options = ("-c:v", "dvvideo", "-ar", "48000")
    facts = probe(make_clip(".dv", seconds=0.4, size=(720, 576), options=options))
    assert (facts.container, facts.duration_ms, facts.gop_pictures) == ("dv", 400, 1)


def test_facts_survive_being_written_as_json(make_clip: ClipFactory) -> None:
    facts = probe(make_clip(fps="30000/1001", options=H264))
    adapter = TypeAdapter(MediaFacts)
    assert adapter.validate_json(adapter.dump_json(facts)) == facts


def test_keyframes_are_listed_once_a_second_from_the_first_picture_on(make_clip: ClipFactory) -> None:
    steady = probe(make_clip(seconds=4, options=("-g", "35", "-keyint_min", "35", "-sc_threshold", "0", "-bf", "2")))
    assert steady.keyframes_ms == (0, 1400, 2800)
    assert steady.gop_pictures == 35
    # Every picture is a key frame here.
    crowded = probe(make_clip(".avi", seconds=4, sound=False, options=("-c:v", "mjpeg")))
    assert all(later - earlier >= 1000 for earlier, later in pairwise(crowded.keyframes_ms))
    assert (len(crowded.keyframes_ms), crowded.gop_pictures) == (4, 1)


@pytest.mark.parametrize(("fps", "gap_ms"), [("1", 1000), ("25", 40), ("60000/1001", 17), ("12.5", 80)])
def test_the_longest_gap_between_pictures_is_rounded_up(make_clip: ClipFactory, fps: str, gap_ms: int) -> None:
    facts = probe(make_clip(seconds=3, fps=fps, sound=False, options=H264))
    assert facts.longest_gap_ms == gap_ms
    assert facts.last_picture_ms is not None
    assert abs(facts.last_picture_ms + gap_ms - facts.duration_ms) <= 1


def test_pictures_at_uneven_times_show_their_longest_gap(make_clip: ClipFactory) -> None:
    uneven = "select='lt(n,10)+gt(n,32)'"
    facts = probe(make_clip(filters=uneven, options=("-fps_mode", "vfr", *H264)))
    assert facts.longest_gap_ms == 960  # from picture 9 to picture 33
    assert facts.last_picture_ms == 1960


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".ts"])
def test_a_picture_that_begins_late_is_noticed(make_clip: ClipFactory, tmp_path: Path, suffix: str) -> None:
    made = tmp_path / f"late{suffix}"
    clip = str(make_clip(options=H264))
    run_ffmpeg("-itsoffset", "0.6", "-i", clip, "-i", clip, "-map", "0:v", "-map", "1:a", "-c", "copy", str(made))
    facts = probe(made)
    assert abs(facts.keyframes_ms[0] - 600) <= 50
    assert facts.tracks[0].start_ms <= 50
    assert abs(facts.duration_ms - 2600) <= 60


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".ts"])
def test_sound_that_begins_late_is_noticed(make_clip: ClipFactory, tmp_path: Path, suffix: str) -> None:
    made = tmp_path / f"late{suffix}"
    clip = str(make_clip(options=H264))
    run_ffmpeg("-i", clip, "-itsoffset", "0.6", "-i", clip, "-map", "0:v", "-map", "1:a", "-c", "copy", str(made))
    facts = probe(made)
    assert facts.keyframes_ms[0] <= 50
    assert abs(facts.tracks[0].start_ms - 600) <= 50


def test_a_clock_that_does_not_begin_at_0_is_the_origin(make_clip: ClipFactory, tmp_path: Path) -> None:
    made = tmp_path / "later.mkv"
    run_ffmpeg("-i", str(make_clip(options=H264)), "-output_ts_offset", "100", "-c", "copy", str(made))
    facts = probe(made)
    assert abs(facts.origin - 100) < Fraction(1, 10)
    assert facts.keyframes_ms[0] <= 50
    assert abs(facts.duration_ms - 2000) <= 60


@pytest.mark.parametrize("suffix", [".ts", ".mpg"])
def test_joined_recordings_follow_each_other(make_clip: ClipFactory, tmp_path: Path, suffix: str) -> None:
    codec = H264 if suffix == ".ts" else ("-c:v", "mpeg2video")
    first, second = make_clip(suffix, options=codec), make_clip(suffix, seconds=3, options=codec)
    made = tmp_path / f"joined{suffix}"
    made.write_bytes(first.read_bytes() + second.read_bytes() + first.read_bytes())
    facts = probe(made)
    assert facts.jumps
    assert not facts.seekable
    assert abs(facts.duration_ms - 7000) <= 150
    assert facts.longest_gap_ms <= 150
    assert not probe(first).jumps


def test_an_edit_list_that_hides_pictures_forbids_seeking(make_clip: ClipFactory, tmp_path: Path) -> None:
    made = tmp_path / "cut.mov"
    whole = make_clip(seconds=4, options=H264)
    run_ffmpeg("-ss", "1.6", "-i", str(whole), "-c", "copy", str(made))
    facts = probe(made)
    assert not facts.seekable
    assert abs(facts.duration_ms - 2400) <= 60
    assert facts.keyframes_ms[0] <= 50


def test_a_picture_that_refreshes_bit_by_bit_forbids_seeking(make_clip: ClipFactory) -> None:
    options = ("-c:v", "libx264", "-x264-params", "intra-refresh=1:keyint=30", "-bf", "0")
    assert not probe(make_clip(seconds=4, sound=False, options=options)).seekable


def test_pictures_without_times_are_refused(make_clip: ClipFactory) -> None:
    with pytest.raises(MediaError, match="carry no times; save it as an MP4"):
        probe(make_clip(".h264", sound=False, options=H264))


def test_of_several_pictures_the_first_moving_one_is_taken(make_clip: ClipFactory, tmp_path: Path) -> None:
    made = tmp_path / "two.mkv"
    first, second = make_clip(options=H264), make_clip(size=(320, 180), sound=False, options=H264)
    run_ffmpeg("-i", str(first), "-i", str(second), "-map", "0", "-map", "1", "-c", "copy", str(made))
    facts = probe(made)
    assert (facts.video_index, facts.width) == (0, 160)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (("smpte2084", "bt2020", "bt2020nc", "tv"), ("bt2020", "smpte2084", "bt2020nc", "tv")),
        (("arib-std-b67", "bt2020", "bt2020nc", "tv"), ("bt2020", "arib-std-b67", "bt2020nc", "tv")),
        (("smpte170m", "smpte170m", "smpte170m", "pc"), ("smpte170m", "smpte170m", "smpte170m", "pc")),
        (("unknown", "unknown", "unknown", "unknown"), ("", "", "", "")),
    ],
)
def test_colours_are_read_from_the_file(tmp_path: Path, tags: tuple[str, ...], expected: tuple[str, ...]) -> None:
    keys = ("color_trc", "color_primaries", "colorspace", "range")
    named = "setparams=" + ":".join(f"{key}={value}" for key, value in zip(keys, tags, strict=True))
    made = film(tmp_path / "a.mp4", [bars()], "-c:v", "libx264", filters=f"format=yuv420p10le,{named}")
    facts = probe(made)
    assert (facts.primaries, facts.transfer, facts.matrix, facts.color_range) == expected
    assert facts.bits == 10


@pytest.mark.parametrize(
    ("suffix", "options"),
    [
        (".mp4", (*H264, "-movflags", "+faststart")),
        (".mkv", H264),
        (".webm", VP9),
        (".avi", ("-c:v", "mpeg4", "-g", "25")),
        (".wmv", ("-c:v", "wmv2", "-g", "25")),
        (".flv", ("-c:v", "flv1", "-g", "25", "-ar", "44100")),
    ],
)
def test_a_broken_file_is_refused_or_salvaged_up_to_where_it_breaks(
    make_clip: ClipFactory, tmp_path: Path, suffix: str, options: tuple[str, ...]
) -> None:
    whole = make_clip(suffix, seconds=4, options=options)
    path = tmp_path / f"cut{suffix}"
    data = whole.read_bytes()
    path.write_bytes(data[: len(data) * 6 // 10])
    with pytest.raises(MediaError, match=r"breaks off at [123]\.\d s of (3\.9|4\.[01]) s; .* use --salvage"):
        probe(path)
    facts = probe(path, salvage=True)
    assert facts.broken_at_ms is not None
    assert 1000 < facts.broken_at_ms < 3500
    assert abs(facts.duration_ms - facts.broken_at_ms) <= 150


def test_a_length_that_nobody_films_is_not_believed(make_clip: ClipFactory, tmp_path: Path) -> None:
    data = bytearray(make_clip(".mkv", options=H264).read_bytes())
    at = data.index(bytes.fromhex("448988")) + 3  # Matroska's Duration, eight bytes
    data[at : at + 8] = struct.pack(">d", 1e12)
    path = tmp_path / "long.mkv"
    path.write_bytes(data)
    assert abs(probe(path).duration_ms - 2000) <= 60


def test_a_whole_file_is_the_same_when_salvaged(make_clip: ClipFactory) -> None:
    assert probe(make_clip(), salvage=True) == probe(make_clip())


def test_a_hole_of_zeros_is_noticed(make_clip: ClipFactory, tmp_path: Path) -> None:
    whole = make_clip(seconds=4, sound=False, options=("-g", "25"))
    data = bytearray(whole.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 6000] = bytes(6000)
    path = tmp_path / "hole.mp4"
    path.write_bytes(data)
    (damaged,) = probe(path).damaged
    assert 500 < damaged.start_ms < 3500
    assert damaged.end_ms in {1000, 2000, 3000, 4000}  # the next key frame, or the end
    assert probe(whole).damaged == ()


def test_where_recordings_were_joined_nothing_is_damaged(make_clip: ClipFactory, tmp_path: Path) -> None:
    part = make_clip(".ts", options=H264).read_bytes()
    joined = tmp_path / "joined.ts"
    joined.write_bytes(part + part)
    facts = probe(joined)
    assert (facts.jumps, facts.damaged) == (True, ())
    holed = bytearray(part + part)
    holed[188 * 30 : 188 * 34] = bytes(188 * 4)
    joined.write_bytes(holed)
    assert probe(joined).damaged


def test_where_a_recording_begins_a_picture_before_the_last_one_ends_nothing_is_damaged(
    make_clip: ClipFactory, tmp_path: Path
) -> None:
    part = make_clip(".ts", seconds=2, sound=False, options=(*H264, "-frames:v", "27")).read_bytes()
    later = (*H264, "-output_ts_offset", "1.08")
    after = make_clip(".ts", seconds=1, sound=False, options=later).read_bytes()
    joined = tmp_path / "joined.ts"
    joined.write_bytes(part + after)
    assert probe(joined).damaged == ()


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp", "a.gif", "a.bmp"])
def test_a_picture_is_called_one(tmp_path: Path, name: str) -> None:
    Image.new("RGB", (64, 48)).save(tmp_path / name)
    with pytest.raises(MediaError, match="this is a picture"):
        probe(tmp_path / name)


def test_sound_is_called_sound(tmp_path: Path) -> None:
    run_ffmpeg("-f", "lavfi", "-i", "sine=duration=1", str(tmp_path / "a.wav"))
    with pytest.raises(MediaError, match="this is sound"):
        probe(tmp_path / "a.wav")
