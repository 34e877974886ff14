import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courseware.errors import InputError
from playlists.kits.moments import moment_of
from playlists.kits.plan import KitPlan, Opening, PlanSlot, dump_plan, parse_plan
from playlists.kits.planned import rest_of_night
from playlists.schedules.schedule import Day, Window
from tests.playlists.kits.weeks import plan, slot, week

GOLDEN = Path(__file__).parent / "golden" / "plan.json"
SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "Asia/Kathmandu"]).map(ZoneInfo)


def refused(**changes: Any) -> str:
    """What is said of the plan with these keys."""
    values = json.loads(dump_plan(plan())) | changes
    with pytest.raises(InputError) as error:
        parse_plan(json.dumps(values).encode())
    return str(error.value)


def test_a_week_becomes_the_plan_that_the_golden_file_shows() -> None:
    assert dump_plan(plan()) == GOLDEN.read_text(encoding="utf-8")


def test_equal_weeks_make_equal_plans() -> None:
    assert dump_plan(plan(week("2026-W49"), week("2026-W50"))) == dump_plan(plan(week("2026-W49"), week("2026-W50")))


def test_a_plan_of_two_weeks_is_valid_for_both_and_no_slot_has_the_id_of_another() -> None:
    made = plan(week("2026-W49"), week("2026-W50"))
    assert made.valid.end - made.valid.start == timedelta(days=14)
    assert len({one.id for one in made.slots}) == 10


def test_an_evening_that_runs_past_the_last_midnight_belongs_to_the_plan_to_its_end() -> None:
    late = datetime(2026, 12, 6, 23, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    one = week()
    sunday = Day(date=late.date(), windows=(Window(start=late, end=late + timedelta(hours=1)),), slots=())
    made = plan(one.model_copy(update={"days": (*one.days[:6], sunday)}))
    assert made.valid.end.isoformat() == "2026-12-07T00:30:00+08:00"


def test_the_plan_of_the_next_week_carries_the_night_to_its_end() -> None:
    late = datetime(2026, 12, 6, 23, 59, 50, tzinfo=SHANGHAI)
    one = week("2026-W49")
    window = Window(start=late, end=late + timedelta(hours=1))
    slots = (slot(late - timedelta(minutes=1), 0), slot(late, 0), slot(late + timedelta(minutes=20), 1))
    before = one.model_copy(update={"days": (*one.days[:6], Day(date=late.date(), windows=(window,), slots=slots))})
    made = plan(week("2026-W50"), night=rest_of_night(before, SHANGHAI))
    assert [one.id for one in made.slots[:2]] == ["20261206T235950-000", "20261207T001950-000"]
    assert (made.windows[0].end_s, made.valid.start_s) == (int(late.timestamp()) + 3600, int(late.timestamp()) + 10)
    own = plan(before)
    for second in (12, 1200, 1205, 3599):
        at = late + timedelta(seconds=second)
        assert moment_of(made, at).slot == moment_of(own, at).slot
        assert moment_of(made, at).window == moment_of(own, at).window


def test_a_week_that_ends_before_midnight_leaves_nothing_to_the_next() -> None:
    assert rest_of_night(week(), SHANGHAI) is None


def test_a_block_has_its_volume_and_an_event_is_silent() -> None:
    assert [one.volume for one in plan().slots] == [100, 100, 100, 0, 60]


def test_the_night_whose_hour_comes_twice_keeps_both_its_hours() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 10, 25, 2, 30, tzinfo=berlin)
    slots = (slot(first, 0), slot(first.replace(fold=1), 1))
    one = week("2026-W43")
    made = plan(one.model_copy(update={"days": (*one.days[:6], Day(date=first.date(), windows=(), slots=slots))}))
    assert [one.id for one in made.slots[-2:]] == ["20261025T023000-000", "20261025T023000-001"]
    assert made.slots[-1].start_s - made.slots[-2].start_s == 3600
    assert parse_plan(dump_plan(made).encode()) == made


# A machine with much to do takes long over the first examples.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 7200), st.text(max_size=8)), max_size=8),
    st.integers(0, 2**32),
    ZONES,
)
def test_any_plan_survives_being_written_and_read(
    parts: list[tuple[int, int, str]], start: int, zone: ZoneInfo
) -> None:
    slots, now = [], start
    for number, (pause, seconds, title) in enumerate(parts):
        now += pause
        at = datetime.fromtimestamp(now, zone)
        name = f"s-{number:03}"
        slots.append(PlanSlot(id=name, start=at, start_s=now, seconds=seconds, kind="activity", title=title))
        now += seconds
    made = plan().model_copy(update={"slots": tuple(slots)})
    again = parse_plan(dump_plan(made).encode())
    assert again == made
    assert dump_plan(again) == dump_plan(made)


def test_a_time_that_is_not_its_seconds_is_refused() -> None:
    with pytest.raises(ValueError, match="is not 1"):
        Opening.model_validate(plan().windows[0].model_dump() | {"start_s": 1})


def test_slots_over_each_other_out_of_order_or_with_one_id_are_refused() -> None:
    slots = json.loads(dump_plan(plan()))["slots"]
    for wrong in ([slots[1], slots[0]], [slots[0], slots[0]], [slots[0] | {"seconds": 32}, slots[1]]):
        assert "not a plan" in refused(slots=wrong)


@pytest.mark.parametrize(
    "path", ["../x.mp4", "/etc/passwd", "media\\x.mp4", "C:/x.mp4", "media//x.mp4", "media/../x", "", "media/x\n.mp4"]
)
def test_a_way_out_of_the_kit_is_refused(path: str) -> None:
    values = json.loads(dump_plan(plan()))
    short = min(values["files"])
    files = {**values["files"], short: {**values["files"][short], "path": path}}
    assert "not a plan" in refused(files=files)
    assert "not a plan" in refused(fallback=values["fallback"] | {"card": path})


def test_what_a_player_would_read_otherwise_is_refused() -> None:
    assert "not a plan" in refused(revision="3")
    assert "not a plan" in refused(revision=True)
    assert "not a plan" in refused(slots=[{**json.loads(dump_plan(plan()))["slots"][0], "file": "0" * 16}])
    with pytest.raises(InputError, match="not a plan"):
        parse_plan(dump_plan(plan()).replace('"revision": 3', '"revision": 3, "revision": 4').encode())


def test_a_plan_of_a_newer_kind_says_so() -> None:
    assert "newest yuanjiao" in refused(schema="yuanjiao-plan/2")


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff\xfe", b"null", b"[" * 100_000])
def test_what_is_no_plan_is_refused_in_one_sentence(content: bytes) -> None:
    with pytest.raises(InputError):
        parse_plan(content)


def test_a_notice_interrupts_and_a_plan_does_not() -> None:
    assert "not a plan" in refused(interrupts=True)
    values = plan().model_dump() | {"form": "yuanjiao-notice/1", "interrupts": True}
    assert KitPlan.model_validate(values).interrupts
