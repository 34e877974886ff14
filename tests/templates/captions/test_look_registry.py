"""A look of subtitles is one module and one line: the command, the settings and the docs derive from the registry."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli import main
from templates.captions import LOOKS, USUAL
from templates.start.skeleton import plan_skeleton
from tests.test_architecture import ROOT

YELLOW = """
from templates.captions.caption_look import CaptionLook

LOOK = CaptionLook("黄字", letters="&H0000FFFF", behind=lambda area: rf"{{\\p1}}m 0 0 l {area.width_px:.0f} 0")
"""


@pytest.fixture
def yellow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A look of a module that is not ours, known while the test runs."""
    (tmp_path / "yellow_look.py").write_text(YELLOW, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(LOOKS, "yellow", importlib.import_module("yellow_look").LOOK)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "a.srt"
    path.write_text("1\n00:00:03,000 --> 00:00:05,000\n冬季修剪\n", encoding="utf-8")
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["--lang", "en", *map(str, arguments)])


def typeset(source: Path, *looks: str) -> str:
    target = source.with_suffix(".ass")
    told = run("subtitle", "typeset", source, "--profile", "led-320x160", "-o", target, "--force", *looks)
    assert told.exit_code == 0, told.output
    return target.read_text(encoding="utf-8")


@pytest.mark.usefixtures("yellow")
def test_a_new_look_is_offered_drawn_and_explained(tmp_path: Path, source: Path) -> None:
    assert "[outline, box, yellow]" in " ".join(run("subtitle", "typeset", "--help").stdout.split())
    drawn = typeset(source, "--look", "yellow")
    assert "&H0000FFFF,&H00141414,&H96000000" in drawn
    assert r"{\p1}m 0 0 l" in drawn
    county = tmp_path / "county"
    assert run("init", county).exit_code == 0
    settings = county / "yuanjiao.toml"
    assert "yellow 黄字" in settings.read_text(encoding="utf-8")
    with settings.open("a", encoding="utf-8") as stream:
        stream.write('[render.screens.all]\ncaption_look = "yelow"\n')
    said = run("check", "--workspace", county).stderr
    assert "render.screens.all.caption_look: “yelow” is not known; did you mean yellow?" in said


def test_subtitles_have_an_edge_unless_a_box_is_wanted(source: Path) -> None:
    assert typeset(source) == typeset(source, "--look", "outline")
    assert r"\p1}m 0 0 l" not in typeset(source)
    assert typeset(source, "--box") == typeset(source, "--look", "box")
    assert r"\1a&H60&\p1}m 0 0 l" in typeset(source, "--box")


def test_a_look_that_there_is_not_is_told_with_the_nearest(source: Path) -> None:
    told = run("subtitle", "typeset", source, "--profile", "led-320x160", "-o", "b.ass", "--look", "bos")
    assert (told.exit_code, told.stderr) == (2, "--look: “bos” is not known; did you mean box?\n")


def test_the_docs_and_the_settings_of_a_new_workspace_name_every_look() -> None:
    row = next(
        line for line in (ROOT / "docs/formats.md").read_text("utf-8").splitlines() if "`caption_look`" in line
    )
    assert dict(re.findall(r"`(\w+)` ([^，|`]+?)(?= ?[，|])", row)) == {
        name: one.label for name, one in LOOKS.items()
    }
    assert row.endswith(f"| `{USUAL}` |")
    settings = plan_skeleton()["yuanjiao.toml"].decode()
    assert "、".join(f"{name} {look.label}" for name, look in LOOKS.items()) in settings
