"""The pages of a week as HTML, and as data for Typst; the style sheet and the script that they share."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from courseware.lessons.series import Series
from templates.pages.typeset import PAGES_DIR, Sheet, typeset
from templates.pages.week import (
    CorrectionPage,
    CountyPage,
    DayPicture,
    HubPage,
    TownPage,
    VenuePage,
)
from templates.tokens import colour, css_properties
from templates.type.webfont import FACES

if TYPE_CHECKING:
    from jinja2 import Environment

WebPage = VenuePage | TownPage | CountyPage | CorrectionPage | HubPage
SetPage = VenuePage | TownPage | CountyPage | CorrectionPage | DayPicture
_NAMES: dict[type, str] = {
    VenuePage: "venue",
    TownPage: "town",
    CountyPage: "county",
    CorrectionPage: "correction",
    DayPicture: "day",
    HubPage: "hub",
}
STYLE, SCRIPT, INDEX = "assets/site.css", "assets/site.js", "assets/search.js"
WEEKS = "weeks.js"  # beside the folders of the weeks


def dump_html(page: WebPage, *, home: str = "") -> str:
    """The page as HTML. It needs the style sheet, the script and the fonts beside it, and nothing else.

    Args:
        home: the way from the page to the folder of the week, like "../".
    """
    template = environment().get_template(f"{_NAMES[type(page)]}.html.j2")
    imprint = page.imprint if isinstance(page, HubPage) else page.head.imprint
    return template.render(page=page, home=home, qr=_qr_uri(imprint.url))


def poster_of(page: SetPage) -> Sheet:
    """The page for printing on A4."""
    return _sheet(page, phone=False)


def picture_of(page: SetPage) -> Sheet:
    """The page as a long picture for phones."""
    return _sheet(page, phone=True)


def make_sheet(template: str, data: str, where: str) -> bytes:
    """A PDF of the Typst template of that name.

    Args:
        data: JSON for it.
        where: what is named when it cannot be typeset.
    """
    return typeset(Sheet(template, data, "print", where))


def style_sheet(series: Sequence[Series]) -> str:
    """site.css, with the fonts beside it and the colours of the series."""
    tones = "".join(f".s{number} {{ --tone: {one.colour}; }}\n" for number, one in enumerate(series))
    faces = "".join(
        f"@font-face {{ font-family: {face.name}; font-weight: {face.css_weight};"
        f' src: url(../{face.url}) format("woff"); }}\n'
        for face in FACES
    )
    own = (PAGES_DIR / "assets" / "site.css").read_text(encoding="utf-8")
    return f"{css_properties()}.s {{ --tone: {colour('grey')}; }}\n{tones}{faces}{own}"


def script() -> str:
    """site.js: the reader's clock, the search, the weeks before and after."""
    return (PAGES_DIR / "assets" / "site.js").read_text(encoding="utf-8")


def _sheet(page: SetPage, *, phone: bool) -> Sheet:
    name = _NAMES[type(page)]
    return Sheet(name, _typst_data(page), "phone" if phone else "print", _where(page))


def _where(page: SetPage) -> str:
    return page.head.week if isinstance(page, CorrectionPage | DayPicture) else page.slug


def _typst_data(page: SetPage) -> str:
    """The page as JSON, without what print leaves out: every showing of each day."""
    data = dataclasses.asdict(page)
    for day in data.get("days", ()):
        day.pop("showings", None)
        day.pop("entries", None)
    return json.dumps({**data, "qr": qr_svg(page.head.imprint.url)}, ensure_ascii=False)


@cache
def environment() -> Environment:
    """The templates of this folder, with every text escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(PAGES_DIR),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@cache
def _qr_uri(url: str) -> str:
    import segno

    return segno.make_qr(url).svg_data_uri(border=2) if url else ""


@cache
def qr_svg(url: str) -> str:
    """A QR code as SVG; "" for no address."""
    import segno

    return str(segno.make_qr(url).svg_inline(border=2)) if url else ""


def as_json(value: Any) -> str:  # noqa: ANN401  (whatever JSON has)
    """For a script that a page loads: one line, and nothing that ends it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
