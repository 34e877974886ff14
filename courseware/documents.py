"""Parts of the JSON documents that several commands print."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from courseware.errors import Problem, Text


def said(problems: Iterable[Problem], translate: Callable[[Text], str]) -> list[dict[str, str]]:
    """Problems, in the user's language."""
    return [{"where": one.where, "what": translate(one.what)} for one in problems]
