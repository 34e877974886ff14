"""Calendars through several editions, expanded by a library that is not ours."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
from click.testing import CliRunner, Result
from icalendar import Calendar

from cli import main
from playlists.almanac import clock
from playlists.exports.calendars import CalendarEntry, through_editions
from tests.playlists.factories import CALENDAR, write_workspace

NOON = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(clock, "now", lambda _workspace: NOON)
    monkeypatch.setattr("playlists.publishing.setting.write_stale", lambda *_: ())
    root = write_workspace(tmp_path)
    (root / "calendar.toml").write_text(CALENDAR, encoding="utf-8")
    publish(root)
    return root


def run(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--lang", "en", *arguments, "--workspace", str(root)])


def publish(root: Path) -> None:
    for command in (("schedule", "plan"), ("publish", "--only", "pages")):
        done = run(root, *command, "--week", "2026-W48")
        assert done.exit_code == 0, done.output


def change(root: Path, old: str, new: str) -> None:
    path = root / "calendar.toml"
    content = path.read_text("utf-8")
    assert old in content
    path.write_text(content.replace(old, new), encoding="utf-8")
    publish(root)


def lectures(path: Path) -> list[tuple[str, str, int, str]]:
    """Start, status, sequence and UID of each lecture of that week, as an independent library finds them."""
    calendar = Calendar.from_ical(path.read_bytes())
    found = recurring_ical_events.of(calendar).between(date(2026, 11, 23), date(2026, 11, 30))
    zone = ZoneInfo("Asia/Shanghai")
    return [
        (f"{one.start.astimezone(zone):%a %H:%M}", str(one["status"]), int(one["sequence"]), str(one["uid"]))
        for one in sorted(found, key=lambda one: one.start)
        if one.categories == ["宣讲"]
    ]


def exported(root: Path) -> dict[str, Path]:
    document = json.loads(run(root, "export", "calendar", "--json").stdout)
    return {Path(name).name: Path(name) for name in document["files"]}


def test_an_entry_keeps_its_uid_counts_its_changes_and_is_cancelled_when_it_is_gone(root: Path) -> None:
    (first,) = lectures(exported(root)["square-01.ics"])
    assert first[:3] == ("Wed 19:05", "CONFIRMED", 0)
    change(root, 'at = "19:05"', 'at = "19:10"')
    (second,) = lectures(exported(root)["square-01.ics"])
    assert second == ("Wed 19:10", "CONFIRMED", 1, first[3])
    change(root, '[[lecture]]\ntitle = "农家夜话"', '[[lecture]]\ntitle = "田间课堂"')
    found = {(start, status, sequence) for start, status, sequence, _ in lectures(exported(root)["square-01.ics"])}
    assert found == {("Wed 19:10", "CANCELLED", 2), ("Wed 19:10", "CONFIRMED", 0)}


def test_who_no_longer_speaks_has_the_lecture_cancelled_and_who_does_has_it(root: Path) -> None:
    change(root, 'speaker = "李老师"', 'speaker = "李建国"')
    assert [one[:3] for one in lectures(exported(root)["李建国.ics"])] == [("Wed 19:05", "CONFIRMED", 0)]
    change(root, 'speaker = "李建国"', 'speaker = "王秀英"')
    files = exported(root)
    assert [one[:3] for one in lectures(files["李建国.ics"])] == [("Wed 19:05", "CANCELLED", 1)]
    assert [one[:3] for one in lectures(files["王秀英.ics"])] == [("Wed 19:05", "CONFIRMED", 0)]
    assert [one[:3] for one in lectures(files["square-01.ics"])] == [("Wed 19:05", "CONFIRMED", 2)]


def test_equal_editions_make_equal_bytes_and_what_is_not_published_is_refused(root: Path) -> None:
    before = exported(root)["square-01.ics"].read_bytes()
    publish(root)
    assert exported(root)["square-01.ics"].read_bytes() == before
    assert b"METHOD:PUBLISH" in before
    assert "nothing is published yet" in run(root, "export", "calendar", "--week", "2026-W50").output
    assert "did you mean" in run(root, "export", "calendar", "square-1").output


def entry(uid: str, said: str = "a") -> CalendarEntry:
    start = datetime(2026, 11, 25, 11, tzinfo=UTC)
    return CalendarEntry(uid, start, start + timedelta(hours=1), "宣讲", said, "", "")


def test_what_comes_back_after_a_cancellation_counts_on() -> None:
    days = [NOON + timedelta(days=number) for number in range(4)]
    editions = [{"x": entry("x")}, {}, {"x": entry("x")}, {"x": entry("x"), "y": entry("y")}]
    found = through_editions(zip(days, editions, strict=True))
    assert [(one.entry.uid, one.sequence, one.cancelled, one.at) for one in found] == [
        ("x", 2, False, days[2]),
        ("y", 0, False, days[3]),
    ]
