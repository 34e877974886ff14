"""A small county published for good, and the Chromium that opens it; without one these tests are skipped."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from datetime import datetime
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from playlists.almanac import clock
from tests.playlists.factories import CALENDAR, write_workspace
from tests.playlists.test_commands import run


def venues() -> str:
    """Two towns, one of them with 30 venues, and one venue without a town."""
    rows = [f"square-{n:02},第{n}村文化广场,广场,测试县,江北镇,512x320,每天 19:00-19:20," for n in range(30)]
    rows += ["station-01,重庆村站点,站点,测试县,双河镇,512x320,每天 23:50-00:10,周四"]
    rows += ["lonely-01,无镇站点,站点,测试县,,512x320,每天 14:30-14:40,周四"]
    return "编号,名称,类型,县区,镇,屏幕,开放时段,固定学习日\n" + "".join(f"{row}\n" for row in rows)


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and prints nothing."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder `published` of a county with two editions of a week; only its pages."""
    root = write_workspace(tmp_path_factory.mktemp("county"))
    with pytest.MonkeyPatch.context() as patch:
        noon = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
        patch.setattr(clock, "now", lambda _workspace: noon)
        publish_county(root)
    return root / "published"


def publish_county(root: Path) -> None:
    """Two editions of a week, and the week after."""
    (root / "venues.csv").write_text(venues(), encoding="utf-8")
    calendar = root / "calendar.toml"
    calendar.write_text(f"{CALENDAR}relayed = true\n", encoding="utf-8")
    for speaker in ("李老师", "王老师"):
        calendar.write_text(calendar.read_text(encoding="utf-8").replace("李老师", speaker), encoding="utf-8")
        assert run(root, "schedule", "plan", "--week", "2026-W48").exit_code == 0
        assert run(root, "publish", "--week", "2026-W48", "--only", "pages").exit_code == 0
    assert run(root, "schedule", "plan", "--week", "2026-W49").exit_code == 0
    assert run(root, "publish", "--week", "2026-W49", "--only", "pages").exit_code == 0


@pytest.fixture(scope="session")
def served(site: Path) -> Iterator[str]:
    """The address of the same folder on a server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
