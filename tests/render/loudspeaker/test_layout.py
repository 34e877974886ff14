"""Where everything in a broadcast lies."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courseware.errors import InputError
from render.loudspeaker.layout import BroadcastPart, Chimes, clock, plan_bulletin, plan_lesson
from render.sound.levelled import RATE, Sized

CHIMES = Chimes(
    Sized("opening", 3 * RATE, "o"),
    Sized("between", RATE, "b"),
    Sized("closing", 4 * RATE, "c"),
    Sized("tune", 19 * RATE, "t"),
)
WITH_MUSIC = Chimes(CHIMES.opening, CHIMES.between, CHIMES.closing, Sized("song", 60 * RATE, "s"), own_music=True)


def _item(seconds: float, name: str = "spray") -> Sized:
    return Sized(name, round(seconds * RATE), name)


def _joined(parts: tuple[BroadcastPart, ...]) -> int:
    """Total length; fails where a part does not begin where the one before ended."""
    end = 0
    for part in parts:
        assert part.start == end
        assert part.samples > 0
        end += part.samples
    return end


def _kinds(parts: tuple[BroadcastPart, ...]) -> str:
    return "".join(part.kind[0] for part in parts)


def test_a_lesson_lies_between_two_chimes_and_lasts_whole_seconds() -> None:
    parts = plan_lesson(CHIMES, _item(10.3))
    assert _kinds(parts) == "cpipcp"
    assert _joined(parts) % RATE == 0


def test_a_lesson_may_be_repeated_with_pauses_of_the_length_wanted() -> None:
    parts = plan_lesson(CHIMES, _item(10), repeat=3, pause=5 * RATE)
    assert [part.samples for part in parts if part.kind == "item"] == [10 * RATE] * 3
    assert [part.samples for part in parts if part.samples == 5 * RATE] == [5 * RATE] * 2


def test_a_bulletin_lasts_exactly_as_long_as_asked_by_stretching_its_pauses() -> None:
    parts = plan_bulletin(CHIMES, [_item(20), _item(30.123456, "prune")], 70 * RATE)
    assert _joined(parts) == 70 * RATE
    assert _kinds(parts) == "cpipcpipc"
    pauses = [part.samples for part in parts if part.kind == "pause"]
    assert max(pauses) - min(pauses) <= 1


def test_what_pauses_cannot_fill_is_filled_with_music() -> None:
    parts = plan_bulletin(CHIMES, [_item(20)], 120 * RATE)
    assert _joined(parts) == 120 * RATE
    (music,) = [part for part in parts if part.kind == "filler"]
    assert music.samples > 60 * RATE
    assert all(RATE <= part.samples <= 5 * RATE for part in parts if part.kind == "pause")


def test_a_bulletin_that_is_too_long_says_by_how_much_and_what_to_leave_out() -> None:
    with pytest.raises(InputError, match=r"too long by 0:16: leave out prune, or"):
        plan_bulletin(CHIMES, [_item(60), _item(20, "prune"), _item(5, "market")], 84 * RATE)


def test_an_item_that_is_too_long_alone_is_to_be_shortened() -> None:
    with pytest.raises(InputError, match="shorten prune, or make the broadcast longer"):
        plan_bulletin(CHIMES, [_item(90, "prune")], 60 * RATE)


def test_a_repeated_bulletin_that_is_too_long_is_to_be_repeated_less() -> None:
    with pytest.raises(InputError, match="repeat once less"):
        plan_bulletin(CHIMES, [_item(20)], 60 * RATE, repeat=3)


def test_what_is_left_out_really_makes_it_fit() -> None:
    items = [_item(60, "a"), _item(20, "b"), _item(25, "c"), _item(31, "d")]
    with pytest.raises(InputError) as error:
        plan_bulletin(CHIMES, items, 130 * RATE)
    named = re.search(r"leave out (\w)", str(error.value))
    assert named is not None
    assert _joined(plan_bulletin(CHIMES, [one for one in items if one.name != named[1]], 130 * RATE)) == 130 * RATE


def test_a_gap_that_nobody_can_bear_is_refused_with_a_length_that_would_do() -> None:
    with pytest.raises(InputError, match="--music") as error:
        plan_bulletin(CHIMES, [_item(20)], 1800 * RATE)
    minutes, seconds = re.search(r"at most (\d+):(\d+) long", str(error.value)).groups()  # type: ignore[union-attr]
    most = (int(minutes) * 60 + int(seconds)) * RATE
    assert _joined(plan_bulletin(CHIMES, [_item(20)], most)) == most
    assert _joined(plan_bulletin(WITH_MUSIC, [_item(20)], 1800 * RATE)) == 1800 * RATE


@given(
    lengths=st.lists(st.integers(RATE // 2, 90 * RATE), min_size=1, max_size=6),
    length=st.integers(10, 900),
    repeat=st.integers(1, 3),
)
def test_a_bulletin_is_exact_or_refused(lengths: list[int], length: int, repeat: int) -> None:
    items = [Sized(str(place), samples, "f") for place, samples in enumerate(lengths)]
    try:
        parts = plan_bulletin(WITH_MUSIC, items, length * RATE, repeat=repeat)
    except InputError:
        least = sum(lengths) * repeat + 2 * len(items) * repeat * RATE
        assert least + (7 + len(items) * repeat - 1) * RATE > length * RATE
        return
    assert _joined(parts) == length * RATE
    assert sum(part.kind == "item" for part in parts) == len(items) * repeat
    assert all(RATE - 1 <= part.samples <= 5 * RATE + 1 for part in parts if part.kind == "pause")


def test_lengths_are_written_for_people() -> None:
    assert [clock(80 * RATE), clock(80 * RATE + 1), clock(3723 * RATE)] == ["1:20", "1:21", "1:02:03"]
