"""Which venues' sticks hold a video: the last kit issued to each that may still be played."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from courseware.clutter import listed
from courseware.errors import InputError, Problem, text
from playlists.almanac.days import week_of
from playlists.kits.issued import FOLDER, newest_revision
from playlists.kits.plan import KitPlan, parse_plan

_MOST_NAMED = 5


def kits_with(kits_dir: Path, contents: Mapping[str, str], at: datetime) -> tuple[Problem, ...]:
    """Where videos lie on sticks that were given out, a line for each lesson and week, and what is to be done.

    Args:
        contents: sha256 of a video → its lesson.
        at: kits that end before are past.
    """
    venues: dict[tuple[str, str], list[str]] = {}
    for plan in _issued(kits_dir, contents, at):
        for lesson in sorted({contents[one.sha256] for one in plan.files.values() if one.sha256 in contents}):
            venues.setdefault((lesson, week_of(plan.valid.start.date())), []).append(plan.venue.id)
    return tuple(_problem(lesson, week, own) for (lesson, week), own in sorted(venues.items()))


def _issued(kits_dir: Path, contents: Mapping[str, str], at: datetime) -> Iterator[KitPlan]:
    """The kits that name one of the videos, by venue. Hundreds of them are not parsed for that."""
    for home in listed(kits_dir):
        path = home / FOLDER / f"{newest_revision(kits_dir, home.name):04}.json"
        said = path.read_bytes() if path.is_file() else b""
        if not any(content.encode() in said for content in contents):
            continue
        try:
            plan = parse_plan(said)
        except InputError:
            continue
        if plan.valid.end > at:
            yield plan


def _problem(lesson: str, week: str, venues: Sequence[str]) -> Problem:
    named = "、".join(venues[:_MOST_NAMED]) + (f"…（{len(venues)}）" if len(venues) > _MOST_NAMED else "")
    order = venues[0] if len(venues) == 1 else "--all"
    what = text(
        "lies on the sticks of {week} for {venues}; plan the week again, run “yuanjiao kit build {order} --week"
        " {week}”, and exchange the sticks",
        week=week,
        venues=named,
        order=order,
    )
    return Problem(lesson, what)
