"""A week and a month as tables: what stands in a cell, and that programs read back what was written."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from cli import main
from courseware.sheets.csv_text import as_meant
from tests.playlists.factories import write_workspace

HOSTILE = '=HYPERLINK("http://example.org")'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two venues, one called by a formula, and a planned week."""
    root = write_workspace(tmp_path)
    venues = (root / "venues.csv").read_text("utf-8").replace("双河村站点", '"=HYPERLINK(""http://example.org"")"')
    (root / "venues.csv").write_text(venues, encoding="utf-8")
    assert run(root, "schedule", "plan", "--week", "2026-W48").exit_code == 0
    return root


def run(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--lang", "en", *arguments, "--workspace", str(root)])


def written(root: Path, *arguments: str) -> dict[str, Path]:
    """Suffix → file."""
    done = run(root, "export", "table", *arguments, "--json")
    assert done.exit_code == 0, done.output
    return {Path(name).suffix: Path(name) for name in json.loads(done.stdout)["files"]}


def rows_of_csv(path: Path) -> list[list[str]]:
    content = path.read_text("utf-8-sig")
    return [[as_meant(cell) for cell in row] for row in csv.reader(io.StringIO(content, newline=""))]


def rows_of_xlsx(path: Path) -> list[list[str]]:
    sheet = load_workbook(path).worksheets[0]
    assert all(cell.data_type in {"s", "n"} for row in sheet.iter_rows() for cell in row)
    rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    return rows[2:]


def test_a_week_says_when_each_venue_plays_what_is_held_and_what_is_shown(root: Path) -> None:
    files = written(root, "--week", "2026-W48")
    rows = rows_of_csv(files[".csv"])
    assert rows[0][:5] == ["镇", "场所", "类型", "编号", "11月23日（星期一）"]
    wednesday = rows[1][6].split("\n")
    assert wednesday[:2] == ["19:00–19:20", "19:05 宣讲《农家夜话》"]
    assert wednesday[2].startswith("《课件")
    assert rows[2][1] == HOSTILE
    assert (rows[2][4], rows[2][7].split("\n")[0]) == ("不播放", "14:30–14:40")
    assert rows_of_xlsx(files[".xlsx"]) == rows


def test_a_month_has_all_its_days_and_says_which_are_not_planned(root: Path) -> None:
    files = written(root, "--month", "2026-11", "--town", "江北镇")
    assert files[".csv"].name == "2026-11_江北镇.csv"
    rows = rows_of_csv(files[".csv"])
    assert len(rows[0]) == 4 + 30
    assert rows[1][4] == "未编排"
    assert rows[1][4 + 24] == "19:00–19:20\n19:05 宣讲《农家夜话》"
    assert rows_of_xlsx(files[".xlsx"]) == rows


def test_what_is_not_planned_or_not_a_town_is_refused(root: Path) -> None:
    assert "nothing of it is planned yet" in run(root, "export", "table", "--month", "2027-03").output
    assert "did you mean" in run(root, "export", "table", "--week", "2026-W48", "--town", "江比镇").output
    assert "either --week or --month" in run(root, "export", "table", "--week", "2026-W48", "--month", "12月").output


@pytest.mark.long
def test_libreoffice_reads_the_same_values(root: Path, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("there is no LibreOffice here")
    for arguments in (("--week", "2026-W48"), ("--month", "2026-11")):
        files = written(root, *arguments)
        command = [office, "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--convert-to"]
        command += [
            "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false",
            "--outdir",
            str(tmp_path / "out"),
        ]
        subprocess.run([*command, str(files[".xlsx"])], check=True, capture_output=True, timeout=120)
        read = rows_of_csv(tmp_path / "out" / f"{files['.xlsx'].stem}.csv")
        assert read[2:] == rows_of_csv(files[".csv"])
