"""A lesson's fields as a form: read from lesson.toml, checked, written back; what stands beside them stays."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from courseware.errors import InputError, Problem, Text, text
from courseware.files import is_safe_id, write_text
from courseware.intake.lesson_toml import edited_lesson
from courseware.lessons.lesson import FILE_NAME, lesson_of
from courseware.lessons.workspace import Workspace, lock_at
from courseware.validate import read_text

FieldKind = Literal["line", "lines", "words", "date", "choice", "yes"]


@dataclass(frozen=True, slots=True)
class LessonField:
    """A key of lesson.toml on the form.

    Attributes:
        kind: how it is filled in; "words" are separated by commas.
    """

    key: str
    name: Text
    kind: FieldKind = "line"
    help: Text | None = None


FIELDS = (
    LessonField("title", text("Title"), help=text("on the cards and in every list; at most 60 characters")),
    LessonField("series", text("Series"), "choice"),
    LessonField("form", text("Form"), "choice"),
    LessonField("presenter", text("Presenter")),
    LessonField("producer", text("Producer")),
    LessonField("reviewer", text("Reviewer")),
    LessonField("reviewed_on", text("Reviewed on"), "date"),
    LessonField("summary", text("Summary"), "lines"),
    LessonField("tags", text("Tags"), "words", text("separated by commas")),
    LessonField("season", text("Farming season"), "words", text("when it is to be shown, such as 3月, 春分 or 立秋")),
    LessonField("valid_from", text("Valid from"), "date"),
    LessonField("valid_until", text("Valid until"), "date"),
    LessonField("link", text("Link"), help=text("behind the QR code of the end card")),
    LessonField("credit", text("Credit")),
    LessonField("fit", text("Picture of another shape"), "choice"),
    LessonField("cut", text("Cut out"), "words", text("what the video is shown without, such as 1:20-1:45")),
    LessonField("denoise", text("Take noise out of the sound"), "yes"),
)


@dataclass(frozen=True, slots=True)
class LessonForm:
    """What stands in lesson.toml, ready to be shown.

    Attributes:
        values: what each field shows, as text; "on" or "" for yes and no.
        version: of the file; saving asks for it, so that nobody's change is written over unseen.
        wrong: what is wrong with a field, by key; "" for what belongs to none.
    """

    values: Mapping[str, str]
    version: str
    wrong: Mapping[str, tuple[Text, ...]]


def folder_of(workspace: Workspace, lesson: str) -> Path:
    """The folder of a lesson.

    Raises:
        InputError: there is no such lesson.
    """
    folder = workspace.lessons_dir / lesson
    if not is_safe_id(lesson) or not (folder / FILE_NAME).is_file():
        raise InputError(Problem(lesson, text("there is no such lesson")))
    return folder


def load_form(workspace: Workspace, lesson: str) -> LessonForm:
    """The lesson as it stands, with what is wrong with it.

    Raises:
        InputError: there is no such lesson, or its file is no TOML.
    """
    folder = folder_of(workspace, lesson)
    content = read_text(folder / FILE_NAME, f"{lesson}/{FILE_NAME}")
    try:
        values = tomllib.loads(content)
    except tomllib.TOMLDecodeError:
        what = text("cannot be changed; run “yuanjiao check” and correct the file first")
        raise InputError(Problem(f"{lesson}/{FILE_NAME}", what)) from None
    shown = {field.key: _shown(values.get(field.key)) for field in FIELDS}
    return LessonForm(shown, version_of(content), _wrong(values, folder, workspace))


def save_form(workspace: Workspace, lesson: str, given: Mapping[str, str], version: str) -> LessonForm:
    """Write the fields that were changed, if all are right.

    Returns:
        The form as it stands now; with `wrong` when nothing was written.

    Raises:
        InputError: there is no such lesson, or somebody has changed it since the form was shown.
    """
    path = folder_of(workspace, lesson) / FILE_NAME
    with lock_at(workspace.root):
        before = load_form(workspace, lesson)
        if before.version != version:
            raise InputError(
                Problem(lesson, text("somebody else has changed this lesson; reload the page and change it again"))
            )
        changed = {field.key: _written(field, given[field.key]) for field in FIELDS if field.key in given}
        changed = {key: value for key, value in changed.items() if _shown(value) != before.values[key]}
        there = tomllib.loads(read_text(path, lesson))
        changed = {key: value for key, value in changed.items() if value is not None or key in there}
        edited = edited_lesson(path, f"{lesson}/{FILE_NAME}", changed)
        wrong = _wrong(tomllib.loads(edited), path.parent, workspace)
        if not any(key in wrong for key in changed):
            if changed:
                write_text(path, edited)
            return load_form(workspace, lesson)
        return LessonForm({**before.values, **given}, version, wrong)


def version_of(content: str) -> str:
    """Tells one content of a file from another."""
    return hashlib.sha256(content.encode()).hexdigest()[:24]


def _wrong(values: dict[str, Any], folder: Path, workspace: Workspace) -> dict[str, tuple[Text, ...]]:
    try:
        lesson_of(values, folder, workspace.settings, "lesson")
    except InputError as error:
        found: dict[str, tuple[Text, ...]] = {}
        for problem in error.problems:
            key = problem.where.removeprefix("lesson").removeprefix(": ")
            key = key if any(field.key == key for field in FIELDS) else ""
            found[key] = (*found.get(key, ()), problem.what)
        return found
    return {}


def _shown(value: object) -> str:
    """A value of TOML as the form shows it."""
    match value:
        case None | False:
            return ""
        case True:
            return "on"
        case list():
            return "，".join(map(str, value))
    return str(value)


def _written(field: LessonField, given: str) -> Any:  # noqa: ANN401  (any value of TOML)
    """What a filled-in field means; None takes the key away."""
    given = given.strip().replace("\r\n", "\n")
    match field.kind:
        case "yes":
            return given == "on" or None
        case "words":
            words = [word.strip() for word in given.replace("、", ",").replace("，", ",").split(",")]
            return [word for word in words if word] or None
    return given or None
