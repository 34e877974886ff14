from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook
from pypdf import PdfReader

from cli import speak
from courseware.lessons.workspace import Workspace, open_workspace
from playlists.asrun.importing import import_logs
from playlists.asrun.plans import PlanBook, days_from
from playlists.reports.commands import report
from playlists.reports.monthly import month_heading, plan_report
from playlists.reports.played import CountyRecord, load_record, sum_up
from playlists.schedules.schedule import Slot
from playlists.weeks.commands import schedule
from templates.pages.report import PrintedTable, ReportPage, dump_report_html
from tests.playlists.asrun.screens import CHINA, Player
from tests.playlists.factories import write_workspace

NOW = datetime(2026, 12, 1, 9, tzinfo=CHINA)
NOVEMBER = days_from(date(2026, 11, 1), date(2026, 11, 30))
WEEKS = tuple(f"2026-W{number}" for number in range(44, 50))
HEADING = month_heading("测试县", NOVEMBER[0])
HELD = date(2026, 11, 4)  # a Wednesday, with a lecture at the square


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_workspace(tmp_path_factory.mktemp("county"))
    for week in WEEKS:
        made = CliRunner().invoke(schedule, ["plan", "--week", week, "--workspace", str(root)], obj=speak("en"))
        assert made.exit_code == 0, made.output
    (root / "requests.csv").write_text(
        "场所,课件,日期\n文化广场,课件1,2026-11-05\n*,课件2,2026-11-02\n", encoding="utf-8"
    )
    return root


@pytest.fixture
def workspace(planned: Path) -> Workspace:
    (planned / ".yuanjiao" / "state.sqlite").unlink(missing_ok=True)
    return open_workspace(planned)


def evening(workspace: Workspace, day: date, some: Sequence[tuple[str, Slot]] | None = None) -> bytes:
    """The log of a square's evening on which all of its plan was shown, or these slots of it."""
    slots = PlanBook(workspace).of_days("square-01", [day]).slots
    year, week, _ = day.isocalendar()
    player = Player(start=slots[0][1].start, boot=f"{day}", kit=f"square-01_{year}-W{week:02}_r1")
    player.write("boot")
    for name, slot in slots if some is None else some:
        player.mono = max(player.mono, round((slot.start - player.start).total_seconds() * 1000))
        if slot.kind == "lesson":
            player.play((name, slot))
            continue
        player.write("event", slot=name)
        player.mono += 60_000
        player.write("tally", reason="42")
        player.mono += slot.seconds * 1000 - 60_000
        player.write("end", slot=name, reason="done")
    player.write("stop")
    return player.content


def report_days(workspace: Workspace, folder: Path, days: Sequence[date]) -> None:
    folder.mkdir(exist_ok=True)
    for day in days:
        (folder / f"{day}.jsonl").write_bytes(evening(workspace, day))
    assert import_logs(workspace, [folder], NOW).problems == ()


def verdicts(record: CountyRecord, name: str) -> list[str]:
    return [one.verdict for venue in record.venues for one in venue.findings if one.obligation.name == name]


def test_a_day_that_nobody_reported_leaves_its_duties_open_and_one_that_was_not_shown_breaks_them(
    workspace: Workspace, tmp_path: Path
) -> None:
    report_days(workspace, tmp_path, NOVEMBER[1:4])
    idle = Player(start=datetime(2026, 11, 5, 18, 59, tzinfo=CHINA), boot="dark", kit="square-01_2026-W45_r1")
    idle.write("boot")
    idle.mono = 3_600_000
    idle.write("stop")
    (tmp_path / "dark.jsonl").write_bytes(idle.content)
    import_logs(workspace, [tmp_path / "dark.jsonl"], NOW)
    found = verdicts(load_record(workspace, NOVEMBER[:7], NOW, ["square-01"]), "日有播放")
    assert found == ["unknown", "pass", "pass", "pass", "fail", "unknown", "unknown"]


def test_a_lecture_whose_card_was_shown_keeps_the_week_and_counts_its_people(
    workspace: Workspace, tmp_path: Path
) -> None:
    report_days(workspace, tmp_path, [HELD])
    record = load_record(workspace, NOVEMBER[:8], NOW, ["square-01"])
    assert verdicts(record, "周有宣讲") == ["unknown", "pass"]  # of the weeks that end on 1 and 8 November
    totals = sum_up(record.venues[0].days)
    assert (totals.lectures, totals.people, totals.openings) == (1, 42, 1)


def test_a_week_is_told_of_in_the_month_in_which_it_ends(workspace: Workspace) -> None:
    record = load_record(workspace, NOVEMBER, NOW, ["square-01"])
    ends = [one.last for one in record.venues[0].findings if one.obligation.period == "week"]
    assert ends == [date(2026, 11, day) for day in (1, 8, 15, 22, 29)]


def test_hours_are_those_that_were_shown(workspace: Workspace, tmp_path: Path) -> None:
    report_days(workspace, tmp_path, NOVEMBER[1:3])
    totals = sum_up(load_record(workspace, NOVEMBER, NOW, ["square-01"]).venues[0].days)
    planned = PlanBook(workspace).of_days("square-01", NOVEMBER[1:3]).slots
    assert totals.ms == sum(slot.seconds for _, slot in planned) * 1000
    assert totals.states["whole"] == len(planned)
    assert totals.states["silent"] == totals.planned - len(planned)


def test_requests_are_met_by_what_was_shown_after_they_were_made(workspace: Workspace, tmp_path: Path) -> None:
    report_days(workspace, tmp_path, NOVEMBER[1:6])
    answers = load_record(workspace, NOVEMBER, NOW).answers
    said = {(one.venue.id, one.request.lesson): one.shown for one in answers}
    assert said["square-01", "lesson-001"]
    assert said["square-01", "lesson-001"] >= datetime(2026, 11, 5, tzinfo=CHINA)
    assert said["square-01", "lesson-002"]
    assert said["station-01", "lesson-002"] is None


def test_who_has_reported_nothing_is_silent_and_a_town_may_be_asked_for(workspace: Workspace, tmp_path: Path) -> None:
    report_days(workspace, tmp_path, NOVEMBER[1:2])
    record = load_record(workspace, NOVEMBER, NOW, towns=["江北镇"])
    assert [(one.venue.id, one.is_silent, one.heard) for one in record.venues] == [
        ("square-01", False, NOVEMBER[1]),
        ("station-01", True, None),
    ]


def test_a_report_begins_no_history_where_none_is(workspace: Workspace) -> None:
    assert load_record(workspace, NOVEMBER, NOW, ["square-01"]).venues[0].is_silent
    assert not (workspace.cache_dir / "state.sqlite").exists()


def test_what_is_still_to_come_is_left_out(workspace: Workspace) -> None:
    early = datetime(2026, 11, 3, 12, tzinfo=CHINA)
    record = load_record(workspace, NOVEMBER, early, ["square-01"])
    assert [one.day.date for one in record.venues[0].days] == list(NOVEMBER[:2])


def run(workspace: Workspace, *arguments: str) -> Result:
    return CliRunner().invoke(report, [*arguments, "--workspace", str(workspace.root)], obj=speak("en"))


def test_the_month_is_written_as_page_for_printing_and_as_workbook(workspace: Workspace, tmp_path: Path) -> None:
    report_days(workspace, tmp_path / "logs", NOVEMBER[1:4])
    found = run(workspace, "month", "--month", "2026-11", "--output", str(tmp_path / "out"))
    assert found.exit_code == 0, found.output
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == [f"远程教育播放月报表_2026-11.{kind}" for kind in ("html", "pdf", "xlsx")]
    printed = "".join(page.extract_text() for page in PdfReader(tmp_path / "out" / names[1]).pages)
    for word in ("测试县远程教育播放月报表", "日有播放", "双河村站点", "从未上报", "填表人"):
        assert word in printed.replace("\n", "").replace("\u200b", "")
    book = load_workbook(tmp_path / "out" / names[2])
    assert len(book.worksheets) == 9
    assert book.worksheets[0].cell(4, 1).value == "文化广场"
    assert isinstance(book.worksheets[0].cell(4, 4).value, int)


def test_the_record_book_has_a_row_for_each_opening_and_each_event(workspace: Workspace, tmp_path: Path) -> None:
    report_days(workspace, tmp_path / "logs", [HELD])
    found = run(workspace, "books", "--month", "2026-11", "--venue", "square-01", "--output", str(tmp_path / "out"))
    assert found.exit_code == 0, found.output
    page = load_workbook(tmp_path / "out" / "远程教育记录簿_square-01_2026-11.xlsx").worksheets[0]
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=4)]
    fourth = [row for row in rows if row[0] == "11月4日 周三"]
    assert [(row[2], row[4], row[5], row[6]) for row in fourth] == [
        ("播放", "播完", None, "播放机"),
        ("宣讲", "已举行", 42, "播放机"),
    ]
    assert next(row[4] for row in rows if row[0] == "11月5日 周四") == "未报"


def test_the_document_holds_every_venue_day_and_finding(workspace: Workspace, tmp_path: Path) -> None:
    report_days(workspace, tmp_path, NOVEMBER[1:2])
    found = run(workspace, "played", "--week", "2026-W45", "--json")
    document = json.loads(found.stdout)
    assert document["silent"] == ["station-01"]
    square = document["venues"][0]
    assert square["states"]["whole"] == square["days"][0]["planned"]
    assert {one["obligation"] for one in square["findings"]} == {"日有播放", "周有宣讲"}


def test_the_document_holds_coverage_attendance_remarks_and_the_days_of_silence(
    workspace: Workspace, tmp_path: Path
) -> None:
    slots = PlanBook(workspace).of_days("square-01", [HELD]).slots
    first = next(slot for _, slot in slots if slot.lesson)
    without = [one for one in slots if one[1] is not first]
    (tmp_path / "a.jsonl").write_bytes(evening(workspace, HELD, without))
    import_logs(workspace, [tmp_path / "a.jsonl"], NOW)
    document = json.loads(run(workspace, "played", "--week", "2026-W45", "--json").stdout)
    talk = next(slot for _, slot in slots if slot.kind == "lecture")
    assert document["attendance"] == [
        {"venue": "square-01", "start": talk.start.isoformat(), "title": talk.title, "people": 42}
    ]
    shown = [slot for _, slot in without if slot.lesson]
    assert sum(one["times"] for one in document["series"]) == len(shown)
    assert {one["lesson"]: one["times"] for one in document["lessons"] if one["times"]} == Counter(
        slot.lesson for slot in shown
    )
    square, station = document["venues"]
    assert [(one["title"], one["state"]) for one in square["remarks"]] == [(first.title, "missing")]
    assert len(square["silent_days"]) == 6
    assert str(HELD) not in square["silent_days"]
    assert station["silent_days"] == ["2026-11-05"]  # its study day
    assert document["unplanned"] == []


def test_the_month_tells_who_came_and_which_days_nobody_reported(workspace: Workspace, tmp_path: Path) -> None:
    report_days(workspace, tmp_path, [HELD])
    record = load_record(workspace, NOVEMBER[1:8], NOW)
    tables = {one.title[2:]: one for one in plan_report(record, workspace.settings.office, HEADING).tables}
    assert [row[-1] for row in tables["参加人数"].rows] == ["42"]
    silent = tables["没有上报播放记录的场所"].rows
    assert [row[3] for row in silent] == ["11月2日—3日、5日—8日，共6天", "全部"]


def test_one_venue_is_told_by_day_and_by_what_was_not_whole(workspace: Workspace, tmp_path: Path) -> None:
    slots = PlanBook(workspace).of_days("square-01", [NOVEMBER[1]]).slots
    (tmp_path / "a.jsonl").write_bytes(evening(workspace, NOVEMBER[1], slots[1:]))
    import_logs(workspace, [tmp_path / "a.jsonl"], NOW)
    said = run(workspace, "played", "--week", "2026-W45", "--venue", "文化广场").stdout
    assert "2026-11-02" in said
    assert f"0/{slots[0][1].seconds} s" in said


def test_a_year_has_a_row_for_each_month(workspace: Workspace) -> None:
    days = days_from(date(2026, 10, 1), date(2026, 12, 31))
    record = load_record(workspace, days, NOW + timedelta(days=30))
    page = plan_report(record, workspace.settings.office, month_heading("测试县", NOVEMBER[0]))
    assert page.tables[0].title == "各月播放情况"
    assert [row[0] for row in page.tables[0].rows] == ["2026-10", "2026-11", "2026-12"]


def test_an_unknown_town_is_told(workspace: Workspace) -> None:
    assert "江北镇" in str(run(workspace, "month", "--town", "江南镇").exception)


def test_nothing_that_a_person_wrote_becomes_markup() -> None:
    evil = "<script>alert(1)</script>"
    table = PrintedTable(evil, (evil,), ((evil,),), (1.0,))
    page = ReportPage("x", evil, ((evil, evil),), ((evil, evil, evil),), (table,), (evil,), (evil,))
    assert "<script" not in dump_report_html(page, fonts=False)


def test_no_cell_that_a_person_wrote_becomes_a_formula() -> None:
    from courseware.sheets.workbook import WorkSheet, dump_workbook

    evil = ("=1+1", "+1", "@x", "-1", "http://x.cn", "=HYPERLINK(1)")
    book = load_workbook(io.BytesIO(dump_workbook([WorkSheet("a/b", "=t", evil, [evil], "=s", ["=f"])])))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not [cell for cell in cells if cell.hyperlink]
    assert dump_workbook([WorkSheet("a", "t", evil, [evil])]) == dump_workbook([WorkSheet("a", "t", evil, [evil])])
