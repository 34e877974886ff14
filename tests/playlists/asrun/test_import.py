from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from cli import speak
from courseware.lessons.workspace import Workspace, open_workspace
from courseware.sheets.grid import load_grids
from playlists.almanac import clock
from playlists.asrun import importing
from playlists.asrun.commands import asrun
from playlists.asrun.formats.record_sheet import HEADINGS
from playlists.asrun.importing import ImportedRecords, import_logs
from playlists.asrun.plans import PlanBook
from playlists.asrun.reconcile import SlotOutcome, reconcile
from playlists.asrun.store import AsrunStore, open_asrun
from playlists.kits.plan import name_in_kits
from playlists.schedules.history import Ledger, open_ledger
from playlists.schedules.schedule import Slot, load_schedule
from playlists.weeks.commands import schedule
from tests.playlists.asrun.screens import Player, file_of
from tests.playlists.factories import write_workspace

WEEK = "2026-W47"  # the present day of these tests is its Friday
MONDAY = date(2026, 11, 16)


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_workspace(tmp_path_factory.mktemp("county"))
    made = CliRunner().invoke(schedule, ["plan", "--week", WEEK, "--workspace", str(root)], obj=speak("en"))
    assert made.exit_code == 0, made.output
    return root


@pytest.fixture
def workspace(planned: Path) -> Workspace:
    (planned / ".yuanjiao" / "state.sqlite").unlink(missing_ok=True)
    return open_workspace(planned)


def evening(workspace: Workspace, day: int = 0, venue: str = "square-01") -> tuple[tuple[str, Slot], ...]:
    return PlanBook(workspace).of_days(venue, [MONDAY + timedelta(days=day)]).slots


def player(some: Sequence[tuple[str, Slot]], **changes: str) -> Player:
    played = Player(start=some[0][1].start, kit=f"square-01_{WEEK}_r1")
    for key, value in changes.items():
        setattr(played, key, value)
    return played.evening(some)


def bring(workspace: Workspace, folder: Path, **files: bytes | str) -> ImportedRecords:
    paths = []
    for name, content in files.items():
        path = folder / name.replace("__", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        paths.append(path)
    return import_logs(workspace, paths, clock.now(workspace))


def outcomes(workspace: Workspace, venue: str = "square-01") -> tuple[SlotOutcome, ...]:
    plan = PlanBook(workspace).of_days(venue, [MONDAY + timedelta(days=n) for n in range(7)])
    with open_asrun(workspace.cache_dir) as store:
        said = store.heard(0, 2**60).get(venue, [])
    return reconcile(plan.slots, said, round(clock.now(workspace).timestamp() * 1000)).outcomes


def told(found: ImportedRecords) -> str:
    return "\n".join(str(one.render(str)) for one in found.problems)


def test_a_log_is_taken_in_once_however_often_it_is_brought(workspace: Workspace, tmp_path: Path) -> None:
    some = evening(workspace)
    content = player(some).content
    first = bring(workspace, tmp_path, a__jsonl=content)
    again = bring(workspace, tmp_path, b__jsonl=content)
    assert first.files[0][2] == len(content.splitlines())
    assert (again.files[0][2], again.problems) == (0, ())
    assert sum(one.is_shown for one in outcomes(workspace)) == len(some)


def test_two_halves_brought_one_after_the_other_are_the_whole(workspace: Workspace, tmp_path: Path) -> None:
    lines = player(evening(workspace)).lines
    second = bring(workspace, tmp_path, b__jsonl=file_of(lines[7:]))
    assert "lines are missing before: 7" in told(second)
    first = bring(workspace, tmp_path, a__jsonl=file_of(lines[:9]))
    assert first.problems == ()
    halves = outcomes(workspace)
    (workspace.cache_dir / "state.sqlite").unlink()
    bring(workspace, tmp_path, c__jsonl=file_of(lines))
    assert halves == outcomes(workspace)


def test_a_torn_last_line_is_dropped_and_counted(workspace: Workspace, tmp_path: Path) -> None:
    content = player(evening(workspace)).content
    found = bring(workspace, tmp_path, a__jsonl=content[:-40])
    assert (found.torn, found.problems) == (1, ())
    assert found.files[0][2] == len(content.splitlines()) - 1


def test_logs_glued_together_at_a_torn_line_are_both_read(workspace: Workspace, tmp_path: Path) -> None:
    some = evening(workspace)
    first = player(some[:3]).content[:-40]
    second = player(some[3:], boot="b2").content
    found = bring(workspace, tmp_path, a__jsonl=first + second)
    assert "1 lines are damaged" in told(found)
    assert sum(one.is_shown for one in outcomes(workspace)) == len(some)


@pytest.mark.parametrize("change", [b'"pos":0', b'"late":0'])
def test_a_changed_line_is_named_and_does_not_count(workspace: Workspace, tmp_path: Path, change: bytes) -> None:
    some = evening(workspace)
    lines = list(player(some).lines)
    lines[3] = lines[3].replace(change, change[:-1] + b"7")
    found = bring(workspace, tmp_path, a__jsonl=file_of(lines))
    assert "square-01 pc1/b1: lines were changed after they were written, and do not count: 3" in told(found)
    assert "doubtful" in {one.state for one in outcomes(workspace)}


def test_a_log_of_no_venue_of_ours_and_one_under_a_wrong_name_are_told(workspace: Workspace, tmp_path: Path) -> None:
    some = evening(workspace)
    foreign = bring(workspace, tmp_path, a__jsonl=player(some, kit="elsewhere-07_2026-W47_r1").content)
    assert "is of elsewhere-07, which is no venue here" in told(foreign)
    assert not any(one.is_shown for one in outcomes(workspace))
    renamed = bring(workspace, tmp_path, **{"station-01_pc1_b9__jsonl": player(some, boot="b9").content})
    assert "is called after station-01, but its kits were made for square-01" in told(renamed)
    assert any(one.is_shown for one in outcomes(workspace))


def test_a_venue_whose_id_is_chinese_is_known_by_what_its_kits_call_it(workspace: Workspace, tmp_path: Path) -> None:
    rows = (workspace.root / "venues.csv").read_text(encoding="utf-8")
    (workspace.root / "venues.csv").write_text(
        rows + rows.split("\n")[1].replace("square-01,文化", "广场二,二号"), "utf-8"
    )
    played = player(evening(workspace), kit=f"{name_in_kits('广场二')}_{WEEK}_r1")
    found = bring(workspace, tmp_path, 广场二_pc1_b1__jsonl=played.content)
    (workspace.root / "venues.csv").write_text(rows, encoding="utf-8")
    assert told(found) == ""
    assert list(found.venues) == ["广场二"]
    with open_asrun(workspace.cache_dir) as store:
        assert list(store.heard(0, 2**60)) == ["广场二"]


def test_a_log_of_the_future_is_told_and_does_not_count(workspace: Workspace, tmp_path: Path) -> None:
    found = bring(workspace, tmp_path, a__jsonl=player(evening(workspace, day=6)).content)
    assert "entries are of the future" in told(found)
    assert found.venues == {}


def test_a_folder_is_read_with_all_below_it_and_without_what_systems_leave_there(
    workspace: Workspace, tmp_path: Path
) -> None:
    content = player(evening(workspace)).content
    (tmp_path / "stick" / "asrun").mkdir(parents=True)
    (tmp_path / "stick" / "asrun" / "a.jsonl").write_bytes(content)
    (tmp_path / "stick" / "asrun" / "._a.jsonl").write_bytes(b"\x00\x05\x16\x07")
    (tmp_path / "stick" / "plan.json").write_text("{}", encoding="utf-8")
    found = import_logs(workspace, [tmp_path / "stick"], clock.now(workspace))
    assert [name for name, _, _ in found.files] == ["a.jsonl"]
    assert found.problems == ()


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.jsonl", b"", "the file is empty"),
        ("a.jsonl", b"hello\n", "is not a play log in a known format"),
        ("a.csv", b"PK\x03\x04zip", "is an archive; unpack it"),
        ("a.jsonl", b"\x00" * 400, "the file is empty"),
        ("a.mp4", b"video", "is not a play log in a known format"),
    ],
)
def test_what_is_no_log_is_named_and_hides_no_other(
    workspace: Workspace, tmp_path: Path, name: str, content: bytes, what: str
) -> None:
    (tmp_path / name).write_bytes(content)
    (tmp_path / "good.jsonl").write_bytes(player(evening(workspace)).content)
    found = import_logs(workspace, [tmp_path / name, tmp_path / "good.jsonl"], clock.now(workspace))
    assert f"{name}: {what}" in told(found)
    assert len(found.files) == 1


def test_xibos_proof_of_play_is_read_and_a_clock_set_back_loses_nothing(workspace: Workspace, tmp_path: Path) -> None:
    (_, first), (_, second) = evening(workspace)[:2]
    head = "Stat Date,Type,FromDT,ToDT,Layout,Campaign,Display,Media,Tag,Duration,Count,Engagements\n"
    row = ",media,{start:%Y-%m-%d %H:%M:%S},{end:%Y-%m-%d %H:%M:%S},版面,,{display},{name},,{seconds},1,\n"
    good = row.format(start=first.start, end=first.end, display="文化广场", name=first.title, seconds=first.seconds)
    set_back = row.format(
        start=second.start, end=first.start, display="square-01", name=second.title, seconds=second.seconds
    )
    strange = row.format(start=first.start, end=first.end, display="别处", name=first.title, seconds=1)
    found = bring(workspace, tmp_path, x__csv=head + good + set_back + strange)
    assert [one.state for one in outcomes(workspace)[:3]] == ["whole", "whole", "silent"]
    assert "x.csv:4" in told(found)
    assert bring(workspace, tmp_path, y__csv=head + good).files == (("y.csv", "xibo", 0),)


def test_ffplayouts_log_is_read_for_the_venue_that_is_told(workspace: Workspace, tmp_path: Path) -> None:
    (_, first), (_, second) = evening(workspace)[:2]
    said = (
        '[{0:%Y-%m-%d %H:%M:%S}.000] [INFO] Play for <span class="log-number">00:00:{1}.00</span>: <b>/m/{2}.mp4</b>'
    )
    lines = [said.format(one.start, one.seconds, one.title) for one in (first, second)]
    path = tmp_path / "ffplayout.log"
    path.write_text("\n".join([*lines, "[x] something else"]), encoding="utf-8")
    assert "add --venue" in told(import_logs(workspace, [path], clock.now(workspace)))
    import_logs(workspace, [path], clock.now(workspace), "文化广场")
    assert [one.state for one in outcomes(workspace)[:3]] == ["whole", "whole", "silent"]


def test_vnnoxs_play_log_is_read_as_sheet_and_as_json(workspace: Workspace, tmp_path: Path) -> None:
    (_, first), (_, second) = evening(workspace)[:2]
    table = (
        "播放器名称,媒体名称,开始时间,播放时长\n"
        f"文化广场,{first.title}.mp4,{first.start:%Y-%m-%d %H:%M:%S},{first.seconds}\n"
        f"文化广场,{first.title}.mp4,昨天,{first.seconds}\n"
    )
    entry = {"playerName": "square-01", "mediaName": second.title, "startTime": int(second.start.timestamp() * 1000)}
    answer = json.dumps({"data": {"rows": [{**entry, "duration": second.seconds}]}})
    found = bring(workspace, tmp_path, v__csv=table.encode("gb18030"), v__json=answer)
    assert [kind for _, kind, _ in found.files] == ["vnnox", "vnnox"]
    assert "v.csv:3: “昨天” is not a moment" in told(found)
    assert [one.state for one in outcomes(workspace)[:3]] == ["whole", "whole", "silent"]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(asrun, arguments, obj=speak("en"))


def filled(workspace: Workspace, tmp_path: Path, *answers: tuple[int, dict[str, str | int]]) -> Path:
    """The printed blank, filled in: row → heading → what is written there."""
    path = tmp_path / "sheet.xlsx"
    made = run("sheet", "square-01", "--week", WEEK, "--output", str(path), "--workspace", str(workspace.root))
    assert made.exit_code == 0, made.output
    book = load_workbook(path)
    page = book.worksheets[0]
    columns = {names[0]: number for number, names in enumerate(HEADINGS.values(), 1)}
    for row, values in answers:
        for heading, value in values.items():
            page.cell(row, columns[heading], value)
    book.save(path)
    return path


def test_the_printed_sheet_comes_back_as_it_was_filled_in(workspace: Workspace, tmp_path: Path) -> None:
    path = filled(workspace, tmp_path, (4, {"是否播放": "是", "人数": 40}), (5, {"是否播放": "否", "备注": "停电"}))
    found = import_logs(workspace, [path], clock.now(workspace))
    assert found.problems == ()
    days: dict[date, set[str]] = {}
    for one in outcomes(workspace):
        days.setdefault(one.slot.start.date(), set()).add(one.state)
    assert days[MONDAY] == {"whole"}
    assert days[MONDAY + timedelta(days=1)] == {"missing"}
    assert days[MONDAY + timedelta(days=2)] == {"silent"}


def test_a_corrected_sheet_takes_the_place_of_the_one_before(workspace: Workspace, tmp_path: Path) -> None:
    import_logs(workspace, [filled(workspace, tmp_path, (4, {"是否播放": "是"}))], clock.now(workspace))
    (tmp_path / "sheet.xlsx").unlink()
    import_logs(workspace, [filled(workspace, tmp_path, (4, {"是否播放": "否"}))], clock.now(workspace))
    assert {one.state for one in outcomes(workspace) if one.slot.start.date() == MONDAY} == {"missing"}


def test_what_is_wrong_in_a_sheet_is_told_by_row_and_column(workspace: Workspace, tmp_path: Path) -> None:
    path = filled(
        workspace,
        tmp_path,
        (4, {"是否播放": "大概", "人数": "很多"}),
        (5, {"是否播放": "部分"}),
        (6, {"是否播放": "是", "实际开始": "19:20", "实际结束": "19:00"}),
    )
    said = told(import_logs(workspace, [path], clock.now(workspace)))
    assert "sheet.xlsx:4, 是否播放: “大概” is not known" in said
    assert "sheet.xlsx:4, 人数: “很多” is not a number of people" in said
    assert "sheet.xlsx:5, 是否播放: when was it shown?" in said
    assert "sheet.xlsx:6, 实际结束: ends before it begins" in said


def test_a_formula_in_a_sheet_is_told(workspace: Workspace, tmp_path: Path) -> None:
    path = filled(workspace, tmp_path, (4, {"是否播放": "=1+1"}))
    assert "播放记录表!H4: holds a formula without a saved value" in told(
        import_logs(workspace, [path], clock.now(workspace))
    )


def test_another_systems_log_of_the_future_is_told_and_does_not_count(workspace: Workspace, tmp_path: Path) -> None:
    _, slot = evening(workspace, day=6)[0]
    table = (
        f"播放器,媒体名称,开始时间,播放时长\nsquare-01,{slot.title},{slot.start:%Y-%m-%d %H:%M:%S},{slot.seconds}\n"
    )
    found = bring(workspace, tmp_path, v__csv=table)
    assert "square-01: 1 entries are of the future" in told(found)
    with open_asrun(workspace.cache_dir) as store:
        assert [one.doubtful for one in store.heard(0, 2**60)["square-01"]] == [True]


def test_the_history_is_written_when_nobody_reads_the_logs_any_more(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two connections to one file: what the one has read, the other cannot write over, once there is much of it."""
    busy = [False]

    @contextmanager
    def watched_store(folder: Path) -> Iterator[AsrunStore]:
        with open_asrun(folder) as store:
            busy[0] = True
            yield store
        busy[0] = False

    @contextmanager
    def watched_ledger(folder: Path) -> Iterator[Ledger]:
        assert not busy[0]
        with open_ledger(folder) as ledger:
            yield ledger

    monkeypatch.setattr(importing, "open_asrun", watched_store)
    monkeypatch.setattr(importing, "open_ledger", watched_ledger)
    bring(workspace, tmp_path, a__jsonl=player(evening(workspace)).content)


def test_no_cell_of_the_blank_is_a_formula(workspace: Workspace, tmp_path: Path) -> None:
    path = filled(workspace, tmp_path)
    page = load_workbook(path).worksheets[0]
    assert not [cell.coordinate for row in page.iter_rows() for cell in row if cell.data_type == "f"]
    assert load_grids(path)[0][0].rows[2][0].value == "场所编号"


def test_the_planner_knows_what_was_shown_and_what_was_not(workspace: Workspace, tmp_path: Path) -> None:
    some = evening(workspace)
    with open_ledger(workspace.cache_dir) as ledger:
        ledger.record("published", [load_schedule(workspace.schedules_dir / WEEK / "square-01.json")])
        announced = ledger.showings("square-01", 0, 2**40)
    played = Player(start=some[0][1].start, kit=f"square-01_{WEEK}_r1")
    played.write("boot")
    played.mono = some[0][1].seconds * 1000
    played.write("missing", slot=some[0][0])
    played.evening(some[1:])
    bring(workspace, tmp_path, a__jsonl=played.content)
    with open_ledger(workspace.cache_dir) as ledger:
        assert ledger.showings("square-01", 0, 2**40) == announced[1:]
        assert ledger.weeks("shown") == (WEEK,)


def test_the_command_says_what_is_new_and_of_which_days(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(player(evening(workspace)).content[:-30])
    found = run("import", str(path), "--workspace", str(workspace.root))
    assert "square-01" in found.stdout
    assert "2026-11-16" in found.stdout
    assert "1 files read" in found.stdout
    assert "1 last lines were cut off" in found.stderr
    document = json.loads(run("import", str(path), "--workspace", str(workspace.root), "--json").stdout)
    assert document["files"] == [{"file": "a.jsonl", "format": "player", "new": 0}]
    assert document["torn"] == 1
