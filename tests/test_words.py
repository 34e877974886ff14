"""One thing, one name: words that the offices do not use stand nowhere where people read Chinese."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import catalogue
from tests.test_architecture import FILES, ROOT, nodes

HAN = re.compile("[\u4e00-\u9fff]")
CATALOGUE = "catalogue"
# What the spreadsheets and files of earlier years say is still read, and logs of other players use their own words.
READ_NOT_SAID = {
    "playlists/files/requests.py": {"点菜"},
    "playlists/files/rules.py": {"点菜"},
    "playlists/files/lecturers.py": {"讲法制", "讲师"},
    "playlists/files/venues.py": {"闭馆"},
    # What a plan says of a closed day when the calendar does not say why; it is never published.
    "playlists/opening/windows.py": {"休息"},
    "playlists/schedules/diff.py": {"休息"},
    "playlists/publishing/digest.py": {"休息", "闭馆"},
    "playlists/asrun/formats/vnnox.py": {"播放器"},
    "courseware/intake/sheet.py": {"讲师"},
    "docs/formats.md": {"闭馆"},
    "docs/asrun.md": {"播放器"},
    "docs/checking.md": {"讲法制"},
    "docs/guide-county.md": {"讲法制"},
}


@dataclass(frozen=True)
class Word:
    """A word that is not to be used: a pattern, the better one, the reason, and where it counts ("": everywhere)."""

    pattern: str
    better: str
    why: str
    where: str = ""


WORDS = (
    Word("讲法制", "讲法治", "the rule of law is 法治 in today's documents"),
    Word("静播", "停播时段", "静播 reads as playing without sound"),
    Word("点菜|有人点了", "点播", "点菜 is what guests do in a restaurant"),
    Word("播出位", "节目", "not a word of the trade"),
    Word("(?<!做)(?<!编)成片(?![头名尾花段])", "成品", "one thing, one name"),
    Word("半成品|保存的段落", "缓存 or 片段", "半成品 reads as lessons that are not finished"),
    Word("烧录|压进画面|压制字幕", "硬字幕", "the name of the trade"),
    Word("(?<![核校相])对时(?![间段])|(?<!核)对时间|(?<!分)配时间", "打时间轴", "the name of the trade"),
    Word("读不[了出]|放不出|播不[了出]", "无法读取, 无法解码 or 不受支持", "too colloquial for a report"),
    Word("太轻|太响|轻重", "响度偏低 or 响度偏高", "the name of the trade"),
    Word("响度起伏", "响度范围", "LRA in GY/T and EBU"),
    Word("音画长度", "音画时长差", "times are 时长"),
    Word("方形像素|像素不是正方形", "像素宽高比 1:1", "the name of the trade"),
    Word("横向毛刺", "去隔行", "the name of the trade"),
    Word("条声音|声音轨道", "音轨", "the column of the sheet is called 音轨"),
    Word("点数", "分辨率", "pixels are 分辨率, inches are 屏幕尺寸"),
    Word("原始大小", "原始尺寸 or 点对点", "what the menus of LED software say"),
    Word("(?<!完)整课|节课", "完整课件, or 个 and 部", "课件 are counted in 个 and 部"),
    Word("毛病|零头|裁满|规矩", "问题, 剩余时间, 裁切铺满 or 规则", "too colloquial"),
    Word("钟点", "时间 or 时刻", "one thing, one name"),
    Word("全县总表", "播放总览", "one thing, one name"),
    Word("发布(?!的)", "公布", "what an office does with a schedule; software is 发布的"),
    Word("手工", "人工", "one thing, one name"),
    Word("片尾卡", "片尾", "one thing, one name"),
    Word("讲师", "宣讲员 or 主讲人", "one thing, one name"),
    Word("(?<!安)排播|排期|(?<![安编])排节目|禁播", "编排 or 停播", "one thing, one name"),
    Word("没达到|没做到|还不能确定", "未达标, 未达到 or 待定", "reports go to the office above"),
    Word("开始曲|结束曲", "前提示音 or 后提示音", "开播曲 is what a radio station begins with"),
    Word("播放程序|播放器", "播放软件", "one thing, one name"),
    Word("U 盘", "U盘", "one spelling"),
    Word(
        "没有“[^”]*”这一种|您要[写找]的是不是|里面还?没有|请写成[^。]{1,30}的样子|写了两遍|一个也没|只说",
        "无法识别…, 是否应为…",
        "translated",
    ),
    Word("黑屏|画面静止|画面卡住", "黑场 or 静帧", "the names of the quality report", "render/"),
    Word(r"\b(VENUE|SOURCE|TARGET|FILE|ITEM|SHEET|DIR)\b(?= [一-鿿])", "the Chinese name", "not a Chinese word"),
    Word("播放点", "播放场所", "one thing, one name"),
    Word("闭馆|(?<!午)休息", "不播放, 不安排播放 or 无课", "a square does not rest, and a centre is no museum"),
    Word("渲染", "制作", "one thing, one name"),
    Word("钟头|太远了|办不了|宁可空着|说不通", "plain words of an office", "too colloquial"),
)


# What the offices call a thing: the glossary of docs/architecture.md calls it so, too.
TERMS = {
    "Alignment": "打时间轴",
    "Approval": "准播",
    "Canvas": "分辨率",
    "CaptionStyle": "硬字幕",
    "Chimes": "提示音",
    "Chunk": "片段",
    "CountyPage": "播放总览",
    "Edits": "人工",
    "EndCard": "片尾",
    "Ident": "片头",
    "Lecturer": "宣讲员",
    "Lesson": "课件",
    "Mpv": "播放软件",
    "Profile": "屏幕规格",
    "Programme": "节目编排",
    "Publication": "公布",
    "Quiet": "停播时段",
    "Rendition": "成品",
    "Request": "点播",
    "ReviewStep": "审次",
    "Rundown": "串联单",
    "Schedule": "节目单",
    "Series": "系列",
    "Slot": "节目",
    "SoundTrack": "音轨",
    "StandardMark": "达标",
    "Store": "缓存",
    "TitleCard": "片名卡",
    "Venue": "场所",
    "Window": "开放时段",
}


def places() -> Iterator[tuple[str, str, str]]:
    """Everything in Chinese that people read: where it stands, and the line; and the file that says it."""
    translations = catalogue.load()
    for sentence, file in catalogue.said():
        yield file, f"{CATALOGUE}: {sentence}", translations.get(sentence, "")
    for path in (*_documents(), *_skeleton()):
        name = path.relative_to(ROOT).as_posix()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            yield name, f"{name}:{number}", line
    for path in FILES:
        name = path.relative_to(ROOT).as_posix()
        for number, words in _strings(path):
            yield name, f"{name}:{number}", words


def _documents() -> list[Path]:
    return [ROOT / "README.zh-CN.md", *sorted((ROOT / "docs").glob("*.md"))]


def _skeleton() -> list[Path]:
    """What a new workspace, a page or a stick says."""
    suffixes = {".toml", ".txt", ".csv", ".j2", ".typ", ".lua", ".bat", ".sh", ".js"}
    folders = (ROOT / "templates", ROOT / "playlists" / "kits" / "player", ROOT / "playlists" / "kits" / "browser")
    return [one for folder in folders for one in sorted(folder.rglob("*")) if one.suffix in suffixes]


def _strings(path: Path) -> Iterator[tuple[int, str]]:
    """Literals with Chinese in them; not docstrings, which are for those who read code."""
    docs = {id(node.value) for node in nodes(path) if isinstance(node, ast.Expr)}
    for node in nodes(path):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.lineno, node.value


@pytest.fixture(scope="module")
def said() -> list[tuple[str, str, str]]:
    found = [(file, where, words) for file, where, words in places() if HAN.search(words)]
    nodes.cache_clear()
    assert found
    return found


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.pattern)
def test_words_that_are_not_to_be_used_stand_nowhere(said: list[tuple[str, str, str]], word: Word) -> None:
    pattern = re.compile(word.pattern)
    found = [
        f"{where}: {words[max(0, hit.start() - 12) : hit.end() + 12]}"
        for file, where, words in said
        if file.startswith(word.where)
        for hit in pattern.finditer(words)
        if hit[0] not in READ_NOT_SAID.get(file, ())
    ]
    assert found == [], f"write {word.better} ({word.why})"


def test_the_glossary_calls_things_what_the_offices_call_them() -> None:
    glossary = (ROOT / "docs" / "architecture.md").read_text("utf-8").split("## Words")[1]
    rows = [row for row in glossary.splitlines() if row.startswith("| `")]
    said = {name: row.split("|")[2] for row in rows for name in re.findall("`([^`]+)`", row.partition(" | ")[0])}
    assert {name: term for name, term in TERMS.items() if term not in said.get(name, "")} == {}
