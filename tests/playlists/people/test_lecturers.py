from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import combinations, pairwise, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from playlists.files.calendar import Calendar, Event
from playlists.files.lecturers import (
    TOPICS,
    Lecturer,
    Travel,
    check_lecturers,
    keep_speakers,
    load_lecturers,
    load_travel,
    speaker_note,
    speakers_in,
)
from playlists.people import prices, roster
from playlists.people.lectures import (
    PastLectures,
    Session,
    Visit,
    clash,
    past_of,
    sessions_in,
    with_lecturers,
    without_lecturer,
)
from playlists.planning.planner import plan_week
from playlists.schedules.schedule import Slot
from tests.playlists.clean_weeks import ZONE, clean_week, make_facts
from tests.playlists.factories import programme, venue

EVENING = datetime(2026, 11, 25, 19, 0, tzinfo=ZONE)
TOWNS = ("江北镇", "双河镇", "汉阳镇")


def session(number: int, minutes: int = 0, town: str = "江北镇", **more: Any) -> Session:
    start = EVENING + timedelta(minutes=minutes)
    return Session(venue(id=f"square-{number:03}", town=town), start, start + timedelta(minutes=20), **more)


def people(*names: str, **more: object) -> tuple[Lecturer, ...]:
    return tuple(Lecturer.model_validate({"name": name, **more}) for name in names)


def plan_roster(
    sessions: Sequence[Session], lecturers: Sequence[Lecturer], travel: Travel, past: PastLectures | None = None
) -> tuple[Visit, ...]:
    return roster.plan_roster(sessions, lecturers, travel, past).visits


def names(visits: Sequence[Visit]) -> list[str]:
    return [visit.name for visit in visits]


# --- the files ---


def test_a_sheet_of_lecturers_is_read_in_chinese(tmp_path: Path) -> None:
    path = tmp_path / "lecturers.csv"
    path.write_text(
        "姓名,宣讲内容,镇,可讲日,请假,每周最多,意向场所,单位\n"
        "李建国,政策、讲法制,江北镇,周一至周五,2026-11-25、2026-12-01至2026-12-05,2,square-01 双河镇,农业局\n"
        "王芳,,,,,,,\n",
        encoding="utf-8",
    )
    (li, wang), problems = load_lecturers(path)
    assert problems == ()
    assert (li.topics, li.max_per_week, li.prefers) == (("讲政策", "讲法制"), 2, ("square-01", "双河镇"))
    assert [li.is_free(date(2026, 11, day)) for day in (23, 25, 28)] == [True, False, False]
    assert not li.is_free(date(2026, 12, 3))
    assert wang.topics == TOPICS
    assert wang.is_free(date(2026, 11, 29))


def test_every_mistake_in_the_sheet_is_told_and_hides_no_other_row(tmp_path: Path) -> None:
    path = tmp_path / "lecturers.csv"
    path.write_text(
        "姓名,宣讲内容,可讲日,请假,每周最多\n甲、乙,,,,\n丙,讲故事,,,\n丁,,周八,,\n戊,,,下周,\n己,,,,0\n庚,,,,\n庚,,,,\n辛,,,2026-12-05至2026-12-01,\n",
        encoding="utf-8",
    )
    found, problems = load_lecturers(path)
    assert [one.name for one in found] == ["庚"]
    assert [one.where for one in problems] == [
        "lecturers.csv:2, 姓名",
        "lecturers.csv:3, 宣讲内容",
        "lecturers.csv:4, 可讲日",
        "lecturers.csv:5, 请假",
        "lecturers.csv:6, 每周最多",
        "lecturers.csv:9, 请假",
        "lecturers.csv:8",
    ]


def test_no_files_are_no_lecturers_and_the_usual_ways(tmp_path: Path) -> None:
    assert load_lecturers(tmp_path / "lecturers.csv") == ((), ())
    travel, problems = load_travel(tmp_path / "travel.csv")
    assert problems == ()
    assert (travel.towns("江北镇", "江北镇"), travel.towns("江北镇", "双河镇"), travel.towns("", "")) == (15, 60, 60)


def test_ways_hold_in_both_directions(tmp_path: Path) -> None:
    path = tmp_path / "travel.csv"
    path.write_text("起点,终点,分钟\n江北镇,双河镇,40\n*,*,90\n江北镇,江北镇,5\n", encoding="utf-8")
    travel, problems = load_travel(path)
    assert problems == ()
    assert [travel.towns(*pair) for pair in (("双河镇", "江北镇"), ("双河镇", "汉阳镇"), ("江北镇", "江北镇"))] == [
        40,
        90,
        5,
    ]
    here = venue(town="江北镇")
    assert travel.between(here, here) == 0


def test_unknown_venues_and_towns_are_told() -> None:
    some = people("李建国", prefers=("squar-01", "江北镇"))
    problems = check_lecturers(some, Travel({("江北镇", "江北乡"): 5, ("*", "*"): 60}), [venue(town="江北镇")])
    assert [one.where for one in problems] == ["lecturers.csv: 李建国", "travel.csv"]


def test_a_note_names_its_speakers() -> None:
    def said(note: str, kind: str = "lecture") -> tuple[tuple[str, str], ...]:
        values = {"start": EVENING, "seconds": 60, "kind": kind, "title": "宣讲", "note": note}
        return speakers_in(Slot.model_validate(values))

    assert said("主讲：李老师；时间顺延") == (("李老师", ""),)
    assert said("主讲：李老师（讲技术）、王老师") == (("李老师", "讲技术"), ("王老师", ""))
    assert said("时间顺延") == said("") == said("主讲：李老师", "lesson") == ()
    note = speaker_note("主讲：王老师（讲政策）；时间顺延", "李老师", "讲技术")
    assert note == "主讲：李老师（讲技术）；时间顺延"
    assert said(note) == (("李老师", "讲技术"),)


def test_a_lecturer_has_one_name() -> None:
    with pytest.raises(ValidationError):
        Lecturer(name="李；王")


# --- who goes where ---


def test_lectures_at_one_time_get_different_lecturers() -> None:
    visits = plan_roster([session(n) for n in range(4)], people("甲", "乙", "丙", "丁"), Travel())
    assert sorted(names(visits)) == ["丁", "丙", "乙", "甲"]


def test_the_way_between_two_towns_is_kept_free() -> None:
    near, far = session(2, 40), session(3, 40, "双河镇")
    assert names(plan_roster([session(1), near], people("甲"), Travel())) == ["甲", "甲"]
    alone = plan_roster([session(1), far], people("甲"), Travel())
    assert sorted(names(alone)) == ["", "甲"]
    assert [one.where for one in without_lecturer(alone)] in (
        [["square-001 2026-11-25 19:00:00"], ["square-003 2026-11-25 19:40:00"]]
    )


def test_as_many_lectures_as_possible_are_given() -> None:
    """Greedily, 甲 would take the first lecture, which 乙 could give as well, and leave the second to nobody."""
    first, second = session(1), session(2)
    specialist = (*people("乙", topics=("讲政策",)), *people("甲"))
    visits = plan_roster([first, Session(second.venue, second.start, second.end, "讲技术")], specialist, Travel())
    assert names(visits) == ["乙", "甲"]


def test_nobody_lectures_on_a_day_off_or_too_often() -> None:
    week = [session(n, n * 24 * 60) for n in range(3)]
    assert names(plan_roster(week, people("甲", free="周三、周四"), Travel())) == ["甲", "甲", ""]
    assert sorted(names(plan_roster(week, people("甲", max_per_week=1), Travel()))) == ["", "", "甲"]


def test_whom_the_calendar_names_is_elsewhere_for_everybody_else() -> None:
    visits = plan_roster([session(1, name="甲"), session(2)], people("甲", "乙"), Travel())
    assert [(visit.session.venue.id, visit.name) for visit in visits] == [("square-002", "乙")]


def test_a_venue_hears_the_topic_it_has_not_heard_for_longest() -> None:
    past = PastLectures(topics={"square-001": ("讲经验", "讲政策", "讲技术", "讲新风")})
    (visit,) = plan_roster([session(1)], people("甲", "乙"), Travel(), past)
    assert visit.topic == "讲法治"
    days = plan_roster([session(1, n * 24 * 60) for n in range(5)], people("甲", "乙"), Travel(), past)
    assert sorted(visit.topic for visit in days) == sorted(TOPICS)
    assert days[0].topic == "讲法治"
    assert days[1].topic == "讲经验"


def test_a_topic_that_the_calendar_names_is_given_by_one_who_knows_it() -> None:
    some = (*people("甲", topics=("讲技术",)), *people("乙", topics=("讲政策",)))
    assert [visit[1:] for visit in plan_roster([session(1, topic="讲政策")], some, Travel())] == [("乙", "讲政策")]


def test_loads_are_even_over_the_weeks() -> None:
    week = [session(n, n * 24 * 60) for n in range(4)]
    assert sorted(names(plan_roster(week, people("甲", "乙"), Travel()))) == ["乙", "乙", "甲", "甲"]
    uneven = plan_roster(week, people("甲", "乙"), Travel(), PastLectures(loads={"甲": 2}))
    assert names(uneven).count("乙") == 3


def test_preferences_decide_among_equals_and_so_does_the_way() -> None:
    some = (*people("甲", prefers=("square-002",)), *people("乙"))
    assert names(plan_roster([session(1), session(2)], some, Travel())) == ["乙", "甲"]
    home = (*people("甲", town="双河镇"), *people("乙", town="江北镇"))
    both = [session(1, town="江北镇"), session(2, town="双河镇")]
    assert names(plan_roster(both, home, Travel())) == ["乙", "甲"]


def test_what_stands_is_kept_when_it_can_be() -> None:
    one = session(1)
    others = people("甲", "乙", "丙")
    for name in ("甲", "乙", "丙"):
        present = PastLectures(loads={name: 9}, present={one.key: (name, "讲新风")})
        assert plan_roster([one], others, Travel(), present)[0][1:] == (name, "讲新风")
    away = (*people("甲", free="周一"), *people("乙"))
    assert names(plan_roster([one], away, Travel(), PastLectures(present={one.key: ("甲", "讲新风")}))) == ["乙"]


def test_nobody_at_all_leaves_every_lecture_open() -> None:
    assert names(plan_roster([session(1)], (), Travel())) == [""]
    assert plan_roster([], people("甲"), Travel()) == ()


def test_the_order_of_the_lists_of_lectures_does_not_matter() -> None:
    week = [session(n, (n % 3) * 24 * 60, TOWNS[n % 3]) for n in range(9)]
    some = people("甲", "乙", "丙", "丁")
    assert plan_roster(week, some, Travel()) == plan_roster(week[::-1], some, Travel())


def cost(visits: Sequence[Visit], lecturers: Sequence[Lecturer], sessions: Sequence[Session]) -> int:
    """What a roster costs, counted by hand: topics out of turn, uneven loads, preferences, ways."""
    turns = dict(zip((one.key for one in sessions), prices.turns_of(sessions, PastLectures()), strict=True))
    total = 0
    for visit in visits:
        if visit.name:
            lecturer = next(one for one in lecturers if one.name == visit.name)
            total += prices._OUT_OF_TURN * turns[visit.session.key][visit.topic]
            total += 0 if lecturer.likes(visit.session.venue) else prices._UNLIKED
            total += Travel().towns(lecturer.town, visit.session.venue.town) // 15 if lecturer.town else 0
    return total + sum(prices._UNEVEN * names(visits).count(one.name) ** 2 for one in lecturers)


def every_roster(sessions: Sequence[Session], lecturers: Sequence[Lecturer]) -> Iterator[list[Visit]]:
    """All that is allowed."""
    choices = [
        [Visit(one, "", ""), *(Visit(one, who.name, topic) for who in lecturers for topic in who.topics)]
        for one in sessions
    ]
    for visits in product(*choices):
        own = [[visit.session for visit in visits if visit.name == who.name] for who in lecturers]
        apart = all(not clash(*pair, Travel()) for some in own for pair in pairwise(some))
        if apart and all(len(some) <= who.max_per_week for some, who in zip(own, lecturers, strict=True)):
            yield list(visits)


def missing(visits: Sequence[Visit]) -> int:
    """How many more people it takes to give what nobody gives, up to three lectures."""
    left = [visit.session for visit in visits if not visit.name]
    return min(
        len(set(who))
        for who in product(range(len(left)), repeat=len(left))
        if not any(
            who[one] == who[other] and clash(left[one], left[other], Travel())
            for one, other in combinations(range(len(left)), 2)
        )
    )


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_no_other_roster_is_better(data: st.DataObject) -> None:
    minutes = data.draw(st.lists(st.integers(0, 6).map(lambda n: n * 20), min_size=1, max_size=3))
    sessions = sorted(
        (session(n, at, data.draw(st.sampled_from(TOWNS))) for n, at in enumerate(minutes)),
        key=lambda one: (one.start, one.venue.id),
    )
    topics = st.lists(st.sampled_from(TOPICS), min_size=1, max_size=2, unique=True).map(tuple)
    lecturers = [
        Lecturer(
            name=f"讲师{n}",
            topics=data.draw(topics),
            town=data.draw(st.sampled_from(("", *TOWNS))),
            max_per_week=data.draw(st.integers(1, 3)),
            prefers=data.draw(st.sampled_from(((), ("square-000",), ("双河镇",)))),
        )
        for n in range(data.draw(st.integers(1, 3)))
    ]
    found = plan_roster(sessions, lecturers, Travel())
    best = min(
        (names(one).count(""), missing(one), cost(one, lecturers, sessions))
        for one in every_roster(sessions, lecturers)
    )
    assert (names(found).count(""), missing(found), cost(found, lecturers, sessions)) == best


# --- in the plan ---


def test_lecturers_are_written_into_the_plan_and_read_from_it() -> None:
    facts = make_facts(make_facts().calendar.model_copy(update={"lecture": (_lecture(),)}))
    squares = {one.id: one for one in (venue(town="江北镇"), venue(id="square-02", town="双河镇"))}
    weeks = [clean_week(facts, one) for one in squares.values()]
    sessions = sessions_in(weeks, squares)
    visits = plan_roster(sessions, people("甲", "乙"), Travel(), past_of([], weeks))
    done = [with_lecturers(one, visits) for one in weeks]
    said = [speakers_in(slot) for one in done for day in one.days for slot in day.slots if slot.kind == "lecture"]
    assert [one for some in said for one in some] == [(visit.name, visit.topic) for visit in visits]
    past = past_of(done, done)
    assert past.loads == {"甲": 1, "乙": 1}
    again = plan_roster(sessions_in(done, squares), people("甲", "乙", "丙"), Travel(), past_of([], done))
    assert again == visits


def _lecture() -> Event:
    return Event.model_validate({"title": "农家夜话", "venues": "*", "weekday": "周三", "at": "19:10", "minutes": 10})


def test_a_new_plan_keeps_the_lecturers_of_the_old_one() -> None:
    values = {"start": EVENING, "seconds": 600, "kind": "lecture", "title": "宣讲"}
    event = Slot.model_validate({**values, "note": "时间顺延"})
    old = Slot.model_validate({**values, "note": "主讲：甲（讲技术）"})
    assert [one.note for one in keep_speakers([event], [old])] == ["主讲：甲（讲技术）；时间顺延"]
    fixed = event.model_copy(update={"note": "主讲：李老师"})
    assert keep_speakers([fixed], [old]) == (fixed,)
    assert keep_speakers([event], [old.model_copy(update={"title": "别的"})]) == (event,)
    # Whom the calendar named, and names no more, is not kept.
    assert keep_speakers([event], [fixed]) == (event,)


def test_two_lectures_clash_by_a_second_and_no_less() -> None:
    first = session(1)
    second = replace(session(2), start=first.end + timedelta(minutes=15), end=first.end + timedelta(minutes=35))
    assert not clash(first, second, Travel())
    assert clash(first, replace(second, start=second.start - timedelta(seconds=1)), Travel())


def test_a_lecture_after_midnight_belongs_to_the_evening_of_its_lecturer() -> None:
    late = session(1, evening=date(2026, 11, 24))
    (wednesday, tuesday) = (people(name, free=name) for name in ("周三", "周二"))
    assert names(plan_roster([late], [*wednesday, *tuesday], Travel())) == ["周二"]


def test_a_lecture_that_is_relayed_needs_one_lecturer() -> None:
    relayed = [session(number, relay="农家夜话") for number in (1, 2, 3)]
    visits = plan_roster([*relayed, session(4)], people("甲", "乙"), Travel())
    assert len({(visit.name, visit.topic) for visit in visits[:3]}) == 1
    assert sorted({visit.name for visit in visits}) == ["乙", "甲"]
    # A lecture that the calendar gives to somebody takes one of that person's week, not one for each venue.
    given = [replace(one, name="甲") for one in relayed]
    later = session(4, minutes=120)
    assert names(plan_roster([*given, later], people("甲", max_per_week=2), Travel())) == ["甲"]


def test_what_is_relayed_says_so_in_the_plan_and_counts_once_among_what_was_given() -> None:
    event = _lecture().model_copy(update={"speaker": "甲", "relayed": True})
    squares = {one.id: one for one in (venue(), venue(id="square-02"))}
    weeks = [
        plan_week(one, programme(), Calendar(lecture=(event,)), {}, (), "2026-W48", ZONE) for one in squares.values()
    ]
    notes = [slot.note for week in weeks for day in week.days for slot in day.slots]
    assert notes == ["主讲：甲；同步转播"] * 2
    assert past_of(weeks).loads == {"甲": 1}
    assert [one.relay for one in sessions_in(weeks, squares)] == ["农家夜话"] * 2
