"""What is seen in real files, whole, damaged and in parts."""

import hashlib
import json
from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from courseware.errors import ToolError
from render.quality.facts import PictureFacts, dump_facts, joined, load_facts
from render.quality.picture import look, watch
from render.quality.stretches import black_stretches, frozen_stretches
from tests.conftest import run_ffmpeg
from tests.render.quality.clips import picture_only

FPS = Fraction(25)


def test_a_moving_picture_is_neither_black_nor_still(tmp_path: Path) -> None:
    facts = look(picture_only(tmp_path / "a.mp4"), 75)
    assert facts.pictures == 75
    assert list(black_stretches(facts, FPS)) == []
    assert list(frozen_stretches(facts, FPS)) == []
    assert min(facts.change[1:]) > 16


def test_a_black_stretch_is_found_to_the_picture(tmp_path: Path) -> None:
    black = "drawbox=t=fill:color=black:enable='between(n,25,49)'"
    facts = look(picture_only(tmp_path / "a.mp4", video=black), 75)
    assert [(one.start_ms, one.end_ms) for one in black_stretches(facts, FPS)] == [(1000, 2000)]


def test_it_is_black_behind_a_caption(tmp_path: Path) -> None:
    caption = "drawbox=t=fill:color=black,drawbox=x=20:y=48:w=56:h=8:t=fill:color=white"
    facts = look(picture_only(tmp_path / "a.mp4", frames=30, video=caption), 30)
    assert [(one.start_ms, one.end_ms) for one in black_stretches(facts, FPS)] == [(0, 1200)]


def test_a_dark_scene_is_not_black(tmp_path: Path) -> None:
    facts = look(picture_only(tmp_path / "a.mp4", frames=30, video="eq=brightness=-0.3:contrast=0.4"), 30)
    assert max(facts.dark) > 128
    assert list(black_stretches(facts, FPS)) == []


def test_a_held_picture_stands_still_though_key_frames_refresh_it(tmp_path: Path) -> None:
    held = "select='not(between(n,25,99))',fps=25"
    facts = look(picture_only(tmp_path / "a.mp4", frames=125, video=held), 125)
    (still,) = frozen_stretches(facts, FPS)
    assert abs(still.start_ms - 960) <= 80
    assert abs(still.end_ms - 4000) <= 80


def test_it_stands_still_behind_captions_that_come_and_go(tmp_path: Path) -> None:
    box = "drawbox=x=20:y=48:w=56:h=8:t=fill:color=white:enable='between(n,{},{})'"
    held = f"trim=end_frame=1,loop=-1:1,setpts=N/25/TB,{box.format(20, 54)},{box.format(80, 110)}"
    facts = look(picture_only(tmp_path / "a.mp4", frames=125, video=held), 125)
    assert [(one.start_ms, one.end_ms) for one in frozen_stretches(facts, FPS)] == [(0, 5000)]


def test_movement_in_one_half_is_no_caption(tmp_path: Path) -> None:
    still_above = "drawbox=h=36:t=fill:color=gray"
    facts = look(picture_only(tmp_path / "a.mp4", frames=75, video=still_above), 75)
    assert max(facts.calm[1:]) <= 8 < min(facts.change[1:])
    assert list(frozen_stretches(facts, FPS)) == []


def test_parts_join_to_what_the_whole_would_tell(tmp_path: Path) -> None:
    held = "select='not(between(n,15,39))',fps=25"
    whole = picture_only(tmp_path / "whole.mp4", frames=75, video=held)
    parts = []
    for number in range(3):
        # Cut at key frames by copying, as the engine's chunks are.
        path = tmp_path / f"part{number}.mp4"
        run_ffmpeg("-ss", str(number), "-i", str(whole), "-frames:v", "25", "-c", "copy", str(path))
        parts.append(look(path, 25))
    assert replace(joined(parts), thumbs=()) == replace(look(whole, 75), thumbs=(), weaves=())
    assert [thumb.at // 25 for thumb in joined(parts).thumbs] == [0, 1, 2]


def test_facts_survive_the_store(tmp_path: Path) -> None:
    facts = look(picture_only(tmp_path / "a.mp4", frames=30), 30)
    assert facts.thumbs
    assert load_facts(dump_facts(facts)) == facts


def test_what_was_looked_at_before_borders_were_is_read_and_joined_without_them(tmp_path: Path) -> None:
    facts = look(picture_only(tmp_path / "a.mp4", frames=40), 40)
    values = json.loads(dump_facts(facts))
    del values["borders"], values["weaves"]
    older = load_facts(json.dumps(values))
    assert older == replace(facts, borders=(), weaves=())
    assert [one.at for one in joined([older, facts]).borders] == [one.at + 40 for one in facts.borders] == [52, 77]
    assert [one.at for one in joined([facts, facts]).weaves] == [25, 65]


def test_facts_of_a_chunk_are_small() -> None:
    # Bytes that cannot be packed, in the ranges that a lively picture fills.
    chance = hashlib.shake_256(b"").digest(2304)
    first, last = chance[:1152], chance[1152:]
    dark, light, change, calm = (
        bytes(low + one % size for one in chance[:250]) for low, size in ((40, 16), (90, 16), (30, 64), (10, 16))
    )
    assert len(dump_facts(PictureFacts(dark, light, change, calm, 32, first, last))) < 4200


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"version": 0}', "null"])
def test_other_text_is_refused_as_facts(content: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        load_facts(content)


def test_parts_of_other_canvases_do_not_join(tmp_path: Path) -> None:
    parts = [look(picture_only(tmp_path / f"{size}.mp4", frames=5, size=size), 5) for size in ("96x64", "256x144")]
    with pytest.raises(ValueError, match="canvas"):
        joined(parts)


def test_a_thumbnail_is_taken_from_the_light(tmp_path: Path) -> None:
    mostly_black = "drawbox=t=fill:color=black:enable='lt(n,85)'"
    facts = look(picture_only(tmp_path / "a.mp4", frames=125, size="256x144", video=mostly_black), 125)
    (thumb,) = facts.thumbs
    assert thumb.at >= 85
    image = Image.open(BytesIO(thumb.jpeg))
    assert image.size == (160, 90)
    assert max(image.convert("L").tobytes()) > 150


@pytest.mark.parametrize("frames", [74, 76])
def test_another_number_of_pictures_is_refused(tmp_path: Path, frames: int) -> None:
    path = picture_only(tmp_path / "a.mp4")
    with pytest.raises(ToolError, match="75 pictures instead of"):
        look(path, frames)


def test_a_damaged_picture_is_refused(tmp_path: Path) -> None:
    path = picture_only(tmp_path / "a.mp4", frames=25, size="256x144", video="noise=alls=40:allf=t")
    _damage(path)
    with pytest.raises(ToolError, match="damaged"):
        look(path, 25)


def test_what_is_no_video_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"nothing of the kind" * 100)
    with pytest.raises(ToolError, match="cannot be read"):
        look(path, 75)
    sound = tmp_path / "a.m4a"
    run_ffmpeg("-f", "lavfi", "-i", "sine=duration=1", str(sound))
    with pytest.raises(ToolError, match="no picture"):
        look(sound, 25)


def test_watching_tells_where_the_damage_is(tmp_path: Path) -> None:
    path = picture_only(tmp_path / "a.mp4", frames=50, size="256x144", video="noise=alls=40:allf=t")
    _damage(path)
    watched = watch(path)
    assert watched.damaged_ms
    assert all(500 <= at_ms <= 1500 for at_ms in watched.damaged_ms)
    assert watched.facts is not None


def test_an_uneven_rate_is_counted_in_even_time(tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"
    uneven = "select='lt(n,25)+gte(n,75)'"
    run_ffmpeg(
        *("-f", "lavfi", "-i", f"testsrc2=size=96x64:rate=25:duration=4,{uneven}"),
        *("-fps_mode", "passthrough", "-c:v", "libx264", "-threads", "1", str(path)),
    )
    watched = watch(path)
    assert watched.facts is not None
    assert (watched.decoded, watched.steady) == (50, False)
    assert watched.facts.pictures == round(4 * watched.fps)
    (still,) = frozen_stretches(watched.facts, watched.fps)
    assert abs(still.start_ms - 960) <= 120
    assert abs(still.end_ms - 3000) <= 120


def test_ten_bit_and_full_range_pictures_are_measured_alike(tmp_path: Path) -> None:
    black = "drawbox=t=fill:color=black:enable='lt(n,30)'"
    for name, form in (("ten.mkv", "yuv420p10le"), ("full.mkv", "yuvj420p"), ("plain.mkv", "yuv420p")):
        path = tmp_path / name
        run_ffmpeg(
            *("-f", "lavfi", "-i", f"testsrc2=size=96x64:rate=25:duration=2,{black}"),
            *("-c:v", "ffv1" if "10" in form else "mjpeg", "-pix_fmt", form, "-strict", "unofficial", str(path)),
        )
        facts = watch(path).facts
        assert facts is not None
        assert [(one.start_ms, one.end_ms) for one in black_stretches(facts, FPS)] == [(0, 1200)], name


def _damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 2000] = bytes(2000)
    path.write_bytes(content)
