"""The pictures that a source names: found beside it or in the folder of pictures, and what the lesson calls them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from courseware.clutter import listed
from courseware.errors import Text, text
from courseware.files import leads_out, safe_name
from courseware.lessons.lesson_files import PHOTO_SUFFIXES
from courseware.validate import nearest

_REMOTE = re.compile(r"[a-z][a-z0-9+.-]+:|//|\\\\", re.IGNORECASE)
_SHOWN = 60


@dataclass(slots=True)
class NamedPictures:
    """The pictures taken so far.

    Attributes:
        home: the source's folder.
        pictures: the folder that somebody named; None for none.
        inside: those that the source itself holds, by the names that it gives them.
        files: name in the lesson → its bytes, or where it lies.
    """

    home: Path
    pictures: Path | None = None
    inside: Mapping[str, bytes] = field(default_factory=dict)
    files: dict[str, bytes | Path] = field(default_factory=dict)

    def take(self, named: str) -> str | Text:
        """The name under which the lesson has the picture, or what is wrong with it."""
        if named in self.inside:
            return self._name_of(Path(named), self.inside[named])
        given = f"“{named[:_SHOWN]}…”" if len(named) > _SHOWN else f"“{named}”"
        if _REMOTE.match(named):
            return text(
                "the picture {given} lies elsewhere; save it among the pictures and write its name", given=given
            )
        if Path(named).suffix.lower() not in PHOTO_SUFFIXES:
            return text("the picture {given} is of a kind that cannot be shown; save it as PNG or JPEG", given=given)
        places = [folder for folder in (self.pictures, self.home) if folder is not None]
        found = next(filter(None, (_inside(folder, named) for folder in places)), None)
        if found is None:
            return self._missing(named, given, places)
        return self._name_of(found, found)

    def _missing(self, named: str, given: str, places: list[Path]) -> Text:
        there = [path.name for folder in places for path in listed(folder) if path.suffix.lower() in PHOTO_SUFFIXES]
        guess = nearest(Path(named).name, there)
        if guess:
            return text("there is no picture {given}; did you mean {guess}?", given=given, guess=guess)
        return text("there is no picture {given} beside the text; name its folder with --pictures", given=given)

    def _name_of(self, path: Path, content: bytes | Path) -> str:
        """A name of its own: two pictures of two folders may be called the same."""
        stem, number = safe_name(path.stem, 60), 1
        while True:
            name = f"{stem}{f'-{number}' if number > 1 else ''}{path.suffix.lower()}"
            taken = next((one for held, one in self.files.items() if held.casefold() == name.casefold()), content)
            if taken == content:
                self.files[name] = content
                return name
            number += 1


def _inside(folder: Path, named: str) -> Path | None:
    """The file of that name, if it lies in the folder, links followed."""
    path = folder / named.replace("\\", "/")
    try:
        return path if path.is_file() and not leads_out(path, folder) else None
    except (OSError, ValueError):
        return None
