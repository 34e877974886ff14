"""Makes a lesson's sound for the store; what was measured of the source is kept for its other loudnesses."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from courseware.storage.sealed import read_sealed, write_sealed
from render.quality.sound import Figures, dump_sound, listen
from render.sound.levels import MeasuredProgramme
from render.sound.mix import EARS, of_one_shape
from render.sound.splicing import Splice, ready_splice
from render.sound.track import Soundtrack, hear, heard_key, make_soundtrack
from render.work.piece_facts import PieceFacts
from render.work.workshop import Workshop
from templates.cards.idents import Ident, write_jingle


@dataclass(frozen=True, slots=True)
class SoundJob:
    """A lesson's sound for one loudness, as plain data that any process can carry out.

    Attributes:
        name: for people.
        key: that it is kept under.
        jingle: the ident whose jingle plays at the start.
        source_sha256: of the lesson's source, or the key of its splice; "" when the sound has none.
        splice: how the source is put together, where the lesson was cut.
    """

    name: str
    key: str
    soundtrack: Soundtrack
    jingle: Ident | None
    source_sha256: str
    splice: Splice | None = None


def make_sound(workshop: Workshop, job: SoundJob) -> None:
    """Make the sound that a rendition lacks; afterwards it is in the store, or nothing is.

    Raises:
        YuanjiaoError: it cannot be made.
        StoppedError: the batch was called off.
    """
    if job.splice is not None:
        # It lies in the store of whoever makes the sound.
        spliced = str(ready_splice(workshop, job.splice))
        job = replace(job, soundtrack=replace(job.soundtrack, source=spliced))
    quick = job.soundtrack.quick
    with workshop.work_folder() as work:
        job = replace(job, soundtrack=_of_one_shape(workshop, job.soundtrack, work / "source.nut"))
        heard = None if quick else _heard(workshop, job)
        jingle = None
        if job.jingle:
            jingle = work / "jingle.wav"
            write_jingle(job.jingle, jingle)
        made = work / "sound.m4a"
        facts = make_soundtrack(workshop.tool, job.soundtrack, jingle, work, made, workshop.stop, heard=heard)
        figures = Figures(facts.lkfs, facts.peak_dbtp, facts.lra_after)
        judged = "" if quick else dump_sound(listen(made, workshop.tool, workshop.stop, figures))
        workshop.store.put(job.key, "sound", made, PieceFacts(heard=judged, notes=facts.notes))


def _of_one_shape(workshop: Workshop, plan: Soundtrack, target: Path) -> Soundtrack:
    source = plan.source, plan.stream, plan.origin_us
    path, stream, origin_us = of_one_shape(workshop.tool, source, plan.rate, target, workshop.stop)
    channels = plan.channels if path == plan.source else EARS
    return replace(plan, source=path, stream=stream, origin_us=origin_us, channels=channels)


@cache
def _adapter() -> TypeAdapter[MeasuredProgramme]:
    return TypeAdapter(MeasuredProgramme)


def _heard(workshop: Workshop, job: SoundJob) -> MeasuredProgramme | None:
    if not job.source_sha256:
        return None
    key = heard_key(job.soundtrack, job.source_sha256, workshop.tool.version)
    record = workshop.cache_dir / "sources" / f"sound-{key[:32]}.json"
    adapter = _adapter()
    with workshop.locks[f"heard {key}"]:
        with suppress(ValidationError):
            return adapter.validate_json(read_sealed(record) or "")
        with workshop.work_folder() as work:
            heard = hear(workshop.tool, job.soundtrack, work, workshop.stop)
        if heard is not None:
            write_sealed(record, adapter.dump_json(heard).decode())
        return heard
