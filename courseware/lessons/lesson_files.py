"""Files beside a lesson.toml: those that it names, or the only one of a kind where it names none.

No name leads out of the lesson's folder, not by a link either.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path, PurePath

from courseware.clutter import listed
from courseware.errors import Problem, Text, text
from courseware.files import leads_out
from courseware.subtitles import why_not_shown
from courseware.subtitles.formats import FORMATS
from courseware.validate import nearest

VIDEO_SUFFIXES = [
    ".mp4",
    ".m4v",
    ".mov",
    ".mkv",
    ".webm",
    ".avi",
    ".wmv",
    ".asf",
    ".flv",
    ".mpg",
    ".mpeg",
    ".vob",
    ".ts",
    ".m2ts",
    ".mts",
    ".dv",
    ".3gp",
    ".3g2",
    ".ogv",
    ".f4v",
    ".mxf",
    ".rm",
    ".rmvb",
]
# A text beside a video is its script, and XML may be anything.
SUBTITLE_SUFFIXES = tuple(one for form in FORMATS.values() for one in form.suffixes if one not in {".txt", ".xml"})
MUSIC_SUFFIXES = (".mp3", ".m4a", ".aac", ".wav", ".flac", ".ogg", ".opus", ".wma", ".aif", ".aiff")
PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")
# What a clip may show beside a video: photos, and animations with their own times.
PHOTO_SUFFIXES = (*PICTURE_SUFFIXES, ".jfif", ".heic", ".heif", ".hif", ".avif", ".bmp", ".tif", ".tiff")
ANIMATION_SUFFIXES = (".gif", ".apng", ".json", ".lottie")
FOOTAGE_SUFFIXES = (*PHOTO_SUFFIXES, *ANIMATION_SUFFIXES)
_NUMBERED = re.compile(r"%0?\d*d")
_BESIDE = re.compile(r"\.new\d*$")  # a script timed anew beside subtitles that a person changed: not taken yet


def find_file(
    folder: Path, name: object, suffixes: Sequence[str], where: str, problems: list[Problem]
) -> Path | None:
    """The named file, or the only one with such a suffix; None, and a problem, when there is no such file."""
    if isinstance(name, str) and name:
        found = _named(folder, name, suffixes)
        if isinstance(found, Path):
            return found
        problems.append(Problem(where, found))
        return None
    fitting = [path for path in listed(folder) if fits(path, suffixes)]
    if len(fitting) > 1 and suffixes == SUBTITLE_SUFFIXES:
        stems = {path.stem for path in fitting}
        fitting = [path for path in fitting if _BESIDE.sub("", path.stem) not in stems - {path.stem}]
        fitting = [path for path in fitting if not why_not_shown(path)]
    if len(fitting) > 1:
        names = "、".join(path.name for path in fitting)
        problems.append(Problem(where, text("several files fit ({names}); name the one to use", names=names)))
        return None
    # As when it is named: it may be a link.
    return find_file(folder, fitting[0].name, suffixes, where, problems) if fitting else None


def find_named(
    folder: Path, name: object, suffixes: Sequence[str], where: str, problems: list[Problem]
) -> Path | None:
    """The named file, or None; what is not named is not looked for."""
    if not isinstance(name, str) or not name:
        return None
    path = find_file(folder, name, suffixes, where, problems)
    if path is None or fits(path, suffixes):
        return path
    what = text("{name} is of another kind; this can be {suffixes}", name=name, suffixes=" ".join(suffixes))
    problems.append(Problem(where, what))
    return None


def _named(folder: Path, name: str, suffixes: Sequence[str]) -> Path | Text:
    path = folder / name
    try:
        if leads_out(path, folder):
            return text("{name} lies outside the lesson's folder", name=name)
        if path.is_file():
            return path
    except (OSError, ValueError):
        # Too long, or with a character that no file name can have.
        return text("this cannot be the name of a file")
    guess = nearest(name, (beside.name for beside in listed(folder) if fits(beside, suffixes)))
    if guess:
        return text("no such file: {name}; did you mean {guess}?", name=name, guess=guess)
    return text("no such file: {name}", name=name)


def is_footage(path: PurePath) -> bool:
    """Whether a clip's source is a picture, an animation or a sequence of pictures."""
    return path.suffix.lower() in FOOTAGE_SUFFIXES


def is_sequence(name: str) -> bool:
    """Whether a name stands for pictures with numbers in their names: "帧-%04d.png"."""
    return len(_NUMBERED.findall(name)) == 1


def sequence_files(pattern: Path) -> tuple[Path, ...]:
    """The pictures of a sequence by their numbers; none when there are none."""
    before, _, after = _NUMBERED.sub("\0", pattern.name).partition("\0")
    wanted = re.compile(re.escape(before) + r"(\d+)" + re.escape(after))
    found = ((wanted.fullmatch(path.name), path) for path in listed(pattern.parent))
    return tuple(path for _, path in sorted((int(hit[1]), path) for hit, path in found if hit))


def find_sequence(folder: Path, name: str, where: str, problems: list[Problem]) -> Path | None:
    """The pattern as a path; None, and a problem, when no pictures are called so."""
    pattern = folder / name
    files = () if leads_out(pattern.parent, folder) else sequence_files(pattern)
    if files and not any(leads_out(path, folder) for path in files):
        return pattern
    number = "".join(_NUMBERED.findall(name))
    what = text("no pictures are called like {name}, with a number for {number}", name=name, number=number)
    problems.append(Problem(where, what))
    return None


def fits(path: Path, suffixes: Sequence[str]) -> bool:
    """Whether a file is there and has one of these suffixes."""
    return path.suffix.lower() in suffixes and path.is_file()
