"""Files: write beside and rename, clear what was left beside, hash, and names that every player and stick accepts."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

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


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Yield a scratch path beside target; it becomes target only if the block succeeds."""
    target.parent.mkdir(parents=True, exist_ok=True)
    # Not mkstemp: its files are private (0600) and the players could not read them. The suffix stays, since
    # ffmpeg and Typst choose the format by it.
    scratch = target.with_name(f".part-{os.getpid()}-{target.name}")
    if len(scratch.name.encode()) > _LONGEST:
        short = hashlib.sha256(target.name.encode()).hexdigest()[:16]
        scratch = target.with_name(f".part-{os.getpid()}-{short}{target.suffix}")
    try:
        with blaming(target, scratch):
            yield scratch
            scratch.replace(target)
    finally:
        scratch.unlink(missing_ok=True)


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

    What another process is still at work on stays; so does what cannot be removed.
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
    with suppress(OSError):
        # Whatever bears the number today, nothing is written for so long.
        if time.time() - entry.stat().st_mtime > _LONGEST_WORK_S:
            return True
    return int(process[1]) == os.getpid() or not _runs(int(process[1]))


def _runs(process: int) -> bool:
    if os.name == "nt":
        return True  # There, asking would end it.
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def _remove(entry: Path) -> None:
    with suppress(OSError):
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink()


def write_text(target: Path, content: str) -> None:
    """Write UTF-8 without BOM and with LF, all or nothing."""
    with replacing(target) as scratch:
        scratch.write_text(content, encoding="utf-8", newline="\n")


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


def is_safe_id(name: str) -> bool:
    """Whether `name` may name a lesson or venue: letters (any script), digits, "-" and "_", not reserved."""
    if not re.fullmatch(r"\w[\w-]{0,63}", name) or len(name.encode()) > _LONGEST - 25:
        return False
    return name.lower() not in _RESERVED
