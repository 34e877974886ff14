from __future__ import annotations

import json
import random
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from courseware.errors import InputError
from courseware.storage.state import open_state
from playlists.files.calendar import Calendar
from playlists.planning.planner import Given, plan_week
from playlists.schedules import history
from playlists.schedules.history import Ledger, Past, PastShowing, advance, open_ledger, showings_of
from playlists.schedules.revisions import all_published, keep_revision, latest, published, revision_named, revisions
from playlists.schedules.schedule import Schedule
from tests.playlists.factories import catalogue, lesson, programme, rendition, venue

CHINA = ZoneInfo("Asia/Shanghai")
LENGTHS = [310, 370, 290, 410, 330, 260, 450, 505, 222, 333, 187, 299]


def plan(week: str = "2026-W48", past: Past | None = None, lengths: list[int] = LENGTHS) -> Schedule:
    lessons, renditions = catalogue(lengths)
    given = Given(past=past or Past())
    return plan_week(venue(), programme(), Calendar(), renditions, lessons, week, CHINA, 0, given)


def test_what_was_planned_is_the_past_of_the_next_week(tmp_path: Path) -> None:
    first = plan()
    _, renditions = catalogue(LENGTHS)
    with open_ledger(tmp_path) as ledger:
        ledger.record("planned", (first,))
    with open_ledger(tmp_path) as ledger:
        past = ledger.past("square-01", "2026-W49", CHINA, renditions)
    november = [slot.lesson for day in first.days for slot in day.slots]
    assert past.uses == {one: november.count(one) for one in set(november)}
    assert past.orders == tuple(tuple(slot.lesson for slot in day.slots) for day in first.days)
    assert past == advance(Past(), first, CHINA)


def test_a_new_month_counts_from_nothing_but_remembers_when() -> None:
    past = advance(Past(), plan("2026-W49"), CHINA)  # ends on 6 December
    december = [slot.lesson for day in plan("2026-W49").days[1:] for slot in day.slots]
    assert sum(past.uses.values()) == len(december)
    assert len(past.last) == len(LENGTHS)


def test_what_is_planned_after_a_week_is_known_and_the_weeks_own_last_night_is_no_part_of_it(tmp_path: Path) -> None:
    monday = int(datetime(2026, 11, 30, tzinfo=CHINA).timestamp())
    with open_ledger(tmp_path) as ledger:
        ledger.record_seen("square-01", "2026-W48", [PastShowing(monday + 600, 300, "own", "a")])
        later = [PastShowing(monday + at, 300, "next", "b") for at in (70_000, 80_000, 3 * 86400)]
        ledger.record_seen("square-01", "2026-W49", [*later, PastShowing(monday + 3 * 86400 + 300, 300, "far", "c")])
        assert ledger.following("square-01", "2026-W48", CHINA) == {"next": monday + 70_000}


def test_planning_again_replaces_what_was_planned(tmp_path: Path) -> None:
    first = plan()
    with open_ledger(tmp_path) as ledger:
        ledger.record("planned", (first,))
        ledger.record("planned", (first,))
        assert len(ledger.showings("square-01", 0, 2**40)) == sum(len(day.slots) for day in first.days)


def test_venues_that_are_planned_alike_have_each_their_own_history(tmp_path: Path) -> None:
    first = plan()
    twin = first.model_copy(update={"venue": "square-02"})
    with open_ledger(tmp_path) as ledger:
        ledger.record("planned", (first, twin))
        assert ledger.showings("square-01", 0, 2**40) == ledger.showings("square-02", 0, 2**40) != ()


def test_of_each_week_the_truer_counts_and_all_stand_in_order_of_time(tmp_path: Path) -> None:
    old, new = plan(), plan(lengths=LENGTHS[:-1])
    later = plan("2026-W49")
    with open_ledger(tmp_path) as ledger:
        ledger.record("published", (later, new))
        ledger.record("planned", (old, later))
        expected = [one for week in (new, later) for day in week.days for one in showings_of(day.slots)]
        assert list(ledger.showings("square-01", 0, 2**40)) == expected


def test_neither_reading_nor_replacing_a_week_searches_the_history_of_a_venue(tmp_path: Path) -> None:
    bounds = {"venue": "v", "first": 1, "last": 2}
    asked = [
        (history._select_showings(), bounds | {"besides": ""}),
        (history._delete_week(), {"in_venue": "v", "in_week": "w", "in_state": "planned", "first": 1, "last": 2}),
    ]
    with open_state(tmp_path, history._table().metadata) as connection:
        for statement, values in asked:
            sql = statement.compile(connection)
            given = tuple(values[name] for name in sql.positiontup or ())
            plan_of = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given).all()
            assert "USING PRIMARY KEY (state=? AND venue=? AND start>? AND start<?)" in plan_of[0][3]


def test_what_was_shown_is_believed_before_what_was_published_and_planned(tmp_path: Path) -> None:
    first = plan()
    start = int(datetime(2026, 11, 23, 18, 30, tzinfo=CHINA).timestamp())
    with open_ledger(tmp_path) as ledger:
        ledger.record("planned", (first,))
        ledger.record("published", (first,))
        seen = PastShowing(start, 310, "lesson-000", "abc")
        ledger.record_seen("square-01", "2026-W48", [seen])
        ledger.record_seen("square-01", "2026-W48", [seen])
        announced = [one for day in first.days for one in showings_of(day.slots)]
        assert ledger.showings("square-01", 0, 2**40) == (seen, *announced[1:])


def test_what_is_reported_as_missed_never_was_and_what_nobody_reports_counts_as_announced(tmp_path: Path) -> None:
    announced = [one for day in plan().days for one in showings_of(day.slots)]
    first, second, *others = announced
    with open_ledger(tmp_path) as ledger:
        ledger.record("published", (plan(),))
        ledger.record_seen("square-01", "2026-W48", [second], [first.start])
        assert ledger.showings("square-01", 0, 2**40) == (second, *others)
        latest = {lesson: start for lesson, _, start in ledger.latest("square-01", second.start)}
        assert latest == {}
        ledger.record_seen("square-01", "2026-W48", [first])
        assert ledger.showings("square-01", 0, 2**40) == tuple(announced)


def test_a_renamed_lesson_keeps_its_history_by_its_content(tmp_path: Path) -> None:
    old, new = lesson(1), lesson(1, id="better-name")
    with open_ledger(tmp_path) as ledger:
        made = rendition(old, 100, content=b"the same video")
        ledger.record_seen("square-01", "2026-W47", [PastShowing(1_795_000_000, 100, old.id, made.sha256)])
        past = ledger.past("square-01", "2026-W48", CHINA, {new.id: rendition(new, 100, content=b"the same video")})
    assert past.last == {"better-name": 1_795_000_000}


def test_a_lesson_made_anew_keeps_its_history_by_its_id(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger:
        ledger.record_seen("square-01", "2026-W47", [PastShowing(1_795_000_000, 100, "lesson-001", "before")])
        _, renditions = catalogue([1, 2])
        assert ledger.past("square-01", "2026-W48", CHINA, renditions).last == {"lesson-001": 1_795_000_000}


def test_the_lessons_of_last_week_come_last_this_week() -> None:
    many = [600 + 7 * n for n in range(200)]
    first = plan(lengths=many)
    shown = {slot.lesson for day in first.days for slot in day.slots}
    second = plan("2026-W49", advance(Past(), first, CHINA), many)
    again = [slot.lesson for day in second.days for slot in day.slots if slot.lesson in shown]
    assert len(again) <= 2


def test_a_file_that_is_no_history_is_named_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "state.sqlite").write_bytes(b"this is no database at all, but long enough to look like one" * 20)
    with pytest.raises(InputError, match=r"state\.sqlite"), open_ledger(tmp_path):
        pass
    assert (tmp_path / "state.sqlite").read_bytes().startswith(b"this is no database")


def test_a_mistake_in_the_middle_keeps_nothing(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), open_ledger(tmp_path) as ledger:  # noqa: PT012  (what is kept is the matter)
        ledger.record("planned", (plan(),))
        raise ZeroDivisionError
    with open_ledger(tmp_path) as ledger:
        assert ledger.weeks("planned") == ()


def test_publishing_twice_the_same_is_one_revision_and_a_change_makes_a_new_one(tmp_path: Path) -> None:
    at = datetime(2026, 11, 20, 9, tzinfo=CHINA)
    first, other = plan(), plan(lengths=LENGTHS[:-1])
    assert [getattr(keep_revision(tmp_path, [one], at), "number", 0) for one in (first, first, other)] == [1, 1, 2]
    assert [one.number for one in revisions(tmp_path, "2026-W48")] == [1, 2]
    assert published(tmp_path, revision_named(tmp_path, "2026-W48", 1), "square-01") == first
    last = latest(tmp_path, "2026-W48")
    assert last
    assert published(tmp_path, last, "square-01") == other
    assert list(all_published(tmp_path)) == [other]


def test_a_revision_keeps_only_what_differs_and_finds_the_rest(tmp_path: Path) -> None:
    at = datetime(2026, 11, 20, 9, tzinfo=CHINA)
    first = plan()
    neighbour = first.model_copy(update={"venue": "square-02"})
    keep_revision(tmp_path, [first, neighbour], at)
    changed = plan(lengths=LENGTHS[:-1])
    second = keep_revision(tmp_path, [changed, neighbour], at)
    assert second
    assert second.venues == {"square-01": 2, "square-02": 1}
    assert published(tmp_path, second, "square-02") == neighbour
    assert published(tmp_path, second, "square-03") is None


def test_a_revision_that_does_not_exist_is_refused_with_the_last_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not published yet"):
        revision_named(tmp_path, "2026-W48", 1)
    keep_revision(tmp_path, [plan()], datetime(2026, 11, 20, 9, tzinfo=CHINA))
    with pytest.raises(InputError, match="the last is 1"):
        revision_named(tmp_path, "2026-W48", 4)


def steps_for_latest(folder: Path, showings: int) -> int:
    """How many steps of SQLite's own machine it takes to find the latest showings of two lessons among so many."""
    shown = [PastShowing(60 * n, 60, f"l{n % 2}", f"c{n % 3}") for n in range(showings)]
    with open_ledger(folder) as ledger:
        ledger.record_seen("square-01", "2026-W48", shown)
        steps = 0

        def count() -> int:
            nonlocal steps
            steps += 1
            return 0

        driver = ledger._connection.connection.driver_connection
        assert driver
        driver.set_progress_handler(count, 1)
        assert len(ledger.latest("square-01", 2**40)) == 2
        driver.set_progress_handler(None, 1)
    return steps


def test_the_latest_showings_are_found_in_as_many_steps_however_long_the_history_is(tmp_path: Path) -> None:
    assert steps_for_latest(tmp_path / "short", 60) == steps_for_latest(tmp_path / "long", 3000)


def test_the_latest_showing_of_each_lesson_is_found_with_its_content_and_without_reading_all(tmp_path: Path) -> None:
    dice = random.Random(4)
    shown = [PastShowing(start, 60, f"l{dice.randrange(9)}", f"c{dice.randrange(3)}") for start in range(0, 6000, 60)]
    slow = {one.lesson: (one.content, one.start) for one in shown if one.start < 4200}
    with open_ledger(tmp_path) as ledger:
        ledger.record_seen("square-01", "2026-W48", shown)
        ledger.record_seen("square-02", "2026-W48", [PastShowing(1, 60, "l0", "c9")])
        assert {lesson: (content, start) for lesson, content, start in ledger.latest("square-01", 4200)} == slow
        assert ledger.latest("square-03", 4200) == ()


def test_of_one_showing_the_content_that_was_seen_goes_before_what_was_announced_or_planned(tmp_path: Path) -> None:
    announced = plan()
    first = announced.days[0].slots[0]
    start = int(first.start.timestamp())
    with open_ledger(tmp_path) as ledger:
        ledger.record("planned", (announced,))
        ledger.record("published", (announced,))
        ledger.record_seen("square-01", "2026-W48", [PastShowing(start, 60, first.lesson, "seen")])
        assert ("seen", start) in {row[1:] for row in ledger.latest("square-01", start + 1)}


def test_a_history_of_before_gets_the_index_that_it_is_searched_by_now(tmp_path: Path) -> None:
    def indexes(ledger: Ledger) -> list[str]:
        kept = ledger._connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'index'")
        return [name for (name,) in kept]

    with open_ledger(tmp_path) as ledger:
        ledger.record("planned", (plan(),))
        ledger._connection.exec_driver_sql("DROP INDEX showing_by_lesson")
        ledger._connection.exec_driver_sql("CREATE INDEX showing_of_lesson ON showing(venue, lesson, content, start)")
    with open_ledger(tmp_path) as ledger:
        assert indexes(ledger) == ["showing_by_lesson"]
        assert ledger.latest("square-01", 2**40)


@pytest.mark.parametrize(
    "lie", [{"week": "../evil"}, {"number": 2}, {"number": -1}, {"venues": {"../../evil": 1}}, {"venues": {"": 1}}]
)
def test_a_publication_whose_file_leads_elsewhere_counts_for_nothing(tmp_path: Path, lie: dict[str, object]) -> None:
    assert keep_revision(tmp_path, [plan()], datetime(2026, 11, 20, 9, tzinfo=CHINA))
    path = tmp_path / "2026-W48" / "published" / "0001" / "revision.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | lie))
    assert revisions(tmp_path, "2026-W48") == ()


def test_the_number_of_a_publication_that_was_cut_off_is_not_used_again(tmp_path: Path) -> None:
    (tmp_path / "2026-W48" / "published" / "0001").mkdir(parents=True)
    kept = keep_revision(tmp_path, [plan()], datetime(2026, 11, 20, 9, tzinfo=CHINA))
    assert kept
    assert kept.number == 2
    assert published(tmp_path, kept, "square-01") == plan()
