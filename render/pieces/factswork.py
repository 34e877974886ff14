"""Looks into a source for the store, where somebody else wants to know what is in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from courseware.files import write_bytes
from courseware.media.facts import MediaFacts, probe
from courseware.unchanged import stamp
from render.plan.keys import digest
from render.source.sources import FACTS_RECIPE, Unseen, checksum, remember_facts
from render.work.workshop import Workshop


@dataclass(frozen=True, slots=True)
class FactsJob:
    """A source to be looked into, as plain data that any process can carry out.

    Attributes:
        name: for people.
        key: that the facts are kept under.
        audio, salvage: as of look_into.
    """

    name: str
    key: str
    source: str
    source_sha256: str
    audio: int | None
    salvage: bool


def facts_job(one: Unseen, cache_dir: Path) -> FactsJob:
    """The job that looks into a source as it is now.

    Raises:
        OSError: it cannot be read.
    """
    content = checksum(one.path, cache_dir)
    key = digest(["facts", FACTS_RECIPE, content, one.audio, one.salvage])
    return FactsJob(one.path.name, key, str(one.path), content, one.audio, one.salvage)


def make_facts(workshop: Workshop, job: FactsJob) -> None:
    """Look into the source; afterwards the facts are in the store.

    Raises:
        MediaError: it cannot be used.
        OSError: it cannot be read.
    """
    facts = probe(Path(job.source), audio=job.audio, salvage=job.salvage)
    with workshop.work_folder() as work:
        made = work / "made.facts"
        write_bytes(made, _facts().dump_json(facts))
        workshop.store.put(job.key, "facts", made)


def load_facts(path: Path) -> MediaFacts | None:
    """What `make_facts` wrote; None for anything else."""
    try:
        return _facts().validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def take_facts(workshop: Workshop, one: Unseen, job: FactsJob, seen: str) -> None:
    """Let the facts of a job be known of its source, in the place of the piece.

    Args:
        seen: the stamp of the source before the job was made.
    """
    piece = workshop.store.find(job.key, check=True)
    facts = load_facts(piece.path) if piece else None
    if facts is not None and seen == stamp(one.path.stat()):
        remember_facts(one, workshop.cache_dir, seen, job.source_sha256, facts)
    workshop.store.discard(job.key)


@cache
def _facts() -> TypeAdapter[MediaFacts]:
    return TypeAdapter(MediaFacts)
