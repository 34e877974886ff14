from __future__ import annotations

from collections import Counter
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from courseware.lessons.lesson import Lesson
from playlists.files.blocks import Block, Filler, LessonChoice, Moment, admits
from playlists.files.calendar import Calendar
from playlists.files.rules import Rules
from playlists.planning.layout import lay_out
from playlists.planning.planner import plan_week
from playlists.planning.shelf import LessonShelf
from playlists.planning.showings import FreeStretch
from tests.playlists.factories import lesson, programme, rendition, venue

CHINA = ZoneInfo("Asia/Shanghai")
FILM = lesson(1)
SLOGAN = lesson(2, slogan="绿水青山就是金山银山", source_path=None, tags=("标语",))
NOTICE = lesson(3, notice="明晚七点停电。", source_path=None, tags=("通知",))
IDENT = lesson(4, ident=True, source_path=None, tags=("通知",))
EVERY = {"film": FILM, "slogan": SLOGAN, "notice": NOTICE, "ident": IDENT}


def admitted(choice: LessonChoice) -> set[str]:
    return {name for name, one in EVERY.items() if admits(choice, one)}


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (Block(name="全部"), {"film"}),
        (Block(name="标语", slogans=True), {"slogan"}),
        (Block(name="通知", notices=True), {"notice"}),
        (Block(name="按标签", tags=("通知", "标语")), {"slogan", "notice", "ident"}),
        (Block(name="片头", idents=True), {"ident"}),
        (Block(name="标语和片头", slogans=True, idents=True), {"slogan", "ident"}),
        (Block(name="点名", lessons=(SLOGAN.id,)), {"slogan"}),
        (Block(name="系列", series=(SLOGAN.series,)), set()),
        (Filler(forms=()), {"film"}),
        (Filler(slogans=True), {"slogan"}),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_words_are_shown_only_where_they_are_asked_for(choice: LessonChoice, expected: set[str]) -> None:
    assert admitted(choice) == expected


def test_a_filler_of_slogans_takes_them_in_any_form_unless_one_is_named() -> None:
    assert Filler.model_validate({"slogans": True}).forms == ()
    assert Filler.model_validate({"slogans": True, "forms": ["MV"]}).forms == ("MV",)
    assert Filler.model_validate({"idents": True}).forms == ()
    assert Filler().forms == ("公益广告",)


def test_requests_and_premieres_depend_on_the_moment() -> None:
    now = Moment(date(2026, 11, 23), requested=frozenset({FILM.id}))
    asked, new = Block(name="点菜", requests=True), Block(name="首播", premiere=True)
    assert [admits(one, FILM, now) for one in (asked, new)] == [True, False]


def test_a_lesson_is_either_film_or_words() -> None:
    assert isinstance(SLOGAN, Lesson)
    assert not admits(Filler(slogans=True), FILM)
    assert not admits(Filler(notices=True), SLOGAN)


def test_what_films_leave_open_is_closed_with_slogans_and_no_rule_gives_way_for_it() -> None:
    films = [lesson(n) for n in range(8)]
    slogans = [lesson(20 + n, slogan=f"标语{n}", source_path=None, form="公益广告") for n in range(2)]
    made = {one.id: rendition(one, 300) for one in films} | {one.id: rendition(one, 15) for one in slogans}
    square = venue(windows="每天 19:00-19:21")
    plan = plan_week(square, programme(), Calendar(), made, [*films, *slogans], "2026-W48", CHINA)
    assert plan.gaps == ()
    for day in plan.days:
        assert Counter(slot.lesson in {one.id for one in slogans} for slot in day.slots) == {False: 4, True: 4}
    assert "板块播自己的内容" not in {one.rule for one in plan.relaxed}


def test_idents_close_what_neither_films_nor_slogans_can() -> None:
    films = [lesson(n) for n in range(8)]
    words, ident = lesson(20, slogan="标语", source_path=None), lesson(21, ident=True, source_path=None)
    short = {words.id: rendition(words, 15), ident.id: rendition(ident, 3)}
    for seconds, expected in ((285, {"": 4, "标语": 4}), (297, {"": 4, "片头": 4})):
        made = {one.id: rendition(one, seconds) for one in films} | short
        square = venue(windows="每天 19:00-19:20")
        plan = plan_week(square, programme(), Calendar(), made, [*films, words, ident], "2026-W48", CHINA)
        assert plan.gaps == ()
        assert [Counter(slot.note for slot in day.slots) for day in plan.days] == [expected] * 7


def test_what_is_made_without_a_video_is_no_premiere() -> None:
    films = [lesson(n) for n in range(4)]
    words = lesson(20, slogan="标语", source_path=None, tags=("标语",))
    made = {one.id: rendition(one, 300) for one in films} | {words.id: rendition(words, 300)}
    first = {"name": "首播", "minutes": 10, "premiere": True, "tags": ["标语"]}
    both = programme(block=(first, {"name": "全部"}))
    plan = plan_week(venue(windows="每天 19:00-19:20"), both, Calendar(), made, [*films, words], "2026-W48", CHINA)
    assert {slot.block for day in plan.days for slot in day.slots} == {"全部"}


def test_where_no_lesson_fits_a_block_it_takes_films_of_all_kinds_before_slogans() -> None:
    words = lesson(20, slogan="标语", source_path=None)
    nobody = programme(block=({"name": "无人", "tags": ["没有"]},))
    for there, expected in (((FILM, words), {FILM.id}), ((words,), {words.id})):
        shelf = LessonShelf.of({one.id: rendition(one, 30) for one in there}, there)
        pool = shelf.pool(nobody, Moment(date(2026, 11, 23)), frozenset())
        ((part,),) = lay_out((FreeStretch(0, 1200),), pool)
        assert {one.lesson for one in part.own} == expected


def test_shares_of_series_are_shares_of_films() -> None:
    films = [lesson(n) for n in range(4)]
    idents = [lesson(20 + n, ident=True, source_path=None) for n in range(4)]
    shelf = LessonShelf.of({one.id: rendition(one, 60) for one in (*films, *idents)}, [*films, *idents])
    strides = shelf.strides(Rules(share={films[0].series: 2}), date(2026, 11, 23))
    assert strides == {one.id: 10**9 // ((2 if one is films[0] else 1) * 10**7 // 60) for one in films}
