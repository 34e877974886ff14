"""First showings wait for the best hours, where that is not for long."""

from __future__ import annotations

import random
from datetime import date
from zoneinfo import ZoneInfo

from playlists.files.blocks import Moment
from playlists.files.calendar import Calendar
from playlists.files.rules import SOFT_NAMES
from playlists.planning.layout import Stretch, lay_out
from playlists.planning.planner import Given, plan_week
from playlists.planning.premieres import keep_for_best
from playlists.planning.shelf import Shelf
from playlists.schedules.history import Past
from playlists.schedules.schedule import Schedule
from tests.playlists.factories import SERIES, catalogue, programme, venue

CHINA = ZoneInfo("Asia/Shanghai")
LENGTHS = random.Random(4).choices(range(240, 600), k=60)  # noqa: S311
BLOCKS = [{"name": "技术", "series": [SERIES[2]], "minutes": 30}, {"name": "轮播"}]
LONG_AGO = 1_790_000_000


def plan(new: int, soft: tuple[str, ...] = ("premieres", "fresh", "series_in_a_row")) -> Schedule:
    lessons, renditions = catalogue(LENGTHS)
    past = Past(last={one.id: LONG_AGO for one in lessons[new:]})
    by = programme(block=BLOCKS, rules={"best_hours": "19:30-20:30", "soft": soft})
    return plan_week(venue(), by, Calendar(), renditions, lessons, "2026-W48", CHINA, 0, Given(past=past))


def first_showings(made: Schedule, new: int) -> list[tuple[str, bool]]:
    """Lesson and whether its first showing lies in the best hours."""
    found: dict[str, bool] = {}
    for slot in (slot for day in made.days for slot in day.slots):
        if int(slot.lesson[-3:]) < new:
            found.setdefault(slot.lesson, slot.start.hour * 60 + slot.start.minute >= 19 * 60 + 30)
    return list(found.items())


def test_new_lessons_are_first_shown_in_the_best_hours_and_none_is_forgotten() -> None:
    made = plan(12)
    firsts = first_showings(made, 12)
    assert len(firsts) == 12
    assert all(timely for _, timely in firsts)
    assert made.gaps == ()
    assert SOFT_NAMES["premieres"] not in {one.rule for one in made.relaxed}


def test_where_nobody_asks_for_it_new_lessons_come_at_any_hour() -> None:
    firsts = first_showings(plan(12, ("fresh",)), 12)
    assert not all(timely for _, timely in firsts)


def test_where_most_lessons_are_new_none_waits() -> None:
    with_rule, without = plan(50), plan(50, ("fresh", "series_in_a_row"))
    assert len(first_showings(with_rule, 50)) >= len(first_showings(without, 50)) - 2


def test_a_block_that_has_nothing_else_keeps_its_new_lessons() -> None:
    lessons, renditions = catalogue(LENGTHS)
    by = programme(block=BLOCKS)
    pool = Shelf.of(renditions, lessons).pool(by, Moment(date(2026, 11, 23)), frozenset())
    free = (Stretch(0, 7200),)
    parts = lay_out(free, pool)
    own = frozenset(one.lesson for one in parts[0][0].own)
    (kept,) = keep_for_best(free, parts, pool, own, (3600, 7200), 0)
    assert kept[0].own == parts[0][0].own
    some = frozenset(sorted(own)[:3])
    (left,) = keep_for_best(free, parts, pool, some, (3600, 7200), 0)
    assert {one.lesson for one in left[0].own} == own - some
    assert {one.lesson for one in left[1].own} >= some
