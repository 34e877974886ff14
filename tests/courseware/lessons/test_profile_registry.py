"""A profile with a name of its own is one module and one line: options, sheets, settings and docs derive from it."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli import main
from courseware.lessons.profiles import PROFILES
from templates.start.skeleton import plan_skeleton
from tests.test_architecture import ROOT

TABLET = """
from courseware.lessons.profiles.fixed import FixedProfile

PROFILE = FixedProfile(1920, 1200, "平板电脑", most_kbps=6000, usual=True)
"""
VENUES = "编号,名称,类型,屏幕,版本,开放时段\nstation-01,王家坪站点,站点,1920x1200,,19:00-21:00\n"


@pytest.fixture
def tablet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A profile of a module that is not ours, known while the test runs."""
    (tmp_path / "tablet_profile.py").write_text(TABLET, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(PROFILES, "tablet", importlib.import_module("tablet_profile").PROFILE)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["--lang", "en", *map(str, arguments)])


@pytest.mark.usefixtures("tablet")
def test_a_new_profile_is_offered_set_planned_for_and_explained(tmp_path: Path) -> None:
    for command in (["render"], ["transcode"], ["qc"], ["probe"], ["subtitle", "typeset"], ["playlist", "build"]):
        assert "wechat, tablet," in " ".join(run(*command, "--help").stdout.split())
    source, target = tmp_path / "a.srt", tmp_path / "a.ass"
    source.write_text("1\n00:00:03,000 --> 00:00:05,000\n冬季修剪\n", encoding="utf-8")
    assert run("subtitle", "typeset", source, "--profile", "tablet", "-o", target).exit_code == 0
    assert "PlayResX: 1920\nPlayResY: 1200\n" in target.read_text(encoding="utf-8")
    mistyped = run("subtitle", "check", source, "--profile", "tablets")
    assert (mistyped.exit_code, mistyped.stderr) == (2, "--profile: “tablets” is not known; did you mean tablet?\n")
    county = tmp_path / "county"
    assert run("init", county).exit_code == 0
    assert "#   tablet           平板电脑，1920×1200\n" in (county / "yuanjiao.toml").read_text(encoding="utf-8")
    (county / "venues.csv").write_text(VENUES, encoding="utf-8")
    assert "tablet" in run("check", "--workspace", county).stderr


def test_the_settings_of_a_new_workspace_explain_every_profile() -> None:
    lines = plan_skeleton()["yuanjiao.toml"].decode().splitlines()
    for name, fixed in PROFILES.items():
        assert f"#   {name:<16} {fixed.label}，{fixed.width}×{fixed.height}" in lines


def test_the_table_in_the_docs_is_the_registry() -> None:
    rows = re.findall(
        r"^\| `([\w-]+)` \| (\d+)×(\d+) \| (.+) \|$", (ROOT / "docs/formats.md").read_text("utf-8"), re.MULTILINE
    )
    assert rows == [(name, str(one.width), str(one.height), one.label) for name, one in PROFILES.items()]
