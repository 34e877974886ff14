"""Publish a week: write each of its pages as HTML, PDF and PNG. What stands on them is decided in `pages.py`."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from courseware.errors import InputError, Problem, text
from courseware.files import is_safe_id, together, write_bytes, write_text
from courseware.lessons.series import BUILT_IN_SERIES, Series
from courseware.lessons.settings import Office
from courseware.validate import Complaint
from playlists.files.venues import RESERVED_IDS
from playlists.publishing.pages import plan_pages
from playlists.schedules.schedule import Schedule
from templates.pages import week as pages
from templates.pages.week import (
    CountyPage,
    Page,
)
from templates.type import webfont
from templates.type.printed import printable, visible


def _write(path: Path, content: str | bytes) -> None:
    if isinstance(content, str):
        write_text(path, content)
    else:
        write_bytes(path, content)


def publish_week(
    schedules: Sequence[Schedule],
    office: Office,
    target: Path,
    progress: Callable[[str], None] | None = None,
    series: Sequence[Series] = BUILT_IN_SERIES,
    *,
    put: Callable[[Path, str | bytes], None] = _write,
) -> tuple[Path, ...]:
    """Write <venue>.html, .pdf, .png for each schedule, and index.html, county.pdf, county.png.

    Beside them the folder fonts gets the characters of these pages, for machines that have no Chinese font.

    Args:
        schedules: of one week, one per venue.
        office: printed at the foot.
        target: folder of the week; made when missing. Other files in it are left alone.
        progress: told the name of each page's file just written.
        series: for the colours of the tags.
        put: writes a page.

    Returns:
        The files, three per page, venues first; the fonts come last.

    Raises:
        InputError: no schedule at all, a venue whose name the county's own pages have, or words that cannot be
            printed; nothing is written then.
        ToolError: a page cannot be typeset.
    """
    _refuse(schedules)
    planned = plan_pages(schedules, office, series)
    if wrong := tuple(unprintable_pages(planned)):
        raise InputError(*wrong)
    written: list[Path] = []
    characters: set[str] = set()
    with together():
        for page in planned:
            for path, make in _outputs(page, target):
                content = make()
                put(path, content)
                written.append(path)
                if isinstance(content, str):
                    characters.update(content)
                if progress:
                    progress(path.name)
        for name, font in webfont.make_fonts(characters):
            write_bytes(target / name, font)
            written.append(target / name)
    return tuple(written)


def unprintable_pages(planned: Iterable[Page]) -> Iterator[Problem]:
    """The words on the pages that cannot be printed, wherever they came from."""
    for page in planned:
        for said in dict.fromkeys(_words(dataclasses.asdict(page))):
            try:
                printable(said)
            except Complaint as complaint:
                yield Problem(f"{page.slug}: {visible(said)}", complaint.what)


def _words(part: object) -> Iterator[str]:
    match part:
        case str():
            yield part
        case dict():
            yield from chain.from_iterable(map(_words, part.values()))
        case list() | tuple():
            yield from chain.from_iterable(map(_words, part))


def pages_at(target: Path, venues: Iterable[str]) -> tuple[Path, ...]:
    """The pages of these venues in the folder of the week, as far as they are there."""
    kept = {name.casefold() for name in RESERVED_IDS}
    paths = [
        target / f"{venue}.{suffix}"
        for venue in venues
        if is_safe_id(venue) and venue.casefold() not in kept
        for suffix in ("html", "pdf", "png")
    ]
    return tuple(path for path in paths if path.is_file())


def venue_pdf(schedule: Schedule, office: Office, series: Sequence[Series] = BUILT_IN_SERIES) -> bytes:
    """The poster of one venue's week alone.

    Raises:
        InputError: words that cannot be printed.
        ToolError: it cannot be typeset.
    """
    page = plan_pages((schedule,), office, series)[0]
    if wrong := tuple(unprintable_pages((page,))):
        raise InputError(*wrong)
    return pages.make_pdf(page)


def has_pages(target: Path) -> bool:
    """Whether the week was published before."""
    return (target / "index.html").is_file()


def unfilled(schedules: Iterable[Schedule]) -> tuple[Problem, ...]:
    """What the planner could not fill, for the office's eyes: the pages do not show it."""
    return tuple(
        Problem(
            f"{schedule.venue} {gap.start:%Y-%m-%d %H:%M:%S}",
            text("{seconds} seconds stay empty: {reason}", seconds=gap.seconds, reason=gap.reason.said),
        )
        for schedule in schedules
        for gap in schedule.gaps
    )


def _refuse(schedules: Sequence[Schedule]) -> None:
    if not schedules:
        raise InputError(Problem("schedules", text("there is no schedule to publish; plan the week first")))
    if len({schedule.week for schedule in schedules}) > 1:
        raise ValueError("schedules of more than one week")
    problems = [
        Problem(schedule.venue, text("a venue may not have this id, the county's pages use it; choose another"))
        for schedule in schedules
        if schedule.venue.casefold() in RESERVED_IDS
    ]
    if problems:
        raise InputError(*problems)


def _outputs(page: Page, target: Path) -> Iterator[tuple[Path, Callable[[], str | bytes]]]:
    html = "index" if isinstance(page, CountyPage) else page.slug
    yield target / f"{html}.html", lambda: pages.dump_html(page)
    yield target / f"{page.slug}.pdf", lambda: pages.make_pdf(page)
    yield target / f"{page.slug}.png", lambda: pages.make_png(page)
