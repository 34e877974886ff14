"""A workspace: the folder that holds a county's lessons, venues and schedules, and where in it things lie."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from courseware.clutter import listed
from courseware.errors import InputError, Problem, Text, text
from courseware.lessons import lesson as lesson_file
from courseware.lessons import settings as settings_file
from courseware.lessons.lesson import Lesson, load_lesson
from courseware.lessons.settings import Settings, load_settings
from courseware.storage.locks import lock_workspace
from courseware.validate import nearest

CACHE_NAME = ".yuanjiao"


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with a yuanjiao.toml; every path of ours is below root."""

    root: Path
    settings: Settings

    @property
    def lessons_dir(self) -> Path:
        """One folder per lesson."""
        return self.root / "courseware"

    @property
    def renditions_dir(self) -> Path:
        """Finished files: <profile>/<lesson>.mp4."""
        return self.root / "renditions"

    @property
    def schedules_dir(self) -> Path:
        """Finished schedules: <ISO week>/<venue>.json."""
        return self.root / "schedules"

    @property
    def published_dir(self) -> Path:
        """Pages, PDFs and posters: <ISO week>/…."""
        return self.root / "published"

    @property
    def edited_dir(self) -> Path:
        """What people changed of published pages, before they are written anew: <ISO week>/…."""
        return self.root / "edited"

    @property
    def playlists_dir(self) -> Path:
        """Players' lists and numbered folders."""
        return self.root / "playlists"

    @property
    def kits_dir(self) -> Path:
        """What goes on sticks: <venue>/…, and the plans that were issued."""
        return self.root / "kits"

    @property
    def notices_dir(self) -> Path:
        """Emergency notices, numbered: <number>/<venue>/…, and their ledger."""
        return self.root / "notices"

    @property
    def columns_dir(self) -> Path:
        """Articles that people write: <column>/<number>/…."""
        return self.root / "columns"

    @property
    def covers_dir(self) -> Path:
        """A picture of each lesson for WeChat: <id>.jpg."""
        return self.root / "covers"

    @property
    def proxies_dir(self) -> Path:
        """Lessons made small and quickly, to look at: <id>.mp4; made anew at any time."""
        return self.root / "proxies"

    @property
    def quality_dir(self) -> Path:
        """The report on the renditions that were checked last."""
        return self.root / "quality"

    @property
    def cache_dir(self) -> Path:
        """The store, work folders, state; all but state.sqlite is safe to delete."""
        return self.root / CACHE_NAME

    @property
    def copies_dir(self) -> Path:
        """Small copies of videos that a browser cannot play, for the desk; safe to delete."""
        return self.cache_dir / "desk" / "copies"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The lessons that can be used, by id in order, and what is wrong with the others."""

    lessons: tuple[Lesson, ...]
    problems: tuple[Problem, ...]

    def problems_of(self, lesson: str) -> tuple[Problem, ...]:
        """What is wrong with the lesson in the folder of that name."""
        return tuple(problem for problem in self.problems if f"/{lesson}/" in f"/{problem.where}")

    def select(self, ids: tuple[str, ...]) -> tuple[Lesson, ...]:
        """The named lessons, or all when none is named.

        Raises:
            InputError: an id that names no lesson, with the nearest one that exists.
        """
        if not ids:
            return self.lessons
        by_id = {lesson.id: lesson for lesson in self.lessons}
        unknown = [name for name in ids if name not in by_id]
        if unknown:
            raise InputError(*(Problem(name, _no_lesson(name, by_id)) for name in unknown))
        return tuple(by_id[name] for name in dict.fromkeys(ids))


def find_root(start: Path) -> Path:
    """The nearest folder at or above `start` that holds a yuanjiao.toml.

    Raises:
        InputError: there is none.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / settings_file.FILE_NAME).is_file():
            return folder
    what = text("no yuanjiao.toml here or above; make a workspace with “yuanjiao init DIR”")
    raise InputError(Problem(str(start), what))


@contextmanager
def lock_at(start: Path) -> Iterator[None]:
    """Hold the lock of the workspace that `start` lies in, for whoever reads, changes and writes there.

    Raises:
        InputError: no workspace.
        StorageError: as lock_workspace.
    """
    with lock_workspace(find_root(start) / CACHE_NAME):
        yield


def root_around(target: Path) -> Path | None:
    """The root of the workspace that a file or folder lies in, or will; None outside of any."""
    place = target.resolve()
    homes = (one for one in (place, *place.parents) if (one / settings_file.FILE_NAME).is_file())
    return next(homes, None)


@contextmanager
def lock_around(target: Path) -> Iterator[None]:
    """The lock to write a file or folder under that may lie in a workspace; outside of any, none is needed."""
    home = root_around(target)
    with lock_workspace(home / CACHE_NAME) if home else nullcontext():
        yield


def settings_around(place: Path) -> Settings:
    """The settings of the workspace that a folder lies in; outside of any, those of a workspace that says nothing.

    Raises:
        InputError: the settings are wrong.
    """
    home = root_around(place)
    return load_settings(home / settings_file.FILE_NAME) if home else settings_file.built_in_settings()


def open_workspace(start: Path) -> Workspace:
    """The workspace that `start` lies in.

    Raises:
        InputError: no workspace, or its settings are wrong.
    """
    root = find_root(start)
    return Workspace(root, load_settings(root / settings_file.FILE_NAME))


def load_catalogue(workspace: Workspace, read: Callable[[Path, Settings, str], Lesson] = load_lesson) -> Catalogue:
    """Read every lesson; a bad one becomes problems and does not hide the others.

    Args:
        read: load_lesson, or what does the same and remembers.
    """
    lessons: list[Lesson] = []
    problems: list[Problem] = []
    folders = sorted(_subfolders(workspace.lessons_dir))
    for folder in folders:
        try:
            path = folder / lesson_file.FILE_NAME
            where = path.relative_to(workspace.root).as_posix()
            lessons.append(read(path, workspace.settings, where))
        except InputError as error:
            problems += error.problems
    problems += _twins(folders, workspace.root)
    return Catalogue(tuple(lessons), tuple(problems))


def _no_lesson(name: str, known: Iterable[str]) -> Text:
    guess = nearest(name, known)
    if guess:
        return text("no lesson of this name; did you mean {guess}?", guess=guess)
    return text("no lesson of this name in the folder courseware")


def _subfolders(parent: Path) -> list[Path]:
    return [path for path in listed(parent) if path.is_dir() and not path.name.startswith("_")]


def _twins(folders: list[Path], root: Path) -> list[Problem]:
    """Folders that are one and the same on Windows or a USB stick."""
    seen: dict[str, Path] = {}
    problems = []
    for folder in folders:
        first = seen.setdefault(folder.name.casefold(), folder)
        if first is not folder:
            what = text("differs from {other} only in upper and lower case; rename one", other=first.name)
            problems.append(Problem(folder.relative_to(root).as_posix(), what))
    return problems
