"""Judging, on facts that no file is needed for."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from courseware.errors import text
from courseware.subtitles.cue_rules import CueFinding
from courseware.times import Span
from render.plan.profiles import profile_named
from render.plan.timeline import plan_timeline
from render.quality.checks import judge
from render.quality.checks.expected import Expected, assumed_parts
from render.quality.facts import PictureFacts
from render.quality.findings import Kind, Severity, worst
from render.quality.sound import UNHEARD_LKFS, SoundFacts
from tests.render.quality.facts import lively, spoken
from tests.render.quality.parts import parts_of

LED = profile_named("led-320x160")
LINE = plan_timeline(1225, Fraction(25))
EXPECTED = Expected(LED, seconds=60, parts=parts_of(LINE))
BODY_MS = 7000


def found(
    picture: PictureFacts | None = None, sound: SoundFacts | None = None, expected: Expected = EXPECTED
) -> list[tuple[Kind, Severity]]:
    findings = judge(picture or lively(60), sound or spoken(60), expected)
    return [(one.kind, one.severity) for one in findings]


def changed(picture: PictureFacts, name: str, start_ms: int, end_ms: int, value: int) -> PictureFacts:
    content = bytearray(getattr(picture, name))
    start, end = start_ms // 40, end_ms // 40
    content[start:end] = bytes([value]) * (end - start)
    values: dict[str, Any] = {name: bytes(content)}
    return replace(picture, **values)


def black(start_ms: int, end_ms: int) -> PictureFacts:
    return changed(changed(lively(60), "dark", start_ms, end_ms, 255), "light", start_ms, end_ms, 0)


def still(start_ms: int, end_ms: int) -> PictureFacts:
    # The picture that stays on did change; those after it do not.
    held = changed(lively(60), "change", start_ms + 40, end_ms, 0)
    return changed(held, "calm", start_ms + 40, end_ms, 0)


def test_a_good_rendition_raises_nothing() -> None:
    assert found() == []


def test_the_timeline_of_the_tests_is_that_of_a_minute() -> None:
    assert LINE.seconds == 60
    assert parts_of(LINE)[2].span == Span(BODY_MS, 56_000)


@pytest.mark.parametrize(
    ("start_ms", "end_ms", "wanted"),
    [
        (10_000, 11_960, []),
        (10_000, 12_000, [("black", "warning")]),
        (10_000, 15_000, [("black", "error")]),
        (4000, 5000, [("black", "error")]),
        (57_000, 58_000, [("black", "error")]),
        (4000, 4960, []),
    ],
)
def test_black_counts_by_its_length_and_place(
    start_ms: int, end_ms: int, wanted: list[tuple[Kind, Severity]]
) -> None:
    assert found(black(start_ms, end_ms)) == wanted


@pytest.mark.parametrize(
    ("start_ms", "end_ms", "wanted"),
    [
        (10_000, 14_000, []),
        (10_000, 16_000, [("freeze", "warning")]),
        (10_000, 30_000, [("freeze", "error")]),
        # Cards stand still by design.
        (56_000, 60_000, []),
        (2000, 8000, []),
    ],
)
def test_only_the_body_is_judged_for_standing_still(
    start_ms: int, end_ms: int, wanted: list[tuple[Kind, Severity]]
) -> None:
    assert found(still(start_ms, end_ms)) == wanted


def test_slides_may_stand_still() -> None:
    assert found(still(10_000, 50_000), expected=replace(EXPECTED, slides=True)) == []


def test_black_is_not_told_again_as_standing_still() -> None:
    both = still(10_000, 20_000)
    dark = changed(changed(both, "dark", 10_000, 20_000, 255), "light", 10_000, 20_000, 0)
    assert found(dark) == [("black", "error")]


def test_a_stretch_is_told_with_its_times() -> None:
    (finding,) = judge(black(10_000, 13_000), spoken(60), EXPECTED)
    assert (finding.from_ms, finding.to_ms) == (10_000, 13_000)
    assert str(finding.sentence) == "the picture is black for 3.0 s"


@pytest.mark.parametrize(
    ("silence", "wanted"),
    [
        ((20_000, 24_900), []),
        ((20_000, 25_000), [("silence", "warning")]),
        ((20_000, 40_000), [("silence", "error")]),
        # Title card, and the end of the body with the end card.
        ((3000, 8000), []),
        ((53_000, 60_000), []),
    ],
)
def test_silence_counts_in_the_body(silence: tuple[int, int], wanted: list[tuple[Kind, Severity]]) -> None:
    assert found(sound=spoken(60, -15.0, silence)) == wanted


@pytest.mark.parametrize(
    ("lkfs", "wanted"),
    [
        (-15.0, []),
        (-14.0, []),
        (-16.0, []),
        (-13.5, [("loudness", "warning")]),
        (-12.9, [("loudness", "error")]),
        (-17.1, [("loudness", "error")]),
    ],
)
def test_loudness_may_be_off_as_far_as_the_standard_allows(lkfs: float, wanted: list[tuple[Kind, Severity]]) -> None:
    assert found(sound=replace(spoken(60), lkfs=lkfs, peak_dbtp=-3.0)) == wanted


@pytest.mark.parametrize(("peak", "wanted"), [(-0.8, []), (-0.7, [("peak", "error")])])
def test_a_peak_may_be_off_as_far_as_a_meter_errs(peak: float, wanted: list[tuple[Kind, Severity]]) -> None:
    assert found(sound=replace(spoken(60), peak_dbtp=peak)) == wanted


def test_television_and_square_have_their_own_loudness() -> None:
    television = replace(EXPECTED, profile=profile_named("station-tv"))
    assert found(sound=replace(spoken(60), lkfs=-24.0, peak_dbtp=-9.0), expected=television) == []
    assert found(sound=spoken(60), expected=television) == [("loudness", "error")]


def test_nothing_heard_is_one_error_and_not_four() -> None:
    mute = replace(spoken(60, -15.0, (0, 60_000)), lkfs=UNHEARD_LKFS, peak_dbtp=UNHEARD_LKFS)
    assert found(sound=mute) == [("no-sound", "error")]
    assert found(sound=mute, expected=replace(EXPECTED, silent=True)) == []


@pytest.mark.parametrize("seconds", [59, 61])
def test_every_missing_or_needless_picture_is_an_error(seconds: int) -> None:
    kinds = [kind for kind, severity in found(lively(seconds)) if severity == "error"]
    assert kinds == ["length", "offset"]


@pytest.mark.parametrize(
    ("off_ms", "wanted"),
    [(40, []), (-41, [("offset", "warning")]), (100, [("offset", "warning")]), (101, [("offset", "error")])],
)
def test_sound_and_picture_end_together(off_ms: int, wanted: list[tuple[Kind, Severity]]) -> None:
    assert found(sound=replace(spoken(60), samples=60 * 48_000 + off_ms * 48)) == wanted


def test_damaged_sound_is_told_even_where_silence_is_expected() -> None:
    damaged = replace(spoken(60), damaged=3)
    assert found(sound=damaged, expected=replace(EXPECTED, silent=True)) == [("damaged", "error")]


def test_a_wide_range_is_only_remarked_on_a_square() -> None:
    wide = replace(spoken(60), range_lu=18.0)
    assert found(sound=wide) == [("range", "info")]
    assert worst(judge(lively(60), wide, EXPECTED)) == "info"


def _cue(number: int, rule: str, level: str, start_ms: int) -> CueFinding:
    span = Span(start_ms, start_ms + 1000)
    return CueFinding(str(number), number, span, rule, level, text("wrong"), text("mend it"))  # type: ignore[arg-type]


def test_subtitles_are_placed_in_the_body_and_lesser_things_told_once() -> None:
    cues = (
        _cue(1, "overlap", "error", 0),
        _cue(2, "overlap", "error", 5000),
        *(_cue(number, "short", "warning", number * 1000) for number in range(10, 40)),
        *(_cue(number, "trailing", "warning", number * 1000) for number in range(10, 40)),
    )
    findings = judge(lively(60), spoken(60), replace(EXPECTED, cues=cues))
    assert [(one.severity, one.from_ms) for one in findings] == [
        ("error", BODY_MS),
        ("error", BODY_MS + 5000),
        ("warning", BODY_MS + 10_000),
        ("info", BODY_MS + 10_000),
    ]
    assert str(findings[2].sentence) == "subtitle 10 and 29 others: wrong"


def test_a_file_of_which_nothing_is_known_is_all_body() -> None:
    expected = Expected(None)
    assert found(black(0, 3000), expected=expected) == [("black", "warning")]
    assert found(sound=replace(spoken(60), lkfs=-40.0), expected=expected) == []
    short = found(sound=spoken(50), expected=expected)
    assert short == [("offset", "error"), ("silence", "error")]


def test_the_assumed_parts_hide_no_more_than_a_second_of_the_body() -> None:
    real, assumed = parts_of(LINE), assumed_parts(60)
    assert assumed[:2] == real[:2]
    assert assumed[2].span.start_ms == real[2].span.start_ms
    assert 0 <= real[2].span.end_ms - assumed[2].span.end_ms <= 1000
    assert assumed_parts(11) == ()


def test_five_pictures_a_second_are_told_and_ten_are_not() -> None:
    for every, expected in ((5, [("jerky", "warning")]), (3, [])):
        calm = changed(lively(60), "change", 10_000, 30_000, 1)
        beats = bytearray(calm.change)
        beats[250:750:every] = bytes([90]) * len(beats[250:750:every])
        seen = replace(calm, change=bytes(beats))
        assert found(seen) == expected
        assert found(seen, expected=replace(EXPECTED, slides=True)) == []


def test_the_black_end_of_a_body_is_no_black_card() -> None:
    assumed = replace(EXPECTED, parts=assumed_parts(60))
    assert found(black(54_600, 56_000), expected=assumed) == []
    assert found(black(56_000, 60_000), expected=assumed) == [("black", "error")]


def test_findings_come_in_order_of_time_and_the_worst_first() -> None:
    both = changed(changed(still(30_000, 40_000), "dark", 10_000, 13_000, 255), "light", 10_000, 13_000, 0)
    findings = judge(both, replace(spoken(60), lkfs=-20.0, peak_dbtp=-9.0), EXPECTED)
    assert [one.kind for one in findings] == ["loudness", "black", "freeze"]
    assert worst(findings) == "error"
    assert worst(()) is None


def test_what_stands_still_or_is_silent_by_the_plan_is_told_only_where_it_goes_beyond() -> None:
    planned = replace(EXPECTED, stills=(Span(10_000, 30_000),), quiet=(Span(10_000, 30_000),))
    assert found(still(10_000, 30_000), spoken(60, -15.0, (10_000, 30_000)), planned) == []
    assert found(still(10_000, 36_000), spoken(60, -15.0, (4000, 30_000)), planned) == [("freeze", "warning")]
    assert found(still(10_000, 30_000), spoken(60, -15.0, (10_000, 30_000))) == [
        ("freeze", "error"),
        ("silence", "error"),
    ]
