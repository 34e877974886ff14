"""The command subtitle sync, as a person types it."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

from click.testing import CliRunner

from cli import main
from courseware.subtitles import load_cues, write_cues
from courseware.subtitles.moving import TimeMap, moved
from tests.courseware.align.narration import MEDIA, truth


def test_subtitles_are_written_where_they_are_spoken_and_refused_for_another_video(tmp_path: Path) -> None:
    cues = truth("new-project")
    file, target = tmp_path / "late.srt", tmp_path / "moved.srt"
    write_cues(moved(cues, TimeMap(offset_ms=Fraction(7_000))), file)
    words = ["subtitle", "sync", str(file), "-o", str(target), "--json", "--video"]
    done = CliRunner().invoke(main, [*words, str(MEDIA / "new-project.mp4")])
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert set(said) == {"file", "format", "encoding", "cues", "problems", "losses", "parts"}
    assert set(said["parts"][0]) == {"from_ms", "rate", "offset_ms", "agreement", "surety"}
    off = [abs(one.span.start_ms - cue.span.start_ms) for one, cue in zip(load_cues(target)[0], cues, strict=True)]
    assert max(off) <= 40
    refused = CliRunner().invoke(main, [*words, str(MEDIA / "check-quality.mp4"), "--force"])
    assert refused.exit_code != 0
    assert "late.srt: they fit nowhere better than by chance" in refused.stderr
