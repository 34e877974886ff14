"""Subtitles are made once, refreshed where the script changed, and never taken from a person."""

import json
import shutil
import time
import wave
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from courseware.align import making
from courseware.align.cues import Alignment, TimedCue
from courseware.align.making import align_lesson, make_subtitles
from courseware.errors import InputError, MediaError
from courseware.script.files import find_script
from courseware.subtitles import load_cues
from courseware.times import Span
from tests.conftest import run_ffmpeg
from tests.courseware.align.narration import MEDIA, truth

NAME = "check-quality"


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    shutil.copy(MEDIA / f"{NAME}.mp4", tmp_path / "源.mp4")
    write_script(tmp_path, [cue.text for cue in truth(NAME)])
    return tmp_path


def write_script(folder: Path, lines: list[str]) -> None:
    (folder / "script.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def make(folder: Path, *, force: bool = False) -> str:
    return align_lesson(folder, folder / "源.mp4", folder / "script.txt", force=force).state


def test_a_lesson_gets_subtitles_and_nothing_is_done_twice(lesson: Path) -> None:
    assert make(lesson) == "made"
    cues = load_cues(lesson / "subtitles.srt")[0]
    assert "".join(cue.text for cue in cues)[:20] == truth(NAME)[0].text[:20]
    before = (lesson / "subtitles.srt").stat().st_mtime_ns
    assert make(lesson) == "unchanged"
    assert (lesson / "subtitles.srt").stat().st_mtime_ns == before


def test_after_a_change_of_the_script_only_that_stretch_is_timed_anew(lesson: Path) -> None:
    make(lesson)
    old = {cue.text: cue.span for cue in load_cues(lesson / "subtitles.srt")[0]}
    lines = [cue.text for cue in truth(NAME)]
    lines[1] = "直观地检查一下模型的识别质量。"
    write_script(lesson, lines)
    assert make(lesson) == "updated"
    new = {cue.text: cue.span for cue in load_cues(lesson / "subtitles.srt")[0]}
    assert {text: new[text] for text in new.keys() & old.keys()} == {
        text: old[text] for text in new.keys() & old.keys()
    }
    assert len(new.keys() - old.keys()) == 1


def test_it_can_be_ended_between_its_steps_and_nothing_is_written(lesson: Path) -> None:
    steps: list[int] = []

    def also() -> None:
        steps.append(len(steps))
        if len(steps) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        align_lesson(lesson, lesson / "源.mp4", lesson / "script.txt", also=also)
    assert not (lesson / "subtitles.srt").exists()


@pytest.mark.parametrize("change", ["taken out", "put in"])
def test_a_sentence_more_or_less_moves_no_other(lesson: Path, change: str) -> None:
    make(lesson)
    old = load_cues(lesson / "subtitles.srt")[0]
    lines = [cue.text for cue in truth(NAME)]
    at = len(lines) // 2
    lines[at : at + (change == "taken out")] = ["春季茶园管理要及时清除杂草。"] if change == "put in" else []
    write_script(lesson, lines)
    assert make(lesson, force=True) == "updated"
    new = load_cues(lesson / "subtitles.srt")[0]
    both = {cue.text for cue in new} & {cue.text for cue in old}
    assert len(both) >= len(truth(NAME)) - 1
    assert [cue for cue in new if cue.text in both] == [cue for cue in old if cue.text in both]


def test_times_of_another_recording_are_not_kept(lesson: Path) -> None:
    later_ms = 1_500
    make(lesson)
    old = load_cues(lesson / "subtitles.srt")[0]
    late = ("-i", str(lesson / "源.mp4"), "-vn", "-af", f"adelay={later_ms}:all=1", str(lesson / "迟.wav"))
    run_ffmpeg(*late)
    made = align_lesson(lesson, lesson / "迟.wav", lesson / "script.txt")
    assert (made.state, made.kept) == ("made", 0)
    new = load_cues(lesson / "subtitles.srt")[0]
    assert all(
        abs(later.span.start_ms - one.span.start_ms - later_ms) <= 60 for one, later in zip(old, new, strict=True)
    )


def test_a_persons_times_are_never_overwritten(lesson: Path) -> None:
    make(lesson)
    path = lesson / "subtitles.srt"
    edited = path.read_text(encoding="utf-8").replace("00:00:00,", "00:00:01,", 1)
    path.write_text(edited, encoding="utf-8")
    write_script(lesson, [*(cue.text for cue in truth(NAME)), "谢谢大家收看今天的节目。"])
    assert make(lesson, force=True) == "beside"
    assert path.read_text(encoding="utf-8") == edited
    beside = load_cues(lesson / "subtitles.new.srt")[0]
    assert beside[0].span == load_cues(path)[0][0].span


def test_what_a_person_made_of_the_new_times_is_never_overwritten_either(lesson: Path) -> None:
    mine = "1\n00:00:01,000 --> 00:00:02,000\n我自己写的\n"
    target, beside, further = (lesson / f"subtitles{name}.srt" for name in ("", ".new", ".new2"))
    target.write_text(mine, encoding="utf-8")
    assert make(lesson) == "beside"
    assert make(lesson) == "unchanged"
    edited = beside.read_text(encoding="utf-8").replace("00:00:00,", "00:00:01,", 1)
    beside.write_text(edited, encoding="utf-8")
    assert make(lesson) == "unchanged"
    lines = [cue.text for cue in truth(NAME)]
    write_script(lesson, lines[:-1])
    assert make(lesson) == "beside"
    assert (target.read_text(encoding="utf-8"), beside.read_text(encoding="utf-8")) == (mine, edited)
    assert len(load_cues(further)[0]) < len(load_cues(beside)[0])
    write_script(lesson, lines[:-2])
    assert make(lesson) == "beside"
    assert "播放上传的音频" not in "".join(cue.text for cue in load_cues(further)[0])
    assert not (lesson / "subtitles.new3.srt").exists()


def test_new_times_that_a_person_takes_over_are_refreshed_like_any(lesson: Path) -> None:
    target = lesson / "subtitles.srt"
    target.write_text("1\n00:00:01,000 --> 00:00:02,000\n我自己写的\n", encoding="utf-8")
    make(lesson)
    (lesson / "subtitles.new.srt").replace(target)
    assert make(lesson) == "unchanged"
    write_script(lesson, [cue.text for cue in truth(NAME)][:-1])
    assert make(lesson) == "updated"
    assert not (lesson / "subtitles.new.srt").exists()


def test_subtitles_that_were_there_before_are_a_persons(lesson: Path) -> None:
    mine = "1\n00:00:01,000 --> 00:00:02,000\n我自己写的\n"
    (lesson / "subtitles.srt").write_text(mine, encoding="utf-8")
    assert make(lesson) == "beside"
    assert (lesson / "subtitles.srt").read_text(encoding="utf-8") == mine


def test_a_damaged_memory_counts_as_none(lesson: Path) -> None:
    make(lesson)
    (lesson / ".subtitles.srt.json").write_text(json.dumps({"version": 1, "cues": 5}))
    assert make(lesson) == "beside"


def test_a_script_that_hardly_fits_is_refused_unless_forced(lesson: Path) -> None:
    write_script(lesson, [cue.text for cue in truth("read-results")])
    assert make(lesson) == "refused"
    assert not (lesson / "subtitles.srt").exists()
    assert make(lesson, force=True) == "made"


def test_where_nothing_is_heard_a_forced_draft_is_spread_evenly_and_all_is_to_be_checked(
    tmp_path: Path,
) -> None:
    recording, script = tmp_path / "a.wav", tmp_path / "a.txt"
    with wave.open(str(recording), "wb") as out:
        out.setparams((1, 2, 16_000, 0, "NONE", "not compressed"))
        out.writeframes(bytes(2 * 16_000 * 30))
    script.write_text("剪口要平。\n剪下的枝条要清出园外，不留病菌。\n谢谢观看！\n", encoding="utf-8")
    target = tmp_path / "a.srt"
    assert make_subtitles(recording, script, target).state == "refused"
    made = make_subtitles(recording, script, target, force=True)
    assert made.alignment is not None
    assert len(made.alignment.doubtful) == len(made.alignment.cues)
    spans = [cue.span for cue in load_cues(target)[0]]
    assert spans[0].start_ms == 0
    assert all(one.end_ms <= other.start_ms for one, other in pairwise(spans))
    assert 20_000 < spans[-1].start_ms < 30_000


def test_a_script_many_times_too_long_is_refused_at_once(lesson: Path) -> None:
    write_script(lesson, ["春季茶园管理要及时清除杂草和枯枝落叶。" * 100] * 26)
    began = time.process_time()
    assert make(lesson) == "refused"
    assert time.process_time() - began < 5


def test_the_script_is_found_by_its_name_and_two_are_refused(lesson: Path) -> None:
    assert find_script(lesson) == lesson / "script.txt"
    (lesson / "script.md").write_text("好。", encoding="utf-8")
    with pytest.raises(InputError):
        find_script(lesson)


def test_a_script_that_is_a_link_out_of_the_folder_is_refused(lesson: Path) -> None:
    (lesson / "script.txt").rename(lesson.parent / "secret.txt")
    (lesson / "script.txt").symlink_to(lesson.parent / "secret.txt")
    with pytest.raises(InputError, match=r"script\.txt lies outside the lesson's folder"):
        find_script(lesson)


def test_a_missing_recording_is_said(lesson: Path) -> None:
    with pytest.raises(MediaError):
        make_subtitles(lesson / "no.mp4", lesson / "script.txt", lesson / "x.srt")


def be_sure_by(percent: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one of three cues be heard, and the whole be as sure as that."""
    unheard = TimedCue("行", 0, opens=False, span=None, confidence=0)
    cues = (replace(unheard, text="好", span=Span(0, 1_000), confidence=90), unheard, unheard)
    sure = Alignment(cues, percent, 9_000, ())
    monkeypatch.setattr(making, "align_doubtful", lambda _sound, script, _also: (sure, script))


@pytest.mark.parametrize(("percent", "state"), [(49, "refused"), (50, "made")])
def test_half_sure_is_sure_enough(lesson: Path, monkeypatch: pytest.MonkeyPatch, percent: int, state: str) -> None:
    be_sure_by(percent, monkeypatch)
    assert make(lesson) == state


@pytest.mark.parametrize(("percent", "count"), [(49, 3), (50, 1)])
def test_a_forced_draft_is_spread_evenly_only_below_half(
    lesson: Path, monkeypatch: pytest.MonkeyPatch, percent: int, count: int
) -> None:
    be_sure_by(percent, monkeypatch)
    make(lesson, force=True)
    assert len(load_cues(lesson / "subtitles.srt")[0]) == count
