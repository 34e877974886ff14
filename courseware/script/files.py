"""What a script's file holds, whatever it is: paragraphs in order, and which of them the file marks as headings.

Of a table with a column for the spoken text (a storyboard, 分镜表) only that column counts.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from courseware.clutter import listed
from courseware.encodings import decoded, read_bytes
from courseware.errors import InputError, Problem, text
from courseware.files import leads_out
from courseware.text_bytes import marked_encoding

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.table import Table
    from docx.text.paragraph import Paragraph as WordParagraph
    from markdown_it.tree import SyntaxTreeNode

SUFFIXES = (".docx", ".txt", ".md")
ENDS = "。！？!?…；;.：:”’」』）)》"
_LINE = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_LARGEST_INSIDE = 200_000_000  # bytes in a .docx once unpacked
_TABLE_HEADS = ("解说", "旁白", "台词", "配音", "文稿", "文案", "讲解", "对白", "narration", "voice")
# Paragraphs are indented in Chinese, and lines of dashes divide; neither is meant as code or as a heading.
_NOT_MEANT = ("code", "lheading")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the file; whether the file itself marks it as a heading."""

    text: str
    heading: bool = False


def find_script(folder: Path) -> Path | None:
    """The lesson's script: script.docx, script.txt or script.md.

    Raises:
        InputError: there are several.
    """
    found = sorted(
        path
        for path in listed(folder)
        if path.stem.lower() == "script" and path.suffix.lower() in SUFFIXES and path.is_file()
    )
    if len(found) > 1:
        names = "、".join(path.name for path in found)
        raise InputError(Problem(folder.name, text("there are several scripts ({names}); keep one", names=names)))
    if found and leads_out(found[0], folder):
        what = text("{name} lies outside the lesson's folder", name=found[0].name)
        raise InputError(Problem(folder.name, what))
    return found[0] if found else None


def read_paragraphs(path: Path) -> list[Paragraph]:
    """The paragraphs of a file; its suffix says what it is, its bytes how it is encoded.

    Raises:
        InputError: missing, damaged or no script.
    """
    match path.suffix.lower():
        case ".docx":
            return _word_paragraphs(path)
        case ".md":
            return _marked_paragraphs(_decoded(path))
        case ".txt":
            return [Paragraph(one) for one in _LINE.split(_decoded(path))]
    what = text("a script is a .docx, .txt or .md file; save it as one of these")
    raise InputError(Problem(path.name, what))


def _decoded(path: Path) -> str:
    data = read_bytes(path)
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise InputError(Problem(path.name, text("this is a Word document by another name; save it as .docx")))
    if b"\0" in data and not marked_encoding(data):
        # Text in UTF-16 without a mark at its beginning: every other byte of its spaces and digits is 0.
        even, odd = data[::2].count(0), data[1::2].count(0)
        content = data.decode("utf-16-le" if odd > even else "utf-16-be", "replace")
        if "\ufffd" in content or re.search("[\x00-\x08\x0e-\x1f]", content):
            raise InputError(Problem(path.name, text("this is not a text file; save the script as .txt or .docx")))
        return content
    return decoded(data, path.name)[0]


def _marked_paragraphs(content: str) -> list[Paragraph]:
    """Markdown: headings are marked, emphasis and links become plain text, code and comments are no speech."""
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

    content = re.sub(r"\A---\n.*?\n---\n", "", _LINE.sub("\n", content), flags=re.DOTALL)
    parser = MarkdownIt("commonmark").enable("table").disable(_NOT_MEANT)
    return list(_blocks(SyntaxTreeNode(parser.parse(content))))


def _blocks(node: SyntaxTreeNode) -> Iterator[Paragraph]:
    for child in node.children:
        match child.type:
            case "heading":
                yield Paragraph(" ".join(_inline(child)), heading=True)
            case "paragraph":
                yield from (Paragraph(one) for one in _inline(child))
            case "table":
                rows = [
                    [" ".join(_inline(cell)) for cell in row.children]
                    for part in child.children
                    for row in part.children
                ]
                yield from (Paragraph(one) for one in spoken_cells(rows))
            case "fence" | "html_block" | "hr":
                pass
            case _:
                yield from _blocks(child)


def _inline(node: SyntaxTreeNode) -> list[str]:
    """The lines of a paragraph; one that goes on in the next is joined to it."""
    lines: list[str] = []
    for line in re.split("[\n\v]", "".join(_plain(node))):
        if lines and lines[-1] and lines[-1][-1] not in ENDS:
            lines[-1] = joined((lines[-1], line))
        else:
            lines.append(line.strip())
    return lines


def _plain(node: SyntaxTreeNode) -> Iterator[str]:
    for child in node.children:
        if child.type in {"text", "code_inline"}:
            yield child.content
        elif child.type in {"softbreak", "hardbreak"} or (child.type == "html_inline" and "br" in child.content):
            yield "\n"
        elif child.type != "image":
            yield from _plain(child)


def joined(lines: Sequence[str]) -> str:
    """Lines of one paragraph; between Latin words a blank takes the place of the line's end."""
    said = ""
    for line in (one.strip() for one in lines):
        gap = " " if said and line and said[-1].isascii() and line[0].isascii() else ""
        said += gap + line
    return said


def _word_paragraphs(path: Path) -> list[Paragraph]:
    """Paragraphs and tables of a Word document in order; its automatic numbering is no text and so is not there."""
    from docx.table import Table

    found: list[Paragraph] = []
    for item in open_word(path).iter_inner_content():
        found += _cells(item) if isinstance(item, Table) else _lines(item)
    return found


def open_word(path: Path) -> WordDocument:
    """A Word document.

    Raises:
        InputError: missing, none, damaged, or too large.
    """
    import docx
    from docx.opc.exceptions import OpcError

    try:
        with zipfile.ZipFile(path) as package:
            if sum(one.file_size for one in package.infolist()) > _LARGEST_INSIDE:
                raise InputError(Problem(path.name, text("this document is too large; save only its text as .txt")))
        return docx.Document(str(path))
    except FileNotFoundError:
        raise InputError(Problem(path.name, text("the file is missing"))) from None
    except (zipfile.BadZipFile, OpcError, SyntaxError, KeyError, ValueError, OSError) as error:
        what = text("this is not a Word document (.docx), or a damaged one; open it in Word and save it again")
        raise InputError(Problem(path.name, what)) from error


def _lines(paragraph: WordParagraph) -> Iterator[Paragraph]:
    style = paragraph.style.name if paragraph.style is not None else ""
    heading = bool(re.match(r"(?:heading|title|subtitle|标题|副标题|toc)", style or "", re.IGNORECASE))
    for line in _LINE.split(paragraph.text):
        yield Paragraph(line, heading)


def _cells(table: Table) -> Iterator[Paragraph]:
    for cell in spoken_cells([[cell.text for cell in row.cells] for row in table.rows]):
        yield from (Paragraph(line) for line in _LINE.split(cell))


def spoken_cells(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Of a table with a column for the spoken text that column; else every cell, what spans several once."""
    heads = rows[0] if rows else []
    spoken = [at for at, head in enumerate(heads) if any(word in head.lower() for word in _TABLE_HEADS)]
    for row in rows[1:] if spoken else rows:
        chosen = [row[at] for at in spoken[:1] if at < len(row)] if spoken else list(dict.fromkeys(row))
        yield from chosen
