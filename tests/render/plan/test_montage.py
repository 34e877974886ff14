from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from courseware.lessons.clips import Clip, kept_clips
from courseware.subtitles.cue import Cue
from courseware.times import Span
from render.plan.keys import piece_keys
from render.plan.montage import Montage
from render.plan.order import Order
from render.plan.plan import CrossFade, SourceStretch
from render.plan.profiles import profile_named
from tests.render.samples import FACTS, ORDER, montage, planned

LED = profile_named("led-96x64")
MINUTE = replace(FACTS, duration_ms=60_000)
VIDEO, OTHER = Path("/videos/raw.mp4"), Path("/videos/other.mp4")


def cut(*cuts: tuple[int, int | None], **changes: object) -> Order:
    return replace(ORDER, **({"clips": kept_clips(VIDEO, cuts, "pad", 0)} | changes))  # type: ignore[arg-type]


def of_clips(*clips: Clip, cues: tuple[Cue, ...] = ()) -> Order:
    return replace(ORDER, source=clips[0].path, clips=clips, cues=cues)


def made(order: Order) -> Montage:
    found = montage(order, MINUTE)
    assert found is not None
    return found


def body_keys(order: Order) -> list[str]:
    plan = planned(order, MINUTE, LED)
    keys = zip(plan.pieces, piece_keys(plan, "n9"), strict=True)
    return [key for piece, key in keys if isinstance(piece.picture, SourceStretch | CrossFade)]


def test_what_remains_after_a_cut_is_made_of_the_same_pieces() -> None:
    whole, once = body_keys(ORDER), body_keys(cut((32_000, 38_000)))
    assert len(whole) == 6
    # The piece from 30 to 40 s is now two short ones; all others are those of the whole.
    assert [key for key in once if key not in whole] == once[3:5]
    moved = body_keys(cut((32_000, 37_000)))
    assert [key for key in moved if key not in once] == [moved[4]]


def test_a_second_cut_changes_nothing_of_the_first() -> None:
    once, twice = body_keys(cut((12_000, 14_000))), body_keys(cut((12_000, 14_000), (42_000, 44_000)))
    assert len(set(twice) - set(once)) == 2


def test_subtitles_of_one_video_keep_the_times_of_the_video() -> None:
    cues = (Cue(Span(1000, 3000), "前"), Cue(Span(19_000, 21_500), "跨过"), Cue(Span(50_000, 52_000), "后"))
    order = cut((20_000, 30_000), cues=cues)
    shown = made(order).shown_cues(cues)
    assert [(cue.span.start_ms, cue.span.end_ms, cue.text) for cue in shown] == [
        (1000, 3000, "前"),
        (19_000, 20_000, "跨过"),
        (40_000, 42_000, "后"),
    ]


def test_a_subtitle_that_is_cut_to_a_flash_is_not_shown() -> None:
    cues = (Cue(Span(17_000, 20_200), "跨过"), Cue(Span(29_700, 30_250), "一闪"))
    shown = made(cut((20_000, 30_000))).shown_cues(cues)
    assert [cue.text for cue in shown] == ["跨过"]


def test_subtitles_follow_one_video_through_another_order_and_speed() -> None:
    clips = (Clip("", VIDEO, 30_000, 40_000), Clip("", VIDEO, 0, 20_000, speed=Fraction(2)))
    cues = (Cue(Span(4000, 6000), "快"), Cue(Span(35_000, 36_000), "先"))
    shown = made(of_clips(*clips)).shown_cues(cues)
    assert [(cue.span.start_ms, cue.span.end_ms, cue.text) for cue in shown] == [
        (5000, 6000, "先"),
        (12_000, 13_000, "快"),
    ]


def test_subtitles_of_several_videos_count_in_the_time_of_the_whole() -> None:
    cues = (Cue(Span(11_000, 13_000), "第二段"),)
    order = of_clips(Clip("", VIDEO, 5000, 15_000), Clip("", OTHER, 20_000, 30_000), cues=cues)
    assert made(order).shown_cues(cues) == cues
    body = [piece for piece in planned(order, MINUTE, LED).pieces if isinstance(piece.picture, SourceStretch)]
    assert ["第二段" in piece.picture.captions for piece in body if isinstance(piece.picture, SourceStretch)] == [
        False,
        False,
        True,
    ]


def test_a_cross_fade_is_a_piece_of_its_own_and_a_caption_goes_on_through_it() -> None:
    cues = (Cue(Span(8500, 11_500), "不断"),)
    order = of_clips(Clip("", VIDEO, 0, 10_000), Clip("", OTHER, 0, 10_000, fade_ms=1000), cues=cues)
    found = made(order)
    assert (found.frames, found.starts) == (475, (0, 225))
    before, fade, after = [piece for piece in planned(order, MINUTE, LED).pieces if piece.chunk.segment == "body"]
    assert [piece.chunk.frames for piece in (before, fade, after)] == [225, 25, 225]
    assert isinstance(fade.picture, CrossFade)
    assert fade.picture.starts == (225, 0)
    lines = [line for line in fade.picture.captions.splitlines() if line.startswith("Dialogue")]
    assert len(lines) == 2, "one for each half"
    assert "0:00:00.00,0:00:00.48" in lines[0]


def captions_of(order: Order) -> str:
    pictures = (piece.picture for piece in planned(order, MINUTE, LED).pieces)
    return "".join(picture.captions for picture in pictures if isinstance(picture, SourceStretch))


def test_a_caption_is_not_printed_beside_a_subtitle_that_says_the_same() -> None:
    said = (Cue(Span(10_500, 12_000), "一锯下，"), Cue(Span(12_000, 14_000), "二锯断"))
    clips = Clip("", VIDEO, 0, 10_000), Clip("", OTHER, 0, 10_000, caption="一锯下、二锯断。")
    assert "二锯断。" in captions_of(of_clips(*clips))
    assert "二锯断。" not in captions_of(of_clips(*clips, cues=said))
    assert "二锯断。" in captions_of(of_clips(*clips, cues=said[:1]))


def test_what_is_said_on_a_card_is_known_by_its_time() -> None:
    first, second = made(of_clips(Clip("", VIDEO, 0, 10_000), Clip("", OTHER, 0, 10_000))).takes
    found = replace(made(ORDER), takes=(first, replace(second, is_card=True)))
    assert not found.is_on_card(Span(9_000, 9_900))
    assert found.is_on_card(Span(9_990, 12_000))
    assert found.is_on_card(Span(19_000, 21_000))


cuts = st.lists(st.integers(0, 290), unique=True, min_size=2, max_size=8).map(
    lambda edges: [(start * 200, end * 200) for start, end in zip(*[iter(sorted(edges))] * 2, strict=False)]
)


@given(cuts)
def test_the_chunks_of_any_cuts_show_what_remains_once_and_in_order(found: list[tuple[int, int]]) -> None:
    order = cut(*found)
    plan = planned(order, MINUTE, LED)
    body = [piece.chunk for piece in plan.pieces if piece.chunk.segment == "body"]
    shown = [frame for chunk in body for frame in range(chunk.start, chunk.end)]
    gone = {frame for start, end in found for frame in range(start // 40, end // 40)}
    assert shown == [frame for frame in range(1500) if frame not in gone]
    assert len(shown) == plan.timeline["body"].frames
    assert all(chunk.frames < 350 for chunk in body)


def test_only_a_video_without_a_cut_is_known_to_be_shown_whole() -> None:
    assert [reel.whole for reel in made(ORDER).reels] == [True]
    assert [reel.whole for reel in made(cut((20_000, 30_000))).reels] == [False]
