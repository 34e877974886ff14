"""The guides in Chinese say what is so: their headings, the desk's buttons, the sheet's columns, every command."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import click
import openpyxl
import pytest
from click.testing import CliRunner
from pypdf import PdfReader

import cli
from courseware.intake.sheet import HEADINGS
from courseware.lessons.settings import Office
from playlists.files.venues import HEADINGS as VENUE_HEADINGS
from templates.guides.guides import GUIDES, guide_html, guide_sections
from templates.guides.quick import QUICK_FILE, quick_pdf, quick_sheets
from templates.start.demo import COUNTY_DIR
from tests import catalogue
from tests.conftest import run_ffmpeg
from tests.test_architecture import ROOT

DOCS = ROOT / "docs"
SECTIONS = {
    "guide-editor": (
        "第一天 · 一周 · 课件目录表填法 · 拍摄与录音要求 · 字幕三种情况 · 标语通知片花 · 质量报告怎么处理"
        " · 退回怎么改 · 遇到问题 · 版权与肖像授权 · 名词表"
    ),
    "guide-operator": (
        "收到U盘先核对什么 · 电视怎么播 · LED怎么播 · 每天 · 宣讲和活动时 · 打不开、黑屏、停电"
        " · 出现不该播的画面：先断电或断信号，再报告 · 临时停播 · 登记与收换U盘 · 电话表"
    ),
    "guide-county": (
        "第一天三张表 · 一周日历 · 一月 · 审核责任链 · 临时变动与更正 · 上报 · 公开前十项检查 · 系列名与新提法"
        " · 备份、换电脑、交接 · 常见问题 · 名词表"
    ),
}
QUICK = "quick"
SPEAKING_OF_THE_DESK = (*SECTIONS, "desk", QUICK)
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`(yuanjiao [^`]+)`")
_BUTTON = re.compile("【([^】]+)】")
_VALUE = re.compile(r"\{[^}]*\}")


def read(guide: str) -> str:
    return (QUICK_FILE if guide == QUICK else DOCS / f"{guide}.md").read_text("utf-8")


def blocks(guide: str) -> list[str]:
    """The commands that are to be typed, line by line."""
    plain = (body for language, body in _BLOCK.findall(read(guide)) if not language)
    return [line for body in plain for line in body.splitlines() if line.startswith("yuanjiao ")]


@cache
def desk_words() -> frozenset[str]:
    return frozenset(_desk_words())


def _desk_words() -> Iterator[str]:
    """What the desk shows in Chinese, and the player for browsers."""
    translations = catalogue.load()
    for sentence, file in catalogue.said():
        if file.startswith(("desk/", "templates/desk/")):
            yield translations.get(sentence, "")
    browser = ROOT / "playlists" / "kits" / "browser"
    for path in browser.iterdir():
        if path.suffix in {".j2", ".js", ".html"}:
            yield from re.findall(r"[>\"]([^<>\"]{2,20})[<\"]", path.read_text("utf-8"))


@pytest.mark.parametrize("guide", SECTIONS)
def test_a_guide_has_the_sections_that_its_readers_were_promised(guide: str) -> None:
    assert re.findall("^## (.+)$", read(guide), re.MULTILINE) == SECTIONS[guide].split(" · ")


@pytest.mark.parametrize("guide", SPEAKING_OF_THE_DESK)
def test_every_button_and_page_that_a_guide_names_is_on_the_desk(guide: str) -> None:
    shown = {words for words in desk_words() if re.search("[一-鿿]", _VALUE.sub("", words))}
    patterns = [re.compile(".+".join(map(re.escape, _VALUE.split(words)))) for words in shown if "{" in words]
    unknown = [name for name in _BUTTON.findall(read(guide)) if name not in shown]
    assert [name for name in unknown if not any(one.fullmatch(name) for one in patterns)] == []


@pytest.mark.parametrize("guide", SPEAKING_OF_THE_DESK)
def test_every_command_that_a_guide_names_exists_with_its_options(guide: str) -> None:
    assert [line for line in (*blocks(guide), *_INLINE.findall(read(guide))) if not _is_known(line)] == []


def test_every_column_in_the_editors_table_is_one_that_an_import_reads() -> None:
    known = {name for names in HEADINGS.values() for name in names}
    assert set(_first_column("guide-editor", "课件目录表填法")) <= known


def test_every_column_in_the_countys_table_is_one_of_the_venues() -> None:
    known = {name for names in VENUE_HEADINGS.values() for name in names}
    assert set(_first_column("guide-county", "第一天三张表")) <= known


def test_the_pictures_of_the_desk_are_there_and_small() -> None:
    shown = {DOCS / name for name in re.findall(r"\]\((desk/[^)]+)\)", read("desk"))}
    assert shown == set((DOCS / "desk").iterdir())
    assert sum(path.stat().st_size for path in shown) <= 600_000


@pytest.mark.parametrize("name", quick_sheets())
def test_a_sheet_to_print_is_one_page_of_large_type(name: str) -> None:
    office = Office(
        name="汉阴县农村党员干部现代远程教育工作领导小组办公室", county="汉阴县", phone="0915-5212345、5212346"
    )
    (page,) = PdfReader(io.BytesIO(quick_pdf(name, office))).pages
    sizes = list[float]()

    def note(words: str, *placed: Any) -> None:
        sizes.extend(placed[-1:] if words.strip() else ())

    page.extract_text(visitor_text=note)
    assert min(sizes) >= 12


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_on_the_desk_is_whole_and_its_links_lead_to_what_is_there(name: str) -> None:
    page = guide_html(name)
    sections = guide_sections(name)
    assert " · ".join(sections) == SECTIONS[f"guide-{name}"]
    assert all(f'<h2 id="{section.lower()}">{section}</h2>' in page for section in sections)
    for target in re.findall('href="([^"]+)"', page):
        guide, _, section = unquote(target).rpartition("#")
        there = guide_html(guide.rpartition("/")[2]) if guide else page
        assert f'id="{section}"' in there or target.startswith("/guides/")
    assert "<script" not in page


@pytest.mark.parametrize("name", GUIDES)
def test_no_gap_stands_in_a_guides_chinese_where_a_line_of_its_file_ends(name: str) -> None:
    words = re.sub("<[^>]*>", "", re.sub(r"(?s)<pre>.*?</pre>|</(?:p|li|h.|td|th)>", "|", guide_html(name)))
    assert not re.findall(r"[一-鿿，。；：、）”]\n[一-鿿“（]", words)


def _first_column(guide: str, section: str) -> list[str]:
    """The names in a section's table, without its heading row."""
    body = read(guide).split(f"## {section}\n")[1].split("\n## ")[0]
    rows = [line.split("|")[1].strip() for line in body.splitlines() if line.startswith("|")]
    return [name for row in rows[2:] for name in re.split("、", row.removesuffix("（必填）"))]


def _is_known(line: str) -> bool:
    words = line.split()[1:]
    command: click.Command | None = cli.load_command(words[0]) if words[0] in cli.COMMANDS else None
    words = words[1:]
    while isinstance(command, click.Group):
        default = "send" if "send" in command.commands else ""
        following = words[0] if words and words[0] in command.commands else default
        if not following:
            return not words
        words = words[1:] if words[0] == following else words
        command = command.commands[following]
    options = {name for one in command.params for name in (*one.opts, *one.secondary_opts)} if command else set()
    return command is not None and all(word in options | {"--help", "--json"} for word in words if word[0] == "-")


# Serves until it is ended; takes minutes and is run in CI by itself.
_NOT_HERE = ("yuanjiao desk", "yuanjiao demo")
VENUES = """\
编号,名称,类型,镇,屏幕,开放时段,固定学习日,屏幕尺寸,配套
square-01,江北文化广场,广场,江北镇,512x320,每天 18:30-18:40,,,
station-01,双河村站点,站点,江北镇,1280x720,周四 14:30-14:40,周四,55,有电脑、通宽带、通WiFi
"""
CALENDAR = """\
[[lecture]]
title = "农家夜话"
venues = "广场"
weekday = "周三"
at = "18:30"
minutes = 5

[[activity]]
title = "乡村电影夜"
venues = "广场"
monthly = "15日"
at = "18:30"
minutes = 5
"""
LESSONS = (
    ("编号", "标题", "系列", "形式", "视频", "字幕"),
    ("AK001", "猕猴桃冬季修剪", "乡村振兴之路", "微视频", "修剪", "修剪.srt"),
    ("AK002", "新建一个项目", "扶贫实用技术", "微视频", "检查", ""),
)


@pytest.mark.long
@pytest.mark.timeout(1500)
@pytest.mark.skipif(os.name == "nt", reason="the sticks and drives of the guides are folders of the test")
def test_every_command_of_the_guides_runs_as_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ways = [line for guide in ("guide-editor", "guide-county") for line in blocks(guide)]
    assert ways[0].startswith("yuanjiao init ")
    failed = list(_run(ways[0]))
    monkeypatch.chdir(tmp_path / ways[0].split()[2])
    _fill_in()
    for line in ways[1:]:
        if not line.startswith(_NOT_HERE):
            failed += _run(line)
            if "import 课件目录" in line and "dry-run" not in line:
                _write_script()
    assert not failed, "\n".join(failed)


def _run(line: str) -> Iterator[str]:
    """Why it failed. Backslashes are those of Windows' paths, so no shell splits the line."""
    done = CliRunner().invoke(cli.main, ["--lang", "zh", *line.split()[1:]])
    if done.exit_code:
        yield f"{line} → {done.exit_code}\n{done.output[-1500:]}\n{done.exception!r}"


def _write_script() -> None:
    """What is spoken in the second lesson."""
    lines = (COUNTY_DIR / "media" / "check-quality.vtt").read_text("utf-8").splitlines()[1:]
    spoken = "\n".join(line for line in lines if line and "-->" not in line and not line.isdigit())
    Path("courseware/AK002/script.txt").write_text(spoken, "utf-8")


def _fill_in() -> None:
    """What an office fills in on its first day, small; and the files that the guides speak of."""
    settings = Path("yuanjiao.toml")
    small = 'profiles = ["led-512x320", "station-tv-720"]'
    settings.write_text(settings.read_text("utf-8").replace('profiles = ["station-tv"]', small), "utf-8")
    Path("venues.csv").write_text(VENUES, "utf-8")
    Path("calendar.toml").write_text(CALENDAR, "utf-8")
    Path("lecturers.csv").write_text("姓名,单位,职务,宣讲内容\n李建国,县农技站,站长,讲技术\n", "utf-8")
    run_ffmpeg("-f", "lavfi", "-i", "sine=frequency=440:duration=5", "山歌.mp3")
    Path("暴雨.txt").write_text("今晚有暴雨，请远离河道。", "utf-8")
    footage = {"修剪.mp4": "new-project.mp4", "修剪.srt": "new-project.srt", "检查.mp4": "check-quality.mp4"}
    Path(r"D:\素材").mkdir()
    for name, source in footage.items():
        content = (COUNTY_DIR / "media" / source).read_bytes()
        (Path(r"D:\素材") / name).write_bytes(content)
        Path(rf"D:\素材\{name}").write_bytes(content)  # on Linux another file
    for stick in ("E:\\", "F:\\", "G:\\"):
        Path(stick).mkdir()
    book = openpyxl.Workbook()
    for row in LESSONS:
        book.active.append(row)  # type: ignore[union-attr]
    book.save("课件目录.xlsx")
