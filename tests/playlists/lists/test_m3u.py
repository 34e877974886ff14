from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courseware.errors import InputError
from playlists.lists.m3u import Entry, dump_m3u, parse_m3u

GOLDEN = Path(__file__).parent / "golden" / "evening.m3u8"
ENTRIES = (
    Entry(213, "如何配制波尔多液", "../../renditions/led-512x320/spray.mp4"),
    Entry(45, "防溺水“六不”, 请牢记", "002_防溺水“六不”.mp4"),
    Entry(60, "换行\r\n也不怕\u2028", "#井号开头.mp4"),
    Entry(7, "冒号", "d:x.mp4"),
)


def test_a_list_is_written_as_players_read_it() -> None:
    assert dump_m3u(ENTRIES, "江北文化广场 2026-11-24 周二").encode() == GOLDEN.read_bytes()


def test_a_list_has_no_bom_and_no_carriage_return() -> None:
    written = dump_m3u(ENTRIES, "标题").encode()
    assert written.startswith(b"#EXTM3U\n")
    assert b"\r" not in written


@pytest.mark.parametrize("path", ["/abs.mp4", "a\\b.mp4", "a\nb.mp4", ""])
def test_a_path_that_players_cannot_follow_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="relative path"):
        dump_m3u([Entry(1, "x", path)], "")


NAMES = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="\\/"), min_size=1)


@given(st.lists(st.builds(Entry, st.integers(1, 99999), st.text(), NAMES.map("媒体/{}.mp4".format))), st.text())
def test_a_list_reads_back_as_it_was_written(entries: list[Entry], title: str) -> None:
    content = dump_m3u(entries, title)
    read = parse_m3u(content, "x.m3u8")
    assert len(content.splitlines()) == 2 + 2 * len(entries)
    assert [(one.seconds, one.path) for one in read.entries] == [(one.seconds, one.path) for one in entries]
    assert dump_m3u(read.entries, read.title) == content


def test_another_programs_list_is_refused() -> None:
    with pytest.raises(InputError):
        parse_m3u("a.mp4\nb.mp4\n", "x.m3u8")
