"""The command player, as it is typed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli import main
from playlists.kits.keys import OfficeKey
from playlists.kits.writing import write_kit
from tests.playlists.kits.sticks import contents, office, old_plan


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A kit signed by a trusted key; mpv is a program that says so."""
    key = _trusted(tmp_path, monkeypatch)
    program = tmp_path / "mpv"
    program.write_text('#!/bin/sh\necho "mpv 0.99"\n', encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("YUANJIAO_MPV", str(program))
    home = tmp_path / "stick" / "远教"
    write_kit(home, contents(old_plan(), tmp_path / "videos", key), key, lambda _size: None)
    return home


def _trusted(folder: Path, patch: pytest.MonkeyPatch) -> OfficeKey:
    key = office(folder)
    patch.setenv("YUANJIAO_KEYS", str(folder / "keys"))
    return key


def run(*args: str | Path) -> Result:
    """The command in English."""
    words: Sequence[str] = ["--lang", "en", "player", "check", *map(str, args)]
    return CliRunner().invoke(main, words)


def test_it_says_what_is_on_at_a_moment_and_what_comes_next(stick: Path) -> None:
    done = run(stick, "--at", "2026-11-30T18:30:05")
    first, second = old_plan().slots
    assert f"{first.title}, second 5 of {first.seconds}" in done.output
    assert second.title in done.output
    assert "mpv 0.99" in done.output


def test_json_has_one_document(stick: Path) -> None:
    found = json.loads(run(stick, "--at", "2026-11-30T18:30:05", "--json").stdout)
    assert (found["good"], found["slot"], found["passed_s"], found["mpv"]) == (
        True,
        old_plan().slots[0].id,
        5,
        "mpv 0.99",
    )


def test_a_changed_file_and_a_missing_mpv_are_told_together(stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (stick / "fallback" / "card.png").write_bytes(b"cart")
    monkeypatch.setenv("YUANJIAO_MPV", str(stick / "nothing"))
    done = run(stick)
    assert done.exit_code != 0
    assert "fallback/card.png" in done.output
    assert "mpv cannot be started" in done.output
