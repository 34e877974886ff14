"""A county's week published by the command: what is made, what is left, what is said, and what a failure leaves."""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cli import main
from courseware.errors import text
from courseware.lessons.workspace import Workspace, open_workspace
from playlists.checking.checker import Breach, Report
from playlists.county.weeks import schedule_of
from playlists.publishing import announce, judged, setting
from playlists.publishing.announce import WeekVerdict, judge_week
from playlists.schedules.schedule import Schedule
from templates.pages.looks import INDEX
from templates.pages.typeset import Sheet, SheetPress
from templates.type import webfont
from tests.playlists.factories import CALENDAR, write_workspace

WEEK = ("--week", "2026-W48")
VENUES = (
    "编号,名称,类型,县区,镇,屏幕,开放时段,固定学习日\n"
    "square-01,文化广场,广场,测试县,江北镇,512x320,每天 19:00-19:20,\n"
    "square-02,重庆广场,广场,测试县,江北镇,512x320,每天 19:00-19:20,\n"
    "station-01,双河村站点,站点,测试县,双河镇,512x320,每天 14:30-14:40,周四\n"
    "lonely-01,无镇站点,站点,测试县,,512x320,每天 14:30-14:40,周四\n"
)


def set_quickly(sheets: list[Sheet]) -> Iterator[bytes]:
    """The data in place of what is typeset of it."""
    yield from (f"{one.template} {one.medium} {one.data}".encode() for one in sheets)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Planned; typesetting and fonts take long and matter to nobody here."""
    monkeypatch.setattr(setting, "typeset_all", set_quickly)
    monkeypatch.setattr(webfont, "make_fonts", lambda _: ((face.url, b"font") for face in webfont.FACES))
    root = write_workspace(tmp_path)
    (root / "venues.csv").write_text(VENUES, encoding="utf-8")
    (root / "calendar.toml").write_text(f"{CALENDAR}relayed = true\n", encoding="utf-8")
    assert run(root, "schedule", "plan", *WEEK).exit_code == 0
    return root


def run(workspace: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--lang", "en", *arguments, "--workspace", str(workspace)])


def publish(workspace: Path, *options: str) -> set[str]:
    """The names of the files that are new."""
    result = run(workspace, "publish", *WEEK, *options, "--json")
    assert result.exit_code == 0, result.stderr
    folder = workspace / "published" / "2026-W48"
    return {Path(one).relative_to(folder).as_posix() for one in json.loads(result.stdout)["new"]}


def content(workspace: Path) -> dict[str, bytes]:
    home = workspace / "published"
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in home.rglob("*") if path.is_file()}


def page(workspace: Path, name: str) -> str:
    return (workspace / "published" / "2026-W48" / name).read_text(encoding="utf-8")


def change_speaker(workspace: Path, speaker: str, venues: str = "广场") -> None:
    calendar = (workspace / "calendar.toml").read_text(encoding="utf-8")
    changed = calendar.replace("李老师", speaker).replace('venues = "广场"', f'venues = "{venues}"')
    (workspace / "calendar.toml").write_text(changed, encoding="utf-8")
    assert run(workspace, "schedule", "plan", *WEEK).exit_code == 0


def test_what_is_the_same_is_not_made_again(workspace: Path) -> None:
    first = publish(workspace)
    assert {
        "index.html",
        "county.pdf",
        "county.png",
        "square-01.html",
        "towns/江北镇.pdf",
        "days/2026-11-25.png",
    } <= first
    before = content(workspace)
    assert publish(workspace) == set()
    assert content(workspace) == before


def test_a_file_that_is_gone_or_was_changed_is_made_again_and_no_other(workspace: Path) -> None:
    publish(workspace)
    folder = workspace / "published" / "2026-W48"
    (folder / "square-01.pdf").unlink()
    (folder / "square-02.png").write_bytes(b"drawn")
    assert publish(workspace) == {"square-01.pdf", "square-02.png"}


def test_of_a_changed_venue_its_own_files_and_those_of_its_town_are_new(workspace: Path) -> None:
    publish(workspace)
    lesson = json.loads((workspace / "schedules/2026-W48/square-01.json").read_text("utf-8"))["days"][0]["slots"][0]
    run(workspace, "schedule", "edit", "never", lesson["lesson"], "square-01")
    assert run(workspace, "schedule", "plan", *WEEK).exit_code == 0
    new = publish(workspace)
    assert {"square-01.html", "square-01.pdf", "square-01.png", "towns/江北镇.html", "index.html"} <= new
    assert not {name for name in new if name.startswith(("square-02", "station-01", "lonely-01", "towns/双河镇"))}


def test_pictures_of_days_are_new_only_where_their_own_day_changed(workspace: Path) -> None:
    publish(workspace)
    before = content(workspace)
    change_speaker(workspace, "王老师")
    wednesday = {name for name in publish(workspace) if name.startswith("days/")}
    assert {name[:15] for name in wednesday} == {"days/2026-11-25"}
    after = content(workspace)
    assert all(edition_of(after[f"2026-W48/{name}"]) == 2 for name in wednesday)
    others = {name for name in before if "/days/" in name and name.removeprefix("2026-W48/") not in wednesday}
    assert all(after[name] == before[name] and edition_of(after[name]) == 1 for name in others)


def edition_of(made: bytes) -> int:
    """Which edition a sheet names that was only written down."""
    number: int = json.loads(made.decode().split(" ", 2)[2])["head"]["edition"]["number"]
    return number


def test_what_can_be_sought_is_the_same_while_names_hours_and_lessons_are(workspace: Path) -> None:
    publish(workspace)
    change_speaker(workspace, "王老师")
    assert INDEX not in publish(workspace)


def test_only_the_changed_week_is_judged_again(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, ...]] = []

    def judge(of: Workspace, schedules: Sequence[Schedule], clean: Any) -> WeekVerdict:
        asked.append(tuple(one.venue for one in schedules))
        return judge_week(of, schedules, clean)

    monkeypatch.setattr(judged, "judge_week", judge)
    publish(workspace)
    publish(workspace)
    plan = workspace / "schedules" / "2026-W48" / "square-02.json"
    plan.write_text(plan.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    publish(workspace)
    run(workspace, "schedule", "edit", "never", "lesson-001", "square-02")
    run(workspace, "schedule", "plan", *WEEK)
    publish(workspace)
    programmes = workspace / "programmes.toml"
    programmes.write_text(programmes.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    publish(workspace)
    everybody = ("square-01", "square-02", "station-01", "lonely-01")
    assert asked == [everybody, (), ("square-02",), ("square-02",), everybody]


def test_a_week_that_was_clean_is_withheld_when_another_takes_its_lecturer(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the other week is judged anew, and its breach is told at both."""
    at = datetime.fromisoformat("2026-11-25T19:05:00+08:00")
    both = (Breach(one, at, "lecturers", text("taken"), hard=True) for one in ("square-01", "square-02"))
    found = Report(1, 7, tuple(both), (), ())
    monkeypatch.setattr(announce, "check_schedules", lambda *_given, **_named: found)
    root = open_workspace(workspace)
    clean = {venue: partial(schedule_of, root, venue, "2026-W48") for venue in ("square-01", "station-01")}
    verdict = judge_week(root, [schedule_of(root, "square-02", "2026-W48")], clean)
    assert {one.venue for one in verdict.withheld} == {"square-01", "square-02"}
    assert verdict.fit == ()


def test_a_full_disk_in_the_middle_leaves_the_old_edition_whole(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(workspace)
    before = content(workspace)
    change_speaker(workspace, "王老师")

    def fill_the_disk(sheets: list[Sheet]) -> Iterator[bytes]:
        yield from (b"new" for _ in sheets[:3])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(setting, "typeset_all", fill_the_disk)
        result = run(workspace, "publish", *WEEK)
    assert result.exit_code != 0
    assert "space" in result.stderr
    assert content(workspace) == before
    assert "square-01.html" in publish(workspace)
    assert "王老师" in page(workspace, "square-01.html")


def test_a_farm_s_press_sets_what_this_computer_would(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    sheets: list[Sheet] = []

    def press(given: Sequence[Sheet]) -> Iterator[bytes]:
        sheets.extend(given)
        return set_quickly(list(given))

    @contextmanager
    def opened(farm: str, *_: object) -> Iterator[SheetPress]:
        asked.append(farm)
        yield press
        asked.append("closed")

    monkeypatch.setattr("cli.open_farm_press", opened)
    with monkeypatch.context() as patch:
        patch.setattr(setting, "typeset_all", None)
        new = publish(workspace, "--on", "tls://office-pc:8786")
        drafts = run(workspace, "publish", *WEEK, "--draft", "--on", "tls://office-pc:8786")
    assert drafts.exit_code == 0
    assert asked == ["tls://office-pc:8786", "closed"] * 2
    assert len(sheets) == 2 * sum(name.endswith((".pdf", ".png")) for name in new)
    right = content(workspace)
    shutil.rmtree(workspace / "published")
    publish(workspace)
    assert content(workspace) == right


def test_some_venues_some_towns_and_some_kinds_of_files(workspace: Path) -> None:
    assert {name for name in publish(workspace, "--venue", "重庆广场", "--only", "posters") if "/" not in name} == {
        "square-02.pdf",
        "county.pdf",
    }
    new = publish(workspace, "--town", "双河镇", "--only", "pages")
    assert {"station-01.html", "towns/双河镇.html", "index.html", "assets/search.js"} <= new
    assert not {name for name in new if name.endswith((".pdf", ".png"))}
    assert "双河村站点" in page(workspace, "index.html")
    assert "文化广场" not in page(workspace, "index.html")
    wrong = run(workspace, "publish", *WEEK, "--town", "双和镇")
    assert wrong.exit_code == 2
    assert "双河镇" in wrong.stderr


def test_an_edition_tells_what_it_changed_as_page_text_and_picture(workspace: Path) -> None:
    publish(workspace)
    assert not (workspace / "published" / "2026-W48" / "correction.html").exists()
    change_speaker(workspace, "王老师")
    new = publish(workspace)
    assert {"correction.html", "correction.pdf", "correction.png", "correction.txt"} <= new
    told = page(workspace, "correction.txt")
    assert told.startswith("【更正通知】测试县 11月23日—11月29日（2026年第48周）\n节目单已改为第2版")
    assert "· 文化广场、重庆广场：11月25日（星期三）宣讲“农家夜话”现为“主讲：王老师；同步转播”" in told
    assert "第2版" in page(workspace, "square-01.html")
    assert "现为“主讲：王老师" in page(workspace, "square-01.html")
    assert "第1版" in page(workspace, "station-01.html")


def test_equal_events_are_told_once_with_all_their_places_folded(workspace: Path) -> None:
    publish(workspace)
    county = page(workspace, "index.html")
    assert county.count("农家夜话") == 1
    assert "文化广场</a>" in county


def test_venues_without_a_town_are_found_too(workspace: Path) -> None:
    publish(workspace)
    assert "无镇站点" in page(workspace, "towns/other.html")
    assert "未分乡镇" in page(workspace, "index.html")


def test_the_search_knows_villages_towns_lessons_and_series_by_pinyin(workspace: Path) -> None:
    publish(workspace)
    said = page(workspace, "assets/search.js").removeprefix("window.yuanjiao=").removesuffix(";\n")
    index = json.loads(said)
    venues = {one[1]: one[3] for one in index["venues"]}
    assert venues["重庆广场"] == "chongqingguangchang cqgc"
    assert [one[1] for one in index["towns"]] == ["江北镇", "双河镇", "未分乡镇"]
    assert all("kejian" in one[2] for one in index["lessons"])
    assert {one[3] for one in index["lessons"]} <= {f"{n:x}" for n in range(16)}


def test_the_address_that_stays_leads_to_every_published_week(workspace: Path) -> None:
    publish(workspace)
    run(workspace, "schedule", "plan", "--week", "2026-W49")
    assert run(workspace, "publish", "--week", "2026-W49").exit_code == 0
    hub = (workspace / "published" / "index.html").read_text(encoding="utf-8")
    assert hub.index('href="2026-W49/index.html"') < hub.index('href="2026-W48/index.html"')
    weeks = (workspace / "published" / "weeks.js").read_text(encoding="utf-8")
    assert '"week":"2026-W49","dates":"11月30日—12月6日（2026年第49周）"' in weeks


def test_a_week_that_may_not_be_shown_any_more_disappears_from_every_page(workspace: Path) -> None:
    publish(workspace)
    settings = workspace / "yuanjiao.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + "[review]\nrequired = true\n", encoding="utf-8")
    result = run(workspace, "publish", *WEEK)
    assert result.exit_code != 0
    assert "节目正在调整" in page(workspace, "square-01.html")
    for name, found in content(workspace).items():
        if name.endswith((".html", ".js", ".pdf", ".png")):
            assert "课件1".encode() not in found, name


def test_a_word_that_cannot_be_printed_stops_the_week_before_anything_is_written(workspace: Path) -> None:
    plan = workspace / "schedules" / "2026-W48" / "square-01.json"
    plan.write_text(plan.read_text(encoding="utf-8").replace("江北镇", "江北\u202e镇"), encoding="utf-8")
    result = run(workspace, "publish", *WEEK)
    assert result.exit_code != 0
    assert not list((workspace / "published").rglob("*.html"))


def test_a_week_that_is_not_planned_is_refused(workspace: Path) -> None:
    result = run(workspace, "publish", "--week", "2026-W50")
    assert result.exit_code == 2
    assert not (workspace / "published").exists()


def test_words_with_characters_that_were_printed_before_are_not_looked_at_again(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(workspace)
    # With a second edition come the words of corrections.
    change_speaker(workspace, "王老师")
    publish(workspace)
    looked_at: list[str] = []
    monkeypatch.setattr(setting, "printable", looked_at.append)
    calendar = workspace / "calendar.toml"
    for speaker, is_new in (("老王师", False), ("王雪", True)):
        calendar.write_text(f"{CALENDAR}relayed = true\n".replace("李老师", speaker), encoding="utf-8")
        assert run(workspace, "schedule", "plan", *WEEK).exit_code == 0
        assert publish(workspace)
        assert any(speaker in word for word in looked_at) == is_new
