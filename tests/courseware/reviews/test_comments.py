"""Comments on a moment of a finished video: kept with the reviews, decided by nobody, settled once."""

from __future__ import annotations

from pathlib import Path

import pytest

from courseware.errors import InputError
from courseware.lessons.rendition import RenditionPart, load_rendition
from courseware.lessons.workspace import Workspace
from courseware.reviews.comments import CommentWish, comment, load_comments, settle, source_moment
from courseware.reviews.items import find_items
from courseware.reviews.ledger import faults_of, load_pages
from courseware.reviews.work import ReviewRequest, approve, submit
from tests.courseware.reviews.workspaces import SETTINGS, make_workspace, render


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path, SETTINGS + '[review]\nsteps = ["初审", "终审"]\n')


def say(workspace: Workspace, at: str = "0:42", words: str = "字幕有错字", profile: str = "") -> int:
    return comment(workspace, CommentWish("pruning", at, words, "李主任", profile)).number


def test_a_comment_is_bound_to_a_moment_of_the_very_bytes_and_is_settled_by_its_number(workspace: Workspace) -> None:
    late, early = say(workspace), say(workspace, "0:05.5", "开头太暗", profile="station-tv")
    first, second = load_comments(workspace, ("pruning",))
    assert (first.number, first.at_ms, first.said.profile) == (early, 5500, "station-tv")
    made = load_rendition(workspace.renditions_dir / "station-tv", "pruning")
    assert made is not None
    assert first.said.content == made.sha256
    assert (second.number, second.at, second.said.note, second.settled) == (late, "0:42", "字幕有错字", None)
    settle(workspace, (late,), "王芳", "已改")
    (_, second) = load_comments(workspace, ("pruning",))
    assert second.settled is not None
    assert (second.settled.by, second.settled.note) == ("王芳", "已改")
    assert faults_of(load_pages(workspace.cache_dir)) == ()
    assert load_comments(workspace, ("subsidy",)) == ()


def test_a_comment_decides_nothing_but_an_approval_tells_what_is_open(workspace: Workspace) -> None:
    submit(workspace, ReviewRequest(("pruning",), "王芳"))
    number = say(workspace)
    assert {one.state for one in find_items(workspace, ("pruning",))} == {"waiting"}
    done = approve(workspace, ReviewRequest(("pruning",), "赵初"))
    assert len(done.entries) == 2
    assert "pruning: 1 comments on it are not settled" in [one.render(str) for one in done.notes]
    settle(workspace, (number,), "王芳")
    approve(workspace, ReviewRequest(("pruning",), "李主任"))
    assert {one.state for one in find_items(workspace, ("pruning",))} == {"approved"}


@pytest.mark.parametrize(
    ("at", "more", "why"),
    [
        ("1:00", {}, "lasts 1:00"),
        ("-0:01", {}, "no moment"),
        ("x", {}, "no moment"),
        ("0:01", {"words": " "}, "must not be empty"),
        ("0:01", {"words": "a\nb"}, "one line"),
        ("0:01", {"profile": "other"}, "--profile"),
    ],
)
def test_what_is_no_comment_is_not_written(workspace: Workspace, at: str, more: dict[str, str], why: str) -> None:
    with pytest.raises(InputError, match=why):
        say(workspace, at, **more)
    assert load_comments(workspace) == ()


def test_nothing_is_settled_where_one_number_is_wrong_or_over(workspace: Workspace) -> None:
    first, second = say(workspace), say(workspace)
    settle(workspace, (first,), "王芳")
    with pytest.raises(InputError, match=r"99: there is no comment(.|\n)*1: is settled already"):
        settle(workspace, (second, 99, first), "王芳")
    assert [one.number for one in load_comments(workspace) if one.settled is None] == [second]


def test_a_moment_of_the_raw_video_is_found_behind_the_cards(workspace: Workspace) -> None:
    say(workspace, "0:12")
    (found,) = load_comments(workspace)
    made = load_rendition(workspace.renditions_dir / found.said.profile, "pruning")
    assert made is not None
    parts = (
        RenditionPart(name="ident", start_ms=0, end_ms=5000),
        RenditionPart(name="body", start_ms=5000, end_ms=50_000),
    )
    assert source_moment(found, made.model_copy(update={"parts": parts})) == 7000
    assert source_moment(found, made) is None
    assert source_moment(found, None) is None


def test_what_changed_is_told_since_the_last_approval_too(workspace: Workspace) -> None:
    for by in ("赵初", "李主任"):
        submit(workspace, ReviewRequest(("pruning",), "王芳"))
        approve(workspace, ReviewRequest(("pruning",), by))
    render(workspace.root, "pruning", "station-tv", b"second", "枣树怎样修剪")
    submit(workspace, ReviewRequest(("pruning",), "王芳"))
    render(workspace.root, "pruning", "station-tv", b"third", "枣树怎么修剪")
    item = next(one for one in find_items(workspace, ("pruning",)) if one.rendition.profile == "station-tv")
    assert [str(one) for one in item.changed] == ["the title: 枣树怎样修剪 → 枣树怎么修剪"]
    assert [str(one) for one in item.since] == ["the title: 枣树修剪 → 枣树怎么修剪"]
