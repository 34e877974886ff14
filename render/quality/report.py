"""What was checked, as one JSON document and one printable page. Measures and judges nothing."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from courseware.errors import Problem, Text
from courseware.files import write_text
from courseware.lessons.workspace import lock_around, root_around
from courseware.storage.handwork import remembering
from courseware.times import Span, clock
from render.quality.checking import CheckedFile, Verdict
from render.quality.checks import CHECKS
from render.quality.checks.expected import Expected
from render.quality.container import VideoFacts
from render.quality.findings import RANKS, Kind, QualityFinding, Severity
from render.quality.sound import UNHEARD_LKFS
from templates.pages.quality_report import (
    BarStretch,
    Figure,
    Issue,
    QualityPage,
    ReportedFile,
    Shot,
    Tone,
    in_chinese,
    quality_page,
)
from templates.type.webfont import inline_faces, kept_faces

DOCUMENT_NAME, PAGE_NAME = "quality.json", "quality.html"
_VERSION = 1
_MOST_SHOTS, _FEWEST_SHOTS, _ALL_SHOTS = 24, 4, 1200  # of a file; on the whole page, for which 8 MB is enough
_WHOLE = 10_000  # of the bar
_ORDER: dict[Verdict, int] = {"bad": 0, "look": 1, "good": 2}
_TONES: dict[Verdict, Tone] = {"bad": "error", "look": "warning", "good": "good"}
_LABELS_OF_FILES: dict[Kind, str] = {
    "unreadable": "文件",
    "damaged": "损坏",
    "changed": "改动",
    "container": "封装",
    "description": "登记",
    "picture": "画面",
}
_RULE_OF_FILES = "文件：逐帧解码无损坏，索引在前，分辨率、像素宽高比、帧率、H.264 级别符合规格，小于 4 GiB。"


def labels() -> dict[Kind, str]:
    """Every kind of thing that is found → its name in the report."""
    return _LABELS_OF_FILES | {kind: label for check in CHECKS.values() for kind, label in check.labels.items()}


def rules() -> tuple[str, ...]:
    """What is checked, for the end of the report."""
    return (*(rule for check in CHECKS.values() for rule in check.rules), _RULE_OF_FILES)


def report_files(target_dir: Path) -> tuple[Path, Path]:
    """The document and the page of a report in that folder."""
    return target_dir / DOCUMENT_NAME, target_dir / PAGE_NAME


def write_report(
    checked: Sequence[CheckedFile], target_dir: Path, made: date, office: str = "", fonts: Path | None = None
) -> tuple[Problem, ...]:
    """Write quality.json and quality.html.

    Args:
        made: the day of the check.
        office: printed at the head of the page.
        fonts: a record of those made before, which need not be made again; None for none.

    Returns:
        Which of them a person had changed, in a workspace, and where that is kept.
    """
    content = {"made": made.isoformat(), **report_document(checked, in_chinese)}
    document = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    faces = partial(kept_faces, record=fonts) if fonts else inline_faces
    page = quality_page(page_of(checked, made, office), faces)
    written = list(zip(report_files(target_dir), (document, page), strict=True))
    root = root_around(target_dir)
    if root is None:
        for path, said in written:
            write_text(path, said)
        return ()
    with lock_around(target_dir), remembering(root, target_dir.resolve()) as own:
        return tuple(chain.from_iterable(own.put(path, said) for path, said in written))


def report_document(checked: Iterable[CheckedFile], translate: Callable[[Text], str]) -> dict[str, Any]:
    """Everything that was measured and found; keys and kinds never change, sentences may."""
    files = [_file_document(one, translate) for one in checked]
    verdicts = [one["verdict"] for one in files]
    counts = {verdict: verdicts.count(verdict) for verdict in _ORDER}
    return {"version": _VERSION, "counts": counts, "files": files}


def _file_document(one: CheckedFile, translate: Callable[[Text], str]) -> dict[str, Any]:
    video, audio = one.file.video, one.file.audio
    return {
        "name": one.name,
        "file": str(one.path),
        "lesson": one.lesson,
        "title": one.title,
        "profile": one.profile,
        "verdict": one.verdict,
        "size": one.file.size,
        "index_first": one.file.index_first,
        "picture": {
            "codec": video.codec,
            "width": video.width,
            "height": video.height,
            "fps": str(video.fps),
            "pictures": video.pictures,
            "length_ms": _picture_ms(one),
        }
        if video
        else None,
        "sound": {
            "codec": audio.codec,
            "rate": audio.rate,
            "length_ms": one.sound.length_ms,
            "loudness_lkfs": _measured(one.sound.lkfs),
            "true_peak_dbtp": _measured(one.sound.peak_dbtp),
            "range_lu": one.sound.range_lu,
        }
        if audio and one.sound
        else None,
        "findings": [finding_document(finding, translate) for finding in one.findings],
    }


def finding_document(one: QualityFinding, translate: Callable[[Text], str]) -> dict[str, Any]:
    """A finding as JSON."""
    return {
        "kind": one.kind,
        "severity": one.severity,
        "from_ms": one.from_ms,
        "to_ms": one.to_ms,
        "what": translate(one.sentence),
        "remedy": translate(one.remedy),
    }


def _measured(value: float) -> float | None:
    return value if value > UNHEARD_LKFS else None


def page_of(checked: Sequence[CheckedFile], made: date, office: str) -> QualityPage:
    """The page, what is worst first."""
    most = max(_FEWEST_SHOTS, min(_MOST_SHOTS, _ALL_SHOTS // max(1, len(checked))))
    ordered = sorted(checked, key=lambda one: _ORDER[one.verdict])
    day = f"{made.year}年{made.month}月{made.day}日"
    return QualityPage(office, day, tuple(_entry(one, most) for one in ordered), rules())


def _entry(one: CheckedFile, most_shots: int) -> ReportedFile:
    length_ms = _picture_ms(one)
    return ReportedFile(
        tone=_TONES[one.verdict],
        title=one.title or one.path.name,
        name=one.lesson or one.path.name,
        profile=one.profile or "—",
        length=clock(round(length_ms / 1000)) if length_ms else "—",
        loudness=_number(one.sound.lkfs) if one.sound else "—",
        peak=_number(one.sound.peak_dbtp) if one.sound else "—",
        short=_short(one.findings),
        figures=tuple(_figures(one)),
        parts=tuple(_bar(part.span, length_ms, part.name) for part in one.expected.parts if length_ms),
        marks=tuple(_marks(one, length_ms)),
        issues=tuple(_issue(finding) for finding in one.findings),
        shots=_shots(one, most_shots),
    )


def _short(findings: Sequence[QualityFinding]) -> tuple[str, ...]:
    """The kinds of what is wrong, each once, gravest first."""
    graver = sorted((one for one in findings if one.severity != "info"), key=lambda one: RANKS[one.severity])
    return tuple(dict.fromkeys(labels()[one.kind] for one in graver))


def _figures(one: CheckedFile) -> Iterable[Figure]:
    profile, video = one.expected.profile, one.file.video
    if video is not None:
        yield Figure("画面", _size(video), _canvas(one.expected), _tone(one, "picture"))
        seconds = one.expected.seconds
        length = f"{_picture_ms(one) / 1000:.2f} 秒"
        yield Figure("时长", length, f"应为 {seconds} 秒" if seconds else "", _tone(one, "length"))
    if one.sound is not None:
        wanted = f"应为 {_signed(profile.loudness_lkfs)}±2" if profile else ""
        yield Figure("响度", f"{_number(one.sound.lkfs)} LKFS", wanted, _tone(one, "loudness", "no-sound"))
        limit = f"不超过 {_signed(profile.true_peak_dbtp)}" if profile else ""
        yield Figure("真峰值", f"{_number(one.sound.peak_dbtp)} dBTP", limit, _tone(one, "peak"))
        yield Figure("响度范围", f"{one.sound.range_lu:.1f} LU", "", _tone(one, "range"))
        if video is not None:
            off_ms = one.sound.length_ms - _picture_ms(one)
            yield Figure("音画时长差", f"{_signed(off_ms)} 毫秒", "", _tone(one, "offset"))


def _canvas(expected: Expected) -> str:
    canvas = expected.profile.canvas if expected.profile else None
    return f"应为 {canvas.width}×{canvas.height}、像素宽高比 1:1" if canvas else ""


def _size(video: VideoFacts) -> str:
    """With the shape of its pixels, where that is what is wrong."""
    shape = f"（像素宽高比 {video.sar.numerator}:{video.sar.denominator}）" if video.sar != 1 else ""
    return f"{video.width}×{video.height}{shape}"


def _tone(one: CheckedFile, *kinds: Kind) -> Tone:
    found = [finding.severity for finding in one.findings if finding.kind in kinds]
    return min(found, key=lambda severity: RANKS[severity], default="good")


def _marks(one: CheckedFile, length_ms: int) -> Iterable[BarStretch]:
    for finding in one.findings:
        if finding.to_ms > finding.from_ms and length_ms:
            yield _bar(Span(finding.from_ms, finding.to_ms), length_ms, finding.severity)


def _bar(span: Span, length_ms: int, kind: str) -> BarStretch:
    left = min(span.start_ms, length_ms) * _WHOLE // length_ms
    return BarStretch(left, min(span.duration_ms * _WHOLE // length_ms, _WHOLE - left), kind)


def _issue(one: QualityFinding) -> Issue:
    when = ""
    if one.to_ms > one.from_ms:
        when = f"{exact_clock(one.from_ms)}–{exact_clock(one.to_ms)}"
    elif one.from_ms:
        when = exact_clock(one.from_ms)
    return Issue(one.severity, labels()[one.kind], when, in_chinese(one.sentence), in_chinese(one.remedy))


def _shots(one: CheckedFile, most: int) -> tuple[Shot, ...]:
    """Thumbnails at even distances."""
    thumbs = one.picture.thumbs if one.picture else ()
    count = min(most, len(thumbs))
    chosen = [thumbs[(2 * index + 1) * len(thumbs) // (2 * count)] for index in range(count)]
    shots = []
    for thumb in chosen:
        at_ms = round(thumb.at * 1000 / one.expected.fps)
        jpeg = base64.b64encode(thumb.jpeg).decode("ascii")
        shots.append(Shot(clock(at_ms // 1000), jpeg, _tone_at(one.findings, at_ms)))
    return tuple(shots)


def _tone_at(findings: Iterable[QualityFinding], at_ms: int) -> Tone:
    unseen = frozenset(kind for check in CHECKS.values() for kind in check.unseen)
    there: list[Severity] = [
        one.severity for one in findings if one.from_ms <= at_ms < one.to_ms and one.kind not in unseen
    ]
    return min(there, key=lambda severity: RANKS[severity], default="good")


def _picture_ms(one: CheckedFile) -> int:
    if one.picture is not None:
        return round(one.picture.pictures * 1000 / one.expected.fps)
    return 0


def exact_clock(ms: int) -> str:
    """For people who look closely: "1:02.3"."""
    return f"{clock(ms // 1000)}.{ms % 1000 // 100}"


def _number(value: float) -> str:
    return f"{value:.1f}".replace("-", "−") if value > UNHEARD_LKFS else "无声"


def _signed(value: int) -> str:
    return f"{value}".replace("-", "−")
