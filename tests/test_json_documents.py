"""What docs/formats.md says of every --json document, held against what the commands print."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cli import main
from playlists.publishing import setting
from templates.type import webfont
from tests.conftest import ClipFactory
from tests.playlists.factories import write_workspace
from tests.render.sounds import make_sound
from tests.test_cli import leaves

DOCS = Path(__file__).parents[1] / "docs" / "formats.md"
WEEK = "--week 2026-W48"
CUES = "1\n00:00:00,200 --> 00:00:01,800\n配药，好,\n\n2\n00:00:01,850 --> 00:00:02,000\n配药\n"
FILES = {
    "lecturers.csv": "姓名,镇\n甲,江北镇\n乙,双河镇\n",
    "rooms.csv": "中心,教室,座位数\ncentre-01,大教室,60\n",
    "courses.csv": "编号,名称,人数,起,止\nC1,核桃修剪,100,2026-11-23,2026-11-27\n",
    "sheet.csv": "标题,系列,形式,视频\n新课,扶贫实用技术,微视频,clip.mp4\n",
    "log.jsonl": "{}\n",
    "a.srt": CUES,
    "draft.md": "# 题\n\n正文。\n",
}
# What makes the document, in the order in which it can be made; {0} is a folder with everything in it.
RUNS = {
    "init": "{0}/new",
    "schedule plan": WEEK,
    "schedule plan --weeks": f"2 {WEEK}",
    "key init": "",
    "key show": "",
    "farm key": "office-pc --store {0} --output {0}/worker.farm",
    "farm revoke": "worker",
    "kit build": f"square-01 {WEEK}",
    "kit verify": "{0}/kits/square-01",
    "kit tv": f"square-01 {WEEK} --output {{0}}/tv",
    "player check": "{0}/kits/square-01",
    "notice send": "今晚停水 --venues square-01 --until 明天12:00 --repeat",
    "notice withdraw": "1",
    "notice list": "",
    "key trust": "{0}/kits/square-01/远教/key.pub",
    "publish": WEEK,
    "export table": WEEK,
    "export calendar": WEEK,
    "schedule edit pin": "square-01 2026-11-24T19:00 lesson-001",
    "schedule edit never": "lesson-002 square-01",
    "schedule takeover": "square-01 --from 明天19:00 --until 明天19:10 --lesson lesson-001",
    "schedule show": f"square-01 {WEEK}",
    "schedule show --day": f"2026-11-24 {WEEK} square-01",
    "schedule show --at": f"19:05 --day 2026-11-24 {WEEK}",
    "schedule show --lesson": f"lesson-001 {WEEK}",
    "schedule show --coverage": WEEK,
    "schedule show --month": "2026-11",
    "schedule show --why": f"square-01 --day 2026-11-24 {WEEK}",
    "schedule check": WEEK,
    "schedule lecturers": WEEK,
    "schedule trainings": "",
    "schedule diff": WEEK,
    "schedule history": "",
    "playlist build": f"square-01 {WEEK}",
    "playlist list": "",
    "playlist formats": "",
    "asrun sheet": f"square-01 {WEEK} --output {{0}}/sheet.xlsx",
    "asrun import": "{0}/log.jsonl",
    "column new": "--from {0}/draft.md",
    "column build": "1",
    "column publish": "",
    "column status": "",
    "review submit": "lesson-001 --by 王芳",
    "review approve": "lesson-001 --by 赵主任",
    "review reject": "lesson-003 --by 赵主任 --reason 不清",
    "review comment": "lesson-001 字幕有错字 --at 0:01 --by 赵主任",
    "review settle": "3 --by 王芳",
    "review status": "",
    "review verify": "",
    "review export": "-o {0}/reviews.csv",
    "report standards": "",
    "report played": WEEK,
    "report month": "--month 2026-11",
    "report year": "--year 2026",
    "report books": "--month 2026-11 --output {0}/books",
    "status": "",
    "check": "",
    "clean": "",
    "guide": "operator --output {0}/guide.pdf",
    "import": "{0}/sheet.csv --dry-run",
    "lesson new": "--from {0}/draft.md --series 扶贫实用技术 --dry-run",
    "lesson export": "filmed -o {0}/a.otio",
    "store stat": "",
    "store gc": "--max-size 1GB",
    "doctor": "",
    "probe": "{0}/clip.mp4",
    "subtitle check": "{0}/a.srt --fix",
    "subtitle convert": "{0}/a.srt {0}/a.vtt",
    "subtitle shift": "{0}/a.srt --by 1 -o {0}/b.srt",
    "subtitle stretch": "{0}/a.srt --rate 25/24 -o {0}/c.srt",
    "subtitle merge": "{0}/a.srt {0}/b.srt --at 1:00 -o {0}/d.srt",
    "subtitle split": "{0}/d.srt --at 0:30 -o {0}/e.srt -o {0}/f.srt",
    "subtitle typeset": "{0}/a.srt -p led-96x64 -o {0}/a.ass",
    "render": "lesson-001 -p led-96x64",
    "cover": "lesson-001",
    "voice list": "",
    "transcode": "{0}/clip.mp4 -p led-96x64 --title 题 --series 扶贫实用技术 -o {0}/out",
    "qc": "--file {0}/clip.mp4",
    "loudspeaker": "{0}/talk.wav -o {0}/loud --format wav",
    "bulletin": "{0}/talk.wav -o {0}/b.wav --length 0:20",
}
# Their own tests compare the keys.
_OF_USERS = {f"user {step}" for step in ("add", "change", "list", "log", "password", "remove")}
ELSEWHERE = {
    "voice check",
    "voice say",
    "subtitle align",
    "subtitle sync",
    "schedule edit swap",
    "frame",
    "leaflet",
    "review page",
} | _OF_USERS


def documented() -> dict[str, Any]:
    """Command → keys: a dict of keys, [it] for a list of such, [] for a list of values, None for a value."""
    section = DOCS.read_text(encoding="utf-8").split("## 各命令的 `--json` 答复")[1]
    lines = [line for block in re.findall(r"```text\n(.*?)```", section, re.DOTALL) for line in block.splitlines()]
    return {line[:25].strip(): _parsed(line[25:]) for line in lines}


def _parsed(said: str) -> Any:
    pieces = iter(re.findall(r"\w+|[\[\]{}]", said))
    keys, whole = _keys(pieces, None)
    return [whole] if whole is not None else keys


def _keys(pieces: Iterator[str], until: str | None) -> tuple[dict[str, Any], Any]:
    keys: dict[str, Any] = {}
    whole, name = None, ""
    for piece in pieces:
        if piece == until:
            break
        if piece in "[{":
            inner, _ = _keys(pieces, "]" if piece == "[" else "}")
            kind = ([inner] if inner else []) if piece == "[" else (inner or {})
            if name:
                keys[name] = kind
            else:
                whole = inner
        else:
            name, keys[piece] = piece, None
    return keys, whole


def differences(wanted: Any, found: Any, place: str = "") -> Iterator[str]:
    """Where a document is not as documented."""
    match wanted, found:
        case [inner], list():
            for one in found:
                yield from differences(inner, one, f"{place}[]")
        case [], list():
            yield from (f"{place}: a list of documents" for one in found[:1] if isinstance(one, dict))
        case dict(), None | dict() if not wanted or found is None:
            pass
        case dict(), dict():
            yield from (f"{place}.{key}: is missing" for key in wanted.keys() - found.keys())
            yield from (f"{place}.{key}: is not documented" for key in found.keys() - wanted.keys())
            for key in wanted.keys() & found.keys():
                yield from differences(wanted[key], found[key], f"{place}.{key}")
        case None, list() | dict():
            yield f"{place}: more than a value"
        case None, _:
            pass
        case _:
            yield f"{place}: {found!r}"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, make_clip: ClipFactory) -> Path:
    root = tmp_path_factory.mktemp("county") / "workspace"
    root.mkdir()
    write_workspace(root)
    for name, content in FILES.items():
        (root / name).write_text(content, encoding="utf-8")
    (root / "clip.mp4").write_bytes(make_clip().read_bytes())
    make_sound(root / "talk.wav", seconds=3)
    filmed = root / "courseware" / "filmed"
    filmed.mkdir()
    (filmed / "lesson.toml").write_text('title = "片"\nseries = "我的脱贫之路"\nform = "微电影"\n', encoding="utf-8")
    (filmed / "clip.mp4").write_bytes((root / "clip.mp4").read_bytes())
    return root


def answer(command: str, rest: str, place: Path) -> Any:
    arguments = [*command.split(), *rest.format(place).split(), "--json"]
    if command in WITH_WORKSPACE:
        arguments += ["--workspace", str(place)]
    done = CliRunner().invoke(main, ["--lang", "en", *arguments])
    try:
        return json.loads(done.stdout)
    except ValueError:
        return f"{done.output} {done.exception!r}"


def _takes_workspace(command: str) -> bool:
    words = command.partition(" --")[0]
    return any("--workspace" in param.opts for name, one in leaves(main) if name == words for param in one.params)


WITH_WORKSPACE = {command for command in RUNS if _takes_workspace(command)}


def test_every_document_has_the_keys_that_are_documented(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YUANJIAO_KEYS", str(place.parent / "keys"))
    monkeypatch.setattr(setting, "typeset_all", lambda sheets: (one.template.encode() for one in sheets))
    monkeypatch.setattr(webfont, "make_fonts", lambda _: {}.items())
    told, wanted = {}, documented()
    for command, rest in RUNS.items():
        found = list(differences(wanted.get(command, "not documented"), answer(command, rest, place)))
        if found:
            told[command] = found
    assert told == {}, json.dumps(told, ensure_ascii=False, indent=1)


def test_every_command_that_answers_in_json_is_documented_and_tried() -> None:
    answering = {name for name, one in leaves(main) if any("--json" in param.opts for param in one.params)}
    assert {name.partition(" --")[0] for name in documented()} == answering
    assert documented().keys() == RUNS.keys() | ELSEWHERE
