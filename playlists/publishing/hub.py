"""The page at the address that stays, published/index.html: this week, the last, the next, and all others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from courseware.clutter import listed
from courseware.files import write_text
from courseware.lessons.workspace import Workspace
from playlists.publishing.pages import page_rules
from playlists.publishing.wording import moment_label, week_label
from playlists.schedules.revisions import latest
from playlists.schedules.schedule import is_week, monday_of
from templates.pages.looks import WEEKS, as_json, dump_html
from templates.pages.week import Edition, HubPage, PublishedWeek

COLUMNS = "columns"  # the folder of the columns beside those of the weeks


def write_hub(workspace: Workspace) -> None:
    """Write the page, and the list of weeks that the pages of each week read, where they are not the same."""
    weeks = tuple(sorted(published_weeks(workspace), key=lambda one: one.week, reverse=True))
    if not weeks:
        return
    office = workspace.settings.office
    columns = {
        one.name: address
        for one in workspace.settings.columns
        if (workspace.published_dir / (address := f"{COLUMNS}/{one.slug}/index.html")).is_file()
    }
    page = HubPage(office.county, page_rules(weeks[0].week, office, ()).imprint, weeks, columns)
    _write(workspace.published_dir / "index.html", dump_html(page, home=f"{weeks[0].week}/"))
    told = [{"week": one.week, "dates": one.dates, "first": one.first, "last": one.last} for one in weeks]
    _write(workspace.published_dir / WEEKS, f"window.yuanjiaoWeeks={as_json(told)};\n")


def published_weeks(workspace: Workspace) -> Iterator[PublishedWeek]:
    """The weeks that have a page of their county."""
    for folder in listed(workspace.published_dir):
        if not is_week(folder.name) or not (folder / "index.html").is_file():
            continue
        revision, monday = latest(workspace.schedules_dir, folder.name), monday_of(folder.name)
        at = revision.at.astimezone(workspace.settings.zone) if revision else None
        yield PublishedWeek(
            week=folder.name,
            dates=week_label(folder.name),
            first=monday.isoformat(),
            last=(monday + timedelta(days=6)).isoformat(),
            edition=Edition(revision.number if revision else 1, moment_label(at) if at else ""),
            corrected=(folder / "correction.html").is_file(),
        )


def _write(path: Path, content: str) -> None:
    if not path.is_file() or path.read_bytes() != content.encode():
        write_text(path, content)
