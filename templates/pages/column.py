"""The pages of a column: an issue, the same for an editor that takes no style sheet, and the list of all issues.

Each is one file that needs nothing but its pictures; the style sheet stands inside, allowed by its hash.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from functools import cache

from templates.pages.looks import environment
from templates.pages.typeset import PAGES_DIR
from templates.pages.week import Imprint
from templates.tokens import css_properties


@dataclass(frozen=True, slots=True)
class IssuePage:
    """An issue as its page shows it.

    Attributes:
        heading: "第12期".
        date: "2026年11月29日", or "".
        body: HTML that was written out sign by sign.
        link, code: where more is to be seen, and the same as a picture's address; "" for nowhere.
        credits: who wrote, who approved: (编辑, 王芳).
        draft: nobody has approved it.
    """

    column: str
    heading: str
    title: str
    date: str
    summary: str
    body: str
    link: str
    code: str
    credits: tuple[tuple[str, str], ...]
    imprint: Imprint
    draft: bool


@dataclass(frozen=True, slots=True)
class ListedIssue:
    """An issue in the list.

    Attributes:
        folder: of its page, with its cover.
    """

    folder: str
    heading: str
    title: str
    date: str
    summary: str


@dataclass(frozen=True, slots=True)
class ColumnPage:
    """All issues of a column, the newest first.

    Attributes:
        goal: how many there are to be; 0 for no end.
        feed: name of the RSS file; "" for none.
    """

    name: str
    summary: str
    goal: int
    issues: tuple[ListedIssue, ...]
    feed: str
    imprint: Imprint


def dump_issue(page: IssuePage) -> str:
    """The page of an issue."""
    return _rendered("issue", page)


def dump_list(page: ColumnPage) -> str:
    """The list of all issues."""
    return _rendered("column", page)


def dump_for_wechat(page: IssuePage, styles: dict[str, str]) -> str:
    """What is copied into WeChat's editor.

    Args:
        styles: tag → inline style, as the body was written out with.
    """
    return environment().get_template("issue_wechat.html.j2").render(page=page, styles=styles)


def _rendered(name: str, page: IssuePage | ColumnPage) -> str:
    style = _style()
    allowed = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return environment().get_template(f"{name}.html.j2").render(page=page, style=style, allowed=allowed)


@cache
def _style() -> str:
    return css_properties() + (PAGES_DIR / "assets" / "column.css").read_text(encoding="utf-8")
