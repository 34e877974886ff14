"""A report is one module and one line: its command, its help, its files and the docs derive from the registry."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli import main
from playlists.reports.kinds import REPORTS
from tests.playlists.factories import write_workspace
from tests.test_architecture import ROOT

SILENT = """
from courseware.errors import text
from playlists.reports.kinds.report import ReportKind
from templates.pages.report import ReportPage, PrintedTable

def plan(record, office):
    rows = tuple((one.venue.name,) for one in record.venues if one.is_silent)
    table = PrintedTable("没有上报的场所", ("场所",), rows, (1.0,), empty="全部已上报")
    return (("未报", ReportPage("silent", "未报情况表", (("填报单位", office.name),), (), (table,))),)

REPORT = ReportKind(
    name=text("Silent venues"),
    help="Who has not reported.",
    short_help="The silent.",
    example="silent --month 上月",
    spans=("month", "year"),
    pages=plan,
    files=("html",),
)
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "county").mkdir()
    return write_workspace(tmp_path / "county")


@pytest.fixture
def silent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A report of a module that is not ours, known while the test runs."""
    (tmp_path / "silent_report.py").write_text(SILENT, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(REPORTS, "silent", importlib.import_module("silent_report").REPORT)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["--lang", "en", "report", *map(str, arguments)])


@pytest.mark.usefixtures("silent")
def test_a_new_report_is_a_command_with_its_days_its_help_and_its_files(workspace: Path, tmp_path: Path) -> None:
    assert "silent     The silent." in run("--help").stdout
    told = " ".join(run("silent", "--help").stdout.split())
    assert "Who has not reported." in told
    assert "yuanjiao report silent --month 上月" in told
    assert "--year" in told
    assert "--week" not in told
    asked = ("--year", "2026", "--output", tmp_path / "out", "--workspace", workspace, "--json")
    document = json.loads(run("silent", *asked).stdout)
    assert (document["first"], document["last"]) == ("2026-01-01", "2026-12-31")
    assert document["files"] == [(tmp_path / "out" / "未报.html").as_posix()]
    assert "未报情况表" in (tmp_path / "out" / "未报.html").read_text(encoding="utf-8")


def test_the_docs_show_the_command_of_every_report() -> None:
    shown = (ROOT / "docs/asrun.md").read_text(encoding="utf-8")
    assert [name for name in REPORTS if f"\nyuanjiao report {name} " not in shown] == []


def test_the_help_of_the_group_lists_every_report_and_the_standards() -> None:
    told = run("--help").stdout
    assert [name for name in (*REPORTS, "standards") if f"\n  {name} " not in told] == []
