"""What a plan does not keep or leaves empty: which soft rules, where and why. Judges; changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import repeat
from operator import itemgetter
from zoneinfo import ZoneInfo

from courseware.times import clock
from playlists.almanac.days import clock_at
from playlists.files.requests import Request
from playlists.files.rules import SOFT_NAMES, Rules, Soft
from playlists.planning.fill import LITTLE
from playlists.planning.judge import Judge
from playlists.planning.shelf import LessonShelf, Pool
from playlists.planning.showings import Candidate, FreeStretch, History, PlannedShowing, busy_with
from playlists.planning.sums import most_fillable
from playlists.schedules.causes import Cause, cause
from playlists.schedules.history import Past
from playlists.schedules.schedule import Day, Gap, Relaxed, Slot, Window


def account_day(showings: Sequence[PlannedShowing], pool: Pool, judge: Judge, zone: ZoneInfo) -> Iterator[Relaxed]:
    """Every breach in a day; those with one rule and one reason are told once, with their number."""
    found: dict[tuple[Soft, tuple[str, ...]], tuple[Cause, list[int]]] = {}
    for breach in judge.breaches(showings):
        # What a person pinned is no rule that gave way.
        if showings[breach.place].why != "pin":
            reason = why_not(breach.rule, breach.place, showings, pool, judge)
            found.setdefault((breach.rule, reason.key), (reason, []))[1].append(breach.place)
    for (rule, _), (reason, places) in found.items():
        first = showings[places[0]]
        yield Relaxed.model_construct(
            rule=SOFT_NAMES[rule],
            start=clock_at(first.start, zone),
            lesson=first.candidate.lesson,
            reason=reason,
            times=len(places),
        )


def without_own(showings: Sequence[PlannedShowing], pool: Pool, zone: ZoneInfo) -> Iterator[Relaxed]:
    """Blocks that show none of the lessons that they ask for, where it is wished that they do."""
    if "blocks" not in pool.programme.rules.soft:
        return
    first, here = dict[str, int](), dict[str, set[Candidate]]()
    for start, candidate, block, _ in showings:
        first.setdefault(block, start)
        here.setdefault(block, set()).add(candidate)
    for name, start in first.items():
        own = [pool.of(block) for block in pool.programme.block if block.name == name]
        if any(own) and not any(each in here[name] for some in own for each in some):
            reason = cause("none_own", block=name)
            yield Relaxed(rule=SOFT_NAMES["blocks"], start=clock_at(start, zone), reason=reason)


def why_not(rule: Soft, place: int, showings: Sequence[PlannedShowing], pool: Pool, judge: Judge) -> Cause:
    """The reason for which a rule gave way."""
    showing = showings[place]
    match rule:
        case "series_in_a_row":
            return _why_in_a_row(showing, showings, pool)
        case "repeat_gap":
            lasting = sum(each.seconds for each in pool.candidates)
            if lasting < judge.gap:
                return cause("too_few", length=clock(lasting), minutes=judge.gap // 60)
            return cause("no_other")
        case "blocks":
            return cause("borrowed", block=showing.block)
        case "inserts":
            return cause("no_insert")
        case _:
            return cause("no_best_hour")


def _why_in_a_row(showing: PlannedShowing, showings: Sequence[PlannedShowing], pool: Pool) -> Cause:
    """Whether any order could do without: of one series, or of one for more than half of the day, none can."""
    series = Counter(each.candidate.series for each in showings)
    if len({each.series for each in pool.candidates} - {""}) == 1:
        return cause("one_series", series=showing.candidate.series)
    if 2 * series[showing.candidate.series] > len(showings) + 1:
        return cause("half_series", series=showing.candidate.series)
    return cause("no_other_order")


def account_week(
    days: Sequence[Day],
    rules: Rules,
    shelf: LessonShelf,
    history: History,
    past: Past,
    asked: Iterable[Request],
    monday: datetime,
) -> Iterator[Relaxed]:
    """Shares, fairness within a series, requests and days that are alike."""
    checks = {
        "requests": lambda: _requests(days, rules, history, asked, monday),
        "share": lambda: _shares(days, rules, monday),
        "fresh": lambda: _fairness(days, shelf, history, past, monday),
        "days_alike": lambda: _alike(days, past),
    }
    for rule in rules.soft:
        if rule in checks:
            yield from checks[rule]()


def _requests(
    days: Sequence[Day], rules: Rules, history: History, asked: Iterable[Request], monday: datetime
) -> Iterator[Relaxed]:
    """Wishes that fell due this week and were not met."""
    first, last = days[0].date, days[-1].date
    for request in asked:
        due = request.due(rules.request_days)
        if not first <= due <= last or history.last.get(request.lesson, 0) >= _epoch(request.on, monday):
            continue
        open_days = [day.date for day in days if request.on <= day.date <= due and day.windows]
        reason = cause("no_showing" if open_days else "no_window", due=str(due))
        start = next(day for day in days if day.date == due)
        at = start.windows[0].start if start.windows else monday
        yield Relaxed(rule=SOFT_NAMES["requests"], start=at, lesson=request.lesson, reason=reason)


def _shares(days: Sequence[Day], rules: Rules, monday: datetime) -> Iterator[Relaxed]:
    """Series whose part of the week's seconds is further from the wished one than is tolerated, in per cent."""
    if not rules.share:
        return
    seconds: Counter[str] = Counter()
    for day in days:
        for slot in day.slots:
            if slot.lesson and not slot.is_bare:
                seconds[slot.series] += slot.seconds
    total = sum(seconds[series] for series in rules.share)
    for series, weight in rules.share.items():
        wished = 100 * weight / sum(rules.share.values())
        got = 100 * seconds[series] / total if total else 0
        if total and abs(got - wished) > rules.tolerance_percent:
            reason = cause("share", series=series, got=round(got), wished=round(wished))
            yield Relaxed(rule=SOFT_NAMES["share"], start=monday, reason=reason)


def _fairness(
    days: Sequence[Day], shelf: LessonShelf, history: History, past: Past, monday: datetime
) -> Iterator[Relaxed]:
    """Series of which some film is more than one showing of the month ahead of another."""
    open_days = [day.date for day in days if day.windows]
    if not open_days:
        return
    # What was not shown before this week, while others were, could not keep up.
    always = shelf.always(open_days)
    steady = always & past.last.keys() if past.last else always
    steadily = {series: [film for film in films if film in steady] for series, films in shelf.films.items()}
    for series, films in sorted(steadily.items(), key=itemgetter(1)):
        if not films:
            continue
        counts = list(map(history.uses.get, films, repeat(0)))
        least, most = min(counts), max(counts)
        if most - least > 1:
            name = films[counts.index(least)]
            reason = cause("uneven", series=series, least=least, most=most)
            yield Relaxed(rule=SOFT_NAMES["fresh"], start=monday, lesson=name, reason=reason)


def _alike(days: Sequence[Day], past: Past) -> Iterator[Relaxed]:
    """Days that show what one before them did, in the same order."""
    seen = set(past.orders)
    for day in days:
        order = tuple(slot.lesson for slot in day.slots if slot.lesson)
        if order and order in seen:
            start = next(slot.start for slot in day.slots if slot.lesson)
            yield Relaxed(rule=SOFT_NAMES["days_alike"], start=start, reason=cause("same_order"))
        seen.add(order)


def _epoch(day: date, monday: datetime) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=monday.tzinfo).timestamp())


def gaps_in(
    windows: Iterable[Window], slots: Iterable[Slot], because: Callable[[int, int], Cause], zone: ZoneInfo
) -> Iterator[Gap]:
    """The time of the windows that no slot takes.

    Args:
        because: start and seconds of what stays empty → why.
    """
    taken = sorted(busy_with(slots))
    for window in windows:
        now, end = int(window.start.timestamp()), int(window.end.timestamp())
        for begins, ends in [*taken, (end, end)]:
            until = min(begins, end)
            if now < until:
                seconds = until - now
                yield Gap.model_construct(start=clock_at(now, zone), seconds=seconds, reason=because(now, seconds))
            now = max(now, ends)


def why_empty(
    shelf: LessonShelf, pool: Pool, free: Sequence[FreeStretch], profile: str
) -> Callable[[int, int], Cause]:
    """Why some time of a day stays empty, told by its start and its seconds.

    Args:
        free: the time that was to be filled.
        profile: of the venue.
    """
    nothing = _nothing_to_show(shelf, pool, profile)
    rest = pool.programme.rules.separation_minutes

    def because(start: int, seconds: int) -> Cause:
        if nothing is not None:
            return nothing
        shortest = min(pool.lengths)
        if shortest > seconds and any(stretch.start == start and stretch.seconds == seconds for stretch in free):
            return cause("all_longer", shortest=clock(shortest), seconds=seconds)
        if rest:
            return cause("too_soon", minutes=rest, seconds=seconds)
        if seconds <= LITTLE and any(
            stretch.start <= start < stretch.end and _could_hold_more(stretch, seconds, pool) for stretch in free
        ):
            return cause("variety", seconds=seconds)
        return cause("no_sum", seconds=seconds)

    return because


def _could_hold_more(stretch: FreeStretch, empty: int, pool: Pool) -> bool:
    return most_fillable(stretch.seconds, pool.lengths) > stretch.seconds - empty


def _nothing_to_show(shelf: LessonShelf, pool: Pool, profile: str) -> Cause | None:
    """Why nothing at all can be shown on the day; None where something can."""
    if shelf.is_empty:
        return cause("no_lesson")
    if not shelf.lessons:
        return cause("none_approved" if shelf.refused else "none_made", profile=profile)
    if not pool.candidates:
        return cause("all_forbidden" if shelf.lessons_on(pool.moment.day) else "none_valid")
    return None
