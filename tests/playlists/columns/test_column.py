"""An issue from its draft to its page, and away again."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import feedparser
import pytest
from PIL import Image

from courseware import files
from courseware.lessons.column import BUILT_IN_COLUMN
from courseware.lessons.rendition import Rendition, RenditionPart, describe
from courseware.lessons.workspace import open_workspace
from playlists.almanac.clock import moved_to
from playlists.columns import covers
from playlists.columns.drafting import DraftIssue
from playlists.columns.drafting import new_issue as make_issue
from playlists.columns.issue import ColumnIssue, IssueFile
from templates.cards.drawing import TextLine
from tests.conftest import ClipFactory
from tests.playlists.columns.counties import (
    ARTICLE,
    NAME,
    SETTINGS,
    WEB,
    approve,
    make_workspace,
    new_issue,
    run,
    write_draft,
)
from tests.rush import rush

ROAD = Path("published/columns/road")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_workspace(tmp_path)


def states(root: Path) -> dict[int, str]:
    (column,) = json.loads(run(root, "column", "status", "--json").stdout)["columns"]
    return {one["number"]: one["state"] for one in column["issues"]}


def change(issue: Path, before: str, after: str, name: str = "issue.toml") -> None:
    content = (issue / name).read_text(encoding="utf-8")
    assert before in content
    (issue / name).write_text(content.replace(before, after), encoding="utf-8")


def size_of(path: Path) -> tuple[int, int]:
    with Image.open(path) as picture:
        return picture.width, picture.height


def take_number(process: int, turn: int, root: Path) -> None:
    """Without the lock, as two computers on a shared folder whose lock fails."""
    workspace = open_workspace(root)
    make_issue(workspace, workspace.settings.columns[0], DraftIssue(f"{process}-{turn}", "正文。"))


def test_an_issue_goes_from_its_draft_to_its_page(root: Path) -> None:
    issue = new_issue(root)
    assert issue.name == "001"
    assert run(root, "column", "build", "1").exit_code == 0
    assert {path.name for path in (issue / "made").iterdir()} == {
        "index.html", "wechat.html", "wechat.txt", "cover.jpg", "cover-square.jpg", "picture-1.jpg",
    }  # fmt: skip
    assert [size_of(issue / "made" / name) for name in ("cover.jpg", "cover-square.jpg")] == [
        (900, 383),
        (900, 900),
    ]
    assert "草稿" in (issue / "made" / "wechat.html").read_text(encoding="utf-8")
    refused = run(root, "column", "publish", "1")
    assert (refused.exit_code, "is not approved; run" in refused.output) == (1, True)
    assert not (root / ROAD).exists()
    approve(root)
    assert states(root) == {1: "approved"}
    done = json.loads(run(root, "column", "publish", "--json").stdout)
    assert (done["published"], done["new"], done["problems"]) == (1, [1], [])
    for page in ((root / ROAD / "001" / "index.html"), issue / "made" / "wechat.html"):
        shown = page.read_text(encoding="utf-8")
        assert "草稿" not in shown
        assert "李主任" in shown
    assert "枣树下的课堂" in (root / ROAD / "index.html").read_text(encoding="utf-8")
    assert not list((root / ROAD).rglob("wechat*"))
    assert states(root) == {1: "published"}


def test_the_feed_is_one_that_readers_take(root: Path) -> None:
    new_issue(root, title="枣树 & <课堂>")
    approve(root)
    with moved_to(datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Asia/Shanghai"))):
        run(root, "column", "publish")
    feed = feedparser.parse((root / ROAD / "rss.xml").read_bytes())
    assert (feed.bozo, feed.version, feed.feed.title) == (False, "rss20", "扶贫振兴之路")
    (entry,) = feed.entries
    assert (entry.title, entry.link) == ("第1期　枣树 & <课堂>", "https://example.org/road/001/index.html")
    assert entry.published_parsed[:3] == (2026, 11, 20)


def test_a_column_that_is_on_no_web_has_no_feed(tmp_path: Path) -> None:
    root = make_workspace(tmp_path, SETTINGS)
    new_issue(root)
    approve(root)
    assert "There is no RSS feed" in run(root, "column", "publish").output
    assert not (root / ROAD / "rss.xml").exists()


def test_a_change_voids_the_approval_and_what_was_published_stays(root: Path) -> None:
    issue = new_issue(root)
    approve(root)
    run(root, "column", "publish")
    change(issue, "三十年", "二十年", "article.md")
    change(issue, "枣树下的课堂", "枣树上的课堂")
    refused = run(root, "column", "publish", "1")
    assert "title: 枣树下的课堂 → 枣树上的课堂" in refused.output
    assert states(root) == {1: "edited"}
    assert "三十年" in (root / ROAD / "001" / "index.html").read_text(encoding="utf-8")
    told = json.loads(run(root, "review", "status", "column:1", "--json").stdout)["subjects"][0]
    assert told["state"] == "changed"
    assert told["changed"] == ["title: 枣树下的课堂 → 枣树上的课堂", "changed: article.md"]


@pytest.mark.parametrize("edited", [False, True])
def test_an_issue_that_is_rejected_disappears_in_the_same_run(root: Path, *, edited: bool) -> None:
    issue = new_issue(root)
    approve(root)
    run(root, "column", "publish")
    if edited:
        change(issue, "三十年", "二十年", "article.md")
    found = run(root, "review", "reject", "column:1", "--by", "李主任", "--reason", "数字有误")
    assert "is no longer shown in the column" in found.output
    assert not (root / ROAD / "001").exists()
    assert "枣树下的课堂" not in (root / ROAD / "index.html").read_text(encoding="utf-8")
    assert feedparser.parse((root / ROAD / "rss.xml").read_bytes()).entries == []


def test_an_issue_that_is_withdrawn_disappears_and_keeps_its_number(root: Path) -> None:
    issue = new_issue(root)
    approve(root)
    run(root, "column", "publish")
    with (issue / "issue.toml").open("a", encoding="utf-8") as file:
        file.write("withdrawn = true\n")
    assert "Issue 1 is no longer shown: it was withdrawn" in run(root, "column", "publish").output
    assert not (root / ROAD / "001").exists()
    assert states(root) == {1: "withdrawn"}
    shutil.rmtree(issue)
    assert new_issue(root).name == "002"


def test_numbers_have_no_gaps_and_no_doubles(root: Path) -> None:
    first, second = new_issue(root), new_issue(root)
    assert (first.name, second.name, new_issue(root).name) == ("001", "002", "003")
    shutil.rmtree(second)
    assert "number 2 is missing" in run(root, "column", "status").output
    assert new_issue(root).name == "002"
    shutil.copytree(first, first.with_name("1"))
    assert "number 1 is there twice (001、1)" in run(root, "column", "build", "1").output


def test_numbers_are_taken_once_when_two_people_make_issues_at_the_same_moment(root: Path) -> None:
    rush(3, 4, take_number, root)
    found = sorted((root / NAME).iterdir())
    assert [path.name for path in found] == [f"{number:03}" for number in range(1, 13)]
    titles = {(path / "issue.toml").read_text(encoding="utf-8").splitlines()[1] for path in found}
    assert len(titles) == 12


def test_a_full_disk_leaves_what_was_published_whole(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new_issue(root)
    approve(root)
    run(root, "column", "publish")
    new_issue(root, title="第二篇")
    approve(root, 2)
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file() and ROAD.name in path.parts}
    kept = (root / NAME / "published.json").read_bytes()

    def full(_paths: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "_flush_all", full)
    assert "the disk is full" in run(root, "column", "publish").output
    monkeypatch.undo()
    assert {path: path.read_bytes() for path in before} == before
    assert not (root / ROAD / "002").exists()
    assert (root / NAME / "published.json").read_bytes() == kept
    assert json.loads(run(root, "column", "publish", "--json").stdout)["new"] == [2]


def test_what_a_person_changed_of_a_page_is_kept(root: Path) -> None:
    issue = new_issue(root)
    run(root, "column", "build", "1")
    change(issue / "made", "枣树下的课堂", "手改的题目", "index.html")
    assert "kept as index.html.bak" in run(root, "column", "build", "1").output
    assert "手改的题目" in (issue / "made" / "index.html.bak").read_text(encoding="utf-8")
    article = (issue / "article.md").read_bytes()
    assert article.decode().endswith(ARTICLE)


def test_all_that_is_wrong_with_an_issue_is_told_at_once(root: Path) -> None:
    issue = new_issue(root)
    change(issue, 'title = "枣树下的课堂"', f'title = "{"长" * 65}"\ncolour = 1')
    (issue / "article.md").write_text("<script>x</script>\n\n![图](https://a.example/b.jpg)\n", encoding="utf-8")
    told = run(root, "column", "build", "1").output
    for part in ("at most 64", "colour: unknown key", "article.md:1: holds HTML", "article.md:3: the picture"):
        assert part in told
    (column,) = json.loads(run(root, "column", "status", "--json").stdout)["columns"]
    assert [one["where"] for one in column["issues"][0]["missing"]] == [
        "issue.toml: title",
        "issue.toml: colour",
        "article.md:1",
        "article.md:3",
    ]
    assert "4 in all" in " ".join(run(root, "column", "status").output.replace("│", " ").split())
    (issue / "issue.toml").write_text('title = "好😀"\ncover = "../a.jpg"\nlesson = "none"\n', encoding="utf-8")
    assert "“none” is not known" in run(root, "column", "build", "1").output
    (issue / "issue.toml").write_text('title = "好😀"\ncover = "../a.jpg"\n', encoding="utf-8")
    (issue / "article.md").write_text("<!-- 还没写 -->\n", encoding="utf-8")
    told = run(root, "column", "build", "1").output
    for part in ("no font can print 😀", "cover: the picture “../a.jpg”", "nothing is written in it yet"):
        assert part in told
    assert not (issue / "made").exists()


def test_check_and_status_tell_of_columns_too(root: Path) -> None:
    issue = new_issue(root)
    approve(root)
    run(root, "column", "publish")
    new_issue(root)
    assert "扶贫振兴之路: 1 of 100 issues are published" in run(root, "status").output
    assert "columns/" not in run(root, "check").output
    change(issue, "date", "day")
    (root / NAME / "新").mkdir()
    told = run(root, "check").output
    assert "columns/扶贫振兴之路/001/issue.toml: day: unknown key; did you mean “date”?" in told
    assert "columns/扶贫振兴之路/新: is not a number of an issue" in told


def test_a_title_that_is_too_long_is_refused_before_a_number_is_taken(root: Path) -> None:
    told = run(root, "column", "new", "--from", str(write_draft(root / "drafts", title="长" * 65)))
    assert "draft.md: title: is 65 characters long; at most 64" in told.output
    assert not (root / NAME).exists()


@pytest.mark.parametrize(
    "title", ["修剪", "从贫困户到技术员他把修剪课办到了地头还带出了二十个徒弟" * 2 + "一二三四", "A" * 64]
)
def test_number_and_draft_mark_stand_on_both_covers_however_long_the_title_is(title: str) -> None:
    issue = ColumnIssue(BUILT_IN_COLUMN, 112, Path("112"), IssueFile(title=title))
    for size in covers.COVERS.values():
        parts = covers.plan_cover(size, covers.own_look(), issue, "第112期·草稿")
        lines = [part for part in parts if isinstance(part, TextLine)]
        assert "第112期·草稿" in lines[0].text
        assert "".join(line.text for line in lines[1:]) == title
        assert all(line.x + line.width <= size[0] and line.baseline <= size[1] for line in lines)
        assert title != "修剪" or lines[0].em >= 40, "on a phone a cover is as wide as a thumb"


def test_an_issue_about_a_lesson_has_what_it_says_and_pictures_of_its_video(
    root: Path, make_clip: ClipFactory
) -> None:
    lesson = root / "courseware" / "pruning"
    lesson.mkdir(parents=True)
    (lesson / "lesson.toml").write_text(
        'title = "枣树修剪"\nseries = "扶贫实用技术"\nform = "微视频"\nsummary = "三步修剪。"\n'
        'link = "https://example.org/v"\ncredit = "画面：某某（CC BY 4.0）"\ncut = ["0:04-0:05"]\n',
        encoding="utf-8",
    )
    clip = make_clip(seconds=5)
    shutil.copy(clip, lesson / "clip.mp4")
    cues = "1\n00:00:00,000 --> 00:00:02,000\n先看*树势\n\n2\n00:00:02,000 --> 00:00:04,000\n再动剪刀\n\n"
    cues += "3\n00:00:04,200 --> 00:00:04,900\n剪掉的话\n"
    (lesson / "clip.srt").write_text(cues, encoding="utf-8")
    made = root / "renditions" / "station-tv"
    made.mkdir(parents=True)
    shutil.copy(clip, made / "pruning.mp4")
    describe(
        Rendition(
            lesson="pruning", title="枣树修剪", series="扶贫实用技术", form="微视频", profile="station-tv",
            file="pruning.mp4", seconds=5, width=160, height=90, size=clip.stat().st_size, sha256=files.sha256(clip),
            key="k", parts=(RenditionPart(name="body", start_ms=0, end_ms=4000),),
        ),
        made,
    )  # fmt: skip
    assert run(root, "column", "new", "pruning").exit_code == 0
    issue = root / NAME / "001"
    article = (issue / "article.md").read_text(encoding="utf-8")
    assert "先看\\*树势，再动剪刀。" in article
    assert "剪掉的话" not in article
    assert "![先看\\*树势](still-0m01s.jpg)" in article
    assert size_of(issue / "still-0m01s.jpg") == (160, 90)
    change(issue, "still-0m01s", "still-0m02s", "article.md")
    assert run(root, "column", "build", "1").exit_code == 0
    assert (issue / "still-0m02s.jpg").is_file()
    for page in ("index.html", "wechat.html"):
        assert "画面：某某（CC BY 4.0）" in (issue / "made" / page).read_text(encoding="utf-8")
    assert "长按识别二维码" in (issue / "made" / "wechat.html").read_text(encoding="utf-8")
    change(issue, "still-0m02s", "still-9m00s", "article.md")
    assert "behind the end of the video, which lasts 5 seconds" in run(root, "column", "build", "1").output
    change(issue, "still-9m00s", "still-0m02s", "article.md")
    approve(root)
    run(root, "column", "publish", "1")
    run(root, "review", "submit", "pruning", "--by", "王芳")
    told = run(root, "review", "reject", "pruning", "--by", "李主任", "--reason", "旧了").output
    assert "its lesson pruning was rejected" in told
    assert not (root / ROAD / "001").exists()
    assert "pruning was rejected; name another lesson" in run(root, "column", "build", "1").output


def test_there_may_be_several_columns(tmp_path: Path) -> None:
    more = WEB + '[[columns]]\nname = "乡村夜话"\nslug = "talk"\ngoal = 0\n'
    root = make_workspace(tmp_path, SETTINGS + more)
    assert "name one of: 扶贫振兴之路、乡村夜话" in run(root, "column", "new", "--title", "甲").output
    assert run(root, "column", "new", "--title", "甲", "-c", "乡村夜话").exit_code == 0
    assert (root / "columns" / "乡村夜话" / "001" / "article.md").is_file()
    wrong = run(make_workspace(root, SETTINGS + WEB + WEB), "column", "status").output
    assert "columns: “road” is used twice" in wrong
