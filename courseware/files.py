"""Files: write beside, flush, rename; clear what was left; copy; hash; names that every player and stick accepts."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
import time
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from secrets import token_hex
from typing import Literal

# FAT32 and Windows refuse the first nine; VLC decodes "%41" and cuts at "#".
_SPECIAL = str.maketrans('<>:"/\\|?*#%', "＜＞：＂／＼｜？＊＃％")
_LINE = re.compile(r"[\x00-\x1f\x7f]")
# At the beginning of a name: an option, a home folder, a hidden file.
_LEADING = str.maketrans("-~", "－～")
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
_RESERVED = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {
    f"{port}{n}" for port in ("com", "lpt") for n in "0123456789¹²³"
}
_LONGEST = 255  # bytes of a file name on ext4; FAT32 and NTFS count 255 UTF-16 units and so allow no less

_LONGEST_WORK_S = 86_400
_CLOCK_SLACK_S = 2
_AT_ONCE = 2**20
_FICLONE = 0x40049409  # linux/fs.h


# Inside of `together`, the files that are not flushed yet.
_WAITING: ContextVar[list[Path] | None] = ContextVar("waiting", default=None)


@contextmanager
def replacing(target: Path, *, lasting: bool = True) -> Iterator[Path]:
    """Yield a scratch path beside target; it becomes target only if the block succeeds, and then for good.

    Args:
        lasting: the bytes are on the disk before the name is, so that a power cut leaves the old file or the new one;
            False for what is found out again in a moment.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch, waiting = scratch_beside(target), _WAITING.get()
    flushes = lasting and waiting is None
    try:
        with blaming(target, scratch):
            yield scratch
            if flushes:
                flush(scratch)
            scratch.replace(target)
            if flushes:
                flush(target.parent)
            elif waiting is not None:
                waiting.append(target)
    finally:
        # A disk that is read-only refuses this, too; what it refused first is to be told.
        with suppress(OSError):
            scratch.unlink(missing_ok=True)


@contextmanager
def making_folder(target: Path, *, over: bool = False) -> Iterator[Path]:
    """Yield an empty scratch folder beside target; it becomes target only if the block succeeds.

    Args:
        over: it may take the place of a folder, which is gone only when the new one has its name.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = scratch_beside(target)
    try:
        with blaming(target, scratch):
            scratch.mkdir()
            yield scratch
            flush(scratch)
            if over and target.exists():
                _swap(scratch, target)
            else:
                scratch.rename(target)
            flush(target.parent)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


@contextmanager
def moving_in(target: Path) -> Iterator[Path]:
    """Yield an empty scratch folder beside target; if the block succeeds, its files take their places in target.

    Until all of them are written and on the disk, none of them has its place: a full disk changes nothing in target.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = scratch_beside(target)
    try:
        with blaming(target, scratch):
            scratch.mkdir()
            yield scratch
            files = sorted(path for path in scratch.rglob("*") if path.is_file())
            _flush_all(files)
            for path in files:
                place = target / path.relative_to(scratch)
                place.parent.mkdir(parents=True, exist_ok=True)
                path.replace(place)
            if files:
                flush(target)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _swap(scratch: Path, target: Path) -> None:
    old = scratch_beside(target, "old")
    target.rename(old)
    try:
        scratch.rename(target)
    except OSError:
        old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


@contextmanager
def together() -> Iterator[None]:
    """Flush what this thread writes in the block once, at its end: for hundreds of files that can be made anew.

    A power cut within the block may leave a file that is empty; after it all are on the disk.
    """
    waiting: list[Path] = []
    token = _WAITING.set(waiting)
    try:
        yield
    finally:
        _WAITING.reset(token)
        _flush_all(waiting)


def scratch_beside(target: Path, kind: Literal["part", "old"] = "part") -> Path:
    """A hidden name beside target that nobody else has, whatever the process or thread; `sweep` knows it."""
    # Not mkstemp: its files are private (0600) and the players could not read them. The suffix stays, since
    # ffmpeg and Typst choose the format by it.
    start = f".{kind}-{os.getpid()}-{token_hex(4)}-"
    if len(f"{start}{target.name}".encode()) <= _LONGEST:
        return target.with_name(start + target.name)
    return target.with_name(start + hashlib.sha256(target.name.encode()).hexdigest()[:16] + target.suffix)


def flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk; some systems cannot do that for folders."""
    if not path.is_dir():
        with path.open("r+b") as stream:
            os.fsync(stream.fileno())
    elif os.name != "nt":
        folder = os.open(path, os.O_RDONLY)
        try:
            # Some network folders refuse.
            with suppress(OSError):
                os.fsync(folder)
        finally:
            os.close(folder)


def _flush_all(paths: Iterable[Path]) -> None:
    """By one flush of everything where there is one: a thousand of single files take ten seconds."""
    there = [path for path in paths if path.is_file()]
    if there and hasattr(os, "sync"):
        os.sync()
    else:
        for path in there:
            flush(path)


@contextmanager
def blaming(target: Path, scratch: Path) -> Iterator[None]:
    """Let an OSError name `target`, which a person knows, instead of what lies in or at `scratch`, or nothing."""
    try:
        yield
    except OSError as error:
        # A full disk names no file at all.
        if error.filename is None or str(error.filename).startswith(str(scratch)):
            error.filename = str(target)
        raise


def sweep(*folders: Path, prefixes: tuple[str, ...] = (".part-", ".old-")) -> None:
    """Remove what killed processes left behind in these folders: files and folders named <prefix><process id>-….

    What a process, this one too, is still at work on stays; so does what cannot be removed.
    """
    for folder in folders:
        try:
            entries = list(folder.iterdir())
        except OSError:
            continue
        for entry in entries:
            if entry.name.startswith(prefixes) and _is_left_behind(entry):
                _remove(entry)


def _is_left_behind(entry: Path) -> bool:
    process = re.match(r"\.\w+-(\d{1,10})-", entry.name, re.ASCII)
    if process is None:
        return False
    try:
        touched = entry.stat().st_mtime
    except OSError:
        return False
    # Whatever bears the number today, nothing is written for so long.
    return time.time() - touched > _LONGEST_WORK_S or not _ran_then(int(process[1]), touched)


def _ran_then(process: int, moment: float) -> bool:
    """Whether the process that bears the number now was there at that moment; numbers are used again."""
    import psutil

    try:
        return float(psutil.Process(process).create_time()) <= moment + _CLOCK_SLACK_S
    except (psutil.NoSuchProcess, OverflowError):
        return False
    except psutil.Error:
        return True


def _remove(entry: Path) -> None:
    with suppress(OSError):
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink()


def write_text(target: Path, content: str, *, lasting: bool = True) -> None:
    """Write UTF-8 without BOM and with LF, all or nothing; `lasting` as for `replacing`."""
    with replacing(target, lasting=lasting) as scratch:
        scratch.write_text(content, encoding="utf-8", newline="\n")


def write_bytes(target: Path, content: bytes) -> None:
    """Write bytes, all or nothing."""
    with replacing(target) as scratch:
        scratch.write_bytes(content)


def copy_file(source: Path, target: Path) -> None:
    """A copy of its own, never a link; where the file system can, blocks are shared until one of the two changes."""
    with source.open("rb") as reader, target.open("wb") as writer:
        if not _share_blocks(reader.fileno(), writer.fileno()):
            shutil.copyfileobj(reader, writer, _AT_ONCE)
        writer.flush()
        os.fsync(writer.fileno())


def _share_blocks(source: int, target: int) -> bool:
    """A reflink (btrfs, XFS, bcachefs); False where it cannot be made."""
    if sys.platform != "linux":
        return False
    import fcntl

    try:
        fcntl.ioctl(target, _FICLONE, source)
    except OSError:
        return False
    return True


def sha256(path: Path) -> str:
    """Hex digest of the file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def safe_name(name: str, limit: int = 80) -> str:
    """`name` made fit for FAT32, Windows and every player: what any of them treats specially stands in full width.

    Beyond that: no reserved word, no character beyond the BMP (tools that write FAT32 mangle them), nothing unseen,
    no end dot.

    Args:
        name: any text, e.g. a lesson title.
        limit: at most this many characters remain.
    """
    cleaned = _LINE.sub("_", unicodedata.normalize("NFC", name)).translate(_SPECIAL)
    cleaned = "".join("_" if ch > "\uffff" else ch for ch in cleaned if unicodedata.category(ch) not in _UNSEEN)
    cleaned = " ".join(cleaned.split()).lstrip(" .")[:limit]
    # Room is left for a number before the name and a suffix behind it.
    cleaned = cleaned.encode()[: _LONGEST - 25].decode(errors="ignore").strip(" .")
    cleaned = cleaned[:1].translate(_LEADING) + cleaned[1:]
    if not cleaned or cleaned.split(".")[0].strip().lower() in _RESERVED:
        cleaned = f"_{cleaned}"
    return cleaned


def is_plain(name: str) -> bool:
    """Whether `name`, read from a file, is that of one file beside it: no way to another folder, on any system."""
    return name not in {"", ".", ".."} and not set(name) & set("/\\:\0")


def leads_out(path: Path, home: Path) -> bool:
    """Whether a path, its links followed, lies outside of `home`.

    Raises:
        OSError, ValueError: it cannot be the name of a file.
    """
    return not path.resolve().is_relative_to(home.resolve())


def is_safe_id(name: str) -> bool:
    """Whether `name` may name a lesson or venue: letters (any script), digits, "-" and "_", not reserved."""
    if not re.fullmatch(r"\w[\w-]{0,63}", name) or len(name.encode()) > _LONGEST - 25:
        return False
    return name.lower() not in _RESERVED
