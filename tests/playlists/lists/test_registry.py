"""A format is one module and one line: choices, help, the docs and what counts as ours derive from the registry."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cli import main, speak
from playlists.lists.formats import EXPORTERS
from playlists.lists.lists import Bundle
from playlists.lists.rundown import Airing, Rundown
from playlists.lists.usb import Item
from playlists.lists.writing import write_lists
from tests.playlists.factories import write_workspace
from tests.playlists.lists.hostile import MONDAY
from tests.test_architecture import ROOT

WEEK = ("--week", "2026-W48")
SPANS = {"window": "一个时段", "day": "一天", "week": "一周"}
NEW = """
from courseware.errors import text
from playlists.lists.exporter import Exporter
from playlists.lists.rundown import Airing, Rundown

def dump(rundown):
    return ("LINES\\n" + "".join(f"{one.seconds} {one.path}\\n" for one in rundown.airings)).encode()

def parse(content):
    head, *lines = content.decode().splitlines()
    if head != "LINES":
        raise ValueError(head)
    pairs = [line.split(" ") for line in lines]
    return Rundown("", "lines", tuple(Airing("", int(seconds), path) for seconds, path in pairs))

EXPORTER = Exporter(".lines", "window", text("a player of tomorrow"), dump, parse)
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    root = tmp_path / "county"
    root.mkdir()
    write_workspace(root)
    assert run(root, "schedule", "plan", *WEEK).exit_code == 0
    return root


@pytest.fixture
def lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A format of a module that is not ours, known while the test runs."""
    (tmp_path / "lines_format.py").write_text(NEW, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(EXPORTERS, "lines", importlib.import_module("lines_format").EXPORTER)


def run(workspace: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--lang", "en", *arguments, "--workspace", str(workspace)])


def document(result: Result) -> Any:
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.usefixtures("lines")
def test_a_new_format_is_used_through_the_command_line_and_known_as_ours(workspace: Path) -> None:
    assert "lines" in CliRunner().invoke(main, ["--lang", "en", "playlist", "build", "--help"]).stdout
    assert "a player of tomorrow" in CliRunner().invoke(main, ["--lang", "en", "playlist", "formats"]).stdout
    build = ("playlist", "build", "square-01", *WEEK, "--format", "lines")
    made = document(run(workspace, *build, "--json"))["lists"]
    assert [Path(path).name for path in made][:2] == ["2026-11-23_1900.lines", "2026-11-24_1900.lines"]
    listed = document(run(workspace, "playlist", "list", "--json"))["lists"]
    assert [one["title"] for one in listed] == ["lines"] * len(made)
    with (workspace / "calendar.toml").open("a", encoding="utf-8") as calendar:
        calendar.write("[[closed]]\nfrom = 2026-11-24\nto = 2026-11-24\n")
    run(workspace, "schedule", "plan", *WEEK)
    assert len(document(run(workspace, *build, "--json"))["lists"]) == len(made) - 1
    assert len(list((workspace / "playlists" / "square-01").iterdir())) == len(made) - 1
    for _ in range(2):  # the second time it replaces a folder that holds nothing but ours
        stick = Path(document(run(workspace, *build, "--usb", "--json"))["folder"])
        assert len(list(stick.glob("*.lines"))) == len(made) - 1


def test_every_format_is_built_from_a_planned_week_and_listed(workspace: Path) -> None:
    formats = [f"--format={name}" for name in EXPORTERS]
    made = document(run(workspace, "playlist", "build", "square-01", *WEEK, *formats, "--json"))["lists"]
    names = sorted(Path(path).relative_to(workspace / "playlists" / "square-01").as_posix() for path in made)
    windows = {name: sum(path.endswith(one.suffix) for path in names) for name, one in EXPORTERS.items()}
    assert {windows[name] for name, one in EXPORTERS.items() if one.span == "window"} == {8}
    assert [name for name in names if name.startswith("2026-W48")] == [
        f"2026-W48{suffix}" for suffix in (".csv", ".ics", ".xlsx", ".xml")
    ]
    assert "2026-11-25.txt" in names
    assert "ffplayout/2026/11/2026-11-25.json" in names
    assert len(document(run(workspace, "playlist", "list", "--json"))["lists"]) == len(made)
    before = {path: Path(path).read_bytes() for path in made}
    run(workspace, "playlist", "build", "square-01", *WEEK, *formats)
    assert {path: Path(path).read_bytes() for path in made} == before


def test_a_day_alone_is_called_by_its_day_in_every_format(workspace: Path) -> None:
    build = (
        "playlist",
        "build",
        "square-01",
        *WEEK,
        "--day",
        "周二",
        "--format",
        "ics",
        "--format",
        "xlsx",
        "--json",
    )
    made = document(run(workspace, *build))["lists"]
    assert [Path(path).name for path in made] == ["2026-11-24.ics", "2026-11-24.xlsx"]


def test_what_is_about_times_is_not_made_of_single_lessons_and_what_names_this_computer_not_for_a_stick(
    workspace: Path,
) -> None:
    lesson = run(workspace, "playlist", "build", "--lesson", "lesson-001", "--format", "ics", "--format", "pls")
    assert (lesson.exit_code, lesson.stderr) == (
        2,
        "--format ics: is about times, and a list of lessons has none; name a venue\n",
    )
    stick = run(workspace, "playlist", "build", "square-01", *WEEK, "--format", "ffplayout", "--usb")
    assert "--format ffplayout: names videos by their place on this computer; leave out --usb" in stick.stderr
    assert not (workspace / "playlists").exists() or not list((workspace / "playlists").glob("*"))


def test_a_sheet_on_a_stick_that_is_not_ours_is_never_replaced(workspace: Path) -> None:
    build = ("playlist", "build", "square-01", *WEEK, "--usb", "--format", "xlsx")
    stick = Path(document(run(workspace, *build, "--json"))["folder"])
    (stick / "工作总结.xlsx").write_bytes(b"PK\x03\x04")
    again = run(workspace, *build)
    assert again.exit_code == 1
    assert "工作总结.xlsx" in again.stderr
    assert (stick / "工作总结.xlsx").is_file()


def test_what_was_built_in_one_format_stays_when_another_is_built(tmp_path: Path) -> None:
    video = tmp_path / "a.mp4"
    video.write_bytes(b"video")
    item = Item("a", "课件", 30, video, 5, "")

    def build(name: str, formats: tuple[str, ...]) -> None:
        rundown = Rundown(name, "周一", (Airing("课件", 30, lesson="a"),))
        days = frozenset({MONDAY})
        write_lists(
            Bundle("b", {"window": (rundown,)}, {"a": item}, folder="f", days=days), tmp_path, tmp_path, formats
        )

    build("2026-11-23_1830", ("m3u8", "pls"))
    build("2026-11-23_1930", ("m3u8",))
    assert sorted(path.name for path in (tmp_path / "f").iterdir()) == ["2026-11-23_1830.pls", "2026-11-23_1930.m3u8"]


def test_a_format_that_there_is_not_is_told_with_those_that_there_are(workspace: Path) -> None:
    refused = run(workspace, "playlist", "build", "square-01", *WEEK, "--format", "xsfp")
    assert refused.exit_code == 2
    assert "--format: “xsfp” is not known; did you mean" in refused.stderr
    told = " ".join(CliRunner().invoke(main, ["--lang", "en", "playlist", "build", "--help"]).stdout.split())
    assert f"[{', '.join(EXPORTERS)}]" in told


def test_the_table_in_the_docs_is_the_registry() -> None:
    say = speak("zh").tr
    rows = re.findall(
        r"^\| `(\w+)` \| `(.+?)` \| (.+?) \| (.+?) \|$", (ROOT / "docs/formats.md").read_text("utf-8"), re.MULTILINE
    )
    assert rows == [
        (name, f"{one.folder}/*{one.suffix}".lstrip("/"), SPANS[one.span], say(one.what))
        for name, one in EXPORTERS.items()
    ]
