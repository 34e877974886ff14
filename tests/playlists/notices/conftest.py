"""A county at a known moment, whose notices need no real videos."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result

import cli
from courseware.lessons.alert import Alert
from courseware.lessons.profile import canvas_of
from courseware.lessons.rendition import Rendition
from courseware.lessons.workspace import Workspace
from courseware.terminal.console import Console
from playlists.almanac import clock
from tests.playlists.factories import SETTINGS

NOW = datetime(2026, 11, 30, 19, 0, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
SECONDS = 20
VENUES = (
    "编号,名称,类型,县区,镇,屏幕,分组,开放时段\n"
    "square-01,文化广场,广场,测试县,江北镇,96x64,城区,每天 18:30-20:30\n"
    "square-02,老街广场,广场,测试县,老街镇,128x64,城区,每天 18:30-20:30\n"
    "station-01,双河村站点,站点,测试县,江北镇,96x64,,每天 14:30-16:30\n"
)
Ask = Callable[..., Result]


def fake_videos(
    alert: Alert, workspace: Workspace, profiles: Sequence[str], folder: Path, console: Console
) -> tuple[Rendition, ...]:
    """Some bytes for each profile."""
    del workspace, console
    made = []
    for name in profiles:
        content = f"{name} {alert.content} {alert.voice}".encode()
        (folder / f"{name}.mp4").write_bytes(content)
        width, height = canvas_of(name)
        made.append(
            Rendition(
                lesson="notice",
                title=alert.title,
                series="",
                form="",
                profile=name,
                file=f"{name}.mp4",
                seconds=SECONDS,
                width=width,
                height=height,
                size=len(content),
                sha256=hashlib.sha256(content).hexdigest(),
                key="",
            )
        )
    return tuple(made)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The present moment, by the workspace's clock."""
    monkeypatch.setattr(clock, "now", lambda _: NOW)
    return NOW


@pytest.fixture
def county(tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three venues of two canvases, and a key."""
    del now
    monkeypatch.setenv("YUANJIAO_KEYS", str(tmp_path / "profile"))
    monkeypatch.setattr(cli, "make_alert_videos", fake_videos)
    root = tmp_path / "county"
    root.mkdir()
    (root / "yuanjiao.toml").write_text(SETTINGS, encoding="utf-8")
    (root / "venues.csv").write_text(VENUES, encoding="utf-8")
    assert CliRunner().invoke(cli.main, ["key", "init", "--workspace", str(root)]).exit_code == 0
    return root


@pytest.fixture
def notice(county: Path) -> Ask:
    """The command, as typed in the county."""

    def ask(*arguments: str) -> Result:
        return CliRunner().invoke(cli.main, ["--lang", "en", "notice", *arguments, "--workspace", str(county)])

    return ask
