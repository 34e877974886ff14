"""A column in Chromium: its pages on a phone and on a desk, and its article copied and pasted by the keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from tests.playlists.columns.counties import NAME, approve, make_workspace, new_issue, run

pytestmark = pytest.mark.long

AXE = Path(__file__).parents[1] / "publishing" / "browser" / "axe.min.js"
ARTICLE = (
    "开头**重点**，见[说明](https://example.org/a)。\n\n## 看树势\n\n![剪枝](a.jpg)\n\n- 去掉病枝\n- 留下壮枝\n\n"
    "> 技术学到手\n\n| 项 | 数 |\n|--|--|\n| 亩产 | 1650 |\n"
)
# What WeChat's editor is known to keep; the rest it drops when something is pasted.
WECHAT = """(box) => {
  const tags = new Set(('P SECTION SPAN STRONG B EM I U S BR IMG H1 H2 H3 H4 UL OL LI BLOCKQUOTE TABLE THEAD TBODY'
    + ' TR TH TD HR SUP PRE CODE').split(' '));
  const attributes = new Set(['style', 'src', 'width', 'height', 'alt']);
  const dropped = ['position', 'top', 'left', 'right', 'bottom', 'z-index', 'transform', 'animation', 'font-family',
    'background-image'];
  const lost = [];
  for (const one of [...box.querySelectorAll('*')]) {
    if (!tags.has(one.tagName)) { lost.push(one.tagName); one.replaceWith(...one.childNodes); continue; }
    for (const name of one.getAttributeNames()) if (!attributes.has(name)) one.removeAttribute(name);
    for (const name of dropped) one.style.removeProperty(name);
  }
  return lost.filter(tag => !['META', 'DIV'].includes(tag));
}"""
LOOKS = """(box) => [...box.querySelectorAll('h2, p, li, td, strong, img, blockquote')].map(one => {
  const style = getComputedStyle(one);
  return [one.tagName, one.innerText.trim(), style.color, style.fontSize, style.fontWeight, style.borderLeftWidth,
    style.backgroundColor,
    one.tagName === 'IMG' ? [one.src.slice(0, 22), one.naturalWidth, one.getAttribute('width')] : ''];
})"""

LINES = "(one) => { const r = document.createRange(); r.selectNodeContents(one); return r.getClientRects().length; }"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = make_workspace(tmp_path)
    new_issue(root, ARTICLE, "枣树下的课堂")
    new_issue(root, ARTICLE, "从贫困户到技术员他把修剪课办到了地头还带出了二十个徒弟" * 2 + "一二三四")
    for number in (1, 2):
        approve(root, number)
    assert run(root, "column", "publish").exit_code == 0
    return root


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    found = chromium.new_context()
    yield found
    found.close()


def opened(context: BrowserContext, path: Path, width: int) -> tuple[Page, list[str], list[str]]:
    """The page, what it asked for outside of its folder, and what it complained of."""
    asked: list[str] = []
    said: list[str] = []

    def on_request(request: Request) -> None:
        if not request.url.startswith((path.parents[1].as_uri(), "data:")):
            asked.append(request.url)

    def on_console(message: ConsoleMessage) -> None:
        said.append(message.text)

    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    page.on("request", on_request)
    page.on("console", on_console)
    page.goto(path.as_uri())
    return page, asked, said


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_its_pages_fit_every_screen_and_ask_for_nothing_from_outside(
    root: Path, context: BrowserContext, width: int
) -> None:
    for name in ("index.html", "001/index.html", "002/index.html"):
        path = root / "published" / "columns" / "road" / name
        page, asked, said = opened(context, path, width)
        assert (asked, said) == ([], [])
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("[...document.images].every(one => one.complete && one.naturalWidth > 0)")
        page.close()


def test_what_a_long_credit_is_for_stays_in_one_line(root: Path, context: BrowserContext) -> None:
    page, _, _ = opened(context, root / "published" / "columns" / "road" / "001" / "index.html", 360)
    page.locator(".credits dd").last.evaluate("(one) => { one.textContent = '画面：示例县远教办；'.repeat(9); }")
    assert page.locator(".credits dt").last.evaluate(LINES) == 1


def test_whoever_cannot_see_them_finds_nothing_serious(root: Path, chromium: Browser) -> None:
    context = chromium.new_context(bypass_csp=True)
    for name in ("index.html", "001/index.html"):
        page, _, _ = opened(context, root / "published" / "columns" / "road" / name, 360)
        page.add_script_tag(path=AXE)
        found: dict[str, Any] = page.evaluate("axe.run({resultTypes: ['violations']})")
        assert [one["id"] for one in found["violations"] if one["impact"] in {"serious", "critical"}] == []
    context.close()


def test_the_article_survives_copy_and_paste_into_wechats_editor(root: Path, context: BrowserContext) -> None:
    source, asked, said = opened(context, root / NAME / "001" / "made" / "wechat.html", 1280)
    assert (asked, said) == ([], [])
    wanted = source.evaluate(LOOKS, source.query_selector("body"))
    source.keyboard.press("Control+a")
    source.keyboard.press("Control+c")
    editor = context.new_page()
    editor.set_content("<div contenteditable id=box style='width: 677px'></div>")
    editor.focus("#box")
    editor.keyboard.press("Control+v")
    editor.wait_for_selector("#box img")
    box = editor.query_selector("#box")
    assert editor.evaluate(WECHAT, box) == []
    assert editor.evaluate(LOOKS, box) == wanted
    assert "文中链接" in editor.inner_text("#box")
    assert not editor.query_selector("#box [class], #box [id], #box script, #box style, #box a")
