"""A check is one module and one line: what `qc` finds, its report and the docs derive from the registry."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli import main
from render.quality.checks import CHECKS
from render.quality.report import labels
from tests.conftest import ClipFactory
from tests.test_architecture import ROOT

SHORT = """
from courseware.errors import text
from render.quality.checks.check import QualityCheck
from render.quality.findings import QualityFinding

def judge(picture, sound, expected):
    if picture is not None and picture.pictures < 10 * expected.fps:
        what, remedy = text("it is over at once"), text("film more")
        yield QualityFinding("short", "error", 0, 400, what, remedy)

CHECK = QualityCheck(judge, labels={"short": "过短"}, rules=("过短：不足十秒为错误。",))
"""


@pytest.fixture
def short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check of a module that is not ours, known while the test runs."""
    (tmp_path / "short_check.py").write_text(SHORT, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(CHECKS, "short", importlib.import_module("short_check").CHECK)


@pytest.mark.usefixtures("short", "without_fonts")
def test_a_new_check_finds_tells_reports_and_explains(tmp_path: Path, make_clip: ClipFactory) -> None:
    asked = ["--lang", "en", "qc", "--file", str(make_clip()), "--output", str(tmp_path / "out"), "--json"]
    done = CliRunner().invoke(main, asked)
    assert done.exit_code == 1
    (file,) = json.loads(done.stdout)["files"]
    (found,) = (one for one in file["findings"] if one["kind"] == "short")
    assert (found["severity"], found["what"], found["remedy"]) == ("error", "it is over at once", "film more")
    page = (tmp_path / "out" / "quality.html").read_text(encoding="utf-8")
    assert "过短" in page
    assert "过短：不足十秒为错误。" in page


def test_no_two_checks_find_the_same_kind() -> None:
    kinds = [kind for check in CHECKS.values() for kind in check.labels]
    assert len(kinds) == len(set(kinds))


def test_the_table_in_the_docs_names_every_kind_of_thing_that_is_found() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \| (\S+) \|$", (ROOT / "docs/quality.md").read_text("utf-8"), re.MULTILINE)
    assert dict(rows) == labels()
