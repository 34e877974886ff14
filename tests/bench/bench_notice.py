"""An emergency notice for 100 squares of five canvases, as it is typed: python -m tests.bench.bench_notice [folder]

Nothing of an earlier notice is at hand: every video is made. Says how long it took and how much of the processors.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from click.testing import CliRunner

from cli import main
from courseware.storage.keys_folder import keys_folder
from playlists.almanac import clock
from playlists.kits.keys import trusted_keys
from playlists.kits.verifying import verify_kit
from tests.playlists.factories import SETTINGS

CANVASES = ("320x160", "512x320", "768x384", "1280x720", "1920x1080")
WORDS = (
    "据县气象台19:40发布暴雨橙色预警信号：预计未来3小时江北镇、汉阴镇降雨量将达50毫米以上，可能引发山洪、滑坡、泥石流。\n"
    "居住在河边、山脚、低洼处的群众请立即转移到村委会、学校等安全地点，不要返回取物。请互相转告。"
)
SQUARES, MOST_S = 100, 60


def write_county(root: Path) -> None:
    """Squares in ten towns."""
    root.mkdir(parents=True)
    (root / "yuanjiao.toml").write_text(SETTINGS, encoding="utf-8")
    rows = (
        f"square-{n:03},第{n}广场,广场,第{n // 10}镇,{CANVASES[n % len(CANVASES)]},每天 18:30-20:30\n"
        for n in range(SQUARES)
    )
    (root / "venues.csv").write_text("编号,名称,类型,镇,屏幕,开放时段\n" + "".join(rows), encoding="utf-8")


def spent() -> float:
    """Seconds of processor, ours and of what we started."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(one.ru_utime + one.ru_stime for one in map(resource.getrusage, kinds))


def run(*arguments: str) -> None:
    """A command that must go well."""
    done = CliRunner().invoke(main, ["--lang", "zh", *arguments])
    if done.exit_code:
        sys.exit(done.output)


def measure(folder: Path) -> None:
    """Make, time, verify."""
    root = folder / "county"
    write_county(root)
    os.environ["YUANJIAO_KEYS"] = str(folder / "keys")
    run("key", "init", "--workspace", str(root))
    began, before = time.perf_counter(), spent()
    run("notice", WORDS, "--all", "--until", "明天20:00", "--repeat", "--workspace", str(root))
    took, used = time.perf_counter() - began, spent() - before
    kits = list((root / "notices" / "0001" / "venues").glob("*/notices/*"))
    trusted = trusted_keys(keys_folder())
    bad = [kit.name for kit in kits if not verify_kit(kit, trusted, clock.here()).is_good]
    size = sum(path.stat().st_size for path in (root / "notices").rglob("*") if path.is_file())
    how = f"in {took:.1f} s, {used:.1f} s of processor; not good: {bad}"
    sys.stdout.write(f"{len(kits)} kits, {size / 10**6:.0f} MB, {how}\n")
    if took > MOST_S or bad or len(kits) != SQUARES:
        sys.exit(1)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as place:
        measure(Path(place))
