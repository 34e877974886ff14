"""A workspace with two finished lessons for two screens, for the tests of reviews."""

from __future__ import annotations

import hashlib
from pathlib import Path

from courseware.lessons.rendition import Rendition, describe
from courseware.lessons.workspace import Workspace, open_workspace

SETTINGS = '[office]\nname = "测试县远教办"\ncounty = "测试县"\n'
LESSONS = {"pruning": "枣树修剪", "subsidy": "产业补贴"}
PROFILES = ("led-512x320", "station-tv")


def make_workspace(root: Path, settings: str = SETTINGS) -> Workspace:
    """Two lessons, each rendered for both screens; the first names its reviewer."""
    (root / "yuanjiao.toml").write_text(settings, encoding="utf-8")
    for lesson, title in LESSONS.items():
        folder = root / "courseware" / lesson
        folder.mkdir(parents=True)
        (folder / "x.mp4").write_bytes(b"raw")
        said = f'title = "{title}"\nseries = "扶贫实用技术"\nform = "微视频"\n'
        said += 'reviewer = "张审核"\n' if lesson == "pruning" else ""
        (folder / "lesson.toml").write_text(said, encoding="utf-8")
        for profile in PROFILES:
            render(root, lesson, profile, f"{lesson} {profile}".encode())
    return open_workspace(root)


def render(root: Path, lesson: str, profile: str, content: bytes, title: str = "") -> str:
    """Put a finished file there, whose bytes are no video here; gives their sha256."""
    folder = root / "renditions" / profile
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{lesson}.mp4").write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    made = Rendition(
        lesson=lesson,
        title=title or LESSONS[lesson],
        series="扶贫实用技术",
        form="微视频",
        profile=profile,
        file=f"{lesson}.mp4",
        seconds=60,
        width=512,
        height=320,
        size=len(content),
        sha256=digest,
        key="k",
    )
    describe(made, folder)
    return digest
