"""Which files a row of the list of lessons means: its video, subtitles, picture, sounds. Copies none of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePath, PureWindowsPath
from typing import Literal, NamedTuple

from courseware.clutter import listed
from courseware.errors import InputError, Problem, Text, text
from courseware.files import safe_name
from courseware.intake.footage import Footage, beside, find_file, find_pictures, is_path_elsewhere
from courseware.intake.sheet import SheetRow
from courseware.lessons.clipping.clashes import BARE_KEYS
from courseware.lessons.lesson_files import MUSIC_SUFFIXES, PHOTO_SUFFIXES, SUBTITLE_SUFFIXES, VIDEO_SUFFIXES
from courseware.subtitles import why_not_shown

FILE_KEYS: Mapping[str, tuple[str, ...]] = {
    "source": tuple(VIDEO_SUFFIXES),
    "subtitles": SUBTITLE_SUFFIXES,
    "subtitles_second": SUBTITLE_SUFFIXES,
    "picture": PHOTO_SUFFIXES,
    "music": MUSIC_SUFFIXES,
}
Several = Literal["clip", "narration"]  # keys that name more than one file
_LONGEST_STEM = 60  # characters of a copied file's name, its suffix aside


class RowFiles(NamedTuple):
    """The files of a row by the key that names each, and what is said of those that are left out or guessed.

    `several` are those of a key that names more than one, in order: pictures in the place of a video, recordings.
    """

    found: dict[str, Path]
    remarks: tuple[Problem, ...]
    several: Mapping[Several, tuple[Path, ...]]


def find_files(
    entry: SheetRow, folder: Path, footage: Footage, imported: Mapping[str, object], bare: str | None
) -> RowFiles:
    """The video and the other files that the row means; telemetry that is called like subtitles is left out.

    Args:
        bare: which key made it a lesson without a video so far, "" for none; None when there is no lesson yet.

    Raises:
        InputError: a file that is named is not there, or a new lesson has no video.
    """
    found: dict[str, Path] = {}
    problems: list[Problem] = []
    remarks: list[Problem] = []
    pictures = _pictures_of(entry, folder, footage, imported, problems)
    recordings = _recordings_of(entry, folder, footage, imported, problems)
    for key, suffixes in FILE_KEYS.items():
        named = entry.values.get(key)
        if not isinstance(named, str):
            continue
        if key == "source" and pictures is not None:
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
            remarks += _from_elsewhere(entry.places[key], named, hit, footage)
    needs_video = not _is_bare(entry) and (bare is None or bare in entry.values)
    if needs_video and entry.values.get("source") is None and not fitting(folder, VIDEO_SUFFIXES):
        guess = _video_of_that_name(entry, footage)
        found |= {"source": guess} if guess else {}
        if not guess:
            what = text("no video is named, and none in {folder} has the lesson's name", folder=footage.root)
            problems.append(Problem(entry.places.get("source", entry.places["id"]), what))
    if problems:
        raise InputError(*problems)
    files = _with_subtitles(entry, found)
    return files._replace(
        remarks=(*remarks, *files.remarks), several={"clip": pictures or (), "narration": recordings}
    )


def _from_elsewhere(place: str, named: str, hit: Path, footage: Footage) -> Iterator[Problem]:
    if is_path_elsewhere(named):
        where = hit.relative_to(footage.root).as_posix()
        yield Problem(place, text("“{name}” is a path of another computer; {file} was taken", name=named, file=where))


def _with_subtitles(entry: SheetRow, found: dict[str, Path]) -> RowFiles:
    """The same with the subtitles beside the video where none are named, and without what is for no reader."""
    subtitles = beside(found["source"], SUBTITLE_SUFFIXES) if "source" in found else None
    if subtitles and entry.values.get("subtitles") is None and subtitles.stat().st_size:
        found["subtitles"] = subtitles
    useless = why_not_shown(found["subtitles"]) if "subtitles" in found else ()
    if useless:
        del found["subtitles"]
    return RowFiles(found, useless, {})


def _is_bare(entry: SheetRow) -> bool:
    """Whether the row is for a lesson without a video, or might be: a cell that could not be read may say so."""
    return any(entry.values.get(key, key in entry.places) for key in BARE_KEYS)


def _is_here(named: str, imported: object, folder: Path) -> bool:
    """Whether the file that the sheet names is the one that an earlier import brought."""
    if not isinstance(imported, str) or not (folder / imported).is_file():
        return False
    wanted = PureWindowsPath(named)
    here = safe_name(PurePath(imported).stem, _LONGEST_STEM)
    return here in {safe_name(wanted.stem, _LONGEST_STEM), safe_name(wanted.name, _LONGEST_STEM)}


def _pictures_of(
    entry: SheetRow, folder: Path, footage: Footage, imported: Mapping[str, object], problems: list[Problem]
) -> tuple[Path, ...] | None:
    """The pictures that the row names in the place of its video; None where it names none."""
    named = entry.values.get("source")
    shown = find_pictures(footage, named) if isinstance(named, str) else ()
    # The sheet may be imported again without the disk that the pictures came from.
    gone = not shown or isinstance(shown, Text)
    if gone and _all_here(imported, folder):
        return ()
    if isinstance(shown, Text):
        problems.append(Problem(entry.places["source"], shown))
        return ()
    return shown or None


def _recordings_of(
    entry: SheetRow, folder: Path, footage: Footage, imported: Mapping[str, object], problems: list[Problem]
) -> tuple[Path, ...]:
    """The sound files that the row names as its narration; none where an earlier import brought them."""
    given, before = entry.values.get("narration"), imported.get("narration")
    named = given if isinstance(given, list) else []
    brought = before if isinstance(before, list) and len(before) == len(named) else [None] * len(named)
    hits = [find_file(footage, name, FILE_KEYS["music"]) for name in named]
    missing = [
        (name, hit, there) for name, hit, there in zip(named, hits, brought, strict=True) if isinstance(hit, Text)
    ]
    problems += (
        Problem(entry.places["narration"], hit) for name, hit, there in missing if not _is_here(name, there, folder)
    )
    return () if missing else tuple(hit for hit in hits if isinstance(hit, Path))


def _all_here(imported: Mapping[str, object], folder: Path) -> bool:
    """Whether an earlier import brought pictures, and they are still there."""
    clips = imported.get("clip")
    names = [clip.get("source") for clip in clips if isinstance(clip, dict)] if isinstance(clips, list) else []
    return bool(names) and all(isinstance(name, str) and (folder / name).is_file() for name in names)


def _video_of_that_name(entry: SheetRow, footage: Footage) -> Path | None:
    for name in (entry.id, entry.values.get("title")):
        hit = find_file(footage, name, VIDEO_SUFFIXES) if isinstance(name, str) and name else None
        if isinstance(hit, Path) and hit.stat().st_size:
            return hit
    return None


def fitting(folder: Path, suffixes: Sequence[str]) -> list[Path]:
    """What lies in a lesson's folder, if there is one, and has such a suffix."""
    return [one for one in listed(folder) if one.suffix.lower() in suffixes]


def names_in_lesson(files: Sequence[Path]) -> tuple[str, ...]:
    """What files of one key are called once they lie in the lesson's folder: each by a name of its own."""
    names = [name_in_lesson(one) for one in files]
    folded = [name.casefold() for name in names]
    return tuple(
        f"{number:02}-{name}" if folded.count(fold) > 1 else name
        for number, (name, fold) in enumerate(zip(names, folded, strict=True), 1)
    )


def name_in_lesson(file: Path) -> str:
    """What a file is called once it lies in the lesson's folder."""
    return safe_name(file.stem, _LONGEST_STEM) + file.suffix.lower()
