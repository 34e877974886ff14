"""Wishes are remarked where the plan does not tell of them, and only there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from playlists.checking.checker import Breach, check_week
from playlists.checking.facts import Facts
from playlists.files.calendar import Calendar
from playlists.files.programmes import Programme
from playlists.files.requests import Request
from playlists.schedules.history import Past
from tests.playlists.clean_weeks import BLOCK, make_facts, raw_week, turning, venue_week
from tests.playlists.factories import SERIES, venue

Raw = dict[str, Any]
EVENING = venue(windows="每天 19:00-19:12")
# Four of seven lessons fill an evening, so that no two of the seven are alike.
LENGTHS = (180,) * 7


@pytest.fixture
def facts() -> Facts:
    return make_facts(Calendar(), LENGTHS)


@pytest.fixture
def raw(facts: Facts) -> Raw:
    """Every day begins where the day before ended."""
    week = raw_week(facts, EVENING)
    ids, number = list(facts.lessons), 0
    for day in week["days"]:
        for one in day["slots"]:
            _show(one, facts, ids[number % len(ids)])
            number += 1
    return week


def _show(one: Raw, facts: Facts, lesson: str) -> None:
    made = facts.renditions["led-512x320"][lesson]
    one.update(lesson=lesson, title=made.title, series=made.series, form=made.form, sha256=made.sha256)
    one["file"] = f"renditions/{made.profile}/{made.file}"


def _wishing(*rules: str, **changes: Any) -> Programme:
    given = {"soft": rules, **changes.pop("rules", {})}
    return turning(rules=given, **changes)


def _faults(raw: Raw, facts: Facts, by: Programme, past: Past | None = None) -> list[Breach]:
    return list(check_week(replace(venue_week(raw, facts, EVENING, by=by), past=past), facts))


def _told(found: list[Breach]) -> list[tuple[str, str, bool]]:
    return [(one.rule, one.problem.where.removeprefix("square-01 "), one.hard) for one in found]


def _tell(raw: Raw, rule: str, start: str, **values: Any) -> None:
    raw["relaxed"].append({"rule": rule, "start": start, "reason": "课件少", **values})


def test_a_week_that_meets_every_wish_gives_no_remark(facts: Facts, raw: Raw) -> None:
    wishes = ("requests", "premieres", "series_in_a_row", "days_alike", "share", "inserts")
    known = dict.fromkeys(facts.lessons, 1)
    assert _faults(raw, facts, _wishing(*wishes), Past(last=known)) == []


def test_two_of_a_series_in_a_row_are_remarked_unless_told(facts: Facts, raw: Raw) -> None:
    slots = raw["days"][1]["slots"]
    twin = next(
        one for one in facts.lessons.values() if one.series == slots[1]["series"] and one.id != slots[1]["lesson"]
    )
    _show(slots[2], facts, twin.id)
    by = _wishing("series_in_a_row")
    assert _told(_faults(raw, facts, by)) == [("series", "2026-11-24 19:06:00", False)]
    one_series = [{"name": BLOCK, "series": [twin.series]}]
    assert _faults(raw, facts, _wishing("series_in_a_row", block=one_series)) == []
    _tell(raw, "同系列不连播", slots[2]["start"])
    assert _faults(raw, facts, by) == []


def test_what_only_fills_time_or_is_put_in_is_no_lesson_of_its_series(facts: Facts, raw: Raw) -> None:
    slots = raw["days"][1]["slots"]
    _show(slots[2], facts, "lesson-001")
    assert slots[1]["series"] == slots[2]["series"]
    own = [{"name": BLOCK, "lessons": [name for name in facts.lessons if name != "lesson-001"]}]
    filler = {"lessons": ["lesson-001"], "forms": []}
    assert _faults(raw, facts, _wishing("series_in_a_row", block=own, filler=filler)) == []
    by = _wishing("series_in_a_row", block=own, filler={"lessons": ["lesson-003"], "forms": []})
    assert _told(_faults(raw, facts, by)) == [("series", "2026-11-24 19:06:00", False)]
    slots[1]["why"] = "insert"
    assert _faults(raw, facts, by) == []


def test_days_made_alike_are_remarked_unless_told(facts: Facts, raw: Raw) -> None:
    for one, other in zip(raw["days"][1]["slots"], raw["days"][4]["slots"], strict=True):
        _show(other, facts, one["lesson"])
    found = _faults(raw, facts, _wishing("days_alike"))
    assert _told(found) == [("alike", "2026-11-27 19:00:00", False)]
    for one in found:
        _tell(raw, "天天不同", one.at.isoformat())
    assert _faults(raw, facts, _wishing("days_alike")) == []


def test_a_first_showing_at_another_hour_is_remarked(facts: Facts, raw: Raw) -> None:
    past = Past(last={name: 1 for name in facts.lessons if name != "lesson-001"})
    early = _wishing("premieres", rules={"best_hours": "19:06-19:30"})
    assert _told(_faults(raw, facts, early, past)) == [("premiere", "2026-11-23 19:03:00", False)]
    assert _faults(raw, facts, _wishing("premieres", rules={"best_hours": "19:00-19:30"}), past) == []
    assert _faults(raw, facts, _wishing("premieres", rules={"best_hours": "20:00-21:00"}), past) == []
    assert _faults(raw, facts, early, Past()) == []
    _tell(raw, "首播在黄金时段", raw["days"][0]["slots"][1]["start"])
    assert _faults(raw, facts, early, past) == []


def test_an_insert_that_is_not_one_counts_for_none(facts: Facts, raw: Raw) -> None:
    by = _wishing("inserts", insert_every=2, insert={"lessons": ["lesson-002"], "forms": []})
    for day in raw["days"]:
        day["slots"][2]["why"] = "insert"
        _show(day["slots"][2], facts, "lesson-002")
    assert _faults(raw, facts, by) == []
    _show(raw["days"][1]["slots"][2], facts, "lesson-003")
    assert _told(_faults(raw, facts, by)) == [("insert", "2026-11-24 19:06:00", False)]
    _tell(raw, "定数插播", raw["days"][1]["slots"][2]["start"])
    assert _faults(raw, facts, by) == []


@pytest.mark.parametrize(
    ("asked", "last", "found"),
    [
        (date(2026, 11, 17), {}, [("request", "2026-11-24 19:00:00", False)]),
        (date(2026, 11, 17), {"lesson-005": 1_795_000_000}, []),
        (date(2026, 11, 20), {}, []),
        (date(2026, 11, 10), {}, []),
    ],
)
def test_what_was_asked_for_is_shown_in_time(
    asked: date, last: Mapping[str, int], found: list[tuple[str, str, bool]], facts: Facts, raw: Raw
) -> None:
    for day in raw["days"][:2]:
        for one in day["slots"]:
            _show(one, facts, "lesson-000")
    wanted = replace(facts, requests=(Request(venue="square-01", lesson="lesson-005", on=asked),))
    assert _told(_faults(raw, wanted, _wishing("requests"), Past(last=last))) == found
    _tell(raw, "点菜限期播出", raw["days"][1]["slots"][0]["start"], lesson="lesson-005")
    assert _faults(raw, wanted, _wishing("requests"), Past(last=last)) == []


def test_a_share_that_is_missed_is_remarked_for_each_series(facts: Facts, raw: Raw) -> None:
    by = _wishing("share", rules={"share": {SERIES[0]: 1, SERIES[2]: 9}})
    found = _faults(raw, facts, by)
    assert _told(found) == [("share", "2026-11-23 00:00:00", False)] * 2
    reason = {"code": "share", "values": {"series": SERIES[0], "got": 1, "wished": 2}}
    _tell(raw, "系列比例", "2026-11-23T00:00:00+08:00", reason=reason)
    assert [one.what.values["series"] for one in _faults(raw, facts, by)] == [SERIES[2]]


def test_lessons_of_a_series_have_as_many_showings_a_month(facts: Facts, raw: Raw) -> None:
    known = dict.fromkeys(facts.lessons, 1)
    by = _wishing("fresh")
    assert _faults(raw, facts, by) == []
    assert _faults(raw, facts, by, Past(last=known)) == []
    found = _faults(raw, facts, by, Past(uses={"lesson-001": 3}, last=known))
    assert _told(found) == [("fresh", "2026-11-23 00:00:00", False)]
    assert found[0].what.values["series"] == SERIES[1]
    assert _faults(raw, facts, by, Past(uses={"lesson-001": 3}, last={"lesson-001": 1})) == []


def test_a_block_of_the_season_shows_what_suits_it(facts: Facts, raw: Raw) -> None:
    lessons = {name: one.model_copy(update={"season": ("11月",)}) for name, one in facts.lessons.items()}
    by = _wishing("blocks", block=[{"name": BLOCK, "season": True}], filler={"lessons": ["lesson-000"], "forms": []})
    assert _faults(raw, replace(facts, lessons=lessons), by) == []
    lessons["lesson-005"] = facts.lessons["lesson-005"].model_copy(update={"season": ("6月",)})
    found = _faults(raw, replace(facts, lessons=lessons), by)
    assert {one.rule for one in found} == {"block"}
    shown = sum(one["lesson"] == "lesson-005" for day in raw["days"] for one in day["slots"])
    assert len(found) == shown > 0
