from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from courseware.errors import InputError, Problem
from courseware.lessons.lesson import Lesson
from courseware.lessons.settings import Office, Settings
from render.plan.order import Order, order_of, unseen_cues
from render.plan.plan import ident_of, title_card
from render.plan.profiles import profile_named
from render.plan.screens import Screen
from tests.render.samples import ORDER

PROFILE = profile_named("led-512x320")


def ordered(url: str = "", **changes: Any) -> tuple[Order, tuple[Problem, ...]]:
    values = {
        "id": "dose",
        "title": "农药怎样配",
        "series": "扶贫实用技术",
        "form": "微视频",
        "source_path": Path("raw.mp4"),
        "subtitles_path": None,
    }
    settings = Settings(office=Office(name="示例县远教办", county="示例县", url=url))
    return order_of(Lesson.model_validate(values | changes), settings)


def order(url: str = "", **changes: Any) -> Order:
    return ordered(url, **changes)[0]


def test_the_link_of_the_office_stands_for_a_lesson_without_one() -> None:
    assert order().link == ""
    assert order("https://example.org").link == "https://example.org"
    assert order("https://example.org", link="https://example.org/dose").link == "https://example.org/dose"


def test_cards_show_the_series_as_the_office_prints_it_and_plans_know_its_name() -> None:
    made = order()
    assert (made.series, made.printed_series) == ("扶贫实用技术", "扶贫实用技术")
    printed = replace(made, printed_series="乡村实用技术")
    cards = (title_card(printed, PROFILE), ident_of(printed, PROFILE))
    assert [card.series for card in cards] == ["乡村实用技术"] * 2
    assert printed.series == "扶贫实用技术"


def test_the_day_of_the_review_follows_the_reviewer() -> None:
    assert order(reviewer="王审核", reviewed_on=date(2026, 11, 20)).reviewer == "王审核 2026-11-20"
    assert order(reviewer="王审核").reviewer == "王审核"
    assert order(reviewed_on=date(2026, 11, 20)).reviewer == ""


def test_what_the_lesson_says_of_sound_and_picture_reaches_the_order(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"picture")
    made = order(audio=2, denoise=True, slides=True, music_path=Path("a.mp3"), picture_path=tmp_path / "a.png")
    assert (made.audio, made.denoise, made.slides, made.music) == (2, True, True, Path("a.mp3"))
    assert (made.song, order(form="MV").song, order(form="MV", song=False).song) == (False, True, False)
    assert made.picture is not None
    assert made.picture.sha256.startswith("2cea274d")
    assert not made.is_bare


def test_telemetry_beside_a_video_is_left_out_of_the_order_and_said(tmp_path: Path) -> None:
    (tmp_path / "DJI_1.SRT").write_text("1\n00:00:00,000 --> 00:00:00,033\n[iso: 100] [shutter: 1/640]\n")
    made, told = ordered(subtitles_path=tmp_path / "DJI_1.SRT")
    assert (made.cues, [one.where for one in told]) == ((), ["DJI_1.SRT"])


def test_a_slogan_is_ordered_without_a_source() -> None:
    slogan = order(source_path=None, slogan="森林防火", seconds=20)
    assert (slogan.source, slogan.slogan, slogan.seconds, slogan.is_bare) == (None, "森林防火", 20, True)
    assert order(source_path=None, slogan="森林防火").seconds == 15
    assert order(source_path=None, notice="停水").is_bare


def test_an_order_finds_the_screen_of_a_profile_and_can_be_a_key() -> None:
    made = replace(ORDER, screens=(Screen(clear_top_px=5), Screen("wechat", clear_top_px=7)))
    assert made.screen_of("wechat").clear_top_px == 7
    assert made.screen_of("station-tv").clear_top_px == 5
    assert ORDER.screen_of("wechat") == Screen()
    assert hash(made) != hash(ORDER)


def test_subtitles_of_another_video_are_refused() -> None:
    with pytest.raises(InputError, match="every subtitle begins after the video has ended"):
        unseen_cues(ORDER, 200)


def test_subtitles_of_a_clock_that_began_at_one_are_told_how_to_move() -> None:
    late = replace(ORDER, cues=tuple(replace(one, span=one.span.shifted(3_600_000)) for one in ORDER.cues))
    with pytest.raises(InputError, match="begin 1:00:00 late; “yuanjiao subtitle shift FILE --by -1:00:00 -o OUT”"):
        unseen_cues(late, 200_000)


def test_subtitles_that_go_on_after_the_video_are_said() -> None:
    (note,) = unseen_cues(ORDER, 1500)
    assert "ended: 1;" in str(note)
    assert unseen_cues(ORDER, 1501) == ()
    assert unseen_cues(replace(ORDER, cues=()), 1) == ()
