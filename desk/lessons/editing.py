"""A lesson's fields as a form: read from lesson.toml, checked, written back; what stands beside them stays."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from courseware.errors import InputError, Problem, Text, text
from courseware.files import is_safe_id, write_text
from courseware.intake.lesson_toml import edited_lesson
from courseware.lessons.lesson import FILE_NAME, lesson_of
from courseware.lessons.workspace import Workspace, lock_at
from courseware.validate import read_text
from desk.lessons.fields import FIELDS


@dataclass(frozen=True, slots=True)
class LessonForm:
    """What stands in lesson.toml, ready to be shown.

    Attributes:
        values: what each field shows, as text.
        version: of the file; saving asks for it, so that nobody's change is written over unseen.
        wrong: what is wrong with a field, by key; "" for what belongs to none.
        is_refused: whether this was to be saved, and was not.
    """

    values: Mapping[str, str]
    version: str
    wrong: Mapping[str, tuple[Text, ...]]
    is_refused: bool = False


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
    shown = {field.key: field.shown(values.get(field.key)) for field in FIELDS}
    return LessonForm(shown, version_of(content), _wrong(values, folder, workspace))


def save_form(workspace: Workspace, lesson: str, given: Mapping[str, str], version: str) -> LessonForm:
    """Write the fields that were changed, if all are right.

    Returns:
        The form as it stands now; refused, with all that is wrong, when nothing was written.

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
        changed = _changes(given, before, tomllib.loads(read_text(path, lesson)))
        edited = edited_lesson(path, f"{lesson}/{FILE_NAME}", changed)
        wrong = _wrong(tomllib.loads(edited), path.parent, workspace)
        if not any(key in wrong for key in changed) and wrong.keys() <= before.wrong.keys():
            if changed:
                write_text(path, edited)
            return load_form(workspace, lesson)
        return LessonForm({**before.values, **given}, version, wrong, is_refused=True)


def version_of(content: str) -> str:
    """Tells one content of a file from another."""
    return hashlib.sha256(content.encode()).hexdigest()[:24]


def _changes(given: Mapping[str, str], before: LessonForm, there: Mapping[str, Any]) -> dict[str, Any]:
    """The keys to write, None for those to take away: only of fields whose text was changed."""
    changed = dict[str, Any]()
    for field in FIELDS:
        said = given.get(field.key, before.values[field.key]).strip().replace("\r\n", "\n")
        value = field.written(said)
        same = said == before.values[field.key].strip() or field.shown(value) == before.values[field.key]
        if not same and (value is not None or field.key in there):
            changed[field.key] = value
    return changed


def _wrong(values: dict[str, Any], folder: Path, workspace: Workspace) -> dict[str, tuple[Text, ...]]:
    try:
        lesson_of(values, folder, workspace.settings, "lesson")
    except InputError as error:
        found: dict[str, tuple[Text, ...]] = {}
        for problem in error.problems:
            key = problem.where.removeprefix("lesson").removeprefix(": ")
            key = next((field.key for field in FIELDS if field.key == key.partition(".")[0]), "")
            found[key] = (*found.get(key, ()), problem.what)
        return found
    return {}
