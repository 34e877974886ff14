"""Which recordings are heard to have a beat: `python -m tests.bench.bench_beats MUSIC NOT_MUSIC`.

Both are folders of sound files, of at least some seconds each. Prints each with what its verdict rests on (`Pulse` of
courseware/music/beats.py), the strangest first, then how many would be taken for music at other thresholds.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from courseware.errors import MediaError
from courseware.lessons.lesson_files import MUSIC_SUFFIXES
from courseware.music.beats import Pulse, pulse_of
from courseware.speech.sound import HOP_MS, load_sound

STEADY = (0.2, 0.25, 0.28, 0.3, 0.32, 0.35, 0.4)


class Heard(NamedTuple):
    """A recording and what comes again in it."""

    name: str
    pulse: Pulse | None

    @property
    def is_beat(self) -> bool:
        return self.pulse is not None and self.pulse.is_beat

    def told(self) -> str:
        pulse = self.pulse
        if pulse is None:
            return f"{self.name[:44]:44} too short, or silent"
        return (
            f"{self.name[:44]:44} steady {pulse.steady:5.2f}  uneven {pulse.uneven:5.2f}  sudden {pulse.sudden:5.2f}"
            f"  lasting {pulse.lasting_ms:7.0f} ms  {60_000 / (pulse.period * HOP_MS):4.0f} a minute"
            f"{'  beat' if pulse.is_beat else ''}"
        )


def heard_in(folder: Path) -> list[Heard]:
    found: list[Heard] = []
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in MUSIC_SUFFIXES:
            try:
                found.append(Heard(path.stem, pulse_of(load_sound(path))))
            except MediaError as error:
                print(f"{path.name}: {error}")
    return found


def told_table(name: str, heard: Sequence[Heard], *, first_steady: bool) -> None:
    print(f"\n{name}: {len(heard)}, with a beat {sum(one.is_beat for one in heard)}")
    known = sorted(heard, key=lambda one: one.pulse.steady if one.pulse else 0, reverse=first_steady)
    for one in known:
        print(f"  {one.told()}")


def taken(heard: Sequence[Heard], steady: float) -> int:
    """How many have a beat if onsets must come again so well; all else as it is."""
    pulses = [one.pulse for one in heard if one.pulse is not None and one.pulse.steady >= steady]
    return sum(replace(pulse, steady=1.0).is_beat for pulse in pulses)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("music", type=Path)
    parser.add_argument("not_music", type=Path)
    asked = parser.parse_args()
    music, others = heard_in(asked.music), heard_in(asked.not_music)
    told_table("music", music, first_steady=False)
    told_table("not music", others, first_steady=True)
    print("\nleast steady   false alarms   missed")
    for steady in STEADY:
        alarms, missed = taken(others, steady), len(music) - taken(music, steady)
        print(f"{steady:12.2f}   {alarms:4} of {len(others):3}    {missed:4} of {len(music)}")


if __name__ == "__main__":
    main()
