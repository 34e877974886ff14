"""Gain and limit, decided without any sound."""

from __future__ import annotations

from dataclasses import replace

import pytest

from render.sound.levels import (
    Aim,
    GainTry,
    Got,
    MeasuredProgramme,
    first_setting,
    jingle_lkfs,
    last_setting,
    level_notes,
    next_setting,
)
from render.sound.loudness import SILENT_LKFS

TV = Aim(-24, -2)
LED = Aim(-15, -1)
TALK = MeasuredProgramme(lkfs=-24, peak_dbtp=-8, lra=4, floor_lkfs=-60)


def test_a_sound_with_room_is_raised_and_nothing_else() -> None:
    assert first_setting(replace(TALK, lkfs=-30, peak_dbtp=-20), TV) == GainTry(6, None, 30)


def test_a_peak_that_is_in_the_way_by_little_costs_loudness_not_a_limiter() -> None:
    setting = first_setting(replace(TALK, peak_dbtp=-10.1), LED)
    assert setting.limit_dbtp is None
    assert setting.gain_db == pytest.approx(8.8)


def test_a_peak_that_is_in_the_way_is_limited() -> None:
    setting = first_setting(TALK, LED)
    assert setting.gain_db == 9
    assert setting.limit_dbtp == pytest.approx(-1.3)


def test_silence_is_left_alone() -> None:
    silent = MeasuredProgramme(SILENT_LKFS, SILENT_LKFS, 0, SILENT_LKFS)
    assert first_setting(silent, LED).gain_db == 0
    assert next_setting(first_setting(silent, LED), Got(SILENT_LKFS, SILENT_LKFS, 0), silent, LED) is None


def test_an_empty_room_is_not_raised_to_the_loudness_of_speech() -> None:
    room = MeasuredProgramme(lkfs=-65, peak_dbtp=-50, lra=1, floor_lkfs=-67)
    assert first_setting(room, LED).gain_db == 20


def test_a_soft_recording_with_clean_pauses_may_be_raised_more() -> None:
    soft = MeasuredProgramme(lkfs=-50, peak_dbtp=-35, lra=4, floor_lkfs=-85)
    assert first_setting(soft, LED).gain_db == 35


def test_what_is_near_enough_is_kept() -> None:
    assert next_setting(GainTry(9, -1.3, 30), Got(-15.2, -1.1, 3.8), TALK, LED) is None


def test_what_the_limiter_took_is_given_back() -> None:
    following = next_setting(GainTry(9, -1.3, 30), Got(-15.9, -1.1, 3.8), TALK, LED)
    assert following is not None
    assert (following.gain_db, following.limit_dbtp) == pytest.approx((9.9, -1.3))


def test_peaks_above_the_ceiling_lower_the_limit() -> None:
    following = next_setting(GainTry(9, -1.3, 30), Got(-15, -0.6, 3.8), TALK, LED)
    assert following is not None
    assert (following.gain_db, following.limit_dbtp) == pytest.approx((9, -1.85))


def test_peaks_a_little_above_the_ceiling_lower_a_linear_gain() -> None:
    following = next_setting(GainTry(6, None, 30), Got(-24, -1.9, 4), TALK, TV)
    assert following is not None
    assert following.gain_db == pytest.approx(5.75)
    assert following.limit_dbtp is None


def test_peaks_far_above_the_ceiling_call_the_limiter() -> None:
    following = next_setting(GainTry(6, None, 30), Got(-24, -1.0, 4), TALK, TV)
    assert following is not None
    assert following.limit_dbtp == pytest.approx(-3.3)


def test_a_range_that_shrank_takes_gain_back_for_good() -> None:
    squeezed = next_setting(GainTry(15, -1.3, 30), Got(-15, -1.2, 2), TALK, LED)
    assert squeezed is not None
    assert 6.7 < squeezed.gain_db < 15
    assert squeezed.most_db == squeezed.gain_db
    # Still 3 LU short, but the range is right: it stays so.
    assert next_setting(squeezed, Got(-18, -1.2, 3.2), TALK, LED) is None


def test_when_tries_are_used_up_peak_and_range_win() -> None:
    linear = last_setting(GainTry(15, -1.3, 30), Got(-15, -1.2, 2), TALK, LED)
    assert linear == GainTry(6, None, 30)
    trimmed = last_setting(GainTry(9, -1.3, 30), Got(-15, -0.7, 4), TALK, LED)
    assert trimmed is not None
    assert trimmed.trim_db == pytest.approx(-0.45)
    assert last_setting(GainTry(9, -1.3, 30), Got(-15.1, -1.1, 4), TALK, LED) is None


def test_the_jingle_is_as_loud_as_the_body_but_not_lost_with_it() -> None:
    assert jingle_lkfs(-25, TV) == -25
    assert jingle_lkfs(-42, TV) == -42
    assert jingle_lkfs(-60, TV) == -44
    assert jingle_lkfs(-20, TV) == -24
    assert jingle_lkfs(SILENT_LKFS, TV) == -24


def test_a_sound_that_stays_soft_is_explained() -> None:
    soft = MeasuredProgramme(lkfs=-50, peak_dbtp=-35, lra=4, floor_lkfs=-62)
    (note,) = level_notes(Got(-30, -15, 4), soft, GainTry(20, None, 20), LED, cleaned=False)
    assert "denoise = true" in str(note)
    (note,) = level_notes(Got(-30, -15, 4), soft, GainTry(20, None, 20), LED, cleaned=True)
    assert "denoise" not in str(note)
    (note,) = level_notes(Got(-30, -15, 4), soft, GainTry(20, None, 20), LED, cleaned=False, song=True)
    assert "better recording" in str(note)
    (note,) = level_notes(Got(-18, -1.2, 3.2), TALK, GainTry(8, -1.3, 8), LED, cleaned=False)
    assert "stays 3.0 LU under" in str(note)
    assert level_notes(Got(-15.4, -1.2, 4), TALK, GainTry(9, -1.3, 30), LED, cleaned=False) == ()
