"""Timelines of OpenTimelineIO, made with its own library as other programs make them."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

otio = pytest.importorskip("opentimelineio")  # no wheel for Python 3.14

from courseware.errors import InputError  # noqa: E402  (after the library is known to be there)
from courseware.lessons.clips import Clip  # noqa: E402  (after the library is known to be there)
from courseware.media.filmed import Filmed  # noqa: E402  (after the library is known to be there)
from courseware.timelines.edit_list import clip_tables  # noqa: E402  (after the library is known to be there)
from courseware.timelines.otio import parse_otio, real_rate  # noqa: E402  (after the library is known to be there)
from courseware.timelines.otio_writing import (  # noqa: E402  (after the library is known to be there)
    USUAL,
    ShownSource,
    dump_otio,
)


def at(value: float, rate: float = 25) -> object:
    return otio.opentime.RationalTime(value, rate)


def clip(url: str, start: float, length: float, rate: float = 25, begins: float = 0) -> Any:
    known = otio.opentime.TimeRange(at(begins, rate), at(100_000, rate))
    given = otio.opentime.TimeRange(at(start + begins, rate), at(length, rate))
    return otio.schema.Clip(url, media_reference=otio.schema.ExternalReference(url, known), source_range=given)


def written(*items: object, beside: tuple[object, ...] = ()) -> str:
    timeline = otio.schema.Timeline("冬剪")
    track = otio.schema.Track(kind="Video")
    track.extend(items)
    timeline.tracks.extend([track, *beside])
    return str(otio.adapters.write_to_string(timeline, "otio_json"))


def test_cuts_dissolves_and_speeds_become_clips() -> None:
    fast = clip("file:///D:/%E7%89%87/%E5%A4%A7%E6%A3%9A.mov", 300, 100, 30000 / 1001, begins=107_892)
    fast.effects.append(otio.schema.LinearTimeWarp(time_scalar=2.0))
    dissolve = otio.schema.Transition("x", otio.schema.TransitionTypes.SMPTE_Dissolve, at(10), at(15))
    edit = parse_otio(written(clip("C:\\片\\a.mp4", 0, 100), dissolve, fast, clip("../../b.mp4", 50, 25)), "a.otio")
    assert edit.title == "冬剪"
    assert clip_tables(edit.clips) == [
        {"source": "a.mp4", "from": "0:00", "to": "0:04.6"},
        {"source": "大棚.mov", "from": "0:09.21", "to": "0:16.683", "speed": 2, "fade": 1},
        {"source": "b.mp4", "from": "0:02", "to": "0:03"},
    ]
    assert edit.remarks == ()


def test_what_a_lesson_cannot_say_is_told() -> None:
    still, wipe = clip("a.mp4", 0, 50), otio.schema.Transition("划像", "Custom_Transition", at(5), at(5))
    still.effects.extend([otio.schema.FreezeFrame(), otio.schema.Effect(effect_name="Blur")])
    black = otio.schema.Clip("黑场", otio.schema.GeneratorReference(generator_kind="black"))
    upper, sound = otio.schema.Track("V2", kind="Video"), otio.schema.Track(kind="Audio")
    upper.append(clip("logo.png", 0, 50))
    sound.extend([clip("a.mp4", 0, 50), clip("music.mp3", 0, 50)])
    gap, inner = otio.schema.Gap(duration=at(50)), otio.schema.Stack("内嵌")
    edit = parse_otio(
        written(still, gap, clip("b.mp4", 0, 50), wipe, clip("c.mp4", 0, 50), inner, black, beside=(upper, sound)),
        "x",
    )
    assert edit.sources == ("a.mp4", "b.mp4", "c.mp4")
    told = "\n".join(map(str, edit.remarks))
    assert all(one in told for one in ("Blur", "2 s", "still", "划像", "内嵌", "黑场", "V2", "music.mp3"))
    assert told.count("a.mp4") == 2  # its own sound is no loss


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"OTIO_SCHEMA":"Timeline.1","tracks":5}', '{"OTIO_SCHEMA":"Timeline.1"}', "nul"],
)
def test_what_is_no_timeline_is_refused(content: str) -> None:
    with pytest.raises(InputError):
        parse_otio(content, "a.otio")


def test_a_file_nested_without_end_is_refused_before_the_library_dies_of_it() -> None:
    deep = 200_000
    with pytest.raises(InputError, match="not a file of OpenTimelineIO"):
        parse_otio('{"OTIO_SCHEMA":"Stack.1","children":[' * deep + "]}" * deep, "a.otio")


@pytest.mark.parametrize(
    ("rate", "exactly"),
    [
        (25.0, 25),
        (29.97, Fraction(30000, 1001)),
        (23.976, Fraction(24000, 1001)),
        (12.5, Fraction(25, 2)),
        (30.0, 30),
    ],
)
def test_rates_are_exact(rate: float, exactly: Fraction) -> None:
    assert real_rate(rate) == exactly


def test_what_is_written_is_read_back_the_same() -> None:
    clips = (
        Clip("clip.1", Path("a.mov"), 3_200, 8_000),
        Clip("clip.2", Path("片/大棚.mp4"), 2_000, 20_000, speed=Fraction(2), fade_ms=1_000),
        Clip("clip.3", Path("图.png"), 0, 4_000, fade_ms=600, caption="剪枝前"),
        Clip("clip.4", Path("a.mov"), 0, None, rotate=90),
    )
    codes = {"a.mov": Filmed(Fraction(25), "01:00:00:00")}

    def source_of(clip: Clip) -> ShownSource:
        return ShownSource(clip.path.as_posix(), 12_000, codes.get(clip.path.name, USUAL))

    content, told = dump_otio("冬剪", clips, source_of)
    assert clip_tables(parse_otio(content, "a.otio").clips) == [
        {"source": "a.mov", "from": "0:03.2", "to": "0:08"},
        {"source": "大棚.mp4", "from": "0:02", "to": "0:20", "speed": 2, "fade": 1},
        {"source": "图.png", "seconds": 4, "fade": 0.6},
        {"source": "a.mov", "from": "0:00", "to": "0:12"},
    ]
    assert [problem.where for problem in told] == ["clip.3", "clip.4"]
    assert content == dump_otio("冬剪", clips, source_of)[0]
