"""The lessons of the sample county that are drawn and played for it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from courseware.intake.sheet import load_sheet
from courseware.lessons.clipping.exact import too_long
from courseware.lessons.series import BUILT_IN_FORMS
from courseware.lessons.workspace import load_catalogue, open_workspace
from courseware.music.songs import beats_of, hear_songs
from courseware.speech.sound import load_sound
from courseware.subtitles import load_shown
from render.plan.timeline import plan_timeline
from templates.start.demo import copy_county
from templates.start.song import BEAT_MS, BEATS, LINES


def test_the_countys_own_lessons_are_whole_and_a_lost_picture_is_drawn_again(tmp_path: Path) -> None:
    copy_county(tmp_path / "demo")
    catalogue = load_catalogue(open_workspace(tmp_path / "demo"))
    assert catalogue.problems == ()
    story, song, spot = catalogue.lessons
    assert (song.id, song.is_song, song.beat) == ("river-song", True, True)
    assert all(clip.path.is_file() for clip in (*song.clips, *spot.clips))
    timeline = plan_timeline(sum(clip.to_ms or 0 for clip in spot.clips) * 25 // 1000, Fraction(25), spot.exactly)
    assert (timeline.frames, [part.name for part in timeline.segments if part.frames]) == (
        15 * 25,
        ["title", "body", "end"],
    )
    picture = spot.clips[0].path
    drawn = picture.read_bytes()
    picture.unlink()
    copy_county(tmp_path / "demo")
    assert picture.read_bytes() == drawn

    assert story.is_narrated
    assert all(clip.caption for clip in story.clips)
    told_ms = load_sound(story.narration_paths[0]).duration_ms
    shown_ms = sum(clip.to_ms or 0 for clip in story.clips)
    assert 0 <= shown_ms - told_ms <= 200, "the pictures last as long as the story is told"
    timeline = plan_timeline(shown_ms * 25 // 1000, Fraction(25), story.exactly)
    assert [part.name for part in timeline.segments if part.frames] == ["title", "body", "end"]
    (heard,) = hear_songs(song.narration_paths, tmp_path)
    assert heard.length_ms == BEATS * BEAT_MS
    assert too_long(song.exactly, heard.length_ms) is None
    for beat in beats_of([heard], 0):
        assert min(beat % BEAT_MS, -beat % BEAT_MS) <= 40, "a frame"
    assert song.subtitles_path is not None
    cues, skipped = load_shown(song.subtitles_path)
    assert skipped == ()
    assert [cue.text for cue in cues] == ["".join(note.word for note in line) for line in LINES]
    assert all(cue.sung for cue in cues)

    sheet = load_sheet(tmp_path / "demo" / "catalogue.xlsx", open_workspace(tmp_path / "demo").settings)
    shown = {story.form, song.form, spot.form, *(row.values["form"] for row in sheet.entries)}
    assert shown == set(BUILT_IN_FORMS)
