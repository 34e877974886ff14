"""Looks at what rendering needs on this machine. Reports; repairs nothing."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from courseware.errors import Text, YuanjiaoError, text
from courseware.files import sha256
from render.work.ffmpeg import VARIABLE, Ffmpeg, ask, find_ffmpeg
from templates.type.fonts import font_files

_ROOM_BYTES = 5_000_000_000  # a week's renditions of a county
_PYTHON = (3, 11)
_LEAST_FONT_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that was looked at.

    Attributes:
        id: for programs that read the report.
        what: for people.
        found: a version, a path, an amount.
        remedy: None when it is as needed.
        needed: whether rendering is impossible without it.
    """

    id: str
    what: Text
    found: str
    remedy: Text | None = None
    needed: bool = True


def examine(folder: Path) -> tuple[Diagnosis, ...]:
    """Everything rendering needs, in the order a person would repair it; `folder` is where files will go."""
    return (_python(), *_ffmpeg(), *_libraries(), *_fonts(), _farm(), _disk(folder))


def _python() -> Diagnosis:
    remedy = None if sys.version_info >= _PYTHON else text("install Python 3.11 or newer")
    return Diagnosis("python", text("Python"), f"{platform.python_version()} ({sys.executable})", remedy)


def _ffmpeg() -> Iterator[Diagnosis]:
    try:
        tool = find_ffmpeg()
    except YuanjiaoError as error:
        yield Diagnosis("ffmpeg", text("ffmpeg"), "-", error.problems[0].what)
        return
    yield Diagnosis("ffmpeg", text("ffmpeg"), tool.version)
    came = text("in the package") if tool.source == "embedded" else text("named by {variable}", variable=tool.source)
    yield Diagnosis("ffmpeg-source", text("where ffmpeg comes from: {source}", source=came), tool.path)
    yield from _abilities(tool)


def _abilities(tool: Ffmpeg) -> Iterator[Diagnosis]:
    """What ffmpeg was built with; the second word of a line of its lists is the name."""
    for id_, flag, name, what in _ABILITIES:
        try:
            words = [line.split() for line in ask(tool.path, [flag]).splitlines()]
        except YuanjiaoError as error:
            yield Diagnosis(id_, what, "-", error.problems[0].what)
            continue
        there = any(len(line) > 1 and line[1] == name for line in words)
        remedy = None if there else Text(_LACKS.pattern, {"name": name, "variable": VARIABLE})
        yield Diagnosis(id_, what, name if there else "-", remedy)


_LACKS = text("this ffmpeg lacks {name}; remove the variable {variable}, then the embedded one is used")
_ABILITIES = (
    ("libass", "-filters", "ass", text("subtitles (libass)")),
    ("x264", "-encoders", "libx264", text("H.264 encoder")),
    ("aac", "-encoders", "aac", text("AAC encoder")),
)


def _libraries() -> Iterator[Diagnosis]:
    for package, load, what in _LIBRARIES:
        try:
            load()
            yield Diagnosis(package, what, metadata.version(package))
        except (ImportError, OSError) as error:
            remedy = text("does not load ({reason}); install yuanjiao again", reason=str(error))
            yield Diagnosis(package, what, "-", remedy)


def _farm() -> Diagnosis:
    """The extra is not needed; whoever has it sees which engine, since all computers of a farm want the same."""
    what = text("several computers (extra farm: Dask)")
    try:
        return Diagnosis("farm", what, metadata.version("distributed"), needed=False)
    except metadata.PackageNotFoundError:
        remedy = text('only for several computers: pip install "yuanjiao[farm]"')
        return Diagnosis("farm", what, "-", remedy, needed=False)


def _load_av() -> None:
    import av

    _ = av.library_versions


def _load_typst() -> None:
    import typst

    _ = typst.compile


def _load_moviepy() -> None:
    import moviepy

    _ = moviepy.VideoClip


_LIBRARIES: tuple[tuple[str, Callable[[], None], Text], ...] = (
    ("av", _load_av, text("reading videos (PyAV)")),
    ("moviepy", _load_moviepy, text("moving idents (MoviePy)")),
    ("typst", _load_typst, text("printed pages (Typst)")),
)


def _fonts() -> Iterator[Diagnosis]:
    for path in font_files():
        what = text("font {name}", name=path.stem)
        if not path.is_file() or path.stat().st_size < _LEAST_FONT_BYTES:
            yield Diagnosis(f"font-{path.stem}", what, "-", text("is missing; install yuanjiao again"))
        else:
            yield Diagnosis(f"font-{path.stem}", what, f"sha256 {sha256(path)[:16]}…")


def _disk(folder: Path) -> Diagnosis:
    there = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
    free = shutil.disk_usage(there).free
    remedy = text("free some space; a week's lessons take some gigabytes") if free < _ROOM_BYTES else None
    what = text("free disk space at {folder}", folder=str(there))
    return Diagnosis("disk", what, f"{free / 1e9:.1f} GB", remedy, needed=False)
