"""What is remembered of a published week, so that nothing is found out or set again while it is the same.

A file of .yuanjiao, safe to delete: then everything is judged and set once more.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from courseware.files import write_text
from playlists.publishing.digest import VenueDigest


class KeptDigest(BaseModel):
    """What was said of a venue in short, and the key of all it was made of."""

    model_config = ConfigDict(extra="forbid")

    key: str
    digest: VenueDigest


class KeptFile(BaseModel):
    """A published file: the key of what it was made of, and that of what was set or written."""

    model_config = ConfigDict(extra="forbid")

    source: str
    product: str


class WeekMemory(BaseModel):
    """What is known of a week.

    Attributes:
        judged: what the judgement depended on besides the venues' plans.
        clean: venue → mark of its plan that breaks nothing.
        digests: by venue.
        files: by name, seen from the folder of the week.
        characters: all that the pages show.
    """

    model_config = ConfigDict(extra="forbid")

    judged: str = ""
    clean: dict[str, str] = Field(default_factory=dict)
    digests: dict[str, KeptDigest] = Field(default_factory=dict)
    files: dict[str, KeptFile] = Field(default_factory=dict)
    characters: str = ""


def recalled_week(cache_dir: Path, week: str) -> WeekMemory:
    """The memory of that week, to look at; empty where there is none."""
    try:
        return WeekMemory.model_validate_json(_path(cache_dir, week).read_bytes())
    except (OSError, ValidationError):
        return WeekMemory()


@contextmanager
def remembered_week(cache_dir: Path, week: str) -> Iterator[WeekMemory]:
    """The memory of that week; what the block changes in it is kept, also when the block fails."""
    memory = recalled_week(cache_dir, week)
    try:
        yield memory
    finally:
        with suppress(OSError):  # then more is done the next time
            write_text(_path(cache_dir, week), memory.model_dump_json(), lasting=False)


def _path(cache_dir: Path, week: str) -> Path:
    return cache_dir / "publishing" / f"{week}.json"
