"""A narration laid over clips: lengths, places, and what does not go together."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from courseware.errors import InputError
from courseware.lessons.clips import Clip
from courseware.lessons.narrated import Utterance
from courseware.subtitles.cue import Cue
from courseware.times import Span
from render.narration.laying import lay, placed_cues, placed_utterances

PHOTO, VIDEO = Path("a.jpg"), Path("v.mp4")
LENGTHS = {VIDEO: 60_000}
SECTIONS = (Span(0, 6_000), Span(6_000, 16_000))


def photo(number: int, says: str = "", seconds: int | None = None, fade_ms: int = 0) -> Clip:
    return Clip(f"clip.{number}", PHOTO, to_ms=seconds and seconds * 1000, fade_ms=fade_ms, says=says)


def laid(clips: Sequence[Clip], sections: Sequence[Span] = SECTIONS) -> tuple[list[int | None], tuple[int, ...]]:
    found = lay(clips, LENGTHS, sections, whole=not any(clip.says for clip in clips))
    return [clip.to_ms for clip in found.clips], found.starts_ms


def test_a_picture_stays_as_long_as_what_is_said_with_it() -> None:
    assert laid([photo(1, "先剪病枝。"), photo(2, "再剪弱枝。")]) == ([6_000, 10_000], (0, 6_000))


def test_silent_pictures_share_what_the_one_before_them_says() -> None:
    assert laid([photo(1, "一"), photo(2), photo(3, "二"), photo(4, seconds=4)]) == (
        [3_000, 3_000, 6_000, 4_000],
        (0, 6_000),
    )


def test_a_picture_before_anything_is_said_is_shown_in_silence() -> None:
    assert laid([photo(1), photo(2, "一"), photo(3, "二")]) == ([None, 6_000, 10_000], (5_000, 11_000))


def test_pictures_that_say_nothing_share_the_whole_narration() -> None:
    assert laid([photo(1), photo(2), photo(3, seconds=4)], [Span(0, 15_000)]) == ([5_500, 5_500, 4_000], (0,))


def test_a_cross_fade_takes_nothing_from_what_is_said() -> None:
    lengths, starts = laid([photo(1, "一"), photo(2, fade_ms=500), photo(3, "二", fade_ms=800)])
    assert lengths == [3_650, 3_650, 10_000]
    assert starts == (0, 6_000), "the second begins with its picture's first moment"


def test_after_a_video_that_lasts_longer_than_what_it_says_the_next_is_said_with_its_own_picture() -> None:
    film = Clip("clip.1", VIDEO, 0, 20_000, says="一")
    assert laid([film, photo(2, "二")]) == ([20_000, 10_000], (0, 20_000))


def test_clips_that_are_too_short_for_what_they_say_are_named_together() -> None:
    film = Clip("clip.2", VIDEO, 0, 9_000, says="二")
    with pytest.raises(InputError) as error:
        laid([photo(1, "一", seconds=3), film])
    assert [problem.where for problem in error.value.problems] == ["clip.1", "clip.2"]
    assert "lasts 6.0 s, but is shown for 3.0 s" in str(error.value)


def test_what_is_said_may_go_on_under_the_silent_clips_that_follow() -> None:
    film = Clip("clip.2", VIDEO, 0, 4_000)
    assert laid([photo(1, "一", seconds=3), film, photo(3, "二")]) == ([3_000, 4_000, 10_000], (0, 7_000))


def test_cues_and_sound_move_with_their_section() -> None:
    cues = (Cue(Span(200, 5_000), "一"), Cue(Span(6_200, 9_000), "二"))
    moved = placed_cues(cues, SECTIONS, (1_000, 20_000))
    assert [(cue.span.start_ms, cue.text) for cue in moved] == [(1_200, "一"), (20_200, "二")]
    whole = Utterance(Path("n.wv"), "key", 0, 16_000, 0)
    placed = placed_utterances([whole], SECTIONS, (1_000, 20_000))
    assert [(one.start_ms, one.length_ms, one.at_ms) for one in placed] == [
        (0, 6_000, 1_000),
        (6_000, 10_000, 20_000),
    ]
    assert placed_utterances([whole], SECTIONS, (0, 6_000)) == (whole,), "what is not torn apart stays one"
    later = replace(whole, at_ms=500)
    assert placed_utterances([later], SECTIONS, (0, 6_000))[0].at_ms == 500
