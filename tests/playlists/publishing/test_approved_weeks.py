"""A planned week is reviewed in steps, and where the workspace asks for that, published only when it was approved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli import main
from courseware.lessons.workspace import open_workspace
from playlists.files.venues import load_venues
from playlists.publishing import setting
from playlists.sticks.building import showable_weeks
from templates.type import webfont
from tests.playlists.factories import write_workspace

WEEK = ("--week", "2026-W48")
NAME = "week:2026-W48"
STEPS = '[review]\nweeks = true\nsteps = ["初审", { name = "终审", by = ["李主任"] }]\n'


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Planned; typesetting and fonts take long and matter to nobody here."""
    monkeypatch.setattr(setting, "typeset_all", lambda sheets: (one.where.encode() for one in sheets))
    monkeypatch.setattr(webfont, "make_fonts", lambda _: {}.items())
    write_workspace(tmp_path)
    run(tmp_path, "schedule", "plan", *WEEK)
    return tmp_path


def run(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--lang", "en", *arguments, "--workspace", str(root)])


def settle(root: Path, rules: str) -> None:
    with (root / "yuanjiao.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n{rules}")


def page(root: Path) -> Path:
    return root / "published" / "2026-W48" / "index.html"


def take(root: Path, *people: str) -> list[str]:
    return [run(root, "review", "approve", NAME, "--by", person).output.strip() for person in people]


def test_a_week_is_published_when_it_has_taken_all_steps_and_not_before(root: Path) -> None:
    settle(root, STEPS)
    told = run(root, "publish", *WEEK)
    assert (told.exit_code, "is not approved; run “yuanjiao review submit week:2026-W48" in told.output) == (2, True)
    assert run(root, "review", "submit", "week:2026-W48", "--by", "王芳").output == "week:2026-W48: handed in\n"
    assert "it waits for 初审" in run(root, "publish", *WEEK).output
    assert take(root, "赵初", "赵初", "李主任") == [
        "week:2026-W48: 初审 taken",
        "week:2026-W48: 赵初 took 初审; 终审 is for somebody else",
        "week:2026-W48: approved",
    ]
    assert run(root, "publish", *WEEK).exit_code == 0
    assert page(root).is_file()
    assert "4 reviews, as they were written" not in run(root, "review", "verify").output
    assert "3 reviews, as they were written" in run(root, "review", "verify").output
    run(root, "review", "export", "-o", str(root / "r.csv"))
    assert (root / "r.csv").read_text(encoding="utf-8-sig").count(NAME) == 3


def test_the_same_plan_made_again_is_approved_and_another_is_not(root: Path) -> None:
    settle(root, STEPS)
    run(root, "review", "submit", NAME, "--by", "王芳")
    take(root, "赵初", "李主任")
    run(root, "schedule", "plan", *WEEK)
    assert run(root, "publish", *WEEK).exit_code == 0
    edition = page(root).read_bytes()
    run(root, "schedule", "edit", "never", "lesson-002", "square-01")
    run(root, "schedule", "plan", *WEEK)
    refused = run(root, "publish", *WEEK)
    assert "was changed since it was submitted (changed: square-01); submit it again" in refused.output
    assert refused.exit_code != 0
    assert page(root).read_bytes() == edition
    (told,) = json.loads(run(root, "review", "status", "--json").stdout)["subjects"]
    assert (told["name"], told["state"], told["changed"]) == (NAME, "changed", ["changed: square-01"])


def test_a_week_that_waits_goes_on_no_stick(root: Path) -> None:
    settle(root, STEPS)
    venues = load_venues(root / "venues.csv")[0]
    shown, problems = showable_weeks(open_workspace(root), venues, ("2026-W48",))
    assert (shown, [one.where for one in problems]) == ({}, ["2026-W48"])
    run(root, "review", "submit", NAME, "--by", "王芳")
    take(root, "赵初", "李主任")
    shown, problems = showable_weeks(open_workspace(root), venues, ("2026-W48",))
    assert (len(shown), problems) == (len(venues), ())


def test_nobody_is_asked_where_the_workspace_does_not_say_so(root: Path) -> None:
    assert run(root, "publish", *WEEK).exit_code == 0


def test_a_week_that_was_handed_in_and_not_approved_is_told_where_that_keeps_nobody(root: Path) -> None:
    run(root, "review", "submit", NAME, "--by", "王芳")
    told = run(root, "publish", *WEEK)
    assert (told.exit_code, "2026-W48: is not approved yet" in told.output) == (0, True)
    rejected = run(root, "review", "reject", NAME, "--by", "李主任", "--reason", "时间不对")
    assert "is published as it was before" in rejected.output
    assert "was rejected: 时间不对" in run(root, "publish", *WEEK).output


def test_what_may_not_be_shown_disappears_also_while_the_week_waits(root: Path) -> None:
    assert run(root, "publish", *WEEK).exit_code == 0
    settle(root, '[review]\nrequired = true\nweeks = true\nsteps = ["初审"]\n')
    told = run(root, "publish", *WEEK)
    assert told.exit_code != 0
    assert "节目正在调整" in page(root).read_text(encoding="utf-8")


def test_names_that_mean_nothing_are_told_all_at_once(root: Path) -> None:
    told = run(root, "review", "submit", "week:2027-W01", "column:x", "book:1", "--by", "王芳").output
    assert "week:2027-W01: there is no such week planned" in told
    assert "column:x: name an issue like column:12" in told
    assert "book:1: write the id of a lesson" in told
