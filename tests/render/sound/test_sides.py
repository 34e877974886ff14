"""Which side carries a recording, and its offset, judged without any sound."""

from __future__ import annotations

from pathlib import Path

import pytest

from courseware.times import Span
from render.sound.mends import Balance, Mends, SideStretch
from render.sound.sides import Step, judge_sides, load_steps

BOTH = Step(-20, -20, -20, -60, (0, 0))
LEFT = Step(-20, -60, -26, -26, (0, 0))
RIGHT = Step(-60, -20, -26, -26, (0, 0))
OPPOSED = Step(-20, -20, -60, -20, (0, 0))
PAUSE = Step(-90, -90, -90, -90, (0, 0))


def _offset(left: float, right: float) -> Step:
    return Step(-30, -30, -30, -60, (left, right))


@pytest.mark.parametrize(
    ("step", "balance"), [(BOTH, "both"), (LEFT, "left"), (RIGHT, "right"), (OPPOSED, "opposed")]
)
def test_a_recording_of_one_kind_is_judged_as_a_whole(step: Step, balance: Balance) -> None:
    assert judge_sides([step] * 20, stereo=True) == Mends(balance)
    assert judge_sides([step] * 2, stereo=True) == Mends(balance)


def test_where_the_kind_changes_only_the_stretch_is_mended() -> None:
    mends = judge_sides([BOTH] * 10 + [OPPOSED] * 6 + [BOTH] * 4 + [LEFT] * 5, stereo=True)
    assert mends.balance == "both"
    assert mends.stretches == (SideStretch(Span(5000, 8000), "opposed"), SideStretch(Span(10_000, 12_500), "left"))


def test_a_second_of_opposed_sides_is_an_effect() -> None:
    assert judge_sides([BOTH] * 10 + [OPPOSED] * 2 + [BOTH] * 10, stereo=True) == Mends()


def test_a_pause_belongs_to_what_came_before_it() -> None:
    mends = judge_sides([BOTH] * 10 + [OPPOSED] * 3 + [PAUSE] * 2 + [OPPOSED] * 3, stereo=True)
    assert mends.stretches == (SideStretch(Span(5000, 9000), "opposed"),)


def test_silence_tells_nothing() -> None:
    assert judge_sides([PAUSE] * 20, stereo=True) == Mends()
    assert judge_sides([], stereo=True) == Mends()


def test_one_microphone_has_no_sides() -> None:
    assert judge_sides([LEFT] * 20, stereo=False) == Mends()


def test_an_offset_is_told_by_its_strength_beside_the_sound() -> None:
    assert judge_sides([_offset(0.1, -0.05)] * 20, stereo=False).offset == (0.1, -0.05)
    # Of a sound at -30 dB a tenth is 0.003.
    assert judge_sides([_offset(0.002, 0)] * 20, stereo=True).offset == (0, 0)
    assert judge_sides([_offset(0.2, 0)] * 3 + [BOTH] * 30, stereo=True).offset == (0, 0)


def test_what_the_meters_wrote_is_read_and_what_is_no_number_is_silence(tmp_path: Path) -> None:
    (tmp_path / "sides.txt").write_text(
        "frame:0    pts:0       pts_time:0\nlavfi.astats.1.DC_offset=0.25\nlavfi.astats.2.DC_offset=-0.5\n"
        "lavfi.astats.1.RMS_level=-20.5\nlavfi.astats.2.RMS_level=-inf\nlavfi.astats.3.RMS_level=-26.5\n"
        "lavfi.astats.4.RMS_level=nan\nframe:1    pts:4000    pts_time:0.5\n"
        + "".join(f"lavfi.astats.{name}=0.0\n" for name in ("1.DC_offset", "2.DC_offset"))
        + "".join(f"lavfi.astats.{number}.RMS_level=-inf\n" for number in range(1, 5)),
        encoding="ascii",
    )
    nothing = Step(-120, -120, -120, -120, (0, 0))
    assert load_steps(tmp_path / "sides.txt", 1_000_000) == (Step(-20.5, -120, -26.5, -120, (0.25, -0.5)), nothing)
