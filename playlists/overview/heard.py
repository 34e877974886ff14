"""Whether recorded narrations say what the clips of their lessons say; listened to once, and again after a change."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from courseware.align.pages import HeardPages, SaidPage, listen, misfits, other_text, said_pages
from courseware.errors import MediaError, Problem
from courseware.lessons.lesson import FILE_NAME, Lesson
from courseware.music.songs import hear_songs, without_beat
from courseware.storage.sealed import read_sealed, write_sealed
from courseware.unchanged import stamp

_FORM = 1  # goes up whenever a recording is listened to otherwise


@dataclass(frozen=True, slots=True)
class HeardNarrations:
    """What `check` has to say of narrations.

    Attributes:
        problems: texts of other recordings.
        notes: clips whose words are hardly heard in a recording that is the right one.
    """

    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]


def hear_narrations(lessons: Iterable[Lesson], root: Path, cache_dir: Path) -> HeardNarrations:
    """Hold all recorded narrations against what is to be said in them, and songs against their pictures."""
    problems, notes = list[Problem](), list[Problem]()
    for lesson in lessons:
        where = f"{lesson.folder.relative_to(root).as_posix()}/{FILE_NAME}"
        if lesson.beat:
            problems += _placed(where, _without_beat(lesson, cache_dir))
        pages = said_pages(lesson.clips)
        heard = _remembered(lesson.narration_paths, pages, cache_dir) if lesson.narration_paths and pages else None
        if heard is None:
            continue
        problems += _placed(where, other_text(heard, pages))
        notes += [] if heard.is_other else _placed(where, misfits(heard, pages))
    return HeardNarrations(tuple(problems), tuple(notes))


def _placed(where: str, found: Iterable[Problem]) -> list[Problem]:
    return [replace(problem, where=f"{where}: {problem.where}") for problem in found]


def _without_beat(lesson: Lesson, cache_dir: Path) -> tuple[Problem, ...]:
    with suppress(MediaError):  # which is told elsewhere
        return without_beat(hear_songs(lesson.narration_paths, cache_dir))
    return ()


def _remembered(recordings: Sequence[Path], pages: Sequence[SaidPage], cache_dir: Path) -> HeardPages | None:
    """How sure the pages are; None when the recordings cannot be used, which is told elsewhere."""
    stamps = [stamp(path.stat()) for path in recordings]
    said = json.dumps([_FORM, stamps, [page.says for page in pages]])
    record = cache_dir / "sources" / f"pages-{hashlib.sha256(said.encode()).hexdigest()[:32]}.json"
    if (kept := read_sealed(record)) is not None:
        whole, each = json.loads(kept)
        return HeardPages(whole, tuple(each))
    try:
        heard = listen(recordings, pages)
    except MediaError:
        return None
    with suppress(OSError):  # only to be quicker the next time
        write_sealed(record, json.dumps([heard.whole, heard.each]))
    return heard
