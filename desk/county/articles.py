"""The article of a column's issue as the desk has it: its text, written back unless it has changed since."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from courseware.files import write_text
from courseware.lessons.column import Column
from courseware.lessons.workspace import Workspace, lock_at
from courseware.validate import read_text
from playlists.columns.issue import ARTICLE_NAME, folder_of_issue

_NOTHING = "none"  # the version of a file that is not there


@dataclass(frozen=True, slots=True)
class ArticleText:
    """What article.md says.

    Attributes:
        version: of the file; saving asks for it, so that nobody's change is written over unseen.
    """

    content: str
    version: str


def load_text(workspace: Workspace, column: Column, number: int) -> ArticleText:
    """The article as it stands; an empty one where the file is not there.

    Raises:
        InputError: there is no such issue, or the file cannot be read.
    """
    path = folder_of_issue(workspace, column, number) / ARTICLE_NAME
    if not path.is_file():
        return ArticleText("", _NOTHING)
    version = _version(path)  # before it is read: what is written meanwhile is then another
    return ArticleText(tidy(read_text(path, path.relative_to(workspace.root).as_posix())), version)


def save_text(workspace: Workspace, column: Column, number: int, content: str, version: str) -> ArticleText | None:
    """Write the article, whatever is still wrong in it; None, or what somebody else has written since `version`.

    Raises:
        InputError: as load_text.
    """
    with lock_at(workspace.root):
        now = load_text(workspace, column, number)
        if now.version != version:
            return now
        write_text(folder_of_issue(workspace, column, number) / ARTICLE_NAME, tidy(content))
    return None


def tidy(content: str) -> str:
    """Lines that end as in our files, without what no text holds."""
    lines = content.replace("\r\n", "\n").replace("\r", "\n").rstrip() + "\n"
    return "".join(sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) != "Cc").removeprefix(
        "\ufeff"
    )


def _version(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:24]
