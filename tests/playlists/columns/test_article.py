"""What an article may hold, and what is made of it for editors that drop most of it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from courseware.errors import InputError
from playlists.columns.article import Article, read_article
from playlists.columns.stills import moment_of, still_name
from playlists.columns.writing import MadePicture, Manner, wechat_manner, written_out

PICTURE = MadePicture("picture-1.jpg", 1280, 720, b"jpeg")
EVERYTHING = (
    "# 一\n\n甲**重点**和[说明](https://example.org/a?b=1&c=2)。\n\n## 二\n\n- 丙\n\n- 丁\n\n1. 戊\n\n> 引用\n\n"
    "| 项 | 数 |\n|:--|--:|\n| 产量 | 1 |\n\n![图 1 & 2](a.jpg)\n\n```python\nx<1\n```\n\n~~旧~~ `码`\n\n---\n"
)


def article_of(folder: Path, content: str) -> Article:
    (folder / "a.jpg").touch()
    return read_article(content, "article.md", folder)


def refused(folder: Path, content: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        article_of(folder, content)
    return [problem.render(str) for problem in caught.value.problems]


class Tags(HTMLParser):
    """Which tags there are, and with which attributes."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def test_scripts_and_other_html_are_refused_where_they_stand(tmp_path: Path) -> None:
    content = "第一段。\n\n<script>alert(1)</script>\n\n好<b onclick=x>的</b>\n"
    assert refused(tmp_path, content) == [
        "article.md:3: holds HTML (“<script>alert(1)</script>”), which is not taken; write it as Markdown",
        "article.md:5: holds HTML (“<b onclick=x>”), which is not taken; write it as Markdown",
        "article.md:5: holds HTML (“</b>”), which is not taken; write it as Markdown",
    ]


def test_every_picture_and_link_that_must_not_be_shown_is_named_at_once(tmp_path: Path) -> None:
    content = (
        "![甲](https://example.org/a.jpg)\n\n![乙](../secret.jpg)\n\n![丙](b.jpg)\n\n![丁](c.svg)\n\n"
        "![戊](data:image/png;base64,AA)\n\n[己](javascript:alert)\n\n[庚](../a.md)\n\n![辛](/etc/d.png)\n"
    )
    said = refused(tmp_path, content)
    for line, part in zip((1, 3, 5, 7, 9, 11, 13, 15), said, strict=True):
        assert part.startswith(f"article.md:{line}: ")
    for part, words in zip(
        said,
        (
            "lies elsewhere",
            "is not in this folder",
            "did you mean a.jpg?",
            "of a kind that cannot be shown",
            "lies elsewhere",
            "cannot be followed",
            "cannot be followed",
            "is not in this folder",
        ),
        strict=True,
    ):
        assert words in part


def test_notes_to_the_writer_are_not_printed_and_lines_are_counted_with_them(tmp_path: Path) -> None:
    assert article_of(tmp_path, "<!-- 说明\n说明 -->\n").is_empty
    assert refused(tmp_path, "<!-- 一\n二 -->\n\n<i>\n")[0].startswith("article.md:4: ")


def test_a_moment_of_the_video_needs_no_file_yet(tmp_path: Path) -> None:
    assert article_of(tmp_path, "![甲](still-1m05s.jpg)\n").pictures == ("still-1m05s.jpg",)
    assert (moment_of("still-1m05s.jpg"), moment_of("still-7s.jpg"), moment_of("a.jpg")) == (65_000, 7_000, None)
    assert still_name(65_000) == "still-1m05s.jpg"


def test_what_is_pasted_into_wechat_has_its_looks_inside_and_nothing_else(tmp_path: Path) -> None:
    made = written_out(article_of(tmp_path, EVERYTHING), {"a.jpg": PICTURE}, wechat_manner())
    tags = Tags(made).seen
    assert {name for _, attributes in tags for name in attributes} <= {"style", "src", "width", "height", "alt"}
    assert not {tag for tag, _ in tags} & {"script", "style", "link", "a", "h1", "iframe", "svg"}
    bare = {tag for tag, attributes in tags if "style" not in attributes}
    assert bare <= {"thead", "tbody", "tr", "br"}
    assert not re.search(r"url\(|position|font-family|expression", made)
    (image,) = [attributes for tag, attributes in tags if tag == "img"]
    assert (image["width"], image["height"]) == ("677", "381")
    assert str(image["src"]).startswith("data:image/jpeg;base64,")
    assert "[1] https://example.org/a?b=1&amp;c=2" in made
    assert re.search(r"<li[^>]*>丙\s*</li>", made), "an editor takes a paragraph in a list for a second line"


def test_a_page_with_a_style_sheet_has_no_looks_of_its_own(tmp_path: Path) -> None:
    made = written_out(article_of(tmp_path, EVERYTHING), {"a.jpg": PICTURE}, Manner())
    assert "style=" not in made
    assert '<a href="https://example.org/a?b=1&amp;c=2">说明</a>' in made
    assert "<h2>一</h2>" in made
    assert '<figure><img src="picture-1.jpg" width="1280" height="720" alt="图 1 &amp; 2" loading="lazy">' in made
    assert "x&lt;1" in made
