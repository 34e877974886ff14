"""The page of a quality report: one file, to be printed on A4 or read on a phone, nothing to fetch.

Knows nothing of how quality is measured; everything comes as words and numbers. Published, so Chinese.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from courseware.errors import Text
from templates.type.webfont import InlineFace, inline_faces

if TYPE_CHECKING:
    from jinja2 import Environment

_FOLDER = Path(__file__).parent
_LOCALE_DIR = _FOLDER.parent / "locale"

Tone = Literal["error", "warning", "info", "good"]


@dataclass(frozen=True, slots=True)
class Shot:
    """A small picture.

    Attributes:
        jpeg: in base64.
        tone: of what was found there, "good" for nothing.
    """

    clock: str
    jpeg: str
    tone: Tone = "good"


@dataclass(frozen=True, slots=True)
class BarStretch:
    """Something on the bar that stands for the whole length, in hundredths of a percent."""

    left: int
    width: int
    kind: str


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that was found.

    Attributes:
        when: as printed; "" for the whole file.
    """

    tone: Tone
    label: str
    when: str
    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured number and what it should be, as printed."""

    label: str
    value: str
    wanted: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class ReportedFile:
    """A file that was checked.

    Attributes:
        tone: "error" fails, "warning" should be looked at, "good" passes.
        short: what was found, a word for each kind.
        loudness, peak: as printed in the table.
    """

    tone: Tone
    title: str
    name: str
    profile: str
    length: str
    loudness: str
    peak: str
    short: tuple[str, ...]
    figures: tuple[Figure, ...]
    parts: tuple[BarStretch, ...]
    marks: tuple[BarStretch, ...]
    issues: tuple[Issue, ...]
    shots: tuple[Shot, ...]


@dataclass(frozen=True, slots=True)
class QualityPage:
    """A whole report.

    Attributes:
        office: who checked; "" when it is not known.
        made: when, as printed.
        rules: what is checked, one sentence each.
    """

    office: str
    made: str
    entries: tuple[ReportedFile, ...]
    rules: tuple[str, ...]

    def count(self, tone: Tone) -> int:
        """How many files have that verdict."""
        return sum(one.tone == tone for one in self.entries)


def quality_page(page: QualityPage, faces: Callable[[set[str]], Iterable[InlineFace]] = inline_faces) -> str:
    """The page as HTML, with the characters it shows: the same where no Chinese font is installed.

    Args:
        faces: makes the fonts of them.

    Raises:
        ToolError: a shipped font cannot be read.
    """
    template = _environment().get_template("quality_report.html.j2")
    given = {"page": page, "verdicts": _VERDICTS, "grades": _GRADES}
    characters = {ch for ch in template.render(**given, faces=()) if ch.isprintable()}
    return template.render(**given, faces=tuple(faces(characters)))


_VERDICTS: dict[Tone, str] = {"error": "须重做", "warning": "需核对", "good": "合格"}
_GRADES: dict[Tone, str] = {"error": "错误", "warning": "提醒", "info": "建议"}


def in_chinese(sentence: Text) -> str:
    """The sentence as it is printed, whatever language the commands speak."""
    catalogue = _catalogue()
    return sentence.render(lambda pattern: catalogue.gettext(pattern) if pattern else "")


@cache
def _catalogue() -> gettext.NullTranslations:
    return gettext.translation("yuanjiao", _LOCALE_DIR, ["zh_CN"], fallback=True)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(_FOLDER)
    return Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
