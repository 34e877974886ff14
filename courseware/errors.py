"""Every error this toolkit raises on purpose, and the sentences in them.

A sentence is data (a `Text`) until the command line prints it, so the core knows no language.

* YuanjiaoError          the command line prints the problems and exits with .exit_code
  * InputError      (2)  something a person wrote is wrong: settings, a lesson, a sheet, a subtitle file
  * MediaError      (1)  a video or sound cannot be used
  * ToolError       (1)  a program we run is missing or failed
  * StorageError    (1)  a folder is full, read-only or locked
  * BatchError      (1)  some of many failed; the rest was made
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence for the user, in no language yet: an English pattern and the values it names."""

    pattern: str
    values: Mapping[str, object] = field(default_factory=dict)

    def render(self, translate: Callable[[str], str]) -> str:
        """The sentence in the language of `translate` (English pattern in, local pattern out)."""
        values = {
            key: value.render(translate) if isinstance(value, Text) else value for key, value in self.values.items()
        }
        return translate(self.pattern).format(**values)

    def __str__(self) -> str:
        return self.render(str)


def text(pattern: str, /, **values: object) -> Text:
    """Mark a sentence for translation and bind its values; `pattern` must be a literal."""
    return Text(pattern, values)


def reason_of(error: OSError) -> Text | str:
    """Why the system refused a file, in words a person can act on; the system's own when it is a rare reason."""
    found = _REASONS.get(error.errno or 0)
    return found or error.strerror or str(error)


_REASONS: Mapping[int, Text] = {
    errno.EACCES: text("it is read-only, or another program has it open"),
    errno.EPERM: text("it is read-only, or another program has it open"),
    errno.EBUSY: text("another program has it open; close that program"),
    errno.EROFS: text("the disk is read-only"),
    errno.ENOENT: text("there is no such file or folder"),
    errno.EEXIST: text("something of this name is there already"),
    errno.ENOTDIR: text("a part of the path is a file, not a folder"),
    errno.EISDIR: text("it is a folder, not a file"),
    errno.ENAMETOOLONG: text("the name is too long; shorten it"),
    errno.ENOSPC: text("the disk is full; free some space"),
    errno.EDQUOT: text("your share of the disk is full; free some space"),
    errno.EFBIG: text("the disk cannot hold so large a file; format it as exFAT or NTFS"),
    errno.ENOEXEC: text("this program does not run on this computer; use a version made for it"),
    errno.EIO: text("the disk or stick has a fault; try another one"),
}


_SIGNS = (text(", "), text(": "))


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        where: the file, with its key or row where there is one ("venues.csv:3, 开放时段").
        what: what is wrong and what to write instead.
        kind: tells it from others of the same sentence where problems are listed by kind.
    """

    where: str
    what: Text
    kind: str = field(default="", compare=False)

    def render(self, translate: Callable[[str], str]) -> str:
        """One line: where, then what, with the commas and colons of the language."""
        said = self.what.render(translate)
        if not self.where:
            return said
        comma, colon = (sign.render(translate) for sign in _SIGNS)
        where = self.where.replace(", ", comma).replace(": ", colon)
        return f"{where}{colon}{said}"


class YuanjiaoError(Exception):
    """Base class. Carries every problem found, not just the first."""

    exit_code = 1

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join(problem.render(str) for problem in problems))

    def __reduce__(self) -> tuple[type[YuanjiaoError], tuple[Problem, ...]]:
        return type(self), self.problems


class InputError(YuanjiaoError):
    """Something a person wrote is wrong."""

    exit_code = 2


class MediaError(YuanjiaoError):
    """A video or sound cannot be used."""


class ToolError(YuanjiaoError):
    """A program we run is missing or failed."""


class StorageError(YuanjiaoError):
    """A folder is full, read-only or locked."""


class BatchError(YuanjiaoError):
    """Some of many failed; the rest was made."""
