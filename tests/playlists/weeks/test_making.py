"""A county planned while others use its history."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from courseware.lessons.workspace import open_workspace
from courseware.storage.state import FILE_NAME
from playlists.files.venues import Venue
from playlists.schedules.history import open_ledger
from playlists.weeks.making import county_to_plan, plan_county
from tests.playlists.factories import write_workspace

WEEK = "2026-W48"


def test_nobody_has_to_wait_for_the_history_while_a_county_is_planned(tmp_path: Path) -> None:
    workspace = open_workspace(write_workspace(tmp_path))
    county = county_to_plan(workspace)
    written: list[str] = []

    def write(venue: Venue) -> None:
        with closing(sqlite3.connect(workspace.cache_dir / FILE_NAME, timeout=0)) as connection, connection:
            connection.execute("CREATE TABLE IF NOT EXISTS visitor (venue TEXT)")
            connection.execute("INSERT INTO visitor VALUES (?)", (venue.id,))
        written.append(venue.id)

    planned = plan_county(workspace, county, county.venues, WEEK, progress=write)
    assert written == [schedule.venue for schedule in planned.schedules] == [venue.id for venue in county.venues]
    with open_ledger(workspace.cache_dir) as ledger:
        assert ledger.weeks("planned") == (WEEK,)
        after = [ledger.past(one, "2026-W49", workspace.settings.zone, {}) for one in written]
    shown = [sum(1 for day in one.days for slot in day.slots if slot.lesson) for one in planned.schedules]
    assert [sum(past.uses.values()) for past in after] == shown
