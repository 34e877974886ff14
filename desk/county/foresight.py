"""What takes long to find out, found out beside and remembered while no file changes on which it depends."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future, wait
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from courseware.errors import Problem, YuanjiaoError, reason_of, text
from courseware.lessons.workspace import Workspace
from desk.apart import Apart

Found = TypeVar("Found")
_PATIENCE_S = 0.05  # so long a page waits; then it says that it will be there soon
_KEPT = 12


@dataclass(frozen=True, slots=True)
class Seen(Generic[Found]):
    """What was found out, or why it could not be.

    Attributes:
        mark: of the files as they were.
        found: None where there are problems.
    """

    mark: str
    found: Found | None
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class Foresight(Generic[Found]):
    """Has things found out apart, and keeps the last answers.

    Attributes:
        find: a function of a module, for it may be another process that calls it.
    """

    find: Callable[[Workspace, str], Found]
    mark: Callable[[Workspace, str], str]
    _seen: dict[str, Seen[Found]] = field(default_factory=dict)
    _sought: dict[str, tuple[str, Future[Found]]] = field(default_factory=dict)
    _change: threading.Lock = field(default_factory=threading.Lock)

    def look(self, apart: Apart, workspace: Workspace, key: str) -> Seen[Found] | None:
        """What is known of the files as they are now; None while it is being found out."""
        mark = self.mark(workspace, key)
        with self._change:
            seen = self._seen.get(key)
            if seen is not None and seen.mark == mark:
                return seen
            if key not in self._sought:
                self._sought[key] = mark, apart.submit(self.find, workspace, key)
            sought, answer = self._sought[key]
        if not wait((answer,), _PATIENCE_S).done:
            return None
        seen = _answered(sought, answer)
        with self._change:
            if self._sought.pop(key, None) is not None and seen is not None:
                self._keep(key, seen)
        return seen if seen is not None and seen.mark == mark else None

    def _keep(self, key: str, seen: Seen[Found]) -> None:
        self._seen.pop(key, None)
        self._seen[key] = seen
        for old in list(self._seen)[:-_KEPT]:
            del self._seen[old]


def _answered(mark: str, answer: Future[Found]) -> Seen[Found] | None:
    """None where the process that was to find it out was killed."""
    try:
        return Seen(mark, answer.result())
    except BrokenExecutor:
        return None
    except YuanjiaoError as error:
        return Seen(mark, None, error.problems)
    except OSError as error:
        what = text("cannot be read or written: {reason}", reason=reason_of(error))
        return Seen(mark, None, (Problem(str(error.filename or ""), what),))
