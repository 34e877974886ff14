from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

import pytest

from courseware.media.facts import MediaFacts, SoundTrack
from courseware.media.parts import PictureKind, SourcePart
from courseware.terminal.console import Console
from courseware.times import Span
from render.plan.profiles import profile_named
from render.source.source_report import facts_document, remarks, tell_facts, treatment
from tests.render.samples import FACTS

TV = profile_named("station-tv")
NO_COLOURS = ("primaries", "transfer", "matrix", "color_range")
CONSOLE = Console("en", str)
SOUND = SoundTrack(1, "aac", 2, 48_000, duration_ms=25_000)
# As it should be: nothing is to be done about it.
LOOK = PictureKind(
    768, 432, Fraction(1), 0, mirrored=False, pixel_format="yuv420p", bits=8, **dict.fromkeys(NO_COLOURS, "")
)
PLAIN = replace(FACTS, fps=Fraction(25), longest_gap_ms=40, last_picture_ms=24_960, tracks=(SOUND,))


def done(facts: MediaFacts, profile: str = "station-tv") -> str:
    return "\n".join(map(str, treatment(facts, profile_named(profile))))


def test_of_a_source_that_is_as_it_should_be_nothing_is_said() -> None:
    assert done(PLAIN) == ""
    assert list(remarks(PLAIN)) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"parts": (SourcePart(0, LOOK), SourcePart(61_500, replace(LOOK, width=180)))},
            "shape or format at 1:01.5; each part",
        ),
        ({"rotation": 90}, "turned by 90°; the picture will be shown upright"),
        ({"mirrored": True}, "left and right will be put right"),
        ({"sar": Fraction(16, 15)}, "not square (16:15)"),
        ({"interlaced": True}, "the combs will be removed"),
        ({"transfer": "smpte2084"}, "HDR (HDR10 (PQ)); its colours will be made those of an ordinary television"),
        ({"transfer": "arib-std-b67"}, "HDR (HLG)"),
        ({"primaries": "bt2020"}, "more colours than a television"),
        ({"alpha": True}, "transparent; they will be black"),
        ({"width": 640, "height": 480}, "narrower than the screen (1920×1080): black left and right"),
        ({"width": 1920, "height": 800}, "wider than the screen (1920×1080): black above and below"),
        (
            {"fps": Fraction(60000, 1001), "longest_gap_ms": 17},
            "59.94 pictures a second become 25; some are left out",
        ),
        ({"fps": Fraction(1), "longest_gap_ms": 1000}, "1 pictures a second become 25; some are shown twice or more"),
        ({"longest_gap_ms": 300}, "come at uneven times; they will come 25 times a second"),
        ({"jumps": True}, "Several recordings were joined in it"),
        ({"keyframes_ms": (500,)}, "picture begins 0.5 s after the sound"),
        ({"audio_channels": 1}, "one channel, which will be heard on both sides"),
        ({"audio_channels": 6}, "6 channels, which will be mixed to two"),
        ({"audio_index": None, "tracks": ()}, "no sound; the lesson will be silent"),
        ({"tracks": (replace(SOUND, start_ms=700),)}, "sound begins 0.7 s after the picture; silence until then"),
        ({"tracks": (replace(SOUND, duration_ms=20_000),)}, "sound ends 5.0 s before the picture; silence follows"),
        ({"tracks": (replace(SOUND, duration_ms=28_000),)}, "picture ends 3.0 s before the sound"),
    ],
)
def test_what_will_be_done_is_said_in_words(changes: dict[str, object], said: str) -> None:
    assert said in done(replace(PLAIN, **changes))  # type: ignore[arg-type]


def test_the_sound_track_that_is_taken_is_said_and_the_others_are_listed() -> None:
    english = SoundTrack(2, "ac3", 6, 48_000, language="eng", title="Director", duration_ms=25_000)
    said = done(replace(PLAIN, tracks=(english, replace(SOUND, language="chi"))))
    assert "number 2 (chi, aac, 2.0) is taken" in said
    assert "audio = … in lesson.toml: 1 (eng, Director, ac3, 5.1)" in said


def test_black_bars_are_those_of_the_screen_that_is_asked_for() -> None:
    assert done(PLAIN, "led-512x320").count("black above and below") == 1


def test_a_broken_and_a_damaged_file_are_remarked_upon() -> None:
    broken, damaged = remarks(replace(PLAIN, broken_at_ms=63_500, damaged=(Span(3280, 4000), Span(9000, 9500))))
    assert str(broken).startswith("the video breaks off at 1:03.5")
    assert "damaged at 0:03.2" in str(damaged)


def test_the_words_are_printed_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    tell_facts(CONSOLE, "a.mp4", replace(PLAIN, rotation=180, damaged=(Span(0, 40),)), TV)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "a.mp4: usable, 0:25.0 long"
    assert lines[3] == "What will be done, for station-tv:"
    assert lines[4].startswith("- The camera was turned by 180°")
    assert lines[-1].startswith("Look at this: the file is damaged")


def test_the_document_holds_every_fact() -> None:
    facts = replace(PLAIN, mirrored=True, primaries="bt709", origin=Fraction(7, 5), gop_pictures=50)
    document = json.loads(json.dumps(facts_document(CONSOLE, "a.mp4", facts, TV)))
    assert document["origin"] == "7/5"
    assert (document["video"]["primaries"], document["video"]["gop_pictures"]) == ("bt709", 50)
    assert document["video"]["keyframes_ms"] == [0]
    assert document["tracks"][0]["audio"] == 1
    assert document["tracks"][0]["duration_ms"] == 25_000
    assert document["treatment"] == ["The picture is stored mirrored; left and right will be put right"]
    assert document["remarks"] == []
