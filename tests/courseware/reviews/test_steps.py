"""A video is approved when it has taken all steps that the workspace names, each by somebody who may take it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from courseware.errors import InputError, Problem
from courseware.lessons.made_from import Inputs, remember
from courseware.lessons.workspace import Workspace, open_workspace
from courseware.reviews.approval import load_approval
from courseware.reviews.items import ReviewItem, find_items
from courseware.reviews.ledger import faults_of, load_pages
from courseware.reviews.work import ReviewOutcome, ReviewRequest, approve, reject, submit
from tests.courseware.reviews.workspaces import SETTINGS, make_workspace, render

REQUIRED = SETTINGS + "[review]\nrequired = true\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Both lessons are submitted, and three steps are waited for."""
    workspace = make_workspace(tmp_path, REQUIRED)
    submit(workspace, ReviewRequest((), "王芳"))
    return workspace


def take(workspace: Workspace, by: str, *lessons: str, step: str = "") -> ReviewOutcome:
    return approve(workspace, ReviewRequest(lessons, by, step=step))


def standing(workspace: Workspace, lesson: str = "pruning") -> ReviewItem:
    (item, *_) = find_items(workspace, (lesson,))
    return item


def said(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.render(str) for problem in problems]


def shown(workspace: Workspace) -> set[str]:
    approval = load_approval(workspace)
    return {one.rendition.lesson for one in find_items(workspace) if approval.allows(one.rendition.sha256)}


def settle(workspace: Workspace, rules: str) -> Workspace:
    (workspace.root / "yuanjiao.toml").write_text(REQUIRED + rules, encoding="utf-8")
    return open_workspace(workspace.root)


def test_a_video_is_shown_after_the_last_of_three_steps_and_not_before(workspace: Workspace) -> None:
    waited_for = []
    for by in ("赵初", "钱复", "孙终"):
        item = standing(workspace)
        waited_for.append(item.due.name if item.due else "")
        assert shown(workspace) == set()
        take(workspace, by, "pruning")
    assert waited_for == ["初审", "复审", "终审"]
    assert shown(workspace) == {"pruning"}
    item = standing(workspace)
    assert (item.state, item.due) == ("approved", None)
    assert [(one.step, one.by) for one in item.decisions] == [("初审", "赵初"), ("复审", "钱复"), ("终审", "孙终")]


def test_nobody_takes_two_steps_of_one_video(workspace: Workspace) -> None:
    take(workspace, "赵初", "pruning")
    again = take(workspace, "赵初", "pruning")
    assert (again.entries, said(again.problems)) == ((), ["pruning: 赵初 took 初审; 复审 is for somebody else"])
    every = take(workspace, "赵初")
    assert {one.lesson for one in every.entries} == {"subsidy"}
    assert every.problems == ()
    assert "pruning: 赵初 took 初审; 复审 is for somebody else" in said(every.notes)


def test_one_person_may_take_all_steps_where_the_workspace_lets_them(workspace: Workspace) -> None:
    workspace = settle(workspace, "one_person_one_step = false\n")
    for _ in range(3):
        take(workspace, "赵初", "pruning")
    assert shown(workspace) == {"pruning"}


def test_a_step_is_taken_by_those_whom_it_names(workspace: Workspace) -> None:
    workspace = settle(workspace, 'steps = ["审核", { name = "审定", by = ["李主任", "周书记"] }]\n')
    take(workspace, "赵初", "pruning")
    refused = take(workspace, "钱复", "pruning")
    assert said(refused.problems) == ["pruning: 审定 is for 李主任、周书记, not for 钱复"]
    take(workspace, "周书记", "pruning")
    assert shown(workspace) == {"pruning"}


def test_whoever_alone_may_take_a_later_step_is_kept_for_it(workspace: Workspace) -> None:
    rules = 'steps = ["审核", { name = "审定", by = ["李主任"] }]\n'
    workspace = settle(workspace, rules)
    early = take(workspace, "李主任", "pruning")
    assert said(early.problems) == ["pruning: 李主任 is needed for 审定; 审核 is for somebody else"]
    workspace = settle(workspace, rules + "one_person_one_step = false\n")
    assert take(workspace, "李主任", "pruning").problems == ()


def test_a_step_is_not_taken_before_the_one_in_front_of_it(workspace: Workspace) -> None:
    take(workspace, "赵初", "subsidy")
    early = take(workspace, "钱复", "pruning", step="复审")
    assert said(early.problems) == ["pruning: stands at 初审, not at 复审"]
    every = take(workspace, "钱复", step="复审")
    assert {(one.lesson, one.step) for one in every.entries} == {("subsidy", "复审")}
    assert every.notes == every.problems == ()


def test_a_step_that_there_is_not_is_told_with_those_that_there_are(workspace: Workspace) -> None:
    with pytest.raises(InputError, match="“三审” is not known"):
        take(workspace, "赵初", step="三审")
    with pytest.raises(InputError, match="the review has no steps"):
        approve(make_plain(workspace), ReviewRequest((), "赵初", step="初审"))


def make_plain(workspace: Workspace) -> Workspace:
    (workspace.root / "yuanjiao.toml").write_text(SETTINGS, encoding="utf-8")
    return open_workspace(workspace.root)


def test_a_rejection_says_at_which_step_and_the_review_begins_anew(workspace: Workspace) -> None:
    take(workspace, "赵初", "pruning")
    done = reject(workspace, ReviewRequest(("pruning",), "钱复", "字幕有错字"))
    assert {one.step for one in done.entries} == {"复审"}
    submit(workspace, ReviewRequest(("pruning",), "王芳"))
    item = standing(workspace)
    assert (item.state, item.due.name if item.due else "", item.decisions) == ("waiting", "初审", ())


def test_a_change_voids_the_approval_and_says_what_was_changed(workspace: Workspace) -> None:
    root = workspace.root
    remember(workspace.cache_dir, "led-512x320", "pruning", Inputs(source="a", captions="b", title="c", pieces="1"))
    render(root, "pruning", "led-512x320", b"first")
    submit(workspace, ReviewRequest(("pruning",), "王芳"))
    for by in ("赵初", "钱复", "孙终"):
        take(workspace, by, "pruning")
    remember(workspace.cache_dir, "led-512x320", "pruning", Inputs(source="a", captions="B", title="C", pieces="2"))
    render(root, "pruning", "led-512x320", b"second", title="枣树修剪技术")
    expected = ["the title: 枣树修剪 → 枣树修剪技术", "the subtitles were changed", "the title card was changed"]
    item = standing(workspace)
    assert (item.state, [str(what) for what in item.changed]) == ("changed", expected)
    assert item.rendition.sha256 not in (load_approval(workspace).contents or ())
    submit(workspace, ReviewRequest(("pruning",), "王芳"))
    item = standing(workspace)
    assert (item.state, [str(what) for what in item.changed]) == ("waiting", expected)


def test_an_approval_from_before_there_were_steps_holds_and_its_ledger_is_added_to(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    submit(workspace, ReviewRequest(("pruning",), "王芳"))
    approve(workspace, ReviewRequest(("pruning",), "李主任"))
    with closing(sqlite3.connect(workspace.cache_dir / "state.sqlite")) as connection:
        connection.execute("UPDATE review SET title = ''")
        for column in ("step", "title", "made_from"):
            connection.execute(f"ALTER TABLE review DROP COLUMN {column}")
        connection.execute("DROP TABLE review_link")
        connection.commit()
    (tmp_path / "reviews.head").unlink()
    workspace = settle(workspace, "")
    assert shown(workspace) == {"pruning"}
    submit(workspace, ReviewRequest(("subsidy",), "王芳"))
    take(workspace, "赵初", "subsidy")
    assert shown(workspace) == {"pruning"}
    assert faults_of(load_pages(workspace.cache_dir)) == ()


@pytest.mark.parametrize(
    ("rules", "what"),
    [
        ('steps = ["初审", "初审"]', "“初审” is used twice"),
        ('steps = ["初审", ""]', "steps"),
        ('steps = [{ name = "初审", who = "王芳" }]', "who"),
        (
            'steps = [{ name = "初审", by = ["李主任"] }, { name = "终审", by = ["李主任"] }]',
            "李主任 alone may take two steps",
        ),
    ],
)
def test_steps_that_nobody_can_take_are_refused(workspace: Workspace, rules: str, what: str) -> None:
    with pytest.raises(InputError, match=what):
        settle(workspace, rules + "\n")
