"""A kit written so that, whenever it is cut off, the old kit stays good or none verifies as good.

Videos come first, under names made of their content, so that they never stand in each other's way; then all else
beside, checked, and switched; the checksums and the signatures last. Another run repairs what a cut-off one left.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from courseware.errors import InputError, Problem, StorageError, text
from courseware.files import copy_file, flush, replacing, sha256, sweep, write_bytes
from playlists.kits.keys import OfficeKey, sign
from playlists.kits.plan import MEDIA
from playlists.kits.room import refuse_full, refuse_unfit
from playlists.kits.sums import ASRUN, FILE_NAME, SEALS, SIGNATURE_NAME, WINDOWS_NAME, dump_sums, parse_sums
from playlists.lists.copying import copy_proven, read_back


@dataclass(frozen=True, slots=True)
class Video:
    """A finished file that a kit needs: where it lies, and its bytes."""

    source: Path
    size: int
    sha256: str


@dataclass(frozen=True)
class Contents:
    """All of a kit.

    Attributes:
        videos: path in the kit → video, all that the plan plays.
        papers: path in the kit → everything else, as bytes or as the file to copy.
        elsewhere: paths of videos that the venue has already, and that need not be on the stick.
    """

    videos: Mapping[str, Video]
    papers: Mapping[str, bytes | Path]
    elsewhere: frozenset[str] = frozenset()

    @cached_property
    def sums(self) -> Mapping[str, str]:
        """Path → sha256 of every file."""
        papers = {path: _digest(content) for path, content in self.papers.items()}
        return papers | {path: one.sha256 for path, one in self.videos.items()}

    @cached_property
    def carried(self) -> Mapping[str, Video]:
        """The videos that are on the stick."""
        return {path: one for path, one in self.videos.items() if path not in self.elsewhere}


@dataclass(frozen=True, slots=True)
class WrittenKit:
    """What was done.

    Attributes:
        size: bytes of the whole kit on the stick.
        copied_bytes: of videos that were not there yet.
        foreign: files in the kit's folder that are not the kit's; left alone.
    """

    folder: Path
    size: int
    copied_bytes: int
    foreign: tuple[str, ...]


def write_kit(
    target: Path, contents: Contents, key: OfficeKey, progress: Callable[[int], None] = lambda _bytes: None
) -> WrittenKit:
    """Make `target` (…/远教) hold the kit and nothing of an older one; what came back in asrun/ stays.

    Args:
        progress: told the size of each video that is in place.

    Raises:
        InputError, StorageError: no room, a file too large for a stick, a video that is not as it was made.
        OSError: the stick cannot be written.
    """
    refuse_unfit(target, {path: one.size for path, one in contents.videos.items()})
    before = _sums_before(target)
    sweep(target, target / MEDIA)
    lacking = {path: one for path, one in contents.carried.items() if not _is_there(target / path, one.sha256)}
    useless = _useless(target, before, contents)
    papers = sum(map(_size, contents.papers.values()))
    if refuse_full(target, papers + sum(one.size for one in lacking.values()), [target / path for path in useless]):
        # Only what the old kit alone needs can make room: from here on it is none any more.
        (target / SIGNATURE_NAME).unlink(missing_ok=True)
        _remove(target, useless)
    (target / ASRUN).mkdir(parents=True, exist_ok=True)
    for path, one in contents.carried.items():
        if path in lacking:
            _copy(one, target / path)
        progress(one.size)
    _switch(target, contents)
    _seal(target, contents.sums, key)
    _remove(target, useless)
    whole = sum(one.size for one in contents.carried.values()) + papers
    copied = sum(one.size for one in lacking.values())
    return WrittenKit(target, whole, copied, tuple(foreign_files(target, contents.sums)))


def foreign_files(folder: Path, sums: Mapping[str, str]) -> list[str]:
    """The files in a kit's folder that are neither listed nor its seals nor what came back; clutter aside."""
    return [path for path in files_in(folder) if path not in sums and path not in SEALS]


def files_in(folder: Path) -> list[str]:
    """Every file below a kit's folder as a path with "/", links too, without clutter and asrun/."""
    from courseware.clutter import is_clutter

    found = []
    for place, folders, names in os.walk(folder):
        here = Path(place).relative_to(folder)
        top = here == Path()
        folders[:] = sorted(one for one in folders if not is_clutter(one) and not (top and one == ASRUN))
        links = [one for one in folders if (Path(place) / one).is_symlink()]
        found += [(here / one).as_posix() for one in [*names, *links] if not is_clutter(one)]
    return sorted(found)


def _digest(content: bytes | Path) -> str:
    return sha256(content) if isinstance(content, Path) else hashlib.sha256(content).hexdigest()


def _size(content: bytes | Path) -> int:
    return content.stat().st_size if isinstance(content, Path) else len(content)


def _is_there(path: Path, digest: str) -> bool:
    try:
        return not path.is_symlink() and read_back(path) == digest
    except OSError:
        return False


def _sums_before(target: Path) -> Mapping[str, str]:
    try:
        return parse_sums((target / FILE_NAME).read_bytes())
    except (OSError, InputError):
        return {}


def _useless(target: Path, before: Mapping[str, str], contents: Contents) -> list[str]:
    """What an older kit needed, or a cut-off run left, and this one does not."""
    media = [f"{MEDIA}/{path.name}" for path in (target / MEDIA).glob("?" * 16 + ".mp4")]
    return [path for path in dict.fromkeys((*before, *media)) if path not in contents.sums]


def _remove(target: Path, paths: list[str]) -> None:
    for path in paths:
        (target / path).unlink(missing_ok=True)


def _copy(video: Video, target: Path) -> None:
    with replacing(target) as scratch:
        copy_proven(video.source, scratch, video.sha256)


def _switch(target: Path, contents: Contents) -> None:
    """All papers that are not there yet: first every one beside and checked, then each to its place."""
    with ExitStack() as beside:
        for path, content in contents.papers.items():
            if _is_there(target / path, contents.sums[path]):
                continue
            scratch = beside.enter_context(replacing(target / path))
            if isinstance(content, Path):
                copy_file(content, scratch)
            else:
                scratch.write_bytes(content)
                flush(scratch)
            if read_back(scratch) != contents.sums[path]:
                what = text("did not arrive as it was written; use another stick")
                raise StorageError(Problem(str(target / path), what))


def _seal(target: Path, sums: Mapping[str, str], key: OfficeKey) -> None:
    said = dump_sums(sums)
    signature, second = sign(key, said)
    for name, content in ((FILE_NAME, said), (WINDOWS_NAME, second), (SIGNATURE_NAME, signature)):
        write_bytes(target / name, content)
