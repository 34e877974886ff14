from __future__ import annotations

from pathlib import Path

import pytest

from courseware.errors import InputError, Problem
from courseware.lessons.workspace import Workspace
from courseware.reviews.book import load_book
from courseware.reviews.items import find_damaged, find_items
from courseware.reviews.work import ReviewOutcome, ReviewRequest, approve, reject, submit
from tests.courseware.reviews.workspaces import make_workspace, render


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path)


def order(*lessons: str, by: str = "王芳", note: str = "") -> ReviewRequest:
    return ReviewRequest(lessons, by, note)


def states(workspace: Workspace) -> dict[tuple[str, str], str]:
    return {(one.rendition.lesson, one.rendition.profile): one.state for one in find_items(workspace)}


def said(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.render(str) for problem in problems]


def seen(done: ReviewOutcome) -> list[tuple[str, str]]:
    return [(one.lesson, one.profile) for one in done.entries]


def test_what_was_never_submitted_is_new_and_looking_makes_no_file(workspace: Workspace) -> None:
    assert set(states(workspace).values()) == {"new"}
    assert not workspace.cache_dir.exists()


def test_a_submission_covers_every_screen_and_waits(workspace: Workspace) -> None:
    assert seen(submit(workspace, order("pruning"))) == [("pruning", "led-512x320"), ("pruning", "station-tv")]
    assert states(workspace)["pruning", "station-tv"] == "waiting"
    assert states(workspace)["subsidy", "station-tv"] == "new"


def test_without_a_name_everything_new_is_submitted_once(workspace: Workspace) -> None:
    assert len(submit(workspace, order()).entries) == 4
    again = submit(workspace, order())
    assert (again.entries, again.problems) == ((), ())


def test_an_approval_keeps_who_when_for_which_office_and_of_which_bytes(workspace: Workspace) -> None:
    submit(workspace, order("pruning"))
    approve(workspace, order("pruning", by="李主任", note="可播"))
    (first, *_) = find_items(workspace, ("pruning",))
    assert first.state == "approved"
    assert first.submitted is not None
    assert first.decided is not None
    assert (first.submitted.by, first.decided.by, first.decided.note) == ("王芳", "李主任", "可播")
    assert (first.decided.office, first.decided.content) == ("测试县远教办", first.rendition.sha256)
    assert first.decided.at >= first.submitted.at > 1_700_000_000


def test_a_lesson_made_anew_needs_a_new_review(workspace: Workspace) -> None:
    submit(workspace, order())
    approve(workspace, order(by="李主任"))
    changed = render(workspace.root, "pruning", "station-tv", b"corrected")
    assert states(workspace)["pruning", "station-tv"] == "changed"
    assert states(workspace)["pruning", "led-512x320"] == "approved"
    assert changed not in load_book(workspace.cache_dir, workspace.settings.review).approved
    assert said(approve(workspace, order("pruning")).problems) == ["pruning: is approved already"]
    assert seen(submit(workspace, order())) == [("pruning", "station-tv")]


def test_the_bytes_that_were_approved_stay_approved_when_they_are_made_again(workspace: Workspace) -> None:
    submit(workspace, order())
    approve(workspace, order(by="李主任"))
    render(workspace.root, "pruning", "station-tv", b"other")
    render(workspace.root, "pruning", "station-tv", b"pruning station-tv")
    assert set(states(workspace).values()) == {"approved"}


def test_what_changed_between_submission_and_approval_is_not_approved(workspace: Workspace) -> None:
    submit(workspace, order("pruning"))
    render(workspace.root, "pruning", "led-512x320", b"other")
    render(workspace.root, "pruning", "station-tv", b"another")
    done = approve(workspace, order("pruning", by="李主任"))
    assert done.entries == ()
    assert said(done.problems) == ["pruning: was made again since it was submitted; submit it again"]


def test_a_rejection_takes_an_approval_back_and_can_be_submitted_again(workspace: Workspace) -> None:
    submit(workspace, order("subsidy"))
    approve(workspace, order("subsidy", by="李主任"))
    reject(workspace, order("subsidy", by="李主任", note="政策已调整"))
    assert states(workspace)["subsidy", "station-tv"] == "rejected"
    assert load_book(workspace.cache_dir, workspace.settings.review).approved == frozenset()
    submit(workspace, order("subsidy"))
    assert states(workspace)["subsidy", "station-tv"] == "waiting"


def test_a_file_whose_bytes_are_not_those_described_cannot_be_approved(workspace: Workspace) -> None:
    submit(workspace, order("pruning"))
    path = workspace.renditions_dir / "station-tv" / "pruning.mp4"
    path.write_bytes(path.read_bytes()[::-1])
    done = approve(workspace, order("pruning", by="李主任"))
    assert seen(done) == [("pruning", "led-512x320")]
    assert said(done.problems) == [
        "renditions/station-tv/pruning.mp4: is not as it was made; run “yuanjiao render pruning”"
    ]
    assert ("pruning", "station-tv") not in states(workspace)
    assert [one.profile for one in find_damaged(workspace)] == ["station-tv"]
    path.write_bytes(path.read_bytes()[::-1])
    assert states(workspace)["pruning", "station-tv"] == "waiting"


def test_how_much_is_read_is_told_while_files_are_compared(workspace: Workspace) -> None:
    submit(workspace, order())
    told: list[tuple[int, int]] = []
    approve(workspace, ReviewRequest((), "李主任"), lambda read, total: told.append((read, total)))
    sizes = [one.rendition.size for one in find_items(workspace)]
    assert told[-1] == (sum(sizes), sum(sizes))
    assert len(told) == len(sizes)


@pytest.mark.parametrize(
    ("act", "what"),
    [
        (approve, "is not submitted yet; run “yuanjiao review submit”"),
        (reject, "was not submitted again since it was rejected or changed; run “yuanjiao review submit”"),
    ],
)
def test_nothing_is_decided_that_nobody_submitted(workspace: Workspace, act: object, what: str) -> None:
    assert callable(act)
    done = act(workspace, order("pruning", note="x"))
    assert (done.entries, said(done.problems)) == ((), [f"pruning: {what}"])


def test_a_lesson_without_a_finished_video_is_told(workspace: Workspace) -> None:
    for path in workspace.renditions_dir.glob("*/pruning.json"):
        path.unlink()
    assert said(submit(workspace, order("pruning")).problems) == [
        "pruning: is not rendered yet; run “yuanjiao render”"
    ]


def test_an_unknown_lesson_stops_everything(workspace: Workspace) -> None:
    with pytest.raises(InputError, match="did you mean pruning"):
        submit(workspace, order("prunning", "subsidy"))
    assert set(states(workspace).values()) == {"new"}


def test_two_jobs_in_one_hand_another_printed_name_and_screens_left_behind_are_remarked(workspace: Workspace) -> None:
    submit(workspace, order("pruning"))
    render(workspace.root, "pruning", "station-tv", b"other")
    done = approve(workspace, order("pruning"))
    assert done.problems == ()
    assert said(done.notes) == [
        "pruning: 王芳 submitted it, too; let somebody else approve",
        "pruning: the card names 张审核 as reviewer, but 王芳 approved it",
        "pruning: not submitted for station-tv yet",
    ]


def test_the_reviewer_whom_the_card_names_gives_no_remark(workspace: Workspace) -> None:
    submit(workspace, order("pruning"))
    assert approve(workspace, order("pruning", by="张审核")).notes == ()


@pytest.mark.parametrize("by", ["", "  ", "a\nb", "王" * 61])
def test_a_name_is_one_line_that_somebody_can_bear(workspace: Workspace, by: str) -> None:
    with pytest.raises(InputError, match="--by"):
        submit(workspace, order(by=by))


def test_a_rejection_says_why(workspace: Workspace) -> None:
    with pytest.raises(InputError, match="--reason: must not be empty"):
        reject(workspace, order("pruning", note=" "))
