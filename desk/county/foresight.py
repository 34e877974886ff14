"""What takes long to find out, found out beside and remembered while no file changes on which it depends."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from courseware.errors import Problem, YuanjiaoError, reason_of, text
from courseware.lessons.workspace import Workspace

Found = TypeVar("Found")
_PATIENCE_S = 0.8  # so long a page waits; a small county is looked at in that time
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
    """Finds things out, each in a thread of its own, and keeps the last answers."""

    find: Callable[[Workspace, str], Found]
    mark: Callable[[Workspace, str], str]
    _seen: dict[str, Seen[Found]] = field(default_factory=dict)
    _threads: dict[str, threading.Thread] = field(default_factory=dict)
    _change: threading.Lock = field(default_factory=threading.Lock)

    def look(self, workspace: Workspace, key: str) -> Seen[Found] | None:
        """What is known of the files as they are now; None while it is being found out."""
        mark = self.mark(workspace, key)
        with self._change:
            seen, busy = self._seen.get(key), self._threads.get(key)
            if seen is not None and seen.mark == mark:
                return seen
            if busy is None or not busy.is_alive():
                busy = threading.Thread(target=self._find, args=(workspace, key, mark), name="foresight", daemon=True)
                self._threads[key] = busy
                busy.start()
        busy.join(_PATIENCE_S)
        seen = self._seen.get(key)
        return seen if seen is not None and seen.mark == mark else None

    def _find(self, workspace: Workspace, key: str, mark: str) -> None:
        try:
            seen = Seen(mark, self.find(workspace, key))
        except YuanjiaoError as error:
            seen = Seen[Found](mark, None, error.problems)
        except OSError as error:
            what = text("cannot be read or written: {reason}", reason=reason_of(error))
            seen = Seen[Found](mark, None, (Problem(str(error.filename or ""), what),))
        with self._change:
            self._seen.pop(key, None)
            self._seen[key] = seen
            for old in list(self._seen)[:-_KEPT]:
                del self._seen[old]
