from __future__ import annotations

from pathlib import Path

import pytest

from courseware.errors import InputError
from playlists.duties.standards import BUILT_IN, StandardMark, check_standards, judge_venues, load_standards, sum_up
from playlists.files.venues import Venue
from tests.playlists.factories import venue


def load(tmp_path: Path, content: str) -> tuple[str, ...]:
    (tmp_path / "standards.toml").write_text(content, encoding="utf-8")
    return tuple(one.name for one in load_standards(tmp_path / "standards.toml"))


def station(**changes: object) -> Venue:
    return venue(**{"id": "station-01", "kind": "站点", "screen": "1920x1080", **changes})


def marks(*venues: Venue) -> dict[str, tuple[str, str]]:
    return {one.standard.name: (one.verdict, str(one.evidence)) for one in judge_venues(BUILT_IN, venues)}


def test_without_a_file_stations_and_squares_have_the_built_in_standards(tmp_path: Path) -> None:
    standards = load_standards(tmp_path / "standards.toml")
    assert {one.standard.name for one in judge_venues(standards, [station()])} == {"两有两通"}
    assert {one.standard.name for one in judge_venues(standards, [venue()])} == {
        "场地约1000平方米",
        "屏幕不小于20平方米",
        "有专人负责、有播放管理办法",
    }
    assert {one.standard.name for one in judge_venues(standards, [venue(kind="培训中心")])} == {
        "有人员、有经费、有制度、有考核"
    }


def test_a_square_is_measured_by_its_ground_and_its_screen() -> None:
    found = marks(venue(ground_m2="1200", area_m2="19.9"))
    assert found["场地约1000平方米"] == ("pass", "1200 平方米")
    assert found["屏幕不小于20平方米"] == ("fail", "19.9 平方米; at least 20")


def test_the_screen_is_worked_out_from_its_pixels_where_only_their_pitch_is_known() -> None:
    assert marks(venue(pitch_mm="12"))["屏幕不小于20平方米"] == ("pass", "23.6 平方米")
    assert marks(venue(pitch_mm="11"))["屏幕不小于20平方米"] == ("fail", "19.8 平方米; at least 20")
    # A television of 55 inches has pixels 0.634 mm apart.
    rest = "有电脑、通宽带、通WiFi"
    assert marks(station(pitch_mm="0.635", facilities=rest))["两有两通"][0] == "pass"
    assert marks(station(pitch_mm="0.63", facilities=rest))["两有两通"][0] == "fail"


def test_what_the_sheet_does_not_say_is_not_known_and_names_the_column() -> None:
    found = marks(station())
    assert found["两有两通"] == ("unknown", "fill in 屏幕尺寸或点间距; fill in 配套")


@pytest.mark.parametrize(
    ("facilities", "inches", "verdict"),
    [
        ("有电脑、通宽带、通WiFi", "55", "pass"),
        ("有电脑、通宽带、通WiFi", "54", "fail"),
        ("有电脑，通宽带 通ｗｉ-ｆｉ；有投影仪", "", "pass"),
        ("有电脑、有投影仪、通宽带、通WiFi", "43", "pass"),
        ("有电脑、通宽带、通WiFi", "", "unknown"),
        ("有电脑、通宽带", "55", "fail"),
        ("有场所、有设备、通电、通网", "55", "fail"),
        ("两有两通", "", "pass"),
        ("两有两通", "43", "fail"),
        ("", "55", "unknown"),
        ("", "43", "unknown"),
    ],
)
def test_a_station_has_a_computer_a_large_television_or_a_projector_broadband_and_wifi(
    facilities: str, inches: str, verdict: str
) -> None:
    given = {"facilities": facilities, "inches": inches}
    assert marks(station(**{key: cell for key, cell in given.items() if cell}))["两有两通"][0] == verdict


def test_what_is_lacking_is_named() -> None:
    found = marks(station(facilities="有电脑", inches="43"))
    assert found["两有两通"] == ("fail", "43 英寸; at least 55; lacks 通宽带、通WiFi")
    assert marks(venue(facilities="有专人负责"))["有专人负责、有播放管理办法"] == ("fail", "lacks 有播放管理办法")
    centre = venue(kind="培训中心", facilities="有人员、有经费、有考核")
    assert marks(centre)["有人员、有经费、有制度、有考核"] == ("fail", "lacks 有制度")


def test_a_county_changes_adds_and_removes_standards(tmp_path: Path) -> None:
    names = load(
        tmp_path,
        '[[standard]]\nname = "55寸屏幕"\nmeasure = "屏幕尺寸"\nleast = 50\nkind = "站点"\n'
        '[[standard]]\nname = "两有两通"\noff = true\n'
        '[[standard]]\nname = "近处看得清"\nmeasure = "点间距"\nmost = 10\ngroups = ["示范点"]\nmust = true\n',
    )
    assert names == (
        "场地约1000平方米",
        "屏幕不小于20平方米",
        "有专人负责、有播放管理办法",
        "有人员、有经费、有制度、有考核",
        "55寸屏幕",
        "近处看得清",
    )
    standards = load_standards(tmp_path / "standards.toml")
    found = judge_venues(standards, [station(inches="50寸"), venue(groups="示范点", pitch_mm="12毫米")])
    verdicts = {one.standard.name: one.verdict for one in found}
    assert verdicts["55寸屏幕"] == "pass"
    assert verdicts["近处看得清"] == "fail"


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ('measure = "屏幕面机"\nleast = 1', "did you mean 屏幕面积"),
        ('measure = "屏幕面积"', "needs least or most"),
        ("least = 3", "needs measure or has"),
        ('has = ["通电"]\ninstead = ["有投影仪"]', "least, most and instead go with measure"),
        ('measure = "屏幕面积"\nleast = 3\nmost = 2', "is less than"),
        ('has = ["通电"]\nkind = "广厂"', "did you mean 广场"),
        ('has = ["通电"]\nfoo = 1', "unknown key"),
    ],
)
def test_a_standard_that_makes_no_sense_is_told(tmp_path: Path, entry: str, what: str) -> None:
    with pytest.raises(InputError, match=what):
        load(tmp_path, f'[[standard]]\nname = "x"\n{entry}\n')


def test_two_standards_of_one_name_are_told(tmp_path: Path) -> None:
    one = '[[standard]]\nname = "x"\nhas = ["通电"]\n'
    with pytest.raises(InputError, match=r"standard\.name: “x” is used twice"):
        load(tmp_path, one + one)


def test_venues_and_groups_that_do_not_exist_are_told(tmp_path: Path) -> None:
    content = '[[standard]]\nname = "x"\nhas = ["通电"]\nvenues = ["square-1"]\ngroups = ["示范点"]\n'
    load(tmp_path, content)
    problems = check_standards(load_standards(tmp_path / "standards.toml"), [venue()])
    assert [one.where for one in problems] == ["standards.toml: x.venues", "standards.toml: x.groups"]


def lines(found: tuple[StandardMark, ...]) -> list[str]:
    return [problem.render(str) for _, problem in sum_up(found)]


def test_a_line_says_how_many_fall_short_and_which() -> None:
    some = [station(id=f"s{n}", inches="43") for n in range(5)]
    good = station(inches="55", facilities="两有两通")
    poor = [station(id=f"p{n}", facilities="有电脑") for n in range(4)]
    assert lines(judge_venues(BUILT_IN, [*some, good, *poor])) == [
        "venues.csv: 两有两通: 4 of 10 fall short (p0、p1、p2…)",
        "venues.csv: 两有两通: 5 of 10 do not say (s0、s1、s2…); fill in 屏幕尺寸或点间距或配套",
    ]


def test_a_column_that_nobody_fills_in_is_not_asked_for() -> None:
    assert lines(judge_venues(BUILT_IN, [station(), station(id="s2")])) == []


def test_only_a_standard_that_must_be_met_is_a_fault() -> None:
    found = judge_venues(BUILT_IN, [station(inches="43", facilities="有电脑")])
    assert [is_fault for is_fault, _ in sum_up(found)] == [False]
    strict = tuple(one.model_copy(update={"must": True}) for one in BUILT_IN)
    assert [
        is_fault for is_fault, _ in sum_up(judge_venues(strict, [station(inches="43", facilities="有电脑")]))
    ] == [True]
