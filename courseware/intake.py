"""Brings a list of lessons into a workspace: plans what changes in each lesson's folder, then carries it out.

A lesson's folder keeps in .import.json what the last import wrote. So a value that a person changed since is known
from one that the sheet changed, and neither is lost without a word.
"""

from __future__ import annotations

import json
import os
import shutil
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePath, PureWindowsPath
from typing import Any, Literal

from courseware.errors import InputError, Problem, Text, reason_of, text
from courseware.files import replacing, safe_name, sweep, write_text
from courseware.footage import Footage, beside, find_file
from courseware.lesson import FILE_NAME, SUBTITLE_SUFFIXES, VIDEO_SUFFIXES, LessonFile
from courseware.merge import Merge, fingerprint
from courseware.sheet import Entry, Sheet, Value
from courseware.validate import find_wrong, not_one_of, read_text, read_toml
from courseware.workspace import Workspace

MEMORY_NAME = ".import.json"
_FILE_KEYS: Mapping[str, tuple[str, ...]] = {"source": tuple(VIDEO_SUFFIXES), "subtitles": SUBTITLE_SUFFIXES}
_ORDER = tuple(LessonFile.model_fields)
# What is written into a workspace is for the office, in Chinese.
_HEADER = "# 由课件目录导入。可以直接修改；改过的内容再次导入时不会被悄悄覆盖。\n\n"
_DATES = ("reviewed_on", "valid_from", "valid_until")
_LONGEST_STEM = 60  # characters of a copied file's name, its suffix aside
_SPARE = 50_000_000  # bytes of the disk that stay free


@dataclass(frozen=True, slots=True)
class Copy:
    """A file to bring into a lesson's folder."""

    source: Path
    name: str


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one lesson.

    Attributes:
        folder: of the lesson, there or yet to be made.
        settings_text: lesson.toml as it shall be.
        memory_text: .import.json as it shall be.
        keys: the keys of lesson.toml that change.
        kept: keys that a person changed and the sheet did not; they stay.
        conflicts: values changed by both; they stay unless the sheet was told to win.
        place: the row, for messages.
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
    place: str


@dataclass(frozen=True, slots=True)
class Intake:
    """The plan of an import, or what became of it."""

    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]

    def ids(self, kind: str) -> tuple[str, ...]:
        """The lessons that are new, updated or unchanged."""
        return tuple(change.id for change in self.changes if change.kind == kind)

    @property
    def conflicts(self) -> tuple[Problem, ...]:
        """Of all lessons."""
        return tuple(conflict for change in self.changes for conflict in change.conflicts)


def plan_intake(sheet: Sheet, footage: Footage, workspace: Workspace, *, overwrite: bool = False) -> Intake:
    """Decide what each row changes; writes nothing.

    Args:
        overwrite: the sheet wins where a person and the sheet changed the same value.
    """
    changes: list[Change] = []
    problems = list(sheet.problems)
    existing = _existing(workspace.lessons_dir)
    for entry in sheet.entries:
        folder = existing.get(entry.id.casefold(), workspace.lessons_dir / entry.id)
        try:
            changes.append(_plan_lesson(entry, folder, footage, workspace, overwrite=overwrite))
        except InputError as error:
            problems += error.problems
    return Intake(tuple(changes), tuple(problems))


def execute_intake(plan: Intake, done: Callable[[Change], None]) -> Intake:
    """Carry the plan out; a lesson that fails becomes a problem and the others are still made.

    Args:
        done: told of each lesson as it is finished or given up.
    """
    made: list[Change] = []
    problems = list(plan.problems)
    sweep(*{place for change in plan.changes for place in (change.folder.parent, change.folder)})
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
    return Intake(tuple(made), tuple(problems))


def _existing(lessons_dir: Path) -> dict[str, Path]:
    """Folders by their name in small letters: Windows knows no difference."""
    if not lessons_dir.is_dir():
        return {}
    return {path.name.casefold(): path for path in sorted(lessons_dir.iterdir()) if path.is_dir()}


def _plan_lesson(entry: Entry, folder: Path, footage: Footage, workspace: Workspace, *, overwrite: bool) -> Change:
    path = folder / FILE_NAME
    where = path.relative_to(workspace.root).as_posix()
    is_new = not path.is_file()
    mine = {} if is_new else {key: _plain(value) for key, value in read_toml(path, where).items()}
    memory = _load_memory(folder)
    found = _find_files(entry, folder, footage, memory.get("values", {}), is_new=is_new)
    values = Merge(memory.get("values", {}), overwrite)
    theirs = {key: value for key, value in entry.values.items() if key not in _FILE_KEYS}
    theirs |= {key: _name_in_lesson(file) for key, file in found.items()}
    result = mine | {key: values.settle(key, _present(mine, key, folder), value) for key, value in theirs.items()}
    _check(result, workspace, entry.place if is_new else where)
    files = Merge(memory.get("files", {}), overwrite)
    copies = tuple(_plan_copies(found, result, folder, files))
    return Change(
        id=folder.name,
        kind="new" if is_new else "updated" if values.changed or copies else "unchanged",
        folder=folder,
        settings_text=_edited(path, where, {key: result[key] for key in values.changed}),
        memory_text=_memory_text(values, files),
        copies=copies,
        keys=tuple(values.changed),
        kept=tuple(values.kept + files.kept),
        conflicts=tuple(_conflicts(entry, where, values, files)),
        place=entry.places["id"],
    )


def _find_files(
    entry: Entry, folder: Path, footage: Footage, imported: Mapping[str, Any], *, is_new: bool
) -> dict[str, Path]:
    """The video and the subtitles that the row means.

    Raises:
        InputError: a file that is named is not there, or a new lesson has no video.
    """
    found: dict[str, Path] = {}
    problems = []
    for key, suffixes in _FILE_KEYS.items():
        named = entry.values.get(key)
        if not isinstance(named, str):
            continue
        hit = find_file(footage, named, suffixes)
        if isinstance(hit, Text) and _is_here(named, imported.get(key), folder):
            # The sheet is imported again without the disk that the videos came from.
            continue
        if isinstance(hit, Text):
            problems.append(Problem(entry.places[key], hit))
        elif not hit.stat().st_size:
            problems.append(Problem(entry.places[key], text("{name} is empty (0 bytes)", name=hit.name)))
        else:
            found[key] = hit
    if entry.values.get("source") is None and is_new and not _fitting(folder, VIDEO_SUFFIXES):
        guess = _video_of_that_name(entry, footage)
        found |= {"source": guess} if guess else {}
        if not guess:
            what = text("no video is named, and none in {folder} has the lesson's name", folder=footage.root)
            problems.append(Problem(entry.places.get("source", entry.places["id"]), what))
    if problems:
        raise InputError(*problems)
    subtitles = beside(found["source"], SUBTITLE_SUFFIXES) if "source" in found else None
    if subtitles and entry.values.get("subtitles") is None and subtitles.stat().st_size:
        found["subtitles"] = subtitles
    return found


def _is_here(named: str, imported: object, folder: Path) -> bool:
    """Whether the file that the sheet names is the one that an earlier import brought."""
    if not isinstance(imported, str) or not (folder / imported).is_file():
        return False
    wanted = PureWindowsPath(named)
    return PurePath(imported).stem in {safe_name(wanted.stem, _LONGEST_STEM), safe_name(wanted.name, _LONGEST_STEM)}


def _video_of_that_name(entry: Entry, footage: Footage) -> Path | None:
    for name in (entry.id, entry.values.get("title")):
        hit = find_file(footage, name, VIDEO_SUFFIXES) if isinstance(name, str) else None
        if isinstance(hit, Path) and hit.stat().st_size:
            return hit
    return None


def _fitting(folder: Path, suffixes: tuple[str, ...] | list[str]) -> list[Path]:
    beside_it = folder.iterdir() if folder.is_dir() else ()
    return sorted(one for one in beside_it if one.suffix.lower() in suffixes and not one.name.startswith("."))


def _name_in_lesson(file: Path) -> str:
    return safe_name(file.stem, _LONGEST_STEM) + file.suffix.lower()


def _present(mine: Mapping[str, Any], key: str, folder: Path) -> Any:  # noqa: ANN401  (any value of TOML)
    """What the lesson has now; a file need not be named there when it is the only one."""
    if key in _FILE_KEYS and not mine.get(key):
        fitting = _fitting(folder, _FILE_KEYS[key])
        return fitting[0].name if len(fitting) == 1 else None
    return mine.get(key) or None


def _check(values: Mapping[str, Any], workspace: Workspace, where: str) -> None:
    """Raise InputError when the lesson.toml to be written would not be accepted."""
    given = {key: value for key, value in values.items() if value is not None}
    wrong = {one.key: one.what for one in find_wrong(LessonFile, given)}
    settings = workspace.settings
    for key, choices in (("series", [one.name for one in settings.all_series]), ("form", settings.all_forms)):
        if given.get(key) is not None and given[key] not in choices:
            wrong[key] = not_one_of(str(given[key]), choices)
    if wrong:
        raise InputError(*(Problem(f"{where}: {key}", what) for key, what in wrong.items()))


def _plan_copies(found: Mapping[str, Path], result: Mapping[str, Any], folder: Path, files: Merge) -> list[Copy]:
    copies = []
    for key, file in found.items():
        name = _name_in_lesson(file)
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


def _conflicts(entry: Entry, where: str, values: Merge, files: Merge) -> list[Problem]:
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
            folder=where.removesuffix(f"/{FILE_NAME}"),
        )
        said.append(Problem(entry.places.get(key, entry.places["id"]), what))
    return said


def _shown(value: Value) -> str:
    return "、".join(value) if isinstance(value, list) else value or ""


def _plain(value: Any) -> Any:  # noqa: ANN401  (any value of TOML)
    return value.isoformat() if isinstance(value, date) else value


def _load_memory(folder: Path) -> dict[str, Any]:
    """What the last import wrote; nothing when there was none, so that whatever stands there is a person's."""
    try:
        memory = json.loads((folder / MEMORY_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    parts = memory.items() if isinstance(memory, dict) else ()
    return {key: value for key, value in parts if isinstance(value, dict)}


def _memory_text(values: Merge, files: Merge) -> str:
    memory = {"values": values.remembered, "files": files.remembered}
    return json.dumps(memory, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _edited(path: Path, where: str, changes: Mapping[str, Any]) -> str:
    """lesson.toml with these keys changed; comments, order and all else stay."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    content = read_text(path, where) if path.is_file() else _HEADER
    try:
        document = tomlkit.parse(content)
        for key in sorted(changes, key=_ORDER.index):
            if changes[key] is None:
                document.remove(key)
            else:
                document[key] = date.fromisoformat(changes[key]) if key in _DATES else changes[key]
        edited = tomlkit.dumps(document)
        tomllib.loads(edited)
    except (TOMLKitError, tomllib.TOMLDecodeError):
        what = text("cannot be changed; run “yuanjiao check” and correct the file first")
        raise InputError(Problem(where, what)) from None
    return edited


def _execute(change: Change) -> None:
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


def _make_folder(change: Change) -> None:
    """A new lesson appears whole or not at all."""
    scratch = change.folder.with_name(f".part-{os.getpid()}-{change.folder.name}"[:80])
    scratch.mkdir(parents=True)
    try:
        for copy in change.copies:
            _copy(copy, scratch, change)
        write_text(scratch / FILE_NAME, change.settings_text)
        write_text(scratch / MEMORY_NAME, change.memory_text)
        scratch.replace(change.folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _copy(copy: Copy, folder: Path, change: Change) -> None:
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
        shutil.copyfile(copy.source, scratch)
        if scratch.stat().st_size != size:
            raise InputError(Problem(change.place, text("{name} changed while it was copied", name=copy.name)))
