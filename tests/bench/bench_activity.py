"""Compares where we hear a voice with what WebRTC's detector hears, on recordings with true times.

Run: python -m tests.bench.bench_activity [FOLDER]. FOLDER is that of bench_align. A frame has 10 ms.

missed: frames of clauses taken for a pause (clauses that are whole sentences hold pauses, too, for either detector).
false: frames between clauses taken for a voice.
border: ms from where a clause begins to the nearest change from pause to voice, and from its end; at the most 1 s.
aligned: ms by which cues begin too early or late when scripts are timed by that detector; not for all, it takes long.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import numpy as np
import webrtcvad
from numpy.typing import NDArray

from courseware.speech.activity import activity
from courseware.speech.sound import HOP, HOP_MS, RATE, sound_of
from tests.bench.align_material import Case, Samples, mixed, music, recordings, with_interludes
from tests.bench.bench_align import measure

Floats = NDArray[np.float32]
Detector = Callable[[Samples], Floats]
_SEED = 1
_FARTHEST_MS = 1_000
_LOST_MS = 5_000
_LONGEST_S = 60  # recordings of minutes take long, and tell the same
_ALIGNED = {"ours, over 0", "WebRTC 2", "WebRTC 3", "clean", "white 12 dB", "music -20 dB"}


class Score(NamedTuple):
    """Of one recording: shares of frames, distances in ms, seconds of CPU for a minute of sound."""

    missed: float
    false: float
    borders: list[int]
    cpu_s: float


def ours(samples: Samples) -> Floats:
    """How sure it is that each frame is voice, from −1 to 1."""
    return activity(sound_of([samples]).bands)


def webrtc(mode: int) -> Detector:
    """WebRTC's detector, 1 for voice; the higher the mode, the surer it is before it says so."""

    def detect(samples: Samples) -> Floats:
        detector = webrtcvad.Vad(mode)
        whole = np.pad(samples, (0, -len(samples) % HOP)).reshape(-1, HOP)
        return np.array([1 if detector.is_speech(frame.tobytes(), RATE) else -1 for frame in whole], np.float32)

    return detect


DETECTORS: dict[str, tuple[Detector, float]] = {
    "ours, over 0": (ours, 0),
    "ours, over -0.5": (ours, -0.5),
    **{f"WebRTC {mode}": (webrtc(mode), 0) for mode in range(4)},
}


def conditions(folder: Path | None) -> Iterator[Case]:
    """Every recording as it is, softer, in noise, under music and with music between its clauses."""
    rng = np.random.default_rng(_SEED)
    for name, (voice, clauses) in recordings(folder).items():
        if len(voice) > _LONGEST_S * RATE:
            continue
        yield Case(name, "clean", voice, clauses)
        yield Case(name, "softer by 30 dB", (voice / 32).astype(np.int16), clauses)
        for decibels in (20, 12, 6):
            yield Case(name, f"white {decibels} dB", mixed(voice, rng.standard_normal(len(voice)), decibels), clauses)
        yield Case(name, "music -20 dB", mixed(voice, music(len(voice), rng), 20), clauses)
        yield Case(name, "music between", *with_interludes(voice, clauses, rng))


def score(case: Case, detect: Detector, least: float) -> Score:
    """Hold what is found against the true times."""
    began = time.process_time()
    certainty = detect(case.samples)
    cpu_s = (time.process_time() - began) * 60 * RATE / len(case.samples)
    found, spoken = certainty > least, np.zeros(len(certainty), np.bool_)
    starts, ends = (
        [ms // HOP_MS for ms in moments if ms is not None]
        for moments in zip(*((one.start_ms, one.end_ms) for one in case.clauses), strict=True)
    )
    for start, end in zip(starts, ends, strict=True):
        spoken[start:end] = True
    change = np.diff(np.concatenate(([0], found.astype(np.int8), [0])))
    borders = [
        _nearest_ms(np.flatnonzero(change == kind), at) for kind, places in ((1, starts), (-1, ends)) for at in places
    ]
    return Score(float((~found[spoken]).mean()), float(found[~spoken].mean()), borders, cpu_s)


def aligned(case: Case, detect: Detector) -> list[float]:
    """How far off cues begin, of one recording."""
    with patch("courseware.align.engine.activity", lambda _: detect(case.samples)):
        tally = measure(case)
    return [*tally.errors, *[_LOST_MS] * tally.lost]


def _nearest_ms(frames: NDArray[np.int64], at: int) -> int:
    return min(_FARTHEST_MS, HOP_MS * min((abs(int(frame) - at) for frame in frames), default=_FARTHEST_MS))


def row_of(scores: list[Score], distances: list[float]) -> str:
    """The figures of all recordings under one condition."""
    missed, false = np.mean([(one.missed, one.false) for one in scores], axis=0)
    border = np.percentile([ms for one in scores for ms in one.borders], (50, 90))
    cue = np.percentile(distances, (50, 90)) if distances else ()
    shown = " ".join(f"{ms:6.0f}" for ms in (*border, *cue))
    return f"{missed:7.1%} {false:7.1%} {np.mean([one.cpu_s for one in scores]):6.2f} {shown}"


def main() -> None:
    """Print a row for each condition and detector."""
    scores: defaultdict[tuple[str, str], list[Score]] = defaultdict(list)
    distances: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for case in conditions(Path(sys.argv[1]) if len(sys.argv) > 1 else None):
        for name, (detect, least) in DETECTORS.items():
            scores[case.group, name].append(score(case, detect, least))
            if name in _ALIGNED and case.group in _ALIGNED:
                distances[case.group, name] += aligned(case, detect)
    sys.stdout.write(f"{'':34} missed   false  CPU s border   90 % aligned   90 %\n")
    for (condition, name), all_ in scores.items():
        sys.stdout.write(f"{condition:16} {name:16} {row_of(all_, distances[condition, name])}\n")


if __name__ == "__main__":
    main()
