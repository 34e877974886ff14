from typing import Any

from playlists.duties.speakers import speakers_twice
from playlists.files.calendar import Calendar
from tests.playlists.factories import days, venue

VENUES = (venue(), venue(id="square-02"))
LECTURE = {"title": "农家夜话", "speaker": "李老师", "weekday": "周三", "at": "19:30", "minutes": 30}
HERE, THERE = {"venues": "square-01"}, {"venues": "square-02"}


def told(*lectures: dict[str, Any]) -> list[str]:
    calendar = Calendar.model_validate({"lecture": [{**LECTURE, **one} for one in lectures]})
    return [one.render(str) for one in speakers_twice(calendar, VENUES, days("2026-11-23", "2026-11-29"))]


def test_a_lecture_of_one_speaker_at_two_venues_is_told_unless_it_is_relayed() -> None:
    (said,) = told({"venues": "广场"})
    assert said.startswith("calendar.toml: lecture.1: 李老师 cannot speak at square-01、square-02 at the same time")
    assert told({"venues": "广场", "relayed": True}) == []
    assert told({"venues": "广场", "speaker": ""}) == []
    assert told(HERE) == []


def test_two_lectures_of_one_speaker_at_one_time_are_told_of_the_later_one() -> None:
    (said,) = told(HERE, {**THERE, "at": "19:59", "weekday": "周一至周三", "speaker": "王老师、李老师"})
    assert said.startswith(
        "calendar.toml: lecture.2: 李老师 speaks at square-01、square-02 at the same time on 2026-11-25"
    )
    assert told(HERE, {**THERE, "at": "20:00"}) == []
    assert told(HERE, {**THERE, "weekday": "周四"}) == []
    assert told(HERE, {**THERE, "speaker": "王老师"}) == []
    assert told(HERE, {**HERE, "at": "19:40"}) == []


def test_a_lecture_past_midnight_collides_with_one_of_the_next_day() -> None:
    late = {**HERE, "at": "23:50"}
    early = {**THERE, "weekday": "周四", "at": "00:10"}
    assert len(told(late, early)) == len(told(early, late)) == 1
    assert told(late, {**early, "at": "00:20"}) == []
