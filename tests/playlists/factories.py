"""Small counties made in memory or on disk, for the tests of this folder."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from courseware.files import write_text
from courseware.lessons.lesson import Lesson
from courseware.lessons.rendition import Rendition, describe
from courseware.lessons.series import BUILT_IN_FORMS, BUILT_IN_SERIES
from courseware.lessons.workspace import Workspace
from playlists.files.programmes import Programme
from playlists.files.venues import Venue
from playlists.planning.showings import Candidate
from playlists.publishing.announce import announcing
from playlists.schedules.revisions import Revision
from playlists.schedules.schedule import Schedule, dump_schedule, path_of

SERIES = tuple(series.name for series in BUILT_IN_SERIES)
SETTINGS = '[office]\nname = "测试县远教办"\ncounty = "测试县"\n[render]\nprofiles = ["led-512x320"]\n'
VENUES = (
    "编号,名称,类型,县区,镇,屏幕,开放时段,固定学习日\n"
    "square-01,文化广场,广场,测试县,江北镇,512x320,每天 19:00-19:20,\n"
    "station-01,双河村站点,站点,测试县,江北镇,512x320,每天 14:30-14:40,周四\n"
)
PROGRAMMES = (
    '[[programme]]\nid = "all"\nkind = ["广场", "站点", "培训中心"]\n'
    '[[programme.block]]\nname = "技术"\nseries = ["扶贫实用技术"]\nminutes = 5\n'
    '[[programme.block]]\nname = "轮播"\n'
)
CALENDAR = (
    '[[lecture]]\ntitle = "农家夜话"\nspeaker = "李老师"\nvenues = "广场"\n'
    'weekday = "周三"\nat = "19:05"\nminutes = 10\n'
)


def save_schedule(schedule: Schedule, schedules_dir: Path) -> Path:
    """Write a week where the workspace keeps it, as a person's hand would."""
    path = path_of(schedule, schedules_dir)
    write_text(path, dump_schedule(schedule))
    return path


def venue(**changes: Any) -> Venue:
    """A square of 512x320 open every evening for two hours."""
    values = {
        "id": "square-01",
        "name": "文化广场",
        "kind": "广场",
        "screen": "512x320",
        "windows": "每天 18:30-20:30",
    }
    return Venue.model_validate({**values, **changes})


def programme(**changes: Any) -> Programme:
    """One block of everything, for squares."""
    return Programme.model_validate({"id": "p", "kind": "广场", **changes})


def lesson(number: int, **changes: Any) -> Lesson:
    """Lesson number n: series and forms take turns."""
    values = {
        "id": f"lesson-{number:03}",
        "title": f"课件{number}",
        "series": SERIES[number % len(SERIES)],
        "form": BUILT_IN_FORMS[number % len(BUILT_IN_FORMS)],
        "source_path": Path("x.mp4"),
        "subtitles_path": None,
    }
    return Lesson.model_validate({**values, **changes})


def rendition(made_from: Lesson, seconds: int, profile: str = "led-512x320", content: bytes = b"") -> Rendition:
    """A finished file's description."""
    return Rendition(
        lesson=made_from.id,
        title=made_from.title,
        series=made_from.series,
        form=made_from.form,
        profile=profile,
        file=f"{made_from.id}.mp4",
        seconds=seconds,
        width=512,
        height=320,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        key="k",
    )


def catalogue(lengths: Sequence[int]) -> tuple[tuple[Lesson, ...], dict[str, Rendition]]:
    """Lessons of these lengths in seconds, all rendered."""
    lessons = tuple(lesson(number) for number in range(len(lengths)))
    return lessons, {one.id: rendition(one, seconds) for one, seconds in zip(lessons, lengths, strict=True)}


def candidates(lengths: Iterable[int]) -> tuple[Candidate, ...]:
    """Lessons to fill with; series take turns."""
    return tuple(Candidate(f"lesson-{n:03}", SERIES[n % len(SERIES)], one) for n, one in enumerate(lengths))


def days(first: str, last: str) -> tuple[date, ...]:
    """All days from first to last."""
    start, end = date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal()
    return tuple(date.fromordinal(number) for number in range(start, end + 1))


def write_workspace(root: Path, lengths: Sequence[int] = (31, 37, 29, 41, 33, 26)) -> Path:
    """A workspace with two venues and rendered lessons of these lengths."""
    files = {
        "yuanjiao.toml": SETTINGS,
        "venues.csv": VENUES,
        "programmes.toml": PROGRAMMES,
        "calendar.toml": CALENDAR,
    }
    for name, content in files.items():
        (root / name).write_text(content, encoding="utf-8")
    for number, seconds in enumerate(lengths):
        write_lesson(root, number, seconds)
    return root


def write_lesson(root: Path, number: int, seconds: int, content: bytes = b"") -> None:
    """A lesson folder and its finished rendition, whose bytes need not be a video here."""
    one, content = lesson(number), content or b"%d" % number * 100
    folder = root / "courseware" / one.id
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "x.mp4").write_bytes(b"raw")
    said = f'title = "{one.title}"\nseries = "{one.series}"\nform = "{one.form}"\n'
    (folder / "lesson.toml").write_text(said, encoding="utf-8")
    made = root / "renditions" / "led-512x320"
    made.mkdir(parents=True, exist_ok=True)
    (made / f"{one.id}.mp4").write_bytes(content)
    describe(rendition(one, seconds, content=content), made)


def announce(workspace: Workspace, schedules: Sequence[Schedule]) -> Revision:
    """Let these weeks be announced, without pages."""
    plans = {one.venue: partial(str.encode, dump_schedule(one)) for one in schedules}
    with announcing(workspace, schedules[0].week, plans) as draft:
        assert draft
    return draft.revision
