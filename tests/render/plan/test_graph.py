from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Literal

import pytest

from courseware.media.facts import MediaFacts
from render.plan.chunks import Chunk
from render.plan.graph import (
    SOURCE,
    WantedChunk,
    bridge_arguments,
    drawn_arguments,
    drawn_file,
    encoder,
    footage_arguments,
    rate_of,
)
from render.plan.plan import ident_of, title_card
from render.plan.profiles import profile_named, proxy_profile
from tests.render.samples import FACTS, ORDER, reel

LED, TV = profile_named("led-96x64"), profile_named("station-tv")
EVERY_SECOND = replace(FACTS, keyframes_ms=tuple(range(0, 25_000, 1000)), longest_gap_ms=80)
SECOND_CHUNK = WantedChunk(TV, Chunk("body", 250, 250, last=False), "o.mp4")


def graph(arguments: tuple[str, ...]) -> str:
    return arguments[arguments.index("-filter_complex") + 1]


def sought(facts: MediaFacts, *wanted: WantedChunk, seek: bool = True) -> str:
    """The moment that is sought, "" for none."""
    arguments = footage_arguments(reel(facts), wanted or [SECOND_CHUNK], seek=seek)
    return arguments[arguments.index("-ss") + 1] if "-ss" in arguments else ""


def test_a_far_chunk_is_sought_at_a_key_frame_that_is_early_enough() -> None:
    # 10 s less three gaps and a margin is 9.68 s; a millisecond past the key frame, whose moment was rounded down.
    assert sought(EVERY_SECOND) == "9001ms"


def test_the_earliest_of_all_that_is_wanted_decides() -> None:
    later = replace(SECOND_CHUNK, chunk=Chunk("body", 500, 126, last=True))
    assert sought(EVERY_SECOND, later) == "19001ms"
    assert sought(EVERY_SECOND, later, SECOND_CHUNK) == "9001ms"


@pytest.mark.parametrize(
    "facts",
    [
        FACTS,  # one key frame only
        replace(EVERY_SECOND, seekable=False),
        replace(EVERY_SECOND, longest_gap_ms=4000),
        replace(EVERY_SECOND, last_picture_ms=200),
    ],
    ids=["one key frame", "unseekable", "long gaps", "one picture that stands"],
)
def test_nothing_is_sought_when_all_from_the_beginning_is_needed(facts: MediaFacts) -> None:
    assert sought(facts) == ""


def test_without_leave_nothing_is_sought() -> None:
    assert sought(EVERY_SECOND, seek=False) == ""


def test_the_source_is_decoded_once_for_all_profiles_and_chunks() -> None:
    wanted = [
        replace(SECOND_CHUNK, profile=profile, chunk=Chunk("body", start, 250, last=False), file=f"{number}.mp4")
        for number, (profile, start) in enumerate((profile, start) for profile in (TV, LED) for start in (0, 250))
    ]
    arguments = footage_arguments(reel(), wanted, seek=True)
    assert arguments.count("-i") == 1
    assert arguments.count(SOURCE) == 1
    assert graph(arguments).count("[0:0]") == 1
    assert [word for word in arguments if word.endswith(".mp4")] == ["0.mp4", "1.mp4", "2.mp4", "3.mp4"]


def test_captions_are_drawn_after_scaling_and_the_mark_upon_them() -> None:
    arguments = footage_arguments(reel(), [replace(SECOND_CHUNK, captions="c.ass", mark="m.png")], seek=False)
    said = graph(arguments)
    assert said.index("scale=flags=lanczos") < said.index("ass=filename=c.ass") < said.index("overlay=")
    assert arguments[arguments.index("m.png") - 1] == "-i"


def test_without_captions_or_mark_nothing_is_drawn() -> None:
    said = graph(footage_arguments(reel(), [SECOND_CHUNK], seek=False))
    assert "ass=" not in said
    assert "overlay" not in said


@pytest.mark.parametrize(("fps", "early"), [(Fraction(60), True), (Fraction(25), False), (Fraction(1), False)])
def test_pictures_that_are_dropped_are_dropped_before_the_dear_part(fps: Fraction, early: bool) -> None:
    said = graph(footage_arguments(reel(replace(FACTS, fps=fps)), [SECOND_CHUNK], seek=False))
    assert said.count("fps=fps=25/1") == 1
    assert (said.index("fps=fps=25/1") < said.index("scale=")) is early


@pytest.mark.parametrize("last", [False, True])
def test_only_the_last_chunk_holds_its_last_picture(last: bool) -> None:
    one = replace(SECOND_CHUNK, chunk=replace(SECOND_CHUNK.chunk, last=last))
    assert ("tpad" in graph(footage_arguments(reel(), [one], seek=False))) is last


def test_a_source_that_begins_late_is_moved_to_the_beginning() -> None:
    late = replace(EVERY_SECOND, origin=Fraction(-7, 5))
    for seek in (False, True):
        assert "setpts=expr=PTS-(-7/5)/TB" in graph(footage_arguments(reel(late), [SECOND_CHUNK], seek=seek))


def test_the_picture_that_was_chosen_is_taken() -> None:
    assert "[0:2]" in graph(footage_arguments(reel(replace(FACTS, video_index=2)), [SECOND_CHUNK], seek=False))


def test_a_source_may_name_no_address() -> None:
    arguments = footage_arguments(reel(), [SECOND_CHUNK], seek=False)
    assert arguments[arguments.index("-protocol_whitelist") + 1] == "file"
    assert arguments.index("-protocol_whitelist") < arguments.index(SOURCE)


def test_a_chunk_is_a_closed_group_of_exactly_its_frames() -> None:
    arguments = footage_arguments(reel(), [SECOND_CHUNK], seek=False)
    assert arguments[arguments.index("-frames:v") + 1] == "250"
    assert arguments[arguments.index("-flags:v") + 1] == "+bitexact+cgop"
    assert "trim=end_pts=500:start_pts=250" in graph(arguments)


@pytest.mark.parametrize("profile", [LED, TV])
def test_the_encoder_gets_every_setting_of_the_profile(profile: object) -> None:
    one = LED if profile is LED else TV
    options = encoder(one)
    assert (options["crf"], options["preset"], options["g"], options["refs"]) == (
        one.crf,
        one.preset,
        one.gop,
        one.refs,
    )
    assert options["maxrate"] == f"{one.maxrate_kbps}k"
    assert options["level:v"] == f"{one.level / 10:.1f}"
    assert options["map_metadata"] == -1


@pytest.mark.parametrize("name", ["station-tv", "wechat", "led-512x320", "led-1920x1080"])
def test_one_thread_encodes_since_several_race_for_the_bits_at_the_rate_limit(name: str) -> None:
    assert encoder(profile_named(name))["threads"] == 1


def test_a_card_that_stands_for_two_lengths_is_drawn_once_and_each_has_an_encoder_of_its_own() -> None:
    wanted = [
        WantedChunk(LED, Chunk("end", start, frames, last=start > 0), f"o{start}.mp4")
        for start, frames in ((0, 50), (50, 12))
    ]
    words = drawn_arguments(title_card(ORDER, LED), wanted)
    assert words.count("drawn.png") == 1
    assert [words[at + 1] for at, word in enumerate(words) if word == "-frames:v"] == ["50", "12"]
    assert "trim=end_pts=50:start_pts=0" in graph(words)
    assert "trim=end_pts=12:start_pts=0" in graph(words)


def test_cards_are_drawn_as_pictures_and_idents_as_films() -> None:
    assert drawn_file(title_card(ORDER, LED)) == "drawn.png"
    assert drawn_file(ident_of(ORDER, LED)) == "drawn.mkv"
    wanted = [WantedChunk(LED, Chunk("title", 0, 100, last=True), "o.mp4")]
    assert "-framerate" in drawn_arguments(title_card(ORDER, LED), wanted)
    assert "-framerate" not in drawn_arguments(ident_of(ORDER, LED), wanted)


def test_the_colours_of_a_card_are_found_once_though_its_key_tells_of_every_picture() -> None:
    def filters(colours: Literal["once", "each"]) -> list[str]:
        wanted = [WantedChunk(LED, Chunk("title", 0, 100, last=True), "o.mp4")]
        words = drawn_arguments(title_card(ORDER, LED), wanted, colours=colours)
        graph = words[words.index("-filter_complex") + 1]
        return [one.partition("=")[0].partition("]")[2] for one in graph.split(";")][:4]

    assert filters("once") == ["fps", "scale", "format", "tpad"]
    assert filters("each") == ["fps", "tpad", "scale", "format"]


def test_a_copy_has_a_key_frame_every_second_and_no_frame_that_waits() -> None:
    arguments = bridge_arguments(reel(), LED.canvas, Fraction(25), 626)
    assert arguments[arguments.index("-g") + 1] == "25"
    assert arguments[arguments.index("-bf") + 1] == "0"
    assert arguments[arguments.index("-frames:v") + 1] == "626"


def test_a_frame_rate_is_told_exactly() -> None:
    assert rate_of(Fraction(30_000, 1001)) == "30000/1001"


def test_a_proxy_makes_large_pictures_small_before_all_else_and_leaves_small_ones() -> None:
    proxy = replace(SECOND_CHUNK, profile=proxy_profile())
    large = reel(replace(FACTS, width=1920, height=1080))
    roughly = "scale=flags=area:h=trunc(ih/8)*2:w=trunc(iw/8)*2"
    quickly = footage_arguments(large, [proxy], seek=False)
    made = graph(quickly)
    assert roughly in made
    assert made.index(roughly) < made.index("colorspace=")
    assert quickly.index("-skip_loop_filter") < quickly.index("-i")
    for other in (
        footage_arguments(reel(), [proxy], seek=False),
        footage_arguments(large, [SECOND_CHUNK], seek=False),
    ):
        assert "flags=area" not in graph(other)
        assert "-skip_loop_filter" not in other
