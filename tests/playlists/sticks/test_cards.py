"""Lists for LED cards, against the makers' documents: no card and no program of theirs can be had here."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from courseware.lessons.profile import Canvas
from playlists.kits.writing import Video
from playlists.sticks.cards import CARDS, card_videos, dump_vnnox, dump_vsn, write_card_list
from playlists.sticks.numbered import NumberedWindow, plan_folders
from tests.playlists.kits.weeks import content_of, week

GOLDEN = Path(__file__).parent / "golden"
CANVAS = Canvas(512, 320)


def window() -> NumberedWindow:
    return plan_folders(week().days)[0]


def videos(tmp_path: Path) -> dict[str, Video]:
    found = {}
    for number in range(3):
        path, content = tmp_path / f"{number}.mp4", content_of(number)
        path.write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        found[digest] = Video(path, len(content), digest)
    return found


def test_colorlights_list_is_as_its_document_says(tmp_path: Path) -> None:
    made = dump_vsn(window(), card_videos(window(), videos(tmp_path)), CANVAS)
    assert made.decode() == (GOLDEN / "evening.vsn").read_text(encoding="utf-8")


def test_vnnoxs_program_is_as_its_document_says(tmp_path: Path) -> None:
    made = dump_vnnox(window(), card_videos(window(), videos(tmp_path)), CANVAS)
    assert made.decode() == (GOLDEN / "evening.vnnox.json").read_text(encoding="utf-8")
    plan = json.loads(made)["schedule"]["plans"][0]
    assert plan == {"weekDays": [1], "startTime": "18:30", "endTime": "20:30"}


def test_colorlight_finds_each_file_by_its_md5_and_size_once(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    write_card_list(home, window(), videos(tmp_path), CARDS["colorlight"], CANVAS)
    files = sorted(path.name for path in (home / "2026-11-30_1830.files").iterdir())
    content = [content_of(number) for number in range(3)]
    wanted = {f"F_{hashlib.md5(one, usedforsecurity=False).hexdigest()}_{len(one)}.mp4" for one in content}
    assert set(files) == wanted
    assert all(name in (home / "2026-11-30_1830.vsn").read_text(encoding="utf-8") for name in files)
