"""Speakers for tests: one reads in the synthesiser's voice, so that the aligner can hear it; one hums, at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from courseware.speaking.speaker import RATE


@dataclass
class Hummer:
    """Hums a tone, 0.1 s for each sound, as loud as its voice likes; and remembers what it was asked for."""

    asked: list[tuple[str, str]] = field(default_factory=list)
    voices: tuple[str, ...] = ("zf_xiaoxiao", "zm_yunxi")

    def key(self, voice: str) -> str:
        return f"hum {voice}"

    def say(self, sounds: str, voice: str, speed: float) -> NDArray[np.float32]:
        self.asked.append((sounds, voice))
        count = round(len(sounds.split()) * 0.1 * RATE / speed)
        loud = 0.4 if voice == "zf_xiaoxiao" else 0.02
        return np.asarray(loud * np.sin(np.arange(count) * (2 * np.pi * 300 / RATE)), np.float32)


@dataclass
class Reader:
    """Says given texts, one after the other, in the synthesiser's voice; one of them cut short.

    Attributes:
        short: number of the text of which only the first part is said.
    """

    texts: Sequence[str]
    short: int = -1
    voices: tuple[str, ...] = ("zf_xiaoxiao",)
    at: int = 0

    def key(self, voice: str) -> str:
        return f"reader {voice} {self.short}"

    def say(self, sounds: str, voice: str, speed: float) -> NDArray[np.float32]:
        del sounds, voice, speed
        from courseware.speech.voice import voice as synthesiser

        with synthesiser() as speaker:
            speech = speaker.say(self.texts[self.at], "cmn")
        count = len(speech.samples) * RATE // speech.rate
        samples = np.interp(np.arange(count) * speech.rate / RATE, np.arange(len(speech.samples)), speech.samples)
        end = int(count * 0.45) if self.at == self.short else count
        self.at += 1
        return (samples[:end] / 32768).astype(np.float32)
