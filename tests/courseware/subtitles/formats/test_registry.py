"""A further subtitle format is one module and one line; whoever names formats takes them from the registry."""

import re
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import cli
from courseware.subtitles.formats import FORMATS, Format
from tests.test_architecture import ROOT

# One line for each cue: its seconds, a bar, its text.
MODULE = """
from courseware.subtitles.entry import FileCue

def is_it(content):
    return content.startswith("BAR ")

def parse(content):
    for number, line in enumerate(content.splitlines()[1:], 1):
        seconds, text = line.split("|")
        yield FileCue(str(number), number + 1, seconds, int(seconds) * 1000, int(seconds) * 1000 + 2000, text)

def dump(cues):
    lines = (f"{cue.span.start_ms // 1000}|{cue.text}" for cue in cues)
    return "\\n".join(["BAR 1", *lines]) + "\\n"
"""


def test_a_format_of_ones_own_is_a_module_and_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bar_format.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    bar = __import__("bar_format")
    monkeypatch.setitem(sys.modules, "bar_format", bar)
    monkeypatch.setitem(FORMATS, "bar", Format((".bar",), bar.is_it, bar.parse, bar.dump))
    source, there, back = tmp_path / "a.srt", tmp_path / "a.bar", tmp_path / "b.srt"
    source.write_text("1\n00:00:03,000 --> 00:00:05,000\n冬季修剪\n", encoding="utf-8")
    for one, other in ((source, there), (there, back)):
        done = CliRunner().invoke(cli.main, ["--lang", "en", "subtitle", "convert", str(one), str(other)])
        assert done.exit_code == 0, done.output
    assert there.read_text(encoding="utf-8") == "BAR 1\n3|冬季修剪\n"
    assert back.read_text(encoding="utf-8") == source.read_text(encoding="utf-8")


def test_help_names_the_suffixes_that_can_be_written() -> None:
    said = CliRunner().invoke(cli.main, ["--lang", "en", "subtitle", "convert", "--help"]).stdout
    usual = {form.suffixes[0] for form in FORMATS.values() if form.suffixes}
    assert set(re.findall(r"\.[a-z]+(?=[,\]])", said)) == usual


def test_the_table_in_the_docs_says_what_each_format_holds() -> None:
    rows = re.findall(
        r"^\| ((?:`\.\w+`、?)+) \| (\S+) \| (.+) \| (\S+) \|$",
        (ROOT / "docs/subtitles.md").read_text("utf-8"),
        re.MULTILINE,
    )
    told = {
        suffix: (times == "百分之一秒", speakers == "有", places == "有")
        for suffixes, times, speakers, places in rows
        for suffix in re.findall(r"\.\w+", suffixes)
    }
    assert told == {
        form.suffixes[0]: (form.hundredths, form.speakers, form.places) for form in FORMATS.values() if form.suffixes
    }
