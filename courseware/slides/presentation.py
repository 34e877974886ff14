"""What a PPTX says beside its pictures: the words, notes, which slides are hidden, what it links to. By python-pptx.

Nothing of it is run: macros and links are told. What would grow out of all measure is refused before it is opened.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from courseware.errors import InputError, Problem, Text, reason_of, text

LARGEST = 300_000_000  # bytes of a file
LARGEST_UNPACKED = 2_000_000_000
MOST_PARTS = 20_000
MOST_TIMES = 200  # text packs to a hundredth; zeros to a thousandth
SMALL = 20_000_000
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MACROS = "vbaProject.bin"
_MAIN = "ppt/presentation.xml"
_EXTERNAL = re.compile(rb'<Relationship\b[^>]*TargetMode="External"[^>]*>')
_KIND, _TARGET = re.compile(rb'\bType="[^"]*/(\w+)"'), re.compile(rb'\bTarget="([^"]*)"')
_SHOW, _DECK = b"presentationml.slideshow.main+xml", b"presentationml.presentation.main+xml"
_MACRO_SHOW = b"application/vnd.ms-powerpoint.slideshow.macroEnabled.main+xml"
_MACRO_DECK = b"application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"
_MOST_NAMED = 4
_SAME_ROW = 228_600  # a quarter of an inch, in PowerPoint's own units: nobody places by hand more exactly


@dataclass(frozen=True, slots=True)
class Slide:
    """A slide.

    Attributes:
        number: from 1, with the hidden ones.
        title: "" for none.
        lines: the other words, paragraph by paragraph, from the top.
        notes: "" for none.
        pictures: those on it that a screen can show, the largest first: suffix and bytes.
    """

    number: int
    title: str
    lines: tuple[str, ...]
    notes: str
    hidden: bool
    pictures: tuple[tuple[str, bytes], ...]


class IrregularDeckError(InputError):
    """A presentation that keeps to PowerPoint's form less than python-pptx wants."""


@dataclass(frozen=True, slots=True)
class Presentation:
    """The slides in order, and what is told of the whole."""

    slides: tuple[Slide, ...]
    remarks: tuple[Text, ...]


def is_old(path: Path) -> bool:
    """Whether it is PowerPoint 97's form, or another that only an office program opens.

    Raises:
        InputError: too large, unreadable, or protected by a password.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise InputError(Problem(path.name, text("is larger than 300 MB; make smaller pictures in it")))
        data = path.read_bytes()
    except OSError as error:
        raise InputError(Problem(path.name, text("cannot be read: {reason}", reason=reason_of(error)))) from error
    if data.startswith(_OLE) and _ENCRYPTED in data:
        raise InputError(Problem(path.name, text("is protected by a password; save it without one")))
    return data.startswith(_OLE) or path.suffix.lower() == ".odp"


def read_presentation(path: Path, name: str) -> Presentation:
    """The slides of a PPTX.

    Args:
        name: how messages name it.

    Raises:
        IrregularDeckError: one that an office program may open all the same.
        InputError: not one, damaged, or one that would grow out of all measure.
    """
    import pptx

    broken = Problem(name, text("is no presentation, or a damaged one; save it again as PPTX or PDF"))
    irregular = False
    try:
        with zipfile.ZipFile(path) as package:
            _measure(package, name)
            remarks = tuple(_remarks(package))
            irregular = _MAIN in package.namelist()
            deck = pptx.Presentation(_as_deck(package, path))
            slides = tuple(_slide(slide, number) for number, slide in enumerate(deck.slides, 1))
    except InputError:
        raise
    # python-pptx and lxml raise whatever they trip over in a file that nobody has looked at before.
    except Exception:  # noqa: BLE001  (as said above)
        raise (IrregularDeckError(broken) if irregular else InputError(broken)) from None
    if not slides:
        raise InputError(Problem(name, text("has no slides")))
    return Presentation(slides, remarks)


def _measure(package: zipfile.ZipFile, name: str) -> None:
    parts = package.infolist()
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    grows = unpacked > SMALL and unpacked > packed * MOST_TIMES
    if len(parts) > MOST_PARTS or unpacked > LARGEST_UNPACKED or grows:
        what = text("would unpack to {size} MB; it is no honest presentation", size=unpacked // 1_000_000)
        raise InputError(Problem(name, what))


def _remarks(package: zipfile.ZipFile) -> Iterator[Text]:
    names = package.namelist()
    if any(name.endswith(_MACROS) for name in names):
        yield text("It holds macros; they were not run.")
    linked: list[str] = []
    for name in (name for name in names if name.startswith("ppt/") and name.endswith(".rels")):
        for found in _EXTERNAL.findall(package.read(name)):
            kind, target = _KIND.search(found), _TARGET.search(found)
            if target and not (kind and kind[1] == b"hyperlink"):
                linked.append(re.split(r"[/\\]", target[1].decode("utf-8", "replace"))[-1])
    if linked:
        yield text("It links to files that do not lie in it; they are missing: {items}.", items=_listed(linked))
    films = [
        name.rpartition("/")[2]
        for name in names
        if re.fullmatch(r"ppt/media/.*\.(mp4|m4v|mov|wmv|avi|mp3|m4a|wav|wma)", name, re.IGNORECASE)
    ]
    if films:
        what = text("Videos and sound in it are not taken; save them and name them as clips or narration: {items}.")
        yield Text(what.pattern, {"items": _listed(films)})


def _listed(names: Sequence[str]) -> str:
    held = list(dict.fromkeys(names))
    return "、".join(held[:_MOST_NAMED]) + (f" … ({len(held)})" if len(held) > _MOST_NAMED else "")


def _as_deck(package: zipfile.ZipFile, path: Path) -> io.BytesIO:
    """The file's bytes; a show (.ppsx) is called a presentation, which is all that differs."""
    data = path.read_bytes()
    types = package.read("[Content_Types].xml")
    if _SHOW not in types and _MACRO_SHOW not in types:
        return io.BytesIO(data)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as written:
        for name in dict.fromkeys(package.namelist()):
            content = package.read(name)
            if name == "[Content_Types].xml":
                content = types.replace(_SHOW, _DECK).replace(_MACRO_SHOW, _MACRO_DECK)
            written.writestr(name, content)
    stream.seek(0)
    return stream


def _slide(slide: Any, number: int) -> Slide:  # noqa: ANN401  (python-pptx's own)
    title = slide.shapes.title
    heading = _tidy(title.text_frame.text) if title is not None and title.has_text_frame else ""
    others = (shape for shape in _shapes(slide.shapes) if title is None or shape.shape_id != title.shape_id)
    shapes = _in_reading_order(others)
    lines = tuple(filter(None, (line for shape in shapes for line in _lines(shape))))
    notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    return Slide(
        number,
        heading,
        lines,
        "\n".join(filter(None, map(_tidy, re.split(r"[\n\v]", notes.text)))) if notes is not None else "",
        slide._element.get("show") in {"0", "false"},  # noqa: SLF001  (python-pptx has no word for hidden slides)
        tuple(_pictures(shapes)),
    )


def _shapes(shapes: Any) -> Iterator[Any]:  # noqa: ANN401  (python-pptx's own)
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield from _shapes(shape.shapes)
        else:
            yield shape


def _in_reading_order(shapes: Iterable[Any]) -> list[Any]:
    """From the top, what stands side by side from the left; columns of upright text from the right."""
    rows: list[list[Any]] = []
    for shape in sorted(shapes, key=lambda shape: shape.top or 0):
        if rows and (shape.top or 0) - (rows[-1][0].top or 0) < _SAME_ROW:
            rows[-1].append(shape)
        else:
            rows.append([shape])
    return [shape for row in rows for shape in sorted(row, key=_across)]


def _across(shape: Any) -> int:  # noqa: ANN401  (python-pptx's own)
    left: int = shape.left or 0
    upright = shape.has_text_frame and "ea" in (shape.text_frame._txBody.bodyPr.get("vert") or "")  # noqa: SLF001  (python-pptx has no word for upright text)
    return -left if upright else left


def _lines(shape: Any) -> Iterator[str]:  # noqa: ANN401  (python-pptx's own)
    """The words of a shape; of a table a line for each row. What stands at the foot of every page is not meant."""
    if shape.is_placeholder and shape.placeholder_format.type in {13, 15, 16}:  # number, foot, date
        return
    if getattr(shape, "has_table", False):
        for row in shape.table.rows:
            yield "，".join(filter(None, (_tidy(cell.text) for cell in row.cells)))
    elif shape.has_text_frame:
        for paragraph in shape.text_frame.paragraphs:
            yield from map(_tidy, re.split(r"[\n\v]", paragraph.text))


def _pictures(shapes: Sequence[Any]) -> Iterator[tuple[str, bytes]]:
    """JPEG and PNG, the largest on the slide first."""
    for shape in sorted(shapes, key=lambda shape: -(shape.width or 0) * (shape.height or 0)):
        try:
            image = shape.image
        except (ValueError, KeyError, AttributeError):  # no picture; linked, not there
            continue
        if image.ext in {"jpg", "png"}:
            yield f".{image.ext}", image.blob


def _tidy(words: str) -> str:
    return " ".join("".join(ch if ch.isprintable() or ch.isspace() else " " for ch in words).split())
