import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import cli
from courseware.errors import InputError, Problem
from courseware.lessons.rendition import load_renditions
from courseware.lessons.workspace import open_workspace
from playlists.almanac import clock
from playlists.almanac.typed import month_typed
from playlists.checking.reporting import weeks_of
from playlists.county.county import load_county
from playlists.files.calendar import load_calendar
from playlists.files.lecturers import speakers_in
from playlists.files.venues import load_venues
from playlists.overview.check import check_workspace
from playlists.overview.names import staff_problems
from playlists.people.staffing import book_rooms, staff_week
from playlists.schedules.schedule import Schedule, load_schedule
from tests.playlists.clean_weeks import WEEK, ZONE, clean_week, make_facts, wish_little
from tests.playlists.factories import save_schedule, write_workspace

LENGTHS = (60, 120, 60, 180, 60, 120)
CENTRE = "centre-01,县培训中心,培训中心,测试县,城关镇,512x320,周一至周五 09:00-11:00,\n"


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two squares with a lecture that names nobody, and a centre with two rooms."""
    monkeypatch.setattr(clock, "today", lambda _workspace: date(2026, 11, 23))
    write_workspace(tmp_path, LENGTHS)
    wish_little(tmp_path)
    rows = (tmp_path / "venues.csv").read_text(encoding="utf-8")
    more = rows.splitlines()[1].replace("square-01", "square-02").replace("江北镇", "双河镇") + "\n"
    (tmp_path / "venues.csv").write_text(rows + more + CENTRE, encoding="utf-8")
    event = '[[lecture]]\ntitle = "农家夜话"\nvenues = "广场"\nweekday = "周三"\nat = "19:05"\nminutes = 10\n'
    (tmp_path / "calendar.toml").write_text(event, encoding="utf-8")
    (tmp_path / "lecturers.csv").write_text("姓名,镇\n甲,江北镇\n乙,双河镇\n", encoding="utf-8")
    plan(tmp_path, WEEK)
    return tmp_path


def plan(root: Path, week: str) -> None:
    workspace = open_workspace(root)
    made = {"led-512x320": load_renditions(workspace.renditions_dir, "led-512x320")}
    facts = replace(make_facts(load_calendar(root / "calendar.toml")), renditions=made)
    for one in load_venues(root / "venues.csv")[0]:
        save_schedule(clean_week(facts, one, week), workspace.schedules_dir)


def add_courses(root: Path) -> None:
    (root / "rooms.csv").write_text("中心,教室,座位数\ncentre-01,大教室,60\n", encoding="utf-8")
    (root / "courses.csv").write_text(
        "编号,名称,人数,起,止\nC1,核桃修剪,100,2026-11-23,2026-11-27\n", encoding="utf-8"
    )


def run(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli.main, ["--lang", "en", "schedule", *arguments, "--workspace", str(root)])


def read(root: Path, venue: str, week: str = WEEK) -> Schedule:
    return load_schedule(root / "schedules" / week / f"{venue}.json")


def speakers(root: Path, week: str = WEEK) -> list[tuple[str, str]]:
    weeks = (read(root, venue, week) for venue in ("square-01", "square-02"))
    return [one for found in weeks for day in found.days for slot in day.slots for one in speakers_in(slot)]


def test_lecturers_are_written_into_the_week_and_stay_when_asked_again(county: Path) -> None:
    staffed = staff_week(open_workspace(county), WEEK)
    assert (staffed.unfilled, staffed.problems) == ((), ())
    assert [name for name, _ in speakers(county)] == ["甲", "乙"]
    before = {path: path.read_bytes() for path in (county / "schedules").rglob("*.json")}
    assert staff_week(open_workspace(county), WEEK).visits == staffed.visits
    assert {path: path.read_bytes() for path in before} == before


def test_lecturers_survive_a_new_plan_and_an_edit_by_hand(county: Path) -> None:
    first = staff_week(open_workspace(county), WEEK).visits
    plan(county, WEEK)
    assert speakers(county) == []
    assert "nobody is named to give" in run(county, "check", "--week", WEEK).stderr
    (county / "lecturers.csv").write_text("姓名,镇\n丙,江北镇\n甲,江北镇\n乙,双河镇\n", encoding="utf-8")
    assert staff_week(open_workspace(county), WEEK).visits == first
    sheet = county / "schedules" / WEEK / "lectures.csv"
    said = sheet.read_text(encoding="utf-8-sig")
    assert said.splitlines()[:2] == [
        "场所,日期,时间,宣讲员,宣讲内容,名称",
        f"square-01,2026-11-25,19:05,甲,{first[0].topic},农家夜话",
    ]
    sheet.write_text(said.replace(f"甲,{first[0].topic}", "丙,讲经验"), encoding="utf-8")
    staff_week(open_workspace(county), WEEK)
    assert speakers(county)[0] == ("丙", "讲经验")
    sheet.write_text("场所,日期,时间,宣讲员,宣讲内容\nsquare-01,某日,19:05,甲,讲经验\n", encoding="utf-8")
    with pytest.raises(InputError):
        staff_week(open_workspace(county), WEEK)


def test_the_next_week_brings_the_next_topic_and_evens_the_loads(county: Path) -> None:
    (county / "lecturers.csv").write_text("姓名,镇\n甲,江北镇\n乙,江北镇\n丙,江北镇\n丁,江北镇\n", encoding="utf-8")
    weeks = (WEEK, "2026-W49", "2026-W50", "2026-W51", "2026-W52")
    for week in weeks:
        plan(county, week)
        staff_week(open_workspace(county), week)
    said = [speakers(county, week) for week in weeks]
    for venue in range(2):
        assert len({one[venue][1] for one in said}) == 5
    given = [name for week in said for name, _ in week]
    assert sorted(given.count(name) for name in "甲乙丙丁") == [2, 2, 3, 3]


def test_a_dry_run_writes_nothing(county: Path) -> None:
    add_courses(county)
    assert run(county, "lecturers", "--week", WEEK, "--dry-run").exit_code == 0
    assert run(county, "trainings", "--dry-run").exit_code == 0
    assert speakers(county) == []
    assert not (county / "trainings.csv").exists()


def test_a_lecture_that_nobody_can_give_fails_the_command(county: Path) -> None:
    (county / "lecturers.csv").write_text("姓名\n甲\n", encoding="utf-8")
    result = run(county, "lecturers", "--week", WEEK)
    assert result.exit_code == 1
    assert "nobody can give this lecture" in result.stderr
    assert [name for name, _ in speakers(county)] == ["甲"]


def test_lecturers_need_a_list_and_a_plan(county: Path) -> None:
    with pytest.raises(InputError):
        staff_week(open_workspace(county), "2026-W30")
    (county / "lecturers.csv").unlink()
    with pytest.raises(InputError):
        staff_week(open_workspace(county), WEEK)


def test_lectures_are_reported_as_a_document(county: Path) -> None:
    result = run(county, "lecturers", "--week", WEEK, "--json")
    document = json.loads(result.stdout)
    assert [one["lecturer"] for one in document["lectures"]] == ["甲", "乙"]
    assert document["problems"] == []


def test_rooms_are_booked_once_and_kept(county: Path) -> None:
    add_courses(county)
    booked = book_rooms(open_workspace(county))
    assert [one.date.day for one in booked.new] == [23, 24]
    before = (county / "trainings.csv").read_bytes()
    assert before.startswith("\ufeff课程,批次,".encode())
    again = book_rooms(open_workspace(county))
    assert (again.new, again.trainings) == ((), booked.trainings)
    assert (county / "trainings.csv").read_bytes() == before


def test_a_sheet_of_trainings_changed_by_hand_is_kept_when_a_course_is_added(county: Path) -> None:
    add_courses(county)
    book_rooms(open_workspace(county))
    sheet = county / "trainings.csv"
    edited = sheet.read_text(encoding="utf-8-sig") + "\n"
    sheet.write_text(edited, encoding="utf-8")
    with (county / "courses.csv").open("a", encoding="utf-8") as stream:
        stream.write("C2,嫁接,30,2026-11-23,2026-11-27\n")
    booked = book_rooms(open_workspace(county))
    assert booked.new
    assert "trainings.csv: was changed by hand; what stood in it is kept as trainings.csv.bak" in [
        one.render(str) for one in booked.problems
    ]
    assert sheet.with_name("trainings.csv.bak").read_text(encoding="utf-8") == edited


def test_rooms_are_not_booked_on_closed_days(county: Path) -> None:
    add_courses(county)
    with (county / "calendar.toml").open("a", encoding="utf-8") as stream:
        stream.write('[[closed]]\nvenues = "培训中心"\nfrom = 2026-11-23\nto = 2026-11-25\n')
    assert [one.date.day for one in book_rooms(open_workspace(county)).new] == [26, 27]


def test_a_sheet_of_trainings_with_mistakes_is_never_written_over(county: Path) -> None:
    add_courses(county)
    (county / "trainings.csv").write_text("课程,批次\nC1,1\n", encoding="utf-8")
    assert run(county, "trainings").exit_code == 2
    assert (county / "trainings.csv").read_text(encoding="utf-8") == "课程,批次\nC1,1\n"


def test_a_batch_without_a_room_fails_the_command(county: Path) -> None:
    add_courses(county)
    (county / "rooms.csv").write_text("中心,教室,座位数\ncentre-01,小教室,20\n", encoding="utf-8")
    result = run(county, "trainings", "--json")
    assert result.exit_code == 1
    assert len(json.loads(result.stdout)["problems"]) == 2


def test_a_clean_week_passes_the_check(county: Path) -> None:
    staff_week(open_workspace(county), WEEK)
    result = run(county, "check", "--week", WEEK)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "4 venues, 7 days: 0 faults" in result.stdout
    assert "周有宣讲" in result.stdout


def test_a_broken_week_fails_the_check_and_names_the_minute(county: Path) -> None:
    staff_week(open_workspace(county), WEEK)
    path = county / "schedules" / WEEK / "square-01.json"
    raw = json.loads(path.read_text(encoding="utf-8"))
    gone = raw["days"][0]["slots"].pop(3)
    path.write_text(json.dumps(raw), encoding="utf-8")
    result = run(county, "check", "square-01", "--week", WEEK)
    assert result.exit_code == 2
    where = f"square-01 2026-11-23 {gone['start'][11:19]}"
    assert result.stderr == f"{where}: nothing plays for {gone['seconds']} seconds\n"
    document = json.loads(run(county, "check", "--week", WEEK, "--json").stdout)
    assert document["passed"] is False
    assert [(one["rule"], one["at"]) for one in document["breaches"]] == [("unfilled", gone["start"])]


def test_who_speaks_at_two_venues_at_once_is_told_whoever_wrote_it_and_of_the_venue_that_was_asked_for(
    county: Path,
) -> None:
    (county / "lecturers.csv").unlink()
    weeks = [county / "schedules" / WEEK / f"{name}.json" for name in ("square-01", "square-02")]

    def write_notes(before: str, after: str) -> None:
        for path in weeks:
            path.write_text(path.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")

    write_notes('"note": ""', '"note": "主讲：张老师"')
    result = run(county, "check", "square-02", "--week", WEEK)
    assert result.exit_code == 2
    assert result.stderr == "square-02 2026-11-25 19:05:00: 张老师 is at 文化广场 then\n"
    write_notes("张老师", "张老师；同步转播")
    assert run(county, "check", "square-02", "--week", WEEK).exit_code == 0


def test_what_is_past_is_told_and_fails_nothing(county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = county / "schedules" / WEEK / "square-01.json"
    raw = json.loads(path.read_text(encoding="utf-8"))
    raw["days"][0]["slots"].pop(3)
    path.write_text(json.dumps(raw), encoding="utf-8")
    monkeypatch.setattr(clock, "today", lambda _workspace: date(2026, 11, 24))
    result = run(county, "check", "--week", WEEK)
    assert result.exit_code == 0
    assert "nothing plays for" in result.stderr


def test_what_happens_a_hundred_times_is_said_three_times(county: Path) -> None:
    (county / "obligations.toml").write_text("reviewed = true\n", encoding="utf-8")
    result = run(county, "check", "square-01", "--week", WEEK)
    lines = [line for line in result.stderr.splitlines() if "not reviewed" in line]
    assert len(lines) == 3
    assert "more of this kind (square-01); --all shows them" in result.stderr
    whole = run(county, "check", "square-01", "--week", WEEK, "--all")
    assert len([line for line in whole.stderr.splitlines() if "not reviewed" in line]) > 30


def test_an_obligation_that_is_not_kept_fails_the_check_unless_it_need_not_be(county: Path) -> None:
    need = '[[obligation]]\nname = "周有两讲"\nperiod = "周"\ncount = "宣讲"\nminimum = 2\nkind = "广场"\n'
    (county / "obligations.toml").write_text(need, encoding="utf-8")
    result = run(county, "check", "--week", WEEK)
    assert result.exit_code == 2
    assert "square-01 2026-11-23—2026-11-29: 周有两讲: only 1 of 2: 2026-11-25" in result.stderr
    (county / "obligations.toml").write_text(need + "must = false\n", encoding="utf-8")
    result = run(county, "check", "--week", WEEK)
    assert result.exit_code == 0
    assert "周有两讲: only 1 of 2" in result.stderr


def test_a_month_is_all_its_weeks(county: Path) -> None:
    document = json.loads(run(county, "check", "--month", "2026-11", "--json").stdout)
    assert document["weeks"] == ["2026-W44", "2026-W45", "2026-W46", "2026-W47", "2026-W48", "2026-W49"]
    assert document["days"] == 30
    verdicts = {one["verdict"] for one in document["obligations"] if one["name"] == "月有活动"}
    assert verdicts == {"unknown"}
    january = month_typed("2027-01", date(2026, 11, 1))
    assert weeks_of(january) == (
        "2026-W53",
        "2027-W01",
        "2027-W02",
        "2027-W03",
        "2027-W04",
    )


@pytest.mark.parametrize("month", ["2026-13", "2026", "十一月", "2026-00"])
def test_a_month_that_does_not_exist_is_refused(county: Path, month: str) -> None:
    result = run(county, "check", "--month", month)
    assert result.exit_code == 2
    assert "is not a month" in result.stderr


def _told_of_staff(county: Path) -> tuple[Problem, ...]:
    workspace = open_workspace(county)
    return staff_problems(load_county(workspace), workspace.settings)


def test_the_check_of_the_workspace_looks_into_every_sheet(county: Path) -> None:
    add_courses(county)
    assert _told_of_staff(county) == ()
    # The videos here are none; that is another check's to say.
    assert [one for one in check_workspace(county).problems if not one.where.endswith("x.mp4")] == []
    (county / "obligations.toml").write_text("review = true\n", encoding="utf-8")
    (county / "lecturers.csv").write_text("姓名,意向场所\n甲,squar-01\n", encoding="utf-8")
    (county / "travel.csv").write_text("起点,终点,分钟\n江北镇,双河镇,很远\n", encoding="utf-8")
    (county / "rooms.csv").write_text("中心,教室,座位数\ncentre-02,大教室,60\n", encoding="utf-8")
    (county / "courses.csv").write_text("编号,名称\nC1,修剪\n", encoding="utf-8")
    wheres = {
        "obligations.toml: review",
        "travel.csv:2, 分钟",
        "courses.csv:1",
        "lecturers.csv: 甲",
        "rooms.csv",
    }
    assert {one.where for one in _told_of_staff(county)} == wheres
    assert wheres <= {one.where for one in check_workspace(county).problems}
    # Without venues nobody can say which names are wrong.
    (county / "venues.csv").write_text("编号\n", encoding="utf-8")
    said = {one.where for one in _told_of_staff(county)}
    assert said == wheres - {"lecturers.csv: 甲", "rooms.csv"}


def lectures_file(root: Path) -> Path:
    return root / "schedules" / WEEK / "lectures.csv"


def test_who_gave_a_lecture_that_is_over_is_never_changed(county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    staff_week(open_workspace(county), WEEK)
    stood, rows = speakers(county), lectures_file(county).read_bytes()
    (county / "lecturers.csv").write_text("姓名,镇\n丙,江北镇\n丁,双河镇\n", encoding="utf-8")
    after = datetime(2026, 11, 27, 12, tzinfo=ZONE)
    monkeypatch.setattr(clock, "now", lambda _workspace: after)
    staffed = staff_week(open_workspace(county), WEEK)
    assert (staffed.unfilled, speakers(county), lectures_file(county).read_bytes()) == ((), stood, rows)
    assert [visit.name for visit in staffed.visits] == ["甲", "乙"]


def test_what_a_venue_heard_this_week_already_is_no_topic_of_its_next_lecture(
    county: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (county / "calendar.toml").open("a", encoding="utf-8") as stream:
        stream.write('[[lecture]]\ntitle = "又一讲"\nvenues = "广场"\nweekday = "周五"\nat = "19:05"\nminutes = 10\n')
    plan(county, WEEK)
    staff_week(open_workspace(county), WEEK)
    sheet = lectures_file(county)
    rows = sheet.read_text(encoding="utf-8").splitlines(keepends=True)
    sheet.write_text("".join(row for row in rows if "2026-11-27" not in row), encoding="utf-8")
    plan(county, WEEK)
    monkeypatch.setattr(clock, "now", lambda _workspace: datetime(2026, 11, 26, 12, tzinfo=ZONE))
    staff_week(open_workspace(county), WEEK)
    topics = [[topic for _, topic in speakers(county)[n : n + 2]] for n in (0, 2)]
    assert [len(set(own)) for own in topics] == [2, 2]


def test_every_row_by_hand_that_cannot_be_kept_is_told_and_the_old_sheet_kept(county: Path) -> None:
    lecturers = "姓名,镇,请假,宣讲内容\n甲,江北镇,,\n乙,双河镇,,讲政策\n丙,双河镇,2026-11-25,\n"
    (county / "lecturers.csv").write_text(lecturers, encoding="utf-8")
    rows = (
        "square-01,2026-11-25,19:05,甲,讲经验\n"
        "square-02,2026-11-25,19:05,甲,讲经验\n"
        "square-02,2026-11-25,19:05,乙,讲经验\n"
        "square-02,2026-11-25,19:05,丙,讲经验\n"
        "square-02,2026-11-25,19:05,无名,讲经验\n"
        "square-02,2026-11-25,20:05,甲,讲经验\n"
        "squareX,2026-11-25,19:05,甲,讲经验\n"
    )
    written = "场所,日期,时间,宣讲员,宣讲内容\n" + rows
    lectures_file(county).write_text(written, encoding="utf-8")
    result = run(county, "lecturers", "--week", WEEK)
    lines = [line for line in result.stderr.splitlines() if line.startswith("lectures.csv")]
    assert len(lines) == 6
    for what in (
        "甲 cannot be there in time, or has given the week's lectures; 乙 gives it (讲政策)",
        "乙 does not give 讲经验",
        "丙 is not free on this day",
        "“无名” is not known",
        "no lecture is planned there at that time",
        "“squareX” is not known",
    ):
        assert sum(what in line for line in lines) == 1, what
    assert lectures_file(county).with_name("lectures.csv.bak").read_text(encoding="utf-8") == written


def test_a_lecture_that_the_calendar_gives_to_somebody_is_not_given_by_the_sheet(county: Path) -> None:
    path = county / "calendar.toml"
    path.write_text(path.read_text(encoding="utf-8") + 'speaker = "李老师"\n', encoding="utf-8")
    plan(county, WEEK)
    row = "场所,日期,时间,宣讲员,宣讲内容\nsquare-01,2026-11-25,19:05,甲,讲经验\n"
    lectures_file(county).write_text(row, encoding="utf-8")
    result = run(county, "lecturers", "--week", WEEK)
    assert "the calendar gives this lecture to 李老师; write it there" in result.stderr


def test_a_damaged_week_stops_no_other_venue_and_loses_no_row(county: Path) -> None:
    staff_week(open_workspace(county), WEEK)
    rows = lectures_file(county).read_text(encoding="utf-8-sig").splitlines()
    for week in ("2026-W45", WEEK):
        path = county / "schedules" / week / "square-02.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text("x", encoding="utf-8")
    result = run(county, "lecturers", "--week", WEEK)
    assert result.exit_code == 1
    assert all("no longer a schedule" in line for line in result.stderr.splitlines())
    assert "2026-W48/square-02.json" in result.stderr
    assert lectures_file(county).read_text(encoding="utf-8-sig").splitlines() == rows


def test_rooms_are_booked_only_where_a_centre_is_and_while_it_is_open(county: Path) -> None:
    add_courses(county)
    (county / "rooms.csv").write_text("中心,教室,座位数\ncentre-09,别处,90\ncentre-01,大教室,60\n", encoding="utf-8")
    sheet = county / "venues.csv"
    sheet.write_text(
        sheet.read_text(encoding="utf-8").replace("周一至周五 09:00", "周三、周五 09:00"), encoding="utf-8"
    )
    booked = book_rooms(open_workspace(county))
    assert [(one.centre, one.date.day) for one in booked.new] == [("centre-01", 25), ("centre-01", 27)]
    (county / "trainings.csv").unlink()
    courses = (county / "courses.csv").read_text(encoding="utf-8")
    late = courses.replace("止\n", "止,时间\n").replace("27\n", "27,16:30\n")
    (county / "courses.csv").write_text(late, encoding="utf-8")
    assert "no centre is open at 16:30" in str(book_rooms(open_workspace(county)).unfilled[0].what)
