from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli import speak
from playlists.reports.commands import report
from tests.playlists.factories import SETTINGS

VENUES = (
    "编号,名称,类型,屏幕,点间距,场地面积,配套,开放时段\n"
    "square-01,文化广场,广场,512x320,12,1200,有专人负责、有播放管理办法,每天 19:00-19:20\n"
    "square-02,小广场,广场,512x320,10,,,每天 19:00-19:20\n"
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "yuanjiao.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "venues.csv").write_text(VENUES, encoding="utf-8")
    return tmp_path


def run(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(report, ["standards", *arguments, "--workspace", str(root)], obj=speak("en"))


def test_the_report_counts_each_standard_and_lists_what_is_lacking(root: Path) -> None:
    first, second = run(root).stdout.split("Evidence")
    counts = [line.split() for line in first.splitlines() if "平方米" in line]
    assert [[cell for cell in row if cell != "│"] for row in counts] == [
        ["场地约1000平方米", "广场", "1", "0", "1"],
        ["屏幕不小于20平方米", "广场", "1", "1", "0"],
    ]
    assert "16.4 平方米; at least 20" in second
    assert "square-01" not in second


def test_where_all_is_met_the_report_says_so(root: Path) -> None:
    assert "All venues meet all standards." in run(root, "square-01").stdout


def test_the_document_holds_every_verdict(root: Path) -> None:
    document = json.loads(run(root, "--json").stdout)
    found = {(one["venue"], one["standard"]): one["verdict"] for one in document["marks"]}
    assert found == {
        ("square-01", "场地约1000平方米"): "pass",
        ("square-01", "屏幕不小于20平方米"): "pass",
        ("square-02", "场地约1000平方米"): "unknown",
        ("square-02", "屏幕不小于20平方米"): "fail",
        ("square-01", "有专人负责、有播放管理办法"): "pass",
        ("square-02", "有专人负责、有播放管理办法"): "unknown",
    }


def test_an_unknown_venue_is_told(root: Path) -> None:
    assert "did you mean square-01" in str(run(root, "square-1").exception)


def test_a_workspace_without_venues_is_told(root: Path) -> None:
    (root / "venues.csv").write_text(VENUES.splitlines()[0] + "\n", encoding="utf-8")
    assert "has no venues yet; add a row for each" in str(run(root).exception)
