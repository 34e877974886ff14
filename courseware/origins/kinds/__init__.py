"""What lessons can be made from, a module each and a line here: `lesson new` and the desk take it from ORIGINS."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from courseware.errors import InputError, Problem, text
from courseware.origins.kinds import edit_lists, markdown, picture_folder, slides, word
from courseware.origins.origin import FOLDER, Origin

_ALL = (markdown.ORIGIN, word.WORD, word.LINES, slides.ORIGIN, picture_folder.ORIGIN, edit_lists.ORIGIN)
ORIGINS: Mapping[str, Origin] = {suffix: origin for origin in _ALL for suffix in origin.suffixes}


def origin_of(path: Path) -> Origin:
    """What kind of thing a lesson is to be made from.

    Raises:
        InputError: there is no such file, or no lesson is made from its kind.
    """
    if not path.exists():
        raise InputError(Problem(str(path), text("there is no such file or folder")))
    suffix = FOLDER if path.is_dir() else path.suffix.lower()
    if suffix not in ORIGINS:
        known = " ".join(suffix for suffix in ORIGINS if suffix != FOLDER)
        what = text("no lesson can be made from this kind of file; it can be {suffixes}", suffixes=known)
        raise InputError(Problem(path.name, what))
    return ORIGINS[suffix]
