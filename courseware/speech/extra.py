"""The libraries of the extra yuanjiao[asr]: imported where they are used, and what is said when one is absent."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from courseware.errors import Problem, ToolError, text


@contextlib.contextmanager
def importing(library: str) -> Iterator[None]:
    """Around an import.

    Raises:
        ToolError: the library is absent, or installed without something that it needs.
    """
    try:
        yield
    except (ImportError, OSError) as error:
        if isinstance(error, ModuleNotFoundError) and error.name == library:
            what = text("drafting a script needs “pip install yuanjiao[asr]”; or write the script yourself")
        else:
            what = text(
                "this library is installed, but cannot be loaded: {reason}; install it again, on Windows also the "
                "“Visual C++ Redistributable” of Microsoft",
                reason=in_short(error),
            )
        raise ToolError(Problem(library, what)) from error


def in_short(error: Exception) -> str:
    """What a library says, on one line."""
    return " ".join(str(error).split())[:200] or type(error).__name__
