"""A lesson's subtitles as the editor has them: read from their file, and written back whole."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from glob import escape
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from courseware.align.confidence import Doubt
from courseware.align.making import is_generated
from courseware.encodings import DAMAGED, decoded
from courseware.errors import InputError, Problem, Text, text
from courseware.files import copy_file, replacing, write_text
from courseware.intake.lesson_toml import edited_lesson
from courseware.lessons.lesson import FILE_NAME, Lesson, load_lesson
from courseware.lessons.workspace import Workspace, lock_at
from courseware.subtitles import Subtitles, load_subtitles, why_not_shown, write_cues
from courseware.subtitles.cue import Cue, Place
from courseware.subtitles.formats import FORMATS
from courseware.subtitles.repair import LATEST_MS, LONGEST_TEXT, placed_cues
from courseware.times import Span
from desk.cues.doubts import keep_doubts
from desk.lessons.editing import folder_of
from render.subtitles.check import keep_copy, write_back

USUAL_NAME = "subtitles.srt"
_MOST_CUES = 20_000
_NOTHING = "none"  # the version of a file that is not there


class EditedCue(BaseModel):
    """A cue as the browser sends it.

    Attributes:
        doubts: why a person should still look at its time, after a script was timed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: int = Field(ge=0, lt=LATEST_MS)
    end: int = Field(ge=0, le=LATEST_MS)
    text: str = Field(max_length=LONGEST_TEXT)
    speaker: str = Field(default="", max_length=200)
    place: Place = "bottom"
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class CueSheet:
    """A lesson's subtitles as they stand.

    Attributes:
        path: None when the lesson has none yet.
        version: of the file; saving asks for it, so that nobody's change is written over unseen.
        cues: in order of time; they may overlap.
        problems: what had to be repaired to read them.
    """

    path: Path | None
    version: str
    cues: tuple[Cue, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class SavedCues:
    """What was written.

    Attributes:
        backup: where the file is kept as it was; None when nothing of it was lost.
        beside: the file that could not hold what was written and stays as it was; None for the usual case.
    """

    path: Path
    version: str
    backup: Path | None = None
    beside: Path | None = None


def lesson_at(workspace: Workspace, lesson: str) -> Lesson:
    """The lesson, which must show a video, pictures or cards.

    Raises:
        InputError: there is no such lesson, or something in it is wrong.
    """
    found = load_lesson(folder_of(workspace, lesson) / FILE_NAME, workspace.settings)
    if not found.has_footage:
        raise InputError(Problem(lesson, text("a lesson without a video has no subtitles")))
    return found


def load_sheet(lesson: Lesson) -> CueSheet:
    """Its subtitles, with those lines mended that are in another encoding than the rest.

    Raises:
        InputError: they cannot be read.
    """
    path = _file_of(lesson)
    if path is None:
        return CueSheet(None, _NOTHING)
    version = _version(path)
    read = load_subtitles(path, mend=True)
    return CueSheet(path, version, read.cues, read.problems)


def parse_cues(content: str) -> tuple[EditedCue, ...]:
    """The cues that the browser sent.

    Raises:
        InputError: no such thing.
    """
    try:
        return _adapter().validate_json(content)
    except ValidationError:
        raise InputError(Problem("", text("the subtitles did not arrive whole; save them once more"))) from None


def checked_cues(edited: Sequence[EditedCue]) -> tuple[Cue, ...]:
    """Cues in order of time.

    Raises:
        InputError: those that have no text or end before they start, and when there is none; all problems at once.
    """
    problems = [Problem("", what) for number, cue in enumerate(edited, 1) if (what := _wrong(number, cue))]
    if not edited:
        problems.append(Problem("", text("there is no subtitle left; write at least one before saving")))
    if problems:
        raise InputError(*problems)
    cues = [Cue(Span(one.start, one.end), _tidy(one.text), one.speaker, one.place) for one in edited]
    return tuple(sorted(cues, key=lambda cue: (cue.span.start_ms, cue.span.end_ms)))


def save_sheet(workspace: Workspace, lesson_id: str, edited: Sequence[EditedCue], version: str) -> SavedCues:
    """Write the subtitles into the lesson's folder, all or nothing.

    A format that cannot hold them, or a file that holds more than they do, stays; a file beside it takes its place.

    Raises:
        InputError: a cue is wrong, or somebody has changed the file since it was shown.
    """
    cues = checked_cues(edited)
    with lock_at(workspace.root):
        lesson = lesson_at(workspace, lesson_id)
        _refuse_other(lesson, version)
        saved = _written(workspace, lesson, cues)
        keep_doubts(workspace, lesson_id, [(one.start, _tidy(one.text), one.doubts) for one in edited if one.doubts])
        write_text(_mine(workspace, lesson_id), saved.version, lasting=False)
    return saved


def new_times(lesson: Lesson) -> Path | None:
    """The newest file that the timing of a script wrote beside subtitles that a person had changed."""
    path = lesson.subtitles_path
    if path is None:
        return None
    beside = [one for one in lesson.folder.glob(f"{escape(path.stem)}.new*{path.suffix}") if is_generated(one)]
    return max(beside, key=lambda one: one.stat().st_mtime_ns, default=None)


def take_new_times(workspace: Workspace, lesson_id: str, version: str) -> None:
    """Put them in the place of the subtitles, of which a copy is kept.

    Raises:
        InputError: there are none, or somebody has changed the subtitles since they were shown.
    """
    with lock_at(workspace.root):
        lesson = lesson_at(workspace, lesson_id)
        _refuse_other(lesson, version)
        new = new_times(lesson)
        if new is None or lesson.subtitles_path is None:
            raise InputError(Problem(lesson_id, text("there are no new times beside these subtitles")))
        keep_copy(lesson.subtitles_path)
        with replacing(lesson.subtitles_path) as scratch:
            copy_file(new, scratch)
        new.unlink()


def _refuse_other(lesson: Lesson, version: str) -> None:
    path = _file_of(lesson)
    if version != (_version(path) if path else _NOTHING):
        what = text("somebody else has changed these subtitles; reload the page and change them again")
        raise InputError(Problem(lesson.id, what))


def _file_of(lesson: Lesson) -> Path | None:
    """The file that is edited; what is for no reader, such as a drone's telemetry, is none."""
    path = lesson.subtitles_path
    return None if path is None or why_not_shown(path) else path


def _written(workspace: Workspace, lesson: Lesson, cues: Sequence[Cue]) -> SavedCues:
    path = _file_of(lesson)
    if path is None:
        target = _free(lesson.folder / USUAL_NAME)
        write_cues(cues, target)
        return SavedCues(target, _version(target))
    read = load_subtitles(path, mend=True)
    if read.format != "srt" and not (_is_all(path, read) and _holds(read.format, cues)):
        target = _written_beside(lesson, path, cues)
        return SavedCues(target, _version(target), beside=path)
    # What this desk wrote last is a state of the editor's own, which undo has already.
    backup = None if _is_mine(workspace, lesson.id, path) else keep_copy(path)
    write_back(path, read, cues)
    return SavedCues(path, _version(path), backup)


def _written_beside(lesson: Lesson, path: Path, cues: Sequence[Cue]) -> Path:
    """The cues as SRT. At every moment lesson.toml names one file that is there."""
    toml, target = lesson.folder / FILE_NAME, _free(path.with_suffix(".srt"))
    if not lesson.subtitles:
        write_text(toml, edited_lesson(toml, FILE_NAME, {"subtitles": path.name}))
    write_cues(cues, target)
    write_text(toml, edited_lesson(toml, FILE_NAME, {"subtitles": target.name}))
    return target


def _is_all(path: Path, read: Subtitles) -> bool:
    """Whether the file holds nothing but what was read: no styles, notes or effects that writing would lose."""
    content, _ = decoded(path.read_bytes(), path.name)
    again = FORMATS[read.format].dump(read.cues)
    return _lines(content) == _lines(again)


def _holds(name: str, cues: Sequence[Cue]) -> bool:
    """Whether what the format makes of the cues is read back as the same."""
    form = FORMATS[name]
    step = 10 if form.hundredths else 1

    def told(cue: Cue) -> tuple[int, int, str, str, str]:
        span = cue.span
        return (
            (span.start_ms + step // 2) // step,
            (span.end_ms + step // 2) // step,
            cue.text,
            cue.speaker,
            cue.place,
        )

    back = [placed.cue for placed in placed_cues(form.parse(form.dump(cues)), [])]
    return [told(cue) for cue in back] == [told(cue) for cue in cues]


def _lines(content: str) -> list[str]:
    return [line.strip() for line in content.splitlines() if line.strip()]


def _wrong(number: int, cue: EditedCue) -> Text | None:
    if not _tidy(cue.text):
        return text("subtitle {number} has no text; write one or delete it", number=number)
    if DAMAGED in cue.text:
        return text("subtitle {number} has a damaged character ({char}); type it again", number=number, char=DAMAGED)
    if cue.end <= cue.start:
        return text("subtitle {number} ends before it starts; let it end later", number=number)
    return None


def _tidy(said: str) -> str:
    """Lines without the blanks around them and without what no text holds, none of them empty."""
    lines = ("".join(ch for ch in line if unicodedata.category(ch) != "Cc") for line in said.splitlines())
    return "\n".join(filter(None, map(str.strip, lines)))


def _version(path: Path) -> str:
    return hashlib.sha256(path.name.encode("utf-8", "surrogatepass") + b"\0" + path.read_bytes()).hexdigest()[:24]


def _is_mine(workspace: Workspace, lesson: str, path: Path) -> bool:
    mine = _mine(workspace, lesson)
    return mine.is_file() and mine.read_text(encoding="ascii", errors="replace") == _version(path)


def _mine(workspace: Workspace, lesson: str) -> Path:
    """Where the version is kept that the desk wrote last."""
    return workspace.cache_dir / "desk" / "saved" / f"{lesson}.txt"


def _free(wanted: Path) -> Path:
    """The name, or the next that no file has."""
    names = (wanted.with_stem(f"{wanted.stem}{f'-{number}' if number > 1 else ''}") for number in range(1, 10_000))
    return next(name for name in names if not name.exists())


def _adapter() -> TypeAdapter[tuple[EditedCue, ...]]:
    return TypeAdapter(Annotated[tuple[EditedCue, ...], Field(max_length=_MOST_CUES)])
