from __future__ import annotations

from pathlib import Path

import av
import pytest

from courseware.errors import ToolError
from courseware.files import sha256
from render.work.assemble import assemble, read_packets
from render.work.verify import is_intact
from tests.conftest import run_ffmpeg
from tests.render.engine import LED, numbered, numbers

FORM = {"g": "50", "bf": "2", "flags": "+bitexact+cgop"}
# A file of a few kilobytes is written whole at its end: only a real one shows the order of its packets.
SECONDS = (1, 2, 1)


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[tuple[Path, int]], Path]:
    """Three chunks that follow each other, and their sound."""
    folder = tmp_path_factory.mktemp("parts")
    whole = numbered(folder / "whole.mp4", 100)
    pictures, start = [], 0
    for number, seconds in enumerate(SECONDS):
        path, count = folder / f"{number}.mp4", seconds * 25
        cut = f"trim=start_frame={start}:end_frame={start + count},setpts=PTS-STARTPTS"
        options = [word for name, value in FORM.items() for word in (f"-{name}", value)]
        run_ffmpeg("-i", str(whole), "-vf", cut, "-c:v", "libx264", "-threads", "1", *options, str(path))
        pictures.append((path, count))
        start += count
    sound = folder / "sound.m4a"
    run_ffmpeg("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration=4", "-ac", "2", str(sound))
    return pictures, sound


Parts = tuple[list[tuple[Path, int]], Path]


def packets_digest(path: Path) -> str:
    with av.open(str(path)) as container:
        return read_packets(container).digest


def test_every_picture_is_there_once_and_in_order(parts: Parts, tmp_path: Path) -> None:
    assemble(*parts, LED, tmp_path / "a.mp4")
    assert numbers(tmp_path / "a.mp4") == list(range(100))


def test_pictures_follow_each_other_without_gap(parts: Parts, tmp_path: Path) -> None:
    assemble(*parts, LED, tmp_path / "a.mp4")
    with av.open(str(tmp_path / "a.mp4")) as container:
        moments = [(frame.pts or 0) * (frame.time_base or 0) for frame in container.decode(video=0)]
        times = [packet.dts for packet in container.demux(video=0) if packet.dts is not None]
    assert moments == [number / LED.fps for number in range(100)]
    assert times == sorted(set(times))


def test_packets_are_copied_and_nothing_is_encoded(parts: Parts, tmp_path: Path) -> None:
    assemble(*parts, LED, tmp_path / "a.mp4")

    def sizes(path: Path) -> list[int]:
        with av.open(str(path)) as container:
            return [packet.size for packet in container.demux(video=0) if packet.size]

    assert sizes(tmp_path / "a.mp4") == [size for path, _ in parts[0] for size in sizes(path)]


def test_the_digest_is_that_of_the_finished_file(parts: Parts, tmp_path: Path) -> None:
    digest = assemble(*parts, LED, tmp_path / "a.mp4")
    assert digest == packets_digest(tmp_path / "a.mp4")
    pictures, sound = parts
    other = assemble([pictures[1], pictures[0], pictures[2]], sound, LED, tmp_path / "b.mp4")
    assert other != digest
    assert digest[64:] == other[64:]  # the sound is the same


def test_the_same_pieces_give_the_same_bytes_and_the_index_first(parts: Parts, tmp_path: Path) -> None:
    for name in ("a.mp4", "b.mp4"):
        assemble(*parts, LED, tmp_path / name)
    assert sha256(tmp_path / "a.mp4") == sha256(tmp_path / "b.mp4")
    assert is_intact(tmp_path / "a.mp4")


def test_a_piece_of_another_making_is_refused(parts: Parts, tmp_path: Path) -> None:
    pictures, sound = parts
    strange = numbered(tmp_path / "strange.mp4", 25, bf="0")
    with pytest.raises(ToolError, match="do not fit together"):
        assemble([*pictures, (strange, 25)], sound, LED, tmp_path / "a.mp4")


def test_sound_lies_beside_the_picture_it_belongs_to(parts: Parts, tmp_path: Path) -> None:
    """A player that reads from a stick finds both without jumping: never more than a second apart."""
    assemble(*parts, LED, tmp_path / "a.mp4")
    with av.open(str(tmp_path / "a.mp4")) as container:
        order = [
            (packet.stream.type, float((packet.dts or 0) * (packet.time_base or 0)))
            for packet in container.demux()
            if packet.size
        ]
    latest = {"video": 0.0, "audio": 0.0}
    for kind, moment in order:
        latest[kind] = moment
        assert abs(latest["video"] - latest["audio"]) < 1


def test_a_piece_that_cannot_be_read_is_told_in_plain_words(parts: Parts, tmp_path: Path) -> None:
    pictures, sound = parts
    torn = tmp_path / "torn.mp4"
    torn.write_bytes(pictures[1][0].read_bytes()[:200])
    with pytest.raises(ToolError, match="do not fit together"):
        assemble([pictures[0], (torn, 50)], sound, LED, tmp_path / "a.mp4")


def test_a_refusal_of_the_disk_stays_one(parts: Parts, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        assemble(*parts, LED, tmp_path / "gone" / "a.mp4")
