"""From what a person asks for to finished broadcasts: lessons for the loudspeaker, and bulletins of several items."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from courseware.errors import InputError, Problem, YuanjiaoError, text
from courseware.files import replacing, safe_name, sweep
from courseware.lessons.lesson import FILE_NAME, Lesson
from courseware.lessons.workspace import Workspace, find_root, load_catalogue, open_workspace
from courseware.storage.outputs import refuse_clashes, refuse_existing
from courseware.terminal.console import Console
from render.loudspeaker.chimes import ChimeName, draw_chime
from render.loudspeaker.coding import Format, MeasuredFile, Tags, encode
from render.loudspeaker.cues import sheets_of, write_cues
from render.loudspeaker.layout import BroadcastPart, Chimes, plan_bulletin, plan_lesson
from render.loudspeaker.pieces import prepare, read_out, softened
from render.loudspeaker.tape import write_tape
from render.narration.narrate import narrated
from render.sound.levelled import RATE, Kitchen, LevelledSound, Raw, Sized
from render.source.recording import spliced_sound
from render.work.ffmpeg import find_ffmpeg
from render.work.wav import length_of
from render.work.workshop import storage_errors

PROFILE = "loudspeaker"
_TEXTS = (".txt",)
_LONGEST_TEXT = 3000  # characters; a quarter of an hour, more is no notice


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A finished file and what was measured of it."""

    path: Path
    seconds: float
    lkfs: float
    peak_dbtp: float
    parts: tuple[BroadcastPart, ...]
    notes: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """What became of several lessons; `problems` are of those that failed."""

    made: tuple[Broadcast, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class LessonWish:
    """How lessons are to be made for the loudspeaker."""

    repeat: int = 1
    pause_ms: int = 2000
    formats: tuple[Format, ...] = ("mp3",)
    speak: bool = False


@dataclass(frozen=True, slots=True)
class BulletinWish:
    """How a bulletin is to be made."""

    length_ms: int
    repeat: int = 1
    music: Path | None = None
    speak: bool = False


@dataclass(frozen=True, slots=True)
class _Item:
    """Something a person named: a file, or words to be read out.

    Attributes:
        splice: gives the sound of a lesson that was cut, which is heard in place of the file.
    """

    label: str
    name: str
    tags: Tags
    raw: Raw | None = None
    words: str = ""
    splice: Callable[[], Path] | None = None


def make_lessons(
    wanted: Sequence[str], start: Path, output: Path | None, wish: LessonWish, console: Console, *, force: bool
) -> Results:
    """Make one broadcast for each lesson or file.

    Args:
        wanted: ids and files; every lesson of the workspace when empty.
        start: in the workspace, if there is one.
        output: folder; <workspace>/renditions/loudspeaker when None.
        force: replace what is there in `output`.

    Raises:
        InputError: something named does not exist, there is no workspace and no folder, or a file is there already.
        StorageError: the folder cannot be written to.
    """
    workspace = _workspace(start)
    items = _items(wanted, workspace, speak=wish.speak)
    folder = output or (workspace.renditions_dir / PROFILE if workspace else None)
    if folder is None:
        raise InputError(
            Problem("--output", text("there is no workspace here; name a folder for the finished files"))
        )
    outputs = [folder / f"{item.label}.{form}" for item in items for form in wish.formats]
    refuse_clashes(outputs, _files_read(wanted, items))
    if output is not None and not force:
        refuse_existing(outputs)
    made: list[Broadcast] = []
    problems: list[Problem] = []
    with _kitchen(folder) as kitchen:
        opening, closing = (_chime(kitchen, name) for name in ("opening", "closing"))
        chimes = Chimes(opening, opening, closing, closing)
        for number, item in enumerate(items):
            try:
                made += _make_lesson(kitchen, chimes, item, folder, wish, f"item{number}")
            except YuanjiaoError as error:
                problems += (Problem(one.where or item.name, one.what) for one in error.problems)
            else:
                console.note(text("{name}: finished", name=item.name))
    return Results(tuple(made), tuple(problems))


def make_bulletin(wanted: Sequence[str], start: Path, output: Path, wish: BulletinWish, *, force: bool) -> Broadcast:
    """String items to one broadcast of exact length, with a cue sheet beside it.

    Raises:
        InputError: something named does not exist, does not fit, or the output is there already.
        YuanjiaoError: it cannot be made.
    """
    form = _format_of(output)
    workspace = _workspace(start)
    items = _items(wanted, workspace, speak=wish.speak)
    tags = Tags(output.stem, producer=workspace.settings.office.name if workspace else "")
    outputs = (output, *sheets_of(output))
    refuse_clashes(outputs, (*_files_read(wanted, items), *((wish.music,) if wish.music else ())))
    if not force:
        refuse_existing(outputs)
    with _kitchen(output.parent) as kitchen:
        pieces = [_piece(kitchen, item, f"item{number}") for number, item in enumerate(items)]
        chimes = _chimes(kitchen, wish.music)
        length = wish.length_ms * RATE // 1000
        parts = plan_bulletin(chimes, [one.sized for one in pieces], length, repeat=wish.repeat)
        heard = _write(kitchen, parts, form, output, tags)
        write_cues(parts, output)
    return _broadcast(output, parts, heard, [(item.name, piece) for item, piece in zip(items, pieces, strict=True)])


def _make_lesson(
    kitchen: Kitchen, chimes: Chimes, item: _Item, folder: Path, wish: LessonWish, label: str
) -> Iterator[Broadcast]:
    piece = _piece(kitchen, item, label)
    opening, closing = (softened(kitchen, chime, piece) for chime in (chimes.opening, chimes.closing))
    chimes = Chimes(opening, opening, closing, closing)
    parts = plan_lesson(chimes, piece.sized, repeat=wish.repeat, pause=wish.pause_ms * RATE // 1000)
    for form in wish.formats:
        path = folder / f"{item.label}.{form}"
        heard = _write(kitchen, parts, form, path, item.tags)
        yield _broadcast(path, parts, heard, [(item.name, piece)])
    Path(piece.sized.file).unlink()


def _write(kitchen: Kitchen, parts: Sequence[BroadcastPart], form: Format, target: Path, tags: Tags) -> MeasuredFile:
    tape = kitchen.folder / "tape.wav"
    with storage_errors(target.parent), replacing(target) as scratch:
        write_tape(parts, tape)
        heard = encode(kitchen, tape, form, scratch, tags)
        tape.unlink()
    return heard


def _broadcast(
    path: Path, parts: tuple[BroadcastPart, ...], heard: MeasuredFile, pieces: Sequence[tuple[str, LevelledSound]]
) -> Broadcast:
    notes = tuple(Problem(name, note) for name, piece in pieces for note in piece.notes)
    return Broadcast(path, heard.samples / RATE, heard.lkfs, heard.peak_dbtp, parts, notes)


def _piece(kitchen: Kitchen, item: _Item, label: str) -> LevelledSound:
    raw = item.raw or read_out(kitchen, item.name, item.words, label)
    if item.splice is not None:
        raw = replace(raw, path=item.splice(), track=None)
    return prepare(kitchen, raw, label)


def _chimes(kitchen: Kitchen, music: Path | None) -> Chimes:
    opening, between, closing = (_chime(kitchen, name) for name in ("opening", "between", "closing"))
    if music is None:
        return Chimes(opening, between, closing, _chime(kitchen, "tune"))
    own = prepare(kitchen, Raw(music.name, music), "music").sized
    return Chimes(opening, between, closing, own, own_music=True)


def _chime(kitchen: Kitchen, name: ChimeName) -> Sized:
    drawn = kitchen.folder / f"{name}.wav"
    draw_chime(name, drawn)
    return Sized(name, length_of(drawn), str(drawn))


def _items(wanted: Sequence[str], workspace: Workspace | None, *, speak: bool) -> tuple[_Item, ...]:
    """What was named, looked up; everything wrong with it at once."""
    lessons = {one.id: one for one in load_catalogue(workspace).lessons} if workspace else {}
    items: list[_Item] = []
    problems: list[Problem] = []
    for name in wanted or [one.id for one in lessons.values() if _speaks(one, speak=speak)]:
        try:
            if workspace is not None and name in lessons:
                items.append(_of_lesson(lessons[name], workspace, speak=speak))
            else:
                items.append(_item(name, speak=speak))
        except InputError as error:
            problems += error.problems
    if not items and not problems:
        problems.append(Problem("", text("there is no lesson with sound; name a lesson or a file")))
    if problems:
        raise InputError(*problems)
    return tuple(items)


def _files_read(wanted: Sequence[str], items: Sequence[_Item]) -> tuple[Path, ...]:
    """What lessons name, and the files of words among what a person named."""
    return (*(item.raw.path for item in items if item.raw), *map(Path, wanted))


def _speaks(lesson: Lesson, *, speak: bool) -> bool:
    return lesson.is_narrated or lesson.source_path is not None or (speak and bool(lesson.notice or lesson.slogan))


def _item(name: str, *, speak: bool) -> _Item:
    path = Path(name)
    if not path.is_file():
        raise InputError(Problem(name, text("neither a lesson of this workspace nor a file")))
    label = safe_name(path.stem)
    if path.suffix.lower() in _TEXTS:
        return _Item(label, path.stem, Tags(path.stem), words=_words(path, speak=speak))
    return _Item(label, path.stem, Tags(path.stem), Raw(path.stem, path))


def _of_lesson(lesson: Lesson, workspace: Workspace, *, speak: bool) -> _Item:
    tags = Tags(lesson.title, lesson.series, lesson.producer)
    if lesson.is_narrated or lesson.source_path is not None:
        path = lesson.source_path or lesson.folder / FILE_NAME  # a narration's sound is found when it is wanted
        denoise = lesson.denoise and not lesson.is_narrated
        raw = Raw(lesson.title, path, lesson.audio, denoise, song=lesson.is_song)
        splice = partial(_narrated_sound, lesson, workspace) if lesson.clips or lesson.is_narrated else None
        return _Item(lesson.id, lesson.title, tags, raw, splice=splice)
    _check_speaking(lesson.id, speak=speak)
    return _Item(lesson.id, lesson.title, tags, words=lesson.notice or lesson.slogan)


def _narrated_sound(lesson: Lesson, workspace: Workspace) -> Path:
    return spliced_sound(narrated(lesson, workspace, write=False)[0], workspace.cache_dir)


def _words(path: Path, *, speak: bool) -> str:
    from courseware.encodings import decoded, read_bytes

    _check_speaking(path.name, speak=speak)
    words, _ = decoded(read_bytes(path), path.name)
    if len(words) > _LONGEST_TEXT:
        what = text("this is too long to be read out: at most {most} characters", most=_LONGEST_TEXT)
        raise InputError(Problem(path.name, what))
    return words


def _check_speaking(where: str, *, speak: bool) -> None:
    if not speak:
        what = text(
            "this is text: record it, which listeners understand best, or write --speak to have the computer's voice"
            " read it"
        )
        raise InputError(Problem(where, what))


def _workspace(start: Path) -> Workspace | None:
    """The workspace that `start` lies in, if it does; a broken one is an error."""
    try:
        find_root(start)
    except InputError:
        return None
    return open_workspace(start)


def _format_of(output: Path) -> Format:
    match output.suffix.lower():
        case ".mp3":
            return "mp3"
        case ".wav":
            return "wav"
    raise InputError(Problem(output.name, text("write a name that ends in .mp3 or .wav")))


@contextmanager
def _kitchen(folder: Path) -> Iterator[Kitchen]:
    """A place to work in, on the disk where the result is to be."""
    tool = find_ffmpeg()
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        sweep(folder)
        prefix = f".part-{os.getpid()}-sound-"
        with tempfile.TemporaryDirectory(prefix=prefix, dir=folder, ignore_cleanup_errors=True) as name:
            yield Kitchen(tool, Path(name).absolute())
