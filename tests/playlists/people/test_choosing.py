"""Lectures whose day and time are chosen together with their lecturers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import combinations, product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from courseware.errors import InputError
from courseware.lessons.workspace import Workspace, open_workspace
from playlists.almanac import clock
from playlists.checking.checker import check_schedules
from playlists.files.calendar import Calendar, Event, check_calendar, load_calendar
from playlists.files.chosen import OpenLecture
from playlists.files.lecturers import Lecturer, Travel, load_lectures
from playlists.files.venues import load_venues
from playlists.people.choosing import choose_times
from playlists.people.lectures import PastLectures, Session, Visit, clash
from playlists.people.roster import plan_roster
from playlists.people.staffing import staff_week
from playlists.people.times import evenings_of, sessions_at
from playlists.schedules.schedule import load_schedule
from playlists.weeks.making import county_to_plan, plan_county
from tests.playlists.clean_weeks import WEEK, ZONE, wish_little
from tests.playlists.factories import venue, write_workspace

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=ZONE)
DAYS = [date(2026, 11, 23) + timedelta(days=number) for number in range(7)]
OPEN = {"title": "农家夜话", "venues": "广场", "weekday": ["周二", "周三"], "between": "19:00-20:30", "minutes": 20}
TOWNS = ("江北镇", "双河镇")


def at(day: int, clock_time: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{day}T{clock_time}:00+08:00")


def times(number: int, starts: Sequence[datetime], town: str = "江北镇") -> tuple[Session, ...]:
    place = venue(id=f"square-{number:03}", town=town)
    return tuple(Session(place, start, start + timedelta(minutes=20)) for start in starts)


def people(*names: str, **more: object) -> tuple[Lecturer, ...]:
    return tuple(Lecturer.model_validate({"name": name, **more}) for name in names)


# --- the entry ---


def test_a_lecture_with_a_stretch_of_time_is_held_on_no_day_until_one_is_chosen() -> None:
    event = Event.model_validate(OPEN)
    assert event.weekday == "周二、周三"
    assert not any(event.falls_on(day) for day in DAYS)
    assert [day.day for day in DAYS if event.may_fall_on(day)] == [24, 25]
    held = event.held_at("square-01", date(2026, 11, 25), "19:35")
    assert [day.day for day in DAYS if held.falls_on(day)] == [25]
    assert (held.starts, held.venues, held.rarity) == (19 * 60 + 35, ("square-01",), 2)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"at": "19:00"}, "exactly one of at and between"),
        ({"between": ""}, "exactly one of at and between"),
        ({"minutes": 91}, "91 minutes do not fit"),
        ({"speaker": "李讲师"}, "leave out speaker"),
        ({"relayed": True}, "leave out speaker"),
        ({"between": "20:30-19:00"}, "20:30-19:00"),
    ],
)
def test_an_entry_that_cannot_be_meant_is_told(more: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Event.model_validate({**OPEN, **more})


def test_an_activity_has_its_time_and_two_open_lectures_of_a_venue_have_two_names() -> None:
    with pytest.raises(ValidationError, match="only lectures"):
        Calendar.model_validate({"activity": [OPEN]})
    twice = Calendar.model_validate({"lecture": [OPEN, {**OPEN, "venues": "square-01"}]})
    assert [one.where for one in check_calendar(twice, [venue(id="square-01")])] == ["calendar.toml: lecture.2"]
    apart = Calendar.model_validate({"lecture": [{**OPEN, "venues": "square-02"}, {**OPEN, "venues": "square-01"}]})
    assert check_calendar(apart, [venue(id="square-01"), venue(id="square-02")]) == ()


# --- the times that are looked at ---


def starts_for(event: Event, calendar: Calendar | None = None, now: datetime = NOW, **more: object) -> list[str]:
    place = venue(id="square-01", **{"town": "江北镇", "windows": "每天 18:00-20:10", **more})
    asked = OpenLecture(event, place, None)
    evenings = evenings_of(asked, calendar or Calendar(), DAYS, ZONE)
    (found,) = sessions_at([(asked, evenings)], (), Travel(), ZONE, now)
    return [f"{one.start:%d %H:%M}" for one in found]


def test_a_lecture_begins_when_its_venue_is_free_or_its_lecturer_can_have_come() -> None:
    # 20 minutes and a way of 15: 19:35; then 20:10, when the venue has closed.
    assert starts_for(Event.model_validate(OPEN)) == ["24 19:00", "24 19:35", "25 19:00", "25 19:35"]
    assert starts_for(Event.model_validate(OPEN), now=at(24, "19:01"))[0] == "24 19:35"


def test_after_a_lecture_elsewhere_whose_time_is_known_one_may_begin_when_its_lecturer_has_come() -> None:
    asked = OpenLecture(
        Event.model_validate(OPEN), venue(id="square-01", town="江北镇", windows="每天 18:00-20:10"), None
    )
    known = times(9, [at(24, "19:03")])
    (found,) = sessions_at([(asked, evenings_of(asked, Calendar(), DAYS, ZONE))], known, Travel(), ZONE, NOW)
    # It ends at 19:23; with a way of 15 minutes that is 19:38, and the next full five minutes are 19:40.
    assert [f"{one.start:%H:%M}" for one in found if one.start.day == 24] == ["19:00", "19:35", "19:40"]


def test_no_lecture_begins_in_quiet_time_or_under_something_else() -> None:
    quiet = {"from": "2026-11-24", "to": "2026-11-24"}
    play = {"title": "电影", "on": "2026-11-25", "at": "18:30", "minutes": 47}
    calendar = Calendar.model_validate({"closed": [quiet], "activity": [play]})
    # The film ends at 19:17: the next full five minutes are 19:20.
    assert starts_for(Event.model_validate(OPEN), calendar) == ["25 19:20"]


def test_an_evening_past_midnight_is_the_evening_of_the_lecture() -> None:
    event = Event.model_validate({**OPEN, "weekday": "周二", "between": "23:50-00:30"})
    assert starts_for(event, windows="每天 22:00-00:30") == ["24 23:50"]
    late = Event.model_validate({**OPEN, "weekday": "周二", "between": "00:05-00:30"})
    assert starts_for(late, windows="每天 22:00-00:30") == []


# --- the choice ---


def test_one_lecturer_gives_three_lectures_of_a_town_in_an_evening_and_two_towns_on_two() -> None:
    slots = [at(24, "19:00"), at(24, "19:35"), at(24, "20:10")]
    near = [times(number, slots) for number in range(3)]
    roster = plan_roster([], people("甲"), Travel(), choices=near)
    assert [(one.name, f"{one.session.start:%H:%M}") for one in roster.visits] == [
        ("甲", "19:00"),
        ("甲", "19:35"),
        ("甲", "20:10"),
    ]
    both = [at(day, "19:00") for day in (24, 25)]
    roster = plan_roster([], people("甲"), Travel(), choices=[times(1, both), times(2, both, "双河镇")])
    assert {one.session.start.day for one in roster.visits} == {24, 25}
    assert (roster.missing, roster.gap) == (0, 0)


def test_a_lecture_whose_time_is_known_is_met_by_those_whose_time_is_chosen() -> None:
    (fixed,) = times(1, [at(24, "19:00")], "双河镇")
    roster = plan_roster([fixed], people("甲"), Travel(), choices=[times(2, [at(24, "19:00"), at(25, "19:00")])])
    assert [(one.name, one.session.start.day) for one in roster.visits] == [("甲", 24), ("甲", 25)]


def test_two_lectures_of_a_venue_are_not_held_at_the_same_time_whoever_gives_them() -> None:
    slots = [at(24, "19:00"), at(24, "19:10"), at(24, "19:20")]
    roster = plan_roster([], people("甲", "乙"), Travel(), choices=[times(1, slots), times(1, slots)])
    assert [f"{one.session.start:%H:%M}" for one in roster.visits] == ["19:00", "19:20"]
    roster = plan_roster([], (), Travel(), choices=[times(1, slots), times(1, slots)])
    assert [f"{one.session.start:%H:%M}" for one in roster.visits] == ["19:00", "19:20"]


def test_it_says_how_many_lecturers_are_missing() -> None:
    one_evening = [times(number, [at(24, "19:00")]) for number in range(5)]
    assert plan_roster([], people("甲"), Travel(), choices=one_evening).missing == 4
    # Over an evening each of them gives three in a town.
    slots = [at(24, "19:00"), at(24, "19:35"), at(24, "20:10")]
    roster = plan_roster([], people("甲", max_per_week=1), Travel(), choices=[times(n, slots) for n in range(8)])
    assert (sum(not one.name for one in roster.visits), roster.missing) == (7, 3)


def test_a_lecture_that_stands_is_not_given_up_for_another() -> None:
    slots = [at(24, "19:00")]
    choices = [times(number, slots) for number in range(3)]
    for number in range(3):
        present = PastLectures(present={choices[number][0].key: ("甲", "讲新风")})
        roster = plan_roster([], people("甲"), Travel(), present, choices)
        assert [one.session.venue.id for one in roster.visits if one.name] == [f"square-{number:03}"]


def ways_to_hold(
    lectures: Sequence[tuple[Session, ...]], lecturers: Sequence[Lecturer]
) -> Iterator[list[tuple[Session, int]]]:
    """Every choice of a time and a lecturer, or nobody (-1), for each lecture, that can be."""
    for choice in product(*(product(one, range(-1, len(lecturers))) for one in lectures)):
        given = [(session, who) for session, who in choice if who >= 0]
        apart = not any(
            first[1] == second[1] and clash(first[0], second[0], Travel()) for first, second in combinations(given, 2)
        )
        loads = [sum(who == one for _, who in given) for one in range(len(lecturers))]
        if apart and all(load <= one.max_per_week for load, one in zip(loads, lecturers, strict=True)):
            yield given


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_no_other_choice_of_times_and_lecturers_serves_more_or_evens_loads_better(data: st.DataObject) -> None:
    starts = st.lists(st.sampled_from([0, 35, 70, 24 * 60]), min_size=1, max_size=2, unique=True).map(sorted)
    lectures = [
        times(
            n, [at(24, "19:00") + timedelta(minutes=m) for m in data.draw(starts)], data.draw(st.sampled_from(TOWNS))
        )
        for n in range(data.draw(st.integers(1, 4)))
    ]
    lecturers = people(*"甲乙"[: data.draw(st.integers(1, 2))], max_per_week=data.draw(st.integers(1, 3)))
    found = plan_roster([], lecturers, Travel(), choices=lectures).visits
    assert _worth([(one.session, one.name) for one in found if one.name]) == max(
        _worth(one) for one in ways_to_hold(lectures, lecturers)
    )
    assert all(
        not clash(one.session, other.session, Travel()) for one, other in combinations(found, 2) if _same(one, other)
    )


def _worth(given: Sequence[tuple[Session, object]]) -> tuple[int, int]:
    """How many lectures are given, and how evenly."""
    people_of = [who for _, who in given]
    return len(given), -sum(people_of.count(who) ** 2 for who in set(people_of))


def _same(one: Visit, other: Visit) -> bool:
    return one.name == other.name != ""


# --- in a workspace ---


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three squares of one town, a lecturer, and a lecture that each is to hear on Tuesday or Wednesday."""
    monkeypatch.setattr(clock, "now", lambda _workspace: NOW)
    write_workspace(tmp_path, (60, 120, 60, 180, 60, 120))
    wish_little(tmp_path)
    head, row = (tmp_path / "venues.csv").read_text(encoding="utf-8").splitlines()[:2]
    rows = [row.replace("square-01", f"square-{n:02}").replace("19:00-19:20", "19:00-20:30") for n in (1, 2, 3)]
    (tmp_path / "venues.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    entry = '[[lecture]]\ntitle = "农家夜话"\nvenues = "广场"\nweekday = ["周二", "周三"]\nbetween = "19:00-20:30"\n'
    (tmp_path / "calendar.toml").write_text(f"{entry}minutes = 20\n", encoding="utf-8")
    (tmp_path / "lecturers.csv").write_text("姓名,镇\n甲,江北镇\n", encoding="utf-8")
    return tmp_path


def plan(root: Path, venues: Sequence[str] = (), *, anew: bool = False) -> list[str]:
    """Plan the week; what is told."""
    workspace = open_workspace(root)
    found = county_to_plan(workspace)
    chosen = [one for one in found.venues if not venues or one.id in venues]
    planned = plan_county(workspace, found, chosen, WEEK, anew=anew)
    return [f"{one.where} {one.what}" for one in (*planned.problems, *planned.notes)]


def sheet(root: Path) -> Path:
    return root / "schedules" / WEEK / "lectures.csv"


def rows(root: Path) -> list[tuple[str, int, str, str]]:
    return [(one.venue, one.date.day, one.at, one.name) for one in load_lectures(sheet(root))[0]]


def planned(root: Path) -> list[tuple[str, int, str]]:
    weeks = (load_schedule(path) for path in sorted((root / "schedules" / WEEK).glob("*.json")))
    return [
        (week.venue, slot.start.day, f"{slot.start:%H:%M}")
        for week in weeks
        for day in week.days
        for slot in day.slots
        if slot.kind == "lecture"
    ]


def breaches(workspace: Workspace) -> list[str]:
    return [one.rule for one in check_schedules(workspace, [WEEK]).breaches if one.rule.startswith(("event", "two"))]


def test_the_week_is_planned_with_the_chosen_times_and_the_checker_agrees(county: Path) -> None:
    assert not [one for one in plan(county) if "lecture" in one]
    chosen = rows(county)
    assert [one[3] for one in chosen] == ["甲", "甲", "甲"]
    assert sorted(one[:3] for one in chosen) == planned(county)
    before = sheet(county).read_bytes()
    staffed = staff_week(open_workspace(county), WEEK)
    assert (staffed.unfilled, staffed.problems) == ((), ())
    assert sheet(county).read_bytes() == before
    assert breaches(open_workspace(county)) == []
    plan(county)
    assert sheet(county).read_bytes() == before


def test_times_are_chosen_for_all_venues_when_one_is_planned_and_none_is_lost_by_staffing(county: Path) -> None:
    plan(county, ["square-02"])
    chosen = rows(county)
    assert len(chosen) == 3
    staff_week(open_workspace(county), WEEK)
    assert sorted(rows(county)) == sorted(chosen)
    plan(county)
    assert sorted(one[:3] for one in chosen) == planned(county)


def test_a_time_that_a_person_writes_stays_and_the_week_is_planned_with_it(county: Path) -> None:
    plan(county)
    venue_id, day, clock_time, _ = rows(county)[0]
    said = sheet(county).read_text(encoding="utf-8-sig")
    moved = said.replace(f"{venue_id},2026-11-{day},{clock_time},甲", f"{venue_id},2026-11-27,19:42,甲")
    sheet(county).write_text(moved, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        staff_week(open_workspace(county), WEEK)
    assert "is not planned so" in str(refused.value)
    told = plan(county)
    assert (venue_id, 27, "19:42") in planned(county)
    assert [one for one in told if "outside the days and hours in calendar.toml" in one] != []
    staff_week(open_workspace(county), WEEK)
    assert (venue_id, 27, "19:42", "甲") in rows(county)
    # Without the row, or anew, a time is chosen again.
    plan(county, anew=True)
    assert {one[1] for one in rows(county)} <= {24, 25}


def test_a_time_that_cannot_be_kept_is_chosen_again_and_that_is_told(county: Path) -> None:
    plan(county)
    day = rows(county)[0][1]
    calendar = county / "calendar.toml"
    closed = f'\n[[closed]]\nvenues = ["*"]\nfrom = 2026-11-{day}\nto = 2026-11-{day}\nreason = "考试"\n'
    calendar.write_text(calendar.read_text(encoding="utf-8") + closed, encoding="utf-8")
    told = plan(county)
    assert [one for one in told if "closed then (考试); another time is chosen" in one] != []
    assert {one[1] for one in rows(county)} == {24, 25} - {day}
    assert breaches(open_workspace(county)) == []


def test_lectures_without_a_lecturer_have_a_time_and_the_number_missing_is_told(county: Path) -> None:
    (county / "lecturers.csv").write_text("姓名,镇,每周最多\n甲,江北镇,1\n", encoding="utf-8")
    told = plan(county)
    assert [one for one in told if "2 lectures have no lecturer; at least 1 more lecturers are needed" in one] != []
    assert sorted(one[3] for one in rows(county)) == ["", "", "甲"]
    assert len(planned(county)) == 3
    staffed = staff_week(open_workspace(county), WEEK)
    assert [one.where for one in staffed.unfilled][-1] == "lecturers.csv"
    assert len(staffed.unfilled) == 3
    assert sorted(one[3] for one in rows(county)) == ["", "", "甲"]


def test_who_speaks_at_a_time_that_the_calendar_names_gives_no_other_lecture_then(county: Path) -> None:
    calendar = county / "calendar.toml"
    head = '\n[[lecture]]\ntitle = "政策"\nspeaker = "甲"\nvenues = "square-03"\n'
    fixed = head + 'weekday = "周二"\nat = "19:00"\nminutes = 90\n'
    calendar.write_text(calendar.read_text(encoding="utf-8") + fixed, encoding="utf-8")
    plan(county)
    assert {one[1] for one in rows(county) if one[3] == "甲"} == {25}
    assert breaches(open_workspace(county)) == []


def test_a_lecture_for_which_no_time_is_left_is_told_with_its_entry(county: Path) -> None:
    path = county / "venues.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("19:00-20:30", "18:00-19:10", 1), encoding="utf-8")
    told = [one for one in plan(county) if "cannot be held at square-01" in one]
    assert [one.partition(" “")[0] for one in told] == ["calendar.toml: lecture.1"]
    assert len(rows(county)) == 2
    assert breaches(open_workspace(county)) == ["event-untimed"]


def test_the_choice_evens_loads_with_the_weeks_before_by_their_sheets(county: Path) -> None:
    (county / "lecturers.csv").write_text("姓名,镇\n甲,江北镇\n乙,江北镇\n", encoding="utf-8")
    before = county / "schedules" / "2026-W47" / "lectures.csv"
    before.parent.mkdir(parents=True)
    given = "".join(f"square-0{n},2026-11-1{n},19:00,甲,讲政策,别的\n" for n in (1, 2, 3))
    before.write_text(f"场所,日期,时间,宣讲员,宣讲内容,名称\n{given}", encoding="utf-8")
    workspace = open_workspace(county)
    calendar, venues = load_calendar(county / "calendar.toml"), load_venues(county / "venues.csv")[0]
    choose_times(workspace, calendar, venues, WEEK)
    assert [one[3] for one in rows(county)] == ["乙", "乙", "乙"]
