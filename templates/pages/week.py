"""How a published week looks: the page models, and their HTML, PDF and PNG.

Knows nothing of schedules; a page says what is printed, already in words. HTML is made by Jinja2 with autoescape,
print and phone images by Typst, which gets the page as JSON: no text of a person ever becomes markup.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from courseware.errors import Problem, ToolError, text
from templates.type.fonts import FONTS_DIR
from templates.type.webfont import FACES

if TYPE_CHECKING:
    from jinja2 import Environment
    from typst import Compiler, Fonts

PAGES_DIR = Path(__file__).parent
PHONE_WIDTH_PX = 1080
# Typst's phone page is 540 pt wide.
_PHONE_PPI = PHONE_WIDTH_PX / 540 * 72

EntryKind = Literal["lessons", "lecture", "activity"]


@dataclass(frozen=True, slots=True)
class Imprint:
    """Who publishes, at the foot of every page; phone and url may be empty."""

    office: str
    county: str
    phone: str
    url: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A series and the colour ("#RRGGBB") of its mark."""

    name: str
    colour: str


@dataclass(frozen=True, slots=True)
class SeriesTitles:
    """Titles of one series inside an entry, as printed; tag is None for what has no series."""

    tag: Tag | None
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PrintedShowing:
    """One slot; `time` is "18:30:00" in a list to the second, "18:30" in a line of the table."""

    kind: EntryKind
    time: str
    title: str
    tag: Tag | None


@dataclass(frozen=True, slots=True)
class DayLine:
    """One line of a day's table.

    Attributes:
        time: "18:30–19:10"; "约18:30–19:10" where it stands for days that differ by minutes.
        label: the block, or 宣讲 or 活动; may be empty.
        parts: every title once, by series; what is looped is in a fixed order, the rest in order of first showing.
            Empty where `singles` or `whole` says it.
        note: for events, e.g. who speaks.
        showings: how many showings the line stands for; two lines that differ in nothing else read the same.
        looped: whether titles are shown more than once.
        titles: how many different titles there are.
        more: whether they are too many to be named here; `parts` then has the series without titles.
        singles: each showing, where they are few and long enough to be waited for.
        whole: whether it loops all lessons of the week.
    """

    kind: EntryKind
    time: str
    label: str
    parts: tuple[SeriesTitles, ...]
    note: str = ""
    showings: int = field(default=1, compare=False)
    looped: bool = False
    titles: int = field(default=1, compare=False)
    more: bool = False
    singles: tuple[PrintedShowing, ...] = ()
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """A lesson in the list of the week; `length` is "5分30秒"."""

    title: str
    length: str


@dataclass(frozen=True, slots=True)
class SeriesShelf:
    """The week's lessons of one series; tag is None for those that have none."""

    tag: Tag | None
    lessons: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class DayPage:
    """A day of a venue.

    Attributes:
        date: "11月23日".
        weekday: "星期一".
        opening: "18:30–20:30", one per window.
        empty: what is printed instead of entries (休息, 闭馆, 暂无节目); empty when there are entries.
        entries: the table, condensed.
        showings: every slot.
    """

    date: str
    weekday: str
    opening: tuple[str, ...]
    empty: str
    entries: tuple[DayLine, ...]
    showings: tuple[PrintedShowing, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Days (Monday is 0) that print shows together, for they have the same table or none; fields as in DayPage."""

    days: tuple[int, ...]
    opening: tuple[str, ...]
    empty: str
    entries: tuple[DayLine, ...]


@dataclass(frozen=True, slots=True)
class EventNote:
    """A lecture, activity or training of the week; `label` is 宣讲, 活动 or 培训."""

    kind: EntryKind
    label: str
    date: str
    weekday: str
    time: str
    title: str
    note: str
    venue: str


@dataclass(frozen=True, slots=True)
class Totals:
    """What the week amounts to; `hours` is "14小时" or "13小时30分"."""

    days: int
    hours: str
    showings: int
    titles: int
    lectures: int
    activities: int
    trainings: int = 0


@dataclass(frozen=True, slots=True)
class VenuePage:
    """A venue's week as printed.

    Attributes:
        slug: names the files.
        kind: 广场, 站点 or 培训中心.
        place: county and town.
        week: "2026年第48周（11月23日—11月29日）".
        opening: in few words, one line per pattern of days: "周一至周五 18:30–20:30".
        groups: every day once; closed days come last.
        shelves: the lessons of the week.
    """

    slug: str
    name: str
    kind: str
    place: str
    week: str
    opening: tuple[str, ...]
    days: tuple[DayPage, ...]
    groups: tuple[Group, ...]
    events: tuple[EventNote, ...]
    shelves: tuple[SeriesShelf, ...]
    totals: Totals
    imprint: Imprint


@dataclass(frozen=True, slots=True)
class DayCell:
    """A venue's day in the overview."""

    opening: tuple[str, ...]
    showings: int
    events: tuple[EventNote, ...]
    empty: str


@dataclass(frozen=True, slots=True)
class VenueSummary:
    """A venue in the overview; `summary` is its opening in few words, one line per pattern of days."""

    slug: str
    name: str
    kind: str
    town: str
    summary: tuple[str, ...]
    cells: tuple[DayCell, ...]
    totals: Totals


@dataclass(frozen=True, slots=True)
class CountyPage:
    """The county's week: every venue by every day. `heads` are ("11月23日", "星期一"), seven of them."""

    slug: str
    county: str
    week: str
    heads: tuple[tuple[str, str], ...]
    rows: tuple[VenueSummary, ...]
    events: tuple[EventNote, ...]
    totals: Totals
    imprint: Imprint


Page = VenuePage | CountyPage


def dump_html(page: Page) -> str:
    """The page as one HTML document that needs no script and no network.

    It needs no other file either, but for machines without a Chinese font: these take the fonts of
    templates.type.webfont from beside it.
    """
    template = _environment().get_template(f"{_template_of(page)}.html.j2")
    return template.render(page=page, qr=_qr_uri(page.imprint.url), faces=FACES)


def make_pdf(page: Page) -> bytes:
    """The page for printing on A4."""
    return make_sheet(_template_of(page), _typst_data(page), page.slug)


def make_sheet(template: str, data: str, where: str) -> bytes:
    """A PDF of the Typst template of that name.

    Args:
        data: JSON for it.
        where: what is named when it cannot be typeset.
    """
    inputs = {"page": data, "medium": "print"}
    return _typeset(template, inputs, where, lambda compiler: compiler.compile(format="pdf", timestamp=0))


def make_png(page: Page) -> bytes:
    """The page as one long image for phones, PHONE_WIDTH_PX wide."""
    inputs = {"page": _typst_data(page), "medium": "phone"}
    template = _template_of(page)
    return _typeset(template, inputs, page.slug, lambda compiler: compiler.compile(format="png", ppi=_PHONE_PPI))


def _template_of(page: Page) -> str:
    return "venue" if isinstance(page, VenuePage) else "county"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(PAGES_DIR),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _typeset(template: str, inputs: dict[str, str], where: str, compile_: Callable[[Compiler], Any]) -> bytes:
    from typst import Compiler, TypstError

    source = PAGES_DIR / f"{template}.typ"
    try:
        compiler = Compiler(
            source, root=PAGES_DIR, font_paths=shipped_fonts(), ignore_system_fonts=True, sys_inputs=inputs
        )
        made = compile_(compiler)
    except TypstError as error:
        what = text("the page cannot be typeset: {reason}", reason=error.message)
        raise ToolError(Problem(where, what)) from error
    return bytes(made)


@cache
def shipped_fonts() -> Fonts:
    """The fonts that pages are set with; read from disk once, they are large."""
    from typst import Fonts

    return Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS_DIR])


def _typst_data(page: Page) -> str:
    """The page as JSON, without what print leaves out: each day for itself."""
    data = dataclasses.asdict(page)
    for day in data.get("days", ()):
        del day["showings"], day["entries"]
    return json.dumps({**data, "qr": _qr_svg(page.imprint.url)}, ensure_ascii=False)


def _qr_uri(url: str) -> str:
    import segno

    return segno.make_qr(url).svg_data_uri(border=2) if url else ""


def _qr_svg(url: str) -> str:
    import segno

    return str(segno.make_qr(url).svg_inline(border=2)) if url else ""
