"""What a programme makes of a day: variants, clock times, inserts, repeats, cascades."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from courseware.errors import InputError
from playlists.files.blocks import Moment, admits
from playlists.files.calendar import Calendar
from playlists.files.programmes import Programme, load_programmes, programme_for
from playlists.files.requests import Request
from playlists.files.rules import SOFT_NAMES
from playlists.planning.layout import keep_for_best, lay_out
from playlists.planning.planner import Given, plan_week
from playlists.planning.shelf import LessonShelf
from playlists.planning.showings import FreeStretch, Interval
from playlists.schedules.history import Past
from playlists.schedules.schedule import Schedule, Slot
from tests.playlists.factories import SERIES, catalogue, lesson, programme, rendition, venue

CHINA = ZoneInfo("Asia/Shanghai")
LENGTHS = random.Random(5).choices(range(60, 400), k=60)
HEAD = '[[programme]]\nid = "p"\nkind = "广场"\n'


def plan(by: Programme, calendar: Calendar | None = None, given: Given | None = None, **at: Any) -> Schedule:
    lessons, renditions = catalogue(LENGTHS)
    return plan_week(venue(**at), by, calendar or Calendar(), renditions, lessons, "2026-W48", CHINA, 0, given)


def load(tmp_path: Path, content: str) -> tuple[Programme, ...]:
    (tmp_path / "programmes.toml").write_text(content, encoding="utf-8")
    return load_programmes(tmp_path / "programmes.toml")


def blocks(slots: tuple[Slot, ...]) -> list[str]:
    return list(dict.fromkeys(slot.block for slot in slots))


def test_a_variant_replaces_the_blocks_on_its_days() -> None:
    by = programme(
        block=[{"name": "平日"}],
        variant=[{"when": "周末", "block": [{"name": "周末影院"}]}, {"when": "集日", "block": [{"name": "集市"}]}],
    )
    made = plan(by, market_day="逢五")
    assert [blocks(day.slots) for day in made.days] == [
        ["平日"], ["平日"], ["集市"], ["平日"], ["平日"], ["周末影院"], ["周末影院"],
    ]  # fmt: skip
    assert len({day.programme for day in made.days}) == 3
    assert made.gaps == ()


def test_a_block_begins_at_its_clock_time_and_all_around_is_full() -> None:
    by = programme(block=[{"name": "先"}, {"name": "新闻", "at": "19:00", "minutes": 20, "series": [SERIES[1]]}])
    for day in plan(by).days:
        news = [slot for slot in day.slots if slot.block == "新闻"]
        assert f"{news[0].start:%H:%M:%S}" == "19:00:00"
        assert f"{news[-1].end:%H:%M:%S}" == "19:20:00"
        assert sum(slot.seconds for slot in day.slots) == 7200


def test_a_block_is_repeated_at_its_later_clock_times() -> None:
    block = [{"name": "要闻", "at": ["18:30", "20:00"], "minutes": 15, "replay": True}, {"name": "轮播"}]
    for day in plan(programme(block=block)).days:
        first = [slot.lesson for slot in day.slots if slot.block == "要闻" and slot.why != "replay"]
        again = [slot for slot in day.slots if slot.why == "replay"]
        assert [slot.lesson for slot in again] == first
        assert f"{again[0].start:%H:%M}" == "20:00"
        assert sum(slot.seconds for slot in day.slots) == 7200


def news_of(gap: int) -> Schedule:
    """A county with two lessons for the news and with fillers that alone would fill its quarter of an hour."""
    films = [lesson(n, form="微视频") for n in range(24)]
    fillers = [lesson(n, form="公益广告") for n in range(24, 28)]
    lengths = [*random.Random(3).choices(range(180, 600), k=24), 45, 60, 75, 15]
    some = [*films, *fillers]
    renditions = {one.id: rendition(one, seconds) for one, seconds in zip(some, lengths, strict=True)}
    news = {"name": "要闻", "at": ["19:00"], "minutes": 15, "lessons": ["lesson-002", "lesson-006"]}
    by = programme(block=[news, {"name": "轮播"}], repeat_gap_minutes=gap)
    return plan_week(venue(), by, Calendar(), renditions, some, "2026-W48", CHINA)


@pytest.mark.parametrize("gap", [0, 30])
def test_a_block_with_a_clock_time_shows_its_own_lessons_and_not_fillers_in_their_place(gap: int) -> None:
    for day in news_of(gap).days:
        news = [slot for slot in day.slots if slot.block == "要闻"]
        own = [slot.seconds for slot in news if slot.lesson in {"lesson-002", "lesson-006"}]
        fillers = [slot.seconds for slot in news if slot.form == "公益广告"]
        assert sum(own) >= 300
        assert sum(fillers) < 450
        assert sum(slot.seconds for slot in news) == 900


def test_a_block_that_shows_none_of_its_own_says_so() -> None:
    by = programme(
        block=[{"name": "长课", "at": ["19:00"], "minutes": 5, "lessons": ["lesson-000"]}, {"name": "轮播"}]
    )
    lessons, renditions = catalogue([299, 290, 270, 300, 150])
    made = plan_week(venue(), by, Calendar(), renditions, lessons, "2026-W48", CHINA)
    told = [one for one in made.relaxed if one.reason.code == "none_own"]
    assert [one.start.date() for one in told] == [day.date for day in made.days]
    assert {one.reason.values["block"] for one in told} == {"长课"}


def repeating(minutes: int) -> Programme:
    block = [{"name": "要闻", "at": ["18:45", "20:00"], "minutes": 15, "replay": True}, {"name": "轮播"}]
    return programme(block=block, rules={"separation_minutes": minutes})


def starts(made: Schedule) -> dict[str, list[datetime]]:
    found: dict[str, list[datetime]] = {}
    for day in made.days:
        for slot in day.slots:
            found.setdefault(slot.lesson, []).append(slot.start)
    return found


@pytest.mark.parametrize("minutes", [20, 60, 75])
def test_lessons_stay_apart_from_a_block_that_is_repeated(minutes: int) -> None:
    lessons, renditions = catalogue(LENGTHS[:30])
    given = None
    for left in (lessons, lessons[:12] + lessons[13:]):
        made = plan_week(venue(), repeating(minutes), Calendar(), renditions, left, "2026-W48", CHINA, 0, given)
        near = [pair for one in starts(made).values() for pair in pairwise(one)]
        assert all(other - one >= timedelta(minutes=minutes) for one, other in near)
        for day in made.days:
            first = [slot.lesson for slot in day.slots if slot.block == "要闻" and slot.why != "replay"]
            assert [slot.lesson for slot in day.slots if slot.why == "replay"] == first
        given = Given(before=made)


def test_a_block_is_not_repeated_where_its_lessons_would_come_too_soon() -> None:
    made = plan(repeating(76))
    assert "replay" not in {slot.why for day in made.days for slot in day.slots}
    told = [one for one in made.relaxed if one.rule == "板块重播"]
    assert [f"{one.start:%H:%M}" for one in told] == ["20:00"] * 7
    assert {one.reason.code for one in told} == {"replay_too_soon"}
    assert all(day.slots[-1].end == day.windows[0].end for day in made.days)


def test_a_showing_of_blocks_that_were_filled_as_one_belongs_to_the_block_of_its_time() -> None:
    lessons, renditions = catalogue([300, 310] * 6)
    by = programme(block=[{"name": "前半", "minutes": 60}, {"name": "后半"}])
    made = plan_week(venue(), by, Calendar(), renditions, lessons, "2026-W48", CHINA)
    for day in made.days:
        middle = day.windows[0].start + timedelta(minutes=60)
        assert {slot.block for slot in day.slots if slot.end <= middle} == {"前半"}
        assert {slot.block for slot in day.slots if slot.start >= middle} == {"后半"}


def test_what_only_one_of_such_blocks_admits_belongs_to_it_at_their_border_and_no_block_is_torn_apart() -> None:
    lessons, renditions = catalogue([300, 310, 310] * 4)
    by = programme(
        block=[{"name": "故事", "minutes": 60, "series": [SERIES[0]]}, {"name": "技术", "series": [SERIES[1]]}]
    )
    for day in plan_week(venue(), by, Calendar(), renditions, lessons, "2026-W48", CHINA).days:
        names = [slot.block for slot in day.slots]
        border = names.index("技术")
        assert set(names[:border]) == {"故事"}
        assert set(names[border:]) == {"技术"}
        assert (day.slots[border - 1].series, day.slots[border].series) != (SERIES[1], SERIES[0])


def test_after_every_three_showings_comes_an_insert() -> None:
    by = programme(insert_every=3, insert={"forms": [], "lessons": ["lesson-007", "lesson-011"]})
    for day in plan(by).days:
        assert sum(slot.seconds for slot in day.slots) == 7200
        whys = [slot.why for slot in day.slots]
        places = [number for number, why in enumerate(whys, 1) if why == "insert"]
        assert places == list(range(4, 4 * len(places) + 1, 4))
        assert len(places) >= len(whys) // 4 - 1
        assert {slot.lesson for slot in day.slots if slot.why == "insert"} <= {"lesson-007", "lesson-011"}
        assert not {"lesson-007", "lesson-011"} & {slot.lesson for slot in day.slots if slot.why != "insert"}


def test_fillers_are_tried_in_their_order() -> None:
    lessons = [
        lesson(0, form="微视频"),
        lesson(1, form="公益广告"),
        lesson(2, form="MV", tags=["标语"]),
    ]
    renditions = {one.id: rendition(one, seconds) for one, seconds in zip(lessons, (600, 45, 30), strict=True)}
    cascade = [{"forms": ["公益广告"]}, {"forms": [], "tags": ["标语"]}]
    by = programme(block=[{"name": "课", "forms": ["微视频"]}], filler=cascade)
    made = plan_week(venue(windows="19:00-19:10"), by, Calendar(), renditions, lessons, "2026-W48", CHINA)
    assert {slot.lesson for day in made.days for slot in day.slots} == {"lesson-000"}
    made = plan_week(venue(windows="19:00-19:12"), by, Calendar(), renditions, lessons, "2026-W48", CHINA)
    assert made.gaps == ()
    assert {"lesson-001", "lesson-002"} >= {slot.lesson for slot in made.days[0].slots} - {"lesson-000"}


def test_blocks_of_requests_and_premieres_show_only_those() -> None:
    past = Past(last={f"lesson-{n:03}": 1 for n in range(50)})
    asked = (Request(lesson="lesson-004", on=date(2026, 11, 22)),)
    by = programme(
        block=[
            {"name": "点播", "at": "18:30", "minutes": 8, "requests": True},
            {"name": "首播", "at": "19:30", "minutes": 10, "premiere": True},
            {"name": "轮播"},
        ]
    )
    monday = plan(by, given=Given(past=past, requests=asked)).days[0]
    assert "lesson-004" in {slot.lesson for slot in monday.slots if slot.block == "点播"}
    premieres = [slot.lesson for slot in monday.slots if slot.block == "首播" and slot.form != "公益广告"]
    assert premieres
    assert sum(slot.seconds for slot in monday.slots) == 7200


def test_a_farming_block_shows_what_suits_the_day() -> None:
    winter, summer = lesson(1, season=["小雪", "大雪"]), lesson(2, season=["芒种"])
    choice = programme(block=[{"name": "农时", "season": True}]).block[0]
    moment = Moment(date(2026, 11, 23))
    assert [admits(choice, one, moment) for one in (winter, summer, lesson(3))] == [True, False, False]


def test_lists_and_playlists_are_put_in_their_place(tmp_path: Path) -> None:
    (one,) = load(
        tmp_path,
        '[lists]\n"重点" = ["lesson-001", "lesson-002"]\n'
        '[[playlist]]\nid = "开场"\n[[playlist.block]]\nname = "国歌"\nminutes = 3\nlists = ["重点"]\n'
        + HEAD
        + '[[programme.block]]\nuse = "开场"\n[[programme.block]]\nname = "轮播"\n'
        '[[programme.variant]]\nwhen = "周末"\n[[programme.variant.block]]\nuse = "开场"\n',
    )
    assert [block.name for block in one.block] == ["国歌", "轮播"]
    assert one.block[0].lessons == ("lesson-001", "lesson-002")
    assert one.variant[0].block[0].name == "国歌"


def test_the_files_rules_hold_where_a_programme_has_none(tmp_path: Path) -> None:
    own = '[[programme]]\nid = "q"\nkind = "站点"\n[programme.rules]\nseparation_minutes = 10\n'
    first, second = load(tmp_path, "[rules]\nseparation_minutes = 45\n" + HEAD + own)
    assert [one.rules.separation_minutes for one in (first, second)] == [45, 10]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (HEAD + '[[programme.block]]\nuse = "没有"\n', "use"),
        (HEAD + '[[programme.block]]\nname = "a"\nlists = ["没有"]\n', "lists"),
        (HEAD + "[[programme.block]]\nminutes = 5\n", "needs a name"),
        (HEAD + '[[programme.block]]\nname = "a"\nat = "19:00"\n', "needs minutes"),
        (HEAD + '[[programme.block]]\nname = "a"\nat = "25:00"\nminutes = 5\n', "not a time of day"),
        (HEAD + '[[programme.variant]]\nwhen = "有空"\n', "variant.1.when"),
        ('[[playlist]]\nid = "a"\n[[playlist.block]]\nuse = "b"\n' + HEAD, "cannot use another"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_key(tmp_path: Path, content: str, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        load(tmp_path, content)


def test_a_venue_goes_before_its_group_and_the_group_before_the_kind() -> None:
    kind = programme(id="kind")
    group = programme(id="group", kind=[], groups=["江北片"])
    single = programme(id="single", kind=[], venues=["square-01"])
    at = venue(groups="江北片、示范")
    assert programme_for(at, (kind, group, single)) is single
    assert programme_for(at, (kind, group)) is group
    assert programme_for(venue(id="square-02"), (kind, group, single)) is kind


FILMS = random.Random(4).choices(range(240, 600), k=60)
BLOCKS = [{"name": "技术", "series": [SERIES[2]], "minutes": 30}, {"name": "轮播"}]
LONG_AGO = 1_790_000_000


def plan_new(new: int, soft: tuple[str, ...] = ("premieres", "fresh", "series_in_a_row")) -> Schedule:
    lessons, renditions = catalogue(FILMS)
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
    made = plan_new(12)
    firsts = first_showings(made, 12)
    assert len(firsts) == 12
    assert all(timely for _, timely in firsts)
    assert made.gaps == ()
    assert SOFT_NAMES["premieres"] not in {one.rule for one in made.relaxed}


def test_where_nobody_asks_for_it_new_lessons_come_at_any_hour() -> None:
    firsts = first_showings(plan_new(12, ("fresh",)), 12)
    assert not all(timely for _, timely in firsts)


def test_where_most_lessons_are_new_none_waits() -> None:
    with_rule, without = plan_new(50), plan_new(50, ("fresh", "series_in_a_row"))
    assert len(first_showings(with_rule, 50)) >= len(first_showings(without, 50)) - 2


def test_a_block_that_has_nothing_else_keeps_its_new_lessons() -> None:
    lessons, renditions = catalogue(FILMS)
    by = programme(block=BLOCKS)
    pool = LessonShelf.of(renditions, lessons).pool(by, Moment(date(2026, 11, 23)), frozenset())
    free = (FreeStretch(0, 7200),)
    parts = lay_out(free, pool)
    own = frozenset(one.lesson for one in parts[0][0].own)
    (kept,) = keep_for_best(free, parts, pool, own, Interval(3600, 7200), 0)
    assert kept[0].own == parts[0][0].own
    some = frozenset(sorted(own)[:3])
    (left,) = keep_for_best(free, parts, pool, some, Interval(3600, 7200), 0)
    assert {one.lesson for one in left[0].own} == own - some
    assert {one.lesson for one in left[1].own} >= some
