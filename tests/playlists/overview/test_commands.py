from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli import speak
from playlists.overview.commands import status
from tests.playlists.factories import write_workspace


@pytest.mark.parametrize("week", ["2026-W48", "2026-w48", "２０２６-W48"])
def test_the_week_of_the_status_may_be_typed_as_people_type(tmp_path: Path, week: str) -> None:
    write_workspace(tmp_path)
    arguments = ["--workspace", str(tmp_path), "--json", "--week", week]
    result = CliRunner().invoke(status, arguments, obj=speak("en"))
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["week"] == "2026-W48"
