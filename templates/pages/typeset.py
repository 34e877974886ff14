"""Typst: a template and its data become a PDF or a picture. Data goes in as JSON: no text of a person is markup."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

from courseware.errors import Problem, ToolError, text
from templates.tokens import TOKENS_FILE
from templates.type.fonts import FONTS_DIR, font_files

PAGES_DIR = Path(__file__).parent
PHONE_WIDTH_PX = 1080
# Typst's phone page is 540 pt wide.
_PHONE_PPI = PHONE_WIDTH_PX / 540 * 72
# Of a picture of flat colours and type no more is seen; a sixth of the bytes that all colours take.
_COLOURS = 40

Medium = Literal["print", "phone"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Something to be typeset.

    Attributes:
        template: name of a Typst file of this folder.
        data: JSON for it.
        medium: "print" for a PDF, "phone" for a picture.
        where: what is named when it cannot be typeset.
    """

    template: str
    data: str
    medium: Medium
    where: str

    @property
    def key(self) -> str:
        """The hash of all that its bytes depend on."""
        parts = (self.template, self.medium, self.data, tools_key())
        return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def words(self) -> Iterator[str]:
        """Every text in the data."""
        yield from _leaves(json.loads(self.data))


# What typesets many sheets: the bytes of each, in their order; raises as `typeset`.
SheetPress: TypeAlias = Callable[[Sequence[Sheet]], Iterator[bytes]]
# Under this name the command line hands over what opens a farm's press.
FARM_PRESS = "yuanjiao.farm-press"


def _leaves(part: object) -> Iterator[str]:
    match part:
        case str():
            yield part
        case dict():
            for value in part.values():
                yield from _leaves(value)
        case list():
            for value in part:
                yield from _leaves(value)


def typeset(sheet: Sheet) -> bytes:
    """The bytes of a PDF, or of a PNG that is PHONE_WIDTH_PX wide.

    Raises:
        ToolError: it cannot be typeset.
    """
    from typst import Compiler, TypstError

    source = PAGES_DIR / f"{sheet.template}.typ"
    inputs = {"page": sheet.data, "medium": sheet.medium}
    try:
        compiler = Compiler(
            source, root=PAGES_DIR.parent, font_paths=shipped_fonts(), ignore_system_fonts=True, sys_inputs=inputs
        )
        if sheet.medium == "print":
            made: Any = compiler.compile(format="pdf", timestamp=0)
            return bytes(made)
        made = compiler.compile(format="png", ppi=_PHONE_PPI)
        return small_png(bytes(made))
    except TypstError as error:
        what = text("the page cannot be typeset: {reason}", reason=error.message)
        raise ToolError(Problem(sheet.where, what)) from error


def small_png(content: bytes) -> bytes:
    """The same picture in few colours."""
    from PIL import Image

    packed = io.BytesIO()
    with Image.open(io.BytesIO(content)) as picture:
        few = picture.convert("RGB").quantize(_COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        few.save(packed, "PNG")
    return packed.getvalue()


@cache
def shipped_fonts() -> Any:  # noqa: ANN401  (typst.Fonts)
    """The fonts that pages are set with; read from disk once, they are large."""
    from typst import Fonts

    return Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS_DIR])


@cache
def templates_key() -> str:
    """All that sheets are set by, but for the fonts and the versions of what sets them."""
    found = hashlib.sha256()
    for path in sorted((TOKENS_FILE, Path(__file__), *PAGES_DIR.glob("*.typ"))):
        found.update(path.name.encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


@cache
def tools_key() -> str:
    """What all pages are made with: the templates, the tokens, the fonts, the versions of what sets them."""
    from importlib.metadata import version

    found = hashlib.sha256()
    for name in ("typst", "jinja2", "pillow", "segno"):
        found.update(f"{name} {version(name)}\n".encode())
    templates = (path for path in PAGES_DIR.rglob("*") if path.suffix in {".typ", ".j2", ".css", ".js", ".py"})
    for path in sorted((TOKENS_FILE, *templates, *font_files())):
        found.update(path.name.encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()
