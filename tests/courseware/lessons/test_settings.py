from pathlib import Path

import pytest

from courseware.errors import InputError
from courseware.lessons.settings import Settings, load_settings, salvage_settings

OFFICE = '[office]\nname = "示例县远教办"\ncounty = "示例县"\n'


def load(tmp_path: Path, content: str) -> Settings:
    (tmp_path / "yuanjiao.toml").write_text(content, encoding="utf-8")
    return load_settings(tmp_path / "yuanjiao.toml")


def complaints(tmp_path: Path, content: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        load(tmp_path, content)
    return str(caught.value).splitlines()


def test_the_office_is_all_that_must_be_told(tmp_path: Path) -> None:
    settings = load(tmp_path, OFFICE)
    assert settings.zone.key == "Asia/Shanghai"
    assert settings.render.profiles == ("station-tv",)
    assert len(settings.all_series) == 4
    assert len(settings.all_forms) == 5


def test_a_workspace_adds_series_and_forms_of_its_own(tmp_path: Path) -> None:
    more = 'forms = ["访谈", "MV"]\n' + OFFICE + '[[series]]\nname = "好风光"\nslug = "scenery"\n'
    settings = load(tmp_path, more)
    assert settings.all_forms[-2:] == ("MV", "访谈")
    assert settings.series_named("好风光").slug == "scenery"


def test_a_series_of_the_same_name_takes_the_place_of_the_built_in_one(tmp_path: Path) -> None:
    settings = load(tmp_path, OFFICE + '[[series]]\nname = "扶贫实用技术"\nslug = "skills"\ngoal = 40\n')
    assert [one.goal for one in settings.all_series] == [25, 25, 40, 25]


def test_a_built_in_series_may_be_printed_under_another_name_and_keeps_its_look(tmp_path: Path) -> None:
    settings = load(tmp_path, OFFICE + '[[series]]\nname = "扶贫实用技术"\nprinted = "乡村实用技术"\n')
    assert settings.series_named("扶贫实用技术").slug == "skills"
    assert settings.series_shown("扶贫实用技术") == "乡村实用技术"
    assert settings.series_shown("乡村振兴之路") == "乡村振兴之路"


def test_a_built_in_series_may_be_switched_off(tmp_path: Path) -> None:
    settings = load(tmp_path, OFFICE + '[[series]]\nname = "我的脱贫之路"\noff = true\n')
    assert [one.slug for one in settings.all_series] == ["story", "skills", "revival"]
    assert settings.unknown_series("扶贫实用技术") is None
    assert "is off in yuanjiao.toml" in str(settings.unknown_series("我的脱贫之路"))


def test_two_series_with_one_file_name_are_refused(tmp_path: Path) -> None:
    said = complaints(tmp_path, OFFICE + '[[series]]\nname = "好风光"\nslug = "story"\n')
    assert said == ["yuanjiao.toml: series: “story” is used twice"]


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    content = 'time_zone = "Asia/Shangai"\nlanguage = "de"\n[office]\nname = "  "\n'
    content += '[render]\nprofiles = ["led-3x3", "wechatt"]\n'
    assert complaints(tmp_path, content) == [
        "yuanjiao.toml: office.name: must not be empty",
        "yuanjiao.toml: office.county: this key is missing",
        "yuanjiao.toml: time_zone: “Asia/Shangai” is not known; did you mean Asia/Shanghai?",
        "yuanjiao.toml: language: “de” is not known; did you mean en?",
        "yuanjiao.toml: render.profiles.1: “led-3x3” is outside 64 to 4096 pixels a side",
        "yuanjiao.toml: render.profiles.2: “wechatt” is not known; did you mean wechat?",
    ]


def test_a_key_in_the_wrong_table_is_sent_to_its_place(tmp_path: Path) -> None:
    assert complaints(tmp_path, 'profiles = ["wechat"]\n' + OFFICE + 'time_zone = "Asia/Shanghai"\n') == [
        "yuanjiao.toml: office.time_zone: unknown key here; it belongs at the top of the file, above every [table]",
        "yuanjiao.toml: profiles: unknown key here; it belongs below [render]",
    ]


def test_a_profile_named_twice_is_made_once(tmp_path: Path) -> None:
    settings = load(tmp_path, OFFICE + '[render]\nprofiles = ["wechat", "wechat"]\n')
    assert settings.render.profiles == ("wechat",)


def test_no_profile_at_all_is_refused(tmp_path: Path) -> None:
    assert complaints(tmp_path, OFFICE + "[render]\nprofiles = []\n") == [
        "yuanjiao.toml: render.profiles: must not be empty"
    ]


def test_what_is_right_in_broken_settings_still_counts(tmp_path: Path) -> None:
    path = tmp_path / "yuanjiao.toml"
    path.write_text('time_zone = "Mars"\n[[series]]\nname = "好风光"\nslug = "scenery"\n', encoding="utf-8")
    settings, problems = salvage_settings(path)
    assert len(problems) == 2
    assert settings.series_named("好风光").slug == "scenery"
    assert settings.time_zone == "Asia/Shanghai"


def test_of_settings_that_are_no_toml_the_built_in_values_are_left(tmp_path: Path) -> None:
    path = tmp_path / "yuanjiao.toml"
    path.write_text("[office\n", encoding="utf-8")
    settings, problems = salvage_settings(path)
    assert len(problems) == 1
    assert len(settings.all_series) == 4


def test_right_settings_are_salvaged_whole(tmp_path: Path) -> None:
    load(tmp_path, OFFICE)
    settings, problems = salvage_settings(tmp_path / "yuanjiao.toml")
    assert problems == ()
    assert settings.office.county == "示例县"


def test_a_screen_says_what_differs_from_all_others(tmp_path: Path) -> None:
    content = '[render.screens.all]\nlogo = "logo.png"\nlogo_opacity = 0.5\nclear_top = 10\n'
    content += '[render.screens."led-512x320"]\nwatermark = "远教"\nclear_top = 0\n'
    content += '[render.screens.wechat]\nlogo = ""\n'
    render = load(tmp_path, OFFICE + content).render
    led, wechat, other = (render.screen(name) for name in ("led-512x320", "wechat", "station-tv"))
    assert (led.watermark, led.logo, led.logo_opacity, led.clear_top) == ("远教", "", 0.5, 0)
    assert (wechat.logo, wechat.clear_top) == ("", 10)
    assert (other.logo, other.logo_place) == ("logo.png", "top-right")


def test_screens_nobody_has_and_keys_they_do_not_know_are_told_at_once(tmp_path: Path) -> None:
    content = '[render.screens]\nclear_top = 3\n[render.screens.all]\nlogoo = "a"\nlogo_opacity = 0\n'
    content += '[render.screens."led-511x320"]\nwatermark = "一二三四五六七八九十一二三"\n'
    content += '[render.screens.wechat]\npitch_mm = 6\n[render.screens.station-tv]\nlogo = "a"\nwatermark = "b"\n'
    said = [line.removeprefix("yuanjiao.toml: render.screens.") for line in complaints(tmp_path, OFFICE + content)]
    assert said == [
        "clear_top: belongs to a screen; write it below [render.screens.all]",
        "clear_top: must be a table with keys of its own, not 3",
        "all.logo_opacity: 0 is too small; at least 0.1",
        "all.logoo: unknown key; did you mean “logo”?",
        "led-511x320: “led-511x320” has an odd side; video needs even ones: write led-512x320",
        "led-511x320.watermark: is 13 characters long; at most 12: shorten it",
        "wechat: distance_m and pitch_mm go together; write both or neither",
        "station-tv: logo and watermark stand in the same corner; keep one of the two",
    ]
