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


@contextmanager
def remembered_week(cache_dir: Path, week: str) -> Iterator[WeekMemory]:
    """The memory of that week; what the block changes in it is kept, also when the block fails."""
    path = cache_dir / "publishing" / f"{week}.json"
    try:
        memory = WeekMemory.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        memory = WeekMemory()
    try:
        yield memory
    finally:
        with suppress(OSError):  # then more is done the next time
            write_text(path, memory.model_dump_json(), lasting=False)
