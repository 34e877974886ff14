"""Which planned and published weeks hold a video, by the hash of its bytes. Reads; decides nothing about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from courseware.clutter import matching
from courseware.errors import Problem, text
from playlists.schedules.revisions import latest, path_in
from playlists.schedules.schedule import is_week

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Holding:
    """A lesson in a week.

    Attributes:
        planned, published: the venues whose week holds it, by id.
    """

    lesson: str
    week: str
    planned: tuple[str, ...]
    published: tuple[str, ...]

    @property
    def problem(self) -> Problem:
        """What is to be done about it."""
        values = {"week": self.week, "planned": _named(self.planned), "published": _named(self.published)}
        if not self.published:
            what = text(
                "is planned in {week} for {planned}; run “yuanjiao schedule plan --week {week}”, which leaves it out",
                **values,
            )
        elif not self.planned:
            what = text(
                "is published in {week} for {published}; run “yuanjiao publish --week {week}”, which takes it away",
                **values,
            )
        else:
            what = text(
                "is published in {week} for {published}; run “yuanjiao schedule plan --week {week}”,"
                " then “yuanjiao publish --week {week}”, which takes it away",
                **values,
            )
        return Problem(self.lesson, what)


def find_holding(schedules_dir: Path, contents: Mapping[str, str], since: str) -> tuple[Holding, ...]:
    """Where videos stand in planned weeks and in what was published last, by lesson and week.

    Args:
        contents: sha256 of a video → its lesson.
        since: the first week that is looked at.
    """
    weeks = sorted({path.name for path in matching(schedules_dir, "*") if is_week(path.name) and path.name >= since})
    found = []
    for week in weeks if contents else ():
        planned = _holders(matching(schedules_dir / week, "*.json"), contents)
        announced = _holders(_announced(schedules_dir, week), contents)
        found += [
            Holding(lesson, week, tuple(planned.get(lesson, ())), tuple(announced.get(lesson, ())))
            for lesson in sorted(planned.keys() | announced.keys())
        ]
    return tuple(sorted(found, key=lambda one: (one.lesson, one.week)))


def _announced(schedules_dir: Path, week: str) -> Iterator[Path]:
    if revision := latest(schedules_dir, week):
        yield from (path_in(schedules_dir, revision, venue) for venue in revision.venues)


def _holders(paths: Iterable[Path], contents: Mapping[str, str]) -> dict[str, dict[str, None]]:
    """Lesson → the venues of those files that name its video. Hundreds of them are not parsed for that."""
    found: dict[str, dict[str, None]] = {}
    for path in paths:
        said = path.read_bytes() if path.is_file() else b""
        for content, lesson in contents.items():
            if content.encode() in said:
                found.setdefault(lesson, {})[path.stem] = None
    return found


def _named(venues: tuple[str, ...]) -> str:
    return "、".join(venues[:_MOST_NAMED]) + (f"…（{len(venues)}）" if len(venues) > _MOST_NAMED else "")
