"""Edit decision lists as edit suites write them."""

from fractions import Fraction

import pytest

from courseware.errors import InputError
from courseware.media.filmed import Filmed
from courseware.timelines.edit_list import clip_tables
from courseware.timelines.edl import parse_edl

PREMIERE = """\
TITLE: 冬剪
FCM: NON-DROP FRAME

001  AX       AA/V  C        00:00:03:05 00:00:08:00 00:00:00:00 00:00:04:20
* FROM CLIP NAME: 开场.mp4

002  AX       V     C        00:01:10:00 00:01:14:00 00:00:04:20 00:00:08:20
* FROM CLIP NAME: D:\\片\\大棚.mov

003  AX       V     C        00:01:14:00 00:01:14:00 00:00:08:20 00:00:08:20
003  AX       V     D    025 00:00:10:00 00:00:20:00 00:00:08:20 00:00:13:20
* FROM CLIP NAME: 大棚.mov
* TO CLIP NAME: 特写.mp4
M2   AX             050.0                00:00:10:00

004  BL       V     C        00:00:00:00 00:00:01:00 00:00:13:20 00:00:14:20
005  AX       V     W001 012 00:00:10:00 00:00:12:00 00:00:14:20 00:00:16:20
* FROM CLIP NAME: 开场.mp4
006  AX       A     C        00:00:00:00 00:00:10:00 00:00:00:00 00:00:10:00
* FROM CLIP NAME: 背景音乐.mp3
"""


def test_cuts_dissolves_and_speeds_become_clips_and_the_rest_is_told() -> None:
    edit = parse_edl(PREMIERE, "a.edl")
    assert edit.title == "冬剪"
    assert clip_tables(edit.clips) == [
        {"source": "开场.mp4", "from": "0:03.2", "to": "0:08"},
        {"source": "大棚.mov", "from": "1:10", "to": "1:15"},  # a second longer: the dissolve shows it
        {"source": "特写.mp4", "from": "0:10", "to": "0:20", "speed": 2, "fade": 1},
        {"source": "开场.mp4", "from": "0:10", "to": "0:12"},
    ]
    told = "\n".join(map(str, edit.remarks))
    assert "004 BL" in told
    assert "005 W001" in told
    assert "背景音乐.mp3" in told


def test_time_codes_count_from_what_the_file_begins_with_in_its_own_rate() -> None:
    event = "001  A001  V  C  01:00:10:15 01:00:20:15 01:00:00:00 01:00:10:00\n* FROM CLIP NAME: a.mov\n"
    other = "002  A001  V  C  01:00:00:29 01:00:10:29 01:00:10:00 01:00:20:00\n* FROM CLIP NAME: b.mov\n"
    known = {"a.mov": Filmed(Fraction(30000, 1001), "01:00:00:00"), "b.mov": None}.get
    tables = clip_tables(parse_edl(event + other, "a.edl", known).clips)
    assert tables[0] == {"source": "a.mov", "from": "0:10.51", "to": "0:20.52"}  # 315 and 300 pictures of 29.97
    assert tables[1] == {"source": "b.mov", "from": "1:00:00.967", "to": "1:00:10.967"}


def test_drop_frame_keeps_to_the_clock() -> None:
    event = "001  A  V  C  00:10:00;00 00:11:00;02 00:00:00;00 00:01:00;02\n* FROM CLIP NAME: a.mov\n"
    edit = parse_edl(event, "a.edl")
    assert edit.clips[0].start == Fraction(17982) * 1001 / 30000  # ten minutes by the clock
    assert edit.clips[0].end - edit.clips[0].start == Fraction(1800) * 1001 / 30000


def test_a_gap_and_a_second_track_are_told() -> None:
    edit = parse_edl(
        "001  AX V C 00:00:00:00 00:00:02:00 00:00:00:00 00:00:02:00\n* FROM CLIP NAME: a.mp4\n"
        "002  AX V C 00:00:00:00 00:00:02:00 00:00:04:00 00:00:06:00\n* FROM CLIP NAME: b.mp4\n"
        "003  AX V2 C 00:00:00:00 00:00:02:00 00:00:01:00 00:00:03:00\n* FROM CLIP NAME: c.mp4\n"
        "004  AX V what is this 00:00:04:00\n",
        "a.edl",
    )
    assert edit.sources == ("a.mp4", "b.mp4")
    told = "\n".join(map(str, edit.remarks))
    assert all(one in told for one in ("(002)", "003 c.mp4", "004  AX V what is this"))


@pytest.mark.parametrize("content", ["", "TITLE: x\n", "1\n00:00:01,000 --> 00:00:02,000\n字幕\n", "0" * 100_000])
def test_what_shows_nothing_is_refused(content: str) -> None:
    with pytest.raises(InputError, match="no clips of videos"):
        parse_edl(content, "a.edl")
