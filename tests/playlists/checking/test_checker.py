import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courseware.errors import InputError
from courseware.lessons.proofs import FOLDER_NAME, digest_of
from courseware.lessons.rendition import describe, load_renditions
from courseware.lessons.workspace import open_workspace
from courseware.unchanged import stamp
from playlists.checking import checker
from playlists.checking.checker import check_schedules, check_talks
from playlists.checking.facts import Facts
from playlists.checking.people import talks_in
from playlists.checking.rules import COUNTY_RULES, RULES
from playlists.checking.shown import instant, is_pinned, pinned_on
from playlists.files.calendar import Calendar, load_calendar
from playlists.files.edits import Edits, Never, Pin, Swap
from playlists.files.lecturers import Lecturer, Travel
from playlists.files.venues import load_venues
from playlists.schedules.schedule import Schedule, dump_schedule
from tests.playlists.clean_weeks import (
    WEEK,
    ZONE,
    clean_week,
    faults,
    make_facts,
    raw_week,
    told,
    turning,
    venue_week,
    wish_little,
)
from tests.playlists.factories import rendition, save_schedule, venue, write_workspace
from tests.test_architecture import imports_of

Raw = dict[str, Any]
# In the week that the tests look at, a lecture is held on Wednesday and an activity on Saturday.
TUESDAY, WEDNESDAY, SATURDAY = 1, 2, 5


@pytest.fixture(scope="module")
def facts() -> Facts:
    return make_facts()


@pytest.fixture
def raw(facts: Facts) -> Raw:
    return raw_week(facts)


def slot(raw: Raw, day: int, number: int) -> Raw:
    found: Raw = raw["days"][day]["slots"][number]
    return found


def place(one: Raw) -> str:
    return f"square-01 {one['start'][:10]} {one['start'][11:19]}"


def event(raw: Raw, day: int) -> Raw:
    return next(one for one in raw["days"][day]["slots"] if one["kind"] != "lesson")


def shifted(one: Raw, **by: int) -> str:
    return (datetime.fromisoformat(one["start"]) + timedelta(**by)).isoformat()


def test_a_clean_week_gives_no_alarm(facts: Facts, raw: Raw) -> None:
    assert {one["kind"] for day in raw["days"] for one in day["slots"]} == {"lesson", "lecture", "activity"}
    assert faults(raw, facts) == []


def test_a_missing_day_is_found_at_its_opening_time(facts: Facts, raw: Raw) -> None:
    del raw["days"][TUESDAY]
    assert told(faults(raw, facts)) == [("days-missing", "square-01 2026-11-24 18:30:00")]


def test_a_day_emptied_is_found_at_its_opening_time(facts: Facts, raw: Raw) -> None:
    raw["days"][TUESDAY]["slots"] = []
    raw["days"][TUESDAY]["windows"] = []
    found = told(faults(raw, facts))
    assert ("unfilled", "square-01 2026-11-24 18:30:00") in found
    assert {where for _, where in found} == {"square-01 2026-11-24 18:30:00"}


def test_a_missing_lesson_is_found_where_nothing_plays(facts: Facts, raw: Raw) -> None:
    gone = raw["days"][TUESDAY]["slots"].pop(7)
    assert told(faults(raw, facts)) == [("unfilled", place(gone))]


def test_a_gap_that_the_plan_explains_is_only_a_remark(facts: Facts, raw: Raw) -> None:
    gone = raw["days"][TUESDAY]["slots"].pop(7)
    raw["gaps"] = [{"start": gone["start"], "seconds": gone["seconds"], "reason": "凑不满"}]
    (found,) = faults(raw, facts)
    assert (found.rule, found.problem.where, found.hard) == ("unfilled", place(gone), False)


def test_a_gap_in_which_something_plays_is_remarked(facts: Facts, raw: Raw) -> None:
    one = slot(raw, TUESDAY, 7)
    raw["gaps"] = [{"start": one["start"], "seconds": 5, "reason": "凑不满"}]
    assert told(faults(raw, facts)) == [("gaps", place(one))]


def test_an_overlap_is_found_at_the_later_showing(facts: Facts, raw: Raw) -> None:
    one = slot(raw, TUESDAY, 7)
    one["start"] = shifted(one, seconds=-5)
    assert ("overlap", place(one)) in told(faults(raw, facts))


def test_a_short_showing_inside_a_long_one_is_an_overlap_and_so_is_the_one_after(facts: Facts, raw: Raw) -> None:
    events = event(raw, WEDNESDAY)
    inside = {**slot(raw, WEDNESDAY, 0), "start": shifted(events, seconds=60), "seconds": 60}
    raw["days"][WEDNESDAY]["slots"].append(inside)
    raw["days"][WEDNESDAY]["slots"].sort(key=lambda one: one["start"])
    assert ("overlap", place(inside)) in told(faults(raw, facts))


def test_showings_out_of_order_are_found(facts: Facts, raw: Raw) -> None:
    slots = raw["days"][TUESDAY]["slots"]
    slots[3], slots[4] = slots[4], slots[3]
    assert told(faults(raw, facts)) == [("order", place(slots[4]))]


def test_a_lesson_beyond_closing_time_is_found(facts: Facts, raw: Raw) -> None:
    last = slot(raw, TUESDAY, -1)
    late = {**last, "start": shifted(last, seconds=last["seconds"])}
    raw["days"][TUESDAY]["slots"].append(late)
    assert told(faults(raw, facts)) == [("closed", place(late))]


def test_a_lesson_that_crosses_closing_time_names_it(facts: Facts, raw: Raw) -> None:
    last = slot(raw, TUESDAY, -1)
    last["start"] = shifted(last, seconds=30)
    found = {one.rule: one for one in faults(raw, facts)}
    assert str(found["closed"].what) == "runs beyond the closing time 20:30:00"
    assert found["closed"].problem.where == place(last)


def test_a_lesson_on_a_day_that_the_calendar_closes_is_found() -> None:
    shut = Calendar.model_validate(
        {"closed": [{"from": date(2026, 11, 24), "to": date(2026, 11, 24), "reason": "高考"}]}
    )
    facts = make_facts(shut)
    found = faults(raw_week(make_facts(Calendar())), facts)
    assert {one.at.date() for one in found} == {date(2026, 11, 24)}
    assert str(found[-1].what) == "the venue is closed on this day: 高考"


def test_quiet_hours_are_kept() -> None:
    quiet = {"from": date(2026, 11, 24), "to": date(2026, 11, 24), "hours": "19:00-19:30"}
    shut = make_facts(Calendar.model_validate({"closed": [quiet]}))
    assert faults(raw_week(shut), shut) == []
    found = faults(raw_week(make_facts(Calendar())), shut)
    assert ("closed", "square-01 2026-11-24 19:00:00") in told(found)


def test_study_days_are_kept(facts: Facts) -> None:
    station = venue(id="station-01", kind="站点", windows="每天 14:00-15:00", study_day="逢六")
    week = raw_week(facts, station)
    assert [bool(day["slots"]) for day in week["days"]] == [False, False, False, True, False, True, False]
    assert faults(week, facts, station) == []
    moved = week["days"][3]["slots"][0]
    moved["start"] = moved["start"].replace("2026-11-26", "2026-11-25")
    week["days"][2]["slots"].append(week["days"][3]["slots"].pop(0))
    found = [one for one in faults(week, facts, station) if one.rule == "closed"]
    assert [(str(one.what), one.problem.where) for one in found] == [
        ("is not a study day of this venue (逢六)", "station-01 2026-11-25 14:00:00")
    ]


def test_windows_that_differ_from_the_sheet_are_found(facts: Facts, raw: Raw) -> None:
    raw["days"][TUESDAY]["windows"][0]["end"] = "2026-11-24T20:00:00+08:00"
    assert told(faults(raw, facts)) == [("windows", "square-01 2026-11-24 18:30:00")]


def test_a_day_of_another_week_is_found(facts: Facts, raw: Raw) -> None:
    raw["days"][0]["date"] = "2026-11-30"
    rules = {one.rule for one in faults(raw, facts)}
    assert {"days-missing", "days-wrong"} <= rules


def test_a_day_that_stands_twice_is_found(facts: Facts, raw: Raw) -> None:
    raw["days"].insert(1, raw["days"][0])
    assert ("days-wrong", "square-01 2026-11-23 00:00:00") in told(faults(raw, facts))


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"lesson": "lesson-999"}, "unknown"),
        ({"sha256": "0" * 64}, "file-changed"),
        ({"file": "renditions/station-tv/lesson-000.mp4"}, "canvas"),
        ({"file": "C:/Users/a.mp4"}, "canvas"),
        ({"seconds": 55}, "cut"),
        ({"title": "别的题目"}, "description"),
        ({"title": "题\u202e目"}, "unprintable"),
        ({"note": "李🌾老师"}, "unprintable"),
        ({"series": "别的系列"}, "description"),
        ({"seconds": 0}, "file"),
        ({"kind": "film"}, "file"),
        ({"colour": "red"}, "file"),
    ],
)
def test_a_wrong_showing_is_found_at_its_minute(facts: Facts, raw: Raw, changes: Raw, rule: str) -> None:
    one = slot(raw, TUESDAY, 7)
    one.update(changes)
    assert (rule, place(one)) in told(faults(raw, facts))


def test_a_showing_without_a_start_is_found_near_its_place(facts: Facts, raw: Raw) -> None:
    one = slot(raw, TUESDAY, 7)
    del one["start"]
    assert ("file", place(slot(raw, TUESDAY, 6))) in told(faults(raw, facts))


def change_lesson(facts: Facts, **changes: Any) -> Facts:
    lessons = dict(facts.lessons)
    lessons["lesson-001"] = lessons["lesson-001"].model_copy(update=changes)
    return Facts(ZONE, facts.calendar, lessons, facts.renditions)


def test_a_lesson_is_not_shown_before_or_after_it_is_valid(facts: Facts, raw: Raw) -> None:
    shown = [one for day in raw["days"][:3] for one in day["slots"] if one["lesson"] == "lesson-001"]
    until = change_lesson(facts, valid_until=date(2026, 11, 22))
    found = [one for one in faults(raw, until) if one.at.date() <= date(2026, 11, 25)]
    assert told(found) == [("expired", place(one)) for one in shown]
    from_day = change_lesson(facts, valid_from=date(2026, 11, 25))
    early = [one for one in shown if one["start"] < "2026-11-25"]
    assert told(faults(raw, from_day)) == [("expired", place(one)) for one in early]


def test_unreviewed_lessons_are_found_where_the_workspace_demands_a_review(raw: Raw) -> None:
    demanding = make_facts(reviewed=True)
    lessons = sum(one["kind"] == "lesson" for day in raw["days"] for one in day["slots"])
    assert [rule for rule, _ in told(faults(raw, demanding))] == ["unapproved"] * lessons


def test_a_lesson_without_a_rendition_is_found(facts: Facts, raw: Raw) -> None:
    made = {name: one for name, one in facts.renditions["led-512x320"].items() if name != "lesson-001"}
    without = Facts(ZONE, facts.calendar, facts.lessons, {"led-512x320": made})
    shown = [one for day in raw["days"] for one in day["slots"] if one["lesson"] == "lesson-001"]
    assert told(faults(raw, without)) == [("file-missing", place(one)) for one in shown]


def test_a_rendition_of_another_canvas_is_found(facts: Facts, raw: Raw) -> None:
    made = dict(facts.renditions["led-512x320"])
    made["lesson-001"] = made["lesson-001"].model_copy(update={"width": 1920, "height": 1080})
    wrong = Facts(ZONE, facts.calendar, facts.lessons, {"led-512x320": made})
    assert {rule for rule, _ in told(faults(raw, wrong))} == {"canvas"}


def test_a_lesson_forbidden_by_hand_is_found(raw: Raw) -> None:
    never = Never.model_validate({"lesson": "lesson-001", "venues": "square-01"})
    strict = make_facts(edits=Edits(never=(never,)))
    assert {rule for rule, _ in told(faults(raw, strict))} == {"forbidden"}


def test_the_separation_is_hard_and_the_repeat_gap_a_wish(facts: Facts, raw: Raw) -> None:
    wish = faults(raw, facts, by=turning(repeat_gap_minutes=30))
    assert {(one.rule, one.hard) for one in wish} == {("repeats", False)}
    hard = faults(raw, facts, by=turning(rules={"separation_minutes": 30}))
    assert {(one.rule, one.hard) for one in hard} == {("separation", True)}
    assert [one.at for one in wish] == [one.at for one in hard]


def test_a_wish_that_the_plan_calls_unmet_is_not_repeated(facts: Facts, raw: Raw) -> None:
    wish = faults(raw, facts, by=turning(repeat_gap_minutes=30))
    per_day = Counter(one.at.date() for one in wish)
    raw["relaxed"] = [
        {"rule": "重播间隔", "start": f"{day}T18:30:00+08:00", "reason": "课件少", "times": count}
        for day, count in per_day.items()
    ]
    assert faults(raw, facts, by=turning(repeat_gap_minutes=30)) == []
    raw["relaxed"][0]["times"] = 1
    assert {one.at.date() for one in faults(raw, facts, by=turning(repeat_gap_minutes=30))} == {min(per_day)}


def test_a_wish_that_nobody_has_is_not_looked_at(facts: Facts, raw: Raw) -> None:
    assert faults(raw, facts, by=turning(repeat_gap_minutes=30, rules={"soft": ["fresh"]})) == []


def test_a_block_shows_its_own_and_fillers(facts: Facts, raw: Raw) -> None:
    filler = {"lessons": ["lesson-000"], "forms": []}
    choice = {"name": "轮播", "lessons": ["lesson-001", "lesson-002", "lesson-003", "lesson-004"]}
    found = faults(raw, facts, by=turning(block=[choice], filler=filler))
    shown = [one for day in raw["days"] for one in day["slots"] if one["lesson"] == "lesson-005"]
    assert [(one.rule, one.hard, one.problem.where) for one in found] == [
        ("block", False, place(one)) for one in shown
    ]
    weekend = {"when": "周末", "block": [{"name": "轮播"}]}
    assert {
        one.at.isoweekday()
        for one in faults(raw, facts, by=turning(block=[choice], filler=filler, variant=[weekend]))
    } <= {1, 2, 3, 4, 5}


def test_a_block_begins_at_its_clock_time(facts: Facts, raw: Raw) -> None:
    at_time = turning(block=[{"name": "轮播"}, {"name": "新闻", "at": "18:31", "minutes": 10}])
    assert told(faults(raw, facts, by=at_time)) == []
    (raw["days"][0]["slots"][0]["seconds"], raw["days"][0]["slots"][1]["start"]) = (61, "2026-11-23T18:31:01+08:00")
    assert ("block-time", "square-01 2026-11-23 18:31:00") in told(faults(raw, facts, by=at_time))


def test_what_is_pinned_by_hand_is_shown_and_may_break_the_separation(raw: Raw) -> None:
    one, other = slot(raw, TUESDAY, 7), slot(raw, TUESDAY, 8)

    def pinned(lesson: str) -> Facts:
        at = datetime.fromisoformat(one["start"]).replace(tzinfo=None)
        return make_facts(edits=Edits(pin=(Pin(venue="square-01", at=at, lesson=lesson),)))

    assert faults(raw, pinned(one["lesson"])) == []
    assert told(faults(raw, pinned(other["lesson"]))) == [("pin", place(one))]
    raw["relaxed"] = [{"rule": "pin", "start": one["start"], "lesson": other["lesson"], "reason": "放不下"}]
    assert faults(raw, pinned(other["lesson"])) == []
    hard = turning(rules={"separation_minutes": 30})
    verdicts = {
        one.hard for one in faults(raw, pinned(one["lesson"]), by=hard) if one.at.date() == date(2026, 11, 24)
    }
    assert verdicts == {True, False}


def test_a_pin_refused_at_another_time_hides_no_pin_that_is_lost(raw: Raw) -> None:
    one, other = slot(raw, TUESDAY, 7), slot(raw, TUESDAY, 8)
    at = datetime.fromisoformat(one["start"]).replace(tzinfo=None)
    lost = make_facts(edits=Edits(pin=(Pin(venue="square-01", at=at, lesson=other["lesson"]),)))
    refused = {"rule": "pin", "lesson": other["lesson"], "reason": "不开放"}
    raw["relaxed"] = [{**refused, "start": "2026-11-24T03:00:00+08:00"}]
    assert told(faults(raw, lost)) == [("pin", place(one))]


def test_a_pin_after_midnight_belongs_to_the_evening_before() -> None:
    night = venue(windows="每天 23:00-01:00")
    at = datetime.fromisoformat("2026-11-30T00:30:00")
    facts = make_facts(Calendar(), edits=Edits(pin=(Pin(venue="square-01", at=at, lesson="lesson-009"),)))
    assert told(faults(raw_week(facts, night), facts, night)) == [("pin", "square-01 2026-11-30 00:30:00")]
    assert faults(raw_week(facts, night, "2026-W49"), facts, night, week="2026-W49") == []


def test_a_lesson_pinned_after_midnight_is_pinned_in_that_evening_and_not_in_the_next_one() -> None:
    night, at = venue(windows="每天 23:00-01:00"), datetime.fromisoformat("2026-11-26T00:30:00")
    facts = make_facts(Calendar(), edits=Edits(pin=(Pin(venue="square-01", at=at, lesson="lesson-009"),)))
    week = venue_week(raw_week(facts, night), facts, night)
    assert [day.date.day for day in week.wanted if pinned_on(day.date, week, facts)] == [25]
    (evening, *_), starts = week.sheet.days, (at, at.replace(hour=23))
    slots = [
        evening.slots[0].model_copy(update={"lesson": "lesson-009", "start": instant(one, facts)}) for one in starts
    ]
    assert [is_pinned(one, week, facts) for one in slots] == [True, False]


def test_a_swap_is_carried_out_or_told(raw: Raw) -> None:
    one, other = slot(raw, TUESDAY, 0), slot(raw, TUESDAY, 3)
    assert (one["seconds"], other["seconds"]) == (60, 180)
    sides = [{"at": datetime.fromisoformat(it["start"][:19]), "lesson": it["lesson"]} for it in (one, other)]
    swap = Swap.model_validate({"venue": "square-01", "first": sides[0], "second": sides[1]})
    swapped = make_facts(edits=Edits(swap=(swap,)))
    assert told(faults(raw, swapped)) == [("swap", place(one))]
    slots = raw["days"][TUESDAY]["slots"]
    begins = one["start"]
    slots[0], slots[3] = other, one
    for it in slots[:4]:
        it["start"] = begins
        begins = shifted(it, seconds=it["seconds"])
    assert faults(raw, swapped) == []


def test_a_lesson_called_an_activity_escapes_no_rule(facts: Facts, raw: Raw) -> None:
    one = slot(raw, TUESDAY, 7)
    one["kind"] = "activity"
    (found,) = [it for it in faults(raw, facts) if it.hard]
    assert (found.rule, found.problem.where) == ("event-file", place(one))


def test_a_training_that_nobody_booked_is_looked_for_in_its_own_sheet(facts: Facts, raw: Raw) -> None:
    event(raw, SATURDAY)["title"] = "培训：果树修剪"
    (said,) = [str(one.what) for one in faults(raw, facts) if one.rule == "event-unasked"]
    assert said == "“培训：果树修剪” is not in trainings.csv at this time; add it there"


def test_a_day_that_plays_is_not_called_closed(facts: Facts, raw: Raw) -> None:
    raw["days"][TUESDAY]["closed"] = "哀悼日"
    (found,) = faults(raw, facts)
    assert (found.rule, found.problem.where, found.hard) == ("closed-text", "square-01 2026-11-24 18:30:00", True)


def test_a_block_that_no_programme_has_is_remarked(facts: Facts, raw: Raw) -> None:
    slot(raw, TUESDAY, 7)["block"] = "没有的板块"
    (found,) = faults(raw, facts)
    assert (found.rule, found.problem.where, found.hard) == ("block-unknown", place(slot(raw, TUESDAY, 7)), False)


def test_the_separation_names_the_day_of_the_showing_before(facts: Facts, raw: Raw) -> None:
    hard = faults(raw, facts, by=turning(rules={"separation_minutes": 1440}))
    assert "was shown at 11-23 20:" in str(next(one for one in hard if one.at.date() == date(2026, 11, 24)).what)


def test_a_moved_lecture_is_found_at_its_time(facts: Facts, raw: Raw) -> None:
    lecture = event(raw, WEDNESDAY)
    was = place(lecture)
    lecture["start"] = shifted(lecture, minutes=5)
    found = [one for one in faults(raw, facts) if one.rule == "event-missing"]
    assert [(one.problem.where, str(one.what)) for one in found] == [(was, "“农家夜话” is moved to 11-25 19:10:00")]


@pytest.mark.parametrize(("day", "name"), [(WEDNESDAY, "lecture “农家夜话”"), (SATURDAY, "activity “露天电影”")])
def test_a_missing_event_is_found_at_its_time(facts: Facts, raw: Raw, day: int, name: str) -> None:
    gone = event(raw, day)
    raw["days"][day]["slots"].remove(gone)
    found = [one for one in faults(raw, facts) if one.rule == "event-missing"]
    assert [(one.problem.where, str(one.what)) for one in found] == [(place(gone), f"the {name} is missing")]


def test_a_shortened_event_is_found(facts: Facts, raw: Raw) -> None:
    one = event(raw, SATURDAY)
    one["seconds"] -= 600
    assert ("event-missing", place(one)) in told(faults(raw, facts))


def test_events_that_collide_are_expected_one_after_the_other() -> None:
    both = {"venues": "*", "at": "19:00", "minutes": 20}
    calendar = Calendar.model_validate(
        {
            "lecture": [{"title": "宣讲", "weekday": "周三", **both}],
            "activity": [{"title": "晚会", "date": date(2026, 11, 25), **both}],
        }
    )
    facts = make_facts(calendar)
    week = raw_week(facts)
    assert [one["start"][11:16] for one in week["days"][WEDNESDAY]["slots"] if one["kind"] != "lesson"] == [
        "19:00",
        "19:20",
    ]
    assert faults(week, facts) == []


def test_an_event_of_which_the_calendar_knows_nothing_is_remarked(facts: Facts, raw: Raw) -> None:
    one = slot(raw, TUESDAY, 7)
    one.update(kind="activity", title="临时", lesson="", series="", form="", file="", sha256="")
    assert [(one.rule, one.hard) for one in faults(raw, facts)] == [("event-unasked", False)]


def test_the_speaker_of_the_calendar_speaks(facts: Facts, raw: Raw) -> None:
    lecture = event(raw, WEDNESDAY)
    lecture["note"] = "主讲：王老师"
    assert told(faults(raw, facts)) == [("speaker", place(lecture))]


def test_a_lecturer_speaks_on_free_days_about_own_topics(raw: Raw) -> None:
    lecture = event(raw, WEDNESDAY)
    lecture["note"] = "主讲：李老师（讲技术）"
    listed = {"李老师": Lecturer(name="李老师", topics=("讲政策",), free="周一")}
    found = faults(raw, make_facts(lecturers=listed))
    assert told(found) == [("lecturer-unfit", place(lecture))] * 2


@pytest.mark.parametrize(
    ("town", "minutes", "what"),
    [
        ("江北镇", 0, "李老师 is at 文化广场 then"),
        ("双河镇", 30, "李老师 comes from 文化广场 and has 20 minutes for a way of 60"),
        ("江北镇", 20, "李老师 comes from 文化广场 and has 10 minutes for a way of 15"),
        ("江北镇", 25, ""),
        ("双河镇", 70, ""),
    ],
)
def test_a_lecturer_is_in_one_place_at_a_time(facts: Facts, town: str, minutes: int, what: str) -> None:
    listed = make_facts(lecturers={"李老师": Lecturer(name="李老师")}, travel=Travel({("双河镇", "江北镇"): 60}))
    first, second = venue(town="江北镇"), venue(id="square-02", name="新街广场", town=town)
    later = raw_week(facts, second)
    lecture = event(later, WEDNESDAY)
    lecture["start"] = shifted(lecture, minutes=minutes)
    weeks = [venue_week(raw_week(facts, first), listed, first), venue_week(later, listed, second)]
    found = check_talks([talk for week in weeks for talk in talks_in(week.venue, week.sheet, listed)], listed)
    assert [(str(one.what), one.venue, one.at) for one in found] == (
        [(what, "square-02", datetime.fromisoformat(lecture["start"]))] if what else []
    )


def test_nobody_gives_more_lectures_than_the_list_allows(facts: Facts) -> None:
    listed = make_facts(lecturers={"李老师": Lecturer(name="李老师", max_per_week=1)})
    weeks = [venue_week(raw_week(facts, one), listed, one) for one in (venue(), venue(id="square-02"))]
    talks = [talk for week in weeks for talk in talks_in(week.venue, week.sheet, listed)]
    assert "too-many" in {one.rule for one in check_talks(talks, listed)}


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff\xfe", b"[" * 100_000])
def test_a_file_that_is_no_schedule_is_said_once_and_its_days_are_missing(facts: Facts, content: bytes) -> None:
    found = faults(content, facts)
    assert [one.rule for one in found] == ["file", *["days-missing"] * 7]


def test_the_file_says_what_it_is_for(facts: Facts, raw: Raw) -> None:
    raw.update(venue="square-02", week="2026-W49", venue_name="别的广场")
    found = faults(raw, facts)
    assert [(one.rule, one.hard) for one in found] == [("header", True), ("header", True), ("header", False)]


def mutations() -> dict[str, Callable[[Raw, Raw], str]]:
    """What a slip of the hand does to one showing; returns the rule that must see it."""

    def edit(rule: str, **changes: Any) -> Callable[[Raw, Raw], str]:
        def apply(_raw: Raw, one: Raw) -> str:
            one.update(changes)
            return rule

        return apply

    def drop(raw: Raw, one: Raw) -> str:
        for day in raw["days"]:
            day["slots"] = [other for other in day["slots"] if other is not one]
        return "event-missing" if one["kind"] != "lesson" else "unfilled"

    def lengthen(_raw: Raw, one: Raw) -> str:
        one["seconds"] += 7
        return "event-missing" if one["kind"] != "lesson" else "cut"

    return {"drop": drop, "lengthen": lengthen, "nothing": edit("file", kind="")}


@settings(max_examples=40, deadline=None)
@given(data=st.data(), name=st.sampled_from(sorted(mutations())))
def test_every_slip_of_the_hand_is_found_at_its_minute(data: st.DataObject, name: str) -> None:
    facts = make_facts()
    raw = raw_week(facts)
    every = [one for day in raw["days"] for one in day["slots"]]
    one = data.draw(st.sampled_from(every))
    where = place(one)
    assert (mutations()[name](raw, one), where) in told(faults(raw, facts))


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(
        ["0001-01-01", "9999-12-31", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "2026-11-24"]
    ),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["start", "date", "x"]), inner),
    max_leaves=4,
)


def places_in(value: object) -> list[tuple[Any, Any]]:
    """Every (container, key) in a piece of JSON."""
    pairs = list(value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ())
    return [(value, key) for key, _ in pairs] + [one for _, inner in pairs for one in places_in(inner)]


@settings(max_examples=150, deadline=None)
@given(data=st.data(), value=JSON)
def test_nothing_that_stands_in_a_file_stops_the_check(data: st.DataObject, value: object) -> None:
    facts = make_facts(lengths=(300, 300, 300))
    raw = raw_week(facts)
    container, key = data.draw(st.sampled_from(places_in(raw)))
    before, container[key] = container[key], value
    found = faults(raw, facts, by=turning(repeat_gap_minutes=5, rules={"separation_minutes": 1}))
    named = key in ("start", "seconds", "kind", "title", "lesson", "sha256", "file", "series", "form", "date", "week")
    assert found or value == before or not named


@settings(max_examples=25, deadline=None)
@given(
    week=st.dates(date(2024, 1, 1), date(2032, 12, 31)).map(lambda day: f"{day:%G}-W{day:%V}"),
    windows=st.sampled_from(["每天 18:30-20:30", "周一至周五 22:00-01:00; 周六 09:00-11:00", "周日 23:00-02:00"]),
    study=st.sampled_from(["", "逢六", "每月5日", "第二个周六", "农历逢三六九"]),
)
def test_clean_weeks_give_no_alarm_whatever_the_windows(week: str, windows: str, study: str) -> None:
    station = venue(kind="站点", windows=windows, study_day=study)
    facts = make_facts()
    found = faults(raw_week(facts, station, week), facts, station, week=week)
    # A film evening is held whatever the screen's hours; that it lies outside of them is only remarked.
    assert [one for one in found if one.hard or one.what.values.get("title") != "露天电影"] == []


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
@pytest.mark.parametrize("week", ["2024-W09", "2026-W10", "2026-W13", "2026-W43", "2026-W53"])
def test_clocks_that_change_and_years_that_end_give_no_alarm(zone: str, week: str) -> None:
    of = venue(windows="周六、周日 01:00-04:00, 18:30-19:30")
    night = venue(windows="周六、周日 23:00-04:00")
    facts = replace(make_facts(Calendar()), zone=ZoneInfo(zone))
    for one in (of, night):
        assert faults(raw_week(facts, one, week), facts, one, week=week) == []


def test_every_rule_has_a_name_of_its_own() -> None:
    assert not RULES.keys() & COUNTY_RULES.keys()
    assert len(set(RULES.values())) == len(RULES)


# --- whole workspaces ---


@pytest.fixture
def county(tmp_path: Path) -> Path:
    write_workspace(tmp_path, (60, 120, 60, 180, 60, 120))
    wish_little(tmp_path)
    facts = make_facts(Calendar())
    workspace = open_workspace(tmp_path)
    report = (tmp_path / "calendar.toml").read_text(encoding="utf-8")
    (tmp_path / "calendar.toml").write_text(report.replace('at = "19:05"', 'at = "19:10"'), encoding="utf-8")
    made = {"led-512x320": load_renditions(workspace.renditions_dir, "led-512x320")}
    facts = Facts(ZONE, load_calendar(tmp_path / "calendar.toml"), facts.lessons, made)
    for one in load_venues(tmp_path / "venues.csv")[0]:
        save_schedule(clean_week(facts, one), workspace.schedules_dir)
    return tmp_path


def test_a_clean_county_breaks_no_rule(county: Path) -> None:
    report = check_schedules(open_workspace(county), [WEEK])
    assert (report.breaches, report.problems) == ((), ())
    assert (report.venues, report.days) == (2, 7)
    assert report.broken == ()
    verdicts = {one.obligation.name: one.verdict for one in report.findings if one.venue == "square-01"}
    assert verdicts == {"日有播放": "pass", "周有宣讲": "pass", "月有活动": "unknown"}


def test_a_week_that_is_not_planned_is_found_for_each_venue(county: Path) -> None:
    report = check_schedules(open_workspace(county), [WEEK, "2026-W49"])
    assert [one.render(str) for one in report.broken if "not planned" in one.render(str)] == [
        "square-01 2026-11-30 19:00:00: the week 2026-W49 is not planned",
        "station-01 2026-12-03 14:30:00: the week 2026-W49 is not planned",
    ]


def test_a_schedule_of_no_venue_is_found(county: Path) -> None:
    path = county / "schedules" / WEEK / "square-01.json"
    path.with_name("square-1.json").write_bytes(path.read_bytes())
    report = check_schedules(open_workspace(county), [WEEK])
    (found,) = report.breaches
    assert found.rule == "stranger"
    assert "schedules/2026-W48/square-1.json" in str(found.what)
    assert "square-01" in str(found.what)
    assert check_schedules(open_workspace(county), [WEEK], ["square-01"]).breaches == ()


def test_a_damaged_video_is_found_by_its_time_and_one_that_lost_a_bit_when_the_bytes_are_read(county: Path) -> None:
    path = county / "renditions" / "led-512x320" / "lesson-001.mp4"
    made = digest_of(path)
    path.write_bytes(b"X" + path.read_bytes()[1:])
    workspace = open_workspace(county)
    assert {one.rule for one in check_schedules(workspace, [WEEK]).breaches} == {"file-missing"}
    record = path.parent / FOLDER_NAME / path.name
    record.parent.mkdir(exist_ok=True)
    record.write_text(f"{stamp(path.stat())} {made}")  # as if no time had changed
    assert check_schedules(workspace, [WEEK]).breaches == ()
    assert {one.rule for one in check_schedules(workspace, [WEEK], deep=True).breaches} == {"file-changed"}


def test_a_video_that_was_made_anew_is_found(county: Path) -> None:
    facts = make_facts()
    anew = rendition(facts.lessons["lesson-001"], 120, content=b"anew")
    (county / "renditions" / "led-512x320" / "lesson-001.mp4").write_bytes(b"anew")
    describe(anew, county / "renditions" / "led-512x320")
    assert {one.rule for one in check_schedules(open_workspace(county), [WEEK]).breaches} == {"file-changed"}


def test_a_lesson_that_cannot_be_read_is_said_to_be_so(county: Path) -> None:
    (county / "courseware" / "lesson-001" / "lesson.toml").write_text("title =", encoding="utf-8")
    report = check_schedules(open_workspace(county), [WEEK], ["square-01"])
    assert {str(one.what) for one in report.breaches} == {"lesson lesson-001 cannot be read; see “yuanjiao check”"}
    assert report.problems


def test_a_lesson_shown_on_sunday_counts_on_monday(county: Path) -> None:
    (county / "programmes.toml").write_text(
        '[rules]\nseparation_minutes = 1440\n[[programme]]\nid = "all"\nkind = ["广场", "站点"]\n', encoding="utf-8"
    )
    workspace = open_workspace(county)
    first = Schedule.model_validate_json((county / "schedules" / WEEK / "square-01.json").read_bytes())
    later = json.loads(dump_schedule(first).replace("2026-W48", "2026-W49"))
    for number, day in enumerate(later["days"]):
        shift = timedelta(days=7)
        day["date"] = f"2026-{date(2026, 11, 30) + timedelta(days=number):%m-%d}"
        for one in (*day["windows"], *day["slots"]):
            for key in ("start", "end"):
                if key in one:
                    one[key] = (datetime.fromisoformat(one[key]) + shift).isoformat()
    save_schedule(Schedule.model_validate(later), workspace.schedules_dir)
    report = check_schedules(workspace, ["2026-W49"], ["square-01"])
    monday = [one for one in report.breaches if one.rule == "separation" and one.at.date() == date(2026, 11, 30)]
    assert monday[0].at.strftime("%H:%M:%S") == "19:00:00"


def test_a_week_or_venue_that_does_not_exist_is_refused(county: Path) -> None:
    with pytest.raises(InputError):
        check_schedules(open_workspace(county), ["2026-48"])
    with pytest.raises(InputError):
        check_schedules(open_workspace(county), [WEEK], ["squar-01"])


def test_a_week_without_an_open_day_in_the_month_need_not_be_planned(county: Path) -> None:
    report = check_schedules(open_workspace(county), ["2026-W44"], days=[date(2026, 11, 1)])
    assert [one.problem.where for one in report.breaches] == ["square-01 2026-11-01 19:00:00"]


def test_the_checker_asks_the_planner_nothing() -> None:
    """What it may import is named here, so that a shared mistake cannot hide in shared code."""
    allowed = {
        *(f"playlists.almanac.{name}" for name in ("days", "farming", "occasions")),
        *(f"playlists.files.{name}" for name in ("calendar", "centres", "chosen", "edits", "lecturers", "naming")),
        *(f"playlists.files.{name}" for name in ("blocks", "programmes", "requests", "rules", "scope", "venues")),
        *("playlists.opening.usual", "playlists.duties.keeping", "playlists.duties.kinds", "playlists.county.county"),
        "playlists.duties.obligations",
        *(f"playlists.schedules.{name}" for name in ("crowding", "history", "schedule", "words")),
    }
    files = [
        path for path in Path(checker.__file__).parent.glob("*.py") if path.stem not in ("commands", "reporting")
    ]
    for path in files:
        names = {name for name in imports_of(path) if name.startswith("playlists.")}
        modules = {".".join(name.split(".")[:3]) for name in names if name.count(".") > 1}
        assert {name for name in modules if not name.startswith("playlists.checking.")} <= allowed, path.name
    assert len(files) > 8
