"""Notices as they are sent, on the real player: shown at once, over and over, taken off when they are withdrawn."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from courseware.lessons.alert import Alert
from courseware.lessons.rendition import Rendition
from courseware.lessons.workspace import Workspace, open_workspace
from playlists.files.venues import load_venues
from playlists.kits.keys import OfficeKey, make_key
from playlists.kits.mpv import Mpv
from playlists.notices.asked import NoticeOrder
from playlists.notices.sending import send, withdraw
from tests.playlists.factories import SETTINGS
from tests.playlists.kits.player.rig import EVENING, Running, Stick, playing, row, sign
from tests.playlists.kits.player.test_judging import at_home, needs_openssl

VENUES = "编号,名称,类型,镇,屏幕,开放时段\nsquare-01,文化广场,广场,江北镇,96x64,每天 18:30-20:30\n"


def office(folder: Path) -> Workspace:
    folder.mkdir()
    (folder / "yuanjiao.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "venues.csv").write_text(VENUES, encoding="utf-8")
    return open_workspace(folder)


def sent(county: Workspace, key: OfficeKey, stick: Stick) -> Path:
    """A notice without a break, whose video is the last clip; its folder."""

    def make_videos(_: Alert, profiles: Sequence[str], folder: Path) -> tuple[Rendition, ...]:
        shutil.copy(stick.clips[4], folder / "notice.mp4")
        about = stick.files()[stick.sha16(4)]
        said = {"lesson": "notice", "title": "紧急通知", "series": "", "form": "", "key": "", "file": "notice.mp4"}
        shown = {"profile": profiles[0], "width": 96, "height": 64, "seconds": stick.seconds}
        return (Rendition.model_validate({**said, **shown, "size": about["size"], "sha256": about["sha256"]}),)

    venues, _ = load_venues(county.root / "venues.csv")
    times = (EVENING - timedelta(minutes=1), EVENING + timedelta(minutes=10))
    order = NoticeOrder(Alert("紧急通知", "停水", "测试县远教办"), venues, *times, 0, "王芳")
    return send(order, county, key, EVENING, make_videos).folder


def drop(folder: Path, home: Path) -> str:
    """Bring what lies in a notice's folder to an installed player; the kit's name."""
    (kit,) = (folder / "venues" / "square-01" / "notices").iterdir()
    part = home / "notices" / f"{kit.name}.part"
    shutil.copytree(kit, part)
    part.rename(part.with_suffix(""))
    return kit.name


def has_turned(player: Running) -> bool:
    """Whether the clip has ended and begun again since it was asked last."""
    pos = float(player.ask("get_property", "time-pos") or 0)
    turned, player.last_pos = pos < player.last_pos - 1, pos
    return turned


@needs_openssl
def test_a_notice_breaks_in_goes_round_and_is_taken_off_by_its_withdrawal(
    mpv: Mpv, stick: Stick, tmp_path: Path
) -> None:
    key, county = make_key(tmp_path / "keys", "测试县远教办"), office(tmp_path / "county")
    stick.write(row(stick, 100))
    told = at_home(stick)
    home = Path(told["home"])
    sign(home / "kits" / "r3", key.p256)
    shutil.copy(home / "kits" / "r3" / "key.pub", home / "state" / "key.pub")
    with playing(mpv, stick, EVENING, more=told) as player:
        player.wait_for("start")
        name = drop(sent(county, key, stick), home)
        shown = player.wait_for("start", kit=name)
        player.wait_until(lambda: has_turned(player))
        venues, _ = load_venues(county.root / "venues.csv")
        folder = withdraw(1, "王芳", "", county, venues, key, EVENING + timedelta(minutes=1)).folder
        drop(folder, home)
        over = player.wait_for("end", kit=name)
        player.wait_until(lambda: player.lines()[-1]["kit"] == stick.plan["kit"])
    lines = player.lines()
    back = next(one for one in lines if one["event"] == "start" and one["n"] > over["n"])
    assert (shown["slot"], shown["reason"]) == ("notice-0001-000", "notice")
    assert back["kit"] == stick.plan["kit"]
    assert not [one for one in lines if one["event"] in {"damaged", "missing", "fallback", "refused"}]
