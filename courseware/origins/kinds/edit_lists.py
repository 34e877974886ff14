"""Edit lists of other programs: the videos that they name become the clips of a lesson, their texts its subtitles.

What they name is looked for by its name alone, beside the list and in the folder that was said; no path of theirs is
followed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from courseware.clutter import listed
from courseware.encodings import decoded
from courseware.errors import InputError, Problem, Text, ToolError, reason_of, text
from courseware.lessons.lesson_files import PHOTO_SUFFIXES, VIDEO_SUFFIXES
from courseware.media.filmed import Filmed, filmed
from courseware.origins.origin import DraftLesson, DraftWish, Origin
from courseware.subtitles.formats import FORMATS
from courseware.timelines.edit_list import EditList, clip_tables
from courseware.validate import nearest

SUBTITLES = "字幕.srt"
_LARGEST = 50_000_000  # bytes
_SHOWN = (*VIDEO_SUFFIXES, *PHOTO_SUFFIXES)
_DRAFT_NAMES = ("draft_content", "draft_info")  # the same for every draft: its folder has its name


def read_edit_list(wish: DraftWish) -> DraftLesson:
    """The lesson that an edit list describes.

    Raises:
        InputError: not such a list, nothing in it that a lesson could show, or videos that are not there.
        ToolError: the library for it is not there.
    """
    where = wish.source
    content, _ = decoded(_data(where), where.name)
    shelf = _Shelf(tuple(filter(None, (wish.pictures, where.parent))))
    edit = _READERS[where.suffix.lower()](content, where.name, shelf.filmed)
    found = {name: shelf.find(name) for name in edit.sources}
    missing = [Problem(where.name, shelf.missing(name)) for name, path in found.items() if path is None]
    if missing:
        raise InputError(*missing)
    paths = {name: path for name, path in found.items() if path is not None}
    clips = [replace(clip, source=paths[clip.source].name) for clip in edit.clips]
    values = {"title": edit.title or _title(where), "clip": clip_tables(clips)}
    files: dict[str, bytes | Path] = {path.name: path for path in paths.values()}
    if edit.cues:
        values["subtitles"] = SUBTITLES
        files[SUBTITLES] = FORMATS["srt"].dump(edit.cues).encode()
    return DraftLesson(values, files, tuple(Problem(where.name, remark) for remark in edit.remarks))


def _data(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST:
            raise InputError(Problem(path.name, text("is larger than 50 MB; no edit list is so large")))
        return path.read_bytes()
    except OSError as error:
        raise InputError(Problem(path.name, text("cannot be read: {reason}", reason=reason_of(error)))) from error


def _otio(content: str, name: str, _: Callable[[str], Filmed | None]) -> EditList:
    try:
        from courseware.timelines.otio import parse_otio
    except ImportError:
        what = text("OpenTimelineIO is not installed (there is none for Python 3.14 yet); export an .edl there")
        raise ToolError(Problem(name, what)) from None
    return parse_otio(content, name)


def _edl(content: str, name: str, known: Callable[[str], Filmed | None]) -> EditList:
    from courseware.timelines.edl import parse_edl

    return parse_edl(content, name, known)


def _jianying(content: str, name: str, _: Callable[[str], Filmed | None]) -> EditList:
    from courseware.timelines.jianying import parse_jianying

    return parse_jianying(content, name)


_READERS: dict[str, Callable[[str, str, Callable[[str], Filmed | None]], EditList]] = {
    ".otio": _otio,
    ".edl": _edl,
    ".json": _jianying,
}
ORIGIN = Origin(tuple(_READERS), read_edit_list)


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The folders where what a list names may lie."""

    folders: tuple[Path, ...]

    def files(self) -> Iterator[Path]:
        for folder in self.folders:
            yield from (path for path in listed(folder) if path.suffix.lower() in _SHOWN and path.is_file())

    def find(self, name: str) -> Path | None:
        """The file of that name; of one without a suffix, as edit suites name clips, the only one that fits."""
        files = list(self.files())
        same = [path for path in files if path.name.casefold() == name.casefold()]
        alike = [path for path in files if path.stem.casefold() == name.casefold()]
        if same:
            return same[0]
        return alike[0] if len({path.name for path in alike}) == 1 else None

    def filmed(self, name: str) -> Filmed | None:
        path = self.find(name)
        return filmed(path) if path else None

    def missing(self, name: str) -> Text:
        guess = nearest(name, (path.name for path in self.files()))
        if guess:
            return text("the video {name} is not there; did you mean {guess}?", name=name, guess=guess)
        return text(
            "the video {name} is not there; copy it beside the list, or name its folder with --pictures", name=name
        )


def _title(path: Path) -> str:
    return path.resolve().parent.name if path.stem in _DRAFT_NAMES else path.stem
