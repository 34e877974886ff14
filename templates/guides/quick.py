"""The sheets to print (速查): one page of A4 for each kind of people. What they say stands in quick.toml."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from courseware.lessons.settings import Office
from templates.pages.looks import make_sheet

QUICK_FILE = Path(__file__).parent / "quick.toml"


@cache
def quick_sheets() -> dict[str, dict[str, Any]]:
    """What quick.toml says, by the name of the sheet: "editor", "operator", "county"."""
    return tomllib.loads(QUICK_FILE.read_text(encoding="utf-8"))


@cache
def quick_pdf(name: str, office: Office) -> bytes:
    """The sheet as PDF, with the office at its foot.

    Raises:
        ToolError: it cannot be typeset.
    """
    sheet = quick_sheets()[name]
    page = {
        "title": sheet["title"],
        "under": sheet["under"],
        "parts": [{"warns": False, **part} for part in sheet["part"]],
        "imprint": {"office": office.name, "county": office.county, "phone": office.phone, "url": office.url},
        "qr": "",
    }
    return make_sheet("quick", json.dumps(page, ensure_ascii=False), sheet["title"])
