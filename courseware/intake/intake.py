"""Plans what a list of lessons changes in each lesson's folder. Carried out in carrying.py.

A lesson's folder keeps in .import.json what the last import wrote. So a value that a person changed since is known
from one that the sheet changed, and neither is lost without a word.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Literal

from courseware.clutter import listed
from courseware.errors import InputError, Problem, text
from courseware.intake.cells import Value, says_nothing
from courseware.intake.footage import Footage
from courseware.intake.imported import (
    Imported,
    ImportMemory,
    doubled,
    dump_memory,
    imported_lessons,
    load_memory,
    no_longer_listed,
    renamed_from,
)
from courseware.intake.lesson_toml import edited_lesson
from courseware.intake.merge import Merge, fingerprint
from courseware.intake.row_files import FILE_KEYS, find_files, fitting, name_in_lesson, names_in_lesson
from courseware.intake.sheet import LessonSheet, SheetRow
from courseware.lessons.clipping.clashes import bare_key, clashes
from courseware.lessons.lesson import FILE_NAME, LessonFile
from courseware.lessons.lesson_files import VIDEO_SUFFIXES
from courseware.lessons.workspace import Workspace
from courseware.validate import find_wrong, read_toml

_FOUND_UNNAMED = ("source", "subtitles")  # the only one in a lesson's folder counts without being named


@dataclass(frozen=True, slots=True)
class Copy:
    """A file to bring into a lesson's folder."""

    source: Path
    name: str


@dataclass(frozen=True, slots=True)
class LessonChange:
    """What happens to one lesson.

    Attributes:
        folder: of the lesson, there or yet to be made.
        settings_text: lesson.toml as it shall be.
        memory_text: .import.json as it shall be.
        keys: the keys of lesson.toml that change.
        kept: keys that a person changed and the sheet did not; they stay.
        conflicts: values changed by both; they stay unless the sheet was told to win.
        remarks: files that are left out, and why.
        place: the row, for messages.
        video: its fingerprint; "" without one.
    """

    id: str
    kind: Literal["new", "updated", "unchanged"]
    folder: Path
    settings_text: str
    memory_text: str
    copies: tuple[Copy, ...]
    keys: tuple[str, ...]
    kept: tuple[str, ...]
    conflicts: tuple[Problem, ...]
    remarks: tuple[Problem, ...]
    place: str
    video: str = ""


@dataclass(frozen=True, slots=True)
class Intake:
    """The plan of an import, or what became of it.

    Attributes:
        notes: what is to be said of the sheet as a whole.
    """

    changes: tuple[LessonChange, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...] = ()

    def ids(self, kind: str) -> tuple[str, ...]:
        """The lessons that are new, updated or unchanged."""
        return tuple(change.id for change in self.changes if change.kind == kind)

    @property
    def conflicts(self) -> tuple[Problem, ...]:
        """Of all lessons."""
        return tuple(conflict for change in self.changes for conflict in change.conflicts)

    @property
    def remarks(self) -> tuple[Problem, ...]:
        """Of all lessons, and of the sheet."""
        return (*(remark for change in self.changes for remark in change.remarks), *self.notes)


def plan_intake(sheet: LessonSheet, footage: Footage, workspace: Workspace, *, overwrite: bool = False) -> Intake:
    """Decide what each row changes; writes nothing.

    Args:
        overwrite: the sheet wins where a person and the sheet changed the same value.
    """
    changes: list[LessonChange] = []
    problems = list(sheet.problems)
    existing = _existing(workspace.lessons_dir)
    known = imported_lessons(workspace.lessons_dir)
    ids = {entry.id.casefold() for entry in (*sheet.entries, *sheet.broken)}
    for entry in sheet.entries:
        folder = existing.get(entry.id.casefold(), workspace.lessons_dir / entry.id)
        try:
            change = _plan_lesson(entry, folder, footage, workspace, sheet.name, overwrite=overwrite)
            if change.kind == "new" and not entry.has_id:
                _refuse_renaming(change, known, ids)
            changes.append(change)
        except InputError as error:
            problems += error.problems
    told = {problem.where for problem in problems}
    missing = (one for entry in sheet.broken for one in _missing_files(entry, existing, footage, workspace))
    problems += (one for one in missing if one.where not in told)
    twins = doubled([(change.id, change.video, change.place) for change in changes], known)
    return Intake(tuple(changes), tuple(problems), (*twins, *no_longer_listed(sheet.name, known, ids)))


def _refuse_renaming(change: LessonChange, known: Sequence[Imported], ids: Collection[str]) -> None:
    """A new title without an id would make a second lesson of the same video.

    Raises:
        InputError: the lesson of that video is in the sheet no more.
    """
    other = renamed_from(change.video, known, ids)
    if other:
        what = text(
            "has the video of the lesson {other}; write {other} as its id to rename that one, or an id of its own to"
            " make a second lesson",
            other=other,
        )
        raise InputError(Problem(change.place, what))


def _bare_now(folder: Path) -> str | None:
    """What makes the lesson that is there one without a video, "" when it has one; None without a lesson."""
    try:
        return bare_key(read_toml(folder / FILE_NAME)) if (folder / FILE_NAME).is_file() else None
    except InputError:
        return ""


def _missing_files(
    entry: SheetRow, existing: Mapping[str, Path], footage: Footage, workspace: Workspace
) -> tuple[Problem, ...]:
    """What is wrong with the files of a row that cannot be used: both kinds of fault are mended in one go."""
    folder = existing.get(entry.id.casefold(), workspace.lessons_dir / (entry.id or "-"))
    try:
        find_files(entry, folder, footage, load_memory(folder).values, _bare_now(folder))
    except InputError as error:
        return error.problems
    return ()


def _existing(lessons_dir: Path) -> dict[str, Path]:
    """Folders by their name in small letters: Windows knows no difference."""
    return {path.name.casefold(): path for path in listed(lessons_dir) if path.is_dir()}


def _plan_lesson(
    entry: SheetRow, folder: Path, footage: Footage, workspace: Workspace, sheet_name: str, *, overwrite: bool
) -> LessonChange:
    path = folder / FILE_NAME
    where = path.relative_to(workspace.root).as_posix()
    is_new = not path.is_file()
    mine = {} if is_new else {key: _plain(value) for key, value in read_toml(path, where).items()}
    memory = load_memory(folder)
    found, remarks, several = find_files(entry, folder, footage, memory.values, None if is_new else bare_key(mine))
    values = Merge(memory.values, overwrite)
    # An empty cell takes back a picture, but not the video that lies in the folder without being named.
    theirs: dict[str, object] = {
        key: one for key, one in entry.values.items() if key not in (*FILE_KEYS, *several) or _is_taken_back(key, one)
    }
    theirs |= {key: name_in_lesson(file) for key, file in found.items()}
    named = {key: dict(zip(names_in_lesson(files), files, strict=True)) for key, files in several.items() if files}
    theirs |= {key: [{"source": name} if key == "clip" else name for name in names] for key, names in named.items()}
    result = mine | {key: values.settle(key, _present(mine, key, folder), value) for key, value in theirs.items()}
    _check(result, folder, workspace, entry.place if is_new else where)
    files = Merge(memory.files, overwrite)
    copies = [
        *_plan_copies(found, result, folder, files),
        *(copy for key, names in named.items() for copy in _copies_of(names, result.get(key), folder, files)),
    ]
    memory = ImportMemory(values.remembered, files.remembered, sheet_name)
    return LessonChange(
        id=folder.name,
        kind="new" if is_new else "updated" if values.changed or copies else "unchanged",
        folder=folder,
        settings_text=edited_lesson(path, where, {key: result[key] for key in values.changed}),
        memory_text=dump_memory(memory),
        copies=tuple(copies),
        keys=tuple(values.changed),
        kept=tuple(values.kept + files.kept),
        conflicts=tuple(_conflicts(entry, where, values, files)),
        remarks=remarks,
        place=entry.places["id"],
        video=memory.video,
    )


def _present(mine: Mapping[str, object], key: str, folder: Path) -> object:
    """What the lesson has now; a file need not be named there when it is the only one."""
    if key in _FOUND_UNNAMED and not mine.get(key):
        found = fitting(folder, FILE_KEYS[key])
        return found[0].name if len(found) == 1 else None
    return None if says_nothing(key, mine.get(key)) else mine.get(key)


def _check(values: Mapping[str, object], folder: Path, workspace: Workspace, where: str) -> None:
    """Raise InputError when the lesson.toml to be written would not be accepted."""
    given = {key: value for key, value in values.items() if value is not None}
    wrong = clashes(given) | {one.key: one.what for one in find_wrong(LessonFile, given)}
    videos = fitting(folder, VIDEO_SUFFIXES)
    if bare_key(given) and videos:
        what = text("the folder holds a video too ({name}); make two lessons of them", name=videos[0].name)
        wrong.setdefault(bare_key(given), what)
    settings = workspace.settings
    for key, unknown in (("series", settings.unknown_series), ("form", settings.unknown_form)):
        if given.get(key) is not None and (told := unknown(str(given[key]))) is not None:
            wrong[key] = told
    if wrong:
        raise InputError(*(Problem(f"{where}: {key}", what) for key, what in wrong.items()))


def _plan_copies(found: Mapping[str, Path], result: Mapping[str, object], folder: Path, files: Merge) -> list[Copy]:
    copies = []
    for key, file in found.items():
        name = name_in_lesson(file)
        if result.get(key) != name:
            continue
        there = folder / name
        theirs = fingerprint(file)
        if there.is_file():
            files.settle(key, fingerprint(there), theirs)
        else:
            # Brought again even when a person removed it: the lesson names it.
            files.take(key, theirs)
        if key in files.changed:
            copies.append(Copy(file, name))
    return copies


def _copies_of(named: Mapping[str, Path], value: object, folder: Path, files: Merge) -> Iterator[Copy]:
    """Of files that one key names those that its value in the lesson still names."""
    wanted = [one.get("source") if isinstance(one, dict) else one for one in value] if isinstance(value, list) else []
    for name, file in named.items():
        there, theirs = folder / name, fingerprint(file)
        if name not in wanted:
            continue
        if there.is_file():
            files.settle(name, fingerprint(there), theirs)
        else:
            files.take(name, theirs)
        if name in files.changed:
            yield Copy(file, name)


def _conflicts(entry: SheetRow, where: str, values: Merge, files: Merge) -> list[Problem]:
    said = [
        Problem(
            entry.places.get(key, entry.places["id"]),
            text(
                "{key} is “{mine}” in {file}, changed by hand, and “{theirs}” here; kept, --overwrite takes this one",
                key=key,
                mine=_shown(mine),
                file=where,
                theirs=_shown(theirs),
            ),
        )
        for key, (mine, theirs) in values.conflicts.items()
    ]
    for key in files.conflicts:
        what = text(
            "the file of {key} was replaced by hand in {folder}; kept, --overwrite takes the new one",
            key=key,
            folder=PurePosixPath(where).parent,
        )
        said.append(Problem(entry.places.get(key, entry.places["id"]), what))
    return said


def _shown(value: object) -> str:
    match value:
        case list():
            return "、".join(map(str, value))
        case bool() | None:
            return "是" if value else ""
    return str(value)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _is_taken_back(key: str, value: Value) -> bool:
    return value is None and key not in _FOUND_UNNAMED
