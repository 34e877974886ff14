"""The command playlist. Reads options, hands over, reports."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from courseware.errors import InputError, Problem, text
from courseware.terminal.console import Console
from courseware.terminal.options import ALL, FOLDER, JSON, WORKSPACE, NamesOption, profile_option
from playlists.options import DAY, WEEK

if TYPE_CHECKING:
    from courseware.lessons.workspace import Workspace
    from playlists.lists.lists import Bundle


def _formats() -> Iterable[str]:
    from playlists.lists.formats import EXPORTERS

    return EXPORTERS


@click.group(
    help="Lists for players, and numbered folders for USB sticks.",
    short_help="Lists for players and USB sticks.",
    epilog="Example:\n\n  yuanjiao playlist build square-01 --usb",
)
def playlist() -> None:
    """Hold the commands below."""


@playlist.command(
    "build",
    help="Build the lists of VENUE from its planned week, one for each opening window; a live event ends a"
    " list, and the next begins after it. Each is called by when it begins: square-01/2026-11-24_1830.m3u8. Or a list"
    " of a series or of single lessons. With --usb, a numbered folder with the videos and the lists, to be copied to"
    " a stick. “yuanjiao playlist formats” says which format is for what.",
    short_help="Build lists or a USB folder.",
    epilog="Examples:\n\n  yuanjiao playlist build square-01 --week 2026-W48 --usb\n\n"
    "  yuanjiao playlist build square-01 --format xspf --format ics\n\n"
    "  yuanjiao playlist build --series 扶贫实用技术 --profile station-tv",
)
@click.argument("venue", required=False, default="")
@click.option("--series", metavar="SERIES", default="", help="All lessons of this series instead of a venue's week.")
@click.option(
    "--lesson", "lessons", metavar="LESSON", multiple=True, help="This lesson; give it several times for several."
)
@profile_option(
    default="",
    help="Which screen's videos, for --series and --lesson.",
)
@WEEK
@DAY
@click.option(
    "--format",
    "formats",
    metavar="FORMAT",
    cls=NamesOption,
    names=_formats,
    multiple=True,
    default=("m3u8",),
    help="Which kind of list; give it several times for several.",
)
@click.option("--output", type=FOLDER, help="Where to; the folder playlists of the workspace when not given.")
@click.option("--usb", is_flag=True, help="Copy the videos into a numbered folder.")
@ALL
@WORKSPACE
@JSON
@click.pass_obj
def build(
    console: Console,
    *,
    venue: str,
    series: str,
    lessons: tuple[str, ...],
    profile: str,
    week: str,
    day: str,
    formats: tuple[str, ...],
    output: Path | None,
    usb: bool,
    folder: Path,
    as_json: bool,
) -> None:
    """Choose what plays, write it, report."""
    from courseware.lessons.workspace import lock_around, open_workspace

    if sum((bool(venue), bool(series), bool(lessons))) != 1:
        what = text("name a venue, or --series, or --lesson; exactly one of the three")
        raise InputError(Problem("playlist build", what))
    workspace = open_workspace(folder)
    if venue:
        bundle = _venue_bundle(console, workspace, venue, week, day)
    else:
        bundle = _chosen_bundle(workspace, series, lessons, profile)
    console.problems(bundle.left_out)
    target = output or workspace.playlists_dir
    write = _build_stick if usb else partial(_build_lists, root=workspace.root)
    with lock_around(target):
        write(console, bundle, target, formats=formats, as_json=as_json)


@playlist.command(
    "list",
    help="List the playlists that have been built.",
    epilog="Example:\n\n  yuanjiao playlist list",
)
@click.option("--output", type=FOLDER, help="Where they lie; the folder playlists of the workspace when not given.")
@WORKSPACE
@JSON
@click.pass_obj
def list_built(console: Console, *, output: Path | None, folder: Path, as_json: bool) -> None:
    """Report every list below the folder."""
    from courseware.lessons.workspace import open_workspace
    from courseware.times import clock
    from playlists.lists.found import find_lists

    place = output or open_workspace(folder).playlists_dir
    found = [
        (
            path.relative_to(place).as_posix(),
            rundown.title,
            len(rundown.airings),
            sum(airing.seconds for airing in rundown.airings),
        )
        for path, rundown in find_lists(place)
    ]
    if as_json:
        keys = ("file", "title", "showings", "seconds")
        console.document({"lists": [dict(zip(keys, row, strict=True)) for row in found]})
    elif found:
        headings = (text("File"), text("Title"), text("Showings"), text("Length"))
        console.table(headings, [(name, title, str(shown), clock(seconds)) for name, title, shown, seconds in found])
    else:
        console.say(text("No playlist has been built yet."))


@playlist.command(
    "formats",
    help="Say which formats there are, what one file holds, and which program reads it.",
    epilog="Example:\n\n  yuanjiao playlist formats",
)
@JSON
@click.pass_obj
def list_formats(console: Console, *, as_json: bool) -> None:
    """Report the registry."""
    from playlists.lists.formats import EXPORTERS

    spans = {"window": text("a window"), "day": text("a day"), "week": text("a week")}
    if as_json:
        known = [
            {
                "format": name,
                "suffix": one.suffix,
                "folder": one.folder,
                "holds": one.span,
                "for": console.tr(one.what),
            }
            for name, one in EXPORTERS.items()
        ]
        console.document({"formats": known})
        return
    headings = (text("Format"), text("Files"), text("One file holds"), text("For"))
    rows = [
        (name, f"{one.folder}/*{one.suffix}".lstrip("/"), console.tr(spans[one.span]), console.tr(one.what))
        for name, one in EXPORTERS.items()
    ]
    console.table(headings, rows)


def _venue_bundle(console: Console, workspace: Workspace, venue: str, week: str, day: str) -> Bundle:
    from playlists.almanac.clock import today
    from playlists.almanac.typed import day_typed, week_typed
    from playlists.county.speakers import printed_weeks
    from playlists.county.weeks import day_at, schedule_at
    from playlists.lists.lists import venue_bundle
    from playlists.schedules.words import week_label

    now = today(workspace)
    day = day_typed(day, now)
    found = schedule_at(workspace, venue, week_typed(week, now), day)
    one_day = day_at(found, day)
    console.note(week_label(found.week))
    (printed,) = printed_weeks(workspace, (found,))
    return venue_bundle(workspace, printed, one_day.date if one_day else None, today=now)


def _chosen_bundle(workspace: Workspace, series: str, lessons: tuple[str, ...], profile: str) -> Bundle:
    from courseware.lessons.workspace import load_catalogue
    from playlists.almanac.clock import today
    from playlists.lists.lists import lessons_bundle, series_bundle

    profile = profile or workspace.settings.render.profiles[0]
    catalogue = load_catalogue(workspace)
    if lessons:
        return lessons_bundle(workspace, catalogue.select(lessons), profile)
    unknown = workspace.settings.unknown_series(series)
    if unknown:
        raise InputError(Problem("--series", unknown))
    return series_bundle(workspace, catalogue.lessons, series, profile, today(workspace))


def _build_lists(
    console: Console, bundle: Bundle, target: Path, *, root: Path, formats: tuple[str, ...], as_json: bool
) -> None:
    from courseware.documents import said
    from playlists.lists.writing import write_lists

    paths, kept = write_lists(bundle, target, root, formats)
    console.problems(kept)
    if as_json:
        lists = [path.as_posix() for path in paths]
        told = said(bundle.left_out, console.tr)
        console.document({"lists": lists, "folder": None, "files": [], "problems": told})
        return
    for path in paths:
        console.say(str(path))


def _build_stick(console: Console, bundle: Bundle, target: Path, *, formats: tuple[str, ...], as_json: bool) -> None:
    from courseware.documents import said
    from playlists.lists.writing import write_stick

    with console.progress() as bars:
        total = sum(item.size for item in bundle.items.values())
        bar = bars.add_task(console.tr(text("Copying")), total=total)
        place, files, lists = write_stick(bundle, target, lambda size: bars.advance(bar, size), formats)
    if as_json:
        paths = [(place / name).as_posix() for name in lists]
        told = said(bundle.left_out, console.tr)
        names = [one.name for one in files]
        console.document({"lists": paths, "folder": place.as_posix(), "files": names, "problems": told})
        return
    console.say(str(place))
    what = text("Videos: {files}, lists: {lists}. Copy this folder to the stick.", files=len(files), lists=len(lists))
    console.say(what)
