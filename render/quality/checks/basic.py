"""Judges what was seen and heard against what was wanted. Pure: opens no file, decodes nothing.

Limits: GY/T 282-2014 and GY/T 377-2023 (loudness, true peak), EBU Tech 3341 (how far a peak meter may err); the usual
2 s of blackdetect and freezedetect, lengthened to what a lesson shows or leaves unsaid on purpose.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from courseware.errors import text
from courseware.subtitles import cue_rules
from courseware.times import Span
from render.plan.profiles import Profile
from render.plan.timeline import SegmentName
from render.quality.checks.check import QualityCheck
from render.quality.checks.expected import Expected
from render.quality.facts import PictureFacts
from render.quality.findings import RENDER_AGAIN, QualityFinding, Severity
from render.quality.sound import UNHEARD_LKFS, SoundFacts
from render.quality.stretches import (
    JERKY_FROM,
    JERKY_MS,
    black_stretches,
    frozen_stretches,
    jerky_stretches,
    ms_of,
)

_BLACK_MS, _LONG_BLACK_MS = 2000, 5000
_BLACK_CARD_MS = 1000
_FREEZE_MS, _LONG_FREEZE_MS = 5000, 15_000  # a photograph is shown for 3 or 4 seconds on purpose
_SILENCE_MS, _LONG_SILENCE_MS = 5000, 20_000
_NEAR_LU, _FAR_LU = 1.0, 2.0  # we aim at half a unit; the standards allow two
_PEAK_ERROR_DB = 0.2
_WIDE_LU = 15.0  # quiet words in it are below the noise of a square
_RANGED_MS = 60_000  # EBU R 128: the range of a shorter programme says little
_OFFSET_MS, _FAR_OFFSET_MS = 40, 100  # a picture; what lips betray
_ANY_OFFSET_MS, _ANY_FAR_OFFSET_MS = 500, 3000  # in a file of which nothing is known
_STYLE = frozenset({"punctuation", "traditional", "leading", "trailing", "line", "size"})


def judge_basics(
    picture: PictureFacts | None, sound: SoundFacts | None, expected: Expected
) -> Iterator[QualityFinding]:
    """What is black, still, jerky, silent, too loud or too quiet, too long or too short; and its subtitles."""
    if picture is not None:
        yield from _black(picture, expected)
        yield from _frozen(picture, expected)
        yield from _jerky(picture, expected)
        yield from _length(picture, expected)
    if sound is not None:
        yield from _heard(sound, expected, picture)
    if picture is not None and sound is not None:
        yield from _offset(picture, sound, expected)
    yield from _cues(expected)


def _within(stretches: Iterable[Span], name: SegmentName, expected: Expected) -> Iterator[Span]:
    """The stretches cut to the part of that name; all of them are body when no parts are known."""
    around = expected.spans_of(name)
    for stretch in stretches:
        if not expected.parts:
            if name == "body":
                yield stretch
            continue
        for part in around:
            if stretch.overlaps(part):
                yield Span(max(stretch.start_ms, part.start_ms), min(stretch.end_ms, part.end_ms))


def _outside(stretches: Iterable[Span], spans: Iterable[Span]) -> Iterator[Span]:
    """What of the stretches lies in none of the spans."""
    left = list(stretches)
    for span in spans:
        left = [
            Span(start_ms, end_ms)
            for one in left
            for start_ms, end_ms in (
                (one.start_ms, min(one.end_ms, span.start_ms)),
                (max(one.start_ms, span.end_ms), one.end_ms),
            )
            if start_ms < end_ms
        ]
    yield from left


def _black(picture: PictureFacts, expected: Expected) -> Iterator[QualityFinding]:
    """Black for 2 s in the body, for 1 s on a card."""
    stretches = tuple(black_stretches(picture, expected.fps))
    remedy = text("look at the source there; cut the black out, or replace the damaged stretch")
    for stretch in _within(stretches, "body", expected):
        if stretch.duration_ms >= _BLACK_MS:
            severity: Severity = "error" if stretch.duration_ms >= _LONG_BLACK_MS else "warning"
            what = text("the picture is black for {seconds} s", seconds=_seconds(stretch))
            yield QualityFinding("black", severity, stretch.start_ms, stretch.end_ms, what, remedy)
    for name in _CARDS:
        for stretch in _within(stretches, name, expected):
            if stretch.duration_ms >= _BLACK_CARD_MS:
                what = text("a card is black for {seconds} s", seconds=_seconds(stretch))
                again = text("render this lesson again; if it stays so, check the series' look")
                yield QualityFinding("black", "error", stretch.start_ms, stretch.end_ms, what, again)


_CARDS: tuple[SegmentName, ...] = ("ident", "title", "end")


def _frozen(picture: PictureFacts, expected: Expected) -> Iterator[QualityFinding]:
    """Stretches without motion in the body, unless the lesson consists of slides or they are mostly black."""
    if expected.slides:
        return
    dark = [one for one in black_stretches(picture, expected.fps) if one.duration_ms >= _BLACK_MS]
    remedy = text("look at the source there; if the lesson consists of slides, write slides = true in lesson.toml")
    still = _outside(frozen_stretches(picture, expected.fps), expected.stills)
    for stretch in _within(still, "body", expected):
        # Black is told as black.
        if stretch.duration_ms < _FREEZE_MS or _covered_ms(stretch, dark) * 2 > stretch.duration_ms:
            continue
        severity: Severity = "error" if stretch.duration_ms >= _LONG_FREEZE_MS else "warning"
        what = text("the picture stands still for {seconds} s", seconds=_seconds(stretch))
        yield QualityFinding("freeze", severity, stretch.start_ms, stretch.end_ms, what, remedy)


def _jerky(picture: PictureFacts, expected: Expected) -> Iterator[QualityFinding]:
    """Where only a few pictures a second are new, each as long as the other: made so from a slow source."""
    if expected.slides:
        return
    shown = [
        one
        for one in _within(_outside(jerky_stretches(picture, expected.fps), expected.stills), "body", expected)
        if one.duration_ms >= JERKY_MS
    ]
    if shown:
        what = text("the picture moves in jerks, fewer than {rate} times a second", rate=round(1 / JERKY_FROM))
        remedy = text("look for a recording with 25 pictures a second; if it shows slides, write slides = true")
        yield QualityFinding("jerky", "warning", shown[0].start_ms, shown[-1].end_ms, what, remedy)


def _covered_ms(span: Span, others: Iterable[Span]) -> int:
    shared = (min(span.end_ms, one.end_ms) - max(span.start_ms, one.start_ms) for one in others)
    return sum(ms for ms in shared if ms > 0)


def _length(picture: PictureFacts, expected: Expected) -> Iterator[QualityFinding]:
    """Another number of pictures than seconds × rate."""
    if expected.seconds is None:
        return
    wanted = expected.seconds * expected.fps
    if picture.pictures == wanted:
        return
    missing_ms = round((wanted - picture.pictures) * 1000 / expected.fps)
    what = text("it is {ms} ms shorter than the {seconds} s it should last", ms=missing_ms, seconds=expected.seconds)
    if missing_ms < 0:
        what = text(
            "it is {ms} ms longer than the {seconds} s it should last", ms=-missing_ms, seconds=expected.seconds
        )
    at_ms = min(ms_of(picture.pictures, expected.fps), expected.seconds * 1000)
    yield QualityFinding("length", "error", at_ms, at_ms + abs(missing_ms), what, RENDER_AGAIN)


def _heard(sound: SoundFacts, expected: Expected, picture: PictureFacts | None) -> Iterator[QualityFinding]:
    end_ms = sound.length_ms
    if sound.damaged:
        what = text("{count} packets of its sound cannot be decoded", count=sound.damaged)
        yield QualityFinding("damaged", "error", 0, 0, what, RENDER_AGAIN)
    if expected.silent:
        return
    if sound.lkfs <= UNHEARD_LKFS:
        what = text("nothing is heard in all of it")
        remedy = text("check the sound of the source, and that the right sound track was taken")
        yield QualityFinding("no-sound", "error", 0, end_ms, what, remedy)
        return
    yield from _silence(sound, expected)
    yield from _too_short(sound, expected, picture)
    if expected.profile is not None:
        yield from _loudness(sound, expected.profile)


def _silence(sound: SoundFacts, expected: Expected) -> Iterator[QualityFinding]:
    remedy = text("listen to the source there; if it was muted, record it again, or put music under it")
    for stretch in _within(_outside(sound.silences, expected.quiet), "body", expected):
        if stretch.duration_ms >= _SILENCE_MS:
            severity: Severity = "error" if stretch.duration_ms >= _LONG_SILENCE_MS else "warning"
            what = text("nothing is heard for {seconds} s", seconds=_seconds(stretch))
            yield QualityFinding("silence", severity, stretch.start_ms, stretch.end_ms, what, remedy)


def _too_short(sound: SoundFacts, expected: Expected, picture: PictureFacts | None) -> Iterator[QualityFinding]:
    """A sound that ends long before the picture: the rest is silent, too."""
    if picture is None or expected.parts:
        return
    end_ms = ms_of(picture.pictures, expected.fps)
    if end_ms - sound.length_ms >= _SILENCE_MS:
        rest = Span(sound.length_ms, end_ms)
        what = text("nothing is heard for {seconds} s", seconds=_seconds(rest))
        remedy = text("the sound ends before the picture; check the source")
        yield QualityFinding("silence", "error", rest.start_ms, rest.end_ms, what, remedy)


def _loudness(sound: SoundFacts, profile: Profile) -> Iterator[QualityFinding]:
    wanted, limit = profile.loudness_lkfs, profile.true_peak_dbtp
    off = round(sound.lkfs - wanted, 1)
    if abs(off) > _NEAR_LU:
        severity: Severity = "error" if abs(off) > _FAR_LU else "warning"
        values = {"lkfs": sound.lkfs, "wanted": wanted}
        if off > 0:
            what = text("it is too loud: {lkfs} LKFS instead of {wanted}", **values)
            remedy = RENDER_AGAIN
        else:
            what = text("it is too quiet: {lkfs} LKFS instead of {wanted}", **values)
            remedy = text("record nearer to the microphone; single loud noises keep the whole quiet, cut them out")
        yield QualityFinding("loudness", severity, 0, 0, what, remedy)
    if sound.peak_dbtp > limit + _PEAK_ERROR_DB:
        what = text("its peaks reach {peak} dBTP, at most {limit} are allowed", peak=sound.peak_dbtp, limit=limit)
        yield QualityFinding("peak", "error", 0, 0, what, RENDER_AGAIN)
    if profile.led and sound.range_lu > _WIDE_LU and sound.length_ms >= _RANGED_MS:
        what = text("loud and quiet passages lie {range} LU apart", range=sound.range_lu)
        remedy = text("quiet words are lost in the noise of a square; even out the recording")
        yield QualityFinding("range", "info", 0, 0, what, remedy)


def _offset(picture: PictureFacts, sound: SoundFacts, expected: Expected) -> Iterator[QualityFinding]:
    end_ms = ms_of(picture.pictures, expected.fps)
    off_ms = sound.length_ms - end_ms
    near, far = (_OFFSET_MS, _FAR_OFFSET_MS) if expected.profile else (_ANY_OFFSET_MS, _ANY_FAR_OFFSET_MS)
    if abs(off_ms) <= near:
        return
    severity: Severity = "error" if abs(off_ms) > far else "warning"
    what = text("the sound ends {ms} ms after the picture", ms=off_ms)
    if off_ms < 0:
        what = text("the sound ends {ms} ms before the picture", ms=-off_ms)
    yield QualityFinding(
        "offset", severity, min(end_ms, sound.length_ms), max(end_ms, sound.length_ms), what, RENDER_AGAIN
    )


def _cues(expected: Expected) -> Iterator[QualityFinding]:
    """Each error; of lesser things one for each rule, since there may be hundreds."""
    body = next((part.span.start_ms for part in expected.parts if part.name == "body"), 0)
    graver = [one for one in expected.cues if one.level == "error"]
    lesser: dict[str, list[cue_rules.CueFinding]] = {}
    for cue in expected.cues:
        if cue.level != "error":
            lesser.setdefault(cue.rule, []).append(cue)
    for one in graver:
        yield _about_cue(one, "error", body, 1)
    for rule, same in lesser.items():
        yield _about_cue(same[0], "info" if rule in _STYLE else "warning", body, len(same))


def _about_cue(one: cue_rules.CueFinding, severity: Severity, shift_ms: int, count: int) -> QualityFinding:
    what = text("subtitle {number}: {what}", number=one.number, what=one.what)
    if count > 1:
        what = text("subtitle {number} and {more} others: {what}", number=one.number, more=count - 1, what=one.what)
    return QualityFinding("cue", severity, one.span.start_ms + shift_ms, one.span.end_ms + shift_ms, what, one.repair)


def _seconds(span: Span) -> str:
    return f"{span.duration_ms / 1000:.1f}"


CHECK = QualityCheck(
    judge_basics,
    labels={
        "black": "黑场",
        "freeze": "静帧",
        "jerky": "卡顿",
        "no-sound": "无声",
        "silence": "静音",
        "loudness": "响度",
        "peak": "峰值",
        "range": "起伏",
        "length": "时长",
        "offset": "音画",
        "cue": "字幕",
    },
    rules=(
        "黑场：正文中连续 2 秒以上提醒，5 秒以上为错误；片头、片名卡、片尾不得黑场 1 秒以上。",
        "静帧：正文画面 5 秒不动提醒，15 秒不动为错误；声明为幻灯片的课件（slides = true）不查。",
        "静音：正文中低于 −55 dBFS 达 5 秒提醒，20 秒为错误。",
        (
            "响度：电视为 −24 LKFS、真峰值不超过 −2 dBTP（GY/T 282—2014）；广场大屏为 −15 LKFS、不超过 −1 dBTP"
            "（GY/T 377—2023）；偏差 1 LU 以上提醒，2 LU 以上为错误。"
        ),
        "时长：须为整秒，与应有时长一帧不差；音画时长相差 40 毫秒以上提醒，100 毫秒以上为错误。",
    ),
    unseen=frozenset({"silence", "no-sound", "cue"}),
)
