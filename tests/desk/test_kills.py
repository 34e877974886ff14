"""A desk killed at any moment: what was confirmed is there, and nothing is half written."""

from __future__ import annotations

import json
import random
import threading
import time
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest

from courseware.subtitles import load_subtitles
from desk.people.acts import read_acts
from tests.desk.process import Serving, serving

KILLS, SEED = 50, 20261129
MOST_EDITS = 4  # before a kill


@dataclass
class _Edits:
    """What was sent last and what was confirmed last, of a lesson's title and of its first subtitle."""

    sent: dict[str, str] = field(default_factory=lambda: {"title": "农药怎样配", "cue": ""})
    confirmed: dict[str, str] = field(default_factory=dict)
    count: int = 0
    took_s: float = 0.1

    def edit(self, browser: httpx2.Client, kind: str, number: int) -> None:
        """Send one, and note that it was confirmed."""
        value = f"第{number}次改动"
        if kind == "title":
            version = browser.get("/lessons/dose").text.split('name="version" value="')[1].split('"')[0]
            address, form = "/lessons/dose", {"title": value, "version": version}
        else:
            version = browser.get("/lessons/dose/subtitles/cues.json").json()["version"]
            cues = json.dumps([{"start": 100, "end": 1500, "text": value}])
            address, form = "/lessons/dose/subtitles/save", {"cues": cues, "version": version}
        self.sent[kind], began = value, time.monotonic()
        if browser.post(address, data=form).status_code in {200, 303}:
            self.confirmed[kind] = value
            self.count += 1
        self.took_s = time.monotonic() - began


def edit_until_killed(served: Serving, edits: _Edits, numbers: range) -> None:
    with served.browser() as browser:
        for number in numbers:
            try:
                edits.edit(browser, "title" if number % 2 else "cue", number)
            except httpx2.TransportError:
                return


def written(root: Path) -> dict[str, str]:
    """What stands in the files, which must be whole."""
    folder = root / "courseware" / "dose"
    cues = load_subtitles(folder / "subtitles.srt")
    assert cues.problems == ()
    lesson = tomllib.loads((folder / "lesson.toml").read_text(encoding="utf-8"))
    return {"title": lesson["title"], "cue": cues.cues[0].text}


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_a_desk_that_is_killed_at_any_moment_loses_nothing_that_was_confirmed(workspace: Path) -> None:
    chance, edits = random.Random(SEED), _Edits()
    edits.sent["cue"] = written(workspace)["cue"]
    edits.confirmed = written(workspace)
    for kill in range(KILLS):
        with serving(workspace) as served:
            numbers = range(kill * 1000, kill * 1000 + 1000)
            editor = threading.Thread(target=edit_until_killed, args=(served, edits, numbers))
            wanted = edits.count + chance.randint(0, MOST_EDITS)
            editor.start()
            while edits.count < wanted:
                editor.join(0.001)
                assert editor.is_alive()
            editor.join(chance.uniform(0, 1.5) * edits.took_s)
            served.process.kill()
            editor.join()
        found = written(workspace)
        for kind, value in found.items():
            assert value in {edits.confirmed[kind], edits.sent[kind]}, (kill, kind)
        edits.confirmed = found
        acts, problems = read_acts(workspace / ".yuanjiao")
        assert problems == ()
        assert len(acts) >= edits.count, "every confirmed edit has its line"
    assert edits.count > KILLS, "it must have been killed at work"
