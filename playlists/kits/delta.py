"""What a venue has already, and so need not be on the stick again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pydantic import BaseModel, ConfigDict, Field

from courseware.errors import InputError, Problem, reason_of, text
from playlists.kits import plan as plan_file
from playlists.kits import sums as sums_file
from playlists.kits.plan import MEDIA, KitPlan, Sha16, load_plan, parse_plan
from playlists.kits.sums import HOME, parse_sums


class Since(BaseModel):
    """since.json of a delta: the kit it builds on, and the videos that the venue has from it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kind: str = Field(default="yuanjiao-since/1", alias="schema", pattern="^yuanjiao-since/1$")
    kit: str
    media: tuple[Sha16, ...]


@dataclass(frozen=True, slots=True)
class KnownKit:
    """A kit that a venue has: its id, and the hashes of its videos."""

    kit: str
    videos: frozenset[str]


def dump_since(since: Since) -> bytes:
    """The text of since.json."""
    return (json.dumps(since.model_dump(mode="json", by_alias=True), sort_keys=True, indent=1) + "\n").encode()


def since_base(base: KnownKit, plan: KitPlan) -> Since:
    """Which of the plan's videos the venue has."""
    return Since(kit=base.kit, media=tuple(sorted(s for s, one in plan.files.items() if one.sha256 in base.videos)))


def find_kit(folder: Path) -> Path:
    """The kit's folder: this one, or 远教 in it when a whole stick is named."""
    inner = folder / HOME
    return inner if inner.is_dir() and not (folder / sums_file.FILE_NAME).exists() else folder


def load_known(path: Path) -> KitPlan:
    """The plan of a kit's folder, or the plan.json itself.

    Raises:
        InputError: it is none.
    """
    try:
        return load_plan(find_kit(path) / plan_file.FILE_NAME if path.is_dir() else path)
    except OSError as error:
        raise InputError(Problem(str(path), text("cannot be read: {reason}", reason=reason_of(error)))) from None


def revision_at(home: Path, venue: str) -> int:
    """The revision of that venue's kit which lies in a folder; 0 where none does."""
    try:
        plan = load_plan(home / plan_file.FILE_NAME)
    except (OSError, InputError):
        return 0
    return plan.revision if plan.venue.id == venue else 0


def load_base(path: Path) -> KnownKit:
    """Read what a venue has: a kit's folder, its plan.json, or its SHA256SUMS.

    Of a folder only the videos count that lie in it.

    Raises:
        InputError: it is none of these.
    """
    try:
        if path.is_dir():
            home = find_kit(path)
            plan = load_plan(home / plan_file.FILE_NAME)
            there = (one for one in plan.files.values() if _size(home / one.path) == one.size)
            return KnownKit(plan.kit, frozenset(one.sha256 for one in there))
        content = path.read_bytes()
    except OSError as error:
        what = text(
            "cannot be read: {reason}; name a kit's folder, its plan.json or its SHA256SUMS", reason=reason_of(error)
        )
        raise InputError(Problem(str(path), what)) from None
    if path.name == sums_file.FILE_NAME:
        sums = parse_sums(content)
        videos = (digest for name, digest in sums.items() if PurePosixPath(name).parent.name == MEDIA)
        return KnownKit(path.name, frozenset(videos))
    plan = parse_plan(content, str(path))
    return KnownKit(plan.kit, frozenset(one.sha256 for one in plan.files.values()))


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else -1
