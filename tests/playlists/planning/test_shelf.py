"""Slots of showings are right though pydantic has not seen them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from playlists.files.blocks import Moment
from playlists.files.rules import Rules
from playlists.planning.shelf import LessonShelf, lesson_slot, slot_of
from playlists.planning.showings import Candidate, PlannedShowing
from playlists.schedules.schedule import Slot
from tests.playlists.factories import catalogue, lesson, programme, rendition

CHINA = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 11, 24, 19, 30, tzinfo=CHINA)


def test_a_slot_made_by_its_pattern_is_what_validation_would_make() -> None:
    pattern = slot_of(rendition(lesson(3), 77), "片头")
    showing = PlannedShowing(int(AT.timestamp()), Candidate("lesson-003", "", 77), "技术", "insert")
    made = lesson_slot(showing, pattern, CHINA)
    assert made == Slot.model_validate({**pattern.model_dump(), "start": AT, "block": "技术", "why": "insert"})
    assert Slot.model_validate_json(made.model_dump_json()) == made
    assert list(made.model_dump()) == list(Slot.model_fields)
    assert made.model_fields_set == pattern.model_fields_set == set(Slot.model_fields)


def test_making_a_slot_leaves_its_pattern_as_it_was() -> None:
    pattern = slot_of(rendition(lesson(3), 77))
    before = pattern.model_dump()
    made = lesson_slot(PlannedShowing(0, Candidate("lesson-003", "", 77), "技术", ""), pattern, CHINA)
    changed = made.model_copy(update={"title": "别的"})
    assert (pattern.model_dump(), made.title, changed.title) == (before, pattern.title, "别的")
    assert hash(made) != hash(pattern)


def test_programmes_that_differ_in_their_rules_alone_are_never_taken_for_one_another() -> None:
    lessons, renditions = catalogue([60, 70])
    shelf, now = LessonShelf.of(renditions, lessons), Moment(AT.date(), frozenset(), frozenset())
    free = programme()
    strict = free.model_copy(update={"rules": Rules(separation_minutes=60)})
    assert strict.mark == free.mark
    pools = [shelf.pool(each, now, frozenset()) for each in (free, strict, free)]
    assert [each.programme.rules.separation_minutes for each in pools] == [0, 60, 0]
    assert pools[0] is pools[2]
