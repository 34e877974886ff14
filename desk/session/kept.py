"""Rows of long tables as HTML, drawn again only when what they show is another: most are as they were."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markupsafe import Markup

_MOST = 20_000


class KeptRows:
    """What was drawn, by its place, and beside it what it shows."""

    def __init__(self) -> None:
        self._rows: dict[object, tuple[tuple[object, ...], Markup]] = {}

    def on(self, page: str, language: str) -> Callable[..., Markup]:
        """What the page's template calls: with a macro, the name of the row, and all that the macro shows.

        These are compared by their values; whatever else a macro uses must depend on the language alone.
        """
        return partial(self._row, page, language)

    def _row(self, page: str, language: str, draw: Any, name: object, *shown: object) -> Markup:  # noqa: ANN401  (Jinja's macro)
        key = (page, language, draw.name, name)
        kept = self._rows.get(key)
        if kept is not None and kept[0] == shown:
            return kept[1]
        if len(self._rows) >= _MOST:
            self._rows.clear()
        drawn: Markup = draw(*shown)
        self._rows[key] = shown, drawn
        return drawn
