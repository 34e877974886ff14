"""Carries the plan of an import out: whole folders or none, and no file that changed while it was copied."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from courseware.errors import InputError, Problem, reason_of, text
from courseware.files import copy_file, making_folder, replacing, sweep, together, write_text
from courseware.intake.imported import MEMORY_NAME
from courseware.intake.intake import Copy, Intake, LessonChange
from courseware.lessons.lesson import FILE_NAME
from courseware.unchanged import stamp

_SPARE = 50_000_000  # bytes of the disk that stay free


def execute_intake(plan: Intake, done: Callable[[LessonChange], None]) -> Intake:
    """Carry the plan out; a lesson that fails becomes a problem and the others are still made.

    Args:
        done: told of each lesson as it is finished or given up.
    """
    made: list[LessonChange] = []
    problems = list(plan.problems)
    sweep(*{place for change in plan.changes for place in (change.folder.parent, change.folder)})
    with together():
        for change in plan.changes:
            try:
                _execute(change)
                made.append(change)
            except InputError as error:
                problems += error.problems
            except OSError as error:
                what = text("cannot be written: {reason}", reason=reason_of(error))
                problems.append(Problem(f"{change.place}: {change.folder.name}", what))
            done(change)
    return Intake(tuple(made), tuple(problems), plan.notes)


def _execute(change: LessonChange) -> None:
    if change.kind == "new" and not change.folder.exists():
        _make_folder(change)
        return
    for copy in change.copies:
        _copy(copy, change.folder, change)
    if change.keys or change.kind == "new":
        write_text(change.folder / FILE_NAME, change.settings_text)
    memory = change.folder / MEMORY_NAME
    if not memory.is_file() or memory.read_text(encoding="utf-8") != change.memory_text:
        write_text(memory, change.memory_text)


def _make_folder(change: LessonChange) -> None:
    """A new lesson appears whole or not at all."""
    with making_folder(change.folder) as scratch:
        for copy in change.copies:
            _copy(copy, scratch, change)
        write_text(scratch / FILE_NAME, change.settings_text)
        write_text(scratch / MEMORY_NAME, change.memory_text)


def _copy(copy: Copy, folder: Path, change: LessonChange) -> None:
    size = copy.source.stat().st_size
    free = shutil.disk_usage(folder).free
    if free < size + _SPARE:
        what = text(
            "{name} needs {size} MB, and only {free} MB are free; free some space and import again",
            name=copy.name,
            size=size // 1_000_000 + 1,
            free=free // 1_000_000,
        )
        raise InputError(Problem(change.place, what))
    with replacing(folder / copy.name) as scratch:
        before = stamp(copy.source.stat())
        copy_file(copy.source, scratch)
        if scratch.stat().st_size != size or stamp(copy.source.stat()) != before:
            raise InputError(Problem(change.place, text("{name} changed while it was copied", name=copy.name)))
