"""Playlists from schedules and renditions: which files, in which order, under which names. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from courseware.errors import InputError, Problem, text
from courseware.files import safe_name
from courseware.lessons.lesson import Lesson
from courseware.lessons.profile import canvas_of
from courseware.lessons.rendition import Rendition, damaged, damaged_renditions, load_rendition, load_renditions
from courseware.lessons.workspace import Workspace
from courseware.reviews.approval import Approval, load_approval
from playlists.almanac.days import WEEKDAYS
from playlists.lists.exporter import Span
from playlists.lists.rundown import PAUSE, Airing, Kind, Rundown
from playlists.lists.usb import Item
from playlists.schedules.schedule import IDENT, NOTICE, SLOGAN, TRAINING, Day, Schedule, Slot

_BARE: Mapping[str, Kind] = {SLOGAN: "slogan", NOTICE: "notice", IDENT: "ident"}


@dataclass(frozen=True, slots=True)
class Bundle:
    """Lists that belong together: those of a venue, or a single one.

    Attributes:
        name: of their folder on a stick.
        rundowns: what there is to write, by what one file is about; of lessons in any order there is a "window" only.
        items: the files that are played, by lesson, in the order of their first showing.
        folder: of their folder among the playlists; empty when they lie there themselves.
        days: of which the lists are all there is; what was built of these days before and is not among them, goes.
        left_out: what was asked for and is not among them, and why; nothing is wrong with the rest.
    """

    name: str
    rundowns: Mapping[Span, tuple[Rundown, ...]]
    items: Mapping[str, Item]
    left_out: tuple[Problem, ...] = ()
    folder: str = ""
    days: frozenset[date] = field(default_factory=frozenset)


def venue_bundle(
    workspace: Workspace, schedule: Schedule, day: date | None = None, *, today: date | None = None
) -> Bundle:
    """A venue's week, or one day of it: its windows, its days, and all of it.

    A window is a stretch of a day on which lessons follow each other. Most lists know no clock: so they begin with an
    opening window and end before a live event; what comes after is another list. They are called by when they begin,
    so that a script finds the one of today and of this hour.

    Args:
        today: days before it are left out, unless all are: what they showed may be made again or taken back since.

    Raises:
        InputError: a file is missing, not approved, or made again since the week was planned; or nothing is shown.
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
    covered = frozenset(one.date for one in schedule.days if day in (None, one.date))
    name = str(day or schedule.week)
    rundowns = _as_printed(workspace, rundowns_of(schedule, days, name))
    return Bundle(f"{schedule.venue}_{name}", rundowns, items, folder=schedule.venue, days=covered)


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
    return _plain_bundle(workspace, name, series, found, left_out)


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
    return _plain_bundle(workspace, name, title, [one for _, one in made if one])


def rundowns_of(schedule: Schedule, days: Sequence[Day], name: str) -> dict[Span, tuple[Rundown, ...]]:
    """The windows, the days and the whole of some days of a week.

    Args:
        name: of the whole.
    """
    windows = [window for day in days for window in _windows_of(schedule, day)]
    daily = [_rundown(schedule, str(day.date), _dated(day), [day], day.slots) for day in days]
    title = _dated(days[0]) if len(days) == 1 else schedule.week
    whole = _rundown(schedule, name, title, days, [slot for day in days for slot in day.slots])
    return {"window": tuple(windows), "day": tuple(daily), "week": (whole,)}


def _as_printed(
    workspace: Workspace, rundowns: Mapping[Span, tuple[Rundown, ...]]
) -> Mapping[Span, tuple[Rundown, ...]]:
    """The same with the names of series that people read."""
    shown = workspace.settings.series_shown
    return {
        span: tuple(
            replace(one, airings=tuple(replace(airing, series=shown(airing.series)) for airing in one.airings))
            for one in some
        )
        for span, some in rundowns.items()
    }


def _plain_bundle(
    workspace: Workspace, name: str, title: str, made: Sequence[Rendition], left_out: tuple[Problem, ...] = ()
) -> Bundle:
    airings = tuple(Airing(one.title, one.seconds, lesson=one.lesson, series=one.series) for one in made)
    items = {one.lesson: _item(workspace, one) for one in made}
    return Bundle(name, _as_printed(workspace, {"window": (Rundown(name, title, airings),)}), items, left_out)


def _windows_of(schedule: Schedule, day: Day) -> Iterator[Rundown]:
    taken = set[str]()
    for run in _runs(day):
        start = run[0].start
        minute = f"{start:%Y-%m-%d_%H%M}"
        name = f"{start:%Y-%m-%d_%H%M%S}" if minute in taken else minute
        taken.add(name)
        # What is shown after midnight belongs to the evening before.
        yield _rundown(schedule, name, f"{_dated(day)} {start:%H:%M}", [day], run)


def _rundown(schedule: Schedule, name: str, title: str, days: Sequence[Day], slots: Iterable[Slot]) -> Rundown:
    return Rundown(
        name,
        f"{schedule.venue_name} {title}",
        tuple(map(_airing, slots)),
        venue=schedule.venue,
        venue_name=schedule.venue_name,
        town=schedule.town,
        days=tuple(day.date for day in days),
    )


def _dated(day: Day) -> str:
    return f"{day.date} 周{WEEKDAYS[day.date.weekday()]}"


def _airing(slot: Slot) -> Airing:
    kind = "training" if slot.is_training else _BARE[slot.note] if slot.is_bare else slot.kind
    return Airing(
        slot.title.removeprefix(TRAINING) if slot.is_training else slot.title,
        slot.seconds,
        lesson=slot.lesson,
        start=slot.start,
        kind=kind,
        series=slot.series,
        block=slot.block,
        note="" if slot.is_bare else slot.note,
    )


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
    return between or after.start - before.end >= PAUSE


def renditions_of(workspace: Workspace, schedule: Schedule, slots: Iterable[Slot]) -> dict[str, Rendition]:
    """What plays in the slots, by lesson: as it was made, as it was planned, and approved.

    Raises:
        InputError: a file is missing, not approved, or made again since the week was planned.
    """
    found: dict[str, Rendition] = {}
    problems = []
    for slot in slots:
        made = load_rendition(workspace.renditions_dir / schedule.profile, slot.lesson)
        if made is None:
            what = text(
                "is no longer rendered for {profile}, or not as it was made; render it again",
                profile=schedule.profile,
            )
            problems.append(Problem(slot.lesson, what))
        elif made.sha256 != slot.sha256:
            what = text(
                "was rendered again after the week was planned; run “yuanjiao schedule plan --week {week}”",
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
            yield Problem(lesson.id, approval.why_not(rendition.sha256))
        elif not lesson.is_valid_on(today):
            yield Problem(lesson.id, text("is not valid today; see valid_from and valid_until in its lesson.toml"))


def _refuse_unapproved(workspace: Workspace, made: Iterable[Rendition]) -> None:
    approval = load_approval(workspace)
    refused = [one for one in made if not approval.allows(one.sha256)]
    if refused:
        raise InputError(*(Problem(one.lesson, approval.why_not(one.sha256)) for one in refused))


def _item(workspace: Workspace, made: Rendition) -> Item:
    source = workspace.renditions_dir / made.profile / made.file
    return Item(made.lesson, made.title, made.seconds, source, made.size, made.sha256)
