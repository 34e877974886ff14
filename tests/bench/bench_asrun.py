"""How long a county's month takes to be reported: python -m tests.bench.bench_asrun [VENUES].

Plans of two hours an evening, 60 lessons of two minutes, and the logs that a player would have written of them, one
for each evening; each tenth evening is missing. Made up, equal at each run.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time

from courseware.files import write_bytes, write_text
from courseware.lessons.workspace import Workspace, open_workspace
from playlists.almanac.days import week_of
from playlists.asrun.importing import import_logs
from playlists.asrun.plans import days_from
from playlists.reports.kinds.month import REPORT
from playlists.reports.played import CountyRecord, load_record, sum_up
from playlists.reports.telling import write_pages
from playlists.schedules.schedule import Day, Schedule, Slot, Window, dump_schedule, monday_of, path_of
from playlists.schedules.slot_ids import with_ids
from tests.playlists.asrun.screens import CHINA, Player
from tests.playlists.factories import SETTINGS

VENUES = int(sys.argv[1]) if sys.argv[1:] else 100
DAYS = days_from(date(2026, 10, 1), date(2026, 10, 31))
NOW = datetime(2026, 11, 2, 9, tzinfo=CHINA)
SLOTS, SECONDS = 60, 120
LOST = 10  # so often is an evening missing


def main() -> None:
    """Make the county, bring its logs in, report; print what each took."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = _write_county(Path(folder))
        logs = Path(folder) / "logs"
        lines = sum(_write_logs(logs, number) for number in range(VENUES))
        _say(f"{VENUES} venues, {len(DAYS)} days, {lines} lines")
        began = perf_counter(), process_time()
        import_logs(workspace, [logs], NOW)
        _say("imported", began)
        began = perf_counter(), process_time()
        record = load_record(workspace, DAYS, NOW)
        _say("reconciled", began)
        _check(record)
        began = perf_counter(), process_time()
        write_pages(REPORT.pages(record, workspace.settings.office), REPORT.files, Path(folder) / "out")
        _say("written as page, PDF and workbook", began)


def _say(what: str, began: tuple[float, float] | None = None) -> None:
    took = f": {perf_counter() - began[0]:.1f} s, {process_time() - began[1]:.1f} s of them busy" if began else ""
    sys.stdout.write(f"{what}{took}\n")


def _venue(number: int) -> str:
    return f"square-{number:03}"


def _write_county(root: Path) -> Workspace:
    write_text(root / "yuanjiao.toml", SETTINGS)
    write_text(root / "calendar.toml", "")
    rows = (f"{_venue(n)},广场{n:03},广场,江北镇,512x320,每天 18:30-20:30\n" for n in range(VENUES))
    write_text(root / "venues.csv", "编号,名称,类型,镇,屏幕,开放时段\n" + "".join(rows))
    workspace = open_workspace(root)
    for week in dict.fromkeys(week_of(day) for day in DAYS):
        for number in range(VENUES):
            plan = _plan(number, week)
            write_text(path_of(plan, workspace.schedules_dir), dump_schedule(plan))
    return workspace


def _plan(number: int, week: str) -> Schedule:
    return Schedule(
        venue=_venue(number),
        venue_name=f"广场{number:03}",
        kind="square",
        town="江北镇",
        county="测试县",
        week=week,
        profile="led-512x320",
        days=tuple(_day(number, monday_of(week) + timedelta(days=n)) for n in range(7)),
    )


def _day(number: int, day: date) -> Day:
    start = datetime(day.year, day.month, day.day, 18, 30, tzinfo=CHINA)
    window = Window(start=start, end=start + timedelta(seconds=SLOTS * SECONDS))
    return Day(date=day, windows=(window,), slots=tuple(_slot(number + n, start, n) for n in range(SLOTS)))


def _slot(lesson: int, start: datetime, place: int) -> Slot:
    name = lesson % 100
    return Slot(
        start=start + timedelta(seconds=place * SECONDS),
        seconds=SECONDS,
        kind="lesson",
        title=f"课件{name}",
        lesson=f"lesson-{name:03}",
        series="扶贫实用技术",
        sha256=f"{name:064x}"[::-1],
    )


def _write_logs(logs: Path, number: int) -> int:
    written = 0
    for place, day in enumerate(DAYS):
        if (number + place) % LOST == 0:
            continue
        slots = with_ids(_day(number, day).slots)
        player = Player(start=slots[0][1].start, boot=f"{day}", kit=f"{_venue(number)}_{week_of(day)}_r1")
        player.machine = f"pc{number}"
        player.evening(slots)
        write_bytes(logs / f"{_venue(number)}_pc{number}_{day}.jsonl", player.content)
        written += len(player.lines)
    return written


def _check(record: CountyRecord) -> None:
    """A wrong answer is not worth measuring."""
    reported = [day for one in record.venues for day in one.days if not _is_lost(one.venue.id, day.day.date)]
    states = sum_up(reported).states
    expected = {"whole": SLOTS * len(reported)}
    assert {state: count for state, count in states.items() if count} == expected


def _is_lost(venue: str, day: date) -> bool:
    return (int(venue[-3:]) + DAYS.index(day)) % LOST == 0


if __name__ == "__main__":
    main()
