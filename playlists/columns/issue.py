"""An issue of a column: columns/<column>/<number>/issue.toml, and which numbers there are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

from courseware.clutter import listed
from courseware.errors import InputError, Problem, text
from courseware.lessons.column import Column
from courseware.lessons.lesson import Lesson
from courseware.lessons.workspace import Catalogue, Workspace
from courseware.validate import Complaint, not_one_of, one_line, parse, read_toml, web_link
from playlists.columns.record import load_record

FILE_NAME, ARTICLE_NAME = "issue.toml", "article.md"
LONGEST_TITLE, LONGEST_SUMMARY = 64, 120  # what WeChat takes
_NUMBER = re.compile(r"0*([1-9][0-9]{0,4})", re.ASCII)
Line = Annotated[str, AfterValidator(one_line)]


class IssueFile(BaseModel):
    """The keys of issue.toml.

    Attributes:
        summary: what lists of articles show below the title.
        lesson: id of the lesson that the article is about; "" for none.
        link: where more is to be read or seen; "" for that of the lesson.
        cover: a picture beside it; "" for the first one in the article.
        withdrawn: it is not shown any more; its number stays taken.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Line = Field(min_length=1, max_length=LONGEST_TITLE)
    author: Line = Field(default="", max_length=20)
    day: date | None = Field(default=None, alias="date")
    summary: Line = Field(default="", max_length=LONGEST_SUMMARY)
    lesson: str = ""
    link: Annotated[str, AfterValidator(web_link)] = Field(default="", max_length=300)
    cover: str = ""
    withdrawn: bool = False

    @field_validator("title")
    @classmethod
    def _not_blank(cls, value: str) -> str:
        if not value:
            raise Complaint(text("must not be empty"))
        return value

    @field_validator("day", mode="before")
    @classmethod
    def _no_timestamp(cls, value: object) -> object:
        if isinstance(value, int | float):
            raise Complaint(text("{given} is not a date; write 2026-11-23", given=value))
        return value


@dataclass(frozen=True, slots=True)
class ColumnIssue:
    """An issue as its folder has it.

    Attributes:
        about: the lesson, where it is about one.
    """

    column: Column
    number: int
    folder: Path
    said: IssueFile
    about: Lesson | None = None

    @property
    def link(self) -> str:
        """Where more is to be seen; "" for nowhere."""
        return self.said.link or (self.about.link if self.about else "")

    @property
    def credit(self) -> str:
        """Whom the licence of the lesson's footage wants named wherever it is shown; "" for nobody."""
        return self.about.credit if self.about else ""

    @property
    def subject(self) -> str:
        """How reviews name it."""
        return subject_of(self.column, self.number)

    @property
    def where(self) -> str:
        """How messages name its folder."""
        return f"columns/{self.column.name}/{self.folder.name}"


def subject_of(column: Column, number: int) -> str:
    """How reviews name an issue."""
    return f"column:{column.name}/{number}"


def folder_name(number: int) -> str:
    """Of three digits, so that files are in order."""
    return f"{number:03}"


def numbered_folders(workspace: Workspace, column: Column) -> dict[int, tuple[Path, ...]]:
    """Number → the folders that bear it, "12" and "012" alike; in order."""
    found: dict[int, tuple[Path, ...]] = {}
    for path in listed(workspace.columns_dir / column.name):
        number = _NUMBER.fullmatch(path.name)
        if path.is_dir() and number:
            found[int(number[1])] = (*found.get(int(number[1]), ()), path)
    return dict(sorted(found.items()))


def number_problems(workspace: Workspace, column: Column, taken: Sequence[int] = ()) -> Iterator[Problem]:
    """Doubles, gaps, and folders that bear no number.

    Args:
        taken: numbers that were published, whose folders may be gone.
    """
    home = f"columns/{column.name}"
    found = numbered_folders(workspace, column)
    for number, folders in found.items():
        if len(folders) > 1:
            names = "、".join(path.name for path in folders)
            what = text(
                "number {number} is there twice ({names}); give one of them the next free number",
                number=number,
                names=names,
            )
            yield Problem(home, what)
    used = {*found, *taken}
    if missing := [number for number in range(1, max(used, default=0)) if number not in used]:
        yield Problem(home, text("number {number} is missing; the next new issue takes it", number=missing[0]))
    for path in listed(workspace.columns_dir / column.name):
        if path.is_dir() and not _NUMBER.fullmatch(path.name):
            yield Problem(f"{home}/{path.name}", text("is not a number of an issue; rename it, like 012"))


def free_numbers(workspace: Workspace, column: Column, taken: Sequence[int] = ()) -> Iterator[int]:
    """The numbers that no issue has, the smallest first."""
    used = {*numbered_folders(workspace, column), *taken}
    return (number for number in count(1) if number not in used)


def load_issue(workspace: Workspace, column: Column, number: int, catalogue: Catalogue) -> ColumnIssue:
    """Read an issue.

    Raises:
        InputError: there is none, or two, of that number; or issue.toml is wrong, all problems at once.
    """
    folder = folder_of_issue(workspace, column, number)
    path = folder / FILE_NAME
    where = path.relative_to(workspace.root).as_posix()
    said = parse(IssueFile, read_toml(path, where), where)
    about = next((one for one in catalogue.lessons if one.id == said.lesson), None)
    if said.lesson and about is None and not catalogue.problems_of(said.lesson):
        known = not_one_of(said.lesson, [one.id for one in catalogue.lessons])
        raise InputError(Problem(f"{where}: lesson", known))
    return ColumnIssue(column, number, folder, said, about)


def folder_of_issue(workspace: Workspace, column: Column, number: int) -> Path:
    """Where an issue lies.

    Raises:
        InputError: there is none, or two, of that number.
    """
    folders = numbered_folders(workspace, column).get(number, ())
    if not folders:
        what = text("there is no issue {number}; make one with “yuanjiao column new”", number=number)
        raise InputError(Problem(f"columns/{column.name}", what))
    if len(folders) > 1:
        raise InputError(*number_problems(workspace, column))
    return folders[0]


def column_problems(workspace: Workspace, catalogue: Catalogue) -> Iterator[Problem]:
    """What is wrong with the numbers and the facts of issues; not with articles, which are still being written."""
    for column in workspace.settings.columns:
        try:
            yield from number_problems(workspace, column, load_record(workspace, column).used)
        except InputError as error:
            yield from error.problems
        for number, folders in numbered_folders(workspace, column).items():
            try:
                if len(folders) == 1:
                    load_issue(workspace, column, number, catalogue)
            except InputError as error:
                yield from error.problems
