"""Pages of a PDF as pictures, with their words and how large these are. By PDFium, which runs no scripts of a PDF.

A page is drawn to fit a canvas; a PDF that wants a password, or has more pages than a lesson, is refused.
"""

from __future__ import annotations

import ctypes
import io
import logging
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from courseware.errors import InputError, Problem, Text, text
from courseware.lessons.clipping.clip_file import MOST_CLIPS
from courseware.slides.legibility import LETTERS

if TYPE_CHECKING:
    from PIL.Image import Image

_LARGEST_PNG = 1_500_000  # bytes; a page of photos is smaller as JPEG, and looks the same
_RANGE = re.compile(r"\s*(\d{1,5})\s*(?:[-–—~～至到]\s*(\d{1,5})\s*)?")
_FEWEST = 4  # letters, of which a size can be told
_SMALL_PART = 0.15  # so much of a page may be smaller: page numbers, sources, labels
_NEXT_LINE = 0.6  # em; a letter set high or low stands nearer
_LONGEST_SIDE = 20_000  # points; Acrobat allows 14,400


@dataclass(frozen=True, slots=True)
class DeckPage:
    """A page.

    Attributes:
        number: from 1, in the file.
        suffix, data: the picture, ".png" or ".jpg".
        lines: its words, line by line.
        letters: how high its smaller letters are (the em), in parts of the page's height; None where there are few.
        ratio: width by height.
        empty: whether nothing is seen on it.
    """

    number: int
    suffix: str
    data: bytes
    lines: tuple[str, ...]
    letters: float | None
    ratio: float
    empty: bool


def read_pdf(path: Path, where: str, wanted: str, size: tuple[int, int]) -> tuple[DeckPage, ...]:
    """The pages of a PDF.

    Args:
        where: how messages name it.
        wanted: as "1-20,25"; "" for all.
        size: of the largest canvas, in pixels.

    Raises:
        InputError: no PDF, protected by a password, or with too many pages.
    """
    import pypdfium2

    logging.getLogger("pypdfium2").setLevel(logging.ERROR)  # else it speaks of how it was built
    try:
        document = pypdfium2.PdfDocument(path)
    except (pypdfium2.PdfiumError, OSError, ValueError) as error:
        raise InputError(Problem(where, _why_not(str(error)))) from None
    try:
        document.init_forms()  # what somebody has filled in is drawn only then
        numbers = chosen_pages(wanted, len(document), where)
        return tuple(_page(document[number - 1], number, size) for number in numbers)
    except pypdfium2.PdfiumError:
        raise InputError(Problem(where, text("a page cannot be drawn; the file is damaged: save it anew"))) from None
    finally:
        document.close()


def chosen_pages(wanted: str, count: int, where: str) -> Sequence[int]:
    """The numbers of the pages that are wanted, in the order of the file.

    Raises:
        InputError: not numbers, none of them in the file, or more than a lesson has clips.
    """
    numbers: Sequence[int] = range(1, count + 1)
    if wanted:
        ranges = [_RANGE.fullmatch(part) for part in re.split("[,，、]", wanted)]
        if None in ranges:
            raise InputError(Problem("--pages", text("“{given}” are no pages; write 1-20 or 1,3,5-8", given=wanted)))
        spans = [(int(one[1]), int(one[2] or one[1])) for one in ranges if one]
        numbers = [number for number in numbers if any(first <= number <= last for first, last in spans)]
    if not numbers:
        what = text("no page of these is there; it has {count} pages", count=count)
        raise InputError(Problem("--pages" if wanted else where, what))
    if len(numbers) > MOST_CLIPS:
        what = text(
            "has {count} pages; at most {limit} make a lesson: choose some with --pages 1-20",
            count=len(numbers),
            limit=MOST_CLIPS,
        )
        raise InputError(Problem(where, what))
    return numbers


def _why_not(reason: str) -> Text:
    if re.search("password|security", reason, re.IGNORECASE):  # the latter: locked in a way that PDFium knows not
        return text("is protected by a password; save it without one")
    return text("is no PDF, or a damaged one; save it again")


def _page(page: Any, number: int, size: tuple[int, int]) -> DeckPage:  # noqa: ANN401  (PDFium's own)
    width, height = (min(max(side, 1), _LONGEST_SIDE) for side in page.get_size())
    scale = min(size[0] / width, size[1] / height)
    picture = page.render(scale=scale).to_pil().convert("RGB")
    words = page.get_textpage()
    try:
        letters = tuple(_printed(words))
    finally:
        words.close()
    em = _em(letters, height)
    suffix, data = _packed(picture, f"{em:.5f}" if em else "")
    empty = all(darkest == lightest for darkest, lightest in picture.getextrema())
    return DeckPage(number, suffix, data, tuple(_lines(letters)), em, width / height, empty)


def _packed(picture: Image, letters: str) -> tuple[str, bytes]:
    """The picture's suffix and bytes; how large its letters are stands in its head, for “check”."""
    from PIL.PngImagePlugin import PngInfo

    stream, said = io.BytesIO(), PngInfo()
    if letters:
        said.add_text(LETTERS, letters)
    picture.save(stream, "PNG", optimize=True, pnginfo=said)
    if stream.tell() <= _LARGEST_PNG:
        return ".png", stream.getvalue()
    stream = io.BytesIO()
    comment = f"{LETTERS}{letters}" if letters else ""
    picture.save(stream, "JPEG", quality=92, subsampling=0, optimize=True, comment=comment)
    return ".jpg", stream.getvalue()


class _Letter(NamedTuple):
    """A character, how far from the foot of the page it stands, and how high it is; in points."""

    char: str
    at: float
    em: float


def _printed(words: Any) -> Iterator[_Letter]:  # noqa: ANN401  (PDFium's own)
    import pypdfium2.raw as pdfium

    matrix, across, up = pdfium.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
    for at in range(words.count_chars()):
        char = chr(pdfium.FPDFText_GetUnicode(words, at) or 32)
        if not pdfium.FPDFText_GetMatrix(words, at, matrix):
            continue
        pdfium.FPDFText_GetCharOrigin(words, at, across, up)
        em = pdfium.FPDFText_GetFontSize(words, at) * math.hypot(matrix.b, matrix.d)
        if 0 < em < _LONGEST_SIDE:
            yield _Letter(" " if char.isspace() or not char.isprintable() else char, up.value, em)


def _lines(letters: Iterable[_Letter]) -> Iterator[str]:
    """The words line by line: PDFium itself joins lines that it takes for a paragraph."""
    line, before = "", None
    for letter in letters:
        if before and abs(letter.at - before.at) > min(letter.em, before.em) * _NEXT_LINE and letter.char != " ":
            yield from filter(None, [" ".join(line.split())])
            line = ""
        line += letter.char
        before = letter if letter.char != " " else before
    yield from filter(None, [" ".join(line.split())])


def _em(letters: Iterable[_Letter], height: float) -> float | None:
    """The size that all but a small part of the letters reach."""
    sizes = Counter(round(letter.em, 1) for letter in letters if letter.char != " ")
    count, smaller = sum(sizes.values()), 0
    if count < _FEWEST:
        return None
    for points in sorted(sizes):
        smaller += sizes[points]
        if smaller > count * _SMALL_PART:
            return points / height
    return None
