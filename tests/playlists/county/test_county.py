from __future__ import annotations

from pathlib import Path

from courseware.lessons.workspace import open_workspace
from playlists.county.county import load_county
from tests.playlists.factories import write_workspace


def test_a_right_workspace_has_no_faults(tmp_path: Path) -> None:
    county = load_county(open_workspace(write_workspace(tmp_path)))
    assert (len(county.venues), len(county.programmes), len(county.calendar.lecture)) == (2, 1, 1)
    assert not any(county.faults.values())


def test_every_broken_file_is_told_and_hides_no_other(tmp_path: Path) -> None:
    write_workspace(tmp_path)
    broken = ("programmes.toml", "calendar.toml", "edits.toml", "standards.toml")
    for name in broken:
        (tmp_path / name).write_text("[[\n", encoding="utf-8")
    (tmp_path / "requests.csv").write_text("课件,日期\nlesson-001,昨天\n", encoding="utf-8")
    (tmp_path / "trainings.csv").write_text("课程,批次\nC1,1\n", encoding="utf-8")
    (tmp_path / "rooms.csv").write_text("中心\nx\n", encoding="utf-8")
    county = load_county(open_workspace(tmp_path))
    assert {name for name, faults in county.faults.items() if faults} == {
        *broken,
        "requests.csv",
        "rooms.csv",
        "trainings.csv",
    }
    assert [one.where for one in county.faults_of("requests.csv", "trainings.csv")] == [
        "requests.csv:2, 日期",
        "trainings.csv:1",
    ]
    assert len(county.venues) == 2
    assert (county.programmes, county.calendar.lecture, county.edits.never, county.standards) == ((), (), (), ())
