"""Which sticks hold a video that is shown no more."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from courseware.files import write_text
from playlists.kits.holding import kits_with
from playlists.kits.plan import KitPlan, dump_plan
from playlists.kits.planned import plan_kit
from tests.playlists.kits.weeks import BUILT, PICTURES, ZONE, renditions, week

CONTENTS = {sha256: f"lesson-{number}" for number, sha256 in enumerate(renditions())}
(FIRST, *_) = CONTENTS


def issue(kits_dir: Path, venue: str, revision: int = 1, *, without: str = "") -> KitPlan:
    """The plan of a venue's week, as it was given out."""
    whole = week().model_copy(update={"venue": venue})
    days = [
        day.model_copy(update={"slots": tuple(slot for slot in day.slots if slot.sha256 != without)})
        for day in whole.days
    ]
    schedule = whole.model_copy(update={"days": tuple(days)})
    made = {sha256: one for sha256, one in renditions().items() if sha256 != without}
    plan = plan_kit([schedule], made, PICTURES, revision=revision, built=BUILT, zone=ZONE)
    write_text(kits_dir / venue / "issued" / f"{revision:04}.json", dump_plan(plan))
    return plan


def said(kits_dir: Path, contents: dict[str, str], at: datetime = BUILT) -> list[str]:
    return [problem.render(str) for problem in kits_with(kits_dir, contents, at)]


def test_the_sticks_that_hold_a_lesson_are_named_with_what_to_run(tmp_path: Path) -> None:
    issue(tmp_path, "square-01")
    issue(tmp_path, "square-02", without=FIRST)
    (line,) = said(tmp_path, {FIRST: "lesson-0"})
    assert line == (
        "lesson-0: lies on the sticks of 2026-W49 for square-01; plan the week again,"
        " run “yuanjiao kit build square-01 --week 2026-W49”, and exchange the sticks"
    )


def test_many_sticks_are_one_line(tmp_path: Path) -> None:
    for number in range(7):
        issue(tmp_path, f"square-{number}")
    (line,) = said(tmp_path, {FIRST: "lesson-0"})
    assert "for square-0、square-1、square-2、square-3、square-4…（7）" in line
    assert "kit build --all --week 2026-W49" in line


def test_a_stick_that_was_exchanged_or_whose_week_is_over_is_not_named(tmp_path: Path) -> None:
    plan = issue(tmp_path, "square-01")
    assert said(tmp_path, {FIRST: "lesson-0"}, plan.valid.end) == []
    assert len(said(tmp_path, {FIRST: "lesson-0"}, plan.valid.end - timedelta(seconds=1))) == 1
    issue(tmp_path, "square-01", 2, without=FIRST)
    assert said(tmp_path, {FIRST: "lesson-0"}) == []


def test_a_plan_that_cannot_be_read_and_no_kits_at_all_are_no_obstacle(tmp_path: Path) -> None:
    assert said(tmp_path / "kits", {FIRST: "lesson-0"}) == []
    issue(tmp_path, "square-02")
    write_text(tmp_path / "square-01" / "issued" / "0001.json", f'{{"x": "{FIRST}"}}')
    assert len(said(tmp_path, {FIRST: "lesson-0"})) == 1
