"""The page of a review: what stands on it, what its policy lets in, and that a click jumps in Chromium."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from playwright.sync_api import Browser

from cli import main, make_console
from courseware.errors import InputError
from courseware.lessons import made_from
from courseware.lessons.made_from import Inputs
from courseware.lessons.rendition import Rendition, RenditionPart, describe
from courseware.lessons.workspace import open_workspace
from courseware.reviews.work import ReviewRequest, approve, submit
from render.reviewing.material import gather_review
from templates.pages import review_page
from tests.conftest import ClipFactory

AXE = Path(__file__).parents[2] / "playlists" / "publishing" / "browser" / "axe.min.js"
PARTS = (("ident", 0, 1000), ("title", 1000, 2000), ("body", 2000, 4000), ("end", 4000, 5000))


@pytest.fixture
def made(workspace: Path, make_clip: ClipFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The workspace with `dose` finished for a screen, 5 seconds long; no fonts are cut, which takes seconds."""
    monkeypatch.setattr(review_page, "inline_faces", lambda _: ())
    clip = make_clip(seconds=5, options=("-pix_fmt", "yuv420p", "-g", "10"))
    finish(workspace, clip, Inputs(source="a", captions="b"))
    return workspace


def finish(root: Path, clip: Path, inputs: Inputs, title: str = "农药怎样配") -> None:
    folder = root / "renditions" / "led-96x64"
    folder.mkdir(parents=True, exist_ok=True)
    content = clip.read_bytes() + title.encode()  # what is behind the last box of an MP4 no player reads
    (folder / "dose.mp4").write_bytes(content)
    described = Rendition(
        lesson="dose",
        title=title,
        series="扶贫实用技术",
        form="微视频",
        profile="led-96x64",
        file="dose.mp4",
        seconds=5,
        width=160,
        height=90,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        key="k",
        parts=tuple(RenditionPart(name=name, start_ms=start, end_ms=end) for name, start, end in PARTS),
    )
    describe(described, folder)
    made_from.remember(root / ".yuanjiao", "led-96x64", "dose", inputs)


def run(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--lang", "zh", "review", "page", *arguments, "--workspace", str(root)])


def test_the_page_names_its_style_and_script_by_their_hashes_and_lets_nothing_else_in(made: Path) -> None:
    document = json.loads(run(made, "dose", "--json").stdout)
    assert document.keys() == {"file", "size", "video", "video_size", "problems"}
    page = Path(document["file"]).read_text(encoding="utf-8")
    policy = re.search(r'Security-Policy" content="([^"]+)"', page)
    assert policy
    for tag, rule in (("style", "style-src"), ("script", "script-src")):
        (content,) = re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{rule} 'sha256-{digest}';" in policy[1]
    assert policy[1].startswith("default-src 'none';")
    assert "unsafe" not in policy[1]
    assert not re.findall(r'\sstyle="|\son\w+="|https?://', page)


def test_what_was_changed_since_the_last_approval_is_told_and_not_what_was_before(
    made: Path, make_clip: ClipFactory
) -> None:
    workspace = open_workspace(made)
    console = make_console("en")
    submit(workspace, ReviewRequest(("dose",), "王芳"))
    approve(workspace, ReviewRequest(("dose",), "李主任"))
    (screen,) = gather_review(workspace, "dose", console).screens
    assert (screen.item.state, screen.item.approved) == ("approved", None)
    clip = make_clip(seconds=5, options=("-pix_fmt", "yuv420p", "-g", "10"))
    finish(made, clip, Inputs(source="a", captions="c"), title="第二版")
    submit(workspace, ReviewRequest(("dose",), "王芳"))
    finish(made, clip, Inputs(source="a", captions="d"), title="第三版")
    (screen,) = gather_review(workspace, "dose", console).screens
    assert [str(one) for one in screen.item.since] == ["the title: 农药怎样配 → 第三版", "the subtitles were changed"]
    assert [str(one) for one in screen.item.changed] == ["the title: 第二版 → 第三版", "the subtitles were changed"]
    assert "农药怎样配 → 第三版" in Path(json.loads(run(made, "dose", "--json").stdout)["file"]).read_text("utf-8")


def test_a_lesson_that_is_not_finished_or_not_for_that_screen_is_refused(made: Path) -> None:
    assert "prune：还没有制作" in run(made, "prune").output
    assert run(made, "dose", "--profile", "station-tv").exit_code == InputError.exit_code
    target = made / "页.html"
    target.write_text("mine", encoding="utf-8")
    assert "页.html" in run(made, "dose", "-o", str(target)).output
    assert target.read_text("utf-8") == "mine"


def test_a_click_jumps_to_the_subtitle_and_axe_finds_nothing(made: Path, chromium: Browser) -> None:
    page_file = Path(json.loads(run(made, "dose", "--json").stdout)["file"])
    wrong: list[str] = []
    for width in (360, 1280):
        context = chromium.new_context(viewport={"width": width, "height": 800})
        page = context.new_page()
        page.on("console", lambda said: wrong.append(said.text))
        page.on("request", lambda asked: wrong.append(asked.url) if asked.url.startswith("http") else None)
        page.goto(page_file.as_uri())
        page.wait_for_function("document.getElementById('film').readyState > 0")
        page.click("#cues li:nth-child(2) button")
        page.wait_for_selector("#cues li:nth-child(2)[aria-current]")
        assert abs(page.evaluate("document.getElementById('film').currentTime") - 3.001) < 0.01
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        context.close()
    context = chromium.new_context(viewport={"width": 360, "height": 800}, bypass_csp=True)
    page = context.new_page()
    page.goto(page_file.as_uri())
    page.add_script_tag(path=AXE)
    assert [one["id"] for one in page.evaluate("axe.run()")["violations"]] == []
    context.close()
    assert wrong == []
