"""A text in Word, or in plain lines: written out as Markdown and read as such. No letter of it counts as a mark.

Of a Word document the headings, bold beginnings, points of lists, tables and pictures count; a line below a picture
that begins with 图 is its caption.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from courseware.errors import Problem, text
from courseware.lessons.lesson_files import PHOTO_SUFFIXES
from courseware.origins.figures import NamedPictures
from courseware.origins.kinds.markdown import draft_of, read_plain
from courseware.origins.origin import DraftLesson, DraftWish, Origin
from courseware.script.files import open_word

if TYPE_CHECKING:
    from docx.table import Table
    from docx.text.paragraph import Paragraph as WordParagraph
    from docx.text.run import Run

_MARK = re.compile(r"([\\`*_{}\[\]<>#|~!])|^(\s*)([-+>])")
_CAPTION = re.compile(r"图\s*(?:\d+|[一二三四五六七八九十]+)?\s*[：:、.．]?\s*(?=\S)")
_LONGEST_CAPTION = 40
_BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_EMBED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"


@dataclass(slots=True)
class _Written:
    """The document as Markdown: its paragraphs, and the pictures in it."""

    parts: list[str] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    lost: int = 0


def read_word(wish: DraftWish) -> DraftLesson:
    """The lesson that a Word document describes.

    Raises:
        InputError: damaged, no Word document, or as a text in Markdown.
    """
    from docx.table import Table

    written = _Written()
    for item in open_word(wish.source).iter_inner_content():
        if isinstance(item, Table):
            written.parts.append(_table(item))
        else:
            _write(item, written)
    figures = NamedPictures(wish.source.parent, wish.pictures, written.pictures)
    draft = draft_of("\n\n".join(filter(None, written.parts)), figures, wish)
    if not written.lost:
        return draft
    what = text("{count} pictures are of a kind that cannot be shown; left out", count=written.lost)
    return DraftLesson(draft.values, draft.files, (*draft.remarks, Problem(wish.source.name, what)))


def read_lines(wish: DraftWish) -> DraftLesson:
    """The lesson that a plain text describes, each line a paragraph.

    Raises:
        InputError: as for a text in Markdown.
    """
    lines = (_escaped(line.strip()) for line in read_plain(wish.source).split("\n"))
    figures = NamedPictures(wish.source.parent, wish.pictures)
    return draft_of("\n\n".join(filter(None, lines)), figures, wish)


WORD = Origin((".docx",), read_word)
LINES = Origin((".txt",), read_lines)


def _write(paragraph: WordParagraph, written: _Written) -> None:
    words = paragraph.text.strip()
    if written.parts and written.parts[-1].startswith("![](") and _is_caption(paragraph, words):
        written.parts[-1] = f"![{_escaped(_CAPTION.sub('', words))}]{written.parts[-1][3:]}"
        return
    if words:
        written.parts.append(_marked(paragraph, words))
    for name, content in _pictures(paragraph):
        if PurePosixPath(name).suffix.lower() in PHOTO_SUFFIXES:
            written.pictures[name] = content
            written.parts.append(f"![]({name})")
        else:
            written.lost += 1


def _is_caption(paragraph: WordParagraph, words: str) -> bool:
    style = _style(paragraph)
    return len(words) <= _LONGEST_CAPTION and (
        "caption" in style or "题注" in style or (_CAPTION.match(words) is not None and words.startswith("图"))
    )


def _marked(paragraph: WordParagraph, words: str) -> str:
    style = _style(paragraph)
    plain = "<br>".join(_escaped(line.strip()) for line in words.split("\n") if line.strip())
    if style.startswith(("title", "标题")) and not style[-1:].isdigit():
        return f"# {plain}"
    if style.startswith(("heading", "标题", "subtitle", "副标题")):
        return f"## {plain}"
    if style.startswith(("list", "列表")) or (paragraph._p.pPr is not None and paragraph._p.pPr.numPr is not None):  # noqa: SLF001  (python-docx tells it nowhere else)
        return f"- {plain}"
    bold = "".join(run.text for run in _bold_runs(paragraph)).strip()
    return f"**{_escaped(bold)}**{plain[len(_escaped(bold)) :]}" if bold and words.startswith(bold) else plain


def _bold_runs(paragraph: WordParagraph) -> Iterator[Run]:
    for run in paragraph.runs:
        if run.text.strip() and not run.bold:
            return
        yield run


def _style(paragraph: WordParagraph) -> str:
    return (paragraph.style.name or "").casefold() if paragraph.style is not None else ""


def _pictures(paragraph: WordParagraph) -> Iterator[tuple[str, bytes]]:
    for blip in paragraph._p.iter(_BLIP):  # noqa: SLF001  (python-docx tells it nowhere else)
        part = paragraph.part.related_parts.get(blip.get(_EMBED, ""))
        if part is not None:
            yield PurePosixPath(str(part.partname)).name, part.blob


def _table(table: Table) -> str:
    rows = [[_escaped(" ".join(cell.text.split())) for cell in row.cells] for row in table.rows]
    if not rows:
        return ""
    lines = [rows[0], ["---"] * len(rows[0]), *rows[1:]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _escaped(words: str) -> str:
    """Words that Markdown takes for nothing else."""
    return _MARK.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", words)
