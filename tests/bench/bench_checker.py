"""What the checker finds, and what it does not invent: python -m tests.bench.bench_checker [VENUES] [BREACHES].

Plans a county of 200 venues for a month with the commands, expects no alarm, then breaks 1,000 things, one at a time,
and asks whether each is reported at the right venue and minute. Seeded, so that two runs differ in nothing but time.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from time import perf_counter

from courseware.lessons.workspace import open_workspace
from playlists.checking.checker import Breach, check_schedules, check_talks, check_week
from playlists.checking.people import talks_in
from playlists.files.venues import Venue
from tests.bench import breaches, unmet
from tests.bench.breaches import (
    Break,
    Found,
    dropped,
    edited,
    lecturer_elsewhere,
    lesson_changed,
    moved,
    rendition_changed,
)
from tests.bench.checked_county import SEED, VENUES, WEEKS, County, Raw, load_county, run, venue_week, write_county

BREACHES = int(sys.argv[2]) if sys.argv[2:] else 1000
MOST_TRIES = 1000


def _reshaped(one: Raw) -> str:
    return str(one["file"]).replace("led-512x320", "wechat").replace("station-tv", "wechat")


# Kind → how it is made, and which rules may speak of it.
BREAKS: dict[str, tuple[Break, str]] = {
    "day deleted": (breaches.day_deleted, "days-missing"),
    "day emptied": (breaches.day_emptied, "unfilled"),
    "study day moved": (breaches.day_moved, "closed unfilled"),
    "lesson deleted": (dropped("lesson"), "unfilled"),
    "lecture deleted": (dropped("lecture"), "event-missing"),
    "activity deleted": (dropped("activity"), "event-missing"),
    "lecture moved": (moved("lecture"), "event-missing"),
    "activity moved": (moved("activity"), "event-missing"),
    "overlap": (breaches.overlapping, "overlap"),
    "after closing time": (breaches.late, "closed"),
    "closing time crossed": (breaches.across, "closed"),
    "wrong order": (breaches.swapped, "order"),
    "shown again too soon": (breaches.repeated, "separation"),
    "unknown lesson": (edited(lesson="lesson-999"), "unknown"),
    "lesson cut": (edited(seconds=lambda one: one["seconds"] - 9), "cut"),
    "wrong canvas": (edited(file=_reshaped), "canvas"),
    "wrong title": (edited(title="别的题目"), "description"),
    "other content": (edited(sha256="0" * 64), "file-changed"),
    "unreadable slot": (edited(seconds=-1), "file"),
    "unapproved lesson": (lesson_changed(reviewer=""), "unapproved"),
    "approval taken back": (breaches.taken_back, "unapproved"),
    "training deleted": (breaches.untrained, "event-missing"),
    "expired lesson": (lesson_changed(valid_until=date(2027, 1, 31)), "expired"),
    "lesson not yet valid": (lesson_changed(valid_from=date(2027, 3, 1)), "expired"),
    "file missing": (rendition_changed(), "file-missing"),
    "file made anew": (rendition_changed(sha256="f" * 64), "file-changed"),
    "picture of another size": (rendition_changed(width=640, height=480), "canvas"),
    "forbidden by hand": (breaches.forbidden, "forbidden"),
    "lesson of another block": (unmet.foreign, "block"),
    "pin not kept": (unmet.unpinned, "pin"),
    "pin not kept, another refused": (unmet.unpinned_behind_another, "pin"),
    "swap undone": (unmet.swap_undone, "swap"),
    "block that no programme has": (edited(block="没有的板块"), "block-unknown"),
    "lesson out of season": (unmet.out_of_season, "block"),
    "open day called closed": (unmet.called_closed, "closed-text"),
    "lesson called an activity": (edited(kind="activity"), "event-file"),
    "day like another": (unmet.day_copied, "alike"),
    "series in a row not told": (unmet.untold, "series"),
    "premiere at another hour": (unmet.late_premiere, "premiere"),
    "request not met": (unmet.request_unmet, "request"),
    "insert missing": (unmet.insert_unmarked, "insert"),
    "share not kept": (unmet.share_lost, "share"),
    "shown more than others": (unmet.shown_more, "fresh"),
    "wrong venue, week or screen": (breaches.header, "header"),
    "lecturer in two places": (lecturer_elsewhere(0), "two-places"),
    "lecturer without time for the way": (lecturer_elsewhere(40), "two-places"),
}


def check(county: County, venue: Venue, week: str, found: Found) -> tuple[Breach, ...]:
    """All that the checker says."""
    one = venue_week(county, found.facts, venue, week, found.raw)
    one = replace(one, past=found.past or one.past)
    talks = (*talks_in(one.venue, one.sheet, found.facts), *found.also)
    return (*check_week(one, found.facts), *check_talks(talks, found.facts))


def is_reported(found: tuple[Breach, ...], venue: Venue, at: str, rules: str) -> bool:
    """By one of the rules, at the right venue and minute."""
    minute = datetime.fromisoformat(at).replace(second=0)
    right = (one for one in found if one.venue == venue.id and one.rule in rules.split())
    return any(one.at.replace(second=0) == minute for one in right)


def inject(county: County) -> Iterator[tuple[str, bool]]:
    """One breach after another: its kind, and whether it was reported."""
    dice = random.Random(SEED)
    names = list(BREAKS)
    for number in range(BREACHES):
        name = names[number % len(names)]
        make, rules = BREAKS[name]
        for _ in range(MOST_TRIES):
            venue, week = dice.choice(county.venues), dice.choice(WEEKS)
            found = make(dice, county, venue, county.raw(venue, week))
            if found:
                yield name, is_reported(check(county, venue, week, found), venue, found.at, rules)
                break
        else:
            raise SystemExit(f"no week has anything to break: {name}")


def say(line: str) -> None:
    """A line of the result."""
    sys.stdout.write(line + "\n")


def bench_clean(root: Path) -> None:
    """Plan a month for every venue, and look for faults where none are."""
    write_county(root)
    for week in WEEKS:
        run(root, "schedule", "plan", "--week", week)
        began = perf_counter()
        run(root, "schedule", "lecturers", "--week", week)
        say(f"{week}: lecturers assigned in {perf_counter() - began:.2f} s")
    began = perf_counter()
    report = check_schedules(open_workspace(root), WEEKS)
    elapsed = perf_counter() - began
    alarms = Counter(one.rule for one in report.breaches)
    unkept = Counter(one.obligation.name for one in report.findings if one.verdict == "fail")
    say(f"{VENUES} clean months: {alarms.total()} alarms {dict(alarms)}, {elapsed:.1f} s; not kept: {dict(unkept)}")
    for one in report.breaches[:5]:
        say(one.problem.render(str))


def bench_breaches(county: County) -> None:
    """Break one thing at a time, and count what is seen."""
    began = perf_counter()
    results = list(inject(county))
    elapsed = perf_counter() - began
    kinds, hits = Counter(name for name, _ in results), Counter(name for name, hit in results if hit)
    for name in BREAKS:
        say(f"  {name:<36} {hits[name]:4} of {kinds[name]:4}")
    share = hits.total() / len(results)
    say(f"{hits.total()} of {len(results)} breaches of {len(kinds)} kinds reported: {share:.2%}, {elapsed:.1f} s")


def main() -> None:
    """Plan, check, break, report."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        bench_clean(root)
        county = load_county(root)
        say(f"{len(county.talks)} lectures have a lecturer")
        bench_breaches(county)


if __name__ == "__main__":
    main()
