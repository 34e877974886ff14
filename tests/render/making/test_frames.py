"""No picture is lost, doubled or out of order: sources whose pictures carry their number go through the engine."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import pytest

from courseware.media.facts import probe
from render.making.batch import lots_for
from render.plan.graph import SOURCE, WantedChunk, footage_arguments
from render.source.examine import Due, examine
from render.work.ffmpeg import run
from render.work.workshop import Workshop
from tests.conftest import run_ffmpeg
from tests.render.engine import (
    LED,
    SMALL,
    body_chunks,
    body_numbers,
    brightness,
    numbered,
    render,
    repeats,
    rewrapped,
)
from tests.render.samples import ORDER, planned, reel

pytestmark = pytest.mark.usefixtures("short_chunks")

COUNT = 90  # three chunks of 25, one of 15
PLAIN = replace(ORDER, cues=())
UNEVEN_MS = [number * 45 + number * number * 7 % 37 for number in range(COUNT)]
Source = Callable[[Path], Path]


def _mp4(folder: Path) -> Path:
    return numbered(folder / "a.mp4", COUNT, g="12", bf="3")


SOURCES: dict[str, Source] = {
    "near key frames": _mp4,
    "no B-frames": lambda folder: numbered(folder / "a.mp4", COUNT, g="12", bf="0"),
    "one key frame": lambda folder: numbered(folder / "a.mp4", COUNT, g="250", bf="3"),
    "open groups": lambda folder: numbered(folder / "a.mp4", COUNT, g="12", bf="3", x264opts="open-gop=1:scenecut=0"),
    "mkv": lambda folder: rewrapped(_mp4(folder), folder / "b.mkv"),
    "mkv that begins late": lambda folder: rewrapped(_mp4(folder), folder / "b.mkv", "-output_ts_offset", "7.3"),
    "mp4 that begins late": lambda folder: rewrapped(_mp4(folder), folder / "b.mp4", "-output_ts_offset", "7.3"),
    "ts, where no seek is sure": lambda folder: rewrapped(_mp4(folder), folder / "b.ts"),
    "flv with B-frames": lambda folder: numbered(folder / "a.flv", COUNT, g="12", bf="2"),
    "avi": lambda folder: numbered(folder / "a.avi", COUNT, codec="mpeg4", g="12"),
}
SLOW_AND_UNEVEN: dict[str, Source] = {
    "ten a second": lambda folder: numbered(folder / "a.mp4", COUNT // 2, 10, g="12", bf="2"),
    "fifty a second": lambda folder: numbered(folder / "a.mp4", COUNT * 2, 50, g="24", bf="2"),
    "uneven": lambda folder: numbered(folder / "a.mkv", COUNT, UNEVEN_MS, g="12", bf="2"),
}


def made(workshop: Workshop, source: Path, folder: Path) -> Path:
    (outcome,) = render(workshop, [replace(PLAIN, source=source)], [LED], folder)
    assert (outcome.state, outcome.problems) == ("made", ())
    return outcome.target.path


@pytest.mark.parametrize("kind", SOURCES)
def test_every_picture_comes_out_once_and_in_order(workshop: Workshop, tmp_path: Path, kind: str) -> None:
    path = made(workshop, SOURCES[kind](tmp_path), tmp_path / "out")
    assert body_numbers(path, COUNT) == list(range(COUNT))


def test_of_fifty_a_second_every_other_picture_is_taken(workshop: Workshop, tmp_path: Path) -> None:
    path = made(workshop, SLOW_AND_UNEVEN["fifty a second"](tmp_path), tmp_path / "out")
    assert body_numbers(path, COUNT) == list(range(0, COUNT * 2, 2))


def test_of_ten_a_second_each_is_shown_two_and_a_half_times(workshop: Workshop, tmp_path: Path) -> None:
    path = made(workshop, SLOW_AND_UNEVEN["ten a second"](tmp_path), tmp_path / "out")
    shown = repeats(body_numbers(path, COUNT // 2 * 5 // 2))
    assert list(shown) == list(range(COUNT // 2))
    # The last one fills what is left.
    assert {shown[number] + shown[number + 1] for number in range(0, COUNT // 2 - 1, 2)} == {5}


def test_pictures_at_uneven_moments_are_shown_at_their_moment(workshop: Workshop, tmp_path: Path) -> None:
    path = made(workshop, SLOW_AND_UNEVEN["uneven"](tmp_path), tmp_path / "out")
    shown = body_numbers(path, UNEVEN_MS[-1] // 40)
    repeats(shown)
    for frame, number in enumerate(shown):
        # To the nearest picture of the screen: at most half of its 40 ms early or late.
        assert UNEVEN_MS[number] - 20 <= frame * 40
        assert frame * 40 <= (UNEVEN_MS[number + 1] if number + 1 < COUNT else 10**9) + 20


def test_a_video_whose_picture_begins_after_its_sound_starts_with_its_first_picture(
    workshop: Workshop, tmp_path: Path
) -> None:
    late = tmp_path / "late.mkv"
    numbered(late, 50, [500 + number * 40 for number in range(50)], g="12")
    with_tone = tmp_path / "tone.mkv"
    _with_tone(late, with_tone)
    shown = body_numbers(made(workshop, with_tone, tmp_path / "out"), 62)
    assert shown == [0] * 12 + list(range(50)) or shown == [0] * 13 + list(range(49))


def _with_tone(picture: Path, target: Path, seconds: float = 2.5) -> None:
    tone = ("-f", "lavfi", "-i", f"sine=duration={seconds}")
    run_ffmpeg("-copyts", "-i", str(picture), *tone, "-map", "0:v", "-map", "1:a", "-c:v", "copy", str(target))


@pytest.mark.parametrize("suffix", ["mkv", "mp4"])
def test_where_pictures_are_missing_in_the_middle_the_last_one_is_held_and_what_follows_keeps_its_moment(
    workshop: Workshop, tmp_path: Path, suffix: str
) -> None:
    hole = 60  # pictures: more than two chunks
    moments = [(number + hole * (number >= 20)) * 40 for number in range(40)]
    numbered(tmp_path / f"a.{suffix}", 40, moments, g="12", bf="2")
    with_tone = tmp_path / f"b.{suffix}"
    _with_tone(tmp_path / f"a.{suffix}", with_tone, seconds=4)
    outcomes = render(workshop, [replace(PLAIN, source=with_tone)], [LED, SMALL], tmp_path / "out")
    assert [(one.state, one.problems) for one in outcomes] == [("made", ())] * 2
    shown = body_numbers(outcomes[0].target.path, 100)
    assert shown == [*range(20), *[19] * hole, *range(20, 40)]
    with av.open(str(outcomes[1].target.path)) as small:
        stream = small.streams.video[0]
        assert stream.time_base
        times = sorted(packet.pts * stream.time_base for packet in small.demux(stream) if packet.pts is not None)
    assert times == [Fraction(number, 25) for number in range(len(times))]


@pytest.mark.parametrize("kind", [*SOURCES, *SLOW_AND_UNEVEN])
def test_a_chunk_is_the_same_however_it_was_reached(workshop: Workshop, tmp_path: Path, kind: str) -> None:
    source = (SOURCES | SLOW_AND_UNEVEN)[kind](tmp_path)
    facts = probe(source)
    chunks = body_chunks(planned(replace(PLAIN, source=source), facts, LED).pieces)
    assert len(chunks) > 3
    wanted = [WantedChunk(LED, chunk, f"whole{chunk.start}.mp4") for chunk in chunks]
    encode(workshop, source, tmp_path, footage_arguments(reel(facts), wanted, seek=False))
    for one in wanted:
        alone = replace(one, file="alone.mp4")
        encode(workshop, source, tmp_path, footage_arguments(reel(facts), [alone], seek=True))
        assert (tmp_path / "alone.mp4").read_bytes() == (tmp_path / one.file).read_bytes(), one


def encode(workshop: Workshop, source: Path, folder: Path, arguments: tuple[str, ...]) -> None:
    run(workshop.tool, [f"file:{source}" if word == SOURCE else word for word in arguments], folder)


def test_seeking_does_happen(tmp_path: Path) -> None:
    facts = probe(_mp4(tmp_path))
    last = body_chunks(planned(PLAIN, facts, LED).pieces)[-1]
    arguments = footage_arguments(reel(facts), [WantedChunk(LED, last, "o.mp4")], seek=True)
    # Key frames are every 480 ms, of which one a second is kept: 0, 1440, 2880.
    assert arguments[arguments.index("-ss") + 1] == "1441ms"


def test_a_rendition_holds_the_pictures_of_its_chunks_and_no_others(workshop: Workshop, tmp_path: Path) -> None:
    source = _mp4(tmp_path)
    path = made(workshop, source, tmp_path / "out")
    (lot,) = lots_for([replace(PLAIN, source=source)], [LED], tmp_path / "not there")
    (due,) = examine(workshop, lot)
    assert isinstance(due, Due)
    pieces = [workshop.store.find(key) for key in due.keys]
    assert digests(path) == [one for piece in pieces if piece for one in digests(piece.path)]


def digests(path: Path) -> list[str]:
    """Of each picture, decoded."""
    with av.open(str(path)) as container:
        return [hashlib.sha256(frame.to_ndarray().tobytes()).hexdigest() for frame in container.decode(video=0)]


CHANGES = {
    "size": ("scale=96:32", ()),
    "pixel shape": ("setsar=2", ()),
    "pixel format": ("format=yuv422p", ()),
    "colour tags": ("null", ("-color_range", "pc")),
    "frame rate": ("fps=50", ()),
    "orientation": ("transpose=clock,scale=64:96", ("-bsf:v", "h264_metadata=display_orientation=insert:rotate=90")),
}


def joined(folder: Path, suffix: str, change: str) -> Path:
    """COUNT numbered pictures, of which those from a third on to two thirds are otherwise made."""
    source = numbered(folder / "all.mp4", COUNT, g="250", bf="0")
    parts = []
    for number, (filters, options) in enumerate((("null", ()), CHANGES[change], ("null", ()))):
        part = folder / f"{number}.ts"
        cut = f"trim=start_frame={number * COUNT // 3}:end_frame={(number + 1) * COUNT // 3},setpts=PTS-STARTPTS"
        code = ("-c:v", "libx264", "-preset", "ultrafast", "-qp", "10", "-g", "250", "-bf", "0", "-threads", "1")
        run_ffmpeg("-i", str(source), "-vf", f"{cut},{filters}", *code, *options, str(part))
        parts.append(part)
    if suffix == ".ts":
        target = folder / "joined.ts"
        target.write_bytes(b"".join(part.read_bytes() for part in parts))
        return target
    (folder / "list.txt").write_text("".join(f"file {part.name}\n" for part in parts), encoding="utf-8")
    run_ffmpeg("-f", "concat", "-i", str(folder / "list.txt"), "-c", "copy", str(folder / f"joined{suffix}"))
    return folder / f"joined{suffix}"


@pytest.mark.parametrize(
    ("suffix", "change"), [*((".ts", change) for change in CHANGES), (".mkv", "size"), (".mp4", "pixel shape")]
)
def test_a_source_that_changes_midway_keeps_every_picture_in_time(
    workshop: Workshop, tmp_path: Path, suffix: str, change: str
) -> None:
    source = joined(tmp_path, suffix, change)
    shown = body_numbers(made(workshop, source, tmp_path / "out"), COUNT)
    assert shown == list(range(COUNT))


def test_each_part_of_a_source_is_fitted_by_itself(workshop: Workshop, tmp_path: Path) -> None:
    source = joined(tmp_path, ".ts", "pixel shape")
    facts = probe(source)
    assert [(part.start_ms, str(part.kind.sar)) for part in facts.parts] == [(0, "1"), (1200, "2"), (2400, "1")]
    with av.open(str(made(workshop, source, tmp_path / "out"))) as container:
        pictures = [brightness(frame) for frame in container.decode(video=0)][175 : 175 + COUNT]
    bars_are_black = [int(one[:14].max()) < 32 for one in pictures]
    assert [bars_are_black[at] for at in (29, 30, 59, 60)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("picture", "sound"), [("0", "4"), ("3.4", "4"), ("0", "0.5")], ids=["ends early", "begins late", "sound ends"]
)
def test_a_picture_that_begins_late_or_ends_early_stands_for_every_profile(
    workshop: Workshop, tmp_path: Path, picture: str, sound: str
) -> None:
    source = tmp_path / "uneven.mkv"
    shown = ("-itsoffset", picture, "-i", str(numbered(tmp_path / "a.mp4", 20, g="12")))
    run_ffmpeg(*shown, "-f", "lavfi", "-i", f"sine=duration={sound}", "-c:v", "copy", str(source))
    found = render(workshop, [replace(PLAIN, source=source)], [LED, SMALL], tmp_path / "out")
    assert [(one.state, one.problems) for one in found] == [("made", ()), ("made", ())]
    seconds = max(float(picture) + 0.8, float(sound))
    numbers = body_numbers(found[0].target.path, int(seconds * 25))
    assert numbers == [min(max(at - round(float(picture) * 25), 0), 19) for at in range(len(numbers))]
