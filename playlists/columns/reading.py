"""An issue read whole: what issue.toml and the article say, the pictures, the lesson. All that is wrong, at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from courseware.clutter import listed
from courseware.errors import InputError, Problem, text
from courseware.files import is_plain
from courseware.lessons.column import Column
from courseware.lessons.rendition import load_rendition
from courseware.lessons.workspace import Catalogue, Workspace, load_catalogue
from courseware.reviews.book import Book, load_book
from playlists.columns.article import Article, load_article, read_article
from playlists.columns.issue import ARTICLE_NAME, FILE_NAME, ColumnIssue, load_issue, numbered_folders
from playlists.columns.stills import moment_of, take_stills
from templates.cards.pictures import picture_problems
from templates.type.printed import unprintable


@dataclass(frozen=True, slots=True)
class ReadIssue:
    """An issue that can be shown."""

    issue: ColumnIssue
    article: Article


@dataclass(frozen=True, slots=True)
class Sources:
    """What issues are held against, read once for all of them."""

    workspace: Workspace
    catalogue: Catalogue
    book: Book

    @staticmethod
    def of(workspace: Workspace, catalogue: Catalogue | None = None) -> Sources:
        """From the workspace's files.

        Args:
            catalogue: the lessons as they are now, for who has read them already.

        Raises:
            InputError, StorageError: the ledger cannot be read.
        """
        book = load_book(workspace.cache_dir, workspace.settings.review)
        return Sources(workspace, catalogue or load_catalogue(workspace), book)

    def is_rejected(self, lesson: str) -> bool:
        """Whether a video of the lesson, as it is now, stands rejected."""
        return bool(lesson) and any(
            made.sha256 in self.book.rejected
            for folder in listed(self.workspace.renditions_dir)
            if folder.is_dir() and (made := load_rendition(folder, lesson))
        )


def read_issue(
    sources: Sources, column: Column, number: int, *, take: bool = True, content: str | None = None
) -> ReadIssue:
    """Read an issue, and hold it against what may be shown.

    Args:
        content: read in the place of what its article says.
        take: put the pictures that come from the lesson's video, and are not there yet, into the folder.

    Raises:
        InputError: all that is wrong with it.
    """
    issue, article, problems = _read(sources, column, number, content)
    if issue and article:
        if take:
            told = take_stills(sources.workspace, issue.folder, _pictures(issue, article), issue.said.lesson)
            problems += [Problem(f"{issue.where}/{one.where}", one.what) for one in told]
        problems += [*_wrong(sources, issue, article, {one.where for one in problems})]
    if problems or not issue or not article:
        raise InputError(*problems)
    return ReadIssue(issue, article)


def _read(
    sources: Sources, column: Column, number: int, content: str | None
) -> tuple[ColumnIssue | None, Article | None, list[Problem]]:
    """As far as it can be read, for the problems of both files."""
    issue: ColumnIssue | None = None
    article: Article | None = None
    problems: list[Problem] = []
    try:
        issue = load_issue(sources.workspace, column, number, sources.catalogue)
    except InputError as error:
        problems += error.problems
    folders = numbered_folders(sources.workspace, column).get(number, ())
    if len(folders) == 1:
        path = folders[0] / ARTICLE_NAME
        try:
            where = path.relative_to(sources.workspace.root).as_posix()
            article = load_article(path, where) if content is None else read_article(content, where, path.parent)
        except InputError as error:
            problems += error.problems
    return issue, article, problems


def _pictures(issue: ColumnIssue, article: Article) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*article.pictures, *filter(None, [issue.said.cover]))))


def _wrong(sources: Sources, issue: ColumnIssue, article: Article, told: set[str]) -> Iterator[Problem]:
    where = f"{issue.where}/{FILE_NAME}"
    if article.is_empty:
        yield Problem(f"{issue.where}/{ARTICLE_NAME}", text("nothing is written in it yet"))
    yield from _wrong_words(where, {"title": issue.said.title, "column": issue.column.name})
    lesson = issue.said.lesson
    yield from sources.catalogue.problems_of(lesson) if lesson else ()
    if sources.is_rejected(lesson):
        what = text("{lesson} was rejected; name another lesson, or wait until it is approved", lesson=lesson)
        yield Problem(f"{where}: lesson", what)
    if issue.said.cover and not is_plain(issue.said.cover):
        given = f"“{issue.said.cover}”"
        what = text("the picture {given} is not in this folder; copy it here and write its name alone", given=given)
        yield Problem(f"{where}: cover", what)
        return
    for name in _pictures(issue, article):
        place = f"{issue.where}/{name}"
        if place not in told:
            yield from _wrong_picture(issue, name, place)


def _wrong_words(where: str, words: dict[str, str]) -> Iterable[Problem]:
    for key, said in words.items():
        if missing := unprintable(said):
            what = text("no font can print {characters}; write it otherwise", characters=" ".join(missing))
            yield Problem(f"{where}: {key}", what)


def _wrong_picture(issue: ColumnIssue, name: str, where: str) -> Iterable[Problem]:
    path = issue.folder / name
    if not path.is_file() and moment_of(name) is not None:
        what = text("is not taken from the video yet; run “yuanjiao column build {number}”", number=issue.number)
        yield Problem(where, what)
    else:
        yield from picture_problems(path, where)
