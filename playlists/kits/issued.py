"""The plans issued to a venue, numbered: kits/<venue>/issued/0003.json. What came back is held against them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from courseware.errors import InputError
from courseware.files import write_text
from playlists.kits.plan import KitPlan, dump_plan, load_plan

FOLDER = "issued"


def issued_plans(kits_dir: Path, venue: str) -> tuple[KitPlan, ...]:
    """All plans of a venue, the first first; what cannot be read is passed over."""
    found = []
    for path in sorted((kits_dir / venue / FOLDER).glob("*.json")):
        try:
            plan = load_plan(path)
        except (OSError, InputError):
            continue
        if plan.venue.id == venue and path.stem == f"{plan.revision:04}":
            found.append(plan)
    return tuple(found)


def issued_as(kits_dir: Path, venue: str, kit: str) -> KitPlan | None:
    """The plan that was issued to a venue as that kit; None when it is not kept, or cannot be read."""
    revision = kit.rsplit("_r", 1)[-1]
    if not (revision.isdecimal() and revision.isascii()):
        return None
    try:
        plan = load_plan(kits_dir / venue / FOLDER / f"{int(revision):04}.json")
    except (OSError, InputError):
        return None
    return plan if (plan.kit, plan.venue.id) == (kit, venue) else None


def newest_end(kits_dir: Path, venue: str) -> datetime | None:
    """When the newest kit of a venue ends; None when it has none that can be read. Looks at nothing else of it."""
    paths = sorted((kits_dir / venue / FOLDER).glob("*.json"))
    try:
        return datetime.fromisoformat(json.loads(paths[-1].read_bytes())["valid"]["to"])
    except (IndexError, OSError, ValueError, KeyError, TypeError):
        return None


def newest_revision(kits_dir: Path, venue: str) -> int:
    """The highest number ever taken, also by a plan that cannot be read any more; 0 for none."""
    names = (path.stem for path in (kits_dir / venue / FOLDER).glob("*.json"))
    return max((int(name) for name in names if name.isdecimal()), default=0)


def issue(kits_dir: Path, venue: str, there: int, draft: Callable[[int, datetime | None], KitPlan]) -> KitPlan:
    """The plan to put on sticks: the last one issued where nothing differs, else a new revision, kept.

    Args:
        there: the revision that the venue has already; an older one its player would refuse.
        draft: makes the plan with that revision and moment, or that of now.
    """
    last = next(iter(issued_plans(kits_dir, venue)[::-1]), None)
    newest = max(there, newest_revision(kits_dir, venue))
    if last and last.revision == newest and draft(newest, last.built) == last:
        return last
    made = draft(newest + 1, None)
    write_text(kits_dir / venue / FOLDER / f"{made.revision:04}.json", dump_plan(made))
    return made
