"""The command notice, as it is typed."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import cli
from courseware.errors import Problem, Text, ToolError
from courseware.storage.keys_folder import keys_folder
from playlists.kits.keys import trusted_keys
from playlists.kits.plan import KitPlan, load_plan
from playlists.kits.verifying import verify_kit
from tests.playlists.notices.conftest import NOW, SECONDS, Ask

WORDS = "今晚22点起停水，请各户提前储水。"


def kits(county: Path, number: int = 1) -> dict[str, Path]:
    """Venue → its kit."""
    found = (county / "notices" / f"{number:04}" / "venues").glob("*/notices/*")
    return {kit.parents[1].name: kit for kit in found}


def plan(kit: Path) -> KitPlan:
    return load_plan(kit / "plan.json")


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_venue_gets_a_signed_kit_with_the_video_of_its_canvas(county: Path, notice: Ask) -> None:
    result = notice(WORDS, "--all", "--until", "20:00", "--json")
    assert result.exit_code == 0, result.stderr
    report = json.loads(result.stdout)
    assert report["seconds"] == {"led-96x64": SECONDS, "led-128x64": SECONDS}
    assert report["closed"] == ["station-01"]
    made = kits(county)
    assert sorted(made) == ["square-01", "square-02", "station-01"]
    for venue, kit in made.items():
        assert verify_kit(kit, trusted_keys(keys_folder()), NOW).is_good
        found = plan(kit)
        assert (found.venue.id, found.interrupts, found.kit) == (venue, True, f"{venue}_notice-0001_r1")
        (video,) = found.files.values()
        assert (kit / video.path).read_bytes().startswith(f"led-{found.venue.width}x64".encode())
        assert (kit / "fallback" / "card.png").is_file()
        assert (kit / "安装.bat").is_file()
    assert (county / "notices" / "0001" / "videos" / "led-96x64.mp4").is_file()


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (("--venues", "square-01、双河村站点"), ["square-01", "station-01"]),
        (("--venues", "广场"), ["square-01", "square-02"]),
        (("--venues", "城区", "-v", "station-01"), ["square-01", "square-02", "station-01"]),
        (("--town", "江北镇"), ["square-01", "station-01"]),
        (("--town", "老街镇", "--venues", "文化广场"), ["square-01", "square-02"]),
    ],
)
def test_venues_are_named_by_id_name_group_kind_or_town(
    county: Path, notice: Ask, given: tuple[str, ...], meant: list[str]
) -> None:
    assert notice(WORDS, *given, "--until", "20:00").exit_code == 0
    assert sorted(kits(county)) == meant


def test_it_is_shown_every_ten_minutes_or_as_often_as_is_said(county: Path, notice: Ask) -> None:
    notice(WORDS, "--all", "--from", "19:10", "--until", "19:40")
    notice(WORDS, "--all", "--from", "19:10", "--until", "19:40", "--every", "12")
    first, second = (plan(kits(county, number)["square-01"]).slots for number in (1, 2))
    assert [f"{one.start:%H:%M}" for one in first] == ["19:10", "19:20", "19:30"]
    assert [f"{one.start:%H:%M}" for one in second] == ["19:10", "19:22", "19:34"]
    assert {one.seconds for one in first} == {SECONDS}
    assert first[0].id == "notice-0001-000"


def test_without_a_break_it_stands_from_beginning_to_end_in_whole_turns(county: Path, notice: Ask) -> None:
    notice(WORDS, "--all", "--until", "22:30:15", "--repeat")
    found = plan(kits(county)["square-01"])
    assert found.valid.start == found.slots[0].start == NOW
    assert [one.seconds for one in found.slots] == [3600, 3600, 3600, 1780]
    assert found.valid.end - NOW == timedelta(hours=3, minutes=29, seconds=45)


def test_page_and_message_are_for_people(county: Path, notice: Ask) -> None:
    notice("请看<b>第一条</b>\n第二条", "--all", "--until", "20:00")
    folder = county / "notices" / "0001"
    page = (folder / "通知.html").read_text(encoding="utf-8")
    assert "<p>请看&lt;b&gt;第一条&lt;/b&gt;</p>\n<p>第二条</p>" in page
    assert "11月30日 19:00 至 20:00" in page
    said = (folder / "通知.txt").read_bytes()
    assert said.startswith(b"\xef\xbb\xbf")
    assert said.decode("utf-8-sig").splitlines() == [
        "【紧急通知】",
        "请看<b>第一条</b>",
        "第二条",
        "测试县远教办 2026年11月30日 19:00",
        "大屏播出：11月30日 19:00 至 20:00，江北镇文化广场、老街镇老街广场、江北镇双河村站点。",
    ]


def test_the_longest_words_for_many_venues_still_fit_into_a_message(county: Path, notice: Ask) -> None:
    rows = (f"v-{n:03},第{n}广场,广场,测试县,江北镇,96x64,,每天 18:30-20:30\n" for n in range(100))
    (county / "venues.csv").write_text(
        "编号,名称,类型,县区,镇,屏幕,分组,开放时段\n" + "".join(rows), encoding="utf-8"
    )
    assert notice("停" * 500, "--all", "--until", "20:00").exit_code == 0
    said = (county / "notices" / "0001" / "通知.txt").read_text(encoding="utf-8-sig")
    assert len(said) <= 2000
    assert "100个广场" in said


def test_it_is_in_the_ledger_who_sent_what_to_whom(county: Path, notice: Ask, tmp_path: Path) -> None:
    voice = tmp_path / "voice.wav"
    voice.write_bytes(b"spoken")
    notice(WORDS, "--venues", "square-01", "--until", "20:00", "--voice", str(voice), "--by", "王芳")
    (known,) = json.loads(notice("list", "--json").stdout)["notices"]
    sent = known["sent"]
    assert known["state"] == "on"
    assert (sent["by"], sent["content"], sent["venues"]) == ("王芳", WORDS, ["square-01"])
    assert sent["office"] == "测试县远教办"
    assert sent["voice"] == hashlib.sha256(b"spoken").hexdigest()
    (video,) = plan(kits(county)["square-01"]).files.values()
    assert sent["videos"] == {"led-96x64": video.sha256}
    assert "王芳" in notice("list").stdout


def test_the_words_may_come_from_a_file_in_any_encoding(notice: Ask, tmp_path: Path) -> None:
    source = tmp_path / "words.txt"
    source.write_bytes("第一段\r\n\r\n第二段\r\n".encode("gb18030"))
    assert notice("--file", str(source), "--all", "--until", "20:00").exit_code == 0
    (known,) = json.loads(notice("list", "--json").stdout)["notices"]
    assert known["sent"]["content"] == "第一段\n第二段"
    assert notice(WORDS, "--file", str(source), "--all", "--until", "20:00").exit_code == 2


def test_a_withdrawn_notice_has_kits_that_take_it_off_and_says_so_everywhere(county: Path, notice: Ask) -> None:
    notice(WORDS, "--all", "--until", "20:00")
    result = notice("withdraw", "1", "--reason", "已修好", "--by", "王芳")
    assert result.exit_code == 0, result.stderr
    for venue, kit in kits(county).items():
        found = plan(kit)
        assert verify_kit(kit, trusted_keys(keys_folder()), NOW).is_good
        assert (found.kit, found.revision, found.slots) == (f"{venue}_notice-0001_r2", 2, ())
    folder = county / "notices" / "0001"
    assert "已撤回" in (folder / "通知.html").read_text(encoding="utf-8")
    assert "已修好" in (folder / "通知.txt").read_text(encoding="utf-8-sig")
    (known,) = json.loads(notice("list", "--json").stdout)["notices"]
    assert (known["state"], known["withdrawn"]["by"], known["withdrawn"]["remark"]) == ("withdrawn", "王芳", "已修好")


def test_only_what_still_holds_can_be_withdrawn(county: Path, notice: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    del county
    notice(WORDS, "--all", "--until", "20:00")
    notice(WORDS, "--all", "--until", "20:00")
    notice("withdraw", "1")
    assert "withdrawn already" in notice("withdraw", "1").stderr
    assert "no notice of this number" in notice("withdraw", "3").stderr
    monkeypatch.setattr("playlists.almanac.clock.now", lambda _: NOW + timedelta(hours=2))
    assert "is over" in notice("withdraw", "2").stderr


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_written(county: Path, notice: Ask) -> None:
    result = notice(
        "停\x01水", "--title", " ", "--venues", "square-1、nowhere", "--town", "月球镇", "--from", "18:00",
        "--until", "17:00", "--voice", "no.wav", "--repeat", "--every", "5", "--by", "a\nb",
    )  # fmt: skip
    assert result.exit_code == 2
    for said in (
        "TEXT: must not hold control characters",
        "--title: must not be empty",
        "did you mean square-01",
        "“nowhere” is not known",
        "“月球镇” is not known",
        "--from: 2026-11-30 18:00 is past",
        "--until: 2026-11-30 17:00 is past",
        "--voice: no such file: no.wav",
        "--repeat: goes without --every",
        "--by: must be one line",
    ):
        assert said in result.stderr
    assert not (county / "notices").exists()


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("", "write the words"),
        ("\u200b ", "must not be empty"),
        ("停" * 501, "has 501 characters; write at most 500"),
        ("转\u202e向", "control characters"),
        ("没有\U0002a6d6这个字", "no font can print \U0002a6d6"),
    ],
)
def test_words_that_no_screen_can_show_are_refused(county: Path, notice: Ask, words: str, what: str) -> None:
    result = notice("send", words, "--all", "--until", "20:00")
    assert result.exit_code == 2
    assert what in result.stderr
    assert not (county / "notices").exists()


@pytest.mark.parametrize(
    ("options", "what"),
    [
        (("--all",), "say when the notice ends"),
        (("--until", "20:00"), "say for whom"),
        (("--all", "--town", "江北镇", "--until", "20:00"), "--all goes with neither"),
        (("--all", "--until", "18:59"), "is past"),
        (("--all", "--from", "19:30", "--until", "19:30"), "is not after"),
        (("--all", "--until", "2026-12-04 20:00"), "longer than 3 days"),
        (("--all", "--until", "傍晚"), "is not a moment"),
        (("--all", "--until", "19:00:45"), "20 seconds on led-96x64, longer than from beginning to end"),
    ],
)
def test_times_and_venues_that_cannot_be_meant_are_refused(
    county: Path, notice: Ask, options: tuple[str, ...], what: str
) -> None:
    result = notice(WORDS, *options)
    assert result.exit_code == 2
    assert what in result.stderr
    assert not list((county / "notices").glob("*"))


def test_a_county_without_venues_has_nobody_to_tell(county: Path, notice: Ask) -> None:
    (county / "venues.csv").write_text("编号,名称,类型,屏幕,开放时段\n", encoding="utf-8")
    assert "holds no venue yet" in notice(WORDS, "--all", "--until", "20:00").stderr


def test_nothing_is_left_of_a_notice_that_cannot_be_made(
    county: Path, notice: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice(WORDS, "--all", "--until", "20:00")
    before = everything(county)

    def fail(*_: Any) -> Any:
        raise ToolError(Problem("ffmpeg", Text("cannot be started", {})))

    monkeypatch.setattr(cli, "make_alert_videos", fail)
    assert notice(WORDS, "--all", "--until", "20:00").exit_code != 0
    monkeypatch.setattr("playlists.notices.sending.write_kit", fail)
    assert notice("withdraw", "1").exit_code != 0
    assert everything(county) == before


def test_a_ledger_that_was_changed_is_told_and_not_added_to(county: Path, notice: Ask) -> None:
    for _ in range(3):
        notice(WORDS, "--all", "--until", "20:00")
    path = county / "notices" / "ledger.jsonl"
    whole = path.read_text(encoding="utf-8")
    first, second, third = whole.splitlines(keepends=True)
    for damaged in (whole.replace("停水", "断水", 1), first + third, second + third, first + second, whole[:-20]):
        path.write_text(damaged, encoding="utf-8")
        assert "notices/ledger.jsonl" in notice("list").stderr
        assert notice(WORDS, "--all", "--until", "20:00").exit_code == 2
        assert path.read_text(encoding="utf-8") == damaged
    path.write_text(whole, encoding="utf-8")
    assert notice("list").exit_code == 0


def test_the_plans_of_the_week_are_not_touched(county: Path, notice: Ask) -> None:
    before = everything(county)
    notice(WORDS, "--all", "--until", "20:00")
    after = everything(county)
    assert {path: after[path] for path in before} == before
    assert all("/notices/" in path for path in after.keys() - before.keys() if ".yuanjiao" not in path)


def test_a_video_longer_than_the_break_is_told(county: Path, notice: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    del county
    monkeypatch.setattr("tests.playlists.notices.conftest.SECONDS", 75)
    assert (
        "75 seconds on led-96x64; write more minutes"
        in notice(WORDS, "--all", "--until", "20:00", "--every", "1").stderr
    )
