from __future__ import annotations

from pathlib import Path

import pytest

from playlists.lists.formats.m3u8 import dump, parse
from playlists.lists.rundown import Airing, Rundown

GOLDEN = Path(__file__).parent / "golden" / "evening.m3u8"
AIRINGS = (
    Airing("如何配制波尔多液", 213, "../../renditions/led-512x320/spray.mp4"),
    Airing("防溺水“六不”, 请牢记", 45, "002_防溺水“六不”.mp4"),
    Airing("换行\r\n也不怕\u2028", 60, "#井号开头.mp4"),
    Airing("冒号", 7, "d:x.mp4"),
)


def test_a_list_is_written_as_players_read_it() -> None:
    assert dump(Rundown("", "江北文化广场 2026-11-24 周二", AIRINGS)) == GOLDEN.read_bytes()


def test_a_list_has_no_bom_and_no_carriage_return() -> None:
    written = dump(Rundown("", "标题", AIRINGS))
    assert written.startswith(b"#EXTM3U\n")
    assert b"\r" not in written


@pytest.mark.parametrize("path", ["/abs.mp4", "a\\b.mp4", "a\nb.mp4", ""])
def test_a_path_that_players_cannot_follow_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="relative path"):
        dump(Rundown("", "", (Airing("x", 1, path),)))


def test_another_programs_list_is_refused() -> None:
    with pytest.raises(ValueError, match=r"a\.mp4"):
        parse(b"a.mp4\nb.mp4\n")
