"""Lyrics whose words have times, from LRC to LRC."""

from fractions import Fraction
from pathlib import Path

from courseware.subtitles import load_cues, write_cues
from courseware.subtitles.cue import SungFrom
from courseware.subtitles.moving import TimeMap, moved

LRC = """[ti:采茶]
[offset:100]
[00:10.10]<00:10.10>清明 <00:10.90>过后<00:11.60>采茶忙<00:13.00>
[00:13.10]满山[00:13.90]春光
[00:13.10]Spring on all hills
[00:20.10]
[00:30.10][00:40.10]<00:30.20>合<00:30.60>唱
"""


def test_words_keep_their_times_with_the_offset_and_repeated_lines_have_none(tmp_path: Path) -> None:
    (tmp_path / "song.lrc").write_text(LRC, encoding="utf-8")
    cues, problems = load_cues(tmp_path / "song.lrc")
    assert not problems
    assert [cue.text for cue in cues] == ["清明 过后采茶忙", "满山春光\nSpring on all hills", "合唱", "合唱"]
    assert cues[0].sung == (SungFrom(0, 10_000), SungFrom(2, 10_800), SungFrom(4, 11_500))
    assert cues[1].sung == (SungFrom(2, 13_800),)
    assert [cue.sung for cue in cues[2:]] == [(), ()]


def test_words_move_with_their_line_and_are_written_again(tmp_path: Path) -> None:
    (tmp_path / "song.lrc").write_text(LRC, encoding="utf-8")
    later = moved(load_cues(tmp_path / "song.lrc")[0], TimeMap(Fraction(2), Fraction(1_000)))
    assert later[0].sung[1] == SungFrom(2, 22_600)
    write_cues(later, tmp_path / "later.lrc")
    assert "[00:21.00]<00:21.00>清明 <00:22.60>过后<00:24.00>采茶忙" in (tmp_path / "later.lrc").read_text("utf-8")
    assert load_cues(tmp_path / "later.lrc")[0][0].sung == later[0].sung
