from __future__ import annotations

import codecs
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from courseware.errors import InputError
from playlists.files.naming import select_venues
from playlists.files.venues import load_venues
from playlists.opening.usual import usual_windows
from tests.playlists.factories import venue

HEADINGS = "编号,名称,类型,县区,镇,屏幕,点间距,观看距离,面积,开放时段,固定学习日,联系人,备注"
ROW = "square-01,江北文化广场,广场,示例县,江北镇,512×320,12,40,23.6,每天 18:30-20:30,,陈站长,"
CHINA = ZoneInfo("Asia/Shanghai")


def load(folder: Path, *rows: str, headings: str = HEADINGS, encoding: str = "utf-8") -> tuple[list[str], list[str]]:
    """Ids that were read, and problems as lines."""
    path = folder / "venues.csv"
    path.write_bytes("\r\n".join((headings, *rows)).encode(encoding))
    venues, problems = load_venues(path)
    return [one.id for one in venues], [one.render(str) for one in problems]


def test_a_name_that_windows_keeps_is_refused_for_what_it_is(tmp_path: Path) -> None:
    _, problems = load(tmp_path, ROW.replace("square-01", "CON"), ROW.replace("square-01", "a b"))
    assert ["keeps for itself" in one for one in problems] == [True, False]


def test_numbers_may_be_full_width_and_bear_units(tmp_path: Path) -> None:
    rows = [
        ROW.replace(",12,40,23.6,", ",１２毫米,４０ 米,２３．６㎡,"),
        ROW.replace("-01,", "-02,").replace(",23.6,", ',"1,023.6",'),
    ]
    path = tmp_path / "venues.csv"
    path.write_text("\n".join((HEADINGS, *rows)), encoding="utf-8")
    one, other = load_venues(path)[0]
    assert (one.pitch_mm, one.distance_m, one.area_m2, other.area_m2) == (12, 40, 23.6, 1023.6)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_sheet_saved_by_any_program_is_read(tmp_path: Path, encoding: str) -> None:
    assert load(tmp_path, ROW, encoding=encoding) == (["square-01"], [])


def test_english_headings_and_words_mean_the_same(tmp_path: Path) -> None:
    row = "centre-01,Centre,centre,1920x1080,Wed 09:00-11:00,Wed"
    assert load(tmp_path, row, headings="id,name,kind,screen,windows,study_day") == (["centre-01"], [])


def test_semicolons_and_tabs_separate_as_well(tmp_path: Path) -> None:
    row = "a\t甲\t广场\t512x320\t每天 18:30-20:30；周六 9:00-10:00"
    assert load(tmp_path, row, headings="编号\t名称\t类型\t屏幕\t开放时段") == (["a"], [])


@pytest.mark.parametrize(
    ("kind", "screen", "profile"),
    [
        ("广场", "384x192", "led-384x192"),
        ("广场", "1920x1080", "led-1920x1080"),
        ("站点", "1920x1080", "station-tv"),
        ("培训中心", "1280＊720", "station-tv-720"),
        ("站点", "512x320", "led-512x320"),
    ],
)
def test_the_screen_decides_the_profile(kind: str, screen: str, profile: str) -> None:
    assert venue(kind=kind, screen=screen).profile == profile


def test_a_named_profile_is_kept() -> None:
    assert venue(profile="wechat").profile == "wechat"


def test_every_mistake_of_a_row_is_named_with_row_and_heading(tmp_path: Path) -> None:
    ids, problems = load(tmp_path, "a b,甲,广厂,,,511x320,abc,,,晚上,周八,,", ROW)
    assert ids == ["square-01"]
    places = [line.split(":")[1].strip() for line in problems]
    assert places == [f"2, {name}" for name in ("编号", "类型", "屏幕", "点间距", "开放时段", "固定学习日")]
    assert any("did you mean 广场" in line for line in problems)
    assert any("led-512x320" in line for line in problems)


def test_an_id_used_twice_is_refused(tmp_path: Path) -> None:
    ids, problems = load(tmp_path, ROW, ROW)
    assert ids == ["square-01"]
    assert "venues.csv:3" in problems[0]
    assert "twice" in problems[0]


def test_two_kinds_of_fault_in_a_row_are_told_together(tmp_path: Path) -> None:
    ids, problems = load(tmp_path, ROW, ROW.replace("512×320", "511x320"))
    assert ids == ["square-01"]
    assert [line.split(":")[1].strip() for line in problems] == ["3, 屏幕", "3"]
    assert "is used twice" in problems[1]


def test_a_row_that_is_right_keeps_its_id_whatever_stands_above_it(tmp_path: Path) -> None:
    ids, problems = load(tmp_path, ROW.replace("512×320", "511x320"), ROW)
    assert ids == ["square-01"]
    assert [line.split(":")[1].strip() for line in problems] == ["2, 屏幕", "2"]


def test_a_study_day_that_cannot_be_is_told_beside_other_faults(tmp_path: Path) -> None:
    row = "station-01,甲,站点,,,1920x1080,abc,,,周一 09:00-11:00,周四,,"
    _, problems = load(tmp_path, row)
    assert [line.split(":")[1].strip() for line in problems] == ["2, 点间距", "2, 固定学习日"]
    assert "the study day 周四 lies outside" in problems[1]


def test_units_behind_numbers_are_understood() -> None:
    one = venue(pitch_mm="12 毫米", distance_m="40m", area_m2="23.6㎡", ground_m2="1000平方米", inches="55″")
    assert (one.pitch_mm, one.distance_m, one.area_m2, one.ground_m2, one.inches) == (12, 40, 23.6, 1000, 55)


def test_numbers_without_an_end_are_refused(tmp_path: Path) -> None:
    _, problems = load(tmp_path, ROW.replace(",12,", ",inf,"))
    assert len(problems) == 1
    assert "点间距" in problems[0]


def test_ids_that_differ_only_in_case_are_refused_with_both_names(tmp_path: Path) -> None:
    ids, problems = load(tmp_path, ROW, ROW.replace("square", "Square"))
    assert ids == ["square-01"]
    assert "venues.csv:3" in problems[0]
    assert "the ids Square-01 and square-01 differ only in capital letters" in problems[0]


@pytest.mark.parametrize("name", ["index", "County", "FONTS"])
def test_an_id_that_the_county_pages_use_is_refused(tmp_path: Path, name: str) -> None:
    ids, problems = load(tmp_path, ROW.replace("square-01", name), ROW)
    assert ids == ["square-01"]
    assert len(problems) == 1
    assert problems[0].startswith(f"venues.csv:2, 编号: “{name}” is what pages of the county are called")


def test_empty_rows_are_passed_over_and_rows_keep_their_number(tmp_path: Path) -> None:
    _, problems = load(tmp_path, ",,,,,,,,,,,,", ROW, "", ROW)
    assert [line.split(":")[1].strip() for line in problems] == ["5"]


def test_a_formula_is_just_text(tmp_path: Path) -> None:
    path = tmp_path / "venues.csv"
    path.write_text(f"{HEADINGS}\n{ROW.replace('江北文化广场', '=HYPERLINK(1)')}\n", encoding="utf-8")
    ((read,), problems) = load_venues(path)
    assert (read.name, problems) == ("=HYPERLINK(1)", ())


def test_a_dash_or_a_word_for_nothing_is_an_empty_cell(tmp_path: Path) -> None:
    assert load(tmp_path, ROW.replace("12,40,23.6", "-,无,——").replace(",,陈站长", ",无,陈站长"))[1] == []


def test_missing_columns_and_slips_in_headings_are_named(tmp_path: Path) -> None:
    assert "名称 (name)" in load(tmp_path, headings="编号,类型,屏幕,开放时段")[1][0]
    assert "固定学习日" in load(tmp_path, ROW, headings=HEADINGS.replace("固定学习日", "固定学习曰"))[1][0]
    assert load(tmp_path, f"{ROW},x", headings=f"{HEADINGS},联系电话") == (["square-01"], [])


@pytest.mark.parametrize("content", [b"", codecs.BOM_UTF8, b"PK\x03\x04\0\0", b"\xff\xd8\xff\xe0\0\x10JFIF\x81\xff"])
def test_a_file_that_is_no_table_is_one_problem(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "venues.csv"
    path.write_bytes(content)
    venues, problems = load_venues(path)
    assert venues == ()
    assert len(problems) == 1


def test_a_missing_file_is_one_problem(tmp_path: Path) -> None:
    assert [one.render(str) for one in load_venues(tmp_path / "venues.csv")[1]] == ["venues.csv: the file is missing"]


def test_a_station_opens_only_on_its_study_days() -> None:
    station = venue(kind="站点", windows="每天 14:30-16:30", study_day="逢六")
    november = [date(2026, 11, day) for day in range(1, 31)]
    assert [day.day for day in november if usual_windows(station, day, CHINA)] == [6, 16, 26]


def test_a_square_has_no_study_day() -> None:
    with pytest.raises(ValidationError, match="a square plays every day"):
        venue(study_day="周四")


def test_a_study_day_on_which_it_never_opens_is_refused() -> None:
    with pytest.raises(ValidationError, match="outside the opening windows"):
        venue(kind="站点", windows="周一 9:00-10:00", study_day="周四")


def test_venues_are_chosen_by_id_and_the_nearest_is_offered() -> None:
    venues = (venue(), venue(id="square-02"))
    assert select_venues(venues, ()) == venues
    assert select_venues(venues, ("square-02", "square-02")) == venues[1:]
    with pytest.raises(InputError, match="did you mean square-01"):
        select_venues(venues, ("squar-01",))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize(
    ("mark", "above"), [(",", ""), (";", "sep=;\n"), ("\t", '"sep=\t"\n'), ("；", "县广场一览表；；\n；；\n")]
)
def test_a_sheet_is_read_as_offices_keep_it(tmp_path: Path, mark: str, above: str, encoding: str) -> None:
    """A title, Excel's own first line, any separator, blank columns and rows, full-width digits and colons."""
    headings = mark.join(("序号", "* 编号", "名 称", "类型", "屏幕（像素）", "开放时段", "点间距(mm)", "", ""))
    row = mark.join(("1", "sq", "甲", "广场", "５１２×３２０", "每天 １８：３０－２０：３０", "１２", "", ""))
    lines = [headings, "", row, mark * 8, ""]
    (tmp_path / "venues.csv").write_bytes((above + "\r\n".join(lines)).encode(encoding))
    (found,), problems = load_venues(tmp_path / "venues.csv")
    assert problems == ()
    assert (found.screen, found.pitch_mm, found.hours[0].opens) == ((512, 320), 12, 1110)


def test_below_a_title_messages_name_the_rows_as_the_sheet_counts_them(tmp_path: Path) -> None:
    path = tmp_path / "venues.csv"
    path.write_text(f"广场一览表\n\n{HEADINGS}\n{ROW.replace('广场,示例', '场,示例')}\n", encoding="utf-8")
    assert [one.where for one in load_venues(path)[1]] == ["venues.csv:4, 类型"]
    path.write_text("sep=,\n编号,名称\n", encoding="utf-8")
    assert [one.where for one in load_venues(path)[1]] == ["venues.csv:2"]


def test_an_id_that_excel_turned_into_a_power_is_told_as_such(tmp_path: Path) -> None:
    _, (problem,) = load(tmp_path, ROW.replace("square-01", "1E+05"))
    assert "Excel made “1E+05” of a number" in problem
