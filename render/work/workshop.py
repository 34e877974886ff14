"""The workshop: with what and where renditions are made, shared by all threads of a batch. Makes nothing itself."""

from __future__ import annotations

import filecmp
import os
import shutil
import tempfile
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path

from courseware.errors import Problem, StorageError, reason_of, text
from courseware.files import copy_file, replacing, sweep, write_text
from render.work.ffmpeg import Ffmpeg
from render.work.store import Store
from templates.type.fonts import caption_fonts, font_files, unusable

# Only fonts of the `fontsdir` exist: what is installed on the machine never changes a picture.
_FONTS_CONF = '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig/>\n'


class _Locks:
    """One lock per name, made when it is first asked for."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def __getitem__(self, name: str) -> threading.Lock:
        with self._guard:
            return self._locks[name]


@dataclass(frozen=True, slots=True)
class Workshop:
    """Tool, folders and the sign to stop.

    Attributes:
        cache_dir: the store, facts of sources and work folders.
        stop: when set, whatever runs is given up.
    """

    tool: Ffmpeg
    cache_dir: Path
    stop: threading.Event = field(default_factory=threading.Event)
    locks: _Locks = field(default_factory=_Locks)

    @property
    def work_dir(self) -> Path:
        """Holds the private work folders and, beside them, the fonts."""
        return self.cache_dir / "work"

    @property
    def store(self) -> Store:
        """Finished pieces."""
        return Store(self.cache_dir / "store")

    @property
    def environment(self) -> dict[str, str]:
        """What ffmpeg has to be told beside its arguments."""
        return {"FONTCONFIG_FILE": str((self.work_dir / "fonts.conf").absolute())}

    @contextmanager
    def work_folder(self) -> Iterator[Path]:
        """A private folder, gone afterwards, whatever happens."""
        prefix = f".part-{os.getpid()}-"
        with tempfile.TemporaryDirectory(prefix=prefix, dir=self.work_dir, ignore_cleanup_errors=True) as name:
            yield Path(name)


def open_workshop(tool: Ffmpeg, cache_dir: Path, stop: threading.Event | None = None) -> Workshop:
    """Make the folders, and lay the fonts where a relative ASCII path leads to them.

    Args:
        stop: the sign that whatever runs is to be given up; one of its own when None.

    Raises:
        StorageError: the folder cannot be written to.
        ToolError: a font is missing.
    """
    missing = next((font for font in font_files() if not font.is_file()), None)
    if missing:
        raise unusable(missing)
    workshop = Workshop(tool, cache_dir, stop or threading.Event())
    sweep(cache_dir, workshop.work_dir, cache_dir / "sources")
    workshop.store.sweep()
    with storage_errors(cache_dir):
        fonts = workshop.work_dir / "fonts"
        fonts.mkdir(parents=True, exist_ok=True)
        # Each filter that burns subtitles in reads all that lies there into its memory.
        for font in font_files():
            if font in caption_fonts():
                lay(font, fonts / font.name)
            else:
                (fonts / font.name).unlink(missing_ok=True)
        write_text(workshop.work_dir / "fonts.conf", _FONTS_CONF, lasting=False)
    return workshop


@contextmanager
def storage_errors(folder: Path) -> Iterator[None]:
    """Turn the disk's refusals into one plain sentence that names the folder."""
    try:
        yield
    except OSError as error:
        what = text("cannot be written to: {reason}", reason=reason_of(error))
        raise StorageError(Problem(str(folder), what)) from error


def check_room(folder: Path, needed_bytes: int) -> None:
    """Refuse at once when so much does not fit.

    Raises:
        StorageError: too little free space.
    """
    free = shutil.disk_usage(folder).free
    if free < needed_bytes:
        what = text(
            "the disk has {free} MB left, up to {needed} MB are needed; free some space",
            free=free // 1_000_000,
            needed=ceil(needed_bytes / 1_000_000),
        )
        raise StorageError(Problem(str(folder), what))


def lay(source: Path, target: Path) -> None:
    """Put a copy where it is needed, unless the same bytes lie there; never half there, never a link."""
    with suppress(OSError):
        if filecmp.cmp(source, target, shallow=False):
            return
    with replacing(target, lasting=False) as scratch:
        copy_file(source, scratch)
