import io
import json
import os
import subprocess
import sys

import pytest

from courseware.errors import Problem, text
from courseware.terminal.console import Console


@pytest.fixture
def console() -> Console:
    return Console("en", str)


def test_results_go_to_stdout_and_messages_to_stderr(console: Console, capsys: pytest.CaptureFixture[str]) -> None:
    console.say("结果")
    console.note(text("a message"))
    console.problems([Problem("a.toml", text("wrong"))])
    said = capsys.readouterr()
    assert said.out == "结果\n"
    assert said.err == "a message\na.toml: wrong\n"


def test_a_document_is_json_with_readable_chinese(console: Console, capsys: pytest.CaptureFixture[str]) -> None:
    console.document({"title": "水稻"})
    out = capsys.readouterr().out
    assert "水稻" in out
    assert json.loads(out) == {"title": "水稻"}


def test_an_escape_sequence_in_a_name_does_not_reach_the_terminal(
    console: Console, capsys: pytest.CaptureFixture[str]
) -> None:
    console.say("a\x1b[2Jb")
    console.table([text("Name")], [["c\x1b[31md"]])
    assert "\x1b" not in capsys.readouterr().out


def test_a_table_shows_markup_as_it_is(console: Console, capsys: pytest.CaptureFixture[str]) -> None:
    console.table([text("Name")], [["[red]{x}[/red] :smile:"]], title="[b]标题[/b]")
    out = capsys.readouterr().out
    assert "[red]{x}[/red] :smile:" in out
    assert "[b]标题[/b]" in out


def test_a_long_row_is_not_cut_when_piped(console: Console, capsys: pytest.CaptureFixture[str]) -> None:
    console.table([text("A"), text("B")], [["甲" * 30, "乙" * 30]])
    assert "乙" * 30 in capsys.readouterr().out


def test_everything_is_said_in_the_users_language(capsys: pytest.CaptureFixture[str]) -> None:
    Console("zh", {"Name": "名称"}.get).table([text("Name")], [["x"]])  # type: ignore[arg-type]
    assert "名称" in capsys.readouterr().out


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "cp437"])
def test_nothing_fails_on_a_terminal_that_lacks_a_character(
    encoding: str, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = io.BytesIO()
    stream = io.TextIOWrapper(written, encoding=encoding)
    monkeypatch.setattr("sys.stdout", stream)
    console.say("水稻 ₂")
    console.table([text("Name")], [["水稻 ₂"]], title="水稻 ₂")
    stream.flush()
    assert b"Name" in written.getvalue()


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "utf-8"])
def test_a_document_is_whole_in_every_encoding(
    encoding: str, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(written, encoding=encoding))
    console.document({"title": "水稻 ₂"})
    assert json.loads(written.getvalue()) == {"title": "水稻 ₂"}


def test_a_program_without_a_terminal_says_nothing(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", None)
    monkeypatch.setattr("sys.stderr", None)
    console.say("水稻")
    console.note(text("a message"))
    console.table([text("Name")], [["水稻"]])
    with console.progress() as bars:
        bars.add_task("x")


@pytest.mark.skipif(os.name == "nt", reason="pipes break otherwise there")
def test_a_reader_who_has_seen_enough_is_no_error() -> None:
    program = "from courseware.terminal.console import Console; Console('en', str).document(['x' * 99] * 9999)"
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 1
