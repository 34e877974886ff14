"""The folder the raw videos lie in: finds the one that a person means, and never one outside it."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath, PureWindowsPath

from courseware.clutter import is_clutter, listed
from courseware.errors import InputError, Problem, Text, text
from courseware.files import leads_out
from courseware.lessons.lesson_files import (
    FOOTAGE_SUFFIXES,
    MUSIC_SUFFIXES,
    SUBTITLE_SUFFIXES,
    VIDEO_SUFFIXES,
    is_footage,
)
from courseware.validate import nearest

_KINDS: Mapping[tuple[str, ...], Text] = {
    MUSIC_SUFFIXES: text("“{name}” is a sound file, not a video; a lesson shows something: name its video"),
    SUBTITLE_SUFFIXES: text("“{name}” is a subtitle file, not a video; it belongs in the column 字幕"),
    (".ppt", ".pptx", ".doc", ".docx", ".pdf", ".xls", ".xlsx"): text(
        "“{name}” is a document, not a video; save it as a video (PowerPoint: 导出—创建视频)"
    ),
}
_BETWEEN, _DIGITS = re.compile(r"[、;；,，\n]"), re.compile(r"(\d+)")
_MOST_NAMED = 5  # files a message lists


@dataclass(frozen=True, slots=True)
class Footage:
    """Every file below a folder, by its name and by its name without suffix, both in small letters."""

    root: Path
    by_name: dict[str, list[Path]] = field(default_factory=dict)
    by_stem: dict[str, list[Path]] = field(default_factory=dict)


def scan_footage(root: Path, skip: Collection[Path] = ()) -> Footage:
    """List what lies below `root`; clutter, links to folders and the folders of `skip` are left out.

    Raises:
        InputError: there is no such folder.
    """
    if not root.is_dir():
        raise InputError(Problem(str(root), text("no such folder")))
    footage = Footage(root.resolve())
    left_out = {one.resolve() for one in skip}
    for parent, folders, names in os.walk(footage.root):
        here = Path(parent)
        folders[:] = sorted(one for one in folders if not is_clutter(one) and here / one not in left_out)
        for name in sorted(names):
            if not is_clutter(name):
                footage.by_name.setdefault(_fold(name), []).append(here / name)
                footage.by_stem.setdefault(_fold(PurePath(name).stem), []).append(here / name)
    return footage


def find_file(footage: Footage, name: str, suffixes: Sequence[str]) -> Path | Text:
    """The file that `name` means, upper and lower case and the suffix aside; else why there is none."""
    # Windows rules know both separators and drive letters.
    wanted = PureWindowsPath(name.strip())
    if ".." in wanted.parts or not wanted.name:
        return text("“{name}” must be a name below the folder of the videos, without ..", name=name)
    last = _fold(wanted.name)
    hits = [path for path in footage.by_name.get(last, []) if path.suffix.lower() in suffixes]
    hits = hits or [path for path in footage.by_stem.get(last, []) if path.suffix.lower() in suffixes]
    # The path on another computer says only what the file is called.
    parents = () if wanted.anchor else tuple(_fold(part) for part in wanted.parts[:-1])
    hits = [path for path in hits if _ends_in(path.relative_to(footage.root).parent, parents)]
    if len(hits) > 1:
        top = [path for path in hits if len(path.relative_to(footage.root).parts) == len(wanted.parts)]
        hits = top if len(top) == 1 and parents else hits
    if len(hits) > 1:
        names = "、".join(path.relative_to(footage.root).as_posix() for path in hits[:_MOST_NAMED])
        return text("several files fit “{name}”: {names}; write the one with its folder", name=name, names=names)
    return hits[0] if hits else _not_found(footage, name, suffixes)


def find_pictures(footage: Footage, name: str) -> tuple[Path, ...] | Text:
    """The pictures that `name` means in the place of a video, several names or a folder; none where it means none.

    A folder's pictures come in the order of their names, 2 before 10.
    """
    if isinstance(find_file(footage, name, VIDEO_SUFFIXES), Path):
        return ()
    folder = footage.root / name.strip()
    if name.strip() and not leads_out(folder, footage.root) and folder.is_dir():
        return tuple(sorted((one for one in listed(folder) if is_footage(one)), key=_by_number))
    parts = [part for part in _BETWEEN.split(name) if part.strip()]
    hits = [find_file(footage, part, FOOTAGE_SUFFIXES) for part in parts]
    wrong = next((hit for hit in hits if isinstance(hit, Text)), None)
    if wrong is not None:
        return wrong if len(parts) > 1 else ()
    return tuple(hit for hit in hits if isinstance(hit, Path))


def _by_number(path: Path) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (0, part) for part in _DIGITS.split(_fold(path.name)) if part]


def beside(video: Path, suffixes: Sequence[str]) -> Path | None:
    """The only file with the video's name and one of `suffixes`, in its folder; large and small letters aside."""
    stem = _fold(video.stem)
    here = (path for path in video.parent.iterdir() if path.suffix.lower() in suffixes and _fold(path.stem) == stem)
    found = [path for path in here if path.is_file()]
    return found[0] if len(found) == 1 else None


def is_path_elsewhere(name: str) -> bool:
    """Whether a name is the whole path of a file on some computer."""
    return bool(PureWindowsPath(name.strip()).anchor)


def _not_found(footage: Footage, name: str, suffixes: Sequence[str]) -> Text:
    other = footage.by_name.get(_fold(PureWindowsPath(name.strip()).name), [])
    kind = next((kind for path in other for ends, kind in _KINDS.items() if path.suffix.lower() in ends), None)
    if kind and tuple(suffixes) == tuple(VIDEO_SUFFIXES):
        return Text(kind.pattern, {"name": name})
    known = [path.name for paths in footage.by_name.values() for path in paths if path.suffix.lower() in suffixes]
    guess = nearest(PureWindowsPath(name).name, known)
    if guess:
        return text(
            "no file “{name}” in {folder}; did you mean {guess}?", name=name, folder=footage.root, guess=guess
        )
    return text("no file “{name}” in {folder}", name=name, folder=footage.root)


def _ends_in(folder: PurePath, parents: tuple[str, ...]) -> bool:
    return not parents or tuple(_fold(part) for part in folder.parts)[-len(parents) :] == parents


def _fold(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
