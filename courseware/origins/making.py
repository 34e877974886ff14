"""A draft lesson becomes a folder of the workspace: whole or not at all, and never where something lies already."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from courseware.align.pages import listen, misfits, other_text, said_pages
from courseware.clutter import listed
from courseware.errors import InputError, MediaError, Problem, text
from courseware.files import copy_file, is_plain, is_safe_id, making_folder, sweep, write_text
from courseware.intake.sheet import make_id
from courseware.lessons.lesson import FILE_NAME, Lesson, LessonFile, lesson_of
from courseware.lessons.lesson_files import MUSIC_SUFFIXES, VIDEO_SUFFIXES, is_footage
from courseware.lessons.workspace import Workspace
from courseware.media.animations import look_at_animation
from courseware.origins.kinds import origin_of
from courseware.origins.origin import DraftLesson, DraftWish
from courseware.slides.legibility import read_screens

_USUAL_FORM = "微视频"
_SPARE = 50_000_000  # bytes of the disk that stay free
_RECORDED = (*MUSIC_SUFFIXES, *VIDEO_SUFFIXES)
_ORDER = ("id", *LessonFile.model_fields)


@dataclass(frozen=True, slots=True)
class PlannedLesson:
    """A lesson that can be made.

    Attributes:
        folder: where it will lie.
        values: of its lesson.toml.
        files: as those of a draft.
        remarks: what is to be told beside.
    """

    folder: Path
    values: Mapping[str, Any]
    files: Mapping[str, bytes | Path]
    remarks: tuple[Problem, ...]


def plan_lesson(workspace: Workspace, wish: DraftWish) -> PlannedLesson:
    """Read what the lesson is made from, and hold it against what a lesson may be; writes nothing.

    Raises:
        InputError: all that is wrong; there is a lesson of that name already.
        MediaError, ToolError: the source cannot be opened.
    """
    wish = replace(wish, screens=tuple(read_screens(workspace.settings)))
    draft = origin_of(wish.source).read(wish)
    problems = list(_unshown(draft.files.values()))
    files, narration = _with_narration(wish, draft, problems)
    values = {**draft.values, **narration, **{key: value for key, value in wish.values.items() if value}}
    values |= _certain(workspace, values)
    name = _folder_name(workspace, wish, values, problems)
    values.pop("id", None)
    problems += _lacking(wish, values)
    known = {problem.where.rpartition(": ")[2] for problem in problems}
    made, refused = _tried(workspace, name or "new", values, files, wish.source.name)
    problems += (problem for problem in refused if problem.where.rpartition(": ")[2] not in known)
    if problems or made is None:
        raise InputError(*problems)
    unfit = _held_against(wish, made)
    ordered = {key: values[key] for key in _ORDER if key in values}
    return PlannedLesson(workspace.lessons_dir / name, ordered, files, (*draft.remarks, *unfit))


def make_lesson(plan: PlannedLesson, made_from: str) -> None:
    """Write the folder.

    Args:
        made_from: name of the source, for who reads lesson.toml.

    Raises:
        InputError: the disk has no room.
        OSError: it cannot be written.
    """
    plan.folder.parent.mkdir(parents=True, exist_ok=True)
    sweep(plan.folder.parent)
    size = sum(_size(content) for content in plan.files.values())
    free = shutil.disk_usage(plan.folder.parent).free
    if free < size + _SPARE:
        what = text(
            "needs {size} MB, and only {free} MB are free; free some space",
            size=size // 1_000_000 + 1,
            free=free // 1_000_000,
        )
        raise InputError(Problem(plan.folder.name, what))
    with making_folder(plan.folder) as scratch:
        for name, content in plan.files.items():
            if isinstance(content, Path):
                copy_file(content, scratch / name)
            else:
                (scratch / name).write_bytes(content)
        write_text(scratch / FILE_NAME, lesson_text(plan.values, made_from))


def lesson_text(values: Mapping[str, Any], made_from: str) -> str:
    """lesson.toml of these values, its clips as tables of their own."""
    import tomlkit

    document = tomlkit.document()
    document.add(tomlkit.comment(f"由 {' '.join(made_from.split())} 生成，可以直接修改。"))
    document.add(tomlkit.nl())
    for key, value in values.items():
        if key != "clip":
            document.add(key, tomlkit.item(value))
    clips = tomlkit.aot()
    for clip in values.get("clip", ()):
        table = tomlkit.table()
        for key, value in clip.items():
            table.add(key, _listed(value) if isinstance(value, list) else value)
        clips.append(table)
    if values.get("clip"):
        document.add("clip", clips)
    return tomlkit.dumps(document)


def _listed(lines: list[str]) -> Any:  # noqa: ANN401  (tomlkit's own)
    """Lines of a card, each on a line of its own where there are several."""
    import tomlkit

    array = tomlkit.array()
    array.extend(lines)
    return array.multiline(len(lines) > 1)


def _unshown(files: Iterable[bytes | Path]) -> Iterator[Problem]:
    """The pictures that no lesson can show, as far as their beginning tells; “check” looks at every byte."""
    for file in files:
        if isinstance(file, Path) and is_footage(file):
            try:
                look_at_animation(file)
            except MediaError as error:
                yield from error.problems


def _certain(workspace: Workspace, values: Mapping[str, Any]) -> dict[str, str]:
    """What nobody needs to say because it can be nothing else, or is nearly always this."""
    certain = {}
    series = workspace.settings.all_series
    if not values.get("series") and len(series) == 1:
        certain["series"] = series[0].name
    if not values.get("form") and _USUAL_FORM in workspace.settings.all_forms:
        certain["form"] = _USUAL_FORM
    return certain


def _folder_name(workspace: Workspace, wish: DraftWish, values: Mapping[str, Any], problems: list[Problem]) -> str:
    """The id that was given, else one made from the title."""
    given = wish.id or str(values.get("id") or "")
    name = given or make_id(str(values.get("title") or "")) or make_id(wish.source.stem)
    where = name if wish.id or not given else f"{wish.source.name}: id"
    if not is_safe_id(name):
        what = text("“{value}” cannot name a folder; write letters, digits, “-” and “_”", value=name)
        problems.append(Problem(where, what))
        return ""
    there = {path.name.casefold(): path.name for path in listed(workspace.lessons_dir)}
    if name.casefold() in there:
        what = text("there is a lesson {id} already; give the new one another id", id=there[name.casefold()])
        problems.append(Problem(where, what))
    return name


def _lacking(wish: DraftWish, values: Mapping[str, Any]) -> Iterator[Problem]:
    """What a lesson must say and neither the source nor the person has said."""
    told = {
        "title": text("nothing says what the lesson is called; add --title, or a line “# 苹果冬剪” at the beginning"),
        "series": text("nothing says which series it belongs to; add --series, or a line “系列：…” below the title"),
        "form": text("nothing says which form it has; add --form, or a line “形式：…” below the title"),
    }
    for key, what in told.items():
        if not values.get(key):
            yield Problem(f"{wish.source.name}: {key}", what)


def _with_narration(
    wish: DraftWish, draft: DraftLesson, problems: list[Problem]
) -> tuple[dict[str, bytes | Path], dict[str, list[str]]]:
    """The files of the lesson with its recordings, and the key that names these."""
    files = dict(draft.files)
    for recording in wish.narration:
        if not recording.is_file():
            problems.append(Problem(str(recording), text("there is no such file")))
        elif recording.suffix.lower() not in _RECORDED:
            known = " ".join(MUSIC_SUFFIXES)
            what = text("{name} is of another kind; this can be {suffixes}", name=recording.name, suffixes=known)
            problems.append(Problem("--narration", what))
        elif recording.name.casefold() in {name.casefold() for name in files}:
            problems.append(Problem(recording.name, text("two files of this name; give them different names")))
        files[recording.name] = recording
    return files, {"narration": [path.name for path in wish.narration]} if wish.narration else {}


def _tried(
    workspace: Workspace, name: str, values: Mapping[str, Any], files: Mapping[str, bytes | Path], where: str
) -> tuple[Lesson | None, tuple[Problem, ...]]:
    """The lesson of these values beside these files, or what it would be refused for: only names of files matter."""
    with TemporaryDirectory() as home:
        folder = Path(home) / name
        folder.mkdir()
        for file in filter(is_plain, files):
            (folder / file).touch()
        try:
            return lesson_of(dict(values), folder, workspace.settings, where), ()
        except InputError as error:
            return None, error.problems


def _held_against(wish: DraftWish, made: Lesson) -> tuple[Problem, ...]:
    """The pages that the recordings do not have.

    Raises:
        InputError: something else is said in the recordings.
        MediaError: one of them cannot be used.
    """
    pages = said_pages(made.clips)
    if not wish.narration or not pages:
        return ()
    heard = listen(wish.narration, pages)
    if problems := other_text(heard, pages):
        raise InputError(*problems)
    return misfits(heard, pages)


def _size(content: bytes | Path) -> int:
    return content.stat().st_size if isinstance(content, Path) else len(content)
