"""A lesson (课件): what lesson.toml says. Reading it finds the source and the subtitles beside it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from courseware.errors import InputError, Problem, Text, text
from courseware.files import is_safe_id
from courseware.settings import Settings
from courseware.validate import Complaint, nearest, not_one_of, one_line, parse, read_toml, web_link

FILE_NAME = "lesson.toml"
VIDEO_SUFFIXES = [
    ".mp4",
    ".m4v",
    ".mov",
    ".mkv",
    ".webm",
    ".avi",
    ".wmv",
    ".asf",
    ".flv",
    ".mpg",
    ".mpeg",
    ".vob",
    ".ts",
    ".m2ts",
    ".mts",
    ".dv",
    ".3gp",
    ".3g2",
    ".ogv",
    ".f4v",
    ".mxf",
    ".rm",
    ".rmvb",
]
SUBTITLE_SUFFIXES = (".srt", ".ass", ".ssa", ".vtt", ".ttml", ".lrc")
Line = Annotated[str, AfterValidator(one_line)]
Label = Annotated[str, Field(min_length=1, max_length=20), AfterValidator(one_line)]


class LessonFile(BaseModel):
    """The keys of lesson.toml; docs/formats.md describes each."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = ""
    title: Line = Field(min_length=1, max_length=60)
    series: str
    form: str
    source: str = ""
    subtitles: str = ""
    presenter: Line = Field(default="", max_length=60)
    producer: Line = Field(default="", max_length=60)
    reviewer: Line = Field(default="", max_length=60)
    reviewed_on: date | None = None
    credit: Line = Field(default="", max_length=200)
    summary: str = Field(default="", max_length=500)
    tags: tuple[Label, ...] = ()
    season: tuple[Label, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None
    link: Annotated[str, AfterValidator(web_link)] = Field(default="", max_length=300)
    fit: Literal["pad", "blur", "crop"] = "pad"

    @field_validator("title")
    @classmethod
    def _title(cls, value: str) -> str:
        if not value:
            raise Complaint(text("must not be empty"))
        return value

    @field_validator("summary")
    @classmethod
    def _summary(cls, value: str) -> str:
        if any(unicodedata.category(ch) == "Cc" and ch not in "\t\r\n" for ch in value):
            raise Complaint(text("must not hold control characters"))
        return value.strip()

    @field_validator("reviewed_on", "valid_from", "valid_until", mode="before")
    @classmethod
    def _no_timestamp(cls, value: object) -> object:
        # pydantic would take 86400 for the second of January 1970.
        if isinstance(value, int | float):
            raise Complaint(text("{given} is not a date; write 2026-11-23", given=value))
        return value

    @field_validator("valid_until")
    @classmethod
    def _after_start(cls, value: date | None, info: ValidationInfo) -> date | None:
        start = info.data.get("valid_from")
        if start and value and value < start:
            raise Complaint(text("lies before valid_from ({start})", start=start.isoformat()))
        return value


class Lesson(LessonFile):
    """A lesson of the catalogue: its file, checked against the settings, with paths found.

    Attributes:
        id: the folder's name.
        source_path: the raw video.
        subtitles_path: None when the lesson has no cues.
    """

    source_path: Path
    subtitles_path: Path | None


def load_lesson(path: Path, settings: Settings, where: str | None = None) -> Lesson:
    """Read a lesson.toml; paths in it are relative to its folder and may not leave it.

    Args:
        where: how messages name the file; its own name when None.

    Raises:
        InputError: any key missing, unknown or wrong, or a file not there; all problems at once.
    """
    where = where or f"{path.parent.name}/{path.name}"
    values = read_toml(path, where)
    problems: list[Problem] = []
    given: LessonFile | None = None
    try:
        given = parse(LessonFile, values, where)
    except InputError as error:
        problems += error.problems
    # What does not parse is reported together with what parses but names nothing.
    problems += _name_problems(values, path.parent.name, settings, where)
    source = _find(path.parent, values.get("source"), VIDEO_SUFFIXES, f"{where}: source", problems)
    if source is None and not any(problem.where == f"{where}: source" for problem in problems):
        what = text("no video in the folder {folder}; copy one there or name it", folder=path.parent.name)
        problems.append(Problem(f"{where}: source", what))
    subtitles = _find(path.parent, values.get("subtitles"), SUBTITLE_SUFFIXES, f"{where}: subtitles", problems)
    if problems or source is None or given is None:
        raise InputError(*problems)
    keys = given.model_dump(exclude={"id"})
    return Lesson(**keys, id=path.parent.name, source_path=source, subtitles_path=subtitles)


def _name_problems(values: dict[str, Any], folder: str, settings: Settings, where: str) -> list[Problem]:
    problems = []
    given = values.get("id", folder)
    if isinstance(given, str) and given != folder:
        what = text("is {given}, but the folder is called {folder}; make them the same", given=given, folder=folder)
        problems.append(Problem(f"{where}: id", what))
    if not is_safe_id(folder):
        what = text("a lesson's folder may have letters, digits, “-” and “_” in its name, nothing else")
        problems.append(Problem(where, what))
    for key, choices in (("series", [one.name for one in settings.all_series]), ("form", settings.all_forms)):
        value = values.get(key)
        if isinstance(value, str) and value not in choices:
            problems.append(Problem(f"{where}: {key}", not_one_of(value, choices)))
    return problems


def _find(folder: Path, name: object, suffixes: Sequence[str], where: str, problems: list[Problem]) -> Path | None:
    """The named file, or the only one with such a suffix; None, and a problem, when there is no such file."""
    if isinstance(name, str) and name:
        found = _named(folder, name, suffixes)
        if isinstance(found, Path):
            return found
        problems.append(Problem(where, found))
        return None
    fitting = sorted(path for path in folder.iterdir() if _fits(path, suffixes))
    if len(fitting) > 1:
        names = "、".join(path.name for path in fitting)
        problems.append(Problem(where, text("several files fit ({names}); name the one to use", names=names)))
        return None
    return fitting[0] if fitting else None


def _named(folder: Path, name: str, suffixes: Sequence[str]) -> Path | Text:
    path = folder / name
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            return text("{name} lies outside the lesson's folder", name=name)
        if path.is_file():
            return path
    except (OSError, ValueError):
        # Too long, or with a character that no file name can have.
        return text("this cannot be the name of a file")
    guess = nearest(name, (beside.name for beside in folder.iterdir() if _fits(beside, suffixes)))
    if guess:
        return text("no such file: {name}; did you mean {guess}?", name=name, guess=guess)
    return text("no such file: {name}", name=name)


def _fits(path: Path, suffixes: Sequence[str]) -> bool:
    return path.suffix.lower() in suffixes and not path.name.startswith((".", "~")) and path.is_file()
