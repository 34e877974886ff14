"""The end of the demo: the player, its record, the report. The rest of it takes minutes and is run in CI as it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

import cli
from courseware.errors import Problem, Text, ToolError
from playlists.almanac import clock
from playlists.kits import rehearsing
from playlists.kits.mpv import Mpv
from playlists.kits.rehearsing import PlayedEvening
from tests.playlists.kits.weeks import BUILT


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, object]]:
    """What the demo types, none of it carried out: the command, and where the county's clock stands."""
    found: list[tuple[str, object]] = []

    def note(_: object, commands: Iterable[tuple[str, ...]]) -> None:
        found.extend((" ".join(words[:2]), clock._MOVED.get()) for words in commands)

    monkeypatch.setattr(cli, "_type", note)
    return found


def demo(folder: Path) -> str:
    done = CliRunner().invoke(cli.main, ["--lang", "en", "demo", str(folder / "demo"), "--week", "2026-W49"])
    assert done.exit_code == 0, done.output
    return done.output


def test_without_mpv_the_demo_says_what_is_left_out_and_why(
    tmp_path: Path, typed: list[tuple[str, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YUANJIAO_MPV", str(tmp_path / "no mpv"))
    said = demo(tmp_path)
    assert "mpv cannot be started" in said
    assert "Without mpv the end is left out" in said
    assert "asrun import" not in [words for words, _ in typed]
    assert "publish --week" in [words for words, _ in typed]


def test_what_was_played_is_brought_in_when_the_countys_clock_stands_at_its_end(
    tmp_path: Path, typed: list[tuple[str, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    end = BUILT + timedelta(days=2)
    evening = PlayedEvening(end - timedelta(minutes=5), end, tmp_path / "asrun")
    monkeypatch.setattr("playlists.kits.mpv.find_mpv", lambda: Mpv("mpv", "mpv 0.99"))
    monkeypatch.setattr(rehearsing, "play_opening", lambda *_: evening)
    demo(tmp_path)
    moments = dict(typed)
    assert moments["asrun import"] == moments["report played"] == end
    assert moments["publish --week"] is None


def test_a_player_that_fails_does_not_end_the_demo(
    tmp_path: Path, typed: list[tuple[str, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> PlayedEvening:
        raise ToolError(Problem("mpv", Text("it did not play to the end", {})))

    monkeypatch.setattr("playlists.kits.mpv.find_mpv", lambda: Mpv("mpv", "mpv 0.99"))
    monkeypatch.setattr(rehearsing, "play_opening", fail)
    assert "it did not play to the end" in demo(tmp_path)
    assert "asrun import" not in [words for words, _ in typed]
