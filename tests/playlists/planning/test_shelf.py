"""Slots of showings are right though pydantic has not seen them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from playlists.planning.shelf import lesson_slot, slot_of
from playlists.planning.showings import Candidate, PlannedShowing
from playlists.schedules.schedule import Slot
from tests.playlists.factories import lesson, rendition

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
