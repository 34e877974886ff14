"""Publish a week: judge it, take a number, make every file that is not the same any more, and let it count."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from courseware.errors import InputError, Problem, Text, text
from courseware.files import is_safe_id, sweep
from courseware.lessons.series import BUILT_IN_SERIES, Series
from courseware.lessons.settings import Office
from courseware.lessons.workspace import Workspace
from courseware.terminal.console import Console
from playlists.files.venues import RESERVED_IDS
from playlists.lists.recall import withdraw_lists
from playlists.publishing.announce import WeekVerdict, announcing, gone_venues
from playlists.publishing.digest import VenueDigest
from playlists.publishing.editions import announced, open_book
from playlists.publishing.hub import write_hub
from playlists.publishing.judged import PlannedFiles, find_planned, judge_planned, remarks_on, unapproved
from playlists.publishing.memory import WeekMemory, remembered_week
from playlists.publishing.outputs import KINDS_OF_OUTPUT, OutputKind, WeekFile, gather_county, outputs_of
from playlists.publishing.pages import page_rules, plan_venue
from playlists.publishing.setting import FONT_NAMES, OpenedFolder, WeekFolder, write_stale
from playlists.schedules.revisions import RevisionDraft, latest
from playlists.schedules.schedule import Schedule
from templates.pages.looks import poster_of
from templates.pages.typeset import SheetPress, typeset
from templates.pages.week import Edition


@dataclass(frozen=True, slots=True)
class Choice:
    """What is published.

    Attributes:
        venues: ids; None for all.
        kinds: of files.
    """

    venues: frozenset[str] | None = None
    kinds: frozenset[OutputKind] = frozenset(KINDS_OF_OUTPUT)

    def takes(self, output: WeekFile) -> bool:
        """Whether the file is to be made."""
        return output.kind in self.kinds and (self.venues is None or not output.venue or output.venue in self.venues)

    def names(self, venue: str) -> bool:
        """Whether the venue's week is announced."""
        return self.venues is None or venue in self.venues


@dataclass(frozen=True, slots=True)
class Publication:
    """What was done.

    Attributes:
        edition: the number that holds now.
        files: all of the week that were asked for.
        made: those that are new.
        removed: those that nothing says any more.
        kept: what was kept of a person's.
        problems: venues whose week cannot be read, or may not be shown.
        gaps: what the planner could not fill, for the office's eyes.
        remarks: what speaks against the week, and keeps nobody from publishing it.
    """

    edition: int
    files: tuple[Path, ...]
    made: tuple[Path, ...]
    removed: tuple[Path, ...]
    kept: tuple[Problem, ...]
    problems: tuple[Problem, ...]
    gaps: tuple[Problem, ...]
    remarks: tuple[Problem, ...] = ()


def publish_week(
    workspace: Workspace,
    week: str,
    choice: Choice = Choice(),
    progress: Callable[[str], None] = lambda _name: None,
    press: SheetPress | None = None,
) -> Publication:
    """Publish the planned weeks of the chosen venues.

    Files that were made of the same before are left as they are. Either all new files get their places, or none.

    Args:
        progress: told the name of each file just made.
        press: what typesets; this computer when None.

    Raises:
        InputError: nothing can be published, or words cannot be printed; then nothing is changed.
        ToolError: a page cannot be typeset; then nothing is changed.
    """
    with remembered_week(workspace.cache_dir, week) as memory:
        planned = find_planned(workspace, week, memory.clean)
        verdict = judge_planned(workspace, planned, memory)
        waits = unapproved(workspace, planned)
        # What may not be shown any more disappears all the same.
        verdict = replace(verdict, faults=(*verdict.faults, *waits))
        problems = (*planned.problems, *verdict.problems)
        withheld = {one.venue for one in verdict.withheld}
        fit = {venue: one for venue, one in planned.files.items() if venue not in withheld and not waits}
        if not fit and latest(workspace.schedules_dir, week) is None:
            nothing = Problem(week, text("there is no schedule to publish; plan the week first"))
            raise InputError(*problems or (nothing,))
        plans = {venue: one.path.read_bytes for venue, one in fit.items() if choice.names(venue)}
        with announcing(workspace, week, plans, withheld) as draft:
            made = _write(workspace, planned, verdict, draft, memory, choice, progress, press)
        write_hub(workspace)
    return replace(made, remarks=remarks_on(workspace, planned))


def publish_aloud(
    console: Console,
    workspace: Workspace,
    week: str,
    choice: Choice,
    also: Callable[[], None] = lambda: None,
    press: SheetPress | None = None,
) -> Publication:
    """Publish; lists of what may not be shown any more are removed before. Call under the workspace's lock.

    Args:
        also: called after each file; what it raises ends the publishing, and nothing has changed.
        press: what typesets; this computer when None.

    Raises:
        InputError, ToolError: see publish_week.
    """
    for path in withdraw_lists(workspace):
        console.note(text("{file} is removed: it holds what may no longer be shown", file=path))
    with console.progress() as bars:
        bar = bars.add_task(console.tr(text("Publishing {week}", week=week)), total=None)

        def made(_name: str) -> None:
            bars.advance(bar)
            also()

        done = publish_week(workspace, week, choice, made, press)
    for path in done.removed:
        console.note(text("{file} is removed: nothing of that name is published now", file=path))
    console.problems(done.kept)
    console.problems(done.gaps)
    console.problems(done.remarks)
    return done


def told_edition(done: Publication, folder: Path) -> Text:
    """How many files an edition has, and where."""
    return text(
        "Edition {edition}: {files} files in {folder}, {new} of them new",
        edition=done.edition,
        files=len(done.files),
        folder=folder,
        new=len(done.made),
    )


def _write(
    workspace: Workspace,
    planned: PlannedFiles,
    verdict: WeekVerdict,
    draft: RevisionDraft | None,
    memory: WeekMemory,
    choice: Choice,
    progress: Callable[[str], None],
    press: SheetPress | None,
) -> Publication:
    if draft is None:
        raise InputError(*planned.problems, *verdict.problems)
    settings, week = workspace.settings, planned.week
    book = open_book(workspace, week, draft)
    venues = announced(book, [one.id for one in planned.venues], verdict.withheld, memory)
    county = gather_county(venues, book, settings.office, settings.all_series)
    outputs = tuple(outputs_of(county))
    with OpenedFolder() as opened:
        folder = opened.open(workspace, week, memory, outputs)
        sweep(folder.target, folder.target.parent)
        chosen = [one for one in outputs if choice.takes(one)]
        new = write_stale(folder, chosen, county.base, progress, press)
        removed = _remove_stale(folder, outputs, gone_venues(workspace, week))
        kept = tuple(folder.kept)
    fonts = FONT_NAMES if "pages" in choice.kinds else ()
    files = tuple(folder.target / name for name in (*(one.name for one in chosen), *fonts))
    gaps = unfilled(one.digest for one in venues if choice.names(one.digest.venue))
    problems = (*planned.problems, *verdict.problems)
    return Publication(
        draft.revision.number, files, tuple(folder.target / name for name in new), removed, kept, problems, gaps
    )


def _remove_stale(folder: WeekFolder, outputs: Sequence[WeekFile], gone: Iterable[str]) -> tuple[Path, ...]:
    """Take away what belongs to a venue, a town or a notice that is no more."""
    wanted = {one.name for one in outputs} | set(FONT_NAMES)
    stale = [name for name in folder.memory.files if name not in wanted]
    stale += [path.name for path in pages_at(folder.target, gone) if path.name not in wanted]
    found = (folder.remove(name) for name in dict.fromkeys(stale))
    return tuple(path for path in found if path)


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


def venue_pdf(
    schedule: Schedule, edition: Edition, office: Office, series: Sequence[Series] = BUILT_IN_SERIES
) -> bytes:
    """The poster of one venue's week alone.

    Raises:
        ToolError: it cannot be typeset.
    """
    return typeset(poster_of(plan_venue(schedule, edition, page_rules(schedule.week, office, series))))


def unfilled(weeks: Iterable[Schedule | VenueDigest]) -> tuple[Problem, ...]:
    """What the planner could not fill, for the office's eyes: the pages do not show it."""
    return tuple(
        Problem(
            f"{one.venue} {gap.start:%Y-%m-%d %H:%M:%S}",
            text("{seconds} seconds stay empty: {reason}", seconds=gap.seconds, reason=gap.reason.said),
        )
        for one in weeks
        for gap in one.gaps
    )
