"""What is said of a source's sound, without any sound."""

from __future__ import annotations

from dataclasses import replace

from courseware.times import Span
from render.sound.levels import MeasuredProgramme
from render.sound.mends import Burst, Mends, SideStretch
from render.sound.mix import Materials
from render.sound.notes import source_notes
from render.sound.plan import Soundtrack

PLAN = Soundtrack(
    source="",
    stream=-1,
    channels=0,
    origin_us=0,
    jingle=False,
    loudness_lkfs=-24,
    true_peak_dbtp=-2,
    rate=48_000,
    kbps=128,
    before_samples=0,
    body_samples=48_000,
    total_samples=48_000,
)
TALK = MeasuredProgramme(lkfs=-24, peak_dbtp=-8, lra=4, floor_lkfs=-60)


def _notes(heard: MeasuredProgramme) -> list[str]:
    return [str(note) for note in source_notes(Materials(PLAN), heard)]


def test_of_a_recording_in_order_nothing_is_said() -> None:
    assert _notes(TALK) == []


def test_what_stays_soft_under_louder_parts_is_said() -> None:
    assert ["stays 16 LU under them" in note for note in _notes(replace(TALK, voice_lkfs=-40))] == [True]
    assert _notes(replace(TALK, voice_lkfs=-29)) == []


def test_soft_passages_far_under_loud_ones_are_said() -> None:
    assert ["lie 26 LU apart" in note for note in _notes(replace(TALK, lra=26.3))] == [True]
    assert _notes(replace(TALK, lra=19)) == []


def test_the_first_places_of_each_mend_are_named() -> None:
    stretches = tuple(SideStretch(Span(at * 60_000, at * 60_000 + 3000), "opposed") for at in (1, 2, 3, 70))
    bursts = (Burst(Span(5000, 5100), -20),)
    mended, banged = _notes(replace(TALK, mends=Mends(stretches=stretches, bursts=bursts)))
    assert "(1:00, 2:00, 3:00, …)" in mended
    assert "(1; 0:05)" in banged
