"""Makes a lesson's sound for the store; what was measured of the source is kept for its other loudnesses."""

from __future__ import annotations

from contextlib import suppress
from functools import cache

from pydantic import TypeAdapter, ValidationError

from courseware.storage.sealed import read_sealed, write_sealed
from render.plan.plan import ident_of
from render.quality.sound import Figures, dump_sound, listen
from render.sound.levels import MeasuredProgramme
from render.sound.track import hear, heard_key, make_soundtrack
from render.source.examine import Due
from render.work.piece_facts import PieceFacts
from render.work.workshop import Workshop
from templates.cards.idents import write_jingle


def make_sound(workshop: Workshop, due: Due) -> None:
    """Make the sound that a rendition lacks; afterwards it is in the store, or nothing is.

    Raises:
        YuanjiaoError: it cannot be made.
        StoppedError: the batch was called off.
    """
    heard = _heard(workshop, due)
    with workshop.work_folder() as work:
        jingle = None
        if due.soundtrack.jingle:
            jingle = work / "jingle.wav"
            write_jingle(ident_of(due.order, due.target.profile), jingle)
        made = work / "sound.m4a"
        facts = make_soundtrack(workshop.tool, due.soundtrack, jingle, work, made, workshop.stop, heard=heard)
        figures = Figures(facts.lkfs, facts.peak_dbtp, facts.lra_after)
        judged = dump_sound(listen(made, workshop.tool, workshop.stop, figures))
        workshop.store.put(due.sound_key, "sound", made, PieceFacts(heard=judged, notes=facts.notes))


@cache
def _adapter() -> TypeAdapter[MeasuredProgramme]:
    return TypeAdapter(MeasuredProgramme)


def _heard(workshop: Workshop, due: Due) -> MeasuredProgramme | None:
    if due.source is None or not due.soundtrack.source:
        return None
    key = heard_key(due.soundtrack, due.source.sha256, workshop.tool.version)
    record = workshop.cache_dir / "sources" / f"sound-{key[:32]}.json"
    adapter = _adapter()
    with workshop.locks[f"heard {key}"]:
        with suppress(ValidationError):
            return adapter.validate_json(read_sealed(record) or "")
        with workshop.work_folder() as work:
            heard = hear(workshop.tool, due.soundtrack, work, workshop.stop)
        if heard is not None:
            write_sealed(record, adapter.dump_json(heard).decode())
        return heard
