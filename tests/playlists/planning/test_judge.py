"""Which neighbours count as two of a series in a row."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from courseware.lessons.lesson import Lesson
from playlists.files.blocks import Moment
from playlists.files.calendar import Calendar
from playlists.files.programmes import Programme
from playlists.files.rules import Rules
from playlists.planning.judge import judge_of
from playlists.planning.planner import plan_week
from playlists.planning.shelf import LessonShelf
from playlists.planning.showings import PlannedShowing
from playlists.schedules.schedule import monday_of
from tests.playlists.factories import SERIES, lesson, programme, rendition, venue

CHINA = ZoneInfo("Asia/Shanghai")
WEEK = "2026-W48"
RULES = Rules(soft=("series_in_a_row",))
AD = "公益广告"


def judged(some: list[tuple[Lesson, str, str]], by: Programme) -> list[int]:
    """Places in a day of these lessons, each with its block and its reason, at which a series follows itself."""
    # Where a block asks for one series only, that may follow itself; so there is another one.
    lessons = [*(one for one, _, _ in some), film(99, SERIES[2])]
    shelf = LessonShelf.of({one.id: rendition(one, 60) for one in lessons}, lessons)
    pool = shelf.pool(by, Moment(monday_of(WEEK)), frozenset())
    known = {one.lesson: one for one in pool.candidates}
    day = [PlannedShowing(60 * place, known[one.id], block, why) for place, (one, block, why) in enumerate(some)]
    judge = judge_of(pool, {}, None, frozenset(), [block for _, block, _ in some])
    assert judge.cost(day) == len(judge.breaches(day))
    return [breach.place for breach in judge.breaches(day)]


def film(number: int, series: str = SERIES[0], form: str = "微视频") -> Lesson:
    return lesson(number, series=series, form=form)


def test_two_films_of_a_series_in_a_row_are_a_breach() -> None:
    by = programme(rules=RULES)
    assert judged([(film(1), "滚动播出", ""), (film(2), "滚动播出", ""), (film(3), "滚动播出", "")], by) == [1, 2]


@pytest.mark.parametrize("bare", [{"ident": True}, {"slogan": "节约用水"}, {"notice": "周五停电"}])
def test_what_is_made_without_a_video_is_no_lesson_of_its_series(bare: dict[str, object]) -> None:
    between = lesson(2, series=SERIES[0], source_path=None, **bare)
    by = programme(rules=RULES)
    day = [(film(1), "滚动播出", ""), (between, "滚动播出", ""), (film(3), "滚动播出", "")]
    assert judged(day, by) == []


def test_an_insert_is_no_lesson_of_its_series() -> None:
    by = programme(rules=RULES, insert_every=1, insert={"forms": [AD]})
    day = [(film(1), "滚动播出", ""), (film(2, form=AD), "滚动播出", "insert"), (film(3), "滚动播出", "")]
    assert judged(day, by) == []


def test_a_film_that_only_fills_a_block_is_no_lesson_of_its_series_there_but_is_one_where_it_is_asked_for() -> None:
    by = programme(rules=RULES, block=[{"name": "专题", "series": list(SERIES[1:3])}, {"name": "轮播"}])
    first, filler = film(1, SERIES[1]), film(2, SERIES[3], form=AD)
    other = film(3, SERIES[3])
    assert judged([(other, "轮播", ""), (filler, "专题", ""), (first, "专题", "")], by) == []
    assert judged([(other, "轮播", ""), (filler, "轮播", ""), (first, "专题", "")], by) == [1]


def test_a_week_with_an_ident_after_every_two_films_tells_no_series_in_a_row() -> None:
    films = [film(number, SERIES[number % 2]) for number in range(20)]
    idents = [lesson(90 + number, series=SERIES[number], source_path=None, ident=True) for number in range(2)]
    made = {one.id: rendition(one, 300) for one in films} | {one.id: rendition(one, 15) for one in idents}
    by = programme(rules=RULES, insert_every=2, insert={"idents": True})
    week = plan_week(venue(windows="每天 19:00-20:01"), by, Calendar(), made, [*films, *idents], WEEK, CHINA)
    whys = [[slot.why for slot in day.slots] for day in week.days]
    assert all("insert" in some for some in whys)
    assert week.relaxed == ()
