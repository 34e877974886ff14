import pytest

from courseware.subtitles.cue import Cue
from courseware.times import Span


def test_a_cue_without_text_is_refused() -> None:
    with pytest.raises(ValueError, match="must have text"):
        Cue(Span(0, 1000), " \n　")


def test_two_cues_with_the_same_text_at_the_same_time_are_equal() -> None:
    assert Cue(Span(0, 1000), "你好") == Cue(Span(0, 1000), "你好")
