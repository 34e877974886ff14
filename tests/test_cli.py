"""The skin: language, messages, exit codes, and what --help may cost."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

import cli
from cli import choose_language, main

ROOT = Path(__file__).parent.parent
HEAVY = [
    "PIL",
    "av",
    "charset_normalizer",
    "defusedxml",
    "difflib",
    "chinese_calendar",
    "ffmpeg",
    "fontTools",
    "imageio_ffmpeg",
    "jieba",
    "jinja2",
    "lunar_python",
    "moviepy",
    "numpy",
    "openpyxl",
    "pydantic",
    "pydub",
    "pysubs2",
    "rapidfuzz",
    "rich.console",
    "segno",
    "sqlalchemy",
    "tomlkit",
    "typst",
    "xml.etree.ElementTree",
]


def run(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *args], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)


def test_help_imports_no_heavy_library() -> None:
    code = (
        "import sys; sys.argv=['yuanjiao','--help']; import cli\n"
        "try: cli.main()\n"
        "except SystemExit: pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = run("-c", code)
    assert "Usage" in done.stdout or "用法" in done.stdout
    assert done.stderr.strip() == "[]"


def test_help_imports_few_modules_of_ours() -> None:
    """Its time is that of its imports; these can be counted, on a busy machine too."""
    code = (
        "import sys; sys.argv=['yuanjiao','--help']; import cli\n"
        "try: cli.main()\n"
        "except SystemExit: pass\n"
        "ours = {'courseware', 'playlists', 'render', 'templates'}\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] in ours), file=sys.stderr)"
    )
    loaded = ast.literal_eval(run("-c", code).stderr)
    assert [name for name in loaded if name.count(".") > 1 and "commands" not in name] == [
        "courseware.terminal.chinese",
        "courseware.terminal.columns",
        "courseware.terminal.console",
        "courseware.terminal.folding",
        "courseware.terminal.help",
        "courseware.terminal.options",
        "courseware.terminal.threads",
        "playlists.kits.player",
        "playlists.reviews.comments",
        "playlists.weeks.takeovers",
        "render.subtitles.sync",
    ]


def test_the_module_runs_as_a_script() -> None:
    done = run("cli.py", "--lang", "en", "--help")
    assert done.returncode == 0
    assert "render" in done.stdout


@pytest.mark.parametrize("command", sorted(cli.COMMANDS))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_command_has_help_with_an_example(command: str, language: str) -> None:
    done = CliRunner().invoke(main, ["--lang", language, command, "--help"])
    assert done.exit_code == 0
    assert f"yuanjiao {command}" in done.output
    assert ("Example" if language == "en" else "示例") in done.output


def test_the_language_may_stand_anywhere() -> None:
    done = CliRunner().invoke(main, ["render", "--help", "--lang", "zh"])
    assert "用法" in done.output


def test_an_unknown_option_is_explained_in_chinese() -> None:
    done = CliRunner().invoke(main, ["--lang=zh", "render", "--nonsense"])
    assert done.exit_code == 2
    assert "没有选项" in done.output


def test_the_option_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YUANJIAO_LANG", "zh")
    assert choose_language("en") == "en"
    assert choose_language(None) == "zh"


def test_an_error_of_ours_is_one_message_and_an_exit_code(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["--lang", "en", "check", "--workspace", str(tmp_path)])
    assert done.exit_code == 2
    assert "yuanjiao init" in done.output
    assert "Traceback" not in done.output


# Commands that only read the workspace, or write whole files of which none depends on what was there.
READERS = {
    "subtitle sync",
    "column status",
    "guide",
    "report books",
    "report month",
    "report played",
    "report year",
    "asrun sheet",
    "check",
    "frame",
    "key init",
    "lesson export",
    "loudspeaker",
    "bulletin",
    "notice list",
    "playlist list",
    "report standards",
    "review export",
    "review status",
    "schedule check",
    "schedule diff",
    "schedule show",
    "status",
    "store stat",
    "voice check",
    "voice list",
    "voice say",
    "user list",
    "user log",
}
# Commands that take a lock inside, around what they write: the rest of their work takes long, or is reading.
LOCKED_INSIDE = {
    "kit build",
    "kit tv",
    "notice send",
    "qc",
    "playlist build",
    "schedule history",
    "schedule plan",
    "subtitle align",
    "review page",
    "leaflet",
    "render",
    "store gc",
}


def leaves(group: click.Group, name: str = "") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group, obj=cli.speak("en"))
    for one in group.list_commands(context):
        command = group.get_command(context, one)
        if isinstance(command, click.Group):
            yield from leaves(command, f"{name}{one} ")
        elif command is not None:
            yield f"{name}{one}", command


def takes_the_lock(command: click.Command) -> bool:
    """Whether the command has the option WRITES."""
    function: Any = command.callback
    while function and not function.__code__.co_filename.endswith("options.py"):
        function = getattr(function, "__wrapped__", None)
    return bool(function)


def test_every_command_that_writes_in_a_workspace_takes_its_lock() -> None:
    here = [(name, one) for name, one in leaves(main) if any(param.name == "folder" for param in one.params)]
    without = {name for name, command in here if not takes_the_lock(command)}
    assert without == READERS | LOCKED_INSIDE, "a new command says whether it writes: @WRITES instead of @WORKSPACE"


def test_every_command_reports_as_json_too() -> None:
    """All but demo, which runs other commands, desk, which answers in the browser, and what runs until ended."""
    without = {name for name, one in leaves(main) if not any("--json" in param.opts for param in one.params)}
    assert without == {"demo", "desk", "farm start", "worker"}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["status", "--json", "--workspace", "{nowhere}"], 2),
        (["schedule", "plan", "--seed", "x", "--json", "--workspace", "{nowhere}"], 2),
        (["store", "stat", "--json", "--workspace", "{nowhere}"], 2),
    ],
)
def test_a_failure_is_one_json_document_on_stdout(tmp_path: Path, arguments: list[str], code: int) -> None:
    result = CliRunner().invoke(main, ["--lang", "en", *(one.format(nowhere=tmp_path) for one in arguments)])
    assert result.exit_code == code
    document = json.loads(result.stdout)
    assert list(document) == ["problems"]
    assert all(set(one) == {"where", "what"} and one["what"] for one in document["problems"])
    assert result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["loudspeaker", "--pause", "nan"], "“nan” is not a number"),
        (["bulletin", "a.wav", "-o", "x.mp3", "--length", "1:75"], "no number is above 59"),
        (["store", "gc", "--max-size", "1.5.5GB"], "write it like 500MB or 1.5GB"),
        (["store", "gc", "--max-size", "1.5GB"], "no yuanjiao.toml"),
    ],
)
def test_odd_numbers_get_a_clear_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["--lang", "en", *arguments])
    assert result.exit_code == 2
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1
