"""The article of an issue: Markdown read, and everything in it refused that a page of ours must not show.

What is refused: HTML, pictures from elsewhere or that are not there, links that no browser should follow. So what is
left is written out by us, sign by sign, and nothing needs to be cleaned afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from courseware.errors import InputError, Problem, Text, text
from courseware.files import is_plain
from courseware.lessons.lesson_files import PICTURE_SUFFIXES
from courseware.validate import nearest, read_text
from playlists.columns.stills import moment_of

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

LONGEST = 20_000  # characters; WeChat takes no more
MOST_PICTURES = 30
_LINKS = re.compile(r"(?:https?://|mailto:|tel:)[^\s]+", re.IGNORECASE)
_ELSEWHERE = re.compile(r"(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Article:
    """An article that may be shown.

    Attributes:
        tokens: what markdown-it reads, without comments.
        pictures: names of the pictures beside it, each once, in order.
    """

    tokens: tuple[Token, ...]
    pictures: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written yet."""
        return not any(one.type in {"inline", "fence", "code_block"} for one in self.tokens)


def load_article(path: Path, where: str) -> Article:
    """Read an article and hold every part of it against what may be shown.

    Args:
        where: how messages name the file.

    Raises:
        InputError: all that is wrong, with lines.
    """
    return read_article(read_text(path, where), where, path.parent)


def read_article(content: str, where: str, folder: Path) -> Article:
    """The article of that text.

    Args:
        folder: where its pictures lie.

    Raises:
        InputError: as load_article.
    """
    if len(content) > LONGEST:
        what = text("is {size} characters long; at most {limit}: shorten it", size=len(content), limit=LONGEST)
        raise InputError(Problem(where, what))
    # Lines stay where they are, for the messages.
    content = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), content)
    tokens = reader().parse(content)
    pictures = tuple(dict.fromkeys(_pictures(tokens)))
    problems = [
        Problem(f"{where}:{line}", what) for token, line in _numbered(tokens) for what in _wrong(token, folder)
    ]
    if len(pictures) > MOST_PICTURES:
        what = text("there are {count} pictures; at most {limit}", count=len(pictures), limit=MOST_PICTURES)
        problems.append(Problem(where, what))
    if problems:
        raise InputError(*problems)
    return Article(tuple(tokens), pictures)


def reader() -> MarkdownIt:
    """What reads and writes out: CommonMark with tables; links are taken as they are, to be judged here."""
    from markdown_it import MarkdownIt

    class AnyLink(MarkdownIt):
        """Its own judgement would leave the words of a refused link standing."""

        def validateLink(self, url: str) -> bool:  # noqa: N802, ARG002  (markdown-it's name, and what it hands over)
            return True

    # Paragraphs are indented in Chinese, which is not meant as code.
    return AnyLink("commonmark").enable(["table", "strikethrough"]).disable("code")


def picture_name(token: Token) -> str:
    """Which file a picture names."""
    return unquote(str(token.attrGet("src") or ""))


def every(tokens: Sequence[Token]) -> Iterator[Token]:
    """Each token and what lies in it."""
    for token in tokens:
        yield token
        yield from every(token.children or ())


def _pictures(tokens: Sequence[Token]) -> Iterator[str]:
    yield from (picture_name(token) for token in every(tokens) if token.type == "image")


def _numbered(tokens: Sequence[Token]) -> Iterator[tuple[Token, int]]:
    """Each token with the line of the file on which its paragraph begins."""
    for token in tokens:
        line = token.map[0] + 1 if token.map else 0
        for part in every([token]):
            if part.type == "softbreak":
                line += 1
            yield part, line


def _wrong(token: Token, folder: Path) -> Iterator[Text]:
    match token.type:
        case "html_block" | "html_inline":
            yield text("holds HTML ({given}), which is not taken; write it as Markdown", given=_cut(token.content))
        case "image":
            yield from _wrong_picture(picture_name(token), folder)
        case "link_open":
            target = unquote(str(token.attrGet("href") or ""))
            if not _LINKS.fullmatch(target):
                yield text("the link {given} cannot be followed; write one with https://", given=_cut(target))


def _wrong_picture(name: str, folder: Path) -> Iterator[Text]:
    given = _cut(name)
    if _ELSEWHERE.match(name):
        yield text("the picture {given} lies elsewhere; save it in this folder and write its name", given=given)
    elif not is_plain(name):
        yield text("the picture {given} is not in this folder; copy it here and write its name alone", given=given)
    elif Path(name).suffix.lower() not in PICTURE_SUFFIXES:
        yield text("the picture {given} is of a kind that cannot be shown; save it as PNG or JPEG", given=given)
    elif not (folder / name).is_file() and moment_of(name) is None:
        there = [path.name for path in folder.iterdir() if path.suffix.lower() in PICTURE_SUFFIXES]
        guess = nearest(name, there)
        if guess:
            yield text("there is no picture {given}; did you mean {guess}?", given=given, guess=guess)
        else:
            yield text("there is no picture {given} in this folder", given=given)


def _cut(given: str) -> str:
    said = " ".join(given.split())
    return f"“{said[:_SHOWN]}…”" if len(said) > _SHOWN else f"“{said}”"
