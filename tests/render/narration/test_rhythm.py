"""Picture changes on the beats of a song."""

from __future__ import annotations

from pathlib import Path

import pytest

from courseware.errors import InputError
from courseware.lessons.clips import Clip
from courseware.times import Span
from render.narration.laying import lay
from render.narration.rhythm import on_beats

SONG_MS = 12_000
BEATS = tuple(range(250, SONG_MS, 600))


def picture(number: int, *, stays_ms: int | None = None, fade_ms: int = 0) -> Clip:
    return Clip(f"clip.{number}", Path(f"{number}.jpg"), to_ms=stays_ms, fade_ms=fade_ms)


def changes_of(*clips: Clip) -> list[int]:
    """When each picture but the first comes, in the middle of its cross-fade; and when all of it ends."""
    laid = lay(clips, {}, [Span(0, SONG_MS)], whole=True)
    changes, start_ms, end_ms = list[int](), 0, 0
    for clip in on_beats(clips, laid.clips, {}, BEATS):
        start_ms = end_ms - clip.fade_ms
        changes.append(start_ms + clip.fade_ms // 2)
        end_ms = start_ms + (clip.to_ms or 0)
    return [*changes[1:], end_ms]


def test_pictures_change_on_the_beats_nearest_to_equal_shares() -> None:
    assert changes_of(picture(1), picture(2), picture(3), picture(4)) == [3_250, 6_250, 9_250, 12_000]
    assert changes_of(*(picture(number) for number in range(1, 8))) == [
        1_450, 3_250, 5_050, 6_850, 8_650, 10_450, 12_000
    ]  # fmt: skip


def test_a_cross_fade_is_half_over_on_the_beat() -> None:
    assert changes_of(picture(1), picture(2, fade_ms=800), picture(3, fade_ms=400)) == [3_850, 8_050, 12_000]


def test_a_picture_with_seconds_of_its_own_keeps_them() -> None:
    *_, last = found = changes_of(picture(1), picture(2, stays_ms=2_000), picture(3), picture(4))
    assert found[1] - found[0] == 2_000
    assert found[0] in BEATS
    assert found[2] in BEATS
    assert last == SONG_MS


def test_the_song_ends_with_a_last_picture_that_has_seconds() -> None:
    assert changes_of(picture(1), picture(2), picture(3, stays_ms=3_000)) == [4_450, 9_000, 12_000]


def test_more_pictures_than_beats_and_none_that_may_move_are_told() -> None:
    with pytest.raises(InputError, match="more pictures than beats"):
        changes_of(*(picture(number) for number in range(1, 40)))
    with pytest.raises(InputError, match="each has its “seconds”"):
        changes_of(picture(1, stays_ms=5_000), picture(2, stays_ms=7_000))
