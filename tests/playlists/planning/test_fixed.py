"""What the office fixed by hand: pins, swaps and withdrawals, and showings edited over each other."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from playlists.files.calendar import Calendar
from playlists.files.edits import Edits
from playlists.schedules.schedule import dump_schedule
from tests.playlists.factories import programme
from tests.playlists.planning.again import NIGHT, after_midnight, full, plan, slots


def test_a_pin_for_a_moment_that_is_over_is_no_complaint() -> None:
    first = plan()
    slot = first.days[1].slots[1]
    at = slot.start.replace(tzinfo=None)
    edits = Edits.model_validate({"pin": [{"venue": "square-01", "at": at, "lesson": slot.lesson}]})
    again = plan(first, edits=edits, today=date(2026, 11, 24), now=slot.start + timedelta(minutes=20))
    assert again.days[1].slots[:2] == first.days[1].slots[:2]
    assert "pin" not in {one.rule for one in again.relaxed}
    assert full(again)


def test_a_pin_that_touches_its_neighbours_leaves_both_where_they_were() -> None:
    lengths = [300] * 40
    first = plan(lengths=lengths, by=programme())
    tuesday = first.days[1].slots
    (stranger,) = sorted({f"lesson-{n:03}" for n in range(40)} - {slot.lesson for slot in tuesday})[:1]
    at = tuesday[5].start.replace(tzinfo=None)
    edits = Edits.model_validate({"pin": [{"venue": "square-01", "at": at, "lesson": stranger}]})
    again = plan(first, lengths=lengths, by=programme(), edits=edits).days[1].slots
    changed = [new.lesson for old, new in zip(tuesday, again, strict=True) if old.lesson != new.lesson]
    assert changed == [stranger]


def test_showings_that_were_edited_over_each_other_are_parted_and_the_earlier_stays() -> None:
    first = plan()
    tuesday = first.days[1]
    pulled = tuesday.slots[4].model_copy(update={"start": tuesday.slots[4].start - timedelta(seconds=45)})
    one, other = tuesday.slots[7:9]
    swapped = (
        other.model_copy(update={"start": one.start}),
        one.model_copy(update={"start": one.start + timedelta(seconds=other.seconds)}),
    )
    crossed = (*tuesday.slots[:4], pulled, *tuesday.slots[5:7], *swapped, *tuesday.slots[9:])
    # The order of the file is no order of time.
    for some in (crossed, crossed[::-1]):
        days = (first.days[0], tuesday.model_copy(update={"slots": some}), *first.days[2:])
        again = plan(first.model_copy(update={"days": days}))
        assert full(again)
        assert again.days[1].slots[:4] == tuesday.slots[:4]
        assert set(swapped) <= set(again.days[1].slots)
        assert [one for one in again.days if one.date != tuesday.date] == [*first.days[:1], *first.days[2:]]


def test_a_pinned_lesson_is_shown_at_its_moment_and_the_window_stays_full() -> None:
    first = plan()
    at = datetime.fromisoformat("2026-11-24 19:10")
    edits = Edits.model_validate({"pin": [{"venue": "square-01", "at": at, "lesson": "lesson-005"}]})
    for made in (plan(edits=edits), plan(first, edits=edits)):
        (pinned,) = [slot for slot in slots(made) if slot.why == "pin"]
        assert (pinned.lesson, pinned.start.replace(tzinfo=None)) == ("lesson-005", at)
        assert full(made)
    again = plan(first, edits=edits)
    assert [day for day in again.days if day.date.day != 24] == [day for day in first.days if day.date.day != 24]
    assert dump_schedule(plan(again, edits=edits)) == dump_schedule(again)


def test_swapped_showings_change_places_once_and_for_all() -> None:
    first = plan()
    one, other = first.days[1].slots[1], first.days[1].slots[4]
    edits = Edits.model_validate(
        {
            "swap": [
                {
                    "venue": "square-01",
                    "first": {"at": one.start.replace(tzinfo=None), "lesson": one.lesson},
                    "second": {"at": other.start.replace(tzinfo=None), "lesson": other.lesson},
                }
            ]
        }
    )
    again = plan(first, edits=edits)
    order = [slot.lesson for slot in first.days[1].slots]
    order[1], order[4] = order[4], order[1]
    assert [slot.lesson for slot in again.days[1].slots] == order
    assert full(again)
    assert dump_schedule(plan(again, edits=edits)) == dump_schedule(again)


def test_what_must_never_be_shown_here_is_gone_and_stays_gone() -> None:
    first = plan()
    victim = slots(first)[0].lesson
    edits = Edits.model_validate({"never": [{"lesson": victim, "venues": ["square-01"]}]})
    for made in (plan(edits=edits), plan(first, edits=edits)):
        assert victim not in {slot.lesson for slot in slots(made)}
        assert full(made)


@pytest.mark.parametrize(
    ("at", "lesson", "reason"),
    [
        ("2026-11-24T12:00:00", "lesson-005", "shut"),
        ("2026-11-24T20:29:00", "lesson-005", "shut"),
        ("2026-11-24T19:10:00", "no-such", "not_shown"),
        ("2026-11-25T19:35:00", "lesson-005", "taken"),
    ],
)
def test_a_pin_that_cannot_be_kept_says_why_and_the_rest_is_planned(at: str, lesson: str, reason: str) -> None:
    lecture = {"title": "夜话", "weekday": "周三", "at": "19:30", "minutes": 20}
    edits = Edits.model_validate({"pin": [{"venue": "square-01", "at": at, "lesson": lesson}]})
    made = plan(edits=edits, calendar=Calendar.model_validate({"lecture": [lecture]}))
    (refused,) = [one for one in made.relaxed if one.rule == "pin"]
    assert (refused.lesson, refused.reason.code) == (lesson, reason)
    assert full(made)


def test_a_pin_after_midnight_belongs_to_the_evening_before() -> None:
    first = plan(windows=NIGHT)
    at = after_midnight(first, 1).start.replace(tzinfo=None)
    edits = Edits.model_validate({"pin": [{"venue": "square-01", "at": at, "lesson": "lesson-005"}]})
    for made in (plan(windows=NIGHT, edits=edits), plan(first, windows=NIGHT, edits=edits)):
        (pinned,) = [slot for slot in made.days[1].slots if slot.why == "pin"]
        assert (pinned.lesson, pinned.start.replace(tzinfo=None)) == ("lesson-005", at)
        assert "pin" not in {one.rule for one in made.relaxed}
        assert full(made)


def test_a_pin_before_the_first_mornings_end_is_the_week_befores_affair() -> None:
    at = datetime.fromisoformat("2026-11-23 00:10")
    edits = Edits.model_validate({"pin": [{"venue": "square-01", "at": at, "lesson": "lesson-005"}]})
    made = plan(windows=NIGHT, edits=edits)
    assert "pin" not in {slot.why for slot in slots(made)} | {one.rule for one in made.relaxed}


def test_showings_after_midnight_change_places() -> None:
    first = plan(windows=NIGHT)
    late = [slot for slot in first.days[1].slots if slot.start.date() > first.days[1].date]
    one, other = late[0], late[-1]
    sides = [{"at": slot.start.replace(tzinfo=None), "lesson": slot.lesson} for slot in (one, other)]
    edits = Edits.model_validate({"swap": [{"venue": "square-01", "first": sides[0], "second": sides[1]}]})
    again = plan(first, windows=NIGHT, edits=edits)
    order = [slot.lesson for slot in again.days[1].slots if slot.start.date() > again.days[1].date]
    assert order == [other.lesson, *(slot.lesson for slot in late[1:-1]), one.lesson]
    assert full(again)
