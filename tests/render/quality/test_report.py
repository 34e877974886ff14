"""The report: a document for programs and a page for people."""

import json
import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from courseware.errors import text
from render.plan.profiles import profile_named
from render.quality.checking import CheckedFile
from render.quality.checks.expected import Expected, assumed_parts
from render.quality.container import AudioFacts, FileFacts, VideoFacts
from render.quality.facts import Thumb
from render.quality.findings import QualityFinding
from render.quality.report import page_of, report_document, report_files, write_report
from tests.render.quality.facts import lively, spoken

MADE = date(2026, 11, 22)
HOSTILE = '<script>alert("x")</script>&{{ 1 }}'


def checked(*findings: QualityFinding, seconds: int = 60, thumbs: int = 12) -> CheckedFile:
    picture = replace(lively(seconds), thumbs=tuple(Thumb(at * 125, b"\xff\xd8jpeg%d" % at) for at in range(thumbs)))
    video = VideoFacts("h264", "yuv420p", 320, 160, Fraction(1), Fraction(25), 30, seconds * 25, None)
    return CheckedFile(
        name="dose · led-320x160",
        path=Path("dose.mp4"),
        lesson="dose",
        title="农药怎样配",
        profile="led-320x160",
        expected=Expected(profile_named("led-320x160"), seconds=seconds, parts=assumed_parts(seconds)),
        file=FileFacts(1000, index_first=True, video=video, audio=AudioFacts("aac", 48_000, 2)),
        picture=picture,
        sound=spoken(seconds),
        findings=findings,
    )


BLACK = QualityFinding("black", "warning", 12_000, 15_000, text("the picture is black for 3 s"), text("cut it out"))
QUIET = QualityFinding("loudness", "error", 0, 0, text("it is too quiet"), text("record again"))


@pytest.mark.usefixtures("without_fonts")
def test_both_files_are_written_and_agree(tmp_path: Path) -> None:
    write_report([checked(), checked(BLACK), checked(BLACK, QUIET)], tmp_path, MADE, "安康市远教办")
    document, page = report_files(tmp_path)
    content = json.loads(document.read_text(encoding="utf-8"))
    assert content["counts"] == {"bad": 1, "look": 1, "good": 1}
    assert content["made"] == "2026-11-22"
    shown = page.read_text(encoding="utf-8")
    verdicts = re.findall(r'<td><span class="verdict \w+">(\w+)</span>', shown)
    # Words, not colours alone; what is worst comes first.
    assert verdicts == ["须重做", "需核对", "合格"]
    assert "安康市远教办" in shown


def test_the_document_is_for_programs() -> None:
    (file,) = report_document([checked(BLACK)], str)["files"]
    assert file["verdict"] == "look"
    assert file["sound"] == {
        "codec": "aac",
        "rate": 48_000,
        "length_ms": 60_000,
        "loudness_lkfs": -15.0,
        "true_peak_dbtp": -5.0,
        "range_lu": 5.0,
    }
    assert file["findings"] == [
        {
            "kind": "black",
            "severity": "warning",
            "from_ms": 12_000,
            "to_ms": 15_000,
            "what": "the picture is black for 3 s",
            "remedy": "cut it out",
        }
    ]


@pytest.mark.usefixtures("without_fonts")
def test_a_file_that_cannot_be_read_has_its_row_too(tmp_path: Path) -> None:
    broken = replace(
        checked(QualityFinding("unreadable", "error", 0, 0, text("it is empty"), text("render it again"))),
        file=FileFacts(0, refused=text("it is empty")),
        picture=None,
        sound=None,
    )
    write_report([broken], tmp_path, MADE)
    document, page = report_files(tmp_path)
    (file,) = json.loads(document.read_text(encoding="utf-8"))["files"]
    assert (file["picture"], file["sound"]) == (None, None)
    assert "须重做" in page.read_text(encoding="utf-8")


@pytest.mark.usefixtures("without_fonts")
def test_nothing_a_person_wrote_becomes_markup(tmp_path: Path) -> None:
    hostile = QualityFinding("cue", "error", 1000, 2000, text("{said}", said=HOSTILE), text("{said}", said=HOSTILE))
    one = replace(checked(hostile), title=HOSTILE, lesson=HOSTILE, profile=HOSTILE)
    write_report([one], tmp_path, MADE, HOSTILE)
    shown = report_files(tmp_path)[1].read_text(encoding="utf-8")
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown


@pytest.mark.usefixtures("without_fonts")
def test_notes_that_a_person_wrote_into_the_page_are_kept(workspace: Path) -> None:
    folder = workspace / "quality"
    assert [write_report([checked(BLACK)], folder, MADE) for _ in range(2)] == [(), ()]
    page = folder / "quality.html"
    page.write_text("looked at it, all well", encoding="utf-8")
    (told,) = write_report([checked(BLACK)], folder, MADE)
    assert (
        told.render(str) == "quality/quality.html: was changed by hand; what stood in it is kept as quality.html.bak"
    )
    assert (folder / "quality.html.bak").read_text(encoding="utf-8") == "looked at it, all well"
    assert "黑场" in page.read_text(encoding="utf-8")


def test_the_page_needs_no_other_file(tmp_path: Path) -> None:
    write_report([checked(BLACK)], tmp_path, MADE)
    shown = report_files(tmp_path)[1].read_text(encoding="utf-8")
    links = re.findall(r'(?:src|href)\s*=\s*"([^"]{0,20})|url\(([^)]{0,20})', shown)
    assert links
    assert all("".join(one).startswith("data:") for one in links)


def test_thumbnails_carry_their_time_and_what_was_found_there() -> None:
    (entry,) = page_of([checked(BLACK)], MADE, "").entries
    assert [one.clock for one in entry.shots][:4] == ["0:00", "0:05", "0:10", "0:15"]
    within = QualityFinding("black", "warning", 9000, 16_000, text("a"), text("b"))
    (entry,) = page_of([checked(within)], MADE, "").entries
    assert [one.tone for one in entry.shots][:5] == ["good", "good", "warning", "warning", "good"]


@pytest.mark.parametrize(("files", "shots"), [(1, 24), (60, 20), (1000, 4)])
def test_a_long_report_shows_fewer_pictures_of_each(files: int, shots: int) -> None:
    many = [checked(seconds=600, thumbs=120)] * files
    assert {len(entry.shots) for entry in page_of(many, MADE, "").entries} == {shots}


def test_the_bar_shows_where_things_are() -> None:
    (entry,) = page_of([checked(BLACK)], MADE, "").entries
    assert [(one.kind, one.left) for one in entry.parts][:2] == [("ident", 0), ("title", 500)]
    (mark,) = entry.marks
    assert (mark.left, mark.width, mark.kind) == (2000, 500, "warning")
    assert 9800 <= sum(one.width for one in entry.parts) <= 10_000
