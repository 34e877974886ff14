"""Each format, written with hostile titles and read back, by itself and by the programs that it is for."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from openpyxl import load_workbook

from courseware.errors import InputError
from courseware.sheets.csv_text import as_meant
from playlists.lists.exporter import Exporter
from playlists.lists.formats import EXPORTERS, chat, csv_sheet, ersatztv, ffplayout, ics, xlsx, xmltv
from playlists.lists.found import read_list
from playlists.lists.rundown import Airing, Rundown, one_line
from playlists.lists.wording import unquoted
from tests.playlists.lists.hostile import MONDAY, RUNDOWNS, TITLES, ZONE, a_day, a_week, airing, event

SHEETS = (xlsx.EXPORTER, csv_sheet.EXPORTER)
FILES = [name for name, one in EXPORTERS.items() if one.paths != "none"]


def at(clock: str, day: int = 23) -> datetime:
    return datetime.fromisoformat(f"2026-11-{day} {clock}+08:00").astimezone(ZONE)


def written(exporter: Exporter) -> bytes:
    return exporter.dump(RUNDOWNS[exporter.span])


@pytest.mark.parametrize("name", EXPORTERS)
def test_every_format_reads_back_the_titles_it_wrote(name: str) -> None:
    exporter = EXPORTERS[name]
    read = {unquoted(one.title) for one in exporter.parse(written(exporter)).airings}
    if name == "ersatztv":  # which has no place for them
        assert read == {""}
    elif name == "txt":  # which names the first few
        assert {unquoted(title) for title in TITLES[:6]} <= read
    else:
        assert {unquoted(title) for title in TITLES} <= read


@pytest.mark.parametrize("name", FILES)
def test_every_format_that_names_files_reads_back_their_order_and_lengths(name: str) -> None:
    exporter = EXPORTERS[name]
    shown = [(one.seconds, one.path) for one in RUNDOWNS[exporter.span].airings if one.path or exporter in SHEETS]
    assert [(one.seconds, one.path) for one in exporter.parse(written(exporter)).airings] == shown


@pytest.mark.parametrize("name", EXPORTERS)
def test_equal_rundowns_make_equal_bytes(name: str) -> None:
    exporter = EXPORTERS[name]
    assert written(exporter) == written(exporter)


OTHERS = (
    b"",
    b"\xff\xfe",
    b"{}",
    b"[1]",
    b'{"program": 1}',
    b"<tv><x/></tv>",
    b"PK\x03\x04",
    b"a,b\n1,2\n",
    b"BEGIN:VCALENDAR",
)


@pytest.mark.parametrize("name", EXPORTERS)
@pytest.mark.parametrize("content", OTHERS)
def test_what_another_program_wrote_is_not_taken_for_ours(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / f"2026-11-23{EXPORTERS[name].suffix}"
    path.write_bytes(content)
    assert read_list(path) is None


PATHS = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="\\/"), min_size=1)


@pytest.mark.parametrize("name", [name for name, one in EXPORTERS.items() if one.span == "window"])
@given(st.lists(st.builds(Airing, st.text(), st.integers(1, 99999), PATHS.map("媒体/{}.mp4".format))), st.text())
def test_a_list_reads_back_as_it_was_written_whatever_the_names(name: str, airings: list[Airing], title: str) -> None:
    exporter = EXPORTERS[name]
    content = exporter.dump(Rundown("", title, tuple(airings)))
    read = exporter.parse(content)
    assert read.airings == tuple(replace(one, title=one_line(one.title)) for one in airings)
    assert exporter.dump(read) == content


# ffplayout: what its own reader asks for (player/utils/json_serializer.rs and mod.rs of July 2026).


def ffplayout_day(rundown: Rundown) -> list[tuple[str, float, float]]:
    day = json.loads(ffplayout.EXPORTER.dump(rundown))
    assert day.keys() == {"channel", "date", "program"}
    date.fromisoformat(day["date"])
    items = day["program"]
    assert all(type(item[key]) is float for item in items for key in ("in", "out", "duration"))
    assert all(item["out"] - item["in"] >= 1 for item in items)  # shorter ones are skipped
    at, found = 4 * 3600.0, []
    for item in items:
        found.append((item["source"], at, item["out"]))
        at += item["out"] - item["in"]
    assert at == (4 + 24) * 3600
    return found


def test_ffplayout_adds_up_lengths_from_four_in_the_morning_and_comes_to_each_start() -> None:
    rundown = a_day()
    midnight = datetime(2026, 11, 23, tzinfo=ZONE)
    wanted = [(one.path, (one.start - midnight).total_seconds()) for one in rundown.airings if one.path and one.start]
    assert [(source, at) for source, at, _ in ffplayout_day(rundown) if source] == wanted


def test_ffplayout_refuses_what_lies_outside_its_day() -> None:
    early = replace(a_day(), airings=(airing(0, datetime(2026, 11, 23, 3, 59, tzinfo=ZONE)),))
    with pytest.raises(InputError, match="at 11-23 03:59 lies outside ffplayout's day"):
        ffplayout.EXPORTER.dump(early)


def test_ffplayout_finds_a_day_where_it_looks_for_it() -> None:
    assert ffplayout.EXPORTER.place(a_day()).as_posix() == "ffplayout/2026/11/2026-11-23.json"


# ErsatzTV Next: schema/playout.json of version 0.0.7, engine 0.2.3.


def test_an_ersatztv_playout_has_what_its_schema_requires() -> None:
    day = json.loads(ersatztv.EXPORTER.dump(a_day()))
    assert day.keys() == {"version", "items"}
    assert day["version"] == "https://ersatztv.org/playout/version/0.0.7"
    assert all(item.keys() == {"id", "start", "finish", "source"} for item in day["items"])
    assert all(item["source"].keys() == {"source_type", "path"} for item in day["items"])
    assert {item["source"]["source_type"] for item in day["items"]} == {"local"}
    assert len({item["id"] for item in day["items"]}) == len(day["items"])
    rfc3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
    assert all(rfc3339.fullmatch(item[key]) for item in day["items"] for key in ("start", "finish"))


def test_an_ersatztv_file_is_called_by_the_range_that_the_engine_looks_for() -> None:
    place = ersatztv.EXPORTER.place(a_day()).as_posix()
    assert place == "ersatztv/20261123T040000.000000000+0800_20261124T040000.000000000+0800.json"


# XMLTV


@pytest.mark.parametrize("venue", ["square-01", "江北_广场", "a_b"])
def test_the_validator_of_xmltv_accepts_the_guide(tmp_path: Path, venue: str) -> None:
    if not shutil.which("tv_validate_file"):
        pytest.skip("tv_validate_file (xmltv-util) is not installed")
    # Where Debian keeps the DTD; else it is fetched.
    environment = {**os.environ, "XMLTV_SUPPLEMENT": "/usr/share/xmltv"}
    path = tmp_path / "guide.xml"
    path.write_bytes(xmltv.EXPORTER.dump(replace(a_week(), venue=venue)))
    command = ["tv_validate_file", path.name]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "Validated ok.\n")


def test_a_guide_names_all_but_what_only_fills_seconds_at_its_time() -> None:
    read = xmltv.EXPORTER.parse(xmltv.EXPORTER.dump(a_week()))
    told = [one for one in a_week().airings if one.is_told]
    assert [(one.title, one.start, one.seconds) for one in read.airings] == [
        (one_line(one.title), one.start, one.seconds) for one in told
    ]


# iCalendar


def test_calendars_find_a_window_and_an_event_on_their_day_at_their_time() -> None:
    import recurring_ical_events

    calendar = Calendar.from_ical(ics.EXPORTER.dump(a_week()))
    found = recurring_ical_events.of(calendar).between(datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 24))  # noqa: DTZ001  (as its users call it)
    entries = [(str(one["SUMMARY"]), one.start.astimezone(ZONE), one.end.astimezone(ZONE)) for one in found]
    first = a_day().airings
    assert first[-3].start
    end = datetime.fromtimestamp(first[-3].start.timestamp() + first[-3].seconds, ZONE)
    shown = "江北 & 文化广场 放映"
    assert (shown, datetime(2026, 11, 23, 18, 30, tzinfo=ZONE), end) in entries
    talk = datetime(2026, 11, 23, 23, 35, tzinfo=ZONE)
    assert ("宣讲：农家夜话 <1>", talk, datetime(2026, 11, 24, 0, 5, tzinfo=ZONE)) in entries


def test_a_calendar_has_one_entry_for_what_follows_each_other_and_each_has_its_own_id() -> None:
    calendar = Calendar.from_ical(ics.EXPORTER.dump(a_week()))
    assert len(calendar.events) == 6
    assert len({event.uid for event in calendar.events}) == 6
    assert not calendar.errors


# Sheets


def test_no_text_of_a_workbook_is_a_formula() -> None:
    book = load_workbook(BytesIO(xlsx.EXPORTER.dump(a_week())))
    assert book.sheetnames == ["11月23日 周一", "11月24日 周二"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert set(TITLES) <= {one_line(str(cell.value)) for cell in cells} | {"𠮷 é 😀."}


def test_no_cell_of_a_csv_sheet_is_a_formula() -> None:
    rows = list(csv.reader(csv_sheet.EXPORTER.dump(a_week()).decode().splitlines()))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "＝"))]
    assert rows[1][:7] == ["2026-11-23", "周一", "18:30:00", "18:30:08", "8", "片头", "片头"]
    assert rows[len(TITLES) + 3][:4] == ["2026-11-24", "周二", "00:10:00", "00:11:01"]


@pytest.mark.parametrize("exporter", SHEETS)
def test_libreoffice_shows_the_texts_of_a_sheet_and_calculates_nothing(tmp_path: Path, exporter: Exporter) -> None:
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice Calc is not installed")
    (tmp_path / f"sheet{exporter.suffix}").write_bytes(exporter.dump(a_day()))
    # As UTF-8, from a file in UTF-8, every column as text where the file itself does not say.
    office = ["soffice", f"-env:UserInstallation=file://{tmp_path}/office", "--headless", "--convert-to"]
    kind = ["csv:Text - txt - csv (StarCalc):44,34,76", "--infilter=CSV:44,34,76"][: 1 + (exporter.suffix == ".csv")]
    command = [*office, *kind, "--outdir", "out", f"sheet{exporter.suffix}"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    rows = list(csv.reader((tmp_path / "out" / "sheet.csv").read_text(encoding="utf-8-sig").splitlines()))
    shown = [as_meant(row[6]) for row in rows[1:]]
    assert shown == [one_line(one.title) for one in a_day().airings]


# A message


def test_a_message_names_each_block_and_event_with_its_time() -> None:
    shown = (
        airing(0, at("18:30:00"), kind="ident", title="片头", seconds=8, block=""),
        airing(0, at("18:30:08"), seconds=52),
        airing(1, at("18:31:00")),
        airing(2, at("18:32:01"), title="《乡村电影》", block=""),
        event("农家夜话", at("19:00:00"), "lecture", "李老师"),
        event("舞蹈队", at("19:30:00"), "activity"),
        airing(0, at("00:10:00", 24)),
    )
    told = chat.EXPORTER.dump(replace(a_day(), venue_name="文化广场", airings=shown)).decode()
    assert told == (
        "【文化广场】11月23日 周一 节目单\n"
        "18:30 技术：《如何配制波尔多液》《]]><!--&amp;<b>\"'》\n"
        "18:32 扶贫实用技术：《乡村电影》\n"
        "19:00 宣讲：农家夜话（李老师）\n"
        "19:30 活动：舞蹈队\n"
        "次日00:10 技术：《如何配制波尔多液》\n"
    )


def test_a_message_of_a_long_evening_counts_what_it_does_not_name() -> None:
    told = chat.EXPORTER.dump(a_day(MONDAY)).decode()
    assert len(told) < 400
    assert f"等{len(TITLES)}个" in told


def test_the_ways_in_an_xspf_are_uris_and_its_lengths_milliseconds() -> None:
    airings = (Airing("a & b", 61, "002_第 1课'%41#;.mp4"),)
    written = EXPORTERS["xspf"].dump(Rundown("", "<t>", airings)).decode()
    assert "<location>002_%E7%AC%AC%201%E8%AF%BE%27%2541%23%3B.mp4</location>" in written
    assert "<duration>61000</duration>" in written
    assert "<title>a &amp; b</title>" in written
