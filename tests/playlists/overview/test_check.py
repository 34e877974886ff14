import hashlib
import re
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from courseware.errors import InputError
from courseware.lessons.rendition import Rendition, describe
from courseware.lessons.workspace import open_workspace
from playlists.overview.check import Check, check_workspace
from playlists.overview.status import status
from playlists.overview.table import venue_rows
from playlists.schedules.schedule import Day, Schedule, Slot
from templates.start.skeleton import PLACEHOLDER, make_workspace
from tests.playlists.factories import save_schedule
from tests.playlists.test_commands import run

pytestmark = pytest.mark.usefixtures("videos_open")
WEEK = "2026-W48"
HEAD = "编号,名称,类型,县区,镇,屏幕,开放时段,固定学习日\n"
SQUARE = "square-01,江北广场,广场,汉阴县,江北镇,512x320,每天 18:30-20:30,\n"
STATION = "station-01,双河站点,站点,汉阴县,双河镇,1920x1080,每天 14:30-16:30,周四\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    make_workspace(tmp_path, "汉阴县")
    return tmp_path


def add_lesson(root: Path, name: str, *, series: str = "扶贫实用技术", form: str = "微视频", more: str = "") -> Path:
    folder = root / "courseware" / name
    folder.mkdir(parents=True)
    content = f'title = "标题{name}"\nseries = "{series}"\nform = "{form}"\n{more}'
    (folder / "lesson.toml").write_text(content, encoding="utf-8")
    (folder / "a.mp4").write_bytes(b"video")
    return folder


def write(root: Path, name: str, content: str) -> None:
    (root / name).write_text(content, encoding="utf-8")


def edit(root: Path, name: str, old: str, new: str) -> None:
    content = (root / name).read_text(encoding="utf-8")
    assert old in content
    write(root, name, content.replace(old, new))


def said(check: Check) -> list[str]:
    return [problem.render(str) for problem in check.problems]


def test_a_new_workspace_passes_and_says_what_is_empty(root: Path) -> None:
    check = check_workspace(root)
    assert said(check) == []
    assert [note.render(str) for note in check.notes] == [
        "venues.csv: has no venues yet; add a row for each",
        "courseware: has no lessons yet; run “yuanjiao import”",
    ]
    assert (check.lessons, check.venues, check.programmes, check.events) == (0, 0, 2, 0)


def test_the_placeholder_of_a_new_workspace_is_noticed(tmp_path: Path) -> None:
    make_workspace(tmp_path)
    check = check_workspace(tmp_path)
    assert check.problems == ()
    assert check.notes[0].render(str) == f"yuanjiao.toml: office: still says {PLACEHOLDER}; write your own"


def test_a_filled_workspace_passes_and_empty_series_are_only_noted(root: Path) -> None:
    add_lesson(root, "A1")
    write(root, "venues.csv", HEAD + STATION)
    check = check_workspace(root)
    assert said(check) == []
    assert [str(note.what) for note in check.notes] == [
        f"the series {name} has no lesson yet; if it is not used here, write off = true"
        for name in ("我的扶贫故事", "我的脱贫之路", "乡村振兴之路")
    ]


def test_the_examples_of_a_new_workspace_pass_once_their_profiles_are_listed(root: Path) -> None:
    (root / "venues-示例.csv").replace(root / "venues.csv")
    assert said(check_workspace(root)) == [
        'yuanjiao.toml: render.profiles: add "led-512x320" to the list; square-01 need it',
        'yuanjiao.toml: render.profiles: add "led-384x192" to the list; square-02 need it',
    ]
    edit(root, "yuanjiao.toml", '["station-tv"]', '["station-tv", "led-512x320", "led-384x192"]')
    uncommented = [
        line.removeprefix("# ") if line.startswith("# ") and ("=" in line or "[[" in line) else line
        for line in (root / "calendar.toml").read_text(encoding="utf-8").splitlines()
        if not line.startswith("# venues：")
    ]
    write(root, "calendar.toml", "\n".join(uncommented))
    check = check_workspace(root)
    assert said(check) == []
    assert (check.venues, check.events) == (4, 4)


def test_every_broken_file_is_told_at_once(root: Path) -> None:
    write(root, "yuanjiao.toml", "[office\n")
    write(root, "venues.csv", HEAD + SQUARE + SQUARE + "a b,,广场,,,1x1,never,\n")
    write(root, "calendar.toml", "lecture = 3\n")
    (root / "programmes.toml").unlink()
    add_lesson(root, "A1", series="扶贫实用技朮")
    places = [problem.where for problem in check_workspace(root).problems]
    assert {place.split(":")[0] for place in places} == {
        "yuanjiao.toml",
        "venues.csv",
        "calendar.toml",
        "programmes.toml",
        "courseware/A1/lesson.toml",
    }
    assert not any("render.profiles" in place for place in places)


def test_what_is_to_be_corrected_is_counted_and_nothing_is_called_right_then(root: Path) -> None:
    (root / "venues.csv").write_text("编号,名称\n", encoding="utf-8")
    found = run(root, "check")
    assert "are right" not in found.output
    assert re.search(r"^[1-9]\d* to be corrected, in 0 lessons, 0 venues and", found.output, re.MULTILINE)


def test_broken_settings_do_not_make_their_series_unknown(root: Path) -> None:
    add_lesson(root, "A1", series="好风光")
    edit(root, "yuanjiao.toml", "[render]", '[[series]]\nname = "好风光"\nslug = "scenery"\n[render]\nx = 1')
    assert said(check_workspace(root)) == ["yuanjiao.toml: render.x: unknown key; remove it"]


def test_names_that_nothing_bears_are_told_with_the_nearest(root: Path) -> None:
    add_lesson(root, "A1")
    write(root, "venues.csv", HEAD + STATION)
    edit(root, "programmes.toml", '"扶贫实用技术", ', '"扶贫实用技朮", ')
    edit(root, "programmes.toml", 'name = "集中学习"', 'name = "集中学习"\nlessons = ["A2"]')
    write(
        root,
        "calendar.toml",
        '[[lecture]]\ntitle = "宣讲"\nvenues = ["station-1"]\nweekday = "周三"\nat = "19:30"\nminutes = 20\n',
    )
    assert [line.partition(" is not known; ")[2] for line in said(check_workspace(root))] == [
        "did you mean 扶贫实用技术?",
        "did you mean A1?",
        "did you mean station-01?",
    ]


def test_what_is_broken_itself_is_not_also_unknown(root: Path) -> None:
    add_lesson(root, "A1", form="MW")
    edit(root, "programmes.toml", 'name = "集中学习"', 'name = "集中学习"\nlessons = ["A1"]')
    assert said(check_workspace(root)) == ["courseware/A1/lesson.toml: form: “MW” is not known; did you mean MV?"]


def test_empty_files_and_characters_without_a_glyph_are_told(root: Path) -> None:
    folder = add_lesson(root, "A1", more='presenter = "王😀"\n')
    (folder / "a.mp4").write_bytes(b"")
    (folder / "a.srt").write_bytes(b"")
    assert said(check_workspace(root)) == [
        "courseware/A1/a.mp4: the file is empty; copy it again",
        "courseware/A1/a.srt: the file is empty; copy it again",
        "courseware/A1/lesson.toml: presenter: no font can print 😀; write it otherwise",
    ]


def test_what_clips_print_and_who_is_to_speak_is_looked_at(root: Path) -> None:
    clips = '[[clip]]\ncard = "剪枝😀"\nlines = ["先🦄看", "再剪"]\n[[clip]]\ncard = "好"\nspeaker = "zf_nobody"\n'
    folder = add_lesson(root, "A1", more=f'voice = "zf_xiaoxao"\n{clips}')
    (folder / "a.mp4").unlink()
    where = "courseware/A1/lesson.toml"
    assert [one.partition("; ")[0] for one in said(check_workspace(root)) if one.startswith(where)] == [
        f"{where}: clip.1.card: no font can print 😀",
        f"{where}: clip.1.lines: no font can print 🦄",
        f"{where}: voice: “zf_xiaoxao” is not known",
        f"{where}: clip.2.speaker: “zf_nobody” is not known",
    ]


def test_checking_writes_nothing(root: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*")}
    check_workspace(root)
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*")} == before


def test_outside_a_workspace_there_is_nothing_to_check(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="yuanjiao init"):
        check_workspace(tmp_path)


def render(root: Path, lesson: str, profile: str) -> None:
    folder = root / "renditions" / profile
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{lesson}.mp4").write_bytes(b"1234")
    one = Rendition(
        lesson=lesson,
        title="标题",
        series="扶贫实用技术",
        form="微视频",
        profile=profile,
        file=f"{lesson}.mp4",
        seconds=60,
        width=64,
        height=64,
        size=4,
        sha256=hashlib.sha256(b"1234").hexdigest(),
        key="k",
    )
    describe(one, folder)


def plan(root: Path, *lessons: str) -> None:
    start = datetime(2026, 11, 26, 14, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    slots = tuple(
        Slot(start=start + timedelta(minutes=n), seconds=60, kind="lesson", title=name, lesson=name)
        for n, name in enumerate(lessons)
    )
    monday = date(2026, 11, 23)
    days = tuple(Day(date=monday + timedelta(days=n), windows=(), slots=slots if n == 3 else ()) for n in range(7))
    schedule = Schedule(
        venue="station-01",
        venue_name="双河站点",
        kind="station",
        town="双河镇",
        county="汉阴县",
        week=WEEK,
        profile="station-tv",
        days=days,
    )
    save_schedule(schedule, root / "schedules")


def test_the_status_counts_lessons_made_reviewed_and_planned(root: Path) -> None:
    add_lesson(root, "A1", more='reviewer = "王"\n')
    add_lesson(root, "A2", form="MV")
    add_lesson(root, "A3", series="我的扶贫故事")
    write(root, "venues.csv", HEAD + STATION + SQUARE)
    edit(root, "yuanjiao.toml", '["station-tv"]', '["station-tv", "led-512x320"]')
    for lesson, profile in (
        ("A1", "station-tv"),
        ("A1", "led-512x320"),
        ("A2", "station-tv"),
        ("gone", "station-tv"),
    ):
        render(root, lesson, profile)
    plan(root, "A1", "A2", "A1")
    found = status(open_workspace(root), WEEK)
    assert [(row.series, row.form, row.lessons, row.goal) for row in found.series] == [
        ("我的扶贫故事", "", 1, 25),
        ("我的扶贫故事", "微视频", 1, 0),
        ("我的脱贫之路", "", 0, 25),
        ("扶贫实用技术", "", 2, 25),
        ("扶贫实用技术", "微视频", 1, 0),
        ("扶贫实用技术", "MV", 1, 0),
        ("乡村振兴之路", "", 0, 25),
    ]
    total = found.total
    assert (total.lessons, total.goal, total.rendered, total.reviewed, total.scheduled) == (3, 100, 1, 1, 2)
    assert found.profiles == {"station-tv": 2, "led-512x320": 1}
    assert [(one.id, one.days, one.slots) for one in found.venues] == [("station-01", 1, 3), ("square-01", 0, 0)]
    assert found.problems == ()


def test_slogans_and_idents_reach_no_goal(root: Path) -> None:
    add_lesson(root, "A1", series="我的扶贫故事")
    for name, line in (("B1", 'slogan = "惜土如金"'), ("B2", "ident = true")):
        (add_lesson(root, name, more=f"{line}\n") / "a.mp4").unlink()
    found = status(open_workspace(root), WEEK)
    assert (found.total.lessons, found.problems) == (1, ())
    check = check_workspace(root)
    assert (check.lessons, check.problems) == (3, ())
    assert "courseware: the series 扶贫实用技术 has no lesson yet; if it is not used here, write off = true" in [
        one.render(str) for one in check.notes
    ]


def test_the_status_of_what_can_be_read_is_told_beside_what_cannot(root: Path) -> None:
    add_lesson(root, "A1")
    add_lesson(root, "A2", form="MW")
    write(root, "venues.csv", HEAD + STATION + "x,,\n")
    found = status(open_workspace(root), WEEK)
    assert found.total.lessons == 1
    assert len(found.venues) == 1
    assert len(found.problems) > 1


def test_the_status_of_no_week_is_refused(root: Path) -> None:
    with pytest.raises(InputError, match="is not a week"):
        status(open_workspace(root), "2026-W60")


def test_a_damaged_week_is_told_as_damaged_and_not_as_unplanned(root: Path) -> None:
    add_lesson(root, "A1")
    write(root, "venues.csv", HEAD + STATION + SQUARE)
    plan(root, "A1")
    path = root / "schedules" / WEEK / "station-01.json"
    path.write_text(path.read_text(encoding="utf-8")[:-40], encoding="utf-8")
    found = status(open_workspace(root), WEEK)
    assert [(one.id, one.damaged) for one in found.venues] == [("station-01", True), ("square-01", False)]
    assert len(found.problems) == 1
    assert found.problems[0].where.endswith("station-01.json")
    rows = venue_rows(found, "damaged")
    assert [row[3] for row in rows] == ["damaged", "0"]


def test_manual_edits_and_requests_are_checked(root: Path) -> None:
    add_lesson(root, "A1")
    write(root, "venues.csv", HEAD + STATION)
    write(root, "edits.toml", '[[never]]\nlesson = "A2"\nvenues = ["station-1"]\n')
    write(
        root,
        "requests.csv",
        "场所,课件,日期\nstation-01,标题A1,2026-11-20\nstation-02,A9,昨天\nstation-9,A1,2026-11-20\n",
    )
    assert sorted(problem.where for problem in check_workspace(root).problems) == [
        "edits.toml: never.1.lesson",
        "edits.toml: never.1.venues",
        "requests.csv:3, 日期",
        "requests.csv:4, 场所",
    ]


def test_edits_that_are_no_toml_hide_nothing_else(root: Path) -> None:
    write(root, "venues.csv", HEAD + STATION + "x,,\n")
    write(root, "edits.toml", "[[pin]\n")
    places = [problem.where for problem in check_workspace(root).problems]
    assert "edits.toml" in places
    assert any(place.startswith("venues.csv:3") for place in places)


def test_a_lesson_that_cannot_be_read_is_not_told_again_by_edits_and_requests(root: Path) -> None:
    add_lesson(root, "A1", form="MW")
    write(root, "venues.csv", HEAD + STATION)
    write(root, "edits.toml", '[[never]]\nlesson = "A1"\n')
    write(root, "requests.csv", "场所,课件,日期\nstation-01,A1,2026-11-20\n")
    assert [problem.where for problem in check_workspace(root).problems] == ["courseware/A1/lesson.toml: form"]


def test_standards_are_noted_and_fail_only_when_they_must_be_met(root: Path) -> None:
    write(
        root,
        "venues.csv",
        "编号,名称,类型,屏幕,屏幕尺寸,配套,开放时段\nstation-01,甲,站点,1920x1080,43,有电脑,每天 14:30-16:30\n",
    )
    check = check_workspace(root)
    assert said(check) == []
    assert "venues.csv: 两有两通: 1 of 1 fall short (station-01)" in [note.render(str) for note in check.notes]
    write(root, "standards.toml", '[[standard]]\nname = "55寸屏幕"\nmeasure = "屏幕尺寸"\nleast = 55\nmust = true\n')
    assert said(check_workspace(root)) == ["venues.csv: 55寸屏幕: 1 of 1 fall short (station-01)"]


def test_standards_that_cannot_be_read_are_told(root: Path) -> None:
    write(root, "standards.toml", '[[standard]]\nname = "x"\nmeasure = "高度"\nleast = 1\n')
    assert [problem.where for problem in check_workspace(root).problems] == ["standards.toml: standard.1"]


def test_words_of_season_that_are_no_time_are_noted_with_the_nearest(root: Path) -> None:
    add_lesson(root, "A1", more='season = ["3-5月", "青明", "育秧"]\n')
    add_lesson(root, "A2", more='season = ["青明"]\n')
    notes = [note.render(str) for note in check_workspace(root).notes]
    assert "courseware: “青明” (A1、A2) is no time of the year; did you mean 清明?" in notes
    assert "courseware: “育秧” (A1) is no time of the year; write 3-5月, 清明前后 or 春季" in notes
    assert not any("3-5月” (" in note for note in notes)


def test_seasons_that_no_calendar_knows_are_problems_unless_the_calendar_cannot_be_read(root: Path) -> None:
    write(root, "venues.csv", HEAD + STATION.replace("每天 14:30", "雨季 每天 14:30"))
    (problem,) = check_workspace(root).problems
    assert problem.where == "venues.csv: station-01, 开放时段"
    write(root, "calendar.toml", "lecture = 3\n")
    assert [one.where for one in check_workspace(root).problems] == ["calendar.toml: lecture"]


def test_an_event_in_quiet_hours_is_noted(root: Path) -> None:
    write(root, "venues.csv", HEAD + SQUARE)
    write(
        root,
        "calendar.toml",
        '[[lecture]]\ntitle = "夜话"\nweekday = "周三"\nat = "19:30"\nminutes = 30\n'
        '[[closed]]\nfrom = 2026-12-02\nto = 2026-12-02\nhours = "19:00-20:00"\n',
    )
    (note,) = (one for one in check_workspace(root).notes if one.where == "calendar.toml: lecture.1")
    assert "cannot be held at square-01 on 2026-12-02" in str(note.what)


def test_a_video_that_is_not_as_it_was_made_is_told_and_not_counted(root: Path) -> None:
    add_lesson(root, "A1")
    render(root, "A1", "station-tv")
    assert status(open_workspace(root), WEEK).profiles == {"station-tv": 1}
    (root / "renditions" / "station-tv" / "A1.mp4").write_bytes(b"1235")
    found = status(open_workspace(root), WEEK)
    said = "renditions/station-tv/A1.mp4: is not as it was made; run “yuanjiao render A1”"
    assert found.profiles == {"station-tv": 0}
    assert said in [one.render(str) for one in found.problems]
    assert said in [one.render(str) for one in check_workspace(root).problems]
