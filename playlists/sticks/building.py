"""A venue's kit from its planned weeks: what may be shown, all files gathered, the plan issued. Writes no stick."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from courseware.errors import InputError, Problem, text
from courseware.lessons.rendition import Rendition
from courseware.lessons.series import Series
from courseware.lessons.workspace import Workspace
from playlists.almanac import clock
from playlists.almanac.days import week_of
from playlists.county.speakers import printed_weeks
from playlists.county.weeks import schedule_of
from playlists.files.programmes import Programme, programme_for
from playlists.files.venues import Venue
from playlists.kits import plan as plan_file
from playlists.kits.browser import page as browser_page
from playlists.kits.delta import KnownKit, dump_since, since_base
from playlists.kits.issued import issue
from playlists.kits.keys import PUBLIC_NAME, PublicKey, dump_public
from playlists.kits.plan import Fallback, KitPlan, dump_plan, media_path
from playlists.kits.planned import Wishes, plan_kit, rest_of_night, slots_of
from playlists.kits.playerfiles import player_files
from playlists.kits.sums import SINCE_NAME
from playlists.kits.writing import Contents, Video
from playlists.lists.lists import renditions_of
from playlists.publishing.announce import judge_week
from playlists.publishing.judged import week_waits
from playlists.publishing.publish import venue_pdf
from playlists.publishing.wording import moment_label
from playlists.schedules.schedule import IDENT, Schedule, monday_of
from playlists.sticks.leaflet import leaflet
from templates.cards.looks import GREY, Look, look_of
from templates.cards.stills import draw_stills
from templates.guides.quick import quick_pdf
from templates.pages.week import Edition

LEAFLET_NAME = "说明.txt"
QUICK_NAME = "速查.pdf"
POSTER_NAME = "节目单"
IDENT_PATH, CARD_PATH, IDLE_PATH = "fallback/ident.mp4", "fallback/card.png", "fallback/idle.png"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A kit that is ready to be written."""

    plan: KitPlan
    contents: Contents

    @property
    def carried_bytes(self) -> int:
        """What its videos on the stick take."""
        return sum(one.size for one in self.contents.carried.values())


def showable_weeks(
    workspace: Workspace, venues: Iterable[Venue], weeks: Sequence[str]
) -> tuple[dict[str, tuple[Schedule, ...]], tuple[Problem, ...]]:
    """The planned weeks of the venues whose every week may be shown, and why the others have none.

    The judgement is that of `yuanjiao publish`: nothing that the checker calls a breach goes on a stick, and nothing
    of a week that waits for its review.
    """
    planned: dict[str, list[Schedule]] = {}
    problems: list[Problem] = []
    for venue in venues:
        try:
            planned[venue.id] = [schedule_of(workspace, venue.id, week) for week in weeks]
        except InputError as error:
            problems += error.problems
    refused = set[str]()
    for number, week in enumerate(weeks):
        if waits := week_waits(workspace, week):
            problems += waits
            refused |= planned.keys()
            continue
        verdict = judge_week(workspace, [one[number] for one in planned.values()])
        problems += verdict.faults
        for breach in verdict.withheld:
            what = text(
                "no kit is built: the week breaks a rule; run “yuanjiao schedule plan --week {week}”, or mend what "
                "“yuanjiao schedule check --week {week}” names",
                week=week,
            )
            problems.append(Problem(breach.venue, what))
            refused.add(breach.venue)
    return {venue: tuple(found) for venue, found in planned.items() if venue not in refused}, tuple(problems)


def weeks_from(week: str, count: int) -> tuple[str, ...]:
    """So many weeks, the given one first."""
    return tuple(week_of(monday_of(week) + timedelta(weeks=number)) for number in range(count))


def prepare_kit(
    workspace: Workspace,
    venue: Venue,
    schedules: Sequence[Schedule],
    programmes: Iterable[Programme],
    key: PublicKey,
    base: KnownKit | None = None,
    there: int = 0,
) -> Prepared:
    """Gather all of a kit, and issue its plan.

    Args:
        schedules: the venue's weeks, as showable_weeks returns them.
        base: a kit that the venue has: its videos stay off the stick.
        there: the revision on the stick; the kit's is not lower.

    Raises:
        InputError: a video is missing, not approved or made anew, or a name does not fit the canvas.
        ToolError: the poster cannot be typeset.
    """
    night = _night_before(workspace, schedules[0])
    made = _renditions(workspace, (night, *schedules) if night else schedules)
    ident = _ident(schedules, made)
    fallback = Fallback(ident=IDENT_PATH if ident else None, card=CARD_PATH, idle=IDLE_PATH)
    wishes = _wishes(venue, programmes)
    zone = workspace.settings.zone

    def draft(revision: int, built: datetime | None) -> KitPlan:
        built = built or clock.now(workspace).replace(microsecond=0)
        return plan_kit(
            schedules, made, fallback, revision=revision, built=built, zone=zone, wishes=wishes, night=night
        )

    plan = issue(workspace.kits_dir, venue.id, there, draft)
    papers = _papers(workspace, schedules, plan, key)
    if ident:
        papers[IDENT_PATH] = _source(workspace, ident)
    elsewhere = frozenset[str]()
    if base:
        since = since_base(base, plan)
        papers[SINCE_NAME] = dump_since(since)
        elsewhere = frozenset(map(media_path, since.media))
    videos = {media_path(one.sha256): one for one in _videos(workspace, made).values()}
    return Prepared(plan, Contents(videos, papers, elsewhere))


def _night_before(workspace: Workspace, first: Schedule) -> Schedule | None:
    """What of the week before goes on after midnight, where it can still be shown as it was planned."""
    try:
        before = schedule_of(workspace, first.venue, week_of(monday_of(first.week) - timedelta(weeks=1)))
        night = rest_of_night(before, workspace.settings.zone)
        if night is None or judge_week(workspace, (before,)).withheld:
            return None
        _renditions(workspace, (night,))
    except InputError:
        return None
    return night


def _renditions(workspace: Workspace, schedules: Sequence[Schedule]) -> dict[str, Rendition]:
    """sha256 → rendition of everything that is played."""
    found: dict[str, Rendition] = {}
    for schedule in schedules:
        made = renditions_of(workspace, schedule, {slot.sha256: slot for slot in slots_of((schedule,))}.values())
        found |= {one.sha256: one for one in made.values()}
    return found


def videos_of(workspace: Workspace, schedule: Schedule) -> dict[str, Video]:
    """The videos that the week plays, by sha256.

    Raises:
        InputError: as prepare_kit.
    """
    return _videos(workspace, _renditions(workspace, (schedule,)))


def _videos(workspace: Workspace, made: Mapping[str, Rendition]) -> dict[str, Video]:
    return {digest: Video(_source(workspace, one), one.size, digest) for digest, one in made.items()}


def _source(workspace: Workspace, made: Rendition) -> Path:
    return workspace.renditions_dir / made.profile / made.file


def _ident(schedules: Iterable[Schedule], made: Mapping[str, Rendition]) -> Rendition | None:
    """An ident among what is played, to be repeated when nothing better is at hand."""
    return next((made[slot.sha256] for slot in slots_of(schedules) if slot.note == IDENT), None)


def _wishes(venue: Venue, programmes: Iterable[Programme]) -> Wishes:
    programme = programme_for(venue, programmes)
    blocks = [*programme.block, *(block for variant in programme.variant for block in variant.block)]
    return Wishes(venue.idle, {block.name: block.volume for block in reversed(blocks)})


def look_of_weeks(schedules: Iterable[Schedule], series: Series) -> Look:
    """The look of a kit's still pictures: a series', or grey where a day of mourning closes the venue."""
    mourns = any(day.mourns for schedule in schedules for day in schedule.days)
    return GREY if mourns else look_of(series)


def _papers(
    workspace: Workspace, schedules: Sequence[Schedule], plan: KitPlan, key: PublicKey
) -> dict[str, bytes | Path]:
    """Everything but the videos."""
    settings = workspace.settings
    look = look_of_weeks(schedules, settings.all_series[0])
    card, idle = draw_stills(plan.venue.width, plan.venue.height, look, plan.venue.name, settings.office.name)
    papers: dict[str, bytes | Path] = {
        plan_file.FILE_NAME: dump_plan(plan).encode(),
        PUBLIC_NAME: dump_public(key),
        CARD_PATH: card,
        IDLE_PATH: idle,
        LEAFLET_NAME: leaflet(plan, settings.office),
        QUICK_NAME: quick_pdf("operator", settings.office),
        browser_page.FILE_NAME: browser_page.make_page(plan).encode(),
        **player_files(one.start.time() for one in plan.windows),
    }
    edition = Edition(plan.revision, moment_label(plan.built.astimezone(settings.zone)))
    for number, schedule in enumerate(printed_weeks(workspace, schedules)):
        name = f"{POSTER_NAME}_{schedule.week}.pdf" if number else f"{POSTER_NAME}.pdf"
        papers[name] = venue_pdf(schedule, edition, settings.office, settings.all_series)
    return papers
