"""What the quality check would have made again is not shown, unless the office accepts the lesson by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from courseware.lessons.workspace import Workspace, open_workspace
from courseware.reviews.approval import load_approval
from courseware.reviews.verdicts import FILE_NAME, Unfit, keep_verdicts, load_unfit

SETTINGS = '[office]\nname = "某县远教办"\ncounty = "某县"\n'
GOOD, BAD = "a" * 64, "b" * 64
DARK = Unfit(lesson="dose", profile="station-tv", fault="黑场 6 秒")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "yuanjiao.toml").write_text(SETTINGS, encoding="utf-8")
    return open_workspace(tmp_path)


def test_what_must_be_made_again_is_not_shown_and_says_why(workspace: Workspace) -> None:
    keep_verdicts(workspace, {GOOD: None, BAD: DARK})
    approval = load_approval(workspace)
    assert (approval.allows(GOOD), approval.allows(BAD)) == (True, False)
    why = str(approval.why_not(BAD))
    assert why == 'must be made again (黑场 6 秒); or write accept = ["dose"] below [quality] in yuanjiao.toml'


def test_the_office_accepts_a_lesson_by_name(workspace: Workspace) -> None:
    keep_verdicts(workspace, {BAD: DARK})
    (workspace.root / "yuanjiao.toml").write_text(SETTINGS + '[quality]\naccept = ["dose"]\n', encoding="utf-8")
    assert load_approval(open_workspace(workspace.root)).allows(BAD)


def test_a_file_that_is_found_good_later_is_shown_again(workspace: Workspace) -> None:
    keep_verdicts(workspace, {BAD: DARK})
    keep_verdicts(workspace, {GOOD: None})
    assert load_unfit(workspace) == {BAD: DARK}
    keep_verdicts(workspace, {BAD: None})
    assert load_unfit(workspace) == {}


def test_a_list_that_is_no_list_hides_nothing_and_stops_nothing(workspace: Workspace) -> None:
    workspace.quality_dir.mkdir()
    (workspace.quality_dir / FILE_NAME).write_text("[", encoding="utf-8")
    assert load_approval(workspace).allows(BAD)
