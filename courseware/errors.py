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


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        where: the file, with its key or row where there is one ("venues.csv: row 3, windows").
        what: what is wrong and what to write instead.
    """

    where: str
    what: Text

    def render(self, translate: Callable[[str], str]) -> str:
        """One line: where, then what."""
        said = self.what.render(translate)
        return f"{self.where}: {said}" if self.where else said


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
