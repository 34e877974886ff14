"""说明.txt: what an operator has to know, in plain Chinese, as the notepad of any Windows shows it."""

from __future__ import annotations

import codecs
from datetime import timedelta

from courseware.lessons.settings import Office
from playlists.kits.plan import KitPlan
from playlists.publishing.wording import date_label, weekday
from templates.pages.leaflet import dump_leaflet


def leaflet(plan: KitPlan, office: Office) -> bytes:
    """The leaflet of a kit: UTF-8 with BOM and CRLF."""
    first = plan.valid.start.date()
    # What ends at midnight ends with the day before.
    last = (plan.valid.end - timedelta(seconds=1)).date()
    said = dump_leaflet(
        venue=plan.venue.name,
        first=f"{first.year}年{date_label(first)}（{weekday(first)}）",
        last=f"{date_label(last)}（{weekday(last)}）",
        revision=plan.revision,
        kit=plan.kit,
        office=office.name,
        phone=office.phone,
    )
    return codecs.BOM_UTF8 + said.replace("\n", "\r\n").encode()
