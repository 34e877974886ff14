"""A technique lesson as a leaflet: A4, two pages, its steps with pictures. Knows nothing of scripts and videos."""

from __future__ import annotations

import base64
import dataclasses
import json
from dataclasses import dataclass

from templates.pages.looks import make_sheet, qr_svg
from templates.pages.week import Imprint


@dataclass(frozen=True, slots=True)
class HowtoStep:
    """A step as printed.

    Attributes:
        number: "" where nothing is told in steps.
        clock: where the video shows it.
        picture: an SVG that holds the picture; "" for none.
    """

    number: str
    title: str
    body: str
    clock: str
    picture: str


@dataclass(frozen=True, slots=True)
class HowtoSheet:
    """Everything on the leaflet.

    Attributes:
        over: series and form.
        facts: who speaks, who made it, how long the video is, each with its name.
        link: where the video is; "" for nowhere.
        draft: nobody has approved the lesson.
        left_out: steps that had no room.
    """

    title: str
    over: str
    lead: str
    heading: str
    steps: tuple[HowtoStep, ...]
    facts: tuple[tuple[str, str], ...]
    link: str
    credit: str
    draft: bool
    left_out: int
    imprint: Imprint


def howto_pdf(sheet: HowtoSheet) -> bytes:
    """The leaflet for printing.

    Raises:
        ToolError: it cannot be typeset.
    """
    data = {**dataclasses.asdict(sheet), "qr": qr_svg(sheet.link)}
    return make_sheet("howto", json.dumps(data, ensure_ascii=False), sheet.title)


def framed(jpeg: bytes, width: int, height: int) -> str:
    """A picture as SVG: Typst is handed text, and no file."""
    packed = base64.b64encode(jpeg).decode("ascii")
    size = f'width="{width}" height="{height}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {size}>'
        f'<image {size} xlink:href="data:image/jpeg;base64,{packed}"/></svg>'
    )
