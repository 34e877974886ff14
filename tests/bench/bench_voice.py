"""How fast the voice is, and whether the aligner hears all: `python -m tests.bench.bench_voice TEXT… [-n 50]`.

TEXT is a file of sentences, as UTF-8. Prints seconds of speech, CPU seconds for each of them, and every doubt; then
the same sentences once more with each tenth cut short, of which all must be found.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from courseware.speaking.kokoro import load_kokoro
from courseware.speaking.pronunciations import pronunciations_of
from courseware.speaking.sentences import sentences_of
from courseware.speaking.speaker import RATE, Speaker
from render.narration.spoken import SpeakingWish, SpokenClips, speak_clips
from render.narration.timing import time_spoken
from render.work.ffmpeg import find_ffmpeg
from render.work.workshop import open_workshop

if TYPE_CHECKING:
    from numpy.typing import NDArray

EVERY, KEPT = 10, 0.55


@dataclass
class Timed:
    """A speaker whose time is taken; of every tenth sentence it swallows the end, when `cuts`."""

    speaker: Speaker
    known: dict[str, NDArray[np.float32]]
    cuts: bool = False
    seconds: float = 0
    cpu: float = 0
    count: int = 0

    @property
    def voices(self) -> tuple[str, ...]:
        return self.speaker.voices

    def key(self, voice: str) -> str:
        return f"{self.speaker.key(voice)} {self.cuts}"

    def say(self, sounds: str, voice: str, speed: float) -> NDArray[np.float32]:
        began = time.process_time()
        if sounds not in self.known:
            self.known[sounds] = self.speaker.say(sounds, voice, speed)
        samples = self.known[sounds]
        self.cpu += time.process_time() - began
        self.seconds += len(samples) / RATE
        self.count += 1
        return samples[: int(len(samples) * KEPT)] if self.cuts and self.count % EVERY == 0 else samples


def said(speaker: Timed, sentences: list[str], voice: str, folder: Path) -> SpokenClips:
    workshop = open_workshop(find_ffmpeg(), folder)
    wish = SpeakingWish(voice, 1.0, 500, pronunciations_of(None))
    return speak_clips(workshop, speaker, [(sentence, "") for sentence in sentences], wish)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", nargs="+", type=Path)
    parser.add_argument("-n", type=int, default=50)
    parser.add_argument("--voice", default="zf_xiaoxiao")
    asked = parser.parse_args()
    written = [path.read_text("utf-8-sig") for path in asked.texts]
    sentences = [one for text in written for line in text.splitlines() for one in sentences_of(line)][: asked.n]
    began = time.process_time()
    kokoro = load_kokoro(None)
    print(f"model loaded in {time.process_time() - began:.1f} s of CPU; {len(sentences)} sentences")
    known: dict[str, NDArray[np.float32]] = {}
    for cuts in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            speaker = Timed(kokoro, known, cuts)
            spoken = said(speaker, sentences, asked.voice, Path(folder))
            factor = speaker.cpu / speaker.seconds
            print(f"{speaker.seconds:.1f} s of speech in {speaker.cpu:.1f} s of CPU: {factor:.2f}")
            began = time.process_time()
            timed = time_spoken(spoken, Path(folder))
            print(f"check in {time.process_time() - began:.1f} s of CPU; doubts: {len(timed.doubts)}")
            for doubt in timed.doubts:
                print("  ", doubt)
            if cuts:
                print(f"cut short were {speaker.count // EVERY}:")
                for number in range(EVERY - 1, len(spoken.sentences), EVERY):
                    print("  ", spoken.sentences[number].text)


if __name__ == "__main__":
    main()
