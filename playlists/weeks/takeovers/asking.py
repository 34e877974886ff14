"""A takeover as a person asks for it, looked up, judged and written into edits.toml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from courseware.errors import InputError, Problem, Text, text
from courseware.lessons.lesson import Lesson
from courseware.lessons.rendition import Rendition, load_rendition
from courseware.lessons.workspace import Workspace, load_catalogue
from courseware.reviews.approval import load_approval
from courseware.validate import not_one_of
from playlists.almanac import clock
from playlists.almanac.typed import moment_typed
from playlists.county.county import County
from playlists.files import edits as edits_file
from playlists.files.by_hand.takeovers import Takeover, showings
from playlists.files.edits import add_edit, cancel_takeover
from playlists.files.naming import select_venues
from playlists.files.venues import KIND_NAMES, KIND_WORDS, Venue
from playlists.opening.windows import opening_on
from playlists.weeks.making import county_to_plan

State = Literal["waiting", "on", "over", "cancelled"]
STATES: Mapping[State, Text] = {
    "waiting": text("not begun"),
    "on": text("being shown"),
    "over": text("over"),
    "cancelled": text("called off"),
}
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TakeoverWish:
    """A takeover as it is typed; empty for what was not given."""

    lesson: str
    start: str
    end: str
    venues: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    once: bool = False
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PlacedTakeover:
    """A takeover that was written.

    Attributes:
        number: of it in edits.toml, from 1.
        shown: venue → how often it shows the lesson, by its hours alone.
        shut: the venues that are not open then, or not for as long as the lesson lasts.
    """

    number: int
    takeover: Takeover
    shown: Mapping[str, int]
    shut: tuple[Venue, ...]


def place_takeover(workspace: Workspace, wish: TakeoverWish) -> PlacedTakeover:
    """Judge the wish, and write it. Call under the workspace's lock.

    Raises:
        InputError: all that is wrong with it, at once; nothing is written then.
    """
    county, now = county_to_plan(workspace), clock.now(workspace).replace(tzinfo=None)
    (lesson,) = load_catalogue(workspace).select((wish.lesson,))
    takeover = _taken(county, wish, now)
    venues = tuple(one for one in county.venues if takeover.concerns(one))
    made, problems = _made(workspace, lesson, venues)
    problems += [*_past(takeover, now), *_invalid(lesson, takeover), *_crossing(county, takeover, venues, now)]
    problems += _forbidden(county, takeover, venues)
    if problems:
        raise InputError(*problems)
    if wish.once:
        longest = max(one.seconds for one in made.values())
        takeover = takeover.model_copy(update={"last": takeover.first + timedelta(seconds=longest)})
    shown = {one.id: _count(workspace, county, takeover, one, made[one.profile].seconds) for one in venues}
    shut = tuple(one for one in venues if not shown[one.id])
    if len(shut) == len(venues):
        what = text("none of the venues is open then for as long as the lesson lasts; see their hours in venues.csv")
        raise InputError(Problem("--from", what))
    add_edit(workspace.root / edits_file.FILE_NAME, "takeover", _values(takeover))
    return PlacedTakeover(len(county.edits.takeover) + 1, takeover, shown, shut)


def call_off(workspace: Workspace, number: int) -> Takeover:
    """Write that a takeover is called off. Call under the workspace's lock.

    Raises:
        InputError: there is none of that number, or it is over or called off already.
    """
    known, now = county_to_plan(workspace).edits.takeover, clock.now(workspace).replace(tzinfo=None, microsecond=0)
    if not 0 < number <= len(known):
        what = text("there is no takeover of this number; see “yuanjiao schedule takeover --list”")
        raise InputError(Problem(f"--cancel {number}", what))
    found = known[number - 1]
    if state_of(found, now) in {"over", "cancelled"}:
        raise InputError(Problem(f"--cancel {number}", text("is over, or called off, already")))
    cancel_takeover(workspace.root / edits_file.FILE_NAME, number, now)
    return found


def state_of(takeover: Takeover, now: datetime) -> State:
    """How it stands."""
    if takeover.cancelled:
        return "cancelled"
    return "waiting" if now < takeover.first else "on" if now < takeover.last else "over"


def _taken(county: County, wish: TakeoverWish, now: datetime) -> Takeover:
    """The wish with its names and moments looked up.

    Raises:
        InputError: all that is wrong with them.
    """
    problems: list[Problem] = []
    ids: tuple[str, ...] = ()
    try:
        ids = tuple(one.id for one in select_venues(county.venues, wish.venues)) if wish.venues else ()
    except InputError as error:
        problems += error.problems
    towns = dict.fromkeys(one.town for one in county.venues if one.town)
    groups = dict.fromkeys((*(group for one in county.venues for group in one.groups), *KIND_NAMES.values()))
    problems += [Problem("--town", not_one_of(name, list(towns))) for name in wish.towns if name not in towns]
    problems += [
        Problem("--group", not_one_of(name, list(groups)))
        for name in wish.groups
        if name not in groups and name.lower() not in KIND_WORDS
    ]
    if not (wish.venues or wish.towns or wish.groups):
        problems.append(Problem("schedule takeover", text("say for whom: venues, --town or --group")))
    moments = {}
    for option, given in (("--from", wish.start), ("--until", wish.end)):
        try:
            moments[option] = _moment(given, now, option) if given or not wish.once else None
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(*problems)
    first = moments["--from"]
    last = moments["--until"] or (first + timedelta(minutes=1) if first else None)
    if first is None or last is None or last <= first:
        raise InputError(Problem("--until", text("is not after --from")))
    values = {"venues": (*ids, *wish.groups), "towns": wish.towns, "lesson": wish.lesson, "once": wish.once}
    try:
        return Takeover.model_validate({**values, "from": first, "until": last, "by": wish.by, "reason": wish.reason})
    except ValueError as error:
        what = text("is longer than {days} days; put what holds longer into the programme", days=7)
        raise InputError(Problem("--until", what)) from error


def _moment(given: str, now: datetime, where: str) -> datetime:
    if not given.strip():
        raise InputError(Problem(where, text("say when, e.g. {example}", example="19:00")))
    with suppress(InputError):
        # A time of day alone is today's.
        return moment_typed(f"今天 {given}", now.date(), where)
    return moment_typed(given, now.date(), where)


def _made(
    workspace: Workspace, lesson: Lesson, venues: Sequence[Venue]
) -> tuple[dict[str, Rendition], list[Problem]]:
    """The lesson for each screen, and for which it cannot be shown, and why."""
    approval, made, problems = load_approval(workspace), dict[str, Rendition](), list[Problem]()
    for profile in dict.fromkeys(one.profile for one in venues):
        found = load_rendition(workspace.renditions_dir / profile, lesson.id)
        if found is None:
            what = text(
                "is not rendered for {profile}, or not as it was made; run “yuanjiao render --profile {profile}”",
                profile=profile,
            )
            problems.append(Problem(lesson.id, what))
        elif not approval.allows(found.sha256):
            problems.append(Problem(f"{lesson.id} · {profile}", approval.why_not(found.sha256)))
        else:
            made[profile] = found
    return made, problems


def _past(takeover: Takeover, now: datetime) -> Iterator[Problem]:
    if takeover.last <= now:
        yield Problem("--until", text("{moment} is past", moment=f"{takeover.last:%Y-%m-%d %H:%M}"))


def _invalid(lesson: Lesson, takeover: Takeover) -> Iterator[Problem]:
    day = next((one for one in _days(takeover) if not lesson.is_valid_on(one)), None)
    if day:
        what = text("is not valid on {day}; see valid_from and valid_until in its lesson.toml", day=day)
        yield Problem(lesson.id, what)


def _crossing(county: County, takeover: Takeover, venues: Sequence[Venue], now: datetime) -> Iterator[Problem]:
    """Takeovers of the same hours at one of the venues."""
    for number, other in enumerate(county.edits.takeover, 1):
        meet = takeover.first < other.last and other.first < takeover.last and state_of(other, now) != "over"
        both = next((one for one in venues if other.concerns(one)), None)
        if meet and both:
            what = text(
                "takeover {number} has {venue} from {first} to {last}; call it off first, or choose other hours",
                number=number,
                venue=both.id,
                first=f"{other.first:%m-%d %H:%M}",
                last=f"{other.last:%m-%d %H:%M}",
            )
            yield Problem("--from", what)


def _forbidden(county: County, takeover: Takeover, venues: Sequence[Venue]) -> Iterator[Problem]:
    barred = [
        one.id for one in venues for day in _days(takeover) if takeover.lesson in county.edits.forbidden(one.id, day)
    ]
    if barred:
        what = text("is barred by edits.toml (never) at {venues}", venues="、".join(dict.fromkeys(barred)))
        yield Problem(takeover.lesson, what)


def _days(takeover: Takeover) -> Iterator[date]:
    day = takeover.first.date()
    while day <= takeover.last.date():
        yield day
        day += _DAY


def _count(workspace: Workspace, county: County, takeover: Takeover, venue: Venue, seconds: int) -> int:
    """How often the venue shows the lesson, by its hours; the evening before may last into the first day."""
    zone = workspace.settings.zone
    days = (takeover.first.date() - _DAY, *_days(takeover))
    windows = [
        (window.start.replace(tzinfo=None), window.end.replace(tzinfo=None))
        for day in days
        for window in opening_on(county.calendar, venue, day, zone)
    ]
    return sum(1 for _ in showings(takeover, windows, (), seconds))


def _values(takeover: Takeover) -> dict[str, Any]:
    """As edits.toml has them."""
    told = takeover.model_dump(by_alias=True)
    return {key: list(value) if isinstance(value, tuple) else value for key, value in told.items() if value}
