from datetime import datetime, timedelta

from playlists.schedules.crowding import MOST_AN_HOUR, crowded
from playlists.schedules.schedule import Slot
from tests.playlists.clean_weeks import ZONE

EVENING = datetime(2026, 11, 25, 19, 0, tzinfo=ZONE)


def slots(count: int, every: int, **more: str) -> list[Slot]:
    values = {"seconds": 60, "kind": "lesson", "title": "修剪", "lesson": "pruning", **more}
    starts = (EVENING + timedelta(seconds=number * every) for number in range(count))
    return [Slot.model_validate({**values, "start": start}) for start in starts]


def test_one_lesson_fifty_nine_times_an_hour_is_found_with_its_number() -> None:
    found = crowded(slots(59, 61))
    assert found is not None
    assert (found[0].start, found[1]) == (EVENING, 59)


def test_twelve_times_an_hour_is_borne_and_the_thirteenth_is_not() -> None:
    assert crowded(slots(MOST_AN_HOUR, 300)) is None
    assert crowded(slots(99, 300)) is None
    assert crowded(slots(MOST_AN_HOUR + 1, 299)) is not None


def test_slogans_and_events_are_not_counted() -> None:
    assert crowded(slots(59, 61, note="标语")) is None
    assert crowded(slots(59, 61, kind="activity", lesson="")) is None
