"""SHA256SUMS, as coreutils writes it: the hash of each file of a kit. What may stand there, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping

from courseware.errors import InputError, Problem, text
from courseware.files import is_plain

FILE_NAME = "SHA256SUMS"
SIGNATURE_NAME = f"{FILE_NAME}.sig"
WINDOWS_NAME = f"{FILE_NAME}.p256"
HOME = "远教"  # the kit's folder on a stick
SINCE_NAME = "since.json"
ASRUN = "asrun"  # what comes back; not of the kit
# Their bytes follow from those of SHA256SUMS.
SEALS = (FILE_NAME, SIGNATURE_NAME, WINDOWS_NAME)
_LINE = re.compile(r"([0-9a-f]{64})  ([^\n]+)\n")
_MOST_BYTES = 2**24


def dump_sums(sums: Mapping[str, str]) -> bytes:
    """Path → sha256 as text that `sha256sum -c` reads."""
    return "".join(f"{sums[path]}  {path}\n" for path in sorted(sums)).encode()


def parse_sums(content: bytes) -> dict[str, str]:
    """Read a SHA256SUMS: path → sha256.

    Raises:
        InputError: a line is not as `dump_sums` writes it, or a path leads out of the kit.
    """
    try:
        said = content.decode("utf-8") if len(content) <= _MOST_BYTES else ""
    except UnicodeDecodeError:
        said = ""
    found = {path: sha256 for sha256, path in _LINE.findall(said)}
    wrong = [path for path in found if not is_way_down(path)]
    if wrong:
        what = text("the kit names a file outside of itself ({path}); do not use it", path=wrong[0])
        raise InputError(Problem(FILE_NAME, what))
    # Where only capital letters differ, a stick has one file.
    if not found or dump_sums(found) != content or len({path.casefold() for path in found}) < len(found):
        raise InputError(Problem(FILE_NAME, text("is damaged; build the kit again")))
    return found


def is_way_down(path: str) -> bool:
    """Whether a path with "/" leads to a file below the folder it is read in, on every system."""
    parts = path.split("/")
    return all(is_plain(part) and part.isprintable() for part in parts) and parts[0] not in (ASRUN, *SEALS)
