from __future__ import annotations

import json
import os
from dataclasses import asdict, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courseware.media.facts import MediaFacts
from courseware.subtitles.cue import Cue
from courseware.times import Span
from render.plan.order import Order
from render.plan.plan import Piece, RenditionPlan, SourceStretch, cards_of, end_card, plan_rendition, title_card
from render.plan.profiles import profile_named
from render.plan.screens import CornerMark, Screen
from render.work.jobs import Missing, dump_job, plan_jobs
from templates.cards.cards import EndCard, TitleCard
from templates.cards.idents import Ident
from templates.cards.notices import NoticeSheet
from templates.cards.pictures import Picture
from templates.cards.slogans import SloganCard
from tests.render.samples import FACTS, ORDER, montage, planned, reel

GOLDEN = Path(__file__).parent / "golden"
LED, TV = profile_named("led-96x64"), profile_named("station-tv")
SLOGAN = replace(ORDER, source=None, cues=(), slogan="扶贫先扶志，致富靠自己", seconds=9)
NOTICE = replace(
    ORDER, source=None, cues=(), title="停水通知", notice="各位村民：本周六上午停水检修，请提前储水。" * 6
)
ALONE = replace(ORDER, source=None, cues=(), ident=True)
MARKED = replace(ORDER, screens=(Screen(mark=CornerMark(words="安康远教")),))
VARIANTS: dict[str, tuple[str, Order, MediaFacts | None]] = {
    "plain": ("station-tv", MARKED, replace(FACTS, keyframes_ms=(0, 2000, 4000, 8000, 12_000, 16_000, 20_000))),
    "turned": (
        "led-512x320",
        replace(ORDER, fit="blur"),
        replace(FACTS, fps=Fraction(60), interlaced=True, field_order="tff", rotation=90),
    ),
    "unseekable": (
        "wechat",
        replace(ORDER, cues=(), fit="crop"),
        replace(FACTS, audio_index=None, sar=Fraction(16, 15), seekable=False, origin=Fraction(7, 5)),
    ),
    "slogan": ("led-96x64", SLOGAN, None),
    "notice": ("station-tv-720", NOTICE, None),
    "ident": ("led-96x64", replace(ALONE, screens=MARKED.screens), None),
}


def as_json(plan: RenditionPlan) -> str:
    """The plan and the jobs for all of it, with keys and paths, which differ elsewhere, by names."""
    missing = [Missing(plan, piece, f"KEY {number}") for number, piece in enumerate(plan.pieces)]
    jobs = [json.loads(dump_job(job)) for job in plan_jobs(missing)]
    for job in jobs:
        job["source"] = "PATH" if job["source"] else ""
        job["source_sha256"] = "SHA256" if job["source"] else ""
        assert not job.pop("second") + job.pop("second_sha256")
        for name in ("arguments", "patient"):
            job[name] = _readable(job[name])
    document = {
        "seconds": plan.timeline.seconds,
        "pieces": [{**asdict(piece.chunk), "picture": type(piece.picture).__name__} for piece in plan.pieces],
        "jobs": jobs,
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _readable(arguments: list[str]) -> list[str]:
    """A line for the inputs, one for each filter, one for each output."""
    return "\n".join(arguments).replace("\n-map\n", "\r-map ").replace("\n", " ").replace(";", ";\r").splitlines()


@pytest.mark.parametrize("name", VARIANTS)
def test_the_plan_is_as_it_was(name: str) -> None:
    """Set YUANJIAO_GOLDEN=write to accept a change; then raise RECIPE if the arguments stayed the same."""
    profile, order, facts = VARIANTS[name]
    path = GOLDEN / f"plan-{name}.json"
    plan = as_json(planned(order, facts, profile_named(profile)))
    if os.environ.get("YUANJIAO_GOLDEN") == "write":
        path.write_text(plan, encoding="utf-8", newline="\n")
    assert plan == path.read_text(encoding="utf-8")


def test_planning_reads_no_file_and_gives_the_same_twice() -> None:
    gone = replace(ORDER, source=Path("/nowhere/gone.mp4"), picture=Picture(Path("/nowhere/gone.png"), "0" * 64))
    assert planned(gone, FACTS, TV) == planned(gone, FACTS, TV)


def pictures(order: Order, facts: MediaFacts | None = FACTS) -> list[type]:
    return [type(piece.picture) for piece in planned(order, facts, TV).pieces]


def test_a_lesson_is_ident_title_card_footage_and_end_card() -> None:
    assert pictures(ORDER) == [Ident, *[TitleCard] * 2, *[SourceStretch] * 3, *[EndCard] * 3]


def test_a_card_that_stands_is_made_of_equal_chunks_of_which_one_is_encoded() -> None:
    """However long a slogan stands; of an end card that fills a second up there is a rest."""
    pieces = planned(replace(SLOGAN, seconds=60), None, TV).pieces
    assert {piece.chunk.frames for piece in pieces} == {TV.gop}
    missing = [Missing(planned(SLOGAN, None, TV), piece, str(piece.chunk.frames)) for piece in pieces]
    once = {one.key: one for one in missing}
    (job,) = plan_jobs(list(once.values()))
    assert [output.frames for output in job.outputs] == [TV.gop]


def test_a_slogan_and_a_notice_are_words_alone() -> None:
    assert set(pictures(SLOGAN, None)) == {SloganCard}
    assert set(pictures(NOTICE, None)) == {NoticeSheet}


def test_an_ident_alone_is_the_ident_of_every_lesson_of_its_series() -> None:
    whole, alone = planned(ORDER, FACTS, LED), planned(ALONE, None, LED)
    assert alone.pieces == whole.pieces[:1]
    assert alone.timeline.segments == whole.timeline.segments[:1]
    assert alone.timeline.seconds == 3


@pytest.mark.parametrize("order", [ORDER, SLOGAN, NOTICE, ALONE])
def test_everything_drawn_beside_captions_is_in_the_plan(order: Order) -> None:
    plan = planned(order, None if order.is_bare else FACTS, LED)
    assert {piece.picture for piece in plan.pieces if not isinstance(piece.picture, SourceStretch)} == set(
        cards_of(order, LED)
    )


def test_the_cards_hold_every_text_of_the_lesson() -> None:
    pictured = replace(ORDER, picture=Picture(Path("/p.png"), "0" * 64))
    ident, title, end = cards_of(pictured, TV)
    assert isinstance(ident, Ident)
    assert isinstance(title, TitleCard)
    assert isinstance(end, EndCard)
    assert (ident.series, ident.office) == (ORDER.series, ORDER.office)
    assert (title.title, title.form, title.presenter, title.producer) == (
        ORDER.title,
        ORDER.form,
        ORDER.presenter,
        ORDER.producer,
    )
    assert title.picture == pictured.picture
    assert (end.reviewer, end.credit, end.link) == (ORDER.reviewer, ORDER.credit, ORDER.link)


def captions(pieces: tuple[Piece, ...]) -> list[str]:
    return [piece.picture.captions for piece in pieces if isinstance(piece.picture, SourceStretch)]


def test_a_chunk_carries_the_cues_that_it_shows_and_no_others() -> None:
    order = replace(
        ORDER,
        cues=(
            Cue(Span(9000, 10_000), "到边为止"),
            Cue(Span(19_900, 20_100), "跨过边界"),
            Cue(Span(24_000, 25_000), "末尾"),
        ),
    )
    first, second, third = captions(planned(order, FACTS, TV).pieces)
    assert [word in first for word in ("到边为止", "跨过边界", "末尾")] == [True, False, False]
    assert [word in second for word in ("到边为止", "跨过边界", "末尾")] == [False, True, False]
    assert [word in third for word in ("到边为止", "跨过边界", "末尾")] == [False, True, True]


def test_a_chunk_without_cues_has_no_captions() -> None:
    assert captions(planned(replace(ORDER, cues=()), FACTS, TV).pieces) == ["", "", ""]


moments = st.lists(st.integers(0, 2500), min_size=2, max_size=12, unique=True).map(sorted)


@given(moments)
def test_every_cue_is_in_the_chunks_that_show_a_picture_of_it(borders: list[int]) -> None:
    spans = [Span(start * 10, end * 10) for start, end in zip(borders[::2], borders[1::2], strict=False)]
    cues = tuple(Cue(span, f"第{chr(0x4E00 + number)}句") for number, span in enumerate(spans))
    plan = planned(replace(ORDER, cues=cues), FACTS, TV)
    for piece in plan.pieces:
        if isinstance(piece.picture, SourceStretch):
            times = range(piece.chunk.start * 40, piece.chunk.end * 40, 40)
            for cue in cues:
                shown = any(cue.span.start_ms <= moment < cue.span.end_ms for moment in times)
                # What falls between two pictures may lie in a chunk or not; what is seen must.
                assert not shown or cue.text in piece.picture.captions


def test_the_cards_keep_clear_of_what_the_player_lays_over_them() -> None:
    order = replace(ORDER, screens=(Screen(clear_top_px=40, clear_bottom_px=24),))
    for card in (title_card(order, TV), end_card(order, TV)):
        assert (card.clear_top_px, card.clear_bottom_px) == (40, 24)


def test_only_footage_carries_the_mark() -> None:
    marked = {piece.chunk.segment: piece.mark is not None for piece in planned(MARKED, FACTS, TV).pieces}
    assert marked == {"ident": False, "title": False, "body": True, "end": False}
    slogan = replace(SLOGAN, screens=MARKED.screens)
    assert not any(piece.mark for piece in planned(slogan, None, TV).pieces)


def test_a_copy_that_stands_in_gives_the_picture_but_not_the_length() -> None:
    copy: Any = replace(FACTS, duration_ms=99_000, fps=Fraction(25))
    own = montage(ORDER, FACTS)
    assert own is not None
    plan = plan_rendition(ORDER, replace(own, reels=(reel(copy),)), TV)
    assert plan.reels[0].facts == copy
    assert plan.timeline == planned(ORDER, FACTS, TV).timeline


def test_a_second_language_is_shown_below_the_first_where_there_is_room_for_both() -> None:
    order = replace(ORDER, second=tuple(replace(cue, text="Leave three buds") for cue in ORDER.cues))
    shown = {
        name: "".join(
            piece.picture.captions
            for piece in planned(order, FACTS, profile_named(name)).pieces
            if isinstance(piece.picture, SourceStretch)
        )
        for name in ("station-tv", "led-320x160")
    }
    assert "Leave three buds" in shown["station-tv"]
    assert "Leave" not in shown["led-320x160"]
