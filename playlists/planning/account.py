"""The soft rules that a plan does not keep: which, where and why. Judges; changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import repeat
from operator import itemgetter
from zoneinfo import ZoneInfo

from playlists.almanac.days import clock_at
from playlists.files.requests import Request
from playlists.files.rules import SOFT_NAMES, Rules, Soft
from playlists.planning.fill import Candidate, History
from playlists.planning.layout import Pool, Showing
from playlists.planning.polish import Judge, why_not
from playlists.planning.shelf import Shelf
from playlists.schedules.causes import Cause, cause
from playlists.schedules.history import Past
from playlists.schedules.schedule import Day, Relaxed


def account_day(showings: Sequence[Showing], pool: Pool, judge: Judge, zone: ZoneInfo) -> Iterator[Relaxed]:
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


def without_own(showings: Sequence[Showing], pool: Pool, zone: ZoneInfo) -> Iterator[Relaxed]:
    """Blocks that show none of the lessons that they ask for, where it is wished that they do."""
    if "blocks" not in pool.programme.rules.soft:
        return
    first, here = dict[str, int](), dict[str, set[Candidate]]()
    for start, one, block, _ in showings:
        first.setdefault(block, start)
        here.setdefault(block, set()).add(one)
    for name, start in first.items():
        own = [pool.of(block) for block in pool.programme.block if block.name == name]
        if any(own) and not any(each in here[name] for some in own for each in some):
            reason = cause("none_own", block=name)
            yield Relaxed(rule=SOFT_NAMES["blocks"], start=clock_at(start, zone), reason=reason)


def account_week(
    days: Sequence[Day],
    rules: Rules,
    shelf: Shelf,
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
    first, last = days[0].date, days[-1].date
    for one in asked:
        due = one.due(rules.request_days)
        if not first <= due <= last or history.last.get(one.lesson, 0) >= _epoch(one.on, monday):
            continue
        open_days = [day.date for day in days if one.on <= day.date <= due and day.windows]
        reason = cause("no_showing" if open_days else "no_window", due=str(due))
        start = next(day for day in days if day.date == due)
        at = start.windows[0].start if start.windows else monday
        yield Relaxed(rule=SOFT_NAMES["requests"], start=at, lesson=one.lesson, reason=reason)


def _shares(days: Sequence[Day], rules: Rules, monday: datetime) -> Iterator[Relaxed]:
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


def _fairness(days: Sequence[Day], shelf: Shelf, history: History, past: Past, monday: datetime) -> Iterator[Relaxed]:
    open_days = [day.date for day in days if day.windows]
    if not open_days:
        return
    # What was not shown before this week, while others were, could not keep up.
    always = shelf.always(open_days)
    steady = always & past.last.keys() if past.last else always
    steadily = ((series, [one for one in lessons if one in steady]) for series, lessons in shelf.films.items())
    for series, some in sorted((pair for pair in steadily if pair[1]), key=itemgetter(1)):
        counts = list(map(history.uses.get, some, repeat(0)))
        least, most = min(counts), max(counts)
        if most - least > 1:
            name = some[counts.index(least)]
            reason = cause("uneven", series=series, least=least, most=most)
            yield Relaxed(rule=SOFT_NAMES["fresh"], start=monday, lesson=name, reason=reason)


def _alike(days: Sequence[Day], past: Past) -> Iterator[Relaxed]:
    seen = set(past.orders)
    for day in days:
        order = tuple(slot.lesson for slot in day.slots if slot.lesson)
        if order and order in seen:
            start = next(slot.start for slot in day.slots if slot.lesson)
            yield Relaxed(rule=SOFT_NAMES["days_alike"], start=start, reason=cause("same_order"))
        seen.add(order)


def _epoch(day: date, monday: datetime) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=monday.tzinfo).timestamp())
