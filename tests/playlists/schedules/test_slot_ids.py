from datetime import datetime
from zoneinfo import ZoneInfo

from playlists.schedules.schedule import Slot
from playlists.schedules.slot_ids import with_ids

BERLIN = ZoneInfo("Europe/Berlin")


def slot(start: str | datetime, title: str = "课件") -> Slot:
    return Slot.model_validate({"start": start, "seconds": 60, "kind": "lesson", "title": title})


def test_a_slot_is_called_by_its_local_start() -> None:
    (named,) = with_ids([slot("2026-11-30T18:30:00+08:00")])
    assert named[0] == "20261130T183000-000"


def test_the_ids_do_not_depend_on_the_order_in_which_the_slots_come() -> None:
    slots = [slot("2026-11-30T18:31:00+08:00"), slot("2026-11-30T18:30:00+08:00")]
    assert with_ids(slots) == with_ids(reversed(slots))
    assert [one for one, _ in with_ids(slots)] == ["20261130T183000-000", "20261130T183100-000"]


def test_a_slot_keeps_its_id_when_another_is_put_before_it() -> None:
    late = slot("2026-11-30T18:31:00+08:00")
    alone = {two: one for one, two in with_ids([late])}
    beside = {two: one for one, two in with_ids([slot("2026-11-30T18:30:00+08:00", "别的"), late])}
    assert alone[late] == beside[late]


def test_in_the_night_whose_hour_comes_twice_the_ids_differ() -> None:
    first, second = (slot(datetime(2026, 10, 25, 2, 30, fold=fold, tzinfo=BERLIN)) for fold in (0, 1))
    named = with_ids([second, first])
    assert [one for one, _ in named] == ["20261025T023000-000", "20261025T023000-001"]
    assert named[0][1].start.fold == 0
