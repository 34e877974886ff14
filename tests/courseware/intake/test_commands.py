import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from courseware.errors import BatchError, InputError
from courseware.intake.commands import import_sheet
from courseware.terminal.console import Console

TABLE = "编号,标题,系列,形式,视频,领导\nA1,水稻,扶贫实用技术,微视频,a.mp4,张\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "yuanjiao.toml").write_text('[office]\nname = "示例县远教办"\ncounty = "示例县"\n', encoding="utf-8")
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "a.mp4").write_bytes(b"video")
    (tmp_path / "目录.csv").write_bytes(TABLE.encode("gb18030"))
    return tmp_path


def run(root: Path, *more: str) -> Result:
    arguments = [str(root / "目录.csv"), "--workspace", str(root), *more]
    return CliRunner().invoke(import_sheet, arguments, obj=Console("en", str))


def test_a_sheet_beside_its_videos_needs_no_media_folder_and_finds_no_copies(root: Path) -> None:
    assert run(root).exit_code == 0
    again = run(root)
    assert again.exit_code == 0
    assert "0 new, 0 updated, 1 unchanged, 0 conflicts, 0 problems" in again.stdout


def test_a_dry_run_says_what_would_be_and_writes_nothing(root: Path) -> None:
    result = run(root, "--media", str(root / "media"), "--dry-run")
    assert "new: A1" in result.stdout
    assert "dry run" in result.stderr
    assert not (root / "courseware").exists()


def test_columns_nobody_knows_are_named(root: Path) -> None:
    assert "columns not used: 领导" in run(root).stderr


def test_the_report_as_json_is_one_document(root: Path) -> None:
    document = json.loads(run(root, "--json").stdout)
    assert document == {
        "sheet": "目录.csv",
        "dry_run": False,
        "new": ["A1"],
        "updated": {},
        "unchanged": [],
        "kept": {},
        "conflicts": [],
        "remarks": [],
        "problems": [],
        "unused_columns": ["领导"],
    }


def test_a_row_that_fails_makes_the_command_fail_after_the_others_are_made(root: Path) -> None:
    (root / "目录.csv").write_text(TABLE + "A2,玉米,无此系列,MV,a.mp4,\n", encoding="utf-8")
    result = run(root, "--json")
    assert isinstance(result.exception, BatchError)
    document = json.loads(result.stdout)
    assert document["new"] == ["A1"]
    assert document["problems"][0]["where"] == "目录.csv: C3 系列"


def test_a_conflict_is_said_and_overwrite_settles_it(root: Path) -> None:
    run(root)
    lesson = root / "courseware" / "A1" / "lesson.toml"
    lesson.write_text(lesson.read_text(encoding="utf-8").replace("水稻", "手改"), encoding="utf-8")
    (root / "目录.csv").write_text(TABLE.replace("水稻", "表改"), encoding="utf-8")
    kept = run(root)
    assert kept.exit_code == 0
    assert "“手改”" in kept.stderr
    assert "1 conflicts" in kept.stdout
    assert "updated: A1 (title)" in run(root, "--overwrite").stdout
    assert 'title = "表改"' in lesson.read_text(encoding="utf-8")


def test_outside_a_workspace_nothing_is_imported(root: Path) -> None:
    (root / "yuanjiao.toml").unlink()
    assert isinstance(run(root).exception, InputError)
