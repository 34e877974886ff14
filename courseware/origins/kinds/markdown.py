"""A text in Markdown: title, series and presenter at its beginning, headings, lists, figures, tables.

What cannot stand on a screen is refused (HTML, pictures from elsewhere) or flattened, and that is told (links, code).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from courseware.encodings import decoded
from courseware.errors import InputError, Problem, Text, reason_of, text
from courseware.origins.composing import compose, script_of, too_many
from courseware.origins.figures import NamedPictures
from courseware.origins.heads import read_head
from courseware.origins.leads import Lead, is_heading, lead_of, point_lead_of
from courseware.origins.origin import DraftLesson, DraftWish, Origin
from courseware.origins.passages import Passage
from courseware.script.files import joined

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

LONGEST = 20_000  # characters: more than an hour to read out
_LARGEST = 1_000_000  # bytes
_LONG_POINT = 36  # characters of a point that is more than a line
_LONGEST_HEADING = 30
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# Small pictures in the place of letters; no font has them here.
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u2604\u2607-\u263f\u2700-\u27bf\ufe0f\u200d\u20e3]")
_POINT = re.compile(r"^[ \u3000]*(\d{1,2})[、．)）]\s*(?=\S)", re.MULTILINE)  # as numbers are written in Chinese
_BOLD = re.compile(r"(?m:^([ \u3000]*(?:\d{1,2}\.\s+|[-+*]\s+)?)\*\*([^*\n]+)\*\*)|\*\*([^*\n]+)\*\*")
_SHOWN = 30  # characters of what is refused


def read_markdown(wish: DraftWish) -> DraftLesson:
    """The lesson that a text describes.

    Raises:
        InputError: not a text, too long, nothing in it, or with what cannot be shown; all problems at once.
    """
    return draft_of(_content(wish.source), NamedPictures(wish.source.parent, wish.pictures), wish)


def draft_of(content: str, figures: NamedPictures, wish: DraftWish) -> DraftLesson:
    """The lesson of that text.

    Args:
        figures: where its pictures are.

    Raises:
        InputError: as read_markdown.
    """
    where = wish.source.name
    _refuse_long(len(content), where)
    head = read_head(content, where)
    title = str(wish.values.get("title") or head.values.get("title") or wish.source.stem)
    reading = _Reading(where, figures)
    _read_blocks(_parsed(_as_usual(head.body)).children, reading)
    clips = compose(reading.passages, title)
    problems = [*reading.problems, *too_many(clips, where)]
    if problems:
        raise InputError(*problems)
    script = script_of(reading.passages, title).encode()
    files: dict[str, bytes | Path] = {**reading.figures.files, "script.md": script}
    return DraftLesson({**head.values, "clip": clips}, files, (*head.remarks, *reading.told()))


ORIGIN = Origin((".md", ".markdown"), read_markdown)


class _TakenPicture(NamedTuple):
    """A picture by its name in the lesson."""

    name: str
    caption: str


class _Taken(NamedTuple):
    """What a paragraph holds."""

    lines: list[str]
    pictures: list[_TakenPicture]


@dataclass(slots=True)
class _Reading:
    """What was found so far.

    Attributes:
        heading: under which what follows stands.
    """

    where: str
    figures: NamedPictures
    heading: str = ""
    passages: list[Passage] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remarks: dict[str, Problem] = field(default_factory=dict)

    def wrong(self, line: int, what: Text) -> None:
        self.problems.append(Problem(f"{self.where}:{line}", what))

    def remark(self, line: int, what: Text) -> None:
        """Of each kind the first."""
        self.remarks.setdefault(what.pattern, Problem(f"{self.where}:{line}", what))

    def told(self) -> tuple[Problem, ...]:
        return tuple(self.remarks.values())

    def add(self, words: str, label: str = "", picture: str = "", *, alone: bool = False) -> None:
        self.passages.append(Passage(self.heading, words, label, picture, alone))


def _content(path: Path) -> str:
    """The text, without what Markdown takes for comments; lines stay where they are."""
    return _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), read_plain(path))


def read_plain(path: Path) -> str:
    """What stands in a file of text, its lines ended by line feeds; "" when it is empty.

    Raises:
        InputError: it cannot be read, is none, or far too long.
    """
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= _LARGEST else b""
    except OSError as error:
        raise InputError(Problem(path.name, text("cannot be read: {reason}", reason=reason_of(error)))) from error
    _refuse_long(size if size > _LARGEST else 0, path.name)
    return re.sub(r"\r\n?|[\v\f\x85\u2028\u2029]", "\n", decoded(data, path.name)[0]) if data.strip() else ""


def _refuse_long(size: int, where: str) -> None:
    if size > LONGEST:
        what = text(
            "is {size} characters long; at most {limit}: make several lessons of it", size=size, limit=LONGEST
        )
        raise InputError(Problem(where, what))


def _as_usual(body: str) -> str:
    """Marks as Markdown knows them: numbers with a full stop, bold beginnings apart from what follows.

    Beside a Chinese mark Markdown sees no end of what is bold; and it counts at the beginning only.
    """
    body = _POINT.sub(r"\1. ", body)
    return _BOLD.sub(lambda found: f"{found[1]}**{found[2]}** " if found[1] is not None else found[3], body)


def _parsed(body: str) -> SyntaxTreeNode:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

    class _EveryLink(MarkdownIt):
        """Its own judgement would leave the words of a refused link standing."""

        def validateLink(self, url: str) -> bool:  # noqa: N802, ARG002  (markdown-it's name, and what it hands over)
            return True

    # Paragraphs are indented in Chinese, and lines of dashes divide; neither is meant as code or as a heading.
    reader = _EveryLink("commonmark").enable(["table", "strikethrough"]).disable(["code", "lheading"])
    return SyntaxTreeNode(reader.parse(body))


def _read_blocks(nodes: Sequence[SyntaxTreeNode], reading: _Reading) -> None:
    for node in nodes:
        line = _line(node)
        match node.type:
            case "heading":
                _read_heading(node, reading)
            case "paragraph":
                _read_paragraph(node, reading)
            case "ordered_list" | "bullet_list":
                _read_list(node, reading)
            case "table":
                _read_table(node, reading)
            case "html_block":
                reading.wrong(line, _no_html(node.content))
            case "fence":
                reading.remark(line, text("a block of code is left out"))
            case "hr":
                pass
            case _:
                _read_blocks(node.children, reading)


def _read_heading(node: SyntaxTreeNode, reading: _Reading) -> None:
    taken = _inline(node, reading)
    heading = "".join(taken.lines)
    if len(heading) > _LONGEST_HEADING:
        what = text(
            "the heading is {size} characters long; of more than {limit} a card is made",
            size=len(heading),
            limit=_LONGEST_HEADING,
        )
        reading.remark(_line(node), what)
        reading.add(heading)
    elif heading:
        reading.heading = heading
        reading.add("")
    for shown in taken.pictures:
        reading.add(shown.caption, picture=shown.name, alone=True)


def _read_paragraph(node: SyntaxTreeNode, reading: _Reading) -> None:
    """A paragraph, or a heading without its mark, or one that begins with a heading of its own."""
    taken, bold = _inline(node, reading), _bold(node)
    if not taken.pictures and is_heading("".join(taken.lines), bold):
        reading.heading = "".join(taken.lines)
        reading.add("")
        return
    _add_words(taken, reading, lead_of(taken.lines[0], bold) if taken.lines else None)


def _add_words(taken: _Taken, reading: _Reading, lead: Lead | None, label: str = "") -> None:
    """Pictures alone in a paragraph fill the screen, one among words stands beside them.

    Args:
        lead: heads these words and nothing after them.
    """
    lines, before = list(taken.lines), reading.heading
    if lead:
        lines[0], reading.heading, label = lead.words, f"{label} {lead.heading}".strip(), ""
    beside = taken.pictures[0].name if lines and taken.pictures else ""
    for number, line in enumerate(lines):
        reading.add(line, label if number == 0 else "", beside if number == 0 else "")
    for shown in taken.pictures[1:] if lines else taken.pictures:
        reading.add(shown.caption, picture=shown.name, alone=True)
    reading.heading = before


def _read_list(node: SyntaxTreeNode, reading: _Reading) -> None:
    """Points: lines below their heading; where they are told at length, each with a heading of its own."""
    ordered, start = node.type == "ordered_list", int(node.attrs.get("start", 1))
    at_length = _is_told_at_length(node)
    for place, point in enumerate(node.children):
        label = f"{start + place}." if ordered else ""
        rest, before = list(point.children), reading.heading
        if rest and rest[0].type == "paragraph":
            first = rest.pop(0)
            taken = _inline(first, reading)
            lead = point_lead_of(taken.lines[0], _bold(first)) if at_length and taken.lines else None
            _add_words(taken, reading, lead, label)
            reading.heading = f"{label} {lead.heading}".strip() if lead else before
        _read_blocks(rest, reading)
        reading.heading = before


def _is_told_at_length(node: SyntaxTreeNode) -> bool:
    points = ["".join(_plain(point)) for point in node.children]
    return sum(map(len, points)) > _LONG_POINT * len(points) or any(
        len(point.children) > 1 for point in node.children
    )


def _read_table(node: SyntaxTreeNode, reading: _Reading) -> None:
    """A row is a line; each cell but the first has the head of its column before it where there are several."""
    rows = [
        ["".join(_inline(cell, reading).lines) for cell in row.children]
        for part in node.children
        for row in part.children
    ]
    heads = rows[0] if rows else []
    for row in rows[1:]:
        first, *others = row or [""]
        names = heads[1:] if heads[2:] else [""] * len(others)
        named = [f"{name}{cell}" for name, cell in zip(names, others, strict=False) if cell]
        reading.add("：".join(filter(None, (first, "，".join(named)))))


def _inline(node: SyntaxTreeNode, reading: _Reading) -> _Taken:
    """The lines of a paragraph, and its pictures with their captions."""
    line = _line(node)
    named = [(part, _picture(part, line, reading)) for part in node.walk() if part.type == "image"]
    pictures = [_TakenPicture(name, _cleaned(_caption(image), line, reading)) for image, name in named if name]
    _remark_on(node, reading)
    lines = [joined(said.split("\v")) for said in "".join(_plain(node)).split("\n")]
    return _Taken([cleaned for said in lines if (cleaned := _cleaned(said, line, reading))], pictures)


def _bold(node: SyntaxTreeNode) -> str:
    """The words in bold with which a paragraph begins; "" for none."""
    inside = [part for part in node.children[0].children if part.type != "text" or part.content.strip()]
    return "".join(_plain(inside[0])).strip() if inside and inside[0].type == "strong" else ""


def _plain(node: SyntaxTreeNode) -> Iterator[str]:
    for child in node.children:
        match child.type:
            case "text" | "code_inline":
                yield child.content
            case "softbreak":
                yield "\v"
            case "hardbreak":
                yield "\n"
            case "html_inline" if "br" in child.content.casefold():
                yield "\n"
            case "image" | "s" | "html_inline":
                pass
            case _:
                yield from _plain(child)


def _remark_on(node: SyntaxTreeNode, reading: _Reading) -> None:
    for part in node.walk():
        if part.type == "html_inline" and "br" not in part.content.casefold():
            reading.wrong(_line(node), _no_html(part.content))
        elif part.type == "link":
            reading.remark(_line(node), text("a link cannot be followed on a screen; its words stay"))


def _caption(image: SyntaxTreeNode) -> str:
    return str(image.attrs.get("title") or image.content or "")


def _picture(image: SyntaxTreeNode, line: int, reading: _Reading) -> str:
    """Its name in the lesson; "" and a problem where it cannot be taken."""
    found = reading.figures.take(unquote(str(image.attrs.get("src") or "")))
    if isinstance(found, Text):
        reading.wrong(line, found)
        return ""
    return found


def _cleaned(words: str, line: int, reading: _Reading) -> str:
    """Without what no font here has."""
    drawn = _EMOJI.sub("", words)
    if drawn != words:
        found = _EMOJI.search(words)
        reading.remark(line, text("{sign} is not drawn on a screen; left out", sign=found[0] if found else ""))
    return " ".join(drawn.split())


def _no_html(content: str) -> Text:
    given = " ".join(content.split())
    shown = f"“{given[:_SHOWN]}…”" if len(given) > _SHOWN else f"“{given}”"
    return text("holds HTML ({given}), which is not taken; write it as Markdown", given=shown)


def _line(node: SyntaxTreeNode) -> int:
    return node.map[0] + 1 if node.map else 0
