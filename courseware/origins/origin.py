"""What lessons are made from that is no video: a text, slides, a song. Each kind of file becomes a draft lesson.

A draft is what a person could have written: the values of lesson.toml and the files beside it. No finished video ever
needs what the draft came from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from courseware.errors import Problem
from courseware.slides.legibility import ReadScreen


@dataclass(frozen=True, slots=True)
class DraftWish:
    """What a new lesson is to be made from, and what somebody says of it.

    Attributes:
        source: the file, or a folder of files.
        id: the lesson's; "" for one made from the title.
        pictures: where the pictures lie that the source names; None for beside it.
        narration: recordings of what is said, in order.
        values: keys of lesson.toml that count before what the source says, such as title, series, voice.
        pages: of slides, as "1-20,25"; "" for all.
        as_cards: whether cards of their words are wanted in place of slides.
        screens: on which it is to be read.
    """

    source: Path
    id: str = ""
    pictures: Path | None = None
    narration: tuple[Path, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    pages: str = ""
    as_cards: bool = False
    screens: tuple[ReadScreen, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftLesson:
    """A lesson as it is read from something that is no video.

    Attributes:
        values: keys of lesson.toml as TOML has them, `clip` a list of tables; "id" for the folder's name.
        files: what lies beside lesson.toml: name → its bytes, or the file that it is a copy of.
        remarks: what is left out or was changed, and where.
    """

    values: Mapping[str, Any]
    files: Mapping[str, bytes | Path] = field(default_factory=dict)
    remarks: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """A kind of file that lessons are made from.

    Attributes:
        suffixes: in small letters, with the dot; FOLDER for a folder.
        read: what a file of it becomes; raises InputError with all that is wrong, MediaError, ToolError.
    """

    suffixes: tuple[str, ...]
    read: Callable[[DraftWish], DraftLesson]


FOLDER = "/"
