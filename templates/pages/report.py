"""How a report for the offices looks: title, figures, tables, who signs. As one HTML document and as PDF for A4.

Knows nothing of what is reported; a page says what is printed, already in words. No text of a person becomes markup.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from courseware.errors import Problem, ToolError, text
from templates.pages.typeset import PAGES_DIR, shipped_fonts
from templates.type.webfont import inline_faces

if TYPE_CHECKING:
    from jinja2 import Environment


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table.

    Attributes:
        widths: of the columns, in parts of the page; a column of short words may be 0: as wide as they are.
        numbers: which columns hold numbers, and stand to the right.
        empty: what is printed when there is no row.
    """

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    numbers: frozenset[int] = frozenset()
    note: str = ""
    empty: str = "无"


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A report.

    Attributes:
        slug: names the file.
        facts: the head of the form: 填报单位, 统计时间.
        figures: what it comes to, each with its unit: ("播放时长", "132", "小时").
        notes: how it was counted, at the end.
        signs: who signs, each with room for it.
        across: whether the paper lies on its side.
        template: the names of its .html.j2 and .typ in this folder.
    """

    slug: str
    title: str
    facts: tuple[tuple[str, str], ...]
    figures: tuple[tuple[str, str, str], ...]
    tables: tuple[PrintedTable, ...]
    notes: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    across: bool = True
    template: str = "report"


def dump_report_html(page: ReportPage, *, fonts: bool = True) -> str:
    """The report as one HTML document that needs no script, no network and no other file.

    Args:
        fonts: with the characters it shows, so that it is the same where no Chinese font is installed.
    """
    template = _environment().get_template(f"{page.template}.html.j2")
    plain = template.render(page=page, faces=())
    if not fonts:
        return plain
    characters = {ch for ch in plain if ch.isprintable()}
    return template.render(page=page, faces=tuple(inline_faces(characters)))


def make_report_pdf(pages: Sequence[ReportPage]) -> bytes:
    """One or several reports of one template, each beginning on a new sheet, for printing on A4.

    Raises:
        ToolError: it cannot be set.
    """
    from typst import Compiler, TypstError

    data = [
        {
            **dataclasses.asdict(page),
            "tables": [{**dataclasses.asdict(one), "numbers": sorted(one.numbers)} for one in page.tables],
        }
        for page in pages
    ]
    inputs = {"pages": json.dumps(data, ensure_ascii=False)}
    try:
        compiler = Compiler(
            PAGES_DIR / f"{pages[0].template}.typ",
            root=PAGES_DIR,
            font_paths=shipped_fonts(),
            ignore_system_fonts=True,
            sys_inputs=inputs,
        )
        made: Any = compiler.compile(format="pdf", timestamp=0)
    except TypstError as error:
        what = text("the page cannot be typeset: {reason}", reason=error.message)
        raise ToolError(Problem(pages[0].slug, what)) from error
    return bytes(made)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
