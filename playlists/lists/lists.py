"""Playlists from schedules and renditions: which files, in which order, under which names; then written."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path, PurePath

from courseware.clutter import matching
from courseware.errors import InputError, Problem, text
from courseware.files import safe_name, sweep
from courseware.lessons.lesson import Lesson
from courseware.lessons.profile import canvas_of
from courseware.lessons.rendition import Rendition, damaged, damaged_renditions, load_rendition, load_renditions
from courseware.lessons.workspace import Workspace
from courseware.reviews.approval import Approval, load_approval
from courseware.storage.handwork import remembering
from courseware.storage.outputs import refuse_clashes
from playlists.almanac.days import WEEKDAYS
from playlists.lists.m3u import SUFFIX, Entry, Listing, dump_m3u, parse_m3u
from playlists.lists.usb import Item, Numbered, number_items, write_folder
from playlists.schedules.schedule import Day, Schedule, Slot

# A list that plays on over a longer pause would be as much too early.
_PAUSE = timedelta(minutes=1)
_LIST_TITLE = re.compile(r" (\d{4}-\d{2}-\d{2}) 周. \d{2}:\d{2}$")
_UNAPPROVED = text("is not approved for showing; see “yuanjiao review status”")


@dataclass(frozen=True, slots=True)
class Running:
    """What plays one after the other.

    Attributes:
        name: of its file, without suffix.
        title: as players show it.
    """

    name: str
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Bundle:
    """Lists that belong together: those of a venue, or a single one.

    Attributes:
        name: of their folder on a stick.
        folder: of their folder among the playlists; empty when they lie there themselves.
        days: of which the lists are all there is; what was built of these days before and is not among them, goes.
        left_out: what was asked for and is not among them, and why; nothing is wrong with the rest.
    """

    name: str
    lists: tuple[Running, ...]
    left_out: tuple[Problem, ...] = ()
    folder: str = ""
    days: frozenset[date] = frozenset()

    @property
    def items(self) -> tuple[Item, ...]:
        """Of all lists, in order."""
        return tuple(item for one in self.lists for item in one.items)


def venue_bundle(
    workspace: Workspace, schedule: Schedule, day: date | None = None, *, today: date | None = None
) -> Bundle:
    """A venue's week, or one day of it: one list for each stretch of a day on which lessons follow each other.

    A list knows no clock. So it begins with an opening window and ends before a live event; what comes after is
    another list. They are called by when they begin, so that a script finds the one of today and of this hour.

    Args:
        today: days before it are left out, unless all are: what they showed may be made anew or taken back since.

    Raises:
        InputError: a file is missing, not approved, or made anew since the week was planned; or nothing is shown.
    """
    days = [one for one in schedule.days if day in (None, one.date) and any(slot.lesson for slot in one.slots)]
    if not days:
        what = text("shows no lesson in that time; see “yuanjiao schedule show {venue}”", venue=schedule.venue)
        raise InputError(Problem(schedule.venue, what))
    if day is None and today:
        days = [one for one in days if one.date >= today] or days
    slots = {slot.lesson: slot for one in days for slot in one.slots if slot.lesson}
    made = renditions_of(workspace, schedule, slots.values())
    items = {lesson: _item(workspace, one) for lesson, one in made.items()}
    lists = tuple(running for one in days for running in _lists_of(schedule, one, items))
    covered = frozenset(one.date for one in schedule.days if day in (None, one.date))
    return Bundle(f"{schedule.venue}_{day or schedule.week}", lists, folder=schedule.venue, days=covered)


def series_bundle(workspace: Workspace, lessons: Iterable[Lesson], series: str, profile: str, today: date) -> Bundle:
    """Every lesson of a series that is finished for a profile and may be shown today, by id.

    Raises:
        InputError: no such profile, no lesson of the series is finished for it, or none of them may be shown.
    """
    canvas_of(profile, "--profile")
    made = load_renditions(workspace.renditions_dir, profile)
    own = [lesson for lesson in lessons if lesson.series == series]
    finished = [(lesson, made[lesson.id]) for lesson in own if lesson.id in made]
    names = {lesson.id for lesson in own}
    spoilt = (one for one in damaged_renditions(workspace.renditions_dir, profile) if one.lesson in names)
    left_out = (*_not_showable(load_approval(workspace), finished, today), *map(damaged, spoilt))
    without = {one.where for one in left_out}
    found = [rendition for lesson, rendition in finished if lesson.id not in without]
    if left_out and not found:
        raise InputError(*left_out)
    if not found:
        what = text(
            "no lesson of “{series}” is rendered for {profile}; run “yuanjiao render --profile {profile}”",
            series=series,
            profile=profile,
        )
        raise InputError(Problem("--series", what))
    name = f"{profile}_{safe_name(series)}"
    return Bundle(name, (Running(name, series, tuple(_item(workspace, one) for one in found)),), left_out)


def lessons_bundle(workspace: Workspace, lessons: Sequence[Lesson], profile: str) -> Bundle:
    """The lessons in the order given.

    Raises:
        InputError: no such profile, or one of them is not finished for it, or not approved.
    """
    canvas_of(profile, "--profile")
    folder = workspace.renditions_dir / profile
    made = [(lesson, load_rendition(folder, lesson.id)) for lesson in lessons]
    what = text(
        "is not rendered for {profile}, or not as it was made; run “yuanjiao render --profile {profile}”",
        profile=profile,
    )
    problems = [Problem(lesson.id, what) for lesson, rendition in made if rendition is None]
    if problems:
        raise InputError(*problems)
    _refuse_unapproved(workspace, [one for _, one in made if one])
    first, several = lessons[0], len(lessons) > 1
    name = f"{profile}_{first.id}" + (f"等{len(lessons)}个" if several else "")
    title = f"《{first.title}》" + (f"等{len(lessons)}个课件" if several else "")
    return Bundle(name, (Running(name, title, tuple(_item(workspace, one) for _, one in made if one)),))


def write_lists(bundle: Bundle, folder: Path, root: Path) -> tuple[tuple[Path, ...], tuple[Problem, ...]]:
    """Write <folder>/<bundle's folder>/<list>.m3u8 with paths relative to it.

    Args:
        root: of the workspace.

    Returns:
        The files, and what is kept of those that a person changed.

    Raises:
        InputError: the folder lies on another drive than the renditions.
    """
    parent = folder / bundle.folder
    made = [parent / f"{one.name}{SUFFIX}" for one in bundle.lists]
    refuse_clashes(made, {item.source for item in bundle.items})
    sweep(folder, parent)
    kept: list[Problem] = []
    with remembering(root, parent) as written:
        for path, one in zip(made, bundle.lists, strict=True):
            entries = [Entry(item.seconds, item.title, _relative(item.source, parent)) for item in one.items]
            kept += written.put(path, dump_m3u(entries, one.title))
        for path, listing in find_lists(parent) if bundle.days else ():
            # A window that was there when the week was built before, and is not now.
            if path not in made and _day_in(listing.title) in bundle.days and not written.is_touched(path):
                path.unlink()
    return tuple(made), tuple(kept)


def write_stick(
    bundle: Bundle, folder: Path, progress: Callable[[int], None] = lambda _bytes: None
) -> tuple[Path, tuple[Numbered, ...]]:
    """Write the numbered folder <folder>/USB_<bundle> with its lists, and return it and its files.

    Raises:
        YuanjiaoError: see number_items and write_folder.
    """
    sweep(folder)
    files = number_items(bundle.items)
    names = {item.lesson: name for name, item in files}
    lists = {
        f"{one.name}{SUFFIX}": dump_m3u(
            [Entry(item.seconds, item.title, names[item.lesson]) for item in one.items], one.title
        )
        for one in bundle.lists
    }
    target = folder / f"USB_{bundle.name}"
    write_folder(target, files, lists, progress)
    return target, files


def find_lists(folder: Path) -> tuple[tuple[Path, Listing], ...]:
    """Every list below the folder, by path; files that are no list of ours are passed over."""
    found = []
    for path in matching(folder, f"**/*{SUFFIX}"):
        try:
            found.append((path, parse_m3u(path.read_text(encoding="utf-8"), path.name)))
        except (InputError, UnicodeDecodeError):
            continue
    return tuple(found)


def _lists_of(schedule: Schedule, day: Day, items: dict[str, Item]) -> Iterator[Running]:
    taken = set[str]()
    for run in _runs(day):
        start = run[0].start
        minute = f"{start:%Y-%m-%d_%H%M}"
        name = f"{start:%Y-%m-%d_%H%M%S}" if minute in taken else minute
        taken.add(name)
        # What is shown after midnight belongs to the evening before.
        title = f"{schedule.venue_name} {day.date} 周{WEEKDAYS[day.date.weekday()]} {start:%H:%M}"
        yield Running(name, title, tuple(items[slot.lesson] for slot in run))


def _runs(day: Day) -> list[list[Slot]]:
    """The lessons of the day that follow each other: cut where a window begins, at live events, and at pauses."""
    runs: list[list[Slot]] = []
    before: Slot | None = None
    for slot in day.slots:
        if not slot.lesson:
            before = None
            continue
        if before is None or _parts(before, slot, day):
            runs.append([])
        runs[-1].append(slot)
        before = slot
    return runs


def _parts(before: Slot, after: Slot, day: Day) -> bool:
    between = any(before.end <= window.start <= after.start for window in day.windows)
    return between or after.start - before.end >= _PAUSE


def _day_in(title: str) -> date | None:
    found = _LIST_TITLE.search(title)
    return date.fromisoformat(found[1]) if found else None


def renditions_of(workspace: Workspace, schedule: Schedule, slots: Iterable[Slot]) -> dict[str, Rendition]:
    """What plays in the slots, by lesson: as it was made, as it was planned, and approved.

    Raises:
        InputError: a file is missing, not approved, or made anew since the week was planned.
    """
    found: dict[str, Rendition] = {}
    problems = []
    for slot in slots:
        made = load_rendition(workspace.renditions_dir / schedule.profile, slot.lesson)
        if made is None:
            what = text(
                "is not rendered for {profile} any more, or not as it was made; render it again",
                profile=schedule.profile,
            )
            problems.append(Problem(slot.lesson, what))
        elif made.sha256 != slot.sha256:
            what = text(
                "was rendered anew after the week was planned; run “yuanjiao schedule plan --week {week}”",
                week=schedule.week,
            )
            problems.append(Problem(slot.lesson, what))
        else:
            found[slot.lesson] = made
    if problems:
        raise InputError(*problems)
    _refuse_unapproved(workspace, found.values())
    return found


def _not_showable(approval: Approval, finished: Iterable[tuple[Lesson, Rendition]], today: date) -> Iterator[Problem]:
    for lesson, rendition in finished:
        if not approval.allows(rendition.sha256):
            yield Problem(lesson.id, _UNAPPROVED)
        elif not lesson.is_valid_on(today):
            yield Problem(lesson.id, text("is not valid today; see valid_from and valid_until in its lesson.toml"))


def _refuse_unapproved(workspace: Workspace, made: Iterable[Rendition]) -> None:
    approval = load_approval(workspace)
    refused = [one.lesson for one in made if not approval.allows(one.sha256)]
    if refused:
        raise InputError(*(Problem(lesson, _UNAPPROVED) for lesson in refused))


def _item(workspace: Workspace, made: Rendition) -> Item:
    source = workspace.renditions_dir / made.profile / made.file
    return Item(made.lesson, made.title, made.seconds, source, made.size, made.sha256)


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
