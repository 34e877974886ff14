"""The sound of an emergency notice: a chime, then the recording in which it is read out, if there is one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from courseware.errors import Text
from render.loudspeaker.chimes import draw_chime
from render.loudspeaker.layout import BroadcastPart
from render.loudspeaker.pieces import prepare
from render.loudspeaker.tape import write_tape
from render.sound.levelled import RATE, Kitchen, Raw
from render.work.wav import length_of
from render.work.workshop import Workshop

_LONGEST_S = 300  # a recording; more is a lesson
_LEAD = RATE * 6 // 10
_AFTER_S = 1


@dataclass(frozen=True, slots=True)
class SpokenSound:
    """A WAV file and how long its picture must be, in whole seconds; `notes` are what a person should know of it."""

    file: Path
    seconds: int
    notes: tuple[Text, ...] = ()


@contextmanager
def spoken_sound(workshop: Workshop, voice: Path | None) -> Iterator[SpokenSound]:
    """The sound, there while the block runs.

    Raises:
        InputError: the recording is too long.
        MediaError, ToolError: it is none, or nothing is to be heard in it.
    """
    with workshop.work_folder() as folder:
        kitchen = Kitchen(workshop.tool, folder, workshop.stop)
        chime = folder / "chime.wav"
        draw_chime("opening", chime)
        samples, notes = length_of(chime), tuple[Text, ...]()
        parts = [BroadcastPart("chime", "opening", 0, samples, str(chime))]
        if voice is not None:
            spoken = prepare(kitchen, Raw(voice.name, voice, longest_s=_LONGEST_S), "voice")
            notes = spoken.notes
            parts.append(BroadcastPart("pause", "", samples, _LEAD))
            parts.append(BroadcastPart("item", voice.name, samples + _LEAD, spoken.sized.samples, spoken.sized.file))
            samples += _LEAD + spoken.sized.samples
        tape = folder / "tape.wav"
        write_tape(parts, tape)
        yield SpokenSound(tape, -(-samples // RATE) + _AFTER_S, notes)
