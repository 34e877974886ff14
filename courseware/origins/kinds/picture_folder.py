"""A folder of pictures: one after the other by their names, 2 before 10, as a lesson."""

from __future__ import annotations

import re
from pathlib import Path

from courseware.clutter import listed
from courseware.errors import InputError, Problem, text
from courseware.lessons.clipping.clip_file import MOST_CLIPS
from courseware.lessons.lesson_files import PHOTO_SUFFIXES
from courseware.origins.origin import FOLDER, DraftLesson, DraftWish, Origin

_SHOWN = (*PHOTO_SUFFIXES, ".gif", ".apng")
_NUMBER = re.compile(r"(\d+)")
_MOST_NAMED = 4


def read_folder(wish: DraftWish) -> DraftLesson:
    """The lesson that the pictures of a folder make.

    Raises:
        InputError: no pictures in it, or too many.
    """
    where = wish.source.resolve().name
    files = [path for path in listed(wish.source) if path.is_file()]
    pictures = sorted((path for path in files if path.suffix.lower() in _SHOWN), key=_in_order)
    if not pictures:
        raise InputError(Problem(where, text("holds no pictures; they end in {suffixes}", suffixes=" ".join(_SHOWN))))
    if len(pictures) > MOST_CLIPS:
        what = text("holds {count} pictures; at most {limit} make a lesson", count=len(pictures), limit=MOST_CLIPS)
        raise InputError(Problem(where, what))
    others = [path.name for path in files if path not in pictures]
    remarks = []
    if others:
        names = "、".join(others[:_MOST_NAMED]) + (f" … ({len(others)})" if len(others) > _MOST_NAMED else "")
        remarks.append(Problem(where, text("Only pictures are taken; left out: {items}.", items=names)))
    clips = [{"source": path.name} for path in pictures]
    taken: dict[str, bytes | Path] = {path.name: path for path in pictures}
    return DraftLesson({"title": where, "clip": clips}, taken, tuple(remarks))


ORIGIN = Origin((FOLDER,), read_folder)


def _in_order(path: Path) -> list[tuple[int, str]]:
    """As a person counts: 图2 comes before 图10."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in _NUMBER.split(path.name.casefold())]
