"""Lists written, in any of the formats: where players find the videos that were made, or into a stick's folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path, PurePath

from courseware.clutter import matching
from courseware.errors import InputError, Problem, text
from courseware.files import sweep
from courseware.storage.handwork import remembering
from courseware.storage.outputs import refuse_clashes
from playlists.lists.exporter import Exporter, day_of
from playlists.lists.formats import EXPORTERS, USUAL
from playlists.lists.lists import Bundle
from playlists.lists.rundown import Rundown
from playlists.lists.usb import Item, Numbered, number_items, write_folder


def write_lists(
    bundle: Bundle, folder: Path, root: Path, formats: Sequence[str] = (USUAL,)
) -> tuple[tuple[Path, ...], tuple[Problem, ...]]:
    """Write the lists in each format below <folder>/<bundle's folder>; their paths lead to the renditions.

    Args:
        root: of the workspace.

    Returns:
        The files, and what is kept of those that a person changed.

    Raises:
        InputError: a format is about times, and the bundle has none; or the folder lies on another drive.
    """
    exporters = _exporters(bundle, formats)
    parent = folder / bundle.folder
    drafts = [
        (exporter, parent / exporter.place(rundown), rundown)
        for exporter in exporters
        for rundown in bundle.rundowns[exporter.span]
    ]
    made = tuple(path for _, path, _ in drafts)
    refuse_clashes(made, {item.source for item in bundle.items.values()})
    sweep(folder, *{path.parent for path in made})
    kept: list[Problem] = []
    for exporter, path, rundown in drafts:
        content = exporter.dump(_leading(rundown, bundle, _way_from(path.parent, exporter)))
        with remembering(root, path.parent) as written:
            kept += written.put(path, content)
    for path in _outlived(exporters, parent, bundle.days):
        with remembering(root, path.parent) as written:
            if path not in made and not written.is_touched(path):
                path.unlink()
    return made, tuple(kept)


def write_stick(
    bundle: Bundle,
    folder: Path,
    progress: Callable[[int], None] = lambda _bytes: None,
    formats: Sequence[str] = (USUAL,),
) -> tuple[Path, tuple[Numbered, ...], tuple[str, ...]]:
    """Write the numbered folder <folder>/USB_<bundle> with its lists.

    Returns:
        The folder, its videos, and the names of its lists.

    Raises:
        YuanjiaoError: see number_items and write_folder; a format that names files by their place on this computer.
    """
    exporters = _exporters(bundle, formats)
    fixed = [name for name in formats if EXPORTERS[name].paths == "absolute"]
    if fixed:
        what = text("names videos by their place on this computer; leave out --usb")
        raise InputError(*(Problem(f"--format {name}", what) for name in fixed))
    sweep(folder)
    files = number_items(bundle.items.values())
    names = {item.lesson: name for name, item in files}
    lists = {
        exporter.place(rundown).name: exporter.dump(_leading(rundown, bundle, lambda item: names[item.lesson]))
        for exporter in exporters
        for rundown in bundle.rundowns[exporter.span]
    }
    target = folder / f"USB_{bundle.name}"
    write_folder(target, files, lists, progress)
    return target, files, tuple(lists)


def _exporters(bundle: Bundle, formats: Iterable[str]) -> tuple[Exporter, ...]:
    what = text("is about times, and a list of lessons has none; name a venue")
    timeless = [Problem(f"--format {name}", what) for name in formats if EXPORTERS[name].span not in bundle.rundowns]
    if timeless:
        raise InputError(*timeless)
    return tuple(EXPORTERS[name] for name in dict.fromkeys(formats))


def _leading(rundown: Rundown, bundle: Bundle, way: Callable[[Item], str]) -> Rundown:
    """The rundown with the path of each video."""
    ways = {lesson: way(item) for lesson, item in bundle.items.items()}
    airings = tuple(replace(airing, path=ways.get(airing.lesson, "")) for airing in rundown.airings)
    return replace(rundown, airings=airings)


def _way_from(place: Path, exporter: Exporter) -> Callable[[Item], str]:
    match exporter.paths:
        case "beside":
            return lambda item: _relative(item.source, place)
        case "absolute":
            return lambda item: item.source.absolute().as_posix()
        case "none":
            return lambda _item: ""


def _relative(source: Path, folder: Path) -> str:
    try:
        path = PurePath(os.path.relpath(source, folder.absolute())).as_posix()
    except ValueError:
        # Windows: no relative path leads to another drive.
        what = text("lies on another drive than the videos; add --usb to copy them along")
        raise InputError(Problem(str(folder), what)) from None
    if "#" in path or "%" in path:
        what = text("the way from here to the videos has “#” or “%” in it, which VLC cannot follow; add --usb")
        raise InputError(Problem(str(folder), what))
    return path


def _outlived(exporters: Iterable[Exporter], parent: Path, days: frozenset[date]) -> Iterator[Path]:
    """Lists of these days that lie there in these formats: of a window, say, that was there when they were built."""
    for exporter in exporters if days else ():
        folder = parent / exporter.folder
        pattern = f"**/*{exporter.suffix}" if exporter.folder else f"*{exporter.suffix}"
        yield from (path for path in matching(folder, pattern) if day_of(path.name) in days)
