"""What is wrong inside the files of lessons: videos that do not open, subtitles that cannot be shown.

Opened side by side, and only when a file has changed since the last time; what was found is kept in one file that
proves that it is whole.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from courseware.errors import InputError, MediaError, Problem, Text, text
from courseware.files import write_text
from courseware.lessons.clipping.exact import too_long
from courseware.lessons.clipping.lesson_paths import numbered_at
from courseware.lessons.clips import beyond_end, shown_ms, subtitled_ms
from courseware.lessons.lesson import Lesson
from courseware.lessons.lesson_files import is_footage
from courseware.subtitles import load_subtitles
from courseware.subtitles.cue_rules import Limits, check_cues
from courseware.unchanged import stamp
from templates.type.fonts import missing_glyphs

RECORD_NAME = "checked.json"
_RULES = 3  # goes up whenever something else is looked for
_LIMITS = Limits(line_columns=None, cue_columns=None)  # lines are set anew for every screen
Found = Mapping[str, tuple[Problem, ...]]


@dataclass(frozen=True, slots=True)
class _Record:
    """What was found in a lesson's files when they bore these stamps."""

    stamps: str
    problems: tuple[Problem, ...]


def open_lessons(
    lessons: Sequence[Lesson], root: Path, cache_dir: Path, progress: Callable[[int, int], None] = lambda _a, _b: None
) -> Found:
    """What is wrong inside the files of each lesson, by its id.

    Args:
        progress: told how many of how many files have been opened.
    """
    path = cache_dir / RECORD_NAME
    known = _load(path)
    now = {one.id: _stamps(one) for one in lessons}
    due = [one for one in lessons if one.id not in known or known[one.id].stamps != now[one.id]]
    found = {one.id: known[one.id] for one in lessons if one not in due}
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for number, (one, problems) in enumerate(zip(due, pool.map(_opened(root), due), strict=True), 1):
            found[one.id] = _Record(now[one.id], problems)
            progress(number, len(due))
    if due or known.keys() != found.keys():
        # Only to be quicker the next time: a disk that cannot be written to does without.
        with suppress(OSError):
            write_text(path, _dump(found))
    return {name: one.problems for name, one in found.items()}


def _stamps(lesson: Lesson) -> str:
    files = (*lesson.shown_files, lesson.subtitles_path, lesson.subtitles_second_path, *_heard(lesson))
    return f"{lesson.audio} {lesson.clip} {lesson.cut} {lesson.exactly} " + " | ".join(
        f"{file} {stamp(file.stat())}" if file else "-" for file in files
    )


def _heard(lesson: Lesson) -> tuple[Path, ...]:
    """The sound files beside its videos."""
    return (*lesson.narration_paths, *filter(None, [lesson.music_path]))


def _opened(root: Path) -> Callable[[Lesson], tuple[Problem, ...]]:
    return lambda lesson: tuple(_inside(lesson, lesson.folder.relative_to(root).as_posix()))


def _inside(lesson: Lesson, where: str) -> Iterator[Problem]:
    from courseware.media.facts import probe
    from courseware.media.shown import glance

    lengths_ms: dict[Path, int] = {}
    for path in lesson.shown_paths:
        try:
            if is_footage(path):
                lengths_ms[path] = glance(path, numbered_at(path))
            elif path.stat().st_size:  # an empty file is told of without being opened
                lengths_ms[path] = probe(path, audio=lesson.audio).duration_ms
        except MediaError as error:
            yield from (Problem(f"{where}/{one.where or path.name}", one.what) for one in error.problems)
    yield from _in_sounds(lesson, where)
    beyond = beyond_end(lesson.clips, lengths_ms)
    yield from (Problem(f"{where}/lesson.toml: {key}", what) for key, what in beyond)
    length_ms = None if beyond else subtitled_ms(lesson.videos, lesson.clips, lengths_ms)
    if not beyond and set(lesson.videos) <= lengths_ms.keys() and not lesson.is_narrated:
        body_ms = shown_ms(lesson.clips, lengths_ms) if lesson.clips else sum(lengths_ms.values())
        if (longer := too_long(lesson.exactly, body_ms)) is not None:
            yield Problem(f"{where}/lesson.toml: exactly", longer)
    for path in filter(None, (lesson.subtitles_path, lesson.subtitles_second_path)):
        if path.stat().st_size:
            yield from _in_subtitles(path, f"{where}/{path.name}", length_ms)


def _in_sounds(lesson: Lesson, where: str) -> Iterator[Problem]:
    from courseware.media.facts import sound_index

    for path in _heard(lesson):
        try:
            if path.stat().st_size:
                sound_index(path)
        except MediaError as error:
            yield from (Problem(f"{where}/{one.where}", one.what) for one in error.problems)


def _in_subtitles(path: Path, where: str, video_ms: int | None) -> Iterator[Problem]:
    try:
        placed = load_subtitles(path).placed
    except InputError as error:
        yield from (Problem(where, one.what) for one in error.problems)
        return
    for finding in check_cues(placed, _LIMITS, video_ms):
        if finding.level == "error":
            yield Problem(f"{where}:{finding.line}", finding.what)
    for one_placed in placed:
        if missing := missing_glyphs(one_placed.cue.text):
            what = text("no font can print {characters}; write it otherwise", characters=" ".join(missing))
            yield Problem(f"{where}:{one_placed.line}", what)


def _dump(found: Mapping[str, _Record]) -> str:
    lessons = {
        name: {"stamps": one.stamps, "problems": [[two.where, _plain(two.what)] for two in one.problems]}
        for name, one in found.items()
    }
    content = json.dumps({"rules": _RULES, "lessons": lessons}, ensure_ascii=False)
    return f"{hashlib.sha256(content.encode()).hexdigest()}\n{content}\n"


def _load(path: Path) -> dict[str, _Record]:
    """What was kept; nothing unless the file is whole and was made by the same rules."""
    try:
        digest, content = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    except (OSError, ValueError):
        return {}
    if hashlib.sha256(content.encode()).hexdigest() != digest:
        return {}
    kept = json.loads(content)
    if kept["rules"] != _RULES:
        return {}
    return {
        name: _Record(one["stamps"], tuple(Problem(where, _text(what)) for where, what in one["problems"]))
        for name, one in kept["lessons"].items()
    }


def _plain(what: Text) -> dict[str, Any]:
    values = {key: _plain(one) if isinstance(one, Text) else _value(one) for key, one in what.values.items()}
    return {"pattern": what.pattern, "values": values}


def _value(one: object) -> object:
    return one if isinstance(one, int | float | str) else str(one)


def _text(kept: Mapping[str, Any]) -> Text:
    values = {key: _text(one) if isinstance(one, dict) else one for key, one in kept["values"].items()}
    return Text(kept["pattern"], values)
